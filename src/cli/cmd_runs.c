/* cmd_runs.c - runs; runs show, use, delete, compare */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "task/atlas.h"
#include "task/runs_compare.h"
#include "task/run_figures.h"
#include "task/runs.h"
#include "chart/charts.h"
#include "chart/chart_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* runs */

static bool run(struct cli *c, struct err *e)
{
	struct runs r;
	struct table t;

	if (!task_runs(c->db, &r, e))
		return false;
	t = runs_table(&r);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	runs_clear(&r);
	return true;
}

const struct command cmd_runs = {
    .name = "runs",
    .synopsis = "",
    .summary = "list the training runs",
    .description = "Test figures are those that 'runs test' or the Runs screen has computed.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_READ,
    .run = run,
};

/* The run that an operand names. */
static bool parse_run(const char *s, int64_t *id, struct err *e)
{
	char *end;
	long long v = strtoll(s, &end, 10);

	if (*end || v < 1)
		return err_set(e, ERR_USAGE, "'%s' is not a run; 'embedllm runs' lists them", s);
	*id = v;
	return true;
}

/* runs show */

struct show_options {
	const char *plot;
};

static const struct option_row show_rows[] = {
    {"plot", 0, OPTION_TEXT, "FILE", offsetof(struct show_options, plot),
	.help = "draw the curve: .svg, .pdf or .png"},
    {.name = NULL},
};

static bool draw(struct cli *c, int64_t run, const struct runs_curve *curve, struct err *e)
{
	const struct show_options *o = c->options;
	struct chart_curve k = {
	    .run = run, .n = curve->n, .v = curve->v, .base_loss = NAN, .base_accuracy = NAN};
	struct chart chart;
	struct runs r;
	bool ok;

	if (!o->plot)
		return true;
	if (!task_runs(c->db, &r, e))
		return false;
	for (size_t i = 0; i < r.n; i++) {
		if (r.v[i].id == run) {
			k.dim = r.v[i].trainer.dim;
			k.seed = r.v[i].trainer.seed;
			k.base_loss = r.v[i].base_val_loss;
			k.base_accuracy = r.v[i].base_val_accuracy;
		}
	}
	runs_clear(&r);
	chart_of_curves(&chart, &k, 1, false);
	ok = cli_plot(c, &chart, o->plot, e);
	chart_clear(&chart);
	return ok;
}

static bool show(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "epoch", .title = "epoch", .kind = COLUMN_INT},
	    {.key = "train_loss", .title = "train loss", .kind = COLUMN_REAL, .decimals = 4},
	    {.key = "train_accuracy",
		.title = "train accuracy",
		.kind = COLUMN_REAL,
		.decimals = 4},
	    {.key = "val_loss", .title = "val loss", .kind = COLUMN_REAL, .decimals = 4},
	    {.key = "val_accuracy", .title = "val accuracy", .kind = COLUMN_REAL, .decimals = 4},
	    {.key = "seconds", .title = "seconds", .kind = COLUMN_REAL, .decimals = 1},
	};
	const struct show_options *o = c->options;
	struct runs_curve curve;
	int64_t id = 0;
	bool ok;

	if (o->plot && !chart_file_check(o->plot, e))
		return false;
	if (!parse_run(c->argv[0], &id, e) || !task_runs_curve(c->db, id, &curve, e))
		return false;
	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < curve.n; i++) {
		out_row(c->out);
		out_int(c->out, (int64_t)curve.v[i].epoch);
		out_real(c->out, curve.v[i].train_loss);
		out_real(c->out, curve.v[i].train_accuracy);
		out_real(c->out, curve.v[i].val_loss);
		out_real(c->out, curve.v[i].val_accuracy);
		out_real(c->out, curve.v[i].seconds);
	}
	ok = draw(c, id, &curve, e);
	runs_curve_clear(&curve);
	return ok;
}

const struct command cmd_runs_show = {
    .name = "runs show",
    .synopsis = "RUN",
    .summary = "the learning curve of a run",
    .options = show_rows,
    .size = sizeof(struct show_options),
    .group = COMMAND_LEARN,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .run = show,
};

/* runs test */

