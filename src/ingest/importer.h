/* importer.h - one struct importer a foreign format, and what they share.
 *
 * An importer says how sure it is of a path (score), and reads it into a staging (read). It tells
 * what is not in the rows through the calls below: which tasks the user wants, what was chosen and
 * left out, which run of a model a row is of, and what the source itself claims its rows come to.
 * What follows from those (runs kept apart, figures compared, remarks) is done here, alike for all.
 */
#ifndef INGEST_IMPORTER_H
#define INGEST_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/part.h"
#include "store/response.h"

struct db;
struct err;
struct hashtable;
struct progress;
struct staging;
struct staging_setting;
struct stream;

/* What becomes of several runs of one model under other settings. */
enum ingest_runs { RUNS_APART, RUNS_NEWEST, RUNS_MEAN, RUNS_STOP };

struct ingest_list {
	const char **v;
	size_t n;
};

/* What the user said; strings may be NULL. */
struct ingest_options {
	enum part part; /* of every row, or PART_NONE = as the input says */
	bool skip_bad;
	const char *benchmark, *model, *filter, *metric;
	struct ingest_list only, except; /* globs of task names */
	enum ingest_runs runs;
	bool accept; /* figures that are not those the source claims */
	/* Tables: */
	const char *columns; /* "model=MODEL,label=CORRECT" */
	const char *right;   /* words that count as right, parted by commas */
	double scale;        /* the label that is wholly right; NaN = 1 */
};

/* A path as it is recognised. */
struct ingest_head {
	const char *path;
	/* Its first bytes (INGEST_HEAD_SIZE at most), decompressed: see stream_peek. */
	const char *p;
	size_t n;
	bool whole; /* that is all of it */
};
#define INGEST_HEAD_SIZE ((size_t)64 << 10)

/* How sure an importer is; the surest reads. */
enum ingest_score {
	SCORE_NONE = 0,
	SCORE_WEAK = 20, /* it could be read so, if nobody knows better: some CSV, some JSON */
	SCORE_FAIR = 50, /* keys or columns that this format has, and others may */
	SCORE_SURE = 90, /* nothing else looks so */
};

/* One import at work. */
struct ingest {
	const char *path; /* what is imported, a file or a folder: for messages */
	bool is_dir;      /* a folder */
	/* What to read: the file alone, or those below the folder that are the importer's. */
	const char *const *files;
	size_t n_files;
	struct stream *first; /* files[0], open and unread, or NULL */
	const struct ingest_options *o;
	struct staging *s;
	struct db *db; /* for what earlier imports chose */
	const struct progress *progress;
	struct arena arena; /* scratch, for the import's life */
	/* Private: */
	struct ingest_claim *claims;
	size_t n_claims, cap_claims;
	struct staging_setting *earlier; /* see ingest_earlier */
	struct hashtable *earlier_at;
};

struct importer {
	const char *name, *about;
	/* All its files below a folder are one import, as files of the struct ingest, not one each. */
	bool many;
	bool table; /* it may be in several files: see ingest/table_join.h */
	/* One of enum ingest_score, or a number between. */
	int (*score)(const struct ingest_head *h);
	/* Everything into in->s. An error names file, place, cause and remedy. */
	bool (*read)(struct ingest *in, struct err *e);
};

extern const struct importer *const importers[];
extern const size_t n_importers;
#define IMPORTER(x) extern const struct importer importer_##x;
#include "ingest/importers.def"
#undef IMPORTER

const struct importer *importer_find(const char *name); /* NULL if there is none */
/* The surest of a path; NULL where none is. */
const struct importer *importer_surest(const struct ingest_head *h);

/* Recognising: does the head hold the text? Does a path end so, compressed (.gz, .zst, .xz) or not? */
bool ingest_head_has(const struct ingest_head *h, const char *text);
bool ingest_ends(const char *path, const char *ending);
/* What a file is that nobody reads, and the way out: "a Parquet file: convert it ...",
 * in the arena or static. */
bool ingest_is_no_text(
    const struct ingest_head *h); /* by its first bytes: no table, however it looks */
const char *ingest_kind(const struct ingest_head *h, struct arena *a);

