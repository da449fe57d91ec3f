/* runs_compare.h - two runs on the same held-out questions. */
#ifndef TASK_RUNS_COMPARE_H
#define TASK_RUNS_COMPARE_H

#include "base/table.h"
#include "task/evaluate.h"

struct runs_compare_row {
	const char *name; /* benchmark, or "all" */
	size_t n_questions;
	double a, b;              /* accuracy */
	struct figure difference; /* a - b, paired 95 % bootstrap over questions */
};

struct runs_compare {
	struct arena arena;
	int64_t run_a, run_b;
	enum part part;
	size_t n_questions, n_models; /* in that part of both runs' splits; in both runs */
	size_t n;
	struct runs_compare_row *v; /* "all" first */
	struct figure log_loss;     /* a - b */
	struct figure routed;       /* a - b, routed accuracy */
	/* mean share of common models among the 10 nearest, NaN with fewer than 3 */
	double overlap;
	const char *differ; /* settings that differ, e.g. "dim 64/128, seed 1/2", "" if none */
};

/* Both atlases are of one database. Only questions that both runs held out, and models that both
 * have a vector for, count: an error where there are none. */
bool task_runs_compare(const struct atlas *a, const struct atlas *b,
    const struct evaluate_options *o, const struct progress *p, struct runs_compare *out,
    struct err *e);
void runs_compare_clear(struct runs_compare *c);

enum {
	RUNS_COMPARE_NAME,
	RUNS_COMPARE_QUESTIONS,
	RUNS_COMPARE_A,
	RUNS_COMPARE_B,
	RUNS_COMPARE_DIFFERENCE,
	RUNS_COMPARE_BAR, /* drawn */
	RUNS_COMPARE_BETTER,
	RUNS_COMPARE_COLUMNS
};
struct table runs_compare_table(const struct runs_compare *c);

#endif
