/* methods.h - the methods of forecasting, and what each reached on validation. */
#ifndef TASK_METHODS_H
#define TASK_METHODS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "task/runs.h"
#include "task/train.h"

/* Each method with its newest finished run, or none. */
struct methods_row {
	const struct method *method;
	const struct runs_row *run; /* NULL: none */
};
struct methods_list {
	struct runs runs;
	struct methods_row *v; /* (n), in runs.arena */
	size_t n;
};
bool task_methods(struct db *db, struct methods_list *out, struct err *e);
void methods_clear(struct methods_list *m);

enum methods_column {
	METHODS_NAME,
	METHODS_RUN,
	METHODS_LOSS,
	METHODS_ACCURACY,
	METHODS_SECONDS,
	METHODS_CONTROL,
	METHODS_ABOUT,
	METHODS_SOURCE,
	METHODS_COLUMNS
};
struct table methods_table(const struct methods_list *m);

/* o->method by its name; an unknown one is ERR_USAGE and lists those there are. */
bool train_options_method(struct train_options *o, const char *name, struct err *e);

/* Train with every method, each as a run of its own, and make the one with the least validation
 * log-loss the run in use: of those that are no controls. */
bool task_train_all(
    struct db *db, const struct train_options *o, const struct train_watch *w, struct err *e);

#endif
