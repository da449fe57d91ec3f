/* probe.h - how well the model vectors foretell each benchmark's accuracy.
 *
 * Ridge regression from model vectors (and an intercept) to accuracy on the benchmark,
 * cross-validated over models, lambda by inner folds. By default the vectors come from a refit
 * that left the benchmark's questions out; `seen` uses the run's own, which have seen them.
 */
#ifndef TASK_PROBE_H
#define TASK_PROBE_H

#include "base/table.h"
#include "num/figure.h"
#include "task/atlas.h"

struct db;

#define PROBE_MIN_MODELS 20

struct probe_options {
	bool seen;
	size_t folds; /* 5 */
	uint64_t seed;
	size_t bootstrap; /* resamples over models for the intervals, 1000 */
};
void probe_options_default(struct probe_options *o);

struct probe_row {
	size_t benchmark;
	size_t n_models;     /* with an accuracy on it */
	const char *why_not; /* why there is no fit, or NULL */
	struct figure r2, mae, tau;
	double base_mae;  /* of predicting the mean of the training folds */
	double lambda;    /* median over folds */
	double *truth;    /* (catalog.n_models) accuracy, NaN where none */
	double *forecast; /* (catalog.n_models) held-out forecast, NaN where none */
};

struct probe {
	struct arena arena;
	struct probe_options options;
	size_t n;
	struct probe_row *v; /* by benchmark */
};

/* Results are kept in the database per run and options and found again (db may be NULL: compute
 * only); the refits of the default take about a training run per benchmark. `refresh` ignores what
 * is kept. */
bool task_probe(struct db *db, const struct atlas *a, const struct probe_options *o, bool refresh,
    const struct progress *p, struct probe *out, struct err *e);
/* What is kept for these options; false where nothing is. Needs a run. */
bool probe_kept(
    struct db *db, const struct atlas *a, const struct probe_options *o, struct probe *out);
void probe_clear(struct probe *p);

enum {
	PROBE_NAME,
	PROBE_MODELS,
	PROBE_R2,
	PROBE_MAE,
	PROBE_BASE_MAE,
	PROBE_TAU,
	PROBE_LAMBDA,
	PROBE_BAR, /* drawn */
	PROBE_WHY_NOT,
	PROBE_COLUMNS
};
/* All benchmarks of the catalog; p NULL: nothing is known of them yet. */
struct table probe_table(const struct probe *p, const struct catalog *c);

#endif
