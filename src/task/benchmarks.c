#include "task/benchmarks.h"

#include <math.h>

/* A model's labels on benchmark b, or on all of them where b is n_benchmarks. */
static void labels(const struct catalog *c, size_t model, size_t b, double *seen, double *right)
{
	bool one = b < c->n_benchmarks;
	size_t i = model * c->n_benchmarks + b;

	*seen = one ? c->seen[i] : c->models[model].seen;
	*right = one ? c->right[i] : c->models[model].right;
}

static struct benchmark_row summarize(const struct catalog *c, size_t b)
{
	bool one = b < c->n_benchmarks;
	struct benchmark_row row = {
	    .name = one ? c->benchmarks[b].name : "All",
	    .questions = one ? c->benchmarks[b].n_questions : c->n_questions,
	    .best = NAN,
	    .best_model = SIZE_MAX,
	};
	double shares = 0, all_seen = 0, all_right = 0;

	for (size_t m = 0; m < c->n_models; m++) {
		double seen, right;

		labels(c, m, b, &seen, &right);
		if (!(seen > 0))
			continue;
		row.models++;
		shares += right / seen;
		all_seen += seen;
		all_right += right;
		if (!(right / seen <= row.best)) {
			row.best = right / seen;
			row.best_model = m;
		}
	}
	row.accuracy = row.models ? shares / (double)row.models : NAN;
	row.right = row.models ? all_right / all_seen : NAN;
	return row;
}

void task_benchmarks(const struct catalog *c, struct benchmarks *out)
{
	*out = (struct benchmarks){.n = 1 + c->n_benchmarks};
	arena_init(&out->arena);
	out->v = arena_array(&out->arena, struct benchmark_row, out->n);
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = summarize(c, i ? i - 1 : c->n_benchmarks);
}

void benchmarks_clear(struct benchmarks *b)
{
	arena_clear(&b->arena);
	*b = (struct benchmarks){.n = 0};
}

static const struct column columns[BENCHMARKS_COLUMNS] = {
    [BENCHMARKS_NAME] = {"name", "benchmark", "Benchmark", COLUMN_CLIP, .width = 10, .grow = 30,
	.about = "The benchmark, as the data names it."},
    [BENCHMARKS_QUESTIONS] = {"questions", "questions", "n", COLUMN_INT, .width = 6,
	.about = "Its questions."},
    [BENCHMARKS_MODELS] = {"models", "models", "Models", COLUMN_INT, .drop = 4, .hidden = true,
	.about = "Models with an answer to any of them."},
    [BENCHMARKS_RIGHT] = {"right", "right", "Right%", COLUMN_SHARE, 1, .width = 6, .drop = 1,
	.about = "Of all answers to them, how many are right, in percent."},
    [BENCHMARKS_ACCURACY] = {"accuracy", "mean accuracy", "Mean%", COLUMN_SHARE, 1, .drop = 2,
	.hidden = true, .about = "Mean of the models' accuracies on them, in percent."},
    [BENCHMARKS_BEST] = {"best", "best", "Best%", COLUMN_SHARE, 1, .drop = 3, .hidden = true,
	.about = "The accuracy of the most accurate model on them, in percent."},
    [BENCHMARKS_BEST_MODEL] = {"best_model", "best model", "Best model", COLUMN_CLIP, .width = 12,
	.grow = 30, .drop = 5, .hidden = true, .about = "The most accurate model on them."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct benchmark_row *b = &((const struct benchmarks *)t->rows)->v[row];
	const struct catalog *c = t->world;

	(void)scratch;
	switch (column) {
	case BENCHMARKS_NAME:
		return value_text(b->name);
	case BENCHMARKS_QUESTIONS:
		return value_int((int64_t)b->questions);
	case BENCHMARKS_MODELS:
		return value_int((int64_t)b->models);
	case BENCHMARKS_RIGHT:
		return value_real(b->right);
	case BENCHMARKS_ACCURACY:
		return value_real(b->accuracy);
	case BENCHMARKS_BEST:
		return value_real(b->best);
	default:
		return value_text(b->best_model == SIZE_MAX ? NULL : c->models[b->best_model].name);
	}
}

struct table benchmarks_table(const struct benchmarks *b, const struct catalog *c)
{
	return (struct table){.name = "benchmarks",
	    .columns = columns,
	    .n_columns = BENCHMARKS_COLUMNS,
	    .value = value,
	    .n = b ? b->n : 0,
	    .totals = 1,
	    .rows = b,
	    .world = c};
}