static bool test(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "run", .title = "run", .kind = COLUMN_INT},
	    {.key = "accuracy", .title = "test accuracy", .kind = COLUMN_FIGURE, .decimals = 4},
	    {.key = "accuracy_gain",
		.title = "over the model rates",
		.kind = COLUMN_FIGURE,
		.decimals = 4},
	    {.key = "auc", .title = "test AUC", .kind = COLUMN_FIGURE, .decimals = 4},
	    {.key = "auc_gain",
		.title = "over the model rates",
		.kind = COLUMN_FIGURE,
		.decimals = 4},
	};
	struct runs r;
	bool ok = true;

	if (!task_runs(c->db, &r, e))
		return false;
	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; ok && i < (c->argc ? (size_t)c->argc : r.n); i++) {
		int64_t id = c->argc ? 0 : r.v[i].id;
		struct run_figures t;

		if (!c->argc && strcmp(r.v[i].state, "done") != 0)
			continue;
		ok = (!c->argc || parse_run(c->argv[i], &id, e)) &&
		     task_run_figures(c->db, id, cli_progress(c), &t, e);
		if (!ok)
			break;
		out_row(c->out);
		out_int(c->out, t.run);
		out_figure(c->out, t.accuracy.value, t.accuracy.low, t.accuracy.high);
		out_figure(
		    c->out, t.accuracy_gain.value, t.accuracy_gain.low, t.accuracy_gain.high);
		out_figure(c->out, t.auc.value, t.auc.low, t.auc.high);
		out_figure(c->out, t.auc_gain.value, t.auc_gain.low, t.auc_gain.high);
	}
	runs_clear(&r);
	return ok;
}

const struct command cmd_runs_test = {
    .name = "runs test",
    .synopsis = "[RUN]...",
    .summary = "accuracy and AUC of finished runs on their test questions",
    .description =
	"What 'evaluate' says of all test questions, for several runs; it is kept with the run.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE | COMMAND_MATH,
    .max_operands = -1,
    .run = test,
};

/* runs use, runs delete */

static bool use(struct cli *c, struct err *e)
{
	int64_t id = 0;

	return parse_run(c->argv[0], &id, e) && task_runs_use(c->db, id, e);
}

const struct command cmd_runs_use = {
    .name = "runs use",
    .synopsis = "RUN",
    .summary = "take a run for everything from now on",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE,
    .min_operands = 1,
    .max_operands = 1,
    .run = use,
};

static bool delete (struct cli *c, struct err *e)
{
	int64_t id = 0;
	bool running;

	if (!parse_run(c->argv[0], &id, e) || !task_runs_delete(c->db, id, &running, e))
		return false;
	if (running)
		cli_note(
		    c, "run %lld was not finished; a training at work on it ends", (long long)id);
	return true;
}

const struct command cmd_runs_delete = {
    .name = "runs delete",
    .synopsis = "RUN",
    .summary = "remove a run with its vectors",
    .group = COMMAND_LEARN,
    .flags = COMMAND_WRITE,
    .min_operands = 1,
    .max_operands = 1,
    .run = delete,
};

/* runs compare */

struct compare_options {
	struct evaluate_options o;
	bool fail; /* where the first is worse, by: */
	int metric;
};

