/* table.h - rows of a result under typed columns (base/column.h): what a verb prints, a screen lists
 * and an export writes.
 *
 * A table holds nothing itself: it is a view of a result, made by a function beside the task
 * (`neighbours_table`), and valid for as long as that.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdio.h>

#include "base/column.h"

struct err;
struct table;

/* The value of a row in a column; text may be put into `scratch`, which is empty. */
typedef struct value table_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch);

struct table {
	const char *name; /* as in the settings, where the user's choice of columns is kept */
	const struct column *columns;
	size_t n_columns;
	table_value *value;
	size_t n;          /* rows */
	size_t totals;     /* the first of them are sums, for a screen: in no file, of no verb */
	const void *rows;  /* the result, as its `value` knows it ... */
	const void *world; /* ... and what its indexes are of: a catalog, an atlas */
};

/* The value; scratch is emptied first. */
struct value table_get(const struct table *t, size_t row, size_t column, struct buf *scratch);

enum table_format { TABLE_CSV, TABLE_TSV, TABLE_JSON };
/* All columns that have a key, of the rows `order` (n of them; NULL: the first n) but totals: a header
 * of keys and a line a row, or an array of objects. */
bool table_write(const struct table *t, const uint32_t *order, size_t n, enum table_format format,
    FILE *f, struct err *e);
/* The header, or a row, as a line of TSV or CSV. */
void table_keys(const struct table *t, enum table_format format, struct buf *out);
void table_line(const struct table *t, size_t row, enum table_format format, struct buf *scratch,
    struct buf *out);

#endif
