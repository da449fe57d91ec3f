/* csv.h - the records of a table from a stream, in whatever dialect; the only door to libcsv.
 *
 * src/ingest has one file per foreign format. It may include base/ and store/. A format reads its
 * file into a staging (store/staging.h); nothing here touches the database.
 */
#ifndef INGEST_CSV_H
#define INGEST_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct progress;
struct stream;

#define CSV_FIELD_LIMIT ((size_t)16 << 20) /* bytes of one field */
#define CSV_COLUMNS_LIMIT 4096

struct csv_field {
	const char *p; /* n bytes, then a NUL */
	size_t n;
};

struct csv_row {
	const struct csv_field *v;
	size_t n;      /* at least 1: blank lines and rows of empty fields are left out */
	uint64_t line; /* where it begins, from 1 */
};

struct csv_reader {
	/* false with e set stops. The row is borrowed for the call. The first is the header. */
	bool (*row)(void *arg, const struct csv_row *row, struct err *e);
	/* A record that is no CSV, at field `column` (from 0); true = go on after its line. */
	bool (*bad)(void *arg, uint64_t line, size_t column, const char *reason, struct err *e);
	void *arg;
};

/* All records, in the dialect that the start of the file shows (ingest/dialect.h). Quotes must be as
 * RFC 4180 has them; LF, CRLF and CR end a line. A stream opened by stream_as_text has no byte order
 * mark in its first field. */
bool csv_read(
    struct stream *s, const struct csv_reader *r, const struct progress *p, struct err *e);

/* A copy of a row in the arena. */
struct csv_row csv_row_copy(struct arena *a, const struct csv_row *row);

/* A reader that keeps copies of the first rows, at most `max` (>= 1), and ends at a bad line. */
struct csv_first {
	struct arena *a;
	struct csv_row *rows; /* (max) */
	size_t n, max;
};
struct csv_reader csv_first_reader(struct csv_first *f);

/* The first records, at most `max`, of the n bytes at p (a file's head), in the arena; returns how many.
 * The last one may be cut off with the head. */
size_t csv_head(const char *p, size_t n, struct arena *a, struct csv_row *out, size_t max);
/* The first alone: false where there is none. */
bool csv_header(const char *p, size_t n, struct arena *a, struct csv_row *out);

#endif
