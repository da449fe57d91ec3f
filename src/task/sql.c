#include "task/sql.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/plural.h"
#include "base/utf8.h"
#include "store/db.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static bool name_taken(const struct query_rows *r, const char *name, size_t before)
{
	for (size_t i = 0; i < before; i++)
		if (!strcmp(r->columns[i], name))
			return true;
	return false;
}

static void tell_columns_apart(struct query_rows *r)
{
	for (size_t i = 0; i < r->n_columns; i++) {
		const char *name = r->columns[i];

		for (int n = 2; name_taken(r, r->columns[i], i); n++)
			r->columns[i] = arena_printf(&r->arena, "%s_%d", name, n);
	}
}

bool task_sql(const char *path, const char *sql, size_t limit, const struct progress *p,
    struct query_rows *out, size_t *at, struct err *e)
{
	struct db *db = query_open(path, e);
	bool ok;

	*at = SIZE_MAX;
	ok = db && query_run(db, sql, limit, p, out, at, e);
	if (ok)
		tell_columns_apart(out);
	db_close(db);
	return ok;
}

bool task_sql_schema(const char *path, struct sql_schema *out, struct err *e)
{
	struct db *db = query_open(path, e);
	struct sql_schema s = {ARENA_INIT, NULL, 0};
	bool ok = db && query_schema(db, &s.arena, &s.v, &s.n, e);

	if (ok)
		*out = s;
	else
		sql_schema_clear(&s);
	db_close(db);
	return ok;
}

void sql_schema_clear(struct sql_schema *s)
{
	arena_clear(&s->arena);
	*s = (struct sql_schema){.n = 0};
}

#define DECIMALS_MAX 6
#define DECIMALS_SMALL 9 /* of a column that has very small numbers */

/* Digits behind the point that show all numbers of a column, 6 at most; -1 where it is no column of
 * fractions, or one with smaller ones. */
static int decimals_of(const struct query_rows *r, size_t column)
{
	int most = -1;

	for (size_t i = 0; i < r->n; i++) {
		const struct query_value *v = sql_value(r, i, column);
		double scaled;
		int n = 0;

		if (v->type == QUERY_TEXT || v->type == QUERY_BLOB)
			return -1;
		if (v->type != QUERY_REAL)
			continue;
		scaled = fabs(v->real);
		if (!isfinite(scaled) || scaled >= 1e15 || (scaled != 0 && scaled < 1e-4))
			return -1;
		for (; n < DECIMALS_MAX && fabs(scaled - round(scaled)) > 1e-9 * fmax(1, scaled);
		     n++)
			scaled *= 10;
		most = n > most ? n : most;
	}
	return most;
}

/* As few digits as still give the number, up to the 15 that every double has. */
static void add_real(double v, struct buf *out)
{
	char text[32];

	snprintf(text, sizeof(text), "%.15g", v);
	buf_adds(out, text);
	if (!strpbrk(text, ".einf"))
		buf_adds(out, ".0");
}

void sql_value_text(const struct query_value *v, int decimals, struct buf *out)
{
	switch (v->type) {
	case QUERY_NULL:
		buf_adds(out, "–");
		break;
	case QUERY_INT:
		buf_printf(out, "%lld", (long long)v->i);
		break;
	case QUERY_REAL:
		if (decimals >= 0)
			buf_printf(out, "%.*f", decimals, v->real);
		else
			add_real(v->real, out);
		break;
	case QUERY_TEXT:
		buf_add(out, v->text, v->len);
		break;
	case QUERY_BLOB:
		buf_printf(out, "<%zu byte%s>", v->len, plural(v->len));
		break;
	}
}

/* Tables */

/* A column of numbers is numbers in JSON too; one that mixes types is text. */
static enum column_kind kind_of(const struct query_rows *r, size_t j)
{
	enum column_kind kind = COLUMN_INT;
	bool any = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct query_value *v = sql_value(r, i, j);

		if (v->type == QUERY_NULL)
			continue;
		any = true;
		if (v->type == QUERY_TEXT || v->type == QUERY_BLOB)
			return COLUMN_CLIP;
		if (v->type == QUERY_REAL)
			kind = COLUMN_REAL;
	}
	return any ? kind : COLUMN_CLIP;
}

struct column *sql_columns(const struct query_rows *r, struct arena *a)
{
	struct column *columns = arena_array(a, struct column, r->n_columns + 1);

	for (size_t j = 0; j < r->n_columns; j++) {
		const char *name = r->columns[j];
		size_t n = strlen(name);
		int decimals = decimals_of(r, j);

		/* A name may hold anything, a key only text. */
		columns[j].title = utf8_printable(a, name, n);
		columns[j].key =
		    utf8_check(name, n) == n ? arena_strdup(a, name) : columns[j].title;
		columns[j].kind = kind_of(r, j);
		columns[j].decimals = decimals < 0 ? DECIMALS_SMALL : decimals;
		columns[j].about = "What the query names so.";
	}
	return columns;
}

static struct value row_value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct query_value *v = sql_value(t->rows, row, column);

	if (v->type == QUERY_NULL)
		return value_missing();
	switch (t->columns[column].kind) {
	case COLUMN_INT:
		return value_int(v->i);
	case COLUMN_REAL:
		return value_real(v->type == QUERY_INT ? (double)v->i : v->real);
	default:
		if (v->type != QUERY_TEXT)
			sql_value_text(v, -1, scratch);
		else if (strlen(v->text) != v->len)
			utf8_printable_add(scratch, v->text, v->len);
		else
			return value_text(v->text);
		return value_text(buf_str(scratch));
	}
}

struct table sql_rows_table(const struct query_rows *r, const struct column *columns)
{
	return (struct table){.columns = columns,
	    .n_columns = r->n_columns,
	    .value = row_value,
	    .n = r->n,
	    .rows = r};
}

enum { SCHEMA_NAME, SCHEMA_KIND, SCHEMA_COLUMNS, SCHEMA_NOTE, SCHEMA_N };

static const struct column schema_columns[SCHEMA_N] = {
    [SCHEMA_NAME] = {"name", "name", "Tables", COLUMN_TEXT, .width = 14, .grow = 24,
	.no_sort = true, .about = "A table or view of the database."},
    [SCHEMA_KIND] = {"kind", "kind", "", COLUMN_TEXT, .width = 5, .drop = 1, .no_sort = true,
	.about = "Whether it is a table or a view."},
    [SCHEMA_COLUMNS] = {"columns", "columns", "Columns", COLUMN_CLIP, .width = 10, .grow = 100,
	.drop = 2, .hidden = true, .no_sort = true, .about = "Its columns."},
    [SCHEMA_NOTE] = {"note", "what it holds", "What it holds", COLUMN_CLIP, .width = 10,
	.grow = 100, .drop = 3, .hidden = true, .no_sort = true, .about = "What it holds."},
};

static struct value schema_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct query_table *v = &((const struct sql_schema *)t->rows)->v[row];

	switch (column) {
	case SCHEMA_NAME:
		return value_text(v->name);
	case SCHEMA_KIND:
		return value_text(v->view ? "view" : "table");
	case SCHEMA_COLUMNS:
		for (size_t j = 0; j < v->n_columns; j++)
			buf_printf(scratch, "%s%s", j ? ", " : "", v->columns[j].name);
		return value_text(buf_str(scratch));
	default:
		return value_text(v->note);
	}
}

struct table sql_schema_table(const struct sql_schema *s)
{
	return (struct table){.name = "schema",
	    .columns = schema_columns,
	    .n_columns = SCHEMA_N,
	    .value = schema_value,
	    .n = s ? s->n : 0,
	    .rows = s};
}
