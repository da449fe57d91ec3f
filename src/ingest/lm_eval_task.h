/* lm_eval_task.h - the samples of one task, of all its models together: which figure and which filter
 * they are taken by, and which of their documents are one question, is decided for all alike. */
#ifndef INGEST_LM_EVAL_TASK_H
#define INGEST_LM_EVAL_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/json.h"
#include "ingest/lm_eval_run.h"

struct err;
struct hashtable;
struct ingest;

/* A file of samples, or those of one task in a dump. */
struct lm_eval_file {
	struct lm_eval_source source;
	size_t index;       /* in the import's files */
	const json_t *dump; /* the samples themselves, or NULL */
};

/* What was chosen, over the tasks. */
struct lm_eval_choices {
	struct hashtable *benchmarks; /* which figure each is taken by: index in metrics */
	const char *metrics[64];
	size_t n_metrics;
	bool metric_found, filter_found;
	const char *filters; /* those there are where none is the one asked for */
};

/* Read f[0..n), all of one task, into in->s. A task that no label can be had of is left out with a
 * remark. */
bool lm_eval_read_task(
    struct ingest *in, struct lm_eval_file *f, size_t n, struct lm_eval_choices *c, struct err *e);

#endif
