/* cmd_route.c - which model a question goes to */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/stream.h"
#include "task/route.h"
#include "task/route_file.h"
#include "chart/charts.h"
#include "chart/chart_file.h"

#include <math.h>
#include <string.h>

struct options {
	struct route_options o;
	struct option_list pool, without;
	const char *file, *plot;
	int64_t run;
	size_t top; /* candidates to print, 0 = all */
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"pool", 0, OPTION_NAMES, "MODEL,...", AT(pool), .help = "only these models are candidates",
	.unset = "all of the run"},
    {"without", 0, OPTION_NAMES, "MODEL,...", AT(without), .help = "these models are none"},
    {"cost-weight", 0, OPTION_REAL, "X", AT(o.cost_weight), .max = 1,
	.help = "0 looks at the probability alone; more lets dear models lose"},
    {"tokens-in", 0, OPTION_REAL, "N", AT(o.tokens_in), .help = "tokens read a question",
	.unset = "guessed from the text"},
    {"tokens-out", 0, OPTION_REAL, "N", AT(o.tokens_out), .help = "tokens written a question"},
    {"evidence", 0, OPTION_SIZE, "N", AT(o.evidence), .max = 1000,
	.help = "nearest training questions to show"},
    {"file", 0, OPTION_TEXT, "FILE", AT(file),
	.help = "route many questions, one a line; '-' is standard input"},
    {"plot", 0, OPTION_TEXT, "FILE", AT(plot),
	.help = "draw cost against p(right): .svg, .pdf or .png"},
    {"top", 0, OPTION_SIZE, "N", AT(top), .help = "candidates to show", .unset = "all"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

static void defaults(void *options)
{
	route_options_default(&((struct options *)options)->o);
}

/* Marks the named models; an ambiguous or unknown name is an error. */
static bool mark(
    const struct atlas *a, const struct option_list *names, bool value, bool *pool, struct err *e)
{
	for (size_t i = 0; i < names->n; i++) {
		size_t m = catalog_find_model(&a->catalog, names->v[i], e);

		if (m == SIZE_MAX)
			return false;
		if (!a->trained.in_run[m])
			return err_set(e, ERR_USAGE,
			    "%s has no vector in %s; train again to route to it",
			    a->catalog.models[m].name, a->run_name);
		pool[m] = value;
	}
	return true;
}

static bool make_pool(struct cli *c, const struct atlas *a, struct options *o, struct err *e)
{
	bool *pool = arena_array(&c->arena, bool, a->catalog.n_models);

	for (size_t m = 0; m < a->catalog.n_models; m++)
		pool[m] = o->pool.n == 0 && a->trained.in_run[m];
	if (!mark(a, &o->pool, true, pool, e) || !mark(a, &o->without, false, pool, e))
		return false;
	if (!memchr(pool, true, a->catalog.n_models))
		return err_set(e, ERR_USAGE, "no model is left to route to");
	o->o.pool = pool;
	return true;
}

static void add_candidates(
    struct out *out, const struct atlas *a, const struct route *r, size_t top)
{
	static const struct column columns[] = {
	    {.key = "rank", .title = "#", .kind = COLUMN_INT},
	    {.key = "name", .title = "model", .kind = COLUMN_CLIP},
	    {.key = "p", .title = "p(right)", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "low", .title = "low", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "high", .title = "high", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "cost", .title = "$/1k", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "utility", .title = "utility", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "near_right", .title = "near right", .kind = COLUMN_REAL},
	    {.key = "near_seen", .title = "of", .kind = COLUMN_REAL},
	};

	out_table(out, "candidates", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < r->n && (!top || i < top); i++) {
		const struct route_candidate *v = &r->v[i];

		out_row(out);
		out_int(out, (int64_t)i + 1);
		out_text(out, a->catalog.models[v->model].name);
		out_real(out, v->p);
		out_real(out, v->low);
		out_real(out, v->high);
		out_real(out, v->cost);
		out_real(out, v->utility);
		out_real(out, v->near_right);
		out_real(out, v->near_seen);
	}
}

static void add_evidence(struct out *out, const struct atlas *a, const struct route *r)
{
	static const struct column columns[] = {
	    {.key = "similarity", .title = "cosine", .kind = COLUMN_REAL, .decimals = 2},
	    {.key = "benchmark", .title = "benchmark", .kind = COLUMN_TEXT},
	    {.key = "right_share", .title = "right", .kind = COLUMN_SHARE},
	    {.key = "question_id", .kind = COLUMN_INT},
	    {.key = "text", .title = "nearest training questions", .kind = COLUMN_CLIP},
	};

	out_table(out, "evidence", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < r->n_evidence; i++) {
		const struct route_evidence *v = &r->evidence[i];
		const struct catalog_question *q = &a->questions[v->question];

		out_row(out);
		out_real(out, v->similarity);
		out_text(out, a->catalog.benchmarks[q->benchmark].name);
		out_real(out, v->right_share);
		out_int(out, q->id);
		out_text(out, q->text);
	}
}

static bool draw(
    struct cli *c, const struct atlas *a, const struct route *r, const char *path, struct err *e)
{
	struct chart chart;
	bool ok;

	if (!chart_of_costs(&chart, &a->catalog, a->run_name, r))
		return err_set(e, ERR_DATA,
		    "no candidate has a price; give prices with 'embedllm models set' first");
	ok = cli_plot(c, &chart, path, e);
	chart_clear(&chart);
	return ok;
}

static bool route_one(
    struct cli *c, const struct atlas *a, const struct options *o, const char *text, struct err *e)
{
	const char *best;
	struct route r;
	bool ok;

	if (!task_route(a, text, &o->o, &r, e))
		return false;
	best = a->catalog.models[r.best_single].name;
	out_fact_text(c->out, "text", NULL, text);
	cli_run(c, a);
	out_fact_text(
	    c->out, "model", "goes to", r.n ? a->catalog.models[r.v[0].model].name : NULL);
	out_fact_text(c->out, "best_single", "best on training data", best);
	out_fact_real(c->out, "best_single_p", "  its p(right) here", 3, r.best_single_p);
	out_fact_real(c->out, "novelty", NULL, 3, r.novelty);
	out_fact_text(c->out, "warning", r.warning ? "warning" : NULL, r.warning);
	out_fact_real(c->out, "cost_weight", NULL, 2, o->o.cost_weight);
	add_candidates(c->out, a, &r, o->top);
	if (r.n_evidence || out_format(c->out) == OUT_JSON)
		add_evidence(c->out, a, &r);
	ok = !o->plot || draw(c, a, &r, o->plot, e);
	route_clear(&r);
	return ok;
}

struct lines {
	struct cli *c;
	const struct atlas *a;
};

static bool add_line(void *arg, size_t line, const struct route *r, struct err *e)
{
	struct out *out = ((struct lines *)arg)->c->out;
	const struct catalog_model *models = ((struct lines *)arg)->a->catalog.models;

	(void)e;
	out_row(out);
	out_int(out, (int64_t)line);
	out_text(out, models[r->v[0].model].name);
	out_real(out, r->v[0].p);
	out_real(out, r->v[0].low);
	out_real(out, r->v[0].high);
	out_real(out, r->v[0].cost);
	out_text(out, r->n > 1 ? models[r->v[1].model].name : NULL);
	out_real(out, r->n > 1 ? r->v[1].p : NAN);
	out_real(out, r->novelty);
	out_text(out, r->text);
	return true;
}

static bool route_file(struct cli *c, const struct atlas *a, const struct options *o, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "line", .title = "line", .kind = COLUMN_INT},
	    {.key = "model", .title = "goes to", .kind = COLUMN_CLIP},
	    {.key = "p", .title = "p(right)", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "low", .title = "low", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "high", .title = "high", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "cost", .title = "$/1k", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "second", .kind = COLUMN_TEXT},
	    {.key = "second_p", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "novelty", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "text", .title = "question", .kind = COLUMN_CLIP},
	};
	struct lines lines = {c, a};

	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	return task_route_file(a, o->file, &o->o, cli_progress(c), add_line, &lines, e);
}

