/* evaluate.h - judge a run on a part, beside baselines, with intervals. */
#ifndef TASK_EVALUATE_H
#define TASK_EVALUATE_H

#include "base/buf.h"
#include "num/figure.h"
#include "task/atlas.h"

struct metrics {
	struct figure accuracy, auc, auc_within_model, log_loss, brier, ece;
};

struct metrics_row {
	const char *name; /* baseline or benchmark name */
	double rows;      /* labels (weights counted) */
	struct metrics m;
};

struct routing_figures {
	struct figure routed, best_single, best_single_hindsight, best_per_benchmark, random,
	    oracle, gap_recovered;
	/* The best single model's, and what a choice could add to it (learn/attainable.h); the share of
	 * questions that no model is right on. */
	struct figure attainable, all_wrong;
	size_t best_single_model, best_single_hindsight_model; /* catalog indexes */
};

struct evaluate_options {
	enum part part;   /* PART_TEST */
	size_t bootstrap; /* 1000 */
	uint64_t seed;
	/* all of the part and the gains alone: no other baselines, benchmarks, routing */
	bool brief;
};
void evaluate_options_default(struct evaluate_options *o);

struct evaluation {
	struct arena arena;
	int64_t run;
	enum part part;
	size_t n_questions;
	double rows;
	struct metrics all;
	size_t n_baselines;
	struct metrics_row *baselines; /* global, model, benchmark, model x benchmark */
	/* Paired bootstrap of the run minus the model-rate baseline. */
	struct figure auc_gain, log_loss_gain, brier_gain, accuracy_gain;
	size_t n_benchmarks;
	struct metrics_row *benchmarks;
	/* Where benchmarks were left out of training: the questions of those that were not, and of those
	 * that were. Else none. */
	size_t n_regimes;
	struct metrics_row *regimes;
	struct routing_figures routing;
};

/* Forecasts of the run for the questions of the part that it has encodings of, against their labels.
 * Needs a run (ERR_DATA without) and a part with labels. evaluation_clear. */
bool task_evaluate(const struct atlas *a, const struct evaluate_options *o,
    const struct progress *p, struct evaluation *out, struct err *e);
void evaluation_clear(struct evaluation *v);

/* Whether routing is worth it: how much there is to gain over the best single model, and how much of
 * it the run has. In two sentences. */
void evaluation_headroom(const struct evaluation *v, const struct catalog *names, struct buf *out);

#endif
