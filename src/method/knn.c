/* What the nearest training questions say: the mean of what the prior leaves over among the k
 * nearest by cosine, weighted by exp((s - s_max) / width), with a weight of `lean` on nothing.
 *
 * The guarded form leaves a model's rate only where its neighbours' labels differ from it by more
 * than their own standard error allows. */
#include "method/method.h"

#include "base/mem.h"
#include "base/rng.h"
#include "method/near.h"
#include "method/prior.h"
#include "num/blas.h"
#include "num/parallel.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

#define KEPT 40000 /* training questions; of more, so many drawn at random */
#define DIMS 256   /* of the leading directions of the encodings, where they have more */
#define MOST 200   /* neighbours at most */
#define MARGIN 1e-3

enum { STREAM_KEPT = 0x6b6e6e };

/* q (n, turn->rows) = x (n, D) in the directions kept, of unit length; a copy where those are all. */
static void turned(const struct mat *turn, const float *x, size_t n, size_t D, float *q)
{
	if (!turn) {
		memcpy(q, x, n * D * sizeof(float));
		return;
	}
	blas_sgemm(false, true, n, turn->rows, D, 1, x, D, turn->v, D, 0, q, turn->rows);
	for (size_t i = 0; i < n; i++)
		vec_normalise(turn->rows, q + i * turn->rows);
}

/* The leading eigenvectors of x'x. */
static void add_turn(const struct sample *s, struct params *out)
{
	size_t D = s->D;
	float *gram = mem_floats(D * D);
	double *a = mem_array(D * D, sizeof(*a)), *v = mem_array(D * D, sizeof(*v));
	double *w = mem_array(D, sizeof(*w));
	struct mat *turn = params_add(out, "turn", DIMS, D);

	blas_sgemm(true, false, D, D, s->n, 1, s->x, D, s->x, D, 0, gram, D);
	for (size_t i = 0; i < D * D; i++)
		a[i] = (double)gram[i];
	/* Without convergence any orthonormal directions: the first ones. */
	if (!blas_eigh(D, a, w, v))
		for (size_t i = 0; i < D * D; i++)
			v[i] = i / D == D - 1 - i % D;
	for (size_t k = 0; k < DIMS; k++)
		for (size_t d = 0; d < D; d++)
			mat_row(turn, k)[d] = (float)v[(D - 1 - k) * D + d];
	mem_free(gram);
	mem_free(a);
	mem_free(v);
	mem_free(w);
}

/* Into *out: training questions, and what the probabilities p (n, M) leave over of their labels. */
static void keep(const struct fit *in, const struct sample *s, const float *p, struct params *out)
{
	size_t n = s->n < KEPT ? s->n : KEPT, D = s->D < DIMS ? s->D : DIMS;
	struct mat *x = params_add(out, "x", n, D), *over = params_add(out, "over", n, s->M);
	uint32_t *order = mem_array(s->n + 1, sizeof(*order));
	float *q = mem_floats(s->n * D + 1);
	struct rng r;

	if (D < s->D)
		add_turn(s, out);
	turned(params_find(out, "turn"), s->x, s->n, s->D, q);
	for (size_t i = 0; i < s->n; i++)
		order[i] = (uint32_t)i;
	rng_init(&r, in->seed, STREAM_KEPT);
	if (n < s->n)
		rng_shuffle(&r, order, s->n);
	mat_gather(q, D, order, n, x->v);
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < s->M; m++)
			mat_row(over, i)[m] = s->y[order[i] * s->M + m] - p[order[i] * s->M + m];
	mem_free(q);
	mem_free(order);
}

/* What neighbours are asked. */
struct asked {
	const struct mat *over;
	const struct near *near;
	size_t k;
	double width, lean, z; /* z: standard errors a change must be worth; NaN = not guarded */
	const float *prior;    /* (near->n, M) */
	float *out;            /* (near->n, M) logits */
};

/* A question's sums over its neighbours, for each model: weights, weighted residuals, their squares,
 * squared weights. */
struct sums {
	float *w, *d, *d2, *w2;
};

static void add_neighbour(const struct asked *a, const float *over, float w, struct sums *s)
{
	for (size_t m = 0; m < a->over->cols; m++) {
		bool there = !isnan(over[m]);

		s->w[m] += there ? w : 0;
		s->d[m] += there ? w * over[m] : 0;
	}
	for (size_t m = 0; m < a->over->cols && !isnan(a->z); m++) {
		bool there = !isnan(over[m]);

		s->d2[m] += there ? w * over[m] * over[m] : 0;
		s->w2[m] += there ? w * w : 0;
	}
}

static double shift(const struct asked *a, const struct sums *s, size_t m)
{
	double w = (double)s->w[m], d = (double)s->d[m], mean, var;

	if (!(w > 0))
		return 0;
	if (isnan(a->z))
		return d / (w + a->lean);
	/* Variance of the weighted mean of so many labels. */
	mean = d / w;
	var = fmax((double)s->d2[m] / w - mean * mean, 0.01) * (double)s->w2[m] / (w * w);
	return fabs(mean) > a->z * sqrt(var) ? d / (w + a->lean) : 0;
}

