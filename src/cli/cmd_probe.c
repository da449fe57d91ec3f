/* cmd_probe.c - what the vectors foretell */
#include "cli/cli.h"

#include "base/err.h"
#include "task/probe.h"
#include "chart/charts.h"
#include "chart/chart_file.h"

#include <math.h>
#include <string.h>

struct options {
	struct probe_options o;
	bool refresh;
	int64_t run;
	const char *plot, *benchmark;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"seen", 0, OPTION_SET, NULL, AT(o.seen),
	.help = "use the run's own vectors, which have seen the benchmark"},
    {"refresh", 0, OPTION_SET, NULL, AT(refresh), .help = "compute anew what is kept"},
    {"folds", 0, OPTION_SIZE, "N", AT(o.folds), .min = 2, .max = 100, .help = "folds of models"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of folds and resamples"},
    {"bootstrap", 0, OPTION_SIZE, "N", AT(o.bootstrap), .max = 1000000,
	.help = "resamples of the models for the intervals"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {"plot", 0, OPTION_TEXT, "FILE", AT(plot),
	.help = "draw the errors of every model: .svg, .pdf or .png"},
    {"benchmark", 0, OPTION_TEXT, "NAME", AT(benchmark),
	.help = "of the plot: this one's forecasts against the truth instead"},
    {.name = NULL},
};

static void defaults(void *options)
{
	probe_options_default(&((struct options *)options)->o);
}

/* For machines: every held-out forecast. */
static void add_forecasts(struct out *out, const struct atlas *a, const struct probe *p)
{
	static const struct column columns[] = {
	    {.key = "benchmark", .kind = COLUMN_TEXT},
	    {.key = "model", .kind = COLUMN_TEXT},
	    {.key = "accuracy", .kind = COLUMN_REAL},
	    {.key = "forecast", .kind = COLUMN_REAL},
	};

	out_table(out, "forecasts", NULL, columns, 4);
	for (size_t i = 0; i < p->n; i++) {
		const struct probe_row *r = &p->v[i];

		for (size_t m = 0; !r->why_not && m < a->catalog.n_models; m++) {
			if (isnan(r->truth[m]))
				continue;
			out_row(out);
			out_text(out, a->catalog.benchmarks[r->benchmark].name);
			out_text(out, a->catalog.models[m].name);
			out_real(out, r->truth[m]);
			out_real(out, r->forecast[m]);
		}
	}
}

/* The fit of --benchmark; NULL with an error where there is none. */
static const struct probe_row *find_row(
    const struct atlas *a, const struct probe *p, const char *name, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		if (strcmp(a->catalog.benchmarks[p->v[i].benchmark].name, name))
			continue;
		if (!p->v[i].why_not)
			return &p->v[i];
		err_set(e, ERR_DATA, "%s: %s", name, p->v[i].why_not);
		return NULL;
	}
	err_set(e, ERR_USAGE, "there is no benchmark '%s'; 'embedllm benchmarks' lists them", name);
	return NULL;
}

static bool draw(struct cli *c, const struct atlas *a, const struct probe *p, struct err *e)
{
	const struct options *o = c->options;
	const struct probe_row *row = NULL;
	struct chart chart;
	bool ok;

	if (!o->plot)
		return true;
	if (o->benchmark) {
		row = find_row(a, p, o->benchmark, e);
		if (!row)
			return false;
		chart_of_forecasts(&chart, &a->catalog, a->run_name, p, row, NULL);
	} else {
		chart_of_errors(&chart, &a->catalog, a->run_name, p, NULL, 0, 0);
	}
	ok = cli_plot(c, &chart, o->plot, e);
	chart_clear(&chart);
	return ok;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a;
	struct probe p;
	struct table t;
	bool ok;

	if (o->plot && !chart_file_check(o->plot, e))
		return false;
	a = cli_atlas(c, o->run, e);

	if (!a)
		return false;
	if (!task_probe(c->db, a, &o->o, o->refresh, cli_progress(c), &p, e)) {
		atlas_free(a);
		return false;
	}
	cli_run(c, a);
	out_fact_bool(c->out, "seen", NULL, p.options.seen);
	out_fact_text(c->out, "vectors", "vectors",
	    p.options.seen ? "the run's own: they have seen each benchmark"
			   : "refits that left the benchmark out");
	out_fact_int(c->out, "folds", "folds", (int64_t)p.options.folds);
	t = probe_table(&p, &a->catalog);
	out_rows(c->out, "benchmarks", "", &t, NULL, t.n);
	add_forecasts(c->out, a, &p);
	ok = draw(c, a, &p, e);
	probe_clear(&p);
	atlas_free(a);
	return ok;
}

const struct command cmd_probe = {
    .name = "probe",
    .synopsis = "",
    .summary = "how well the vectors foretell each benchmark's accuracy",
    .description =
	"Ridge regression from model vectors to accuracy on the benchmark, "
	"cross-validated over models. By default the vectors come from a refit that left "
	"the benchmark out, which takes about a training run per benchmark the first "
	"time; the result is kept.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_WRITE | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
