/* lm_eval_run.h - the runs of lm-evaluation-harness: what their results files say, and which samples
 * are whose. */
#ifndef INGEST_LM_EVAL_RUN_H
#define INGEST_LM_EVAL_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct arena;
struct err;
struct ingest;

/* One results file. */
struct lm_eval_run {
	const char *path, *dir;
	const char *date;  /* of its name, "2026-03-01T09-00-00.100000"; "" where it has none */
	const char *model; /* NULL where it names none */
	const char *args;  /* model_args as the oldest harness writes them into names; "" */
	json_t *results;   /* without its samples */
	json_t *samples;   /* of a dump of simple_evaluate: by task; NULL */
};

struct lm_eval_runs {
	struct lm_eval_run *v;
	size_t n, cap;
};

/* Does the text begin a results file? A file of samples? */
bool lm_eval_is_results(const char *p, size_t n);
bool lm_eval_is_samples(const char *p, size_t n);

/* Read the results file `path` (files[i] of the import, or SIZE_MAX: one beside it) into r. What is no
 * results file after all is left out. */
bool lm_eval_runs_add(
    struct lm_eval_runs *r, struct ingest *in, const char *path, size_t i, struct err *e);
/* The results files in the folder of `path`. */
bool lm_eval_runs_beside(
    struct lm_eval_runs *r, struct ingest *in, const char *path, struct err *e);
void lm_eval_runs_clear(struct lm_eval_runs *r);

/* Whose samples a file holds. */
struct lm_eval_source {
	const char *path, *dir;
	const char *task;
	const struct lm_eval_run *run; /* NULL: no results file is this run's */
	const char *model, *date;
	uint32_t slot; /* of the staging; see lm_eval_source_run */
};

/* Task, run and model of a file of samples: by the date in its name, else its folder, else the tasks
 * that the results files list. Strings are in the import's arena. An error where task or model
 * cannot be told. */
bool lm_eval_source_find(const struct lm_eval_runs *r, struct ingest *in, const char *path,
    struct lm_eval_source *out, struct err *e);
/* "key=value,key=value" or an object of the same: the value in the arena, or NULL. */
const char *lm_eval_argument(struct arena *a, const json_t *args, const char *key);

/* Tell the staging of the source's run and its settings. `prompts` stands for them where no results
 * file says any: it differs where the prompts do. */
bool lm_eval_source_stage(
    struct ingest *in, struct lm_eval_source *s, const char *prompts, struct err *e);
/* Does the results file say that a figure of the task is the better the lower? */
bool lm_eval_source_is_wrong(const struct lm_eval_source *s, const char *figure);
/* What the results file claims of the task by metric and filter (NULL where it has no name). */
void lm_eval_source_claim(
    struct ingest *in, const struct lm_eval_source *s, const char *metric, const char *filter);

#endif
