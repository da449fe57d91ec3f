/* Ridge regression of what the prior leaves over, on the encoding itself (ridge) or on the features
 * of a Gaussian kernel (kernel, and posterior-kernel, whose prior is the posterior); the forecast is
 * a probability, kept off 0 and 1. Penalty and kernel width are chosen by leaving each question out,
 * which for a ridge is a closed form. */
#include "method/method.h"

#include "base/err.h"
#include "base/mem.h"
#include "method/corank.h"
#include "method/landmarks.h"
#include "method/prior.h"
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

/* Regress what the probabilities p (n, M) leave over on the features f (n, K), which are centred in
 * place. */
static bool regress(const struct fit *in, const struct sample *s, const float *p, float *f,
    size_t K, struct params *out, struct err *e)
{
	size_t size = s->n * s->M;
	float *t = mem_floats(size + 1), *held = mem_floats(size + 1);
	struct corank c;
	bool ok;

	centre(f, s->n, K, params_add(out, "mean", 1, K)->v);
	for (size_t i = 0; i < size; i++)
		t[i] = s->y[i] - p[i];
	ok = corank_fit(f, s->n, K, t, s->M, in->progress, &c, held, e);
	if (ok) {
		memcpy(
		    params_add(out, "weights", K, s->M)->v, c.weights.v, K * s->M * sizeof(float));
		memcpy(params_add(out, "offset", 1, s->M)->v, c.offset.v, s->M * sizeof(float));
		corank_clear(&c);
	}
	for (size_t i = 0; i < size && ok && in->held; i++)
		in->held[i] = (float)method_logit((double)(p[i] + held[i]), MARGIN);
	mem_free(t);
	mem_free(held);
	return ok;
}

/* z (n, M) of encodings (n, D) with features f (n, K), which are centred in place. */
static void forecast(const struct params *p, const float *enc, float *f, size_t n, float *z)
{
	const struct mat *w = params_get(p, "weights"), *mean = params_get(p, "mean");
	const struct mat *offset = params_get(p, "offset");
	size_t K = w->rows, M = w->cols;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			f[i * K + k] -= mean->v[k];
	prior_at(p, enc, n, z);
	blas_sgemm(false, false, n, M, K, 1, f, K, w->v, M, 1, z, M);
	for (size_t i = 0; i < n * M; i++)
		z[i] = (float)method_logit((double)(z[i] + offset->v[i % M]), MARGIN);
}

static bool ridge_fit(const struct fit *in, struct params *out, struct err *e)
{
	struct sample s = sample_new(in->d, PART_TRAIN);
	float *p = mem_floats(s.n * s.M + 1);
	bool ok = prior_fit(PRIOR_RATES, in, out, p, e) && regress(in, &s, p, s.x, s.D, out, e);

	mem_free(p);
	sample_clear(&s);
	return ok;
}

static void ridge_logits(const struct params *p, const float *enc, size_t n, float *z)
{
	size_t D = params_get(p, "weights")->rows;
	float *f = mem_floats(n * D + 1);

	memcpy(f, enc, n * D * sizeof(float));
	forecast(p, enc, f, n, z);
	mem_free(f);
}

const struct method method_ridge = {
    .name = "ridge",
    .about = "linear regression of all models at once, a penalty for each direction among them",
    .source = "Bonilla, Chai and Williams 2007, linear kernel",
    .leaves_out = true,
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

/* g->shared: the prior's probabilities. */
static bool kernel_fit_with(const struct fit *in, const struct grid *g, const struct sample *s,
    const double *setting, struct params *out, struct err *e)
{
	const struct mat *map;
	float *f;
	bool ok;

	if (!place_landmarks(in, s, setting[0], out, e))
		return false;
	map = params_get(out, "map");
	f = mem_floats(s->n * map->cols + 1);
	landmarks_features(params_get(out, "landmarks"), map, setting[0], s->x, s->n, f);
	ok = regress(in, s, g->shared, f, map->cols, out, e);
	mem_free(f);
	return ok;
}

static bool fit_from(const struct method *m, enum prior_kind kind, const struct fit *in,
    struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {{1}, {0.5}, {2}};
	float *p = mem_floats(in->d->n_questions * in->d->n_models + 1);
	const struct grid grid = {{"gamma"}, sizeof(v) / sizeof(*v), v, p};
	struct params prior = {0};
	bool ok = prior_fit(kind, in, &prior, p, e) &&
		  method_fit_grid(m, &grid, in, kernel_fit_with, out, e);

	if (ok)
		params_move(out, &prior);
	params_clear(&prior);
	mem_free(p);
	return ok;
}

static bool kernel_fit(const struct fit *in, struct params *out, struct err *e)
{
	return fit_from(&method_kernel, PRIOR_RATES, in, out, e);
}

static bool posterior_kernel_fit(const struct fit *in, struct params *out, struct err *e)
{
	return fit_from(&method_posterior_kernel, PRIOR_POSTERIOR, in, out, e);
}

static void kernel_logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *map = params_get(p, "map");
	float *f = mem_floats(n * map->cols + 1);

	landmarks_features(
	    params_get(p, "landmarks"), map, params_number(p, "gamma", 1), enc, n, f);
	forecast(p, enc, f, n, z);
	mem_free(f);
}

const struct method method_kernel = {
    .name = "kernel",
    .about = "ridge on the features of a Gaussian kernel, by landmarks",
    .source = "Williams and Seeger 2000; Bonilla, Chai and Williams 2007",
    .leaves_out = true,
    .fit = kernel_fit,
    .logits = kernel_logits,
};

const struct method method_posterior_kernel = {
    .name = "posterior-kernel",
    .about = "the same on what the posterior leaves over",
    .leaves_out = true,
    .fit = posterior_kernel_fit,
    .logits = kernel_logits,
};
