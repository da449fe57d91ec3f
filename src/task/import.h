/* import.h - label files into the database, out of it again, and the repeat rule. */
#ifndef TASK_IMPORT_H
#define TASK_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/response.h"

struct db;
struct err;
struct progress;

struct import_options {
	const char *format;          /* name of an importer, or NULL = recognised */
	enum part part;              /* of every row, or PART_NONE = as the input says */
	const enum policy_rule *dup; /* NULL = the database's, at first majority */
	double threshold;            /* NaN = the database's, at first .5 */
	bool skip_bad;               /* leave bad lines out instead of stopping */
	const char *benchmark;       /* for input that does not name one, or NULL */
	const char *model;           /* the same */
	const char *filter, *metric; /* lm-evaluation-harness: which of several, or NULL */
};
void import_options_default(struct import_options *o);

/* What happens meanwhile; called on the importing thread. */
struct import_watch {
	void (*done)(void *arg,
	    const struct response_report *r); /* after each commit; r lives for the call */
	const struct progress *progress;      /* may be NULL; tick false = stop */
	void *arg;
};

/* Import files and directories in the order given, each in a transaction of its own: the files of
 * a questions/models/labels triple together, an EmbedLLM release's train, val and test files each
 * with its part (from a directory, or named together), a directory of lm-evaluation-harness samples
 * as one. An error names the place and leaves that file out entirely; what was done before it stays. "-" is stdin. */
bool task_import(struct db *db, const char *const *paths, size_t n, const struct import_options *o,
    const struct import_watch *w, struct err *e);

/* The names of the formats with a line about each, for help: NULL-terminated pairs. */
struct import_format {
	const char *name, *about;
};
const struct import_format *import_formats(size_t *n);

/* Take one import out again. */
bool task_import_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e);

struct resolve_report {
	struct policy before, after;
	uint64_t labels;  /* resolved labels now */
	uint64_t changed; /* pairs whose label is another than before, missing included */
};
/* rule NULL and threshold NaN keep the database's. */
bool task_resolve(struct db *db, const enum policy_rule *rule, double threshold,
    struct resolve_report *out, struct err *e);

#endif
