#include "task/neighbours.h"

#include "base/err.h"
#include "base/mem.h"
#include "num/vec.h"

#include <math.h>
#include <stdlib.h>

double neighbours_similarity(const struct mf *m, size_t a, size_t b, enum neighbour_metric metric)
{
	const float *x = m->p + a * m->dim, *y = m->p + b * m->dim;
	double length;

	if (metric == NEIGHBOUR_L2)
		return sqrt((double)vec_distance2(m->dim, x, y));
	length = sqrt((double)vec_dot(m->dim, x, x) * (double)vec_dot(m->dim, y, y));
	return length > 0 ? (double)vec_dot(m->dim, x, y) / length : 0;
}

/* What two models' labels have in common, counted over the questions both have. */
struct tally {
	uint32_t common, equal, right, own; /* right: the other's right answers; own: this one's */
};

/* t (n_models) <- the model's labels against everyone's; by question, as they lie in memory. */
static void tally(const struct dataset *d, size_t model, struct tally *t)
{
	for (size_t q = 0; q < d->n_questions; q++) {
		const float *y = d->score + q * d->n_models;
		uint32_t own = y[model] >= 0.5f;

		if (isnan(y[model]))
			continue;
		for (size_t m = 0; m < d->n_models; m++) {
			uint32_t has = y[m] == y[m], right = y[m] >= 0.5f;

			t[m].common += has;
			t[m].equal += has & (right == own);
			t[m].right += right;
			t[m].own += has & own;
		}
	}
}

static void agree(const struct tally *t, struct neighbour *v)
{
	double n = t->common, a = t->own / n, b = t->right / n;

	v->common = t->common;
	v->agreement = n > 0 ? t->equal / n : NAN;
	v->chance = n > 0 ? a * b + (1 - a) * (1 - b) : NAN;
}

static int nearest_first(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->similarity != y->similarity)
		return x->similarity < y->similarity ? 1 : -1;
	return x->model < y->model ? -1 : 1;
}

static int nearest_first_l2(const void *a, const void *b)
{
	const struct neighbour *x = a, *y = b;

	if (x->similarity != y->similarity)
		return x->similarity < y->similarity ? -1 : 1;
	return x->model < y->model ? -1 : 1;
}

bool task_neighbours(const struct atlas *a, size_t model, enum neighbour_metric metric, size_t k,
    struct neighbours *out, struct err *e)
{
	size_t M = a->roster.n_models, n = 0;
	struct neighbour *v;
	struct tally *t;

	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (!a->in_run[model])
		return err_set(e, ERR_DATA,
		    "run %lld has no vector for %s: it had no training labels; train again",
		    (long long)a->run, a->roster.models[model].name);
	*out = (struct neighbours){.model = model, .metric = metric};
	arena_init(&out->arena);
	v = arena_array(&out->arena, struct neighbour, M);
	for (size_t m = 0; m < M; m++)
		if (m != model && a->in_run[m])
			v[n++] = (struct neighbour){.model = m,
			    .similarity = neighbours_similarity(&a->mf, model, m, metric)};
	qsort(v, n, sizeof(*v), metric == NEIGHBOUR_L2 ? nearest_first_l2 : nearest_first);
	out->v = v;
	out->n = k && k < n ? k : n;
	t = mem_zero_array(M, sizeof(*t));
	tally(&a->data, model, t);
	for (size_t i = 0; i < out->n; i++)
		agree(&t[v[i].model], &v[i]);
	mem_free(t);
	return true;
}

void neighbours_clear(struct neighbours *n)
{
	arena_clear(&n->arena);
	*n = (struct neighbours){0};
}
