/* cmd_import.c - label files into the database, and out again */
#include "cli/cli.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/plural.h"
#include "task/import.h"
#include "task/imports.h"

#include <math.h>

struct options {
	struct import_options o;
	int dup; /* -1 = the database's */
	int64_t undo, show;
	bool list, list_formats;
	int runs;
	struct option_list only, except;
};

static const char *const runs_choices[] = {"apart", "newest", "mean", "stop", NULL};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"part", 0, OPTION_CHOICE, "PART", AT(o.part), .help = "the part that every row belongs to",
	.choices = cli_parts, .unset = "as the input says"},
    {"dup", 0, OPTION_CHOICE, "RULE", AT(dup),
	.help = "how repeats of one question and model become one label", .choices = policy_rules,
	.unset = "the database's, at first majority"},
    {"threshold", 0, OPTION_REAL, "X", AT(o.threshold), .max = 1,
	.help = "a score of at least X counts as right", .unset = "the database's, at first 0.5"},
    {"format", 0, OPTION_TEXT, "NAME", AT(o.format), .help = "format of the files",
	.unset = "recognised"},
    {"list-formats", 0, OPTION_SET, NULL, AT(list_formats), .help = "list the formats"},
    {"check", 0, OPTION_SET, NULL, AT(o.check), .help = "read and report, change nothing"},
    {"only", 0, OPTION_LIST, "GLOB", AT(only),
	.help = "take only tasks of that name; may be given again"},
    {"except", 0, OPTION_LIST, "GLOB", AT(except),
	.help = "leave tasks of that name out; may be given again"},
    {"metric", 0, OPTION_TEXT, "NAME", AT(o.metric),
	.help = "the figure to take as the label where there are several"},
    {"filter", 0, OPTION_TEXT, "NAME", AT(o.filter),
	.help = "the filter to take where a document has several"},
    {"runs", 0, OPTION_CHOICE, "HOW", AT(runs),
	.help = "several runs of a model under other settings", .choices = runs_choices},
    {"accept", 0, OPTION_SET, NULL, AT(o.accept),
	.help = "take labels that are not what their source says they come to"},
    {"columns", 0, OPTION_TEXT, "NAMES", AT(o.columns),
	.help = "columns of a table: model=NAME,benchmark=NAME,question=NAME,label=NAME"},
    {"right", 0, OPTION_TEXT, "WORDS", AT(o.right),
	.help = "labels that count as right, parted by commas; all others are wrong"},
    {"scale", 0, OPTION_REAL, "N", AT(o.scale), .help = "the label that is wholly right",
	.unset = "1"},
    {"model", 0, OPTION_TEXT, "NAME", AT(o.model), .help = "model, where the input names none"},
    {"benchmark", 0, OPTION_TEXT, "NAME", AT(o.benchmark),
	.help = "benchmark, where the input names none"},
    {"skip-bad", 0, OPTION_SET, NULL, AT(o.skip_bad),
	.help = "leave bad lines out, counted and listed, instead of stopping"},
    {"list", 0, OPTION_SET, NULL, AT(list), .help = "list the imports"},
    {"show", 0, OPTION_ID, "ID", AT(show),
	.help = "what import ID had to say: its remarks, its figures against their source's",
	.unset = ""},
    {"undo", 0, OPTION_ID, "ID", AT(undo), .help = "take import ID out again", .unset = ""},
    {.name = NULL},
};

static void defaults(void *options)
{
	struct options *o = options;

	import_options_default(&o->o);
	o->dup = -1;
}

static const struct column columns[] = {
    {.key = "import", .kind = COLUMN_INT},
    {.key = "file", .kind = COLUMN_TEXT},
    {.key = "format", .kind = COLUMN_TEXT},
    {.key = "rows", .kind = COLUMN_INT},
    {.key = "missing", .kind = COLUMN_INT},
    {.key = "models", .kind = COLUMN_INT},
    {.key = "models_new", .kind = COLUMN_INT},
    {.key = "questions", .kind = COLUMN_INT},
    {.key = "questions_new", .kind = COLUMN_INT},
    {.key = "train", .kind = COLUMN_INT},
    {.key = "val", .kind = COLUMN_INT},
    {.key = "test", .kind = COLUMN_INT},
    {.key = "leaks", .kind = COLUMN_INT},
    {.key = "repeats", .kind = COLUMN_INT},
    {.key = "conflicts", .kind = COLUMN_INT},
    {.key = "to_right", .kind = COLUMN_INT},
    {.key = "to_wrong", .kind = COLUMN_INT},
    {.key = "to_missing", .kind = COLUMN_INT},
    {.key = "rule", .kind = COLUMN_TEXT},
    {.key = "threshold", .kind = COLUMN_REAL, .decimals = 2},
    {.key = "skipped", .kind = COLUMN_INT},
    {.key = "remarks", .kind = COLUMN_TEXT},
    {.key = "seconds", .kind = COLUMN_REAL, .decimals = 2},
};

