#include "task/versus.h"

#include "base/err.h"
#include "base/mem.h"
#include "num/stats.h"

#include <math.h>
#include <string.h>

/* Sums over the common questions of a row. */
struct tally {
	double n, right[VERSUS_MAX];        /* scores */
	double joint[VERSUS_PAIRS];         /* of products of scores */
	double binary[VERSUS_MAX];          /* questions right */
	size_t outcome[VERSUS_PAIRS][2][2]; /* [a right][b right] */
};

static void add(struct tally *t, const float *y, const size_t *models, size_t n)
{
	size_t p = 0;

	t->n++;
	for (size_t i = 0; i < n; i++) {
		double a = (double)y[models[i]];

		t->right[i] += a;
		t->binary[i] += a >= 0.5 ? 1 : 0;
		for (size_t j = i + 1; j < n; j++, p++) {
			double b = (double)y[models[j]];

			t->joint[p] += a * b;
			t->outcome[p][a >= 0.5][b >= 0.5]++;
		}
	}
}

static bool answered(const float *y, const size_t *models, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (isnan(y[models[i]]))
			return false;
	return true;
}

static void finish(const struct tally *t, size_t n, struct versus_row *r)
{
	size_t p = 0;

	r->n = (size_t)t->n;
	for (size_t i = 0; i < n; i++)
		r->accuracy[i] = t->right[i] / t->n;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++, p++) {
			struct versus_pair *v = &r->pair[p];
			double a = t->binary[i] / t->n, b = t->binary[j] / t->n;

			*v = (struct versus_pair){.a = (int)i,
			    .b = (int)j,
			    .both = t->outcome[p][1][1],
			    .only_a = t->outcome[p][1][0],
			    .only_b = t->outcome[p][0][1],
			    .neither = t->outcome[p][0][0]};
			v->agreement = (double)(v->both + v->neither) / t->n;
			v->chance = a * b + (1 - a) * (1 - b);
			v->difference.value = r->accuracy[i] - r->accuracy[j];
			stats_paired_shares(t->n, t->right[i], t->right[j], t->joint[p],
			    &v->difference.low, &v->difference.high);
		}
	}
}

static bool check(const size_t *models, size_t n, struct err *e)
{
	if (n < 2 || n > VERSUS_MAX)
		return err_set(
		    e, ERR_USAGE, "2 to %d models can be compared, not %zu", VERSUS_MAX, n);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			if (models[i] == models[j])
				return err_set(e, ERR_USAGE,
				    "a model cannot be compared with itself: name each once");
	return true;
}

static const struct column columns[VERSUS_COLUMNS] = {
    [VERSUS_NAME] = {"name", "accuracy on", "Accuracy on", COLUMN_CLIP, .width = 11, .grow = 26,
	.about = "A benchmark, or all questions."},
    [VERSUS_QUESTIONS] = {"questions", "questions", "n", COLUMN_INT, .width = 6, .drop = 4,
	.about = "Its questions that all the models answered."},
    [VERSUS_DIFFERENCE] = {"difference", "difference [95 % interval]", "diff. [95 %]",
	COLUMN_SHARE_FIGURE, 1, .width = 20, .drop = 1, .plus = true,
	.about = "Accuracy of the first model of the pair below minus that of the second, in "
		 "points, with the 95 % interval (paired)."},
    [VERSUS_BAR] = {NULL, "bar", "-       0       +", COLUMN_SHARE, .width = 17, .grow = 41,
	.drop = 2, .about = "The difference and its interval as a bar."},
};

/* The accuracy of each model stands after the number of questions. */
static void make_columns(struct versus *v, const struct catalog *c)
{
	static const char *const letter[VERSUS_MAX] = {"a", "b", "c", "d", "e", "f"};
	size_t n = VERSUS_COLUMNS + v->n_models, at = 0;

	v->columns = arena_array(&v->arena, struct column, n);
	v->columns[at++] = columns[VERSUS_NAME];
	v->columns[at++] = columns[VERSUS_QUESTIONS];
	for (size_t m = 0; m < v->n_models; m++) {
		const char *name = c->models[v->model[m]].name;

		v->columns[at++] = (struct column){
		    .key = arena_printf(&v->arena, "accuracy_%s", name),
		    .title = letter[m],
		    .kind = COLUMN_SHARE,
		    .decimals = 1,
		    .width = 5,
		    .about = arena_printf(&v->arena, "Accuracy of %s on them, in percent.", name),
		};
	}
	v->columns[at++] = columns[VERSUS_DIFFERENCE];
	v->columns[at++] = columns[VERSUS_BAR];
}

