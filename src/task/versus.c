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
	struct versus_flips f = {.n = 0};
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
			atlas_probability(a, a->data.enc + q * a->data.dims, 1, p);
			v->p_a = a->trained.in_run[one] ? (double)p[one] : NAN;
			v->p_b = a->trained.in_run[other] ? (double)p[other] : NAN;
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
