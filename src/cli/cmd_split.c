/* cmd_split.c - draw, list and choose splits */
#include "cli/cli.h"

#include "base/err.h"
#include "task/split.h"

#include <string.h>

struct options {
	struct split_options o;
	bool list;
	const char *use, *delete;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"test", 0, OPTION_REAL, "PERCENT", AT(o.test), .max = 100, .help = "questions for testing"},
    {"val", 0, OPTION_REAL, "PERCENT", AT(o.val), .max = 100, .help = "questions for validation"},
    {"seed", 0, OPTION_SEED, "N", AT(o.seed), .help = "seed of the draw"},
    {"name", 0, OPTION_TEXT, "NAME", AT(o.name), .help = "name of the split",
	.unset = "made from the settings"},
    {"list", 0, OPTION_SET, NULL, AT(list), .help = "list the splits instead"},
    {"use", 0, OPTION_TEXT, "NAME", AT(use), .help = "use the split NAME from now on instead"},
    {"delete", 0, OPTION_TEXT, "NAME", AT(delete), .help = "delete the split NAME instead"},
    {.name = NULL},
};

static void defaults(void *options)
{
	struct options *o = options;

	split_options_default(&o->o);
}

static bool list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "name", .kind = COLUMN_CLIP},
	    {.key = "in_use", .title = "in use", .kind = COLUMN_BOOL},
	    {.key = "imported", .title = "imported", .kind = COLUMN_BOOL},
	    {.key = "seed", .title = "seed", .kind = COLUMN_INT},
	    {.key = "train", .title = "train", .kind = COLUMN_INT},
	    {.key = "val", .title = "val", .kind = COLUMN_INT},
	    {.key = "test", .title = "test", .kind = COLUMN_INT},
	    {.key = "none", .title = "no part", .kind = COLUMN_INT},
	};
	struct split *v, used;
	bool any;
	size_t n;

	if (!split_list(c->db, &c->arena, &v, &n, e) ||
	    !split_find(c->db, &c->arena, NULL, &used, &any, e))
		return false;
	out_table(c->out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < n; i++) {
		out_row(c->out);
		out_text(c->out, v[i].name);
		out_bool(c->out, any && v[i].id == used.id);
		out_bool(c->out, v[i].imported);
		if (v[i].imported)
			out_missing(c->out);
		else
			out_int(c->out, (int64_t)v[i].seed);
		out_int(c->out, (int64_t)v[i].count[PART_TRAIN]);
		out_int(c->out, (int64_t)v[i].count[PART_VAL]);
		out_int(c->out, (int64_t)v[i].count[PART_TEST]);
		out_int(c->out, (int64_t)v[i].count[PART_NONE]);
	}
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct split s;

	if (o->list)
		return list(c, e);
	if (o->use)
		return split_use(c->db, o->use, e) && list(c, e);
	if (o->delete)
		return split_delete(c->db, o->delete, e) && list(c, e);
	if (!task_split(c->db, &o->o, &c->arena, &s, e))
		return false;
	out_fact_text(c->out, "name", "split", s.name);
	out_fact_int(c->out, "seed", "seed", (int64_t)s.seed);
	out_fact_int(c->out, "train", "train questions", (int64_t)s.count[PART_TRAIN]);
	out_fact_int(c->out, "val", "val questions", (int64_t)s.count[PART_VAL]);
	out_fact_int(c->out, "test", "test questions", (int64_t)s.count[PART_TEST]);
	return true;
}

const struct command cmd_split = {
    .name = "split",
    .synopsis = "",
    .summary = "draw training, validation and test questions",
    .description = "Draws by question, stratified by benchmark; identical text is never in two "
		   "parts. The split is stored and used from now on.",
    .group = COMMAND_DATA,
    .flags = COMMAND_WRITE,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};
