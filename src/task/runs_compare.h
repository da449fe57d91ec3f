/* runs_compare.h - two runs on the same held-out questions. */
#ifndef TASK_RUNS_COMPARE_H
#define TASK_RUNS_COMPARE_H

#include "base/table.h"
#include "learn/metric.h"
#include "task/evaluate.h"

struct runs_compare_row {
	const char *name; /* benchmark, or "all" */
	size_t n_questions;
	double a, b;              /* accuracy */
	struct figure difference; /* a - b, paired 95 % bootstrap over questions */
	double p, p_holm;         /* of no difference: by that bootstrap; Holm's, over all rows */
};

/* What two runs can be compared by: the metrics, and the accuracy of routing by them. */
enum { RUNS_COMPARE_ROUTED = METRIC_COUNT, RUNS_COMPARE_METRICS };
extern const char *const runs_compare_metric[RUNS_COMPARE_METRICS + 1]; /* names; NULL ends it */

struct runs_compare {
	struct arena arena;
	int64_t run_a, run_b;
	enum part part;
	size_t n_questions, n_models; /* in that part of both runs' splits; in both runs */
	size_t n;
	struct runs_compare_row *v; /* "all" first */
	/* By metric, of all questions: a - b, and the bootstrap's p-value of no difference */
	struct figure all[RUNS_COMPARE_METRICS];
	double p[RUNS_COMPARE_METRICS];
	/* By metric: the benchmark where a is worse than b most surely, with Holm's p-value over all
	 * questions and the benchmarks; routing is compared on all questions alone. */
	struct runs_compare_worst {
		const char *name; /* NULL: it is nowhere worse */
		struct figure difference;
		double p_holm;
	} worst[RUNS_COMPARE_METRICS];
	double agreement; /* share of questions that both route to the same model */
	/* Questions that routing by only one of them answers rightly (labels of one half and more), and
	 * McNemar's exact p-value */
	size_t only_a, only_b;
	double p_routed;
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

/* True where a is significantly worse than b by the metric, on all questions or on a benchmark, at 5 %
 * after Holm's correction; `out` then says how much worse. */
bool runs_compare_regressed(const struct runs_compare *c, int metric, struct buf *out);

enum {
	RUNS_COMPARE_NAME,
	RUNS_COMPARE_QUESTIONS,
	RUNS_COMPARE_A,
	RUNS_COMPARE_B,
	RUNS_COMPARE_DIFFERENCE,
	RUNS_COMPARE_BAR, /* drawn */
	RUNS_COMPARE_P,
	RUNS_COMPARE_P_HOLM,
	RUNS_COMPARE_BETTER,
	RUNS_COMPARE_COLUMNS
};
struct table runs_compare_table(const struct runs_compare *c);

#endif
