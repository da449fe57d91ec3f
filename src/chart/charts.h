/* charts.h - the plots there are, as charts: for the screens and for the verbs with --plot. */
#ifndef CHART_CHARTS_H
#define CHART_CHARTS_H

#include "task/cost.h"
#include "task/map.h"
#include "task/probe.h"
#include "task/route.h"
#include "task/train.h"
#include "base/epoch.h"
#include "chart/chart.h"

/* Loss and accuracy over the epochs: of curve 0 in training and validation, of the others in
 * validation. The base figures are drawn across; NaN = none. */
struct chart_curve {
	int64_t run;
	size_t dim; /* K; 0 = not known */
	uint64_t seed;
	double base_loss, base_accuracy; /* what it has to beat; NaN = not known */
	size_t n, cap;
	struct epoch *v; /* mem_free */
};
void chart_curve_add(struct chart_curve *k, const struct epoch *t);
void chart_curve_clear(struct chart_curve *k);
void chart_of_curves(struct chart *chart, const struct chart_curve *k, size_t n, bool log_axis);

/* Models on a plane, coloured by map_color.h's `by`. */
void chart_of_map(struct chart *chart, const struct atlas *a, const struct map *m, int by);
/* What to colour by, by name: accuracy, family, size or a benchmark; -1 with an error that lists
 * them. */
int chart_map_by(const struct catalog *r, const char *name, struct err *e);

/* One benchmark's held-out forecasts against the truth, in percent; of the models `in` (n_models;
 * NULL = all). */
void chart_of_forecasts(struct chart *chart, const struct catalog *r, const char *run,
    const struct probe *p, const struct probe_row *row, const bool *in);
/* Forecast minus truth of every model on every benchmark, in points, at the scale given (0 = twice
 * the mean error). Models by mean error, as `order` (n) lists them or all there are (NULL). */
void chart_of_errors(struct chart *chart, const struct catalog *r, const char *run,
    const struct probe *p, const uint32_t *order, size_t n, double scale);
/* Cost of the candidates against their probability; false where none has a price. */
bool chart_of_costs(
    struct chart *chart, const struct catalog *r, const char *run, const struct route *route);

/* The router's curve, the models (the frontier named) and the oracle; `at` is the point to mark,
 * SIZE_MAX = the advised one. Costs are on a logarithmic axis; what is free is left out. */
void chart_of_cost(struct chart *chart, const struct catalog *r, const char *run,
    const struct cost_curve *v, size_t at);

#endif
