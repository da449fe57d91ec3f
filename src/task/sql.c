#include "task/sql.h"

#include "base/buf.h"
#include "base/err.h"
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

int sql_decimals(const struct query_rows *r, size_t column)
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
		buf_printf(out, "<%zu bytes>", v->len);
		break;
	}
}
