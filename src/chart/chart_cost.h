/* chart_cost.h - accuracy against dollars as a chart. */
#ifndef CHART_CHART_COST_H
#define CHART_CHART_COST_H

#include "task/cost.h"

struct chart;

/* The router's curve, the models (the frontier named) and the oracle; `at` is the point to mark,
 * SIZE_MAX = the advised one. Costs are on a logarithmic axis; what is free is left out. */
void chart_of_cost(struct chart *chart, const struct catalog *r, const char *run,
    const struct cost_curve *v, size_t at);

#endif
