/* cmd_map.c - the models on a plane */
#include "cli/cli.h"

#include "base/err.h"
#include "task/atlas.h"
#include "task/map.h"
#include "chart/charts.h"
#include "chart/chart_file.h"

struct options {
	struct map_options o;
	int64_t run;
	const char *plot, *color_by;
};

static const char *const projections[] = {"pca", "tsne", NULL}; /* by enum map_method */

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"method", 0, OPTION_CHOICE, "METHOD", AT(o.method), .help = "projection",
	.choices = projections},
    {"perplexity", 0, OPTION_REAL, "X", AT(o.perplexity), .min = 1, .max = 1000,
	.help = "t-SNE: neighbours that count; lowered where there are too few models"},
    {"iterations", 0, OPTION_SIZE, "N", AT(o.iterations), .min = 1, .max = 100000,
	.help = "t-SNE: steps"},
    {"apart-from-ability", 0, OPTION_SET, NULL, AT(o.apart),
	.help = "with the first direction, which is ability, taken out of the vectors"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "t-SNE: seed"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {"plot", 0, OPTION_TEXT, "FILE", AT(plot), .help = "draw the map: .svg, .pdf or .png"},
    {"color-by", 0, OPTION_TEXT, "WHAT", AT(color_by),
	.help = "of the plot: accuracy, family, size or a benchmark", .unset = "accuracy"},
    {.name = NULL},
};

static void defaults(void *options)
{
	map_options_default(&((struct options *)options)->o);
}

static bool draw(struct cli *c, const struct atlas *a, const struct map *m, int by, struct err *e)
{
	const struct options *o = c->options;
	struct chart chart;
	bool ok;

	if (!o->plot)
		return true;
	chart_of_map(&chart, a, m, by);
	ok = cli_plot(c, &chart, o->plot, e);
	chart_clear(&chart);
	return ok;
}

static bool run(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "model", .kind = COLUMN_CLIP},
	    {.key = "x", .title = "x", .kind = COLUMN_REAL, .decimals = 3},
	    {.key = "y", .title = "y", .kind = COLUMN_REAL, .decimals = 3},
	};
	const struct options *o = c->options;
	struct atlas *a;
	struct map m;
	bool ok;
	int by;

	if (o->plot && !chart_file_check(o->plot, e))
		return false;
	a = cli_atlas(c, o->run, e);

	if (!a)
		return false;
	by = o->color_by ? chart_map_by(&a->catalog, o->color_by, e) : 0;
	if (by < 0 || !task_map(a, &o->o, cli_progress(c), &m, e)) {
		atlas_free(a);
		return false;
	}
	cli_run(c, a);
	out_fact_text(c->out, "method", "method", projections[m.options.method]);
	if (m.options.apart) {
		out_fact_share(c->out, "taken_out", "taken out, of the variance", 1, m.share);
		out_fact_real(
		    c->out, "taken_out_accuracy", "its correlation with accuracy", 2, m.ability);
	}
	if (m.options.method == MAP_PCA) {
		out_fact_share(c->out, "explained_x", "variance along x", 1, m.explained[0]);
		out_fact_share(c->out, "explained_y", "variance along y", 1, m.explained[1]);
	} else {
		out_fact_int(c->out, "seed", "seed", (int64_t)m.options.seed);
		out_fact_real(c->out, "perplexity", "perplexity", 1, m.options.perplexity);
		out_fact_real(c->out, "kl", "Kullback-Leibler divergence", 3, m.kl);
	}
	out_table(c->out, "points", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < m.n; i++) {
		out_row(c->out);
		out_text(c->out, a->catalog.models[m.v[i].model].name);
		out_real(c->out, m.v[i].x);
		out_real(c->out, m.v[i].y);
	}
	ok = draw(c, a, &m, by, e);
	map_clear(&m);
	atlas_free(a);
	return ok;
}

const struct command cmd_map = {
    .name = "map",
    .synopsis = "",
    .summary = "the models on a plane, by PCA or t-SNE",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
