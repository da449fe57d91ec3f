/* The start is the rates' logits, with the leading singular vectors of what they leave as factors. */
#include "learn/factor.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/blas.h"

#include <math.h>
#include <string.h>

#define SWEEPS 16
#define NEWTON_STEPS 2 /* in a turn: the next one goes on from there */
#define RANK_MAX 8
#define WIDE 1.0          /* variance added to a new model's ability, in squared logits */
#define BENCHMARKS_MAX 32 /* with more, a question's benchmark says too little of a model */

struct fit {
	const struct pool *pool;
	struct factor f;
	struct place_prior item;              /* (1 + K) of a question's (d, v) */
	double *d_v;                          /* (N, 1 + K) */
	double *variance;                     /* (D) of the models' prior */
	double *sum, *square;                 /* (max(1 + K, D)) of the side that is fitted */
	double *x, *offset, *y, *theta, *cov; /* of one fit */
};

static double logit(double p)
{
	return log(p / (1 - p));
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Rates with one right and one wrong answer added: d by question, a by model. */
static void start_rates(struct fit *t)
{
	const struct pool *p = t->pool;
	double *right = mem_zero_array(p->M, sizeof(*right)), *n = mem_zero_array(p->M, sizeof(*n));
	double mean = 0, all = 0, centre;

	for (size_t j = 0; j < p->N; j++) {
		double got = 0, seen = 0;

		for (size_t m = 0; m < p->M; m++) {
			float y = p->y[j * p->M + m];

			if (y != y)
				continue;
			got += (double)y;
			right[m] += (double)y;
			n[m]++;
			seen++;
		}
		mean += got;
		all += seen;
		t->d_v[j * (1 + t->f.factors)] = logit((got + 1) / (seen + 2));
	}
	centre = logit((mean + 1) / (all + 2));
	for (size_t m = 0; m < p->M; m++)
		t->f.theta[m * t->f.side.K] = logit((right[m] + 1) / (n[m] + 2)) - centre;
	mem_free(right);
	mem_free(n);
}

/* u and v from the residuals' second moments between models. */
static void start_factors(struct fit *t)
{
	const struct pool *p = t->pool;
	struct factor *f = &t->f;
	size_t M = p->M, K = f->factors;
	double *r = mem_zero_array(p->N * M, sizeof(*r)), *gram = mem_array(M * M, sizeof(*gram));
	double *w = mem_array(M, sizeof(*w)), *v = mem_array(M * M, sizeof(*v));

	for (size_t j = 0; j < p->N; j++)
		for (size_t m = 0; m < M; m++) {
			float y = p->y[j * M + m];
			double z = t->d_v[j * (1 + K)] + f->theta[m * f->side.K];

			if (y == y)
				r[j * M + m] = (double)y - 1 / (1 + exp(-z));
		}
	blas_dgemm(true, false, M, M, p->N, 1, r, M, r, M, 0, gram, M);
	if (blas_eigh(M, gram, w, v))
		for (size_t k = 0; k < K; k++) {
			const double *u = v + (M - 1 - k) * M;

			for (size_t m = 0; m < M; m++)
				f->theta[m * f->side.K + 1 + f->B + k] = u[m] * sqrt((double)M);
		}
	mem_free(r);
	mem_free(gram);
	mem_free(w);
	mem_free(v);
}

static void fit_new(struct fit *t, const struct pool *p, size_t rank)
{
	size_t K = rank == FACTOR_AUTO ? p->M / 8 : rank, D, most;
	size_t B = rank && p->B > 1 && p->B <= BENCHMARKS_MAX ? p->B : 0;

	if (rank == FACTOR_AUTO)
		K = K < 1 ? 1 : K > RANK_MAX ? RANK_MAX : K;
	if (K > p->M)
		K = p->M;
	D = 1 + B + K;
	most = larger(p->N, p->M);
	*t = (struct fit){.pool = p};
	t->f = (struct factor){.M = p->M, .B = B, .factors = K};
	t->f.side.N = p->N;
	t->f.side.K = D;
	t->f.side.offset = mem_zero_array(p->N, sizeof(double));
	t->f.side.x = mem_zero_array(p->N * D, sizeof(double));
	t->f.theta = mem_zero_array(p->M * D, sizeof(double));
	t->f.prior = place_prior_new(D);
	t->item = place_prior_new(1 + K);
	t->d_v = mem_zero_array(p->N * (1 + K), sizeof(double));
	t->variance = mem_array(D, sizeof(double));
	t->sum = mem_array(D, sizeof(double));
	t->square = mem_array(D, sizeof(double));
	t->x = mem_array(most * D, sizeof(double));
	t->offset = mem_array(most, sizeof(double));
	t->y = mem_array(most, sizeof(double));
	t->theta = mem_array(D, sizeof(double));
	t->cov = mem_array(D * D, sizeof(double));
	for (size_t k = 0; k < D; k++)
		t->variance[k] = k && k <= B ? .1 : 1;
	for (size_t k = 0; k < 1 + K; k++)
		t->item.precision[k * (1 + K) + k] = k ? 4 : .25;
	start_rates(t);
	start_factors(t);
}

static void fit_free(struct fit *t)
{
	place_prior_free(&t->item);
	mem_free(t->d_v);
	mem_free(t->variance);
	mem_free(t->sum);
	mem_free(t->square);
	mem_free(t->x);
	mem_free(t->offset);
	mem_free(t->y);
	mem_free(t->theta);
	mem_free(t->cov);
}

static void forget_moments(struct fit *t)
{
	memset(t->sum, 0, t->f.side.K * sizeof(double));
	memset(t->square, 0, t->f.side.K * sizeof(double));
}

/* Adds a fit with its own uncertainty to the moments. */
static void add_moments(struct fit *t, size_t n, const double *theta)
{
	for (size_t k = 0; k < n; k++) {
		t->sum[k] += theta[k];
		t->square[k] += theta[k] * theta[k] + t->cov[k * n + k];
	}
}

/* Every question's d and v, given the models. */
static void turn_questions(struct fit *t)
{
	const struct pool *p = t->pool;
	struct factor *f = &t->f;
	size_t n = 1 + f->factors;

	forget_moments(t);
	for (size_t j = 0; j < p->N; j++) {
		struct place_answers a = {.x = t->x, .offset = t->offset, .y = t->y};

		for (size_t m = 0; m < p->M; m++) {
			const double *theta = f->theta + m * f->side.K;
			float y = p->y[j * p->M + m];

			if (y != y)
				continue;
			t->x[a.n * n] = 1;
			memcpy(t->x + a.n * n + 1, theta + 1 + f->B, f->factors * sizeof(double));
			t->offset[a.n] = theta[0] + (f->B ? theta[1 + p->benchmark[j]] : 0);
			t->y[a.n++] = (double)y;
		}
		place_fit(&t->item, &a, NEWTON_STEPS, t->d_v + j * n, t->cov);
		add_moments(t, n, t->d_v + j * n);
	}
	for (size_t k = 0; k < n; k++) {
		double mean = t->sum[k] / (double)p->N;

		t->item.mean[k] = mean;
		t->item.precision[k * n + k] =
		    1 / fmax(t->square[k] / (double)p->N - mean * mean, 1e-4);
	}
}

/* The features that models see. */
static void set_features(struct fit *t)
{
	struct factor *f = &t->f;
	size_t n = 1 + f->factors;

	for (size_t j = 0; j < f->side.N; j++) {
		double *x = f->side.x + j * f->side.K;

		f->side.offset[j] = t->d_v[j * n];
		x[0] = 1;
		if (f->B)
			x[1 + t->pool->benchmark[j]] = 1;
		memcpy(x + 1 + f->B, t->d_v + j * n + 1, f->factors * sizeof(double));
	}
}

/* Every model's vector, given the questions. */
static void turn_models(struct fit *t)
{
	const struct pool *p = t->pool;
	struct factor *f = &t->f;
	struct place_prior prior = place_prior_new(f->side.K);

	for (size_t k = 0; k < f->side.K; k++)
		prior.precision[k * f->side.K + k] = 1 / t->variance[k];
	forget_moments(t);
	for (size_t m = 0; m < p->M; m++) {
		struct place_answers a = {.x = t->x, .offset = t->offset, .y = t->y};

		for (size_t j = 0; j < p->N; j++) {
			float y = p->y[j * p->M + m];

			if (y != y)
				continue;
			memcpy(t->x + a.n * f->side.K, f->side.x + j * f->side.K,
			    f->side.K * sizeof(double));
			t->offset[a.n] = f->side.offset[j];
			t->y[a.n++] = (double)y;
		}
		place_fit(&prior, &a, NEWTON_STEPS, f->theta + m * f->side.K, t->cov);
		add_moments(t, f->side.K, f->theta + m * f->side.K);
	}
	/* A factor's scale is free between u and v: u keeps variance 1. */
	for (size_t k = 0; k < 1 + f->B; k++)
		t->variance[k] = fmax(t->square[k] / (double)p->M, 1e-4);
	place_prior_free(&prior);
}

/* What a new model is like: the pool's vectors, their correlations shrunk, and along the direction in
 * which the pool's abilities differ a variance that lets it be better or worse than all of them. */
static void set_prior(struct fit *t)
{
	struct factor *f = &t->f;
	size_t D = f->side.K, M = f->M;
	double *cov = f->prior.precision, *mean = f->prior.mean;
	double keep = (double)M / (double)(M + D);

	for (size_t m = 0; m < M; m++)
		for (size_t k = 0; k < D; k++)
			mean[k] += f->theta[m * D + k] / (double)M;
	for (size_t m = 0; m < M; m++)
		for (size_t k = 0; k < D; k++)
			for (size_t l = 0; l < D; l++)
				cov[k * D + l] += (k == l ? 1 : keep) *
						  (f->theta[m * D + k] - mean[k]) *
						  (f->theta[m * D + l] - mean[l]) / (double)M;
	for (size_t k = 0; k < D; k++)
		cov[k * D + k] += 1e-3;
	cov[0] += WIDE;
	place_invert(D, cov);
}

bool factor_fit(const struct pool *pool, size_t rank, const struct progress *p, struct factor *out,
    struct err *e)
{
	struct fit t;
	bool ok = true;

	fit_new(&t, pool, rank);
	for (size_t s = 0; s < SWEEPS && ok; s++) {
		ok = progress_tick(p, "reading the pool's answers", (double)s, SWEEPS, "sweeps") ||
		     err_set(e, ERR_CANCELLED, "stopped while reading the pool's answers");
		turn_questions(&t);
		set_features(&t);
		turn_models(&t);
	}
	set_prior(&t);
	fit_free(&t);
	if (ok)
		*out = t.f;
	else
		factor_free(&t.f);
	return ok;
}

void factor_free(struct factor *f)
{
	mem_free(f->side.offset);
	mem_free(f->side.x);
	mem_free(f->theta);
	place_prior_free(&f->prior);
	*f = (struct factor){0};
}
