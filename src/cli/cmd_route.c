/* cmd_route.c - which model a question goes to */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/stream.h"
#include "task/route.h"
#include "task/route_file.h"
#include "task/route_policy.h"
#include "chart/charts.h"
#include "chart/chart_file.h"

#include <math.h>
#include <string.h>

struct options {
	struct route_options o;
	struct option_list pool, without;
	const char *file, *plot, *policy;
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
    {"policy", 0, OPTION_TEXT, "FILE", AT(policy),
	.help = "run, pool, prices, cost weight and fallback as 'cost --policy' wrote them"},
    {"top", 0, OPTION_SIZE, "N", AT(top), .help = "candidates to show", .unset = "all"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

static void defaults(void *options)
{
	route_options_default(&((struct options *)options)->o);
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
	struct table t;
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
	out_fact_int(
	    c->out, "unpriced", r.n_unpriced ? "without a price" : NULL, (int64_t)r.n_unpriced);
	t = route_table(&r, &a->catalog);
	out_rows(c->out, "candidates", "", &t, NULL, o->top && o->top < r.n ? o->top : r.n);
	for (size_t i = 0; i < r.n && (!o->top || i < o->top); i++)
		if (a->placed[r.v[i].model])
			out_line(c->out, "%s: placed from %zu answers, without training",
			    a->catalog.models[r.v[i].model].name, a->placed[r.v[i].model]);
	t = evidence_table(&r, a);
	if (t.n || out_format(c->out) == OUT_JSON)
		out_rows(c->out, "evidence", "", &t, NULL, t.n);
	ok = !o->plot || draw(c, a, &r, o->plot, e);
	route_clear(&r);
	return ok;
}

static bool route_file(struct cli *c, const struct atlas *a, const struct options *o, struct err *e)
{
	struct routed r;
	struct table t;
	bool ok = task_routed(a, o->file, &o->o, cli_progress(c), &r, e);

	t = routed_table(&r, &a->catalog);
	if (ok)
		out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	routed_clear(&r);
	return ok;
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

/* A policy says everything: what is given beside it would be silently another one. */
static bool read_policy(struct options *o, struct route_policy *policy, struct err *e)
{
	struct route_options unset;

	route_options_default(&unset);
	if (o->run || o->pool.n || o->without.n || o->o.cost_weight > 0 || o->o.tokens_in > 0 ||
	    o->o.tokens_out < unset.tokens_out || o->o.tokens_out > unset.tokens_out)
		return err_set(e, ERR_USAGE,
		    "route: --policy says run, pool, cost weight and tokens: give it alone, or "
		    "edit the file");
	if (!route_policy_read(o->policy, policy, e))
		return false;
	o->run = policy->run;
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;
	struct route_policy policy;
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
	if (o->policy && !read_policy(o, &policy, e))
		return false;
	a = cli_atlas(c, o->run, e);
	ok = a && (o->policy ? route_policy_apply(&policy, a, &o->o, e)
			     : cli_pool(c, a, &o->pool, &o->without, &o->o.pool, e));
	ok = ok && (o->file ? route_file(c, a, o, e) : route_one(c, a, o, text, e));
	atlas_free(a);
	if (o->policy)
		route_policy_clear(&policy);
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
