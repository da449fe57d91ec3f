/* A logistic combination of unlike methods,  logit = sum_j w_j z_j + b,  w_j >= 0, the same for all
 * models. The weights are fitted on logits of training questions that each method was fitted
 * without (Wolpert 1992; Breiman 1996 for the sign), by Newton's method with a pull towards equal
 * shares; a method whose weight would be negative is left out. */
#include "method/stack.h"

#include "base/err.h"
#include "base/mem.h"
#include "method/method.h"
#include "num/blas.h"

#include <math.h>
#include <string.h>

#define FOLDS 5
#define PULL 1e-3 /* half of it times the squared distance from equal shares, a label */
#define NEWTON 20

static const struct method *const members[] = {
    &method_knn, &method_posterior, &method_ridge, &method_kernel, &method_mlp};
#define MEMBERS (sizeof(members) / sizeof(*members))

/* One Newton step on the n labels that are there; `in`: which weights are free. */
static void newton(
    size_t J, const float *const *z, const struct sample *s, const bool *free, double *w)
{
	size_t K = J + 1, n = 0, list[STACK_MAX + 1];
	double h[(STACK_MAX + 1) * (STACK_MAX + 1)], g[STACK_MAX + 1];
	double full[STACK_MAX + 1] = {0}, seen = 0;

	memset(h, 0, sizeof(h));
	memset(g, 0, sizeof(g));
	for (size_t j = 0; j < K; j++)
		if (j == J || free[j])
			list[n++] = j;
	for (size_t i = 0; i < s->n * s->M; i++) {
		double y = (double)s->y[i], wt = s->w ? (double)s->w[i] : 1, t = 0, p;

		if (isnan(y))
			continue;
		for (size_t a = 0; a < n; a++) {
			full[a] = list[a] == J ? 1 : (double)z[list[a]][i];
			t += w[list[a]] * full[a];
		}
		p = 1 / (1 + exp(-t));
		seen += wt;
		for (size_t a = 0; a < n; a++) {
			g[a] += wt * (y - p) * full[a];
			for (size_t b = 0; b <= a; b++)
				h[a * n + b] += wt * p * (1 - p) * full[a] * full[b];
		}
	}
	for (size_t a = 0; a < n; a++) {
		double home = list[a] == J ? 0 : 1 / (double)J;

		g[a] -= PULL * seen * (w[list[a]] - home);
		h[a * n + a] += PULL * seen;
		for (size_t b = 0; b < a; b++)
			h[b * n + a] = h[a * n + b];
	}
	if (!blas_chol(n, h))
		return;
	blas_chol_solve(n, h, 1, g);
	for (size_t a = 0; a < n; a++)
		w[list[a]] += g[a];
}

void stack_weights(size_t J, const float *const *z, const struct sample *s, double *w)
{
	bool free[STACK_MAX];
	size_t worst;

	for (size_t j = 0; j < J; j++) {
		free[j] = true;
		w[j] = 1 / (double)J;
	}
	w[J] = 0;
	do {
		for (int i = 0; i < NEWTON; i++)
			newton(J, z, s, free, w);
		worst = J;
		for (size_t j = 0; j < J; j++)
			if (free[j] && w[j] < 0 && (worst == J || w[j] < w[worst]))
				worst = j;
		if (worst < J) {
			free[worst] = false;
			w[worst] = 0;
		}
	} while (worst < J);
}

/* Each member on all training questions, and, unless the weights are known, its logits of those it
 * is fitted without. */
static bool fit_member(size_t j, const struct fit *in, struct params *out, float *z, struct err *e)
{
	const struct method *m = members[j];
	struct params p = {0}, like;
	struct fit one = *in;
	bool ok;

	if (in->like) {
		like = params_view(in->like, m->name);
		one.like = &like;
	}
	ok = m->fit(&one, &p, e) && (in->like || method_out_of_fold(m, in, &p, FOLDS, z, e));
	if (ok)
		params_embed(out, m->name, &p);
	params_clear(&p);
	return ok;
}

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	struct sample s = sample_new(in->d, PART_TRAIN);
	struct mat *weights = params_add(out, "weights", 1, MEMBERS + 1);
	double w[MEMBERS + 1];
	float *z[MEMBERS];
	bool ok = true;

	for (size_t j = 0; j < MEMBERS; j++)
		z[j] = mem_floats(s.n * s.M + 1);
	for (size_t j = 0; j < MEMBERS && ok; j++)
		ok = fit_member(j, in, out, z[j], e);
	if (ok && in->like) {
		memcpy(weights->v, params_get(in->like, "weights")->v, sizeof(float[MEMBERS + 1]));
	} else if (ok) {
		stack_weights(MEMBERS, (const float *const *)z, &s, w);
		for (size_t j = 0; j <= MEMBERS; j++)
			weights->v[j] = (float)w[j];
	}
	for (size_t j = 0; j < MEMBERS; j++)
		mem_free(z[j]);
	sample_clear(&s);
	return ok;
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *w = params_get(p, "weights");
	size_t M = params_get(p, "ridge/rate")->cols;
	float *one = mem_floats(n * M + 1);

	for (size_t i = 0; i < n * M; i++)
		z[i] = w->v[MEMBERS];
	for (size_t j = 0; j < MEMBERS; j++) {
		struct params member = params_view(p, members[j]->name);

		if (w->v[j] > 0) {
			members[j]->logits(&member, enc, n, one);
			for (size_t i = 0; i < n * M; i++)
				z[i] += w->v[j] * one[i];
		}
	}
	mem_free(one);
}

const struct method method_stack = {
    .name = "stack",
    .about = "a logistic combination of knn, posterior, ridge, kernel and mlp",
    .source = "Wolpert 1992",
    .fit = fit,
    .logits = logits,
};
