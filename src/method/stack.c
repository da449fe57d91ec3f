/* A logistic combination of unlike methods,  logit = sum_j w_j z_j + b,  w_j >= 0, the same for all
 * models. The weights are fitted on logits of questions that each method was fitted without (Wolpert
 * 1992; Breiman 1996 for the sign), by Newton's method with a pull towards equal shares; a method
 * whose weight would be negative is left out.
 *
 * Nothing needs the validation part but the posterior's penalty: once that is chosen, its questions
 * are learned from like the others, and it is judged on forecasts made without them. */
#include "method/stack.h"

#include "base/err.h"
#include "base/mem.h"
#include "method/method.h"
#include "num/blas.h"

#include <math.h>
#include <string.h>

#define PULL 1e-3 /* half of it times the squared distance from equal shares, a label */
#define NEWTON 20

/* All of them leave out: their hyper-parameters need no validation part. */
static const struct method *const members[] = {
    &method_posterior_kernel, &method_posterior_knn, &method_ridge, &method_mlp};
#define MEMBERS (sizeof(members) / sizeof(*members))

/* One Newton step on the n labels that are there; `in`: which weights are free. */
static void newton(
    size_t J, const float *const *z, const struct sample *s, const bool *free, double *w)
{
	size_t K = J + 1, n = 0, list[STACK_MAX + 1];
	double h[(STACK_MAX + 1) * (STACK_MAX + 1)], g[STACK_MAX + 1];
	double full[STACK_MAX + 1] = {0}, seen = 0, longest = 1; /* of a step */

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
		longest = fmax(longest, fabs(g[a]));
	for (size_t a = 0; a < n; a++)
		w[list[a]] += g[a] / longest;
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

/* The members on the pool, and their held logits of it. */
struct members {
	struct fit in; /* of the pool */
	struct params *out;
	struct crossed posterior;
	float *held[MEMBERS]; /* (n, M) */
};

static bool fit_member(struct members *s, size_t j, struct err *e)
{
	struct params p = {0}, like;
	struct fit one = s->in;
	bool ok;

	one.held = s->held[j];
	if (s->in.like) {
		like = params_view(s->in.like, members[j]->name);
		one.like = &like;
	}
	ok = members[j]->fit(&one, &p, e);
	if (ok)
		params_embed(s->out, members[j]->name, &p);
	params_clear(&p);
	return ok;
}

/* The posterior first: two members start from it. */
static bool fit_members(struct members *s, const struct fit *in, size_t n, struct err *e)
{
	struct params posterior = {0};
	float *held = mem_floats(n * in->d->n_models + 1);
	bool ok = in->like || method_cross(&method_posterior, in, s->in.d, &posterior, held, e);

	s->posterior = (struct crossed){&posterior, held};
	s->in.posterior = in->like ? NULL : &s->posterior;
	for (size_t j = 0; j < MEMBERS && ok; j++)
		ok = fit_member(s, j, e);
	params_clear(&posterior);
	mem_free(held);
	return ok;
}

/* The forecast of the pool's questions of the validation part, held. */
static void give_val(const struct fit *in, const struct members *s, const float *w)
{
	size_t M = in->d->n_models, pool = 0, val = 0;

	for (size_t q = 0; q < in->d->n_questions; q++) {
		if (in->d->part[q] == PART_VAL) {
			for (size_t m = 0; m < M; m++) {
				float z = w[MEMBERS];

				for (size_t j = 0; j < MEMBERS; j++)
					z += w[j] * s->held[j][pool * M + m];
				in->val[val * M + m] = z;
			}
			val++;
		}
		pool += s->in.d->part[q] == PART_TRAIN;
	}
}

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	struct dataset pool = *in->d;
	uint8_t *part = dataset_pool(in->d);
	struct members s = {.in = *in, .out = out};
	struct mat *weights = params_add(out, "weights", 1, MEMBERS + 1);
	double w[MEMBERS + 1];
	struct sample all;
	bool ok;

	pool.part = part;
	s.in.d = &pool;
	s.in.val = NULL;
	all = sample_new(&pool, PART_TRAIN);
	for (size_t j = 0; j < MEMBERS; j++)
		s.held[j] = mem_floats(all.n * all.M + 1);
	ok = fit_members(&s, in, all.n, e);
	if (ok && in->like) {
		memcpy(weights->v, params_get(in->like, "weights")->v, sizeof(float[MEMBERS + 1]));
	} else if (ok) {
		stack_weights(MEMBERS, (const float *const *)s.held, &all, w);
		for (size_t j = 0; j <= MEMBERS; j++)
			weights->v[j] = (float)w[j];
	}
	if (ok && in->val)
		give_val(in, &s, weights->v);
	for (size_t j = 0; j < MEMBERS; j++)
		mem_free(s.held[j]);
	sample_clear(&all);
	mem_free(part);
	return ok;
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *w = params_get(p, "weights");
	size_t M = params_get(p, "ridge/offset")->cols;
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
    .about = "a logistic combination of posterior-kernel, posterior-knn, ridge and mlp",
    .source = "Wolpert 1992",
    .fit = fit,
    .logits = logits,
};