bool task_versus(
    const struct atlas *a, const size_t *models, size_t n, struct versus *out, struct err *e)
{
	struct versus v = {.n_models = n, .n_pairs = n * (n - 1) / 2};
	size_t B = a->catalog.n_benchmarks;
	struct tally *t;

	if (!check(models, n, e))
		return false;
	t = mem_zero_array(B + 1, sizeof(*t));
	for (size_t q = 0; q < a->data.n_questions; q++) {
		const float *y = a->data.score + q * a->data.n_models;

		if (!answered(y, models, n))
			continue;
		add(&t[0], y, models, n);
		add(&t[1 + a->questions[q].benchmark], y, models, n);
	}
	if (t[0].n < 1) {
		mem_free(t);
		return err_set(e, ERR_DATA, "these models have no question in common");
	}
	arena_init(&v.arena);
	memcpy(v.model, models, n * sizeof(*models));
	v.v = arena_array(&v.arena, struct versus_row, B + 1);
	for (size_t i = 0; i <= B; i++) {
		struct versus_row *r = &v.v[v.n];

		if (t[i].n < 1)
			continue;
		memset(r, 0, sizeof(*r));
		r->benchmark = i ? i - 1 : SIZE_MAX;
		r->name = i ? arena_strdup(&v.arena, a->catalog.benchmarks[i - 1].name) : "all";
		finish(&t[i], n, r);
		v.n++;
	}
	mem_free(t);
	make_columns(&v, &a->catalog);
	*out = v;
	return true;
}

void versus_clear(struct versus *v)
{
	arena_clear(&v->arena);
	*v = (struct versus){.n = 0};
}

bool task_versus_flips(const struct atlas *a, size_t one, size_t other, size_t benchmark,
    struct versus_flips *out, struct err *e)
{
	struct versus_flips f = {.model = {one, other}};
	const size_t models[2] = {one, other};
	float *p = a->run ? mem_floats(a->data.n_models + 1) : NULL;

	(void)e;
	arena_init(&f.arena);
	f.v = arena_array(&f.arena, struct versus_flip, a->data.n_questions + 1);
	for (size_t q = 0; q < a->data.n_questions; q++) {
		const float *y = a->data.score + q * a->data.n_models;
		struct versus_flip *v = &f.v[f.n];

		if ((benchmark != SIZE_MAX && a->questions[q].benchmark != benchmark) ||
		    !answered(y, models, 2) || (y[one] >= 0.5f) == (y[other] >= 0.5f))
			continue;
		*v = (struct versus_flip){q, y[one] >= 0.5f, NAN, NAN};
		if (p && a->encoded[q]) {
			atlas_forecasts(a, &(uint32_t){(uint32_t)q}, 1, p);
			v->p_a = a->has_vector[one] ? (double)p[one] : NAN;
			v->p_b = a->has_vector[other] ? (double)p[other] : NAN;
		}
		f.n++;
	}
	mem_free(p);
	*out = f;
	return true;
}

void versus_flips_clear(struct versus_flips *f)
{
	arena_clear(&f->arena);
	*f = (struct versus_flips){.n = 0};
}

/* Tables */

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct versus *v = t->rows;
	const struct versus_row *r = &v->v[row];
	const struct figure *d = &r->pair[v->pair].difference;

	(void)scratch;
	if (column == VERSUS_NAME)
		return value_text(r->name);
	if (column == VERSUS_QUESTIONS)
		return value_int((int64_t)r->n);
	if (column < VERSUS_FIRST + v->n_models)
		return value_real(r->accuracy[column - VERSUS_FIRST]);
	return value_figure(d->value, d->low, d->high);
}

struct table versus_table(const struct versus *v)
{
	bool any = v && v->columns;

	return (struct table){.name = "versus",
	    .columns = any ? v->columns : columns,
	    .n_columns = any ? VERSUS_COLUMNS + v->n_models : VERSUS_COLUMNS,
	    .value = value,
	    .n = v ? v->n : 0,
	    .rows = v};
}

