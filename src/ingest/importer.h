/* importer.h - one struct importer per foreign format, and what they share: bad lines, labels, text
 * that can be stored. */
#ifndef INGEST_IMPORTER_H
#define INGEST_IMPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/part.h"

struct err;
struct progress;
struct staging;
struct stream;

/* What the user said; strings may be NULL. */
struct ingest_options {
	enum part part; /* of every row, or PART_NONE = as the input says */
	bool skip_bad;
	const char *benchmark, *model, *filter, *metric;
};

/* One import at work. */
struct ingest {
	const char *const *paths; /* several only for a triple */
	size_t n_paths;
	struct stream *first; /* paths[0], open and unread, or NULL */
	const struct ingest_options *o;
	struct staging *s;
	const struct progress *progress;
	struct arena arena; /* scratch, for the import's life */
};

/* A path as it is recognised: the start of a file, or a directory. */
struct ingest_head {
	const char *path;
	bool is_dir;
	const char *p; /* the first bytes, decompressed */
	size_t n;
};
#define INGEST_HEAD_SIZE ((size_t)64 << 10)

struct importer {
	const char *name, *about;
	bool (*sniff)(const struct ingest_head *h);
	/* Everything into in->s. An error names file, place, cause and remedy. */
	bool (*read)(struct ingest *in, struct err *e);
};

extern const struct importer importer_embedllm_csv, importer_long_csv, importer_triple,
    importer_lm_eval;
extern const struct importer *const importers[];
extern const size_t n_importers;

const struct importer *importer_find(const char *name); /* NULL if there is none */

/* The stream of paths[i]; the caller's (stream_close). */
struct stream *ingest_open(struct ingest *in, size_t i, struct err *e);

/* A line that cannot be taken, at `place`: with skip_bad it is counted and listed and the import
 * goes on (true), else it is the error. */
bool ingest_bad(struct ingest *in, struct err *e, const char *place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* A label: 0, 1, a number between, true, false; empty, NA, NaN, null and None are missing (NaN).
 * False where it is none of these. p is NUL-terminated. */
bool ingest_label(const char *p, size_t n, double *score);

#endif
