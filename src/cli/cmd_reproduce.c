/* cmd_reproduce.c - the paper's experiments on this database */
#include "cli/cli.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "chart/report.h"
#include "chart/reproduce_charts.h"
#include "task/reproduce.h"

#include <string.h>

struct options {
	struct reproduce_options o;
	int64_t run;
	const char *html;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"methods", 0, OPTION_TEXT, "LIST", AT(o.methods),
	.help = "methods of forecast and routing, parted by commas; the run's own comes on top"},
    {"splits", 0, OPTION_SIZE, "N", AT(o.splits), .min = 1, .max = 100000,
	.help = "random splits of the models, for benchmarks"},
    {"bootstrap", 0, OPTION_SIZE, "N", AT(o.bootstrap), .max = 100000,
	.help = "resamples of the test questions for the intervals"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of samples, splits and fits"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {"html", 0, OPTION_TEXT, "FILE", AT(html),
	.help = "write a report with plots as well: one file that needs no other"},
    {"refresh", 0, OPTION_SET, NULL, AT(o.refresh), .help = "compute anew what is kept"},
    {.name = NULL},
};

static void defaults(void *options)
{
	reproduce_options_default(&((struct options *)options)->o);
}

static bool choose(struct cli *c, struct reproduce_options *o, struct err *e)
{
	const char *near;

	for (int i = 0; i < c->argc; i++) {
		bool known = !strcmp(c->argv[i], "all");

		for (int x = 0; x < EXPERIMENT_COUNT; x++)
			if (!strcmp(c->argv[i], "all") || !strcmp(c->argv[i], experiment_names[x]))
				o->run[x] = known = true;
		if (known)
			continue;
		near = spelling_nearest(c->argv[i], experiment_names, EXPERIMENT_COUNT);
		return err_set(e, ERR_USAGE,
		    "there is no experiment '%s'%s%s%s; there are forecast, routing, latency, "
		    "benchmarks, contribution, communities and all",
		    c->argv[i], near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	}
	for (int x = 0; x < EXPERIMENT_COUNT && !c->argc; x++)
		o->run[x] = true;
	return true;
}

/* The rows of an experiment: their number, in order[]. */
static size_t rows_of(const struct reproduce *r, int experiment, uint32_t *order)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->v[i].experiment == (enum experiment)experiment)
			order[n++] = (uint32_t)i;
	return n;
}

/* What stands above the rows of an experiment. */
static const char *about(int experiment, size_t n)
{
	return n ? experiment_about[experiment]
		 : "There is nothing to tell: too few models have names or tags in common.";
}

/* The table without the columns in which the rows have nothing; `columns` (REPRODUCE_COLUMNS) holds
 * its own. */
static struct table without_empty(
    const struct table *t, const uint32_t *order, size_t n, struct column *columns)
{
	struct buf scratch = BUF_INIT;
	struct table narrow = *t;

	memcpy(columns, t->columns, REPRODUCE_COLUMNS * sizeof(*columns));
	for (size_t k = 0; k < REPRODUCE_COLUMNS; k++) {
		bool empty = true;

		for (size_t i = 0; i < n && empty; i++)
			empty = table_get(t, order[i], k, &scratch).missing;
		if (empty)
			columns[k].title = NULL;
	}
	buf_clear(&scratch);
	narrow.columns = columns;
	return narrow;
}

/* For people a table an experiment; for programs one of all figures. */
static void print(struct cli *c, const struct reproduce *r)
{
	struct table t = reproduce_table(r), narrow;
	uint32_t *order = mem_array(r->n + 1, sizeof(*order));
	struct column columns[REPRODUCE_COLUMNS];
	const struct options *o = c->options;

	if (out_format(c->out) != OUT_PLAIN)
		out_rows(c->out, "figures", NULL, &t, NULL, t.n);
	for (int x = 0; x < EXPERIMENT_COUNT && out_format(c->out) == OUT_PLAIN; x++) {
		size_t n = rows_of(r, x, order);
		const char *title;

		if (!o->o.run[x])
			continue;
		title = arena_printf(&c->arena, "%s: %s", experiment_names[x], about(x, n));
		narrow = without_empty(&t, order, n, columns);
		if (n)
			out_rows(c->out, experiment_names[x], title, &narrow, order, n);
		else
			out_line(c->out, "%s", title);
	}
	mem_free(order);
}

static void report_experiment(struct buf *page, const struct reproduce *r, int x)
{
	struct table t = reproduce_table(r), narrow;
	uint32_t *order = mem_array(r->n + 1, sizeof(*order));
	struct column columns[REPRODUCE_COLUMNS];
	size_t n = rows_of(r, x, order);
	struct chart chart;

	report_heading(page, experiment_names[x]);
	report_paragraph(page, about(x, n));
	if (chart_of_experiment(&chart, r, (enum experiment)x)) {
		report_chart(page, &chart);
		chart_clear(&chart);
	}
	narrow = without_empty(&t, order, n, columns);
	if (n)
		report_table(page, &narrow, order, n);
	mem_free(order);
}

static bool write_report(
    struct cli *c, const struct atlas *a, const struct reproduce *r, struct err *e)
{
	const struct options *o = c->options;
	struct buf page = BUF_INIT;
	bool ok;

	report_begin(&page, "The experiments of EmbedLLM, reproduced");
	report_paragraph(&page, a->run_name);
	for (int x = 0; x < EXPERIMENT_COUNT; x++)
		if (o->o.run[x])
			report_experiment(&page, r, x);
	report_end(&page);
	ok = report_write(&page, o->html, e);
	if (ok)
		cli_note(c, "wrote %s", o->html);
	buf_clear(&page);
	return ok;
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;
	struct reproduce r;
	struct atlas *a;
	bool ok;

	if (!choose(c, &o->o, e))
		return false;
	a = cli_atlas(c, o->run, e);
	if (!a)
		return false;
	ok = task_reproduce(c->db, a, &o->o, cli_progress(c), &r, e);
	if (ok) {
		cli_run(c, a);
		out_fact_bool(c->out, "release", NULL, r.release);
		out_fact_text(c->out, "data", "data",
		    r.release ? "the EmbedLLM release, by the names of its benchmarks"
			      : "not that of the paper: no published figures to stand beside");
		print(c, &r);
		ok = !o->html || write_report(c, a, &r, e);
		reproduce_clear(&r);
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_reproduce = {
    .name = "reproduce",
    .synopsis = "[EXPERIMENT]...",
    .summary = "the experiments of the paper on this database",
    .description =
	"EXPERIMENT is forecast (accuracy by the number of training questions), routing, latency "
	"(3,000 encoded questions), benchmarks (vectors that never saw one, to its accuracies, on "
	"random splits of the models), contribution (of one benchmark to another), communities "
	"(models called alike), or all, which is what it does without one. On the EmbedLLM release "
	"the published figures stand beside ours, by both rules for repeated answers. What a fit "
	"gave "
	"is kept with the run: stopped, the same command goes on where it was.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE | COMMAND_MATH,
    .max_operands = EXPERIMENT_COUNT,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
