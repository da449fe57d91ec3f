/* What the nearest training questions say: each model's mean label among the k nearest by cosine,
 * weighted by exp((s - s_max) / width) and leaning on the model's rate with a weight of `lean`.
 *
 * The guarded form leaves a model's rate only where its neighbours' labels differ from it by more
 * than their own standard error allows. */
#include "method/method.h"

#include "base/mem.h"
#include "base/rng.h"
#include "learn/baseline.h"
#include "num/blas.h"
#include "num/parallel.h"
#include "num/topk.h"

#include <math.h>
#include <string.h>

#define KEPT 40000 /* training questions; of more, so many drawn at random */
#define BLOCK 128
#define MARGIN 1e-3

enum { STREAM_KEPT = 0x6b6e6e };

/* Training questions and rates into *out. */
static void keep(const struct fit *in, const struct sample *s, struct params *out)
{
	size_t n = s->n < KEPT ? s->n : KEPT;
	struct mat *x = params_add(out, "x", n, s->D), *y = params_add(out, "y", n, s->M);
	struct mat *rate = params_add(out, "rate", 1, s->M);
	uint32_t *order = mem_array(s->n + 1, sizeof(*order));
	struct baseline rates = baseline_fit(in->d);
	struct rng r;

	for (size_t i = 0; i < s->n; i++)
		order[i] = (uint32_t)i;
	rng_init(&r, in->seed, STREAM_KEPT);
	if (n < s->n)
		rng_shuffle(&r, order, s->n);
	for (size_t i = 0; i < n; i++) {
		memcpy(mat_row(x, i), s->x + order[i] * s->D, s->D * sizeof(float));
		memcpy(mat_row(y, i), s->y + order[i] * s->M, s->M * sizeof(float));
	}
	for (size_t m = 0; m < s->M; m++)
		rate->v[m] = (float)rates.model[m];
	baseline_free(&rates);
	mem_free(order);
}

/* The sums over a question's neighbours, for each model. */
struct around {
	double *w, *w2, *d,
	    *d2; /* (M) weights, squared weights; weighted (label - rate), its square */
};

/* One block of questions. */
struct lookup {
	const struct params *p;
	const struct mat *x, *y, *rate;
	size_t k;
	double width, lean, z; /* z: standard errors a change must be worth; NaN = not guarded */
	const float *cosine;   /* (rows, x->rows) */
	float *out;            /* (rows, M) */
};

static double shift(const struct lookup *l, const struct around *a, size_t m)
{
	double mean = a->d[m] / a->w[m], var;

	if (isnan(l->z))
		return a->d[m] / (a->w[m] + l->lean);
	/* Variance of the weighted mean of so many labels. */
	var = fmax(a->d2[m] / a->w[m] - mean * mean, 0.01) * a->w2[m] / (a->w[m] * a->w[m]);
	return fabs(mean) > l->z * sqrt(var) ? a->d[m] / (a->w[m] + l->lean) : 0;
}

static void look_up(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct lookup *l = arg;
	size_t n = l->x->rows, M = l->y->cols;
	double *sums = mem_array(4 * M, sizeof(*sums));
	struct around a = {sums, sums + M, sums + 2 * M, sums + 3 * M};
	struct topk top;

	(void)worker;
	topk_init(&top, l->k);
	for (size_t i = begin; i < end; i++) {
		topk_reset(&top);
		for (size_t q = 0; q < n; q++)
			topk_add(&top, l->cosine[i * n + q], (uint32_t)q);
		topk_sort(&top);
		memset(sums, 0, 4 * M * sizeof(*sums));
		for (size_t j = 0; j < top.n; j++) {
			const float *y = mat_row(l->y, top.index[j]);
			double w = exp((double)(top.score[j] - top.score[0]) / l->width);

			for (size_t m = 0; m < M; m++) {
				double d = (double)(y[m] - l->rate->v[m]);

				if (isnan(y[m]))
					continue;
				a.w[m] += w;
				a.w2[m] += w * w;
				a.d[m] += w * d;
				a.d2[m] += w * d * d;
			}
		}
		for (size_t m = 0; m < M; m++) {
			double p = (double)l->rate->v[m] + (a.w[m] > 0 ? shift(l, &a, m) : 0);

			l->out[i * M + m] = (float)method_logit(p, MARGIN);
		}
	}
	topk_clear(&top);
	mem_free(sums);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	struct lookup l = {
	    .p = p,
	    .x = params_get(p, "x"),
	    .y = params_get(p, "y"),
	    .rate = params_get(p, "rate"),
	    .k = (size_t)params_number(p, "k", 100),
	    .width = params_number(p, "width", 0.1),
	    .lean = params_number(p, "lean", 5),
	    .z = params_number(p, "z", NAN),
	};
	size_t D = l.x->cols;
	float *cosine = mem_floats(BLOCK * l.x->rows + 1);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rows = n - i < BLOCK ? n - i : BLOCK;

		blas_sgemm(false, true, rows, l.x->rows, D, 1, enc + i * D, D, l.x->v, D, 0, cosine,
		    l.x->rows);
		l.cosine = cosine;
		l.out = z + i * l.y->cols;
		parallel_for(rows, 4, look_up, &l);
	}
	mem_free(cosine);
}

static bool fit_with(const struct fit *in, const struct sample *s, const double *setting,
    struct params *out, struct err *e)
{
	(void)setting;
	(void)e;
	keep(in, s, out);
	return true;
}

static bool knn_fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {{100, 0.1, 5}, {25, 0.1, 5}, {50, 0.1, 5},
	    {200, 0.1, 5}, {400, 0.1, 5}, {50, 0.2, 5}, {100, 0.2, 5}, {100, 0.05, 5},
	    {400, 0.05, 5}, {100, 0.1, 15}, {400, 0.1, 15}};
	static const struct grid grid = {{"k", "width", "lean"}, sizeof(v) / sizeof(*v), v};

	return method_fit_grid(&method_knn, &grid, in, fit_with, out, e);
}

static bool guarded_fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {
	    {100, 0.5, 0.1}, {50, 0.5, 0.1}, {100, 1, 0.1}, {100, 2, 0.1}, {400, 1, 0.05}};
	static const struct grid grid = {{"k", "z", "width"}, sizeof(v) / sizeof(*v), v};

	return method_fit_grid(&method_guarded, &grid, in, fit_with, out, e);
}

const struct method method_knn = {
    .name = "knn",
    .about = "mean label of the nearest training questions, leaning on the model's rate",
    .source = "arXiv 2505.12601",
    .fit = knn_fit,
    .logits = logits,
};

const struct method method_guarded = {
    .name = "guarded-knn",
    .about = "knn that leaves the model's rate only where the neighbours' error allows it",
    .fit = guarded_fit,
    .logits = logits,
};
