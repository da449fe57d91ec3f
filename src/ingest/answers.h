/* answers.h - what evaluation logs say, answer by answer, gathered before it is staged.
 *
 * Logs are known whole only at their end: which figure all models of a benchmark have, and whether
 * the question's text tells its documents apart. So an importer adds answers, and stages them once
 * all files are read. */
#ifndef INGEST_ANSWERS_H
#define INGEST_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/part.h"
#include "store/response.h"

struct answers;
struct err;
struct ingest;

struct answer {
	uint32_t model;        /* ingest_run's */
	const char *task;      /* the category of the row */
	const char *benchmark; /* NULL = as the task's name tells (naming_benchmark) */
	const char *key;       /* the document's id, or NULL: it is known by its text */
	const char *text;      /* the question */
	/* The question with more around it, for documents of one text and several keys; or NULL. */
	const char *more;
	enum part part; /* PART_NONE = the log does not say */
	uint64_t epoch; /* which repeat; a document comes once an epoch, a model and a task */
	double label;   /* NaN: none, e.g. where the run failed */
	struct response_usage usage;
};

struct answers *answers_new(struct ingest *in);
void answers_free(struct answers *g);

/* Strings are copied. A label out of [0, 1], an answer that was there already, an empty question: a
 * bad line (ingest_bad) at `place`. */
bool answers_add(struct answers *g, const struct answer *a, const char *place, struct err *e);
size_t answers_count(const struct answers *g);

/* Everything into the staging, and a remark on documents whose text is one. */
bool answers_stage(struct answers *g, struct err *e);

/* The figure that all answers to the task are taken by: --metric where the task has it, else the first
 * that is known (accuracy and exact match before shares), else the only one, of `figures`, an
 * object whose members are figures. `preferred` (NULL-terminated, or NULL) goes before those known.
 * *metric is NULL where there is none that can be a label; several of which none is known are an
 * error that lists them. It is chosen at the task's first document, and the report says which. The
 * name lives as long as the import. */
bool answers_metric(struct answers *g, const char *task, const json_t *figures,
    const char *const *preferred, const char **metric, struct err *e);
/* ERR_USAGE where a --metric was asked for that no task had. */
bool answers_metric_found(const struct answers *g, struct err *e);

/* The whole of an import whose files stand for themselves: `read` adds the answers of in->files[i], for
 * each, and they are staged. */
bool answers_read(struct ingest *in,
    bool (*read)(struct ingest *in, size_t i, struct answers *g, struct err *e), struct err *e);

/* A number that may be missing (null or absent gives NaN); true and false are 1 and 0. */
double answers_number(const json_t *o, const char *key);

#endif
