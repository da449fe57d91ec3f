/* sql.h - questions to the database in SQL, which can only read (store/query.h).
 *
 * Each call opens a connection of its own, so that it neither disturbs nor waits for another.
 */
#ifndef TASK_SQL_H
#define TASK_SQL_H

#include "base/table.h"
#include "store/query.h"

struct buf;

#define SQL_LIMIT 100000 /* rows kept unless told otherwise */

/* query_run on the database at `path`; equal names of columns are told apart: "n", "n_2". */
bool task_sql(const char *path, const char *sql, size_t limit, const struct progress *p,
    struct query_rows *out, size_t *at, struct err *e);

/* Tables and views of the database, with their columns and what they hold. */
struct sql_schema {
	struct arena arena;
	struct query_table *v;
	size_t n;
};
bool task_sql_schema(const char *path, struct sql_schema *out, struct err *e);
void sql_schema_clear(struct sql_schema *s);

/* A value as text: a dash for NULL, "<12 bytes>" for a BLOB; a fraction with so many digits behind
 * the point, or with as few as still give the number (-1). */
void sql_value_text(const struct query_value *v, int decimals, struct buf *out);
static inline const struct query_value *sql_value(
    const struct query_rows *r, size_t row, size_t column)
{
	return &r->v[row * r->n_columns + column];
}

/* The columns of a result, in the arena; they may be given widths. */
struct column *sql_columns(const struct query_rows *r, struct arena *a);
struct table sql_rows_table(const struct query_rows *r, const struct column *columns);
struct table sql_schema_table(const struct sql_schema *s);

#endif
