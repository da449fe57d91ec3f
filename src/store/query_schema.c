/* query_schema.c - what there is to query. SQLite keeps no comments outside a table's own text, so
 * what a table holds is read where it is written: above its CREATE in the migrations. */
#include "store/query.h"

#include "base/buf.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/stmt.h"

#include <string.h>

static const char *next_line(const char *p)
{
	p += strcspn(p, "\n");
	return *p ? p + 1 : p;
}

static bool begins(const char *p, const char *with)
{
	return !strncmp(p, with, strlen(with));
}

/* The comment lines right above "CREATE TABLE name" or "CREATE VIEW name", in one. */
static bool find_note(const char *sql, const char *name, struct buf *out)
{
	size_t n = strlen(name);
	const char *comment = NULL;

	for (const char *p = sql; *p; p = next_line(p)) {
		const char *called = begins(p, "CREATE TABLE ")  ? p + 13
				     : begins(p, "CREATE VIEW ") ? p + 12
								 : NULL;

		if (begins(p, "-- ")) {
			comment = comment ? comment : p;
			continue;
		}
		if (comment && called && !strncmp(called, name, n) && strchr(" (\n", called[n])) {
			buf_reset(out);
			for (const char *q = comment; q < p; q = next_line(q)) {
				if (out->len)
					buf_addc(out, ' ');
				buf_add(out, q + 3, strcspn(q + 3, "\n"));
			}
			return true;
		}
		comment = NULL;
	}
	return false;
}

static bool read_columns(struct db *db, struct arena *a, struct query_table *t, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT name, type FROM pragma_table_xinfo(?1)", e);
	struct query_column *v = NULL;
	size_t cap = 0;
	bool row, ok;

	if (!s)
		return false;
	stmt_bind_text(s, 1, t->name);
	while ((ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, t->n_columns + 1, sizeof(*v));
		v[t->n_columns].name = stmt_text(s, 0, a);
		v[t->n_columns++].type = stmt_text(s, 1, a);
	}
	sqlite3_finalize(s);
	t->columns = arena_array(a, struct query_column, t->n_columns + 1);
	if (t->n_columns)
		memcpy(t->columns, v, t->n_columns * sizeof(*v));
	mem_free(v);
	return ok;
}

static const char *note_of(const char *name, struct arena *a)
{
	struct buf b = BUF_INIT;
	const char *note;

	for (size_t i = 0; db_migration(i); i++)
		find_note(db_migration(i), name, &b);
	note = arena_strdup(a, buf_str(&b));
	buf_clear(&b);
	return note;
}

bool query_schema(
    struct db *db, struct arena *a, struct query_table **out, size_t *n, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT name, type = 'view' FROM sqlite_schema WHERE type IN ('table', 'view') AND "
	    "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY 2 DESC, 1",
	    e);
	struct query_table *v = NULL;
	size_t cap = 0, found = 0;
	bool row, ok;

	if (!s)
		return false;
	while ((ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, found + 1, sizeof(*v));
		v[found] = (struct query_table){
		    .name = stmt_text(s, 0, a), .view = sqlite3_column_int64(s, 1) != 0};
		v[found].note = note_of(v[found].name, a);
		ok = read_columns(db, a, &v[found], e);
		if (!ok)
			break;
		found++;
	}
	sqlite3_finalize(s);
	if (ok) {
		*out = arena_array(a, struct query_table, found + 1);
		if (found)
			memcpy(*out, v, found * sizeof(*v));
		*n = found;
	}
	mem_free(v);
	return ok;
}