/* The operand, or with "-" all of standard input without its last line end. */
static bool read_text(struct cli *c, const char **text, struct err *e)
{
	struct buf b;

	*text = c->argv[0];
	if (strcmp(*text, "-"))
		return true;
	buf_init(&b, ROUTE_TEXT_MAX);
	if (!stream_read_all("-", &b, e))
		return false;
	while (b.len && (b.s[b.len - 1] == '\n' || b.s[b.len - 1] == '\r'))
		b.s[--b.len] = '\0';
	*text = arena_strdup(&c->arena, buf_str(&b));
	buf_clear(&b);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;
	const char *text = NULL;
	struct atlas *a;
	bool ok;

	if (!o->file && c->argc == 0)
		return err_set(e, ERR_USAGE, "route: give the question, in quotes, or --file FILE");
	if (o->file && c->argc)
		return err_set(e, ERR_USAGE, "route: give a question or --file, not both");
	if (o->file && o->plot)
		return err_set(e, ERR_USAGE, "route: --plot is of one question, not of --file");
	if (o->plot && !chart_file_check(o->plot, e))
		return false;
	if (!o->file && !read_text(c, &text, e))
		return false;
	a = cli_atlas(c, o->run, e);
	if (!a)
		return false;
	ok = make_pool(c, a, o, e) &&
	     (o->file ? route_file(c, a, o, e) : route_one(c, a, o, text, e));
	atlas_free(a);
	return ok;
}

const struct command cmd_route = {
    .name = "route",
    .synopsis = "\"QUESTION\"",
    .summary = "rank the models for a question, with the evidence",
    .description =
	"Shows for every candidate the probability of a right answer with a 90 % "
	"interval, and the training questions most like this one with how the candidates "
	"did on them. '-' reads the question from standard input.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
