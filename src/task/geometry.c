#include "task/geometry.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "learn/agreement.h"
#include "num/mat.h"
#include "num/stats.h"
#include "task/vectors.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COMMON 20 /* questions that a pair must have in common */
#define TICK 32   /* permutations between two looks at the user */

enum stream { STREAM_MODELS, STREAM_NOISE, STREAM_MANTEL };

const char *const geometry_space_name[SPACE_COUNT] = {
    [SPACE_RUN] = "vectors of the run",
    [SPACE_APART] = "apart from ability",
    [SPACE_NOISE] = "noise of that width",
    [SPACE_PROFILE] = "benchmark accuracies",
};

void geometry_options_default(struct geometry_options *o)
{
	*o = (struct geometry_options){.permutations = 999, .seed = 1};
}

/* The models looked at: those of the run, at most GEOMETRY_MODELS of them. */
static size_t choose_models(const struct atlas *a, uint64_t seed, uint32_t *model)
{
	size_t n = 0;
	struct rng r;

	for (size_t m = 0; m < a->catalog.n_models; m++)
		if (a->trained.in_run[m])
			model[n++] = (uint32_t)m;
	if (n <= GEOMETRY_MODELS)
		return n;
	rng_init(&r, seed, STREAM_MODELS);
	rng_shuffle(&r, model, n);
	return GEOMETRY_MODELS;
}

/* The held-out questions. */
static uint32_t *choose_questions(const struct atlas *a, enum part *part, size_t *n)
{
	static const enum part order[] = {PART_TEST, PART_VAL};
	uint32_t *q;

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++) {
		*part = order[i];
		q = dataset_part(&a->data, *part, n);
		if (*n)
			return q;
		mem_free(q);
	}
	*part = PART_NONE;
	*n = a->data.n_questions;
	q = mem_array(*n + 1, sizeof(*q));
	for (size_t i = 0; i < *n; i++)
		q[i] = (uint32_t)i;
	return q;
}

/* out (n, n) <- share of the common questions on which only one of the two is right; NaN where they
 * have too few. */
static void disagreements(const struct atlas *a, const uint32_t *question, size_t n_questions,
    const uint32_t *model, size_t n, struct mat *out)
{
	struct agreement labels = agreement_new(&a->data, question, n_questions);
	size_t common, differ;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			agreement_count(&labels, model[i], model[j], &common, &differ);
			mat_row(out, i)[j] = mat_row(out, j)[i] =
			    common >= COMMON ? (float)differ / (float)common : NAN;
		}
	agreement_free(&labels);
}

static float distance(size_t n, const float *x, const float *y, enum neighbour_metric metric)
{
	double d = neighbours_similarity(n, x, y, metric);

	return (float)(metric == NEIGHBOUR_COSINE ? 1 - d : d);
}

/* Root mean square difference of the accuracies on the benchmarks that both have. */
static float profile_distance(const struct catalog *c, size_t x, size_t y)
{
	double sum = 0, n = 0;

	for (size_t b = 0; b < c->n_benchmarks; b++) {
		size_t i = x * c->n_benchmarks + b, j = y * c->n_benchmarks + b;
		double d = c->right[i] / c->seen[i] - c->right[j] / c->seen[j];

		if (isnan(d))
			continue;
		sum += d * d;
		n++;
	}
	return n > 0 ? (float)sqrt(sum / n) : NAN;
}

static void noise(const struct geometry_options *o, struct mat *v)
{
	struct rng r;

	rng_init(&r, o->seed, STREAM_NOISE);
	for (size_t i = 0; i < v->rows * v->cols; i++)
		v->v[i] = (float)rng_normal(&r);
}

/* out (n, n) <- the distances in a space. */
static bool distances(const struct atlas *a, const struct geometry_options *o,
    enum geometry_space space, const uint32_t *model, size_t n, struct mat *out, struct err *e)
{
	struct vectors of = {.ability = NAN};

	if (space != SPACE_PROFILE && !vectors_of(a, space == SPACE_APART, &of, e))
		return false;
	if (space == SPACE_NOISE)
		noise(o, &of.v);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++)
			mat_row(out, i)[j] = mat_row(out, j)[i] =
			    space == SPACE_PROFILE
				? profile_distance(&a->catalog, model[i], model[j])
				: distance(of.v.cols, mat_row(&of.v, model[i]),
				      mat_row(&of.v, model[j]), o->metric);
	vectors_free(&of);
	return true;
}

/* x, y (pairs) <- distance and disagreement of the pairs that have both, the models of the distance
 * permuted by `by` (NULL = as they are). */
static size_t pairs_of(
    const struct mat *d, const struct mat *differ, const uint32_t *by, double *x, double *y)
{
	size_t n = 0;

	for (size_t i = 0; i < d->rows; i++) {
		const float *row = mat_row(d, by ? by[i] : i), *other = mat_row(differ, i);

		for (size_t j = 0; j < i; j++) {
			float v = row[by ? by[j] : j];

			if (isnan(v) || isnan(other[j]))
				continue;
			x[n] = (double)v;
			y[n++] = (double)other[j];
		}
	}
	return n;
}

