/* cmd_simulate.c - how far to trust an accuracy from few answers */
#include "cli/cli.h"

#include "task/simulate.h"

#include <string.h>

#define AT(field) offsetof(struct simulation_options, field)
static const struct option_row rows[] = {
    {"by-family", 0, OPTION_SET, NULL, AT(by_family),
	.help = "hide whole families of models together"},
    {"folds", 0, OPTION_SIZE, "N", AT(folds), .min = 2, .max = 100, .help = "folds of models"},
    {"repeats", 0, OPTION_SIZE, "N", AT(repeats), .min = 1, .max = 100,
	.help = "times over, with other folds and random questions"},
    {"seed", 0, OPTION_SEED, "N", AT(seed), .help = "seed of folds and random questions"},
    {.name = NULL},
};

static void defaults(void *options)
{
	simulation_options_default(options);
}

static bool run(struct cli *c, struct err *e)
{
	const struct simulation_options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, NULL, NULL, e);
	struct simulation s;
	struct table t;
	bool ok = a && task_simulate(a, o, cli_progress(c), &s, e);

	if (ok) {
		out_fact_int(c->out, "models", "models", (int64_t)s.models);
		out_fact_int(c->out, "questions", "questions", (int64_t)s.questions);
		out_fact_text(
		    c->out, "hidden", "hidden", o->by_family ? "by family" : "one by one");
		t = simulation_table(&s);
		out_rows(c->out, "errors", "", &t, NULL, t.n);
		simulation_clear(&s);
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_simulate = {
    .name = "simulate",
    .synopsis = "",
    .summary = "how far to trust an accuracy from few answers",
    .description =
	"Hides models of the table, asks them 8 to 512 of its questions, and compares the "
	"accuracy that every estimate gives with the true one. Models without answers to "
	"nine tenths of the questions take no part.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ | COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct simulation_options),
    .defaults = defaults,
    .run = run,
};
