/* record.h - one evaluated answer as JSON logs tell it, checked and put into the staging. */
#ifndef INGEST_RECORD_H
#define INGEST_RECORD_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "base/part.h"
#include "store/response.h"

struct arena;
struct err;
struct ingest;

/* Strings are borrowed for the call and NUL-terminated; NULL where the log has none. --model,
 * --benchmark and --part replace what the log says. */
struct record {
	const char *model;
	const uint32_t *run;   /* by ingest_run, in place of model; or NULL */
	const char *benchmark; /* NULL: the one that the category belongs to */
	const char *category;  /* the task; NULL: the benchmark */
	const char *key;       /* of the question within the file */
	const char *text;      /* what was asked; NULL: the key stands for it */
	enum part part;
	double score; /* 0 to 1, or NaN = missing */
	struct response_usage usage;
};
#define RECORD_INIT                                                                                \
	{                                                                                          \
		.score = NAN, .usage = RESPONSE_USAGE_NONE                                         \
	}

/* Put it into in->s, unless its task is not wanted. What cannot be taken is a bad line at `place`,
 * as for ingest_bad. */
bool record_take(struct ingest *in, const struct record *r, const char *place, struct err *e);

/* The id of a model for ingest_aggregate, under the name that record_take would give it. False, with
 * e set, where it has none. */
bool record_model(
    struct ingest *in, const char *name, const char *place, uint32_t *model, struct err *e);

/* The label in member `key` of o, as ingest_json_label; no such member is missing (NaN). What is no
 * label is a bad line at `place`: *taken is false then, and the result is that of ingest_bad. */
bool record_label(struct ingest *in, const json_t *o, const char *key, const char *place,
    double *score, bool *taken, struct err *e);

/* For a format with one figure of that name: a --metric of another name, or a --filter, is not there,
 * which is an error (ERR_USAGE) for a file and a remark for a folder, where others may have it. */
bool record_one_figure(struct ingest *in, const char *figure, struct err *e);

/* A number of at least 0 in member `key` of o, NaN where there is none such: what an answer cost is
 * no reason to lose the answer. */
double record_amount(const json_t *o, const char *key);

/* A JSON value as text: a string as it is, nothing (NULL) for null and "", what else as one line of
 * JSON. In the arena or borrowed from v. */
const char *record_text(struct arena *a, const json_t *v);

/* The file's name without folder, .gz and the like, and one more ending; in the arena. */
char *record_stem(struct arena *a, const char *path);
/* The name of the folder that the file lies in, "" where the path has none; in the arena. */
char *record_folder(struct arena *a, const char *path);

#endif