/* "choice: ...", one a line, for TSV and JSON; NULL where there are none. */
static const char *remarks_text(struct cli *c, const struct response_remark *r, size_t n)
{
	const char *text = NULL;

	for (size_t i = 0; i < n; i++)
		text = arena_printf(&c->arena, "%s%s%s: %s", text ? text : "", text ? "\n" : "",
		    remark_kind_name(r[i].kind), r[i].text);
	return text;
}

static void add_row(struct cli *c, const struct response_report *r)
{
	struct out *out = c->out;

	out_row(out);
	if (r->import)
		out_int(out, r->import);
	else
		out_missing(out);
	out_text(out, r->file);
	out_text(out, r->format);
	out_int(out, (int64_t)r->rows);
	out_int(out, (int64_t)r->missing);
	out_int(out, (int64_t)r->models);
	out_int(out, (int64_t)r->models_new);
	out_int(out, (int64_t)r->questions);
	out_int(out, (int64_t)r->questions_new);
	for (int part = PART_TRAIN; part < PART_COUNT; part++)
		out_int(out, (int64_t)r->per_part[part]);
	out_int(out, (int64_t)r->leaks);
	out_int(out, (int64_t)r->repeats);
	out_int(out, (int64_t)r->conflicts);
	out_int(out, (int64_t)r->to_right);
	out_int(out, (int64_t)r->to_wrong);
	out_int(out, (int64_t)r->to_missing);
	out_text(out, policy_rule_name(r->policy.rule));
	out_real(out, r->policy.threshold);
	out_int(out, (int64_t)r->skipped);
	out_text(out, remarks_text(c, r->remarks, r->n_remarks));
	out_real(out, r->seconds);
}

static void add_lines(struct out *out, const struct response_report *r)
{
	if (r->import)
		out_line(out, "%s: import %lld, %s, %.1f s", r->file, (long long)r->import,
		    r->format, r->seconds);
	else
		out_line(out, "%s: %s, %.1f s; only looked at, nothing was changed", r->file,
		    r->format, r->seconds);
	out_line(out, "  rows       %llu, of which %llu without a label",
	    (unsigned long long)r->rows, (unsigned long long)r->missing);
	out_line(out, "  models     %zu, of which %zu new", r->models, r->models_new);
	out_line(out, "  questions  %zu, of which %zu new", r->questions, r->questions_new);
	if (r->per_part[PART_TRAIN] + r->per_part[PART_VAL] + r->per_part[PART_TEST])
		out_line(out, "  parts      train %zu, val %zu, test %zu", r->per_part[PART_TRAIN],
		    r->per_part[PART_VAL], r->per_part[PART_TEST]);
	if (r->leaks)
		out_line(out, "  leaks      %zu question%s came in two parts: test wins, then val",
		    r->leaks, plural(r->leaks));
	if (r->repeats)
		out_line(out,
		    "  repeats    %llu row%s; pairs in conflict %llu, by %s: %llu right, %llu "
		    "wrong, %llu missing",
		    (unsigned long long)r->repeats, plural(r->repeats),
		    (unsigned long long)r->conflicts, policy_rule_name(r->policy.rule),
		    (unsigned long long)r->to_right, (unsigned long long)r->to_wrong,
		    (unsigned long long)r->to_missing);
	else
		out_line(out, "  repeats    none");
	for (size_t i = 0; i < r->n_remarks; i++)
		out_line(
		    out, "  %-10s %s", remark_kind_name(r->remarks[i].kind), r->remarks[i].text);
	if (r->skipped)
		out_line(out, "  skipped    %llu bad line%s", (unsigned long long)r->skipped,
		    plural(r->skipped));
	for (size_t i = 0; i < r->n_skips; i++)
		out_line(out, "    %s: %s", r->skips[i].place, r->skips[i].reason);
	if (r->skipped > r->n_skips)
		out_line(out, "    and %llu more", (unsigned long long)r->skipped - r->n_skips);
}

static void done(void *arg, const struct response_report *r)
{
	struct cli *c = arg;

	c->keep_out = true;
	if (out_format(c->out) == OUT_PLAIN)
		add_lines(c->out, r);
	else
		add_row(c, r);
	for (size_t i = 0; out_format(c->out) != OUT_PLAIN && i < r->n_skips; i++)
		cli_note(c, "skipped %s: %s", r->skips[i].place, r->skips[i].reason);
}

