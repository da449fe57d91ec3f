/* cmd_evaluate.c - judge a run */
#include "cli/cli.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/plural.h"
#include "task/evaluate.h"

#include <math.h>

struct options {
	struct evaluate_options o;
	int64_t run;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"part", 0, OPTION_CHOICE, "PART", AT(o.part), .help = "questions to judge on",
	.choices = cli_parts},
    {"bootstrap", 0, OPTION_SIZE, "N", AT(o.bootstrap), .max = 1000000,
	.help = "resamples of the questions for the intervals"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of the resamples"},
    {"run", 0, OPTION_ID, "ID", AT(run), .help = "the run", .unset = "the one in use"},
    {.name = NULL},
};

static void defaults(void *options)
{
	evaluate_options_default(&((struct options *)options)->o);
}

/* The six figures, in the order of struct metrics. */
#define N_FIGURES 6
static const struct column figure_columns[N_FIGURES] = {
    {.key = "accuracy", .title = "accuracy", .kind = COLUMN_PM, .decimals = 3},
    {.key = "auc", .title = "AUC", .kind = COLUMN_PM, .decimals = 3},
    {.key = "auc_within_model", .title = "AUC in model", .kind = COLUMN_PM, .decimals = 3},
    {.key = "log_loss", .title = "log-loss", .kind = COLUMN_PM, .decimals = 3},
    {.key = "brier", .title = "Brier", .kind = COLUMN_PM, .decimals = 3},
    {.key = "ece", .title = "ECE", .kind = COLUMN_PM, .decimals = 3},
};

static const struct figure *figure_of(const struct metrics *m, int i)
{
	const struct figure *all[N_FIGURES] = {
	    &m->accuracy, &m->auc, &m->auc_within_model, &m->log_loss, &m->brier, &m->ece};

	return all[i];
}

static void add_figure(struct out *out, const struct figure *f)
{
	out_figure(out, f->value, f->low, f->high);
}

static void add_metrics(struct out *out, const struct metrics *m)
{
	for (int i = 0; i < N_FIGURES; i++)
		add_figure(out, figure_of(m, i));
}

/* One table of named rows of metrics; JSON makes it an object by name. */
static void add_table(struct out *out, const char *key, const char *title, const char *first,
    const struct metrics_row *v, size_t n, const struct metrics *top)
{
	struct column columns[1 + N_FIGURES] = {
	    {.key = "name", .title = first, .kind = COLUMN_CLIP}};

	for (int i = 0; i < N_FIGURES; i++)
		columns[1 + i] = figure_columns[i];
	out_keyed_table(out, key, title, columns, 1 + N_FIGURES);
	if (top) {
		out_row(out);
		out_text(out, "run");
		add_metrics(out, top);
	}
	for (size_t i = 0; i < n; i++) {
		out_row(out);
		out_text(out, v[i].name);
		add_metrics(out, &v[i].m);
	}
}

struct routing_row {
	const char *key, *title;
	const struct figure *f;
	const char *model; /* the single model it stands for */
};

#define N_ROUTING 9
static void list_routing(
    const struct routing_figures *r, const struct catalog *names, struct routing_row v[N_ROUTING])
{
	const struct catalog_model *m = names->models;

	v[0] = (struct routing_row){"routed", "routed", &r->routed, NULL};
	v[1] = (struct routing_row){
	    "best_single", "best single model", &r->best_single, m[r->best_single_model].name};
	v[2] = (struct routing_row){"best_single_hindsight", "best single in hindsight",
	    &r->best_single_hindsight, m[r->best_single_hindsight_model].name};
	v[3] = (struct routing_row){
	    "best_per_benchmark", "best per benchmark", &r->best_per_benchmark, NULL};
	v[4] = (struct routing_row){"random", "random model", &r->random, NULL};
	v[5] = (struct routing_row){"oracle", "oracle", &r->oracle, NULL};
	v[6] = (struct routing_row){
	    "gap_recovered", "share of the gap recovered", &r->gap_recovered, NULL};
	v[7] = (struct routing_row){"attainable", "oracle without its luck", &r->attainable, NULL};
	v[8] = (struct routing_row){"all_wrong", "no model is right", &r->all_wrong, NULL};
}

struct gain_row {
	const char *key, *title;
	const struct figure *f;
};

/* The run minus the model rates. */
#define N_GAINS 4
static void list_gains(const struct evaluation *v, struct gain_row out[N_GAINS])
{
	out[0] = (struct gain_row){"accuracy", "accuracy", &v->accuracy_gain};
	out[1] = (struct gain_row){"auc", "AUC", &v->auc_gain};
	out[2] = (struct gain_row){"log_loss", "log-loss", &v->log_loss_gain};
	out[3] = (struct gain_row){"brier", "Brier", &v->brier_gain};
}

static void add_json(struct out *out, const struct atlas *a, const struct evaluation *v)
{
	struct routing_row routing[N_ROUTING];
	struct buf b = BUF_INIT;

	out_fact_int(out, "run", NULL, v->run);
	out_fact_text(out, "part", NULL, part_name(v->part));
	out_fact_int(out, "rows", NULL, llround(v->rows));
	out_group(out, "metrics", NULL);
	for (int i = 0; i < N_FIGURES; i++) {
		out_fact(out, figure_columns[i].key, NULL, COLUMN_FIGURE, 0);
		add_figure(out, figure_of(&v->all, i));
	}
	out_end(out);
	add_table(out, "baselines", NULL, NULL, v->baselines, v->n_baselines, NULL);
	add_table(out, "benchmarks", NULL, NULL, v->benchmarks, v->n_benchmarks, NULL);
	if (v->n_regimes)
		add_table(out, "regimes", NULL, NULL, v->regimes, v->n_regimes, NULL);
	list_routing(&v->routing, &a->catalog, routing);
	out_group(out, "routing", NULL);
	for (int i = 0; i < N_ROUTING; i++) {
		out_fact(out, routing[i].key, NULL, COLUMN_FIGURE, 0);
		add_figure(out, routing[i].f);
	}
	out_end(out);
	evaluation_headroom(v, &a->catalog, &b);
	out_fact_text(out, "headroom", NULL, buf_str(&b));
	buf_clear(&b);
}

