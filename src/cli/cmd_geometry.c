/* cmd_geometry.c - what distances of model vectors mean */
#include "cli/cli.h"

#include "base/err.h"
#include "task/atlas.h"
#include "task/geometry.h"

struct options {
	struct geometry_options o;
	int64_t run;
};

static const char *const metrics[] = {"cosine", "l2", NULL}; /* by enum neighbour_metric */

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"metric", 0, OPTION_CHOICE, "METRIC", AT(o.metric), .help = "how far", .choices = metrics},
    {"tag", 0, OPTION_TEXT, "KEY", AT(o.tag), .help = "only groups of this tag, family or size",
	.unset = "all"},
    {"permutations", 0, OPTION_SIZE, "N", AT(o.permutations), .min = 19, .max = 100000,
	.help = "of the models, for each p"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of permutations and noise"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

static void defaults(void *options)
{
	geometry_options_default(&((struct options *)options)->o);
}

static const char *part_words(enum part part)
{
	return part == PART_TEST ? "test" : part == PART_VAL ? "validation" : "all";
}

static void print(struct cli *c, const struct geometry *g)
{
	struct table t = geometry_table(g), groups = geometry_groups_table(g);

	out_fact_text(c->out, "metric", "metric", metrics[g->options.metric]);
	out_fact_int(c->out, "models", "models", (int64_t)g->n_models);
	out_fact_int(c->out, "pairs", "pairs", (int64_t)g->n_pairs);
	out_fact_text(c->out, "part", "part", part_words(g->part));
	out_fact_int(c->out, "questions", "questions", (int64_t)g->n_questions);
	out_fact_share(c->out, "agreement", "two models agree on", 1, g->agreement);
	out_line(c->out,
	    "On questions %s, how near two models are foretells how often they agree with rank "
	    "correlation %.2f; their benchmark accuracies alone do with %.2f, noise of the same "
	    "width with %.2f.",
	    g->part == PART_NONE ? "the run has learned from (there is no test part)"
				 : "held out from training",
	    g->fit[SPACE_RUN].spearman, g->fit[SPACE_PROFILE].spearman,
	    g->fit[SPACE_NOISE].spearman);
	out_rows(c->out, "spaces", "", &t, NULL, t.n);
	if (groups.n || out_format(c->out) == OUT_JSON)
		out_rows(c->out, "groups", "", &groups, NULL, groups.n);
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = cli_atlas(c, o->run, e);
	struct geometry g;
	bool ok = a && task_geometry(a, &o->o, cli_progress(c), &g, e);

	if (ok) {
		cli_run(c, a);
		print(c, &g);
		geometry_clear(&g);
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_geometry = {
    .name = "geometry",
    .synopsis = "",
    .summary = "what it means that two models' vectors are near",
    .description =
	"Distance against disagreement on held-out questions, for the run's vectors, the "
	"same apart from ability, noise of equal width and plain benchmark accuracies.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
