/* run_figures.h - how well a run does on its split's test part, kept with the run: what a list of runs
 * shows. The same figures as `evaluate` has for all of the part. */
#ifndef TASK_RUN_FIGURES_H
#define TASK_RUN_FIGURES_H

#include "task/evaluate.h"

struct run_figures {
	int64_t run;
	struct figure accuracy, auc;
	struct figure accuracy_gain, auc_gain; /* over the rates of the models, paired */
};

/* Whether they are kept, and the labels have not changed since; else all figures are NaN. */
bool run_figures_kept(struct db *db, const struct catalog *r, int64_t run, struct run_figures *out);
/* Kept or computed; kept from now on where `db` may be written. Seconds. */
bool task_run_figures(
    struct db *db, int64_t run, const struct progress *p, struct run_figures *out, struct err *e);

#endif
