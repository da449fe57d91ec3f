#include "task/next.h"

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void next_options_default(struct next_options *o)
{
	*o = (struct next_options){.budget = 20, .chooser = CHOOSE_ACCURACY, .width = NAN};
}

/* The models of the table but one, and which questions are asked for. */
struct work {
	struct pool pool;
	float *y;        /* (N, M) of the pool */
	float *own;      /* (N) answers to the questions asked for; NaN elsewhere */
	float *all;      /* (N) all answers */
	bool *of, *open; /* (N) asked for; and without an answer */
	uint32_t *order; /* (n_order) the questions asked for, in a random order */
	size_t n_order;
};

static void work_free(struct work *w)
{
	mem_free(w->y);
	mem_free(w->own);
	mem_free(w->all);
	mem_free(w->of);
	mem_free(w->open);
	mem_free(w->order);
}

/* A random number of a question that stays the same whatever is imported besides. */
struct place {
	uint64_t key;
	uint32_t question;
};

static int by_key(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static void draw_order(const struct atlas *a, struct work *w)
{
	struct place *v = mem_array(w->pool.N + 1, sizeof(*v));

	for (size_t j = 0; j < w->pool.N; j++) {
		struct rng r;

		if (!w->of[j])
			continue;
		rng_init(&r, (uint64_t)a->questions[j].id, 0);
		v[w->n_order++] = (struct place){rng_next(&r), (uint32_t)j};
	}
	qsort(v, w->n_order, sizeof(*v), by_key);
	for (size_t i = 0; i < w->n_order; i++)
		w->order[i] = v[i].question;
	mem_free(v);
}

/* The columns of the models with answers, but that of `model`; returns how many. */
static size_t others(const struct dataset *d, size_t model, uint32_t *column)
{
	bool *has = mem_zero_array(d->n_models + 1, sizeof(*has));
	size_t n = 0;

	for (size_t j = 0; j < d->n_questions; j++)
		for (size_t m = 0; m < d->n_models; m++)
			has[m] |= d->score[j * d->n_models + m] == d->score[j * d->n_models + m];
	for (size_t m = 0; m < d->n_models; m++)
		if (has[m] && m != model)
			column[n++] = (uint32_t)m;
	mem_free(has);
	return n;
}

static struct work work_new(const struct atlas *a, size_t model, size_t benchmark)
{
	const struct dataset *d = &a->data;
	size_t N = d->n_questions, M;
	uint32_t *column = mem_array(d->n_models + 1, sizeof(*column));
	struct work w = {.y = NULL};

	M = others(d, model, column);
	w.y = mem_floats(N * M + 1);
	w.own = mem_floats(N + 1);
	w.all = mem_floats(N + 1);
	w.of = mem_array(N + 1, sizeof(*w.of));
	w.open = mem_array(N + 1, sizeof(*w.open));
	w.order = mem_array(N + 1, sizeof(*w.order));
	for (size_t j = 0; j < N; j++) {
		const float *y = d->score + j * d->n_models;

		for (size_t m = 0; m < M; m++)
			w.y[j * M + m] = y[column[m]];
		w.of[j] = benchmark == SIZE_MAX || d->benchmark[j] == benchmark;
		w.all[j] = model == SIZE_MAX ? NAN : y[model];
		w.own[j] = w.of[j] ? w.all[j] : NAN;
		w.open[j] = w.of[j] && w.own[j] != w.own[j];
	}
	w.pool = (struct pool){M, N, d->n_benchmarks, w.y, d->benchmark};
	draw_order(a, &w);
	mem_free(column);
	return w;
}

static void estimate(const struct work *w, const struct factor *f, const struct next_options *o,
    const struct progress *p, struct next *out)
{
	struct few_answers own = few_answers_new(w->own, w->pool.N, w->order, w->n_order);
	struct few_answers all = few_answers_new(w->all, w->pool.N, w->order, w->n_order);
	struct factor rasch = {0};
	struct few_world world = {&w->pool, f, NULL, w->of};
	struct err ignored = ERR_INIT;

	if (factor_fit(&w->pool, 0, p, &rasch, &ignored))
		world.rasch = &rasch;
	out->answers = own.n;
	for (size_t i = 0; i < all.n; i++) {
		all.random[i] = w->of[all.question[i]] && (all.random[i] || o->random);
		out->n_random += all.random[i];
	}
	for (int k = 0; k < FEW_COUNT; k++)
		out->few.v[k] = (struct few_figure){NAN, NAN, NAN};
	if (all.n)
		few_estimate(&world, &all, &out->few);
	few_answers_free(&own);
	few_answers_free(&all);
	factor_free(&rasch);
	err_clear(&ignored);
}

static void choose(
    struct work *w, const struct factor *f, const struct next_options *o, struct next *out)
{
	size_t K = f->side.K, left = out->questions - out->answers;
	size_t want = o->budget < left ? o->budget : left;
	struct few_answers a = few_answers_new(w->all, w->pool.N, w->order, w->n_order);
	double *theta = mem_array(K, sizeof(*theta)), *cov = mem_array(K * K, sizeof(*cov));
	struct choice *got = mem_array(want + 1, sizeof(*got));

	place_model(&f->side, &f->prior, a.n, a.question, a.y, theta, cov);
	out->n = choose_next((enum chooser)o->chooser, &f->side, theta, cov, w->order, w->n_order,
	    out->answers, w->open, want, got);
	out->v = arena_array(&out->arena, struct next_row, out->n + 1);
	for (size_t i = 0; i < out->n; i++)
		out->v[i] = (struct next_row){got[i].question, got[i].random,
		    place_forecast(&f->side, got[i].question, theta, cov, NULL)};
	few_answers_free(&a);
	mem_free(theta);
	mem_free(cov);
	mem_free(got);
}

bool task_next(const struct atlas *a, size_t model, size_t benchmark, const struct next_options *o,
    const struct progress *p, struct next *out, struct err *e)
{
	struct work w = work_new(a, model, benchmark);
	struct next n = {.model = model, .benchmark = benchmark, .questions = w.n_order};
	struct factor f;
	bool ok =
	    w.pool.M >= 2 ||
	    err_set(e, ERR_DATA,
		"what to ask is chosen by other models' answers, and there are %zu: import more",
		w.pool.M);

	ok = ok && factor_fit(&w.pool, FACTOR_AUTO, p, &f, e);
	if (ok) {
		const struct few_figure *v = &n.few.v[FEW_DEFAULT];

		arena_init(&n.arena);
		estimate(&w, &f, o, p, &n);
		n.enough = (v->high - v->low) / 2 <= o->width;
		if (!n.enough)
			choose(&w, &f, o, &n);
		factor_free(&f);
		*out = n;
	}
	work_free(&w);
	return ok;
}

void next_clear(struct next *n)
{
	arena_clear(&n->arena);
	*n = (struct next){0};
}

bool next_export(const struct next *n, const struct atlas *a, const char *path, struct err *e)
{
	struct file_out f;
	bool ok = true;

	if (!file_create(&f, path, e))
		return false;
	for (size_t i = 0; i < n->n && ok; i++) {
		const struct catalog_question *q = &a->questions[n->v[i].question];
		json_t *line = json_object();

		if (n->model != SIZE_MAX)
			json_object_set_new(
			    line, "model", json_string(a->catalog.models[n->model].name));
		json_object_set_new(
		    line, "benchmark", json_string(a->catalog.benchmarks[q->benchmark].name));
		json_object_set_new(line, "question", json_string(q->text));
		json_object_set_new(line, "random", json_boolean(n->v[i].random));
		ok = json_write_line(f.f, line, e);
		json_decref(line);
	}
	if (ok)
		return file_commit(&f, e);
	file_abandon(&f);
	return false;
}

static const struct column columns[NEXT_COLUMNS] = {
    [NEXT_PLACE] = {"place", "#", .kind = COLUMN_INT, .about = "In which order to use them."},
    [NEXT_ID] = {"question_id", "id", .kind = COLUMN_INT,
	.about = "The question's number in the database."},
    [NEXT_BENCHMARK] = {"benchmark", "benchmark", .kind = COLUMN_TEXT,
	.about = "The benchmark it is of."},
    [NEXT_RANDOM] = {"random", "drawn", .kind = COLUMN_BOOL,
	.about = "Drawn at random: what the forecasts are checked on. Leave none of these out."},
    [NEXT_P] = {"p", "p(right)", .kind = COLUMN_REAL, 3,
	.about = "Forecast that the model is right, by the answers so far."},
    [NEXT_TEXT] = {"text", "question", .kind = COLUMN_CLIP, .about = "What it asks."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct next_row *r = &((const struct next *)t->rows)->v[row];
	const struct atlas *a = t->world;
	const struct catalog_question *q = &a->questions[r->question];

	(void)scratch;
	switch (column) {
	case NEXT_PLACE:
		return value_int((int64_t)row + 1);
	case NEXT_ID:
		return value_int(q->id);
	case NEXT_BENCHMARK:
		return value_text(a->catalog.benchmarks[q->benchmark].name);
	case NEXT_RANDOM:
		return value_bool(r->random);
	case NEXT_P:
		return value_real(r->p);
	default:
		return value_text(q->text);
	}
}

struct table next_table(const struct next *n, const struct atlas *a)
{
	return (struct table){.name = "next",
	    .columns = columns,
	    .n_columns = NEXT_COLUMNS,
	    .value = value,
	    .n = n->n,
	    .rows = n,
	    .world = a};
}

static const struct column estimate_columns[ESTIMATES_COLUMNS] = {
    [ESTIMATES_NAME] = {"estimator", "estimate", .kind = COLUMN_TEXT,
	.about = "How the accuracy was estimated: see embedllm simulate."},
    [ESTIMATES_ACCURACY] = {"accuracy", "accuracy", .kind = COLUMN_SHARE_FIGURE, 1,
	.about = "The model's accuracy on the questions asked for, with a 95 % interval."},
};

static struct value estimate_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct few_figure *v = &((const struct next *)t->rows)->few.v[row];

	(void)scratch;
	return column == ESTIMATES_NAME ? value_text(few_name[row])
					: value_figure(v->value, v->low, v->high);
}

struct table estimates_table(const struct next *n)
{
	return (struct table){.name = "estimates",
	    .columns = estimate_columns,
	    .n_columns = ESTIMATES_COLUMNS,
	    .value = estimate_value,
	    .n = FEW_COUNT,
	    .rows = n};
}
