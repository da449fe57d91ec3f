/* cmd_next.c - which questions to run a model on next */
#include "cli/cli.h"

#include "base/err.h"
#include "task/next.h"

#include <math.h>
#include <string.h>

struct options {
	struct next_options o;
	const char *benchmark, *out;
	double points;
};

/* By enum chooser. */
static const char *const choosers[] = {"random", "accuracy", "profile", NULL};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"budget", 'n', OPTION_SIZE, "N", AT(o.budget), .min = 1, .max = 1000000,
	.help = "questions to choose"},
    {"for", 0, OPTION_CHOICE, "WHAT", AT(o.chooser), .help = "what the answers should make surest",
	.choices = choosers},
    {"benchmark", 0, OPTION_TEXT, "NAME", AT(benchmark), .help = "only questions of this one",
	.unset = "all"},
    {"within", 0, OPTION_REAL, "POINTS", AT(points), .max = 50,
	.help = "choose none once the accuracy is known to within so many points",
	.unset = "go on"},
    {"random", 0, OPTION_SET, NULL, AT(o.random),
	.help = "its answers so far are to questions drawn at random"},
    {"out", 'o', OPTION_TEXT, "FILE", AT(out), .help = "write the questions as JSON lines"},
    {.name = NULL},
};

static void defaults(void *options)
{
	struct options *o = options;

	next_options_default(&o->o);
}

static size_t find_benchmark(const struct catalog *c, const char *name, struct err *e)
{
	for (size_t b = 0; b < c->n_benchmarks; b++)
		if (!strcmp(c->benchmarks[b].name, name))
			return b;
	err_set(e, ERR_USAGE, "there is no benchmark '%s'; 'embedllm benchmarks' lists them", name);
	return SIZE_MAX;
}

static void describe(struct cli *c, const struct atlas *a, const struct next *n)
{
	struct table t;

	out_fact_text(c->out, "model", "model",
	    n->model == SIZE_MAX ? NULL : a->catalog.models[n->model].name);
	out_fact_text(c->out, "benchmark", "benchmark",
	    n->benchmark == SIZE_MAX ? NULL : a->catalog.benchmarks[n->benchmark].name);
	out_fact_int(c->out, "questions", "questions", (int64_t)n->questions);
	out_fact_int(c->out, "answers", "answers so far", (int64_t)n->answers);
	out_fact_int(c->out, "random", "of them random", (int64_t)n->n_random);
	out_fact(c->out, "accuracy", "accuracy", COLUMN_SHARE_FIGURE, 1);
	out_figure(c->out, n->few.v[FEW_DEFAULT].value, n->few.v[FEW_DEFAULT].low,
	    n->few.v[FEW_DEFAULT].high);
	out_fact_bool(c->out, "outside", "outside the pool", n->few.outside);
	out_fact_bool(c->out, "enough", "enough", n->enough);
	t = next_table(n, a);
	out_rows(c->out, "next", "", &t, NULL, t.n);
	t = estimates_table(n);
	out_rows(c->out, "estimates", "its accuracy", &t, NULL, t.n);
}

static bool run(struct cli *c, struct err *e)
{
	struct options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, NULL, NULL, e);
	size_t model = SIZE_MAX, benchmark = SIZE_MAX;
	struct next n;
	bool ok = a != NULL;

	if (ok && c->argc)
		ok = (model = catalog_find_model(&a->catalog, c->argv[0], e)) != SIZE_MAX;
	if (ok && o->benchmark)
		ok = (benchmark = find_benchmark(&a->catalog, o->benchmark, e)) != SIZE_MAX;
	if (o->points > 0)
		o->o.width = o->points / 100;
	if (ok && task_next(a, model, benchmark, &o->o, cli_progress(c), &n, e)) {
		describe(c, a, &n);
		ok = !o->out || next_export(&n, a, o->out, e);
		next_clear(&n);
	} else {
		ok = false;
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_next = {
    .name = "next",
    .synopsis = "[MODEL]",
    .summary = "which questions to run a model on next, and what its answers so far say",
    .description =
	"Chooses questions of the table whose answers would tell most of the model, by what "
	"the other models answered; without MODEL, for one that is not in it yet. Every "
	"fifth is random: they check the others.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ | COMMAND_MATH,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