static void ask(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct asked *a = arg;
	size_t M = a->over->cols;
	float *block = mem_floats(4 * M + 1);
	struct sums s = {block, block + M, block + 2 * M, block + 3 * M};

	(void)worker;
	for (size_t i = begin; i < end; i++) {
		const uint32_t *index = a->near->index + i * a->near->k;
		const float *score = a->near->score + i * a->near->k;
		size_t n = a->near->found[i] < a->k ? a->near->found[i] : a->k;

		memset(block, 0, 4 * M * sizeof(*block));
		for (size_t j = 0; j < n; j++)
			add_neighbour(a, mat_row(a->over, index[j]),
			    expf((score[j] - score[0]) / (float)a->width), &s);
		for (size_t m = 0; m < M; m++)
			a->out[i * M + m] = (float)method_logit(
			    (double)a->prior[i * M + m] + shift(a, &s, m), MARGIN);
	}
	mem_free(block);
}

/* The setting is that of p. */
static void ask_all(const struct params *p, const struct mat *over, const struct near *near,
    const float *prior, float *z)
{
	struct asked a = {
	    .over = over,
	    .near = near,
	    .k = (size_t)params_number(p, "k", 100),
	    .width = params_number(p, "width", 0.1),
	    .lean = params_number(p, "lean", 5),
	    .z = params_number(p, "z", NAN),
	    .prior = prior,
	    .out = z,
	};

	parallel_for(near->n, 16, ask, &a);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *x = params_get(p, "x"), *turn = params_find(p, "turn");
	const struct mat *over = params_get(p, "over");
	float *q = mem_floats(n * x->cols + 1), *prior = mem_floats(n * over->cols + 1);
	struct near near;

	turned(turn, enc, n, turn ? turn->cols : x->cols, q);
	near = near_rows(x, q, n, (size_t)params_number(p, "k", 100), INFINITY);
	prior_at(p, enc, n, prior);
	ask_all(p, over, &near, prior, z);
	near_clear(&near);
	mem_free(q);
	mem_free(prior);
}

/* What all settings have in common. */
struct known {
	const struct mat *over;
	const struct near *near; /* of the training questions */
	const float *prior;
};

static bool fit_with(const struct fit *in, const struct grid *g, const struct sample *s,
    const double *setting, struct params *out, struct err *e)
{
	const struct known *k = g->shared;

	(void)s;
	(void)setting;
	(void)e;
	if (in->held)
		ask_all(out, k->over, k->near, k->prior, in->held);
	return true;
}

/* Neighbours of all training questions among those kept. */
static struct near neighbours(
    const struct fit *in, const struct sample *s, const struct params *p, size_t n_kept)
{
	const struct mat *x = params_get(p, "x"), *turn = params_find(p, "turn");
	struct near near = {0};
	float *q;

	if (in->like && !in->held)
		return near;
	if (n_kept == s->n)
		return near_each(x, MOST);
	q = mem_floats(s->n * x->cols + 1);
	turned(turn, s->x, s->n, s->D, q);
	near = near_rows(x, q, s->n, MOST, NEAR_SAME);
	mem_free(q);
	return near;
}

static bool fit_from(const struct method *m, enum prior_kind kind, struct grid grid,
    const struct fit *in, struct params *out, struct err *e)
{
	struct sample s = sample_new(in->d, PART_TRAIN);
	float *p = mem_floats(s.n * s.M + 1);
	struct params common = {0};
	struct near near = {0};
	struct known known = {.near = &near, .prior = p};
	bool ok = prior_fit(kind, in, &common, p, e);

	if (ok) {
		keep(in, &s, p, &common);
		known.over = params_get(&common, "over");
		near = neighbours(in, &s, &common, known.over->rows);
		grid.shared = &known;
		ok = method_fit_grid(m, &grid, in, fit_with, out, e);
	}
	if (ok)
		params_move(out, &common);
	params_clear(&common);
	near_clear(&near);
	mem_free(p);
	sample_clear(&s);
	return ok;
}

static const double settings[][GRID_NAMES] = {{100, 0.1, 5}, {25, 0.1, 5}, {50, 0.1, 5},
    {200, 0.1, 5}, {100, 0.2, 5}, {100, 0.05, 5}, {100, 0.1, 15}, {200, 0.1, 15}};
static const struct grid plain = {
    {"k", "width", "lean"}, sizeof(settings) / sizeof(*settings), settings, NULL};

static bool knn_fit(const struct fit *in, struct params *out, struct err *e)
{
	return fit_from(&method_knn, PRIOR_RATES, plain, in, out, e);
}

static bool posterior_knn_fit(const struct fit *in, struct params *out, struct err *e)
{
	return fit_from(&method_posterior_knn, PRIOR_POSTERIOR, plain, in, out, e);
}

static bool guarded_fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {
	    {100, 0.5, 0.1}, {50, 0.5, 0.1}, {100, 1, 0.1}, {100, 2, 0.1}, {200, 1, 0.05}};
	static const struct grid grid = {{"k", "z", "width"}, sizeof(v) / sizeof(*v), v, NULL};

	return fit_from(&method_guarded, PRIOR_RATES, grid, in, out, e);
}

const struct method method_knn = {
    .name = "knn",
    .about = "mean label of the nearest training questions, leaning on the model's rate",
    .source = "arXiv 2505.12601",
    .leaves_out = true,
    .fit = knn_fit,
    .logits = logits,
};

const struct method method_posterior_knn = {
    .name = "posterior-knn",
    .about = "what the nearest training questions add to the posterior",
    .leaves_out = true,
    .fit = posterior_knn_fit,
    .logits = logits,
};

const struct method method_guarded = {
    .name = "guarded-knn",
    .about = "knn that leaves the model's rate only where the neighbours' error allows it",
    .leaves_out = true,
    .fit = guarded_fit,
    .logits = logits,
};
