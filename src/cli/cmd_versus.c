/* cmd_versus.c - a few models against each other; where two differ */
#include "cli/cli.h"

#include "base/err.h"
#include "task/versus.h"

struct options {
	bool flips;
};

static const struct option_row rows[] = {
    {"flips", 0, OPTION_SET, NULL, offsetof(struct options, flips),
	.help = "list the questions that one of two models is right on and the other wrong"},
    {.name = NULL},
};

static void add_rows(struct out *out, const struct atlas *a, const struct versus *v)
{
	static const struct column columns[] = {
	    {.key = "name", .title = "accuracy on", .kind = COLUMN_CLIP},
	    {.key = "questions", .title = "questions", .kind = COLUMN_INT},
	    {.key = "model", .title = "model", .kind = COLUMN_CLIP},
	    {.key = "accuracy", .title = "accuracy", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "difference",
		.title = "first minus it [95 % interval]",
		.kind = COLUMN_FIGURE,
		.decimals = 3},
	};

	out_table(out, "rows", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < v->n; i++) {
		const struct versus_row *r = &v->v[i];

		for (size_t m = 0; m < v->n_models; m++) {
			out_row(out);
			out_text(out, r->name);
			out_int(out, (int64_t)r->n);
			out_text(out, a->catalog.models[v->model[m]].name);
			out_real(out, r->accuracy[m]);
			/* The first pairs are those of the first model with each other one. */
			if (m)
				out_figure(out, r->pair[m - 1].difference.value,
				    r->pair[m - 1].difference.low, r->pair[m - 1].difference.high);
			else
				out_missing(out);
		}
	}
}

static bool list_flips(struct cli *c, const struct atlas *a, const size_t *model, struct err *e)
{
	struct versus_flips f;
	struct table t;

	if (c->argc != 2)
		return err_set(e, ERR_USAGE, "--flips is for two models, not %d", c->argc);
	if (!task_versus_flips(a, model[0], model[1], SIZE_MAX, &f, e))
		return false;
	t = versus_flips_table(&f, a);
	out_rows(c->out, NULL, NULL, &t, NULL, t.n);
	versus_flips_clear(&f);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
	size_t model[VERSUS_MAX] = {0};
	struct versus v;
	struct table t;
	bool ok = a != NULL;

	for (int i = 0; ok && i < c->argc && i < VERSUS_MAX; i++)
		ok = (model[i] = catalog_find_model(&a->catalog, c->argv[i], e)) != SIZE_MAX;
	ok = ok && task_versus(a, model, (size_t)c->argc, &v, e);
	if (ok && o->flips) {
		ok = list_flips(c, a, model, e);
		versus_clear(&v);
	} else if (ok) {
		out_fact_int(c->out, "questions", "questions that all answered", (int64_t)v.v[0].n);
		add_rows(c->out, a, &v);
		t = versus_pairs_table(&v, &a->catalog);
		out_rows(c->out, "pairs", "", &t, NULL, t.n);
		if (out_format(c->out) == OUT_JSON) { /* as the screen lists it */
			t = versus_table(&v);
			out_rows(c->out, "benchmarks", NULL, &t, NULL, t.n);
		}
		versus_clear(&v);
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_versus = {
    .name = "versus",
    .synopsis = "MODEL MODEL...",
    .summary = "2 to 6 models against each other: differences, flips, agreement",
    .description = "On the questions that all of them answered, paired.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .min_operands = 2,
    .max_operands = VERSUS_MAX,
    .options = rows,
    .size = sizeof(struct options),
    .run = run,
};
