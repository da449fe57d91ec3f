/* cmd_cost.c - accuracy against dollars, and the routing policy that follows */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "chart/charts.h"
#include "chart/chart_file.h"
#include "task/cost.h"
#include "task/route_policy.h"

#include <math.h>

struct options {
	struct cost_options o;
	struct option_list pool, without;
	const char *plot, *policy;
	double weight; /* NaN = the one that is advised */
	int64_t run;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"part", 0, OPTION_CHOICE, "PART", AT(o.part), .help = "questions to judge on",
	.choices = cli_parts},
    {"pool", 0, OPTION_NAMES, "MODEL,...", AT(pool), .help = "only these models are candidates",
	.unset = "all of the run"},
    {"without", 0, OPTION_NAMES, "MODEL,...", AT(without), .help = "these models are none"},
    {"tokens-in", 0, OPTION_REAL, "N", AT(o.route.tokens_in), .help = "tokens read a question",
	.unset = "guessed from the text"},
    {"tokens-out", 0, OPTION_REAL, "N", AT(o.route.tokens_out),
	.help = "tokens written a question"},
    {"policy", 0, OPTION_TEXT, "FILE", AT(policy),
	.help = "write the routing policy that 'route --policy' reads"},
    {"cost-weight", 0, OPTION_REAL, "X", AT(weight), .max = 1, .help = "weight of the policy",
	.unset = "the one advised"},
    {"plot", 0, OPTION_TEXT, "FILE", AT(plot),
	.help = "draw accuracy against cost: .svg, .pdf or .png"},
    {"bootstrap", 0, OPTION_SIZE, "N", AT(o.bootstrap), .max = 1000000,
	.help = "resamples of the questions for the intervals"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of the resamples"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

static void defaults(void *options)
{
	struct options *o = options;

	cost_options_default(&o->o);
	o->weight = NAN;
}

static void add_height(struct out *out, const char *key, const char *title, const struct figure *f)
{
	out_fact(out, key, title, COLUMN_FIGURE, 4);
	out_figure(out, f->value, f->low, f->high);
}

static void add_curve(struct cli *c, const struct atlas *a, const struct cost_curve *v)
{
	struct table t = cost_table(v, &a->catalog);
	struct buf advice = BUF_INIT;

	cli_run(c, a);
	out_fact_text(c->out, "part", "part", part_name(v->part));
	out_fact_int(c->out, "questions", "questions", (int64_t)v->n_questions);
	out_fact_int(c->out, "priced", "models with a price", (int64_t)v->n_priced);
	out_fact_int(c->out, "unpriced", v->n_unpriced ? "unpriced, left out" : NULL,
	    (int64_t)v->n_unpriced);
	out_fact_text(c->out, "best_single", "best on training data",
	    a->catalog.models[v->v[v->best].model].name);
	add_height(c->out, "aiq", "AIQ of the router", &v->aiq);
	add_height(c->out, "aiq_mix", "AIQ of models drawn by lot", &v->aiq_mix);
	add_height(c->out, "aiq_gain", "  router minus that", &v->aiq_gain);
	add_height(c->out, "aiq_oracle", "AIQ of the oracle", &v->aiq_oracle);
	add_height(c->out, "area", "area under the router's curve", &v->area);
	cost_print_advice(v, &a->catalog, &advice);
	out_fact_real(c->out, "advised_weight", NULL, 2,
	    v->advised == SIZE_MAX ? NAN : v->v[v->advised].weight);
	out_fact_real(
	    c->out, "saved", NULL, 3, v->advised == SIZE_MAX ? NAN : v->v[v->advised].saved);
	out_fact_text(c->out, "advice", "advice", buf_str(&advice));
	out_rows(c->out, "points", "", &t, NULL, t.n);
	buf_clear(&advice);
}

static bool write_policy(struct cli *c, const struct atlas *a, const struct options *o,
    const struct cost_curve *v, struct err *e)
{
	struct route_options r = o->o.route;

	if (isnan(o->weight) && v->advised == SIZE_MAX)
		return err_set(e, ERR_USAGE,
		    "no weight is within 2 points of the best single model: say which one the "
		    "policy has: --cost-weight X");
	r.cost_weight = isnan(o->weight) ? v->v[v->advised].weight : o->weight;
	if (!route_policy_write(o->policy, a, &r, v->v[v->best].model, e))
		return false;
	cli_note(c, "%s: routes by run %lld at cost weight %.2f", o->policy, (long long)a->run,
	    r.cost_weight);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;
	struct cost_curve v;
	struct atlas *a;
	bool ok;

	if (!isnan(o->weight) && !o->policy)
		return err_set(e, ERR_USAGE, "cost: --cost-weight is of the --policy FILE");
	if (o->plot && !chart_file_check(o->plot, e))
		return false;
	a = cli_atlas(c, o->run, e);
	if (!a)
		return false;
	ok = cli_pool(c, a, &o->pool, &o->without, &o->o.route.pool, e) &&
	     task_cost(a, &o->o, cli_progress(c), &v, e);
	if (ok) {
		add_curve(c, a, &v);
		if (o->plot) {
			struct chart chart;

			chart_of_cost(&chart, &a->catalog, a->run_name, &v, SIZE_MAX);
			ok = cli_plot(c, &chart, o->plot, e);
			chart_clear(&chart);
		}
		ok = ok && (!o->policy || write_policy(c, a, o, &v, e));
		cost_clear(&v);
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_cost = {
    .name = "cost",
    .synopsis = "",
    .summary = "accuracy against dollars, and the routing policy that follows",
    .description =
	"On held-out questions: each model with a price, the router at each weight of cost, and "
	"the "
	"oracle, beside the model that is best on training data and beside models drawn by lot for "
	"the same money. AIQ and area are mean heights over the costs from the cheapest to the "
	"dearest model.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
