/* experiments.h - the experiments of the EmbedLLM paper (Zhuang et al., ICLR 2025, arXiv 2410.02223) on
 * this database, each figure beside what knows nothing, and on the paper's own data beside what was
 * published.
 *
 *   forecast      accuracy on test questions by the number of training questions, by method
 *   routing       the label of the model that each test question is sent to, by method
 *   latency       seconds for 3,000 encoded questions, from encodings to the model chosen
 *   benchmarks    vectors that never saw a benchmark, linearly to the models' accuracy on it, on
 *                 random splits of the models; a figure's interval holds 95 % of the splits
 *   contribution  the same with vectors from one benchmark alone, summed squared error over models
 *   communities   mean cosine distance of models with a tag or a word of the name in common, beside
 *                 that to all others; p by permutation
 */
#ifndef TASK_EXPERIMENTS_H
#define TASK_EXPERIMENTS_H

#include "base/arena.h"
#include "base/table.h"
#include "num/figure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum experiment {
	EXPERIMENT_FORECAST,
	EXPERIMENT_ROUTING,
	EXPERIMENT_LATENCY,
	EXPERIMENT_BENCHMARKS,
	EXPERIMENT_CONTRIBUTION,
	EXPERIMENT_COMMUNITIES,
	EXPERIMENT_COUNT
};
extern const char *const experiment_names[EXPERIMENT_COUNT];
extern const char *const experiment_about[EXPERIMENT_COUNT]; /* a sentence: how it was done */

struct reproduce_options {
	bool run[EXPERIMENT_COUNT];
	const char *methods; /* of forecast and routing, "mf,knn"; the run's own comes on top */
	size_t splits;       /* of the models, 100 */
	size_t bootstrap;    /* resamples of the test questions, 1000 */
	uint64_t seed;
	bool refresh; /* compute anew what is kept */
};
void reproduce_options_default(struct reproduce_options *o);

/* One figure. */
struct reproduce_row {
	enum experiment experiment;
	const char *subject; /* a method, a benchmark, "gsm8k to mathqa" */
	double questions;    /* learned from; NaN where that does not matter */
	const char *measure; /* "accuracy", "seconds", ... */
	const char *rule;    /* of the labels it is judged by; NULL where that does not matter */
	struct figure figure;
	double base;        /* the same of what knows nothing, NaN = none */
	double published;   /* NaN = none */
	const char *source; /* of that figure */
};

struct reproduce {
	struct arena arena;
	bool release; /* the database holds the paper's data, by the names of its benchmarks */
	size_t n, cap;
	struct reproduce_row *v; /* by experiment */
};

void reproduce_clear(struct reproduce *r);

enum {
	REPRODUCE_EXPERIMENT,
	REPRODUCE_SUBJECT,
	REPRODUCE_QUESTIONS,
	REPRODUCE_MEASURE,
	REPRODUCE_RULE,
	REPRODUCE_FIGURE,
	REPRODUCE_BASE,
	REPRODUCE_PUBLISHED,
	REPRODUCE_SOURCE,
	REPRODUCE_COLUMNS
};
struct table reproduce_table(const struct reproduce *r);

#endif
