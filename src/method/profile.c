/* Model vectors first, the question side after them.
 *
 * bullpen: a model is described in two ways, by its labels (centred by question, X1 (M, n)) and by the
 * mean encoding of what it got right (X2 = X1 E / n, (M, D)), each scaled to unit Frobenius norm; V
 * (M, d) holds the leading left singular vectors of [X1 X2]. The residuals label - rate, projected on
 * V and on what all models have in common, are regressed on the encoding (corank), so that
 * p = rate_m + v_m' (A e).
 *
 * noise: the same with random orthonormal vectors of the same width, which know nothing of the
 * models. What it reaches comes from the question side alone. */
#include "method/method.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/baseline.h"
#include "method/corank.h"
#include "num/blas.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

#define WIDTH 32

enum { STREAM_NOISE = 0x6e6f6973 };

/* g (M, M) += X X' / |X|^2 for X' (n, M). */
static void add_block(const float *xt, size_t n, size_t M, float *g)
{
	double square = 0;

	for (size_t i = 0; i < n * M; i++)
		square += (double)xt[i] * (double)xt[i];
	if (square > 0)
		blas_sgemm(true, false, M, M, n, (float)(1 / square), xt, M, xt, M, 1, g, M);
}

/* (M, M): what two models have in common in both descriptions. */
static float *likeness(const struct sample *s)
{
	float *x1 = mem_floats(s->n * s->M + 1), *x2 = mem_floats(s->D * s->M + 1);
	float *g = mem_floats(s->M * s->M + 1);

	for (size_t i = 0; i < s->n; i++) {
		double sum = 0, seen = 0;

		for (size_t m = 0; m < s->M; m++)
			if (!isnan(s->y[i * s->M + m])) {
				sum += (double)s->y[i * s->M + m];
				seen++;
			}
		for (size_t m = 0; m < s->M; m++) {
			float y = s->y[i * s->M + m];

			x1[i * s->M + m] = isnan(y) ? 0 : y - (float)(sum / seen);
		}
	}
	blas_sgemm(
	    true, false, s->D, s->M, s->n, 1 / (float)s->n, s->x, s->D, x1, s->M, 0, x2, s->M);
	memset(g, 0, s->M * s->M * sizeof(float));
	add_block(x1, s->n, s->M, g);
	add_block(x2, s->D, s->M, g);
	mem_free(x1);
	mem_free(x2);
	return g;
}

/* Rows of v (d, M) made orthonormal, one after the other (modified Gram-Schmidt). */
static void orthonormalise(float *v, size_t d, size_t M)
{
	for (size_t j = 0; j < d; j++) {
		for (size_t i = 0; i < j; i++)
			vec_axpby(M, -vec_dot(M, v + i * M, v + j * M), v + i * M, 1, v + j * M);
		vec_normalise(M, v + j * M);
	}
}

/* v (d, M): all models alike, then the leading eigenvectors of g (M, M). */
static bool leading(const float *g, size_t M, size_t d, float *v, struct err *e)
{
	double *a = mem_array(M * M + 1, sizeof(*a)), *w = mem_array(M + 1, sizeof(*w));
	double *vectors = mem_array(M * M + 1, sizeof(*vectors));
	bool ok;

	for (size_t i = 0; i < M * M; i++)
		a[i] = (double)g[i];
	ok = blas_eigh(M, a, w, vectors) ||
	     err_set(e, ERR_FAILED, "an eigenproblem did not converge");
	for (size_t m = 0; m < M && ok; m++) {
		v[m] = 1;
		for (size_t j = 1; j < d; j++)
			v[j * M + m] = (float)vectors[(M - j) * M + m];
	}
	if (ok)
		orthonormalise(v, d, M);
	mem_free(a);
	mem_free(w);
	mem_free(vectors);
	return ok;
}

