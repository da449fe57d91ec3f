/* cmd_demo.c - a world to try everything on */
#include "cli/cli.h"

#include "base/err.h"
#include "base/mem.h"
#include "cli/cli_train.h"
#include "task/atlas.h"
#include "task/demo.h"
#include "task/train.h"

struct options {
	struct demo_options o;
	const char *csv;
	bool no_train;
};

static const char *const scales[] = {"small", "paper", NULL}; /* by enum demo_scale */

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"scale", 0, OPTION_CHOICE, "SCALE", AT(o.scale),
	.help = "60 models and 4,000 questions, or the published 112 and 35,673",
	.choices = scales},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "another world of the same kind"},
    {"long-prompts", 0, OPTION_SET, NULL, AT(o.long_prompts),
	.help = "prompts of 500 bytes on average"},
    {"no-train", 0, OPTION_SET, NULL, AT(no_train), .help = "make the world, do not train on it"},
    {"csv", 0, OPTION_TEXT, "DIR", AT(csv),
	.help = "write the world to DIR as CSV files in the EmbedLLM layout instead"},
    {.name = NULL},
};

static void defaults(void *options)
{
	demo_options_default(&((struct options *)options)->o);
}

static bool write_csv(struct cli *c, const struct options *o, struct err *e)
{
	struct demo_files files;

	if (!task_demo_csv(o->csv, &o->o, cli_progress(c), &files, e))
		return false;
	out_fact_text(c->out, "folder", "folder", o->csv);
	out_fact_int(c->out, "train_rows", "train rows", (int64_t)files.rows[PART_TRAIN]);
	out_fact_int(c->out, "val_rows", "val rows", (int64_t)files.rows[PART_VAL]);
	out_fact_int(c->out, "test_rows", "test rows", (int64_t)files.rows[PART_TEST]);
	out_fact_int(c->out, "other_rows", "rows without a part", (int64_t)files.rows[PART_NONE]);
	out_fact_int(c->out, "bytes", "bytes", (int64_t)files.bytes);
	return true;
}

/* The run in use against the planted truth. */
static bool add_recovery(struct cli *c, struct err *e)
{
	struct atlas *a = cli_atlas(c, 0, e);
	struct demo_recovery r;
	bool ok = a && task_demo_recovery(c->db, a, &r, e);

	atlas_free(a);
	if (!ok)
		return false;
	out_group(c->out, "recovered", "Of the planted truth");
	out_fact_share(c->out, "neighbours", "5 nearest models found", 0, r.neighbours);
	out_fact_real(c->out, "auc", "AUC", 3, r.auc);
	out_fact_real(c->out, "auc_planted", "AUC of the planted probabilities", 3, r.auc_planted);
	out_fact_share(c->out, "routing", "routing gain recovered", 0, r.recovered);
	out_end(c->out);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct response_report report;
	struct train_options train;
	bool there, other, has_run;
	struct catalog catalog;

	if (o->csv)
		return write_csv(c, o, e);
	if (!c->path_given) {
		mem_free(c->path);
		c->path = session_demo_path();
	}
	if (!cli_open(c, SESSION_CREATE, e) || !task_demo_there(c->db, &o->o, &there, &other, e))
		return false;
	if (other)
		return err_set(e, ERR_USAGE,
		    "%s holds something else; name another file with -d, or delete this one",
		    c->path);
	out_fact_text(c->out, "database", "database", c->path);
	if (!there && !task_demo(c->db, &o->o, cli_progress(c), &c->arena, &report, e))
		return false;
	if (!catalog_load(c->db, &c->arena, &catalog, e))
		return false;
	out_fact_int(c->out, "models", "models", (int64_t)catalog.n_models);
	out_fact_int(c->out, "questions", "questions", (int64_t)catalog.n_questions);
	out_fact_int(c->out, "labels", "labels", (int64_t)catalog.n_labels);
	has_run = catalog.run != 0;
	if (o->no_train)
		return true;
	train_options_default(&train);
	train.encoder = "builtin"; /* the texts are from templates: nothing to understand in them */
	return (has_run || cli_train(c, &train, e)) && add_recovery(c, e);
}

const struct command cmd_demo = {
    .name = "demo",
    .synopsis = "",
    .summary = "make a small world of simulated models and train on it",
    .description = "Goes to demo.db in the data folder unless -d names another file; explore it "
		   "with -d. The world is planted, so that what a run recovers of it is known.",
    .group = COMMAND_DATA,
    .flags = COMMAND_MATH,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