#define AT(field) offsetof(struct compare_options, field)
static const struct option_row compare_rows[] = {
    {"part", 0, OPTION_CHOICE, "PART", AT(o.part), .help = "questions to compare on",
	.choices = cli_parts},
    {"bootstrap", 0, OPTION_SIZE, "N", AT(o.bootstrap), .max = 1000000,
	.help = "resamples of the questions for the intervals"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of the resamples"},
    {"fail-on-regression", 0, OPTION_SET, NULL, AT(fail),
	.help = "exit with 1 where the first run is significantly worse than the second"},
    {"metric", 0, OPTION_CHOICE, "METRIC", AT(metric), .help = "what is worse, for that",
	.choices = runs_compare_metric},
    {.name = NULL},
};

static void compare_defaults(void *options)
{
	evaluate_options_default(&((struct compare_options *)options)->o);
}

static void add_comparison(struct out *out, const struct runs_compare *v)
{
	static const char *const title[RUNS_COMPARE_METRICS] = {
	    [METRIC_AUC] = "AUC, first minus second",
	    [METRIC_AUC_WITHIN] = "  within a model",
	    [METRIC_LOG_LOSS] = "log-loss, first minus second",
	    [METRIC_BRIER] = "Brier, first minus second",
	    [METRIC_ECE] = "calibration error, first minus second",
	    [RUNS_COMPARE_ROUTED] = "routed accuracy, first minus second",
	};
	struct table t = runs_compare_table(v);

	out_fact_int(out, "run_a", "first run", v->run_a);
	out_fact_int(out, "run_b", "second run", v->run_b);
	out_fact_text(out, "part", "part", part_name(v->part));
	out_fact_int(out, "questions", "questions", (int64_t)v->n_questions);
	out_fact_int(out, "models", "models", (int64_t)v->n_models);
	out_fact_text(out, "differ", "settings that differ", *v->differ ? v->differ : NULL);
	out_fact_share(out, "overlap", "same among 10 nearest models", 0, v->overlap);
	for (int k = METRIC_AUC; k < RUNS_COMPARE_METRICS; k++) {
		const struct figure *f = &v->all[k];

		out_fact(out, runs_compare_metric[k], title[k],
		    k == RUNS_COMPARE_ROUTED ? COLUMN_SHARE_FIGURE : COLUMN_FIGURE,
		    k == RUNS_COMPARE_ROUTED ? 1 : 4);
		out_figure(out, f->value, f->low, f->high);
	}
	out_fact_share(out, "agreement", "routed to the same model", 0, v->agreement);
	out_fact_int(out, "only_a", "right by the first's route alone", (int64_t)v->only_a);
	out_fact_int(out, "only_b", "right by the second's alone", (int64_t)v->only_b);
	out_fact_real(out, "p_mcnemar", "  p by McNemar's exact test", -2, v->p_routed);
	out_rows(out, "rows", "", &t, NULL, t.n);
}

static bool compare(struct cli *c, struct err *e)
{
	const struct compare_options *o = c->options;
	struct atlas *a = NULL, *b = NULL;
	struct runs_compare v;
	struct buf worse = BUF_INIT;
	int64_t id_a = 0, id_b = 0;
	bool ok = false;

	if (!parse_run(c->argv[0], &id_a, e) || !parse_run(c->argv[1], &id_b, e))
		return false;
	a = cli_atlas(c, id_a, e);
	if (!a)
		goto cleanup;
	b = cli_atlas(c, id_b, e);
	if (!b || !task_runs_compare(a, b, &o->o, cli_progress(c), &v, e))
		goto cleanup;
	if (o->fail && 2 * (double)v.n / (double)(o->o.bootstrap + 1) > 0.05) {
		err_set(e, ERR_USAGE,
		    "with %zu resamples no difference of %zu rows can be significant: --bootstrap "
		    "%zu or more",
		    o->o.bootstrap, v.n, 40 * v.n);
		runs_compare_clear(&v);
		goto cleanup;
	}
	add_comparison(c->out, &v);
	/* The comparison is printed all the same. */
	c->keep_out = true;
	ok = !o->fail || !runs_compare_regressed(&v, o->metric, &worse) ||
	     err_set(e, ERR_FAILED, "%s", buf_str(&worse));
	buf_clear(&worse);
	runs_compare_clear(&v);
cleanup:
	atlas_free(b);
	atlas_free(a);
	return ok;
}

const struct command cmd_runs_compare = {
    .name = "runs compare",
    .synopsis = "RUN RUN",
    .summary = "two runs on the same held-out questions, by paired tests",
    .description =
	"Differences are first minus second, with 95 % intervals and p-values by the paired "
	"bootstrap over questions, those of the rows corrected by Holm's method; routes are "
	"compared by McNemar's exact test. With --fail-on-regression the exit status is 1 "
	"where the first run is worse on all questions or on a benchmark with a corrected p "
	"under .05, 0 where it is not.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_READ | COMMAND_MATH,
    .min_operands = 2,
    .max_operands = 2,
    .options = compare_rows,
    .size = sizeof(struct compare_options),
    .defaults = compare_defaults,
    .run = compare,
};
