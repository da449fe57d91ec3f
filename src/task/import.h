/* import.h - label files into the database, and the repeat rule. */
#ifndef TASK_IMPORT_H
#define TASK_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/response.h"

struct db;
struct err;
struct progress;

/* Several runs of one model under other settings: kept apart by name, the newest taken, the mean of
 * their labels, or an error that says by what they differ. */
enum import_runs { IMPORT_RUNS_APART, IMPORT_RUNS_NEWEST, IMPORT_RUNS_MEAN, IMPORT_RUNS_STOP };

struct import_list {
	const char **v;
	size_t n;
};

struct import_options {
	const char *format;              /* name of an importer, or NULL = recognised */
	enum part part;                  /* of every row, or PART_NONE = as the input says */
	const enum policy_rule *dup;     /* NULL = the database's, at first majority */
	double threshold;                /* NaN = the database's, at first .5 */
	bool skip_bad;                   /* leave bad lines out instead of stopping */
	bool check;                      /* read and report, change nothing */
	bool accept;                     /* take figures that are not what their source claims */
	const char *benchmark;           /* for input that does not name one, or NULL */
	const char *model;               /* the same */
	const char *filter, *metric;     /* which of several, or NULL */
	struct import_list only, except; /* globs: tasks to take, to leave out */
	enum import_runs runs;
	const char *columns; /* of tables: "model=MODEL,label=CORRECT", or NULL */
	const char *right;   /* words that count as right, parted by commas, or NULL */
	double scale;        /* the label that is wholly right; NaN = 1 */
};
void import_options_default(struct import_options *o);

/* What happens meanwhile; called on the importing thread. */
struct import_watch {
	void (*done)(void *arg,
	    const struct response_report *r); /* after each commit; r lives for the call */
	/* Below a folder: a file nobody reads, and why. May be NULL. */
	void (*passed)(void *arg, const char *path, const char *why);
	const struct progress *progress; /* may be NULL; tick false = stop */
	void *arg;
};

/* Import files and folders in the order given, each import in a transaction of its own. Of a folder,
 * whatever a format reads as a whole is one import; so are all files of a format that belong
 * together; other files come one by one, those called train, val and test with their part. What
 * nobody reads is listed by `passed`. The files of a questions/models/labels triple are one import.
 * An error names the place and leaves that import out entirely; what was done before it stays. "-"
 * is stdin. With o->check nothing is changed, and a db of nothing will do. */
bool task_import(struct db *db, const char *const *paths, size_t n, const struct import_options *o,
    const struct import_watch *w, struct err *e);

/* The names of the formats with a line about each, for help: NULL-terminated pairs. */
struct import_format {
	const char *name, *about;
};
const struct import_format *import_formats(size_t *n);

struct resolve_report {
	struct policy before, after;
	uint64_t labels;  /* resolved labels now */
	uint64_t changed; /* pairs whose label is another than before, missing included */
};
/* rule NULL and threshold NaN keep the database's. */
bool task_resolve(struct db *db, const enum policy_rule *rule, double threshold,
    struct resolve_report *out, struct err *e);

#endif