static void add_plain(struct cli *c, const struct atlas *a, const struct evaluation *v)
{
	static const struct column gain_columns[] = {
	    {.key = "figure", .title = "run minus model rate", .kind = COLUMN_TEXT},
	    {.key = "gain", .title = "gain [95 % interval]", .kind = COLUMN_FIGURE, .decimals = 4},
	};
	static const struct column routing_columns[] = {
	    {.key = "figure", .title = "routing", .kind = COLUMN_TEXT},
	    {.key = "accuracy",
		.title = "accuracy [95 % interval]",
		.kind = COLUMN_FIGURE,
		.decimals = 3},
	    {.key = "model", .title = "model", .kind = COLUMN_CLIP},
	};
	struct routing_row routing[N_ROUTING];
	struct gain_row gains[N_GAINS];
	struct out *out = c->out;
	struct buf b = BUF_INIT;

	out_line(out,
	    "%s on part %s: %zu question%s, %.0f label%s, repeats by %s; %s is half a 95 %% "
	    "interval "
	    "over questions",
	    a->run_name, part_name(v->part), v->n_questions, plural(v->n_questions), v->rows,
	    plural(v->rows == 1 ? 1 : 2), policy_rule_name(a->catalog.policy.rule),
	    c->ascii ? "+-" : "\u00b1");
	add_table(out, NULL, "", "all questions", v->baselines, v->n_baselines, &v->all);
	list_gains(v, gains);
	out_table(out, NULL, "", gain_columns, 2);
	for (int i = 0; i < N_GAINS; i++) {
		out_row(out);
		out_text(out, gains[i].title);
		add_figure(out, gains[i].f);
	}
	add_table(out, NULL, "", "run by benchmark", v->benchmarks, v->n_benchmarks, NULL);
	if (v->n_regimes)
		add_table(out, NULL, "", "run by regime", v->regimes, v->n_regimes, NULL);
	list_routing(&v->routing, &a->catalog, routing);
	out_table(out, NULL, "", routing_columns, 3);
	for (int i = 0; i < N_ROUTING; i++) {
		out_row(out);
		out_text(out, routing[i].title);
		add_figure(out, routing[i].f);
		out_text(out, routing[i].model ? routing[i].model : "");
	}
	evaluation_headroom(v, &a->catalog, &b);
	out_line(out, "%s", buf_str(&b));
	buf_clear(&b);
}

static void add_section(struct out *out, const char *section, const struct metrics_row *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < N_FIGURES; k++) {
			out_row(out);
			out_text(out, section);
			out_text(out, v[i].name);
			out_text(out, figure_columns[k].key);
			add_figure(out, figure_of(&v[i].m, k));
		}
}

/* One line a figure: section, name, figure, value, low, high. */
static void add_tsv(struct out *out, const struct atlas *a, const struct evaluation *v)
{
	static const struct column columns[] = {
	    {.key = "section", .kind = COLUMN_TEXT},
	    {.key = "name", .kind = COLUMN_TEXT},
	    {.key = "figure", .kind = COLUMN_TEXT},
	    {.key = "value", .kind = COLUMN_FIGURE},
	};
	struct routing_row routing[N_ROUTING];
	struct gain_row gains[N_GAINS];
	const struct metrics_row own = {"run", v->rows, v->all};

	out_table(out, NULL, NULL, columns, 4);
	add_section(out, "metrics", &own, 1);
	add_section(out, "baselines", v->baselines, v->n_baselines);
	add_section(out, "benchmarks", v->benchmarks, v->n_benchmarks);
	add_section(out, "regimes", v->regimes, v->n_regimes);
	list_gains(v, gains);
	for (int i = 0; i < N_GAINS; i++) {
		out_row(out);
		out_text(out, "gains");
		out_text(out, "model");
		out_text(out, gains[i].key);
		add_figure(out, gains[i].f);
	}
	list_routing(&v->routing, &a->catalog, routing);
	for (int i = 0; i < N_ROUTING; i++) {
		out_row(out);
		out_text(out, "routing");
		out_text(out, routing[i].model);
		out_text(out, routing[i].key);
		add_figure(out, routing[i].f);
	}
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = cli_atlas(c, o->run, e);
	struct evaluation v;

	if (!a)
		return false;
	if (!task_evaluate(a, &o->o, cli_progress(c), &v, e)) {
		atlas_free(a);
		return false;
	}
	switch (out_format(c->out)) {
	case OUT_JSON:
		add_json(c->out, a, &v);
		break;
	case OUT_TSV:
		add_tsv(c->out, a, &v);
		break;
	case OUT_PLAIN:
		add_plain(c, a, &v);
		break;
	}
	evaluation_clear(&v);
	atlas_free(a);
	return true;
}

const struct command cmd_evaluate = {
    .name = "evaluate",
    .synopsis = "",
    .summary = "judge a run beside baselines, with intervals",
    .description = "Accuracy, AUC over all labels and within a model, log-loss, Brier score and "
		   "calibration error; routing by the run against single models and the oracle. "
		   "Intervals are 95 % bootstrap intervals over questions.",
    .group = COMMAND_LEARN,
    .flags = COMMAND_READ | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
