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

static void add_pairs(struct out *out, const struct atlas *a, const struct versus *v)
{
	static const struct column columns[] = {
	    {.key = "a", .title = "a", .kind = COLUMN_CLIP},
	    {.key = "b", .title = "b", .kind = COLUMN_CLIP},
	    {.key = "both", .title = "both right", .kind = COLUMN_INT},
	    {.key = "only_a", .title = "only a", .kind = COLUMN_INT},
	    {.key = "only_b", .title = "only b", .kind = COLUMN_INT},
	    {.key = "neither", .title = "neither", .kind = COLUMN_INT},
	    {.key = "agreement", .title = "same", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "chance", .title = "by chance", .kind = COLUMN_SHARE, .decimals = 1},
	    {.key = "difference",
		.title = "a minus b [95 % interval]",
		.kind = COLUMN_FIGURE,
		.decimals = 3},
	};

	out_table(out, "pairs", "", columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < v->n_pairs; i++) {
		const struct versus_pair *p = &v->v[0].pair[i];

		out_row(out);
		out_text(out, a->catalog.models[v->model[p->a]].name);
		out_text(out, a->catalog.models[v->model[p->b]].name);
		out_int(out, (int64_t)p->both);
		out_int(out, (int64_t)p->only_a);
		out_int(out, (int64_t)p->only_b);
		out_int(out, (int64_t)p->neither);
		out_real(out, p->agreement);
		out_real(out, p->chance);
		out_figure(out, p->difference.value, p->difference.low, p->difference.high);
	}
}

static void add_flips(
    struct out *out, const struct atlas *a, const size_t model[2], const struct versus_flips *f)
{
	static const struct column columns[] = {
	    {.key = "question_id", .title = "id", .kind = COLUMN_INT},
	    {.key = "benchmark", .title = "benchmark", .kind = COLUMN_CLIP},
	    {.key = "right", .title = "right", .kind = COLUMN_CLIP},
	    {.key = "p_a", .title = "p of first", .kind = COLUMN_REAL, .decimals = 2},
	    {.key = "p_b", .title = "p of second", .kind = COLUMN_REAL, .decimals = 2},
	    {.key = "text", .title = "text", .kind = COLUMN_CLIP},
	};

	out_table(out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < f->n; i++) {
		const struct versus_flip *v = &f->v[i];
		const struct catalog_question *q = &a->questions[v->question];

		out_row(out);
		out_int(out, q->id);
		out_text(out, a->catalog.benchmarks[q->benchmark].name);
		out_text(out, a->catalog.models[model[v->first ? 0 : 1]].name);
		out_real(out, v->p_a);
		out_real(out, v->p_b);
		out_text(out, q->text);
	}
}

static bool list_flips(struct cli *c, const struct atlas *a, const size_t *model, struct err *e)
{
	struct versus_flips f;

	if (c->argc != 2)
		return err_set(e, ERR_USAGE, "--flips is for two models, not %d", c->argc);
	if (!task_versus_flips(a, model[0], model[1], SIZE_MAX, &f, e))
		return false;
	add_flips(c->out, a, model, &f);
	versus_flips_clear(&f);
	return true;
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
	size_t model[VERSUS_MAX] = {0};
	struct versus v;
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
		add_pairs(c->out, a, &v);
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
