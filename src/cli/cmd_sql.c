/* cmd_sql.c - the database asked in SQL, and what it holds */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "task/sql.h"

#include <stdio.h>
#include <string.h>

#define DECIMALS 9 /* of a column that has very small numbers */

struct options {
	size_t limit;
	bool schema;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"limit", 0, OPTION_SIZE, "N", AT(limit), .help = "at most N rows; 0 = all"},
    {"schema", 0, OPTION_SET, NULL, AT(schema),
	.help = "list tables and views, their columns and what they hold"},
    {.name = NULL},
};

static void defaults(void *options)
{
	((struct options *)options)->limit = SQL_LIMIT;
}

/* A column of numbers is numbers in JSON too; one that mixes types is text. */
static struct column column_of(const struct query_rows *r, size_t j)
{
	struct column c = {.key = r->columns[j], .title = r->columns[j], .kind = COLUMN_INT};
	bool any = false;

	for (size_t i = 0; i < r->n; i++) {
		const struct query_value *v = sql_value(r, i, j);

		if (v->type == QUERY_NULL)
			continue;
		any = true;
		if (v->type == QUERY_TEXT || v->type == QUERY_BLOB) {
			c.kind = COLUMN_CLIP;
			return c;
		}
		if (v->type == QUERY_REAL)
			c.kind = COLUMN_REAL;
	}
	c.kind = any ? c.kind : COLUMN_CLIP;
	c.decimals = sql_decimals(r, j);
	c.decimals = c.decimals < 0 ? DECIMALS : c.decimals;
	return c;
}

static void add_value(struct cli *c, const struct query_value *v, enum column_kind kind)
{
	struct buf b = BUF_INIT;

	if (v->type == QUERY_NULL) {
		out_missing(c->out);
	} else if (kind == COLUMN_INT) {
		out_int(c->out, v->i);
	} else if (kind == COLUMN_REAL) {
		out_real(c->out, v->type == QUERY_INT ? (double)v->i : v->real);
	} else if (v->type == QUERY_TEXT && strlen(v->text) != v->len) {
		out_text(c->out, utf8_printable(&c->arena, v->text, v->len));
	} else {
		sql_value_text(v, -1, &b);
		out_text(c->out, buf_str(&b));
	}
	buf_clear(&b);
}

static bool print_schema(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "name", .kind = COLUMN_TEXT},
	    {.key = "kind", .title = "kind", .kind = COLUMN_TEXT},
	    {.key = "columns", .title = "columns", .kind = COLUMN_CLIP},
	    {.key = "note", .title = "what it holds", .kind = COLUMN_CLIP},
	};
	struct sql_schema s;

	if (!task_sql_schema(c->path, &s, e))
		return false;
	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < s.n; i++) {
		struct buf b = BUF_INIT;

		for (size_t j = 0; j < s.v[i].n_columns; j++)
			buf_printf(&b, "%s%s", j ? ", " : "", s.v[i].columns[j].name);
		out_row(c->out);
		out_text(c->out, s.v[i].name);
		out_text(c->out, s.v[i].view ? "view" : "table");
		out_text(c->out, buf_str(&b));
		out_text(c->out, s.v[i].note);
		buf_clear(&b);
	}
	sql_schema_clear(&s);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct column *columns;
	struct query_rows r;
	size_t at;

	if (o->schema)
		return c->argc ? err_set(e, ERR_USAGE, "--schema takes no statement")
			       : print_schema(c, e);
	if (!c->argc)
		return err_set(e, ERR_USAGE,
		    "a statement is missing, such as "
		    "\"select * from model_overall limit 5\"; --schema "
		    "lists what there is");
	if (!task_sql(c->path, c->argv[0], o->limit, cli_progress(c), &r, &at, e))
		return false;
	columns = arena_array(&c->arena, struct column, r.n_columns);
	for (size_t j = 0; j < r.n_columns; j++) {
		const char *name = r.columns[j];
		size_t n = strlen(name);

		/* The document outlives the rows; a name may hold anything, a key only text. */
		columns[j] = column_of(&r, j);
		columns[j].title = utf8_printable(&c->arena, name, n);
		columns[j].key =
		    utf8_check(name, n) == n ? arena_strdup(&c->arena, name) : columns[j].title;
	}
	out_table(c->out, NULL, NULL, columns, r.n_columns);
	for (size_t i = 0; i < r.n; i++) {
		out_row(c->out);
		for (size_t j = 0; j < r.n_columns; j++)
			add_value(c, sql_value(&r, i, j), columns[j].kind);
	}
	if (r.cut)
		cli_note(c, "there are more than these %zu rows; --limit 0 gives all, up to %zu MB",
		    r.n, QUERY_BYTES >> 20);
	query_rows_clear(&r);
	return true;
}

const struct command cmd_sql = {
    .name = "sql",
    .synopsis = "[STATEMENT]",
    .summary = "ask the database in SQL, reading only",
    .description = "The statement can only read: ATTACH, extensions and changes are refused. "
		   "BLOBs are shown as their size. The tables are explained in embedllm-data(5).",
    .group = COMMAND_EXPLORE,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
