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

/* Share of equal answers on the questions both models have a label for. */
static void agree(const struct dataset *d, size_t a, struct neighbour *v)
{
	size_t equal = 0;

	for (size_t q = 0; q < d->n_questions; q++) {
		float x = d->score[q * d->n_models + a], y = d->score[q * d->n_models + v->model];

		if (isnan(x) || isnan(y))
			continue;
		v->common++;
		equal += (x >= 0.5f) == (y >= 0.5f);
	}
	v->agreement = v->common ? (double)equal / (double)v->common : NAN;
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
	for (size_t i = 0; i < out->n; i++)
		agree(&a->data, model, &v[i]);
	return true;
}

void neighbours_clear(struct neighbours *n)
{
	arena_clear(&n->arena);
	*n = (struct neighbours){0};
}
