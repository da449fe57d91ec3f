/* reproduce_charts.h - the plots of a reproduction (task/experiments.h). */
#ifndef CHART_REPRODUCE_CHARTS_H
#define CHART_REPRODUCE_CHARTS_H

#include "chart/chart.h"
#include "task/experiments.h"

/* What there is to see of an experiment: accuracy by the number of training questions, a line a
 * method; how much of the mean's squared error a benchmark spares another. False: it has no plot. */
bool chart_of_experiment(
    struct chart *chart, const struct reproduce *r, enum experiment experiment);

#endif
