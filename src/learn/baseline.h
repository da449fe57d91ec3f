/* baseline.h - what is known without a question's text: rates on the training part.
 *
 * A rate is (right + k * parent) / (seen + k), so that none is 0 or 1 and thin cells lean on
 * their parent: global <- 1/2, model <- global, benchmark <- global, model x benchmark <- the
 * sum of both effects on the logit scale.
 */
#ifndef LEARN_BASELINE_H
#define LEARN_BASELINE_H

#include "learn/dataset.h"

enum baseline_kind {
	BASELINE_GLOBAL,
	BASELINE_MODEL,
	BASELINE_BENCHMARK,
	BASELINE_CELL,
	BASELINE_COUNT
};
extern const char
    *const baseline_name[BASELINE_COUNT]; /* "global", "model", "benchmark", "model_x_benchmark" */

struct baseline {
	double global;
	double *model;     /* (n_models) */
	double *benchmark; /* (n_benchmarks) */
	double *cell;      /* (n_models, n_benchmarks) */
	/* Mean over a model's training labels of (label - the benchmark's rate): ability with the
	 * difficulty of what it was asked taken out; where every model answered the same questions
	 * it ranks as the rate does. -INFINITY for a model without training labels. */
	double *ability; /* (n_models) */
	size_t n_benchmarks;
};

struct baseline baseline_fit(const struct dataset *d);
void baseline_free(struct baseline *r);
/* The baseline's probability for a model on a question of a benchmark. */
double baseline_rate(
    const struct baseline *r, enum baseline_kind which, size_t model, size_t benchmark);

#endif
