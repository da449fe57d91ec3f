/* cmd_neighbours.c - models that behave alike */
#include "cli/cli.h"

#include "base/err.h"
#include "task/atlas.h"
#include "task/neighbours.h"

struct options {
	struct neighbours_options o;
	int64_t run;
};

static const char *const metrics[] = {"cosine", "l2", NULL}; /* by enum neighbour_metric */

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"metric", 0, OPTION_CHOICE, "METRIC", AT(o.metric), .help = "how near", .choices = metrics},
    {"count", 'k', OPTION_SIZE, "N", AT(o.k), .help = "models to list; 0 lists all"},
    {"apart-from-ability", 0, OPTION_SET, NULL, AT(o.apart),
	.help = "with the first direction, which is ability, taken out of the vectors"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

static void defaults(void *options)
{
	struct options *o = options;

	o->o.k = 10;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = cli_atlas(c, o->run, e);
	struct neighbours near;
	struct table t;
	size_t model;

	if (!a)
		return false;
	model = catalog_find_model(&a->catalog, c->argv[0], e);
	if (model == SIZE_MAX || !task_neighbours(a, model, &o->o, &near, e)) {
		atlas_free(a);
		return false;
	}
	out_fact_text(c->out, "model", "model", a->catalog.models[model].name);
	cli_run(c, a);
	if (a->placed[model])
		out_fact_int(c->out, "placed", "placed without training, by answers",
		    (int64_t)a->placed[model]);
	out_fact_text(c->out, "metric", "metric", metrics[o->o.metric]);
	if (o->o.apart) {
		out_fact_share(c->out, "taken_out", "taken out, of the variance", 1, near.share);
		out_fact_real(
		    c->out, "taken_out_accuracy", "its correlation with accuracy", 2, near.ability);
	}
	t = neighbours_table(&near, &a->catalog);
	out_rows(c->out, "neighbours", "", &t, NULL, t.n);
	neighbours_clear(&near);
	atlas_free(a);
	return true;
}

const struct command cmd_neighbours = {
    .name = "neighbours",
    .alias = "neighbors",
    .synopsis = "MODEL",
    .summary = "models whose vectors are nearest to one model's",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