/* Random likeness: its leading eigenvectors are random directions. */
static float *random_likeness(size_t M, size_t d, uint64_t seed)
{
	float *x = mem_floats(d * M + 1), *g = mem_floats(M * M + 1);
	struct rng r;

	rng_init(&r, seed, STREAM_NOISE);
	for (size_t i = 0; i < d * M; i++)
		x[i] = (float)rng_normal(&r);
	blas_sgemm(true, false, M, M, d, 1, x, M, x, M, 0, g, M);
	mem_free(x);
	return g;
}

/* Regress the residuals' coordinates along v (d, M) on the encodings. */
static bool regress(const struct fit *in, const struct sample *s, const float *v, size_t d,
    struct params *out, struct err *e)
{
	struct baseline rates = baseline_fit(in->d);
	float *t = mem_floats(s->n * s->M + 1), *c = mem_floats(s->n * d + 1);
	float *mean = params_add(out, "mean", 1, s->D)->v;
	float *rate = params_add(out, "rates", 1, s->M)->v;
	float *offset = params_add(out, "offset", 1, s->M)->v, *held = mem_floats(s->n * d + 1);
	struct corank k;
	bool ok;

	for (size_t i = 0; i < s->n; i++)
		for (size_t f = 0; f < s->D; f++)
			mean[f] += s->x[i * s->D + f] / (float)s->n;
	for (size_t i = 0; i < s->n; i++)
		for (size_t f = 0; f < s->D; f++)
			s->x[i * s->D + f] -= mean[f];
	for (size_t i = 0; i < s->n * s->M; i++) {
		float y = s->y[i];

		t[i] = isnan(y) ? 0 : y - (float)rates.model[i % s->M];
	}
	blas_sgemm(false, true, s->n, d, s->M, 1, t, s->M, v, s->M, 0, c, d);
	ok = corank_fit(s->x, s->n, s->D, c, d, in->progress, &k, held, e);
	if (ok) {
		for (size_t m = 0; m < s->M; m++)
			rate[m] = (float)rates.model[m];
		blas_sgemm(false, false, 1, s->M, d, 1, k.offset.v, d, v, s->M, 0, offset, s->M);
		blas_sgemm(false, false, s->D, s->M, d, 1, k.weights.v, d, v, s->M, 0,
		    params_add(out, "weights", s->D, s->M)->v, s->M);
		corank_clear(&k);
	}
	baseline_free(&rates);
	mem_free(t);
	mem_free(c);
	mem_free(held);
	return ok;
}

static bool fit_on(const struct fit *in, bool noise, struct params *out, struct err *e)
{
	struct sample s = sample_new(in->d, PART_TRAIN);
	size_t d = s.M < WIDTH + 1 ? s.M : WIDTH + 1;
	float *g = noise ? random_likeness(s.M, d, in->seed) : likeness(&s);
	float *v = mem_floats(d * s.M + 1);
	bool ok = leading(g, s.M, d, v, e) && regress(in, &s, v, d, out, e);

	mem_free(g);
	mem_free(v);
	sample_clear(&s);
	return ok;
}

static bool bullpen_fit(const struct fit *in, struct params *out, struct err *e)
{
	return fit_on(in, false, out, e);
}

static bool noise_fit(const struct fit *in, struct params *out, struct err *e)
{
	return fit_on(in, true, out, e);
}

/* A ridge's forecast: rate + weights' (e - mean). */
static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	method_ridge.logits(p, enc, n, z);
}

const struct method method_bullpen = {
    .name = "bullpen",
    .about = "vectors from labels and from what a model got right; the question side by ridge",
    .source = "From the Zoo to the BULLPEN, 2026",
    .fit = bullpen_fit,
    .logits = logits,
};

const struct method method_noise = {
    .name = "noise",
    .about = "bullpen with random model vectors of equal width",
    .source = "the width-matched control of BULLPEN",
    .control = true,
    .fit = noise_fit,
    .logits = logits,
};
