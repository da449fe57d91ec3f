/* cmd_model.c - one model */
#include "cli/cli.h"

#include "base/err.h"
#include "task/atlas.h"
#include "task/neighbours.h"
#include "task/profile.h"

#include <math.h>

struct options {
	size_t nearest, surprises;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"nearest", 0, OPTION_SIZE, "N", AT(nearest), .help = "models nearest to it; 0 lists all"},
    {"surprises", 0, OPTION_SIZE, "N", AT(surprises),
	.help = "answers of each kind against the forecast"},
    {.name = NULL},
};

static void defaults(void *options)
{
	((struct options *)options)->nearest = ((struct options *)options)->surprises = 5;
}

static void add_calibration(struct cli *c, const struct profile *p)
{
	static const struct column columns[] = {
	    {.key = "forecast", .title = "mean forecast", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "right", .title = "share right", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "answers", .title = "answers", .kind = COLUMN_INT},
	};

	out_table(c->out, "calibration", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < p->n_bins; i++) {
		out_row(c->out);
		out_real(c->out, p->bins[i].p);
		out_real(c->out, p->bins[i].right);
		out_int(c->out, (int64_t)p->bins[i].n);
	}
}

/* Of the rows that are of one kind. */
static void add_surprises(struct cli *c, const struct atlas *a, const struct profile *p, bool wrong)
{
	struct table t = surprises_table(p, a);
	size_t n = wrong ? p->n_wrong : p->n_right, first = wrong ? 0 : p->n_wrong;
	uint32_t *order = arena_array(&c->arena, uint32_t, n + 1);

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)(first + i);
	out_rows(c->out, wrong ? "unexpectedly_wrong" : "unexpectedly_right",
	    wrong ? "wrong against the forecast" : "right against the forecast", &t, order, n);
}

/* Without a run, or a vector in it, a table of none. */
static bool add_nearest(struct cli *c, const struct atlas *a, size_t model, struct err *e)
{
	const struct options *o = c->options;
	struct neighbours near = {.n = 0};
	struct table t;
	bool known = a->run && a->has_vector[model];

	if (!known && out_format(c->out) != OUT_JSON)
		return true;
	if (known &&
	    !task_neighbours(a, model, &(struct neighbours_options){.k = o->nearest}, &near, e))
		return false;
	t = neighbours_table(&near, &a->catalog);
	out_rows(c->out, "nearest", "nearest", &t, NULL, t.n);
	neighbours_clear(&near);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
	const struct catalog_model *m;
	struct profile p;
	struct table t;
	size_t at;
	bool ok;

	if (!a)
		return false;
	at = catalog_find_model(&a->catalog, c->argv[0], e);
	if (at == SIZE_MAX || !task_profile(a, at, o->surprises, &p, e)) {
		atlas_free(a);
		return false;
	}
	m = &a->catalog.models[at];
	out_fact_text(c->out, "name", "model", m->name);
	out_fact_share(c->out, "accuracy", "accuracy", 1, catalog_model_accuracy(m));
	out_fact_int(c->out, "rank", "rank", (int64_t)p.rank);
	out_fact_int(c->out, "questions", "questions", llround(m->seen));
	if (a->run && a->placed[at])
		out_fact_int(c->out, "placed", "placed without training, by answers",
		    (int64_t)a->placed[at]);
	out_fact_int(c->out, "held_out", "held-out answers", (int64_t)p.held_out);
	out_fact_real(c->out, "ece", "calibration error on them", 3, p.ece);
	out_fact(c->out, "price_in", "dollars per million tokens in", COLUMN_MONEY, 0);
	out_real(c->out, m->price_in);
	out_fact(c->out, "price_out", "dollars per million tokens out", COLUMN_MONEY, 0);
	out_real(c->out, m->price_out);
	out_fact_real(c->out, "tokens_in", "tokens in a question", 0, m->tokens_in);
	out_fact_real(c->out, "tokens_out", "tokens out a question", 0, m->tokens_out);
	out_fact(c->out, "tags", "tags", COLUMN_MAP, 0);
	cli_tags(c, m);
	t = profile_table(&p, &a->catalog);
	out_rows(c->out, "benchmarks", "", &t, NULL, t.n);
	ok = add_nearest(c, a, at, e);
	if ((a->run && a->trained.in_run[at]) || out_format(c->out) == OUT_JSON) {
		add_calibration(c, &p);
		add_surprises(c, a, &p, true);
		add_surprises(c, a, &p, false);
	}
	profile_clear(&p);
	atlas_free(a);
	return ok;
}

const struct command cmd_model = {
    .name = "model",
    .synopsis = "NAME",
    .summary = "one model: its benchmarks, nearest models, calibration and surprising answers",
    .description = "NAME is the whole name or a part that only one name holds.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