static const struct column pair_columns[PAIRS_COLUMNS] = {
    [PAIRS_PAIR] = {"pair", NULL, "Pair", COLUMN_TEXT, .width = 5,
	.about = "The two models, by their letters above."},
    [PAIRS_A] = {"a", "a", "First", COLUMN_CLIP, .width = 12, .grow = 30, .drop = 5, .hidden = true,
	.about = "The first model of the pair."},
    [PAIRS_B] = {"b", "b", "Second", COLUMN_CLIP, .width = 12, .grow = 30, .drop = 5,
	.hidden = true, .about = "The second model of the pair."},
    [PAIRS_AGREEMENT] = {"agreement", "same", "Same%", COLUMN_SHARE, 1, .width = 6,
	.about = "Questions both get right or both wrong, in percent."},
    [PAIRS_CHANCE] = {"chance", "by chance", "Chance", COLUMN_SHARE, 1, .width = 6, .drop = 2,
	.about = "What that would be if the two erred independently, at their accuracies, in "
		 "percent."},
    [PAIRS_BOTH] = {"both", "both right", "Both", COLUMN_INT, .width = 6, .drop = 3,
	.about = "Questions both get right."},
    [PAIRS_ONLY_A] = {"only_a", "only a", "1st only", COLUMN_INT, .width = 8,
	.about = "Questions only the first gets right; Enter lists them."},
    [PAIRS_ONLY_B] = {"only_b", "only b", "2nd only", COLUMN_INT, .width = 8,
	.about = "Questions only the second gets right; Enter lists them."},
    [PAIRS_NEITHER] = {"neither", "neither", "Neither", COLUMN_INT, .width = 7, .drop = 4,
	.about = "Questions both get wrong."},
    [PAIRS_DIFFERENCE] = {"difference", "a minus b [95 % interval]", "diff. [95 %]",
	COLUMN_SHARE_FIGURE, 1, .width = 20, .drop = 1, .plus = true,
	.about =
	    "Accuracy of the first minus that of the second, in points, with the 95 % interval "
	    "(paired)."},
};

static struct value pair_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct versus *v = t->rows;
	const struct versus_pair *p = &v->v[v->row].pair[row];
	const struct catalog_model *m = ((const struct catalog *)t->world)->models;

	switch (column) {
	case PAIRS_PAIR:
		buf_printf(scratch, "%c-%c", 'a' + p->a, 'a' + p->b);
		return value_text(buf_str(scratch));
	case PAIRS_A:
		return value_text(m[v->model[p->a]].name);
	case PAIRS_B:
		return value_text(m[v->model[p->b]].name);
	case PAIRS_AGREEMENT:
		return value_real(p->agreement);
	case PAIRS_CHANCE:
		return value_real(p->chance);
	case PAIRS_BOTH:
		return value_int((int64_t)p->both);
	case PAIRS_ONLY_A:
		return value_int((int64_t)p->only_a);
	case PAIRS_ONLY_B:
		return value_int((int64_t)p->only_b);
	case PAIRS_NEITHER:
		return value_int((int64_t)p->neither);
	default:
		return value_figure(p->difference.value, p->difference.low, p->difference.high);
	}
}

struct table versus_pairs_table(const struct versus *v, const struct catalog *c)
{
	return (struct table){.name = "pairs",
	    .columns = pair_columns,
	    .n_columns = PAIRS_COLUMNS,
	    .value = pair_value,
	    .n = v ? v->n_pairs : 0,
	    .rows = v,
	    .world = c};
}

static const struct column flip_columns[FLIPS_COLUMNS] = {
    [FLIPS_ID] = {"question_id", "id", "Id", COLUMN_INT, .width = 6, .drop = 2,
	.about = "The question's number in the database."},
    [FLIPS_RIGHT] = {"right", "right", "Right", COLUMN_CLIP, .width = 10, .grow = 30,
	.about = "The model that is right; the other one is wrong."},
    [FLIPS_P_A] = {"p_a", "p of first", "p(1st)", COLUMN_REAL, 3, .width = 6, .drop = 1,
	.about = "The run's calibrated probability, 0 to 1, that the first model is right."},
    [FLIPS_P_B] = {"p_b", "p of second", "p(2nd)", COLUMN_REAL, 3, .width = 6, .drop = 1,
	.about = "The same of the second."},
    [FLIPS_BENCHMARK] = {"benchmark", "benchmark", "Benchmark", COLUMN_CLIP, .width = 9, .grow = 16,
	.drop = 3, .about = "The benchmark the question is of."},
    [FLIPS_TEXT] = {"text", "text", "Text", COLUMN_CLIP, .width = 14, .grow = 400,
	.about = "What it asks."},
};

static struct value flip_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct versus_flips *f = t->rows;
	const struct versus_flip *v = &f->v[row];
	const struct atlas *a = t->world;
	const struct catalog_question *q = &a->questions[v->question];

	(void)scratch;
	switch (column) {
	case FLIPS_ID:
		return value_int(q->id);
	case FLIPS_RIGHT:
		return value_text(a->catalog.models[f->model[v->first ? 0 : 1]].name);
	case FLIPS_P_A:
		return value_real(v->p_a);
	case FLIPS_P_B:
		return value_real(v->p_b);
	case FLIPS_BENCHMARK:
		return value_text(a->catalog.benchmarks[q->benchmark].name);
	default:
		return value_text(q->text);
	}
}

struct table versus_flips_table(const struct versus_flips *f, const struct atlas *a)
{
	return (struct table){.name = "flips",
	    .columns = flip_columns,
	    .n_columns = FLIPS_COLUMNS,
	    .value = flip_value,
	    .n = f ? f->n : 0,
	    .rows = f,
	    .world = a};
}
