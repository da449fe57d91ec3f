/* rows.h - the rows of a table whatever it is written in: CSV in any dialect, or JSON that is a table:
 * an object a row (an array of them, or one a line), an array a row below one of names, an object of
 * columns, {"columns": [...], "data": [...]}, or any object with an array of rows in it. */
#ifndef INGEST_ROWS_H
#define INGEST_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "ingest/csv.h"

struct arena;
struct ingest;
struct ingest_head;

/* The names of the columns by the start of a file, in the arena; false where it is no table. */
bool rows_header(const struct ingest_head *h, struct arena *a, struct csv_row *out, bool *json);

/* The names and the rows below them, at most `max` together, as far as the start of the file shows them;
 * the last may be cut off. Returns how many. */
size_t rows_head(const struct ingest_head *h, struct arena *a, struct csv_row *out, size_t max);

/* All rows of in->files[i], as csv_read hands them out: the names of the columns first. Of JSON, null
 * and members that an object lacks are empty fields, and what is nested is JSON text. Members that
 * none of the first 20 rows has are left out. */
bool rows_read(struct ingest *in, size_t i, const struct csv_reader *r, struct err *e);

#endif
