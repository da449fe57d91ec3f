/* table_join.h - a table whose texts, or whose models' names, are in tables of their own, by id: the
 * questions/models/labels triple, scores.csv with prompts.csv beside it. */
#ifndef INGEST_TABLE_JOIN_H
#define INGEST_TABLE_JOIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/part.h"
#include "ingest/table_part.h"

struct arena;
struct err;
struct ingest;
struct hashtable;

struct join_text {
	const char *text, *benchmark; /* benchmark NULL: the file has no column for it */
	size_t n, benchmark_n;
	enum part part;
	uint32_t item; /* for the reader; UINT32_MAX at first */
};

struct join_name {
	const char *key, *name;
	uint32_t model; /* for the reader */
};

struct join {
	struct hashtable *keys, *model_keys; /* id to a place in `texts`, `names` */
	struct join_text *texts;
	const char **ids; /* of the texts */
	size_t n_texts, cap_texts, cap_ids;
	struct join_name *names;
	size_t n_names, cap_names;
	const char *questions, *models; /* the files, or NULL */
	bool beside;                    /* the questions were not named, but found */
};

void join_clear(struct join *j);

/* Zero j first. The files that complete in->files[0]: those named with it and, of the parts in `wanted` (a bit
 * each) that are not among them, those beside it. */
bool join_others(struct join *j, struct ingest *in, unsigned wanted, struct err *e);
/* Say in the report where texts and names are from. */
void join_remark(const struct join *j, struct ingest *in);
/* By id; NULL where there is none. */
const struct join_text *join_text(const struct join *j, const char *id);

/* NAME where all ids are NAME and a number without a gap, in the arena; else NULL. */
const char *table_numbered(struct arena *a, const char *const *ids, size_t n);

/* A benchmark's name for a table that names none: the ids' own, where all are NAME and a number
 * without a gap (sums_0, sums_1); else the file's or, where that says nothing (scores.csv), its
 * folder's; NULL for standard input. In the arena of `in`. */
const char *table_benchmark(struct ingest *in, const char *const *ids, size_t n);

#endif