static void passed(void *arg, const char *path, const char *why)
{
	cli_note(arg, "passed over %s: %s", path, why);
}

static bool undo(struct cli *c, int64_t import, struct err *e)
{
	struct response_undone u;

	if (!task_import_undo(c->db, import, &u, e))
		return false;
	out_fact_int(c->out, "import", "import taken out", import);
	out_fact_int(c->out, "rows", "rows", (int64_t)u.rows);
	out_fact_int(c->out, "questions", "questions gone", (int64_t)u.questions);
	out_fact_int(c->out, "models", "models gone", (int64_t)u.models);
	out_fact_int(c->out, "stale_runs", "runs trained on other data now", (int64_t)u.runs);
	return true;
}

static bool list_imports(struct cli *c, struct err *e)
{
	struct imports l;
	struct table t;

	if (!task_imports(c->db, &l, e))
		return false;
	t = imports_table(&l);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	imports_clear(&l);
	return true;
}

/* The columns of the list as facts, then what it said. */
static bool show(struct cli *c, int64_t import, struct err *e)
{
	const struct response_import_row *r;
	struct buf scratch = BUF_INIT;
	struct imports l;
	struct table t;

	if (!task_imports(c->db, &l, e))
		return false;
	r = imports_find(&l, import);
	if (r) {
		t = imports_table(&l);
		for (size_t i = 0; i < IMPORTS_REMARKS; i++) {
			const struct value v = table_get(&t, (size_t)(r - l.v), i, &scratch);

			if (t.columns[i].kind == COLUMN_INT)
				out_fact_int(c->out, t.columns[i].key, t.columns[i].key, v.n);
			else
				out_fact_text(c->out, t.columns[i].key, t.columns[i].key,
				    v.missing ? NULL : v.text);
		}
		t = remarks_table(r);
		out_rows(c->out, "remarks", "", &t, NULL, t.n);
		t = claims_table(r);
		out_rows(c->out, "claims", "", &t, NULL, t.n);
	} else {
		err_set(e, ERR_USAGE, "no import %lld; 'embedllm import --list' lists them",
		    (long long)import);
	}
	buf_clear(&scratch);
	imports_clear(&l);
	return r != NULL;
}

static bool list_formats(struct cli *c)
{
	static const struct column format_columns[] = {
	    {.key = "format", .title = "format", .kind = COLUMN_TEXT},
	    {.key = "about", .title = "about", .kind = COLUMN_CLIP},
	};
	size_t n;
	const struct import_format *f = import_formats(&n);

	out_table(c->out, NULL, NULL, format_columns, 2);
	for (size_t i = 0; i < n; i++) {
		out_row(c->out);
		out_text(c->out, f[i].name);
		out_text(c->out, f[i].about);
	}
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;
	const enum policy_rule rule = (enum policy_rule)o->dup;
	struct import_watch watch = {.done = done, .passed = passed, .arg = c};

	if (o->list_formats)
		return list_formats(c);
	if ((o->undo || o->show || o->list) && c->argc)
		return err_set(e, ERR_USAGE, "import --%s takes no file",
		    o->undo   ? "undo"
		    : o->show ? "show"
			      : "list");
	if (o->list)
		return cli_open(c, SESSION_READ, e) && list_imports(c, e);
	if (o->show)
		return cli_open(c, SESSION_READ, e) && show(c, o->show, e);
	if (o->undo)
		return cli_open(c, SESSION_WRITE, e) && undo(c, o->undo, e);
	if (c->argc == 0)
		return err_set(e, ERR_USAGE, "import: no file is named; '-' is standard input");
	if (o->dup >= 0)
		o->o.dup = &rule;
	o->o.runs = (enum import_runs)o->runs;
	o->o.only = (struct import_list){o->only.v, o->only.n};
	o->o.except = (struct import_list){o->except.v, o->except.n};
	if (o->o.check && !file_exists(c->path)) { /* looking makes no database */
		mem_free(c->path);
		c->path = mem_strdup(":memory:");
	}
	if (!cli_open(c, SESSION_CREATE, e))
		return false;
	watch.progress = cli_progress(c);
	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	return task_import(c->db, (const char *const *)c->argv, (size_t)c->argc, &o->o, &watch, e);
}

const struct command cmd_import = {
    .name = "import",
    .synopsis = "FILE...",
    .summary = "read label files into the database",
    .description = "Files may be compressed (.gz, .zst, .xz); of a folder comes in whatever a "
		   "format knows, and the "
		   "rest is listed; '-' is standard input. Each import is one transaction: it "
		   "comes in whole or, on "
		   "an error, not at all.",
    .group = COMMAND_DATA,
    .max_operands = -1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
