/* Ridge regression of (label - the model's rate), on the encoding itself (ridge) or on the features
 * of a Gaussian kernel (kernel); the forecast is a probability, kept off 0 and 1. */
#include "method/method.h"

#include "base/err.h"
#include "base/mem.h"
#include "learn/baseline.h"
#include "method/corank.h"
#include "method/landmarks.h"
#include "num/blas.h"

#include <math.h>
#include <string.h>

#define MARGIN 0.01
#define LANDMARKS 1024
#define RANK 512

/* Column means of f (n, K), taken off it. */
static void centre(float *f, size_t n, size_t K, float *mean)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			mean[k] += f[i * K + k] / (float)n;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			f[i * K + k] -= mean[k];
}

/* Regress on the features f (n, K), which are centred in place. */
static bool regress(const struct fit *in, const struct sample *s, float *f, size_t K,
    struct params *out, struct err *e)
{
	struct baseline rates = baseline_fit(in->d);
	float *t = mem_floats(s->n * s->M + 1), *rate;
	struct corank c;
	bool ok;

	centre(f, s->n, K, params_add(out, "mean", 1, K)->v);
	rate = params_add(out, "rate", 1, s->M)->v;
	for (size_t m = 0; m < s->M; m++)
		rate[m] = (float)rates.model[m];
	for (size_t i = 0; i < s->n * s->M; i++)
		t[i] = s->y[i] - rate[i % s->M];
	ok = corank_fit(f, s->n, K, t, s->M, in->progress, &c, e);
	if (ok) {
		memcpy(
		    params_add(out, "weights", K, s->M)->v, c.weights.v, K * s->M * sizeof(float));
		for (size_t m = 0; m < s->M; m++)
			rate[m] += c.offset.v[m];
		corank_clear(&c);
	}
	baseline_free(&rates);
	mem_free(t);
	return ok;
}

/* z (n, M) from features f (n, K), which are centred in place. */
static void forecast(const struct params *p, float *f, size_t n, float *z)
{
	const struct mat *w = params_get(p, "weights"), *mean = params_get(p, "mean");
	const struct mat *rate = params_get(p, "rate");
	size_t K = w->rows, M = w->cols;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			f[i * K + k] -= mean->v[k];
	blas_sgemm(false, false, n, M, K, 1, f, K, w->v, M, 0, z, M);
	for (size_t i = 0; i < n * M; i++)
		z[i] = (float)method_logit((double)(z[i] + rate->v[i % M]), MARGIN);
}

static bool ridge_fit(const struct fit *in, struct params *out, struct err *e)
{
	struct sample s = sample_new(in->d, PART_TRAIN);
	bool ok = regress(in, &s, s.x, s.D, out, e);

	sample_clear(&s);
	return ok;
}

static void ridge_logits(const struct params *p, const float *enc, size_t n, float *z)
{
	size_t D = params_get(p, "weights")->rows;
	float *f = mem_floats(n * D + 1);

	memcpy(f, enc, n * D * sizeof(float));
	forecast(p, f, n, z);
	mem_free(f);
}

const struct method method_ridge = {
    .name = "ridge",
    .about = "linear regression of all models at once, a penalty for each direction among them",
    .source = "Bonilla, Chai and Williams 2007, linear kernel",
    .fit = ridge_fit,
    .logits = ridge_logits,
};

/* Kernel */

static void put(struct params *out, const char *name, const struct mat *m)
{
	memcpy(params_add(out, name, m->rows, m->cols)->v, m->v, m->rows * m->cols * sizeof(float));
}

/* Landmarks know no labels, so that a fit like another takes that one's. */
static bool place_landmarks(
    const struct fit *in, const struct sample *s, double gamma, struct params *out, struct err *e)
{
	struct mat z, map;

	if (in->like) {
		put(out, "landmarks", params_get(in->like, "landmarks"));
		put(out, "map", params_get(in->like, "map"));
		return true;
	}
	if (!landmarks_fit(s->x, s->n, s->D, gamma, LANDMARKS, RANK, in->seed, &z, &map, e))
		return false;
	put(out, "landmarks", &z);
	put(out, "map", &map);
	mat_free(&z);
	mat_free(&map);
	return true;
}

static bool kernel_fit_with(const struct fit *in, const struct sample *s, const double *setting,
    struct params *out, struct err *e)
{
	const struct mat *map;
	float *f;
	bool ok;

	if (!place_landmarks(in, s, setting[0], out, e))
		return false;
	map = params_get(out, "map");
	f = mem_floats(s->n * map->cols + 1);
	landmarks_features(params_get(out, "landmarks"), map, setting[0], s->x, s->n, f);
	ok = regress(in, s, f, map->cols, out, e);
	mem_free(f);
	return ok;
}

static bool kernel_fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {{0.5}, {1}, {2}};
	static const struct grid grid = {{"gamma"}, sizeof(v) / sizeof(*v), v};

	return method_fit_grid(&method_kernel, &grid, in, kernel_fit_with, out, e);
}

static void kernel_logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *map = params_get(p, "map");
	float *f = mem_floats(n * map->cols + 1);

	landmarks_features(
	    params_get(p, "landmarks"), map, params_number(p, "gamma", 1), enc, n, f);
	forecast(p, f, n, z);
	mem_free(f);
}

const struct method method_kernel = {
    .name = "kernel",
    .about = "ridge on the features of a Gaussian kernel, by landmarks",
    .source = "Williams and Seeger 2000; Bonilla, Chai and Williams 2007",
    .fit = kernel_fit,
    .logits = kernel_logits,
};
