/* reproduce_work.h - private to reproduce*.c: one reproduction under way. */
#ifndef TASK_REPRODUCE_WORK_H
#define TASK_REPRODUCE_WORK_H

#include "base/progress.h"
#include "task/atlas.h"
#include "task/experiments.h"

struct reproduction {
	struct db *db;
	const struct atlas *a;
	const struct reproduce_options *o;
	const struct progress *progress;
	struct reproduce *out;
};

/* The next row; subject and measure are copied. Published figures are filled in at the end. */
struct reproduce_row *reproduce_add(
    struct reproduction *w, enum experiment experiment, const char *subject, const char *measure);

/* The n numbers kept under `what`, for the labels, split and seed of now. */
bool reproduce_kept(struct reproduction *w, const char *what, double *v, size_t n);
void reproduce_keep(struct reproduction *w, const char *what, const double *v, size_t n);

/* "reproducing, done of total": the inner phases of a fit would make the share go back and forth. */
struct reproduce_step {
	struct progress progress; /* for the fit */
	struct reproduction *w;
	const char *phase, *unit;
	size_t done, total;
};
bool reproduce_step(struct reproduce_step *s, struct err *e); /* false: cancelled */

/* The experiments. */
bool reproduce_fits(struct reproduction *w, struct err *e); /* forecast and routing */
void reproduce_latency(struct reproduction *w);
bool reproduce_benchmarks(struct reproduction *w, struct err *e);
bool reproduce_contribution(struct reproduction *w, struct err *e);
bool reproduce_communities(struct reproduction *w, struct err *e);

#endif
