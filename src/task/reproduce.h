/* reproduce.h - do the experiments of the paper (task/experiments.h). What a fit gave is kept with the
 * run, so that a stopped reproduction goes on where it was. */
#ifndef TASK_REPRODUCE_H
#define TASK_REPRODUCE_H

#include "task/atlas.h"
#include "task/experiments.h"

struct db;

/* Needs a run with a test part; reproduce_clear. db: where results are kept; read-only is fine. */
bool task_reproduce(struct db *db, const struct atlas *a, const struct reproduce_options *o,
    const struct progress *p, struct reproduce *out, struct err *e);

#endif
