/* cmd_sql.c - the database asked in SQL, and what it holds */
#include "cli/cli.h"

#include "base/err.h"
#include "base/plural.h"
#include "task/sql.h"

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

static bool print_schema(struct cli *c, struct err *e)
{
	struct sql_schema s;
	struct table t;

	if (!task_sql_schema(c->path, &s, e))
		return false;
	t = sql_schema_table(&s);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	sql_schema_clear(&s);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct query_rows r;
	struct table t;
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
	t = sql_rows_table(&r, sql_columns(&r, &c->arena));
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	if (r.cut)
		cli_note(c,
		    "there are more than these %zu row%s; --limit 0 gives all, up to %zu MB", r.n,
		    plural(r.n), QUERY_BYTES >> 20);
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