/* The stream of files[i]; the caller's (stream_close). */
struct stream *ingest_open(struct ingest *in, size_t i, struct err *e);

/* Each JSON value of files[i]: the elements of an array, however indented, or one value a line. A
 * byte order mark and empty lines are passed over. `value` borrows v, which is a value of
 * any type; `place` is "FILE:LINE" for messages; text[0..n) is what v was parsed from. It returns
 * false, with e set, to stop. What is no JSON goes to ingest_bad. */
struct ingest_values {
	bool (*value)(
	    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e);
	void *arg;
	/* Members of the values' own that need not be parsed, parted by blanks, or NULL: they come
	 * as null. Large outputs cost no time so. */
	const char *skip;
};
bool ingest_each_value(struct ingest *in, size_t i, const struct ingest_values *r, struct err *e);
/* The same of a stream of which nothing was read: a file beside the input. */
bool ingest_values_of(
    struct ingest *in, struct stream *s, const struct ingest_values *r, struct err *e);
/* files[i] as one JSON document of up to 1 GiB, for what must be seen whole; json_decref. */
json_t *ingest_document(struct ingest *in, size_t i, struct err *e);
/* A JSON file beside the input (its results file, say), by path; NULL without an error (e
 * untouched) where there is no such file. */
json_t *ingest_beside(const char *path, struct err *e, bool *there);

/* A line that cannot be taken, at `place`: with skip_bad it is counted and listed and the import
 * goes on (true), else it is the error. */
bool ingest_bad(struct ingest *in, struct err *e, const char *place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A label: 0, 1, a number between, true, false; empty, NA, NaN, null and None are missing (NaN).
 * False where it is none of these. p is NUL-terminated. */
bool ingest_label(const char *p, size_t n, double *score);
/* A JSON value as a label: a number from 0 to 1, a boolean, null, or a string as ingest_label. */
bool ingest_json_label(const json_t *v, double *score);

/* Does the user want the task (--only, --except)? What is not wanted is listed in the report. */
bool ingest_wants(struct ingest *in, const char *task);

/* A choice made, something left out: a line of the report, kept with the import. */
void ingest_remark(struct ingest *in, enum remark_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A run of a model whose settings are known: `run` tells runs of the same model apart (a date, a
 * path), `when` (ISO 8601, or NULL) which is the newest. *model is for staging_row. --model stands
 * in for the name. False, with e set, where the name is no text. */
bool ingest_run(struct ingest *in, const char *name, const char *run, const char *when,
    uint32_t *model, struct err *e);
/* What the run was made with: for one task, or all (NULL). revision, adapter, quantisation and the
 * like (see runs.c) make other models wherever they differ; any other key only where two runs answer
 * the same question. Keys of one word: shots, limit, temperature, template, system ... A NULL or
 * empty value says nothing. */
void ingest_setting(
    struct ingest *in, uint32_t model, const char *task, const char *key, const char *value);

/* What the last import with such a setting of the task had there ("metric": "acc"), so that one
 * figure is taken for all models; NULL where none had. */
bool ingest_earlier(
    struct ingest *in, const char *task, const char *key, const char **value, struct err *e);

/* What the source says its rows come to, by model and task (the category of the rows): `n` of them
 * (0 = it does not say) with this mean of the labels (NaN = it does not say). Compared when all is
 * read. `source` names where it stands, for messages. */
void ingest_aggregate(struct ingest *in, uint32_t model, const char *task, const char *metric,
    double n, double mean, const char *source);

/* After read, in this order; task/import_step.c calls them. Figures: a mismatch is an error unless
 * o->accept. Runs: settled as o->runs says. Names that look alike, and questions that a model was
 * asked in several tasks, are remarked on. */
bool ingest_check_aggregates(struct ingest *in, struct err *e);
bool ingest_settle_runs(struct ingest *in, struct err *e);
/* The same with the runs of earlier imports. */
bool ingest_settle_before(struct ingest *in, struct err *e);
bool ingest_check_names(struct ingest *in, struct err *e);
void ingest_check_variants(struct ingest *in);
void ingest_end(struct ingest *in); /* frees what is private, and the arena */

#endif