static bool mantel(const struct geometry_options *o, const struct mat *d, const struct mat *differ,
    double seen, double *x, double *y, const struct progress *p, double *out, struct err *e)
{
	uint32_t *by = mem_array(d->rows + 1, sizeof(*by));
	size_t as_good = 1;
	struct rng r;
	bool ok = true;

	for (size_t i = 0; i < d->rows; i++)
		by[i] = (uint32_t)i;
	rng_init(&r, o->seed, STREAM_MANTEL);
	for (size_t k = 0; k < o->permutations && ok; k++) {
		rng_shuffle(&r, by, d->rows);
		as_good += !(stats_pearson(pairs_of(d, differ, by, x, y), x, y) < seen);
		ok = k % TICK || progress_tick(p, "permuting the models", (double)k,
				     (double)o->permutations, "permutations");
	}
	*out = (double)as_good / (double)(o->permutations + 1);
	mem_free(by);
	return ok || err_set(e, ERR_CANCELLED, "stopped while permuting the models");
}

/* How often a model agrees with its k-th neighbour. */
static void agree(const struct mat *d, const struct mat *differ, double *agreement)
{
	size_t n = d->rows;
	unsigned *order = mem_array(n + 1, sizeof(*order));
	float *row = mem_floats(n + 1);
	double seen[GEOMETRY_NEIGHBOURS] = {0}, sum[GEOMETRY_NEIGHBOURS] = {0};

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		memcpy(row, mat_row(d, i), n * sizeof(*row));
		for (size_t j = 0; j < n; j++)
			if (isnan(row[j]))
				row[j] = INFINITY;
		stats_order(n, row, order);
		for (size_t j = 0; j < n && k < GEOMETRY_NEIGHBOURS; j++) {
			double y = (double)mat_row(differ, i)[order[j]];

			if (order[j] == i || isinf(row[order[j]]))
				continue;
			sum[k] += isnan(y) ? 0 : 1 - y;
			seen[k++] += !isnan(y);
		}
	}
	for (size_t k = 0; k < GEOMETRY_NEIGHBOURS; k++)
		agreement[k] = seen[k] > 0 ? sum[k] / seen[k] : NAN;
	mem_free(row);
	mem_free(order);
}

static bool fit_space(struct geometry *g, enum geometry_space space, const struct mat *d,
    const struct mat *differ, const struct progress *p, struct err *e)
{
	struct geometry_fit *f = &g->fit[space];
	size_t most = d->rows * (d->rows - 1) / 2, n;
	double *x = mem_array(4 * most + 1, sizeof(*x)), *y = x + most;
	double *rx = y + most, *ry = rx + most;
	bool ok;

	n = pairs_of(d, differ, NULL, x, y);
	if (space == SPACE_RUN) {
		g->n_pairs = n;
		for (size_t i = 0; i < n; i++)
			g->agreement += (1 - y[i]) / (double)n;
	}
	stats_ranks(n, x, rx);
	stats_ranks(n, y, ry);
	f->pearson = stats_pearson(n, x, y);
	f->spearman = stats_pearson(n, rx, ry);
	f->kendall = stats_kendall(n, x, y);
	agree(d, differ, f->agreement);
	ok = mantel(&g->options, d, differ, f->pearson, x, y, p, &f->p, e);
	mem_free(x);
	return ok;
}

static bool look(const struct atlas *a, const uint32_t *model, const struct progress *p,
    struct geometry *g, struct err *e)
{
	size_t n = g->n_models;
	struct geometry_distances of = {.catalog = &a->catalog, .model = model, .n = n};
	struct mat differ = mat_new(n, n);
	uint32_t *question = choose_questions(a, &g->part, &g->n_questions);
	bool ok = true;

	disagreements(a, question, g->n_questions, model, n, &differ);
	for (int s = 0; s < SPACE_COUNT; s++) {
		of.d[s] = mat_new(n, n);
		ok = ok &&
		     distances(a, &g->options, (enum geometry_space)s, model, n, &of.d[s], e) &&
		     fit_space(g, (enum geometry_space)s, &of.d[s], &differ, p, e);
	}
	if (ok)
		g->group = geometry_find_groups(&of, g->options.tag, g->options.permutations,
		    g->options.seed, &g->arena, &g->n_groups);
	for (int s = 0; s < SPACE_COUNT; s++)
		mat_free(&of.d[s]);
	mat_free(&differ);
	mem_free(question);
	return ok;
}

bool task_geometry(const struct atlas *a, const struct geometry_options *o,
    const struct progress *p, struct geometry *out, struct err *e)
{
	struct geometry g = {.options = *o};
	uint32_t *model = mem_array(a->catalog.n_models + 1, sizeof(*model));
	bool ok;

	arena_init(&g.arena);
	ok = a->run ? true
		    : err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (ok)
		g.n_models = choose_models(a, o->seed, model);
	if (ok && g.n_models < 3)
		ok = err_set(e, ERR_DATA,
		    "run %lld has vectors of %zu models: distances need at least 3",
		    (long long)a->run, g.n_models);
	ok = ok && look(a, model, p, &g, e);
	if (ok && o->tag && !g.n_groups)
		ok = err_set(e, ERR_USAGE,
		    "no value of the tag '%s' is that of 3 models or more, and not of all", o->tag);
	if (ok)
		*out = g;
	else
		arena_clear(&g.arena);
	mem_free(model);
	return ok;
}

void geometry_clear(struct geometry *g)
{
	arena_clear(&g->arena);
	*g = (struct geometry){0};
}
