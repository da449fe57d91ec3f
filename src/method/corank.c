/* U = F V / sqrt(w), the features in an orthonormal basis, turns every penalty into a shrinkage
 * w / (w + lambda) of each axis, so that trying one costs one product. */
#include "method/corank.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/blas.h"

#include <math.h>
#include <string.h>

#define PENALTIES 26 /* lambda / n from 1e-5 to 18, a factor of 1.78 apart */
#define ROUNDS 6     /* of filling in what is missing */
#define SPARSE 2e-3  /* below this share of missing labels one round does */
#define ROWS 512     /* whose leverages are made at a time */
#define JUDGES 8192  /* rows, evenly spread, that choose the penalties */

struct work {
	size_t n, K, M, rank, r; /* rank: axes of the features; r: directions among models */
	double lambda[PENALTIES];
	float *u;      /* (n, rank) */
	double *w;     /* (rank) eigenvalues of F'F */
	float *axes;   /* (rank, K) its eigenvectors */
	float *lev;    /* (n, PENALTIES) 1 - leverage */
	float *t;      /* (n, M) residuals, filled and centred */
	float *mean;   /* (M) */
	float *dir;    /* (r, M) directions */
	float *c;      /* (n, r) residuals in them */
	float *b;      /* (rank, r) U'c */
	float *fit;    /* (n, r) */
	float *some;   /* (rank, r) scratch */
	size_t *best;  /* (r) penalty chosen */
	double *error; /* (r) its leave-one-out error */
};

void corank_clear(struct corank *c)
{
	mat_free(&c->weights);
	mat_free(&c->offset);
}

/* Eigenvectors of A'A (transposed: A A') for A (rows, cols), by descending eigenvalue. New arrays:
 * values, and vectors as rows. */
static bool gram_eigen(bool transposed, const float *a, size_t rows, size_t cols, double **values,
    float **vectors, struct err *e)
{
	size_t m = transposed ? rows : cols, k = transposed ? cols : rows;
	float *g = mem_floats(m * m + 1);
	double *d = mem_array(m * m + 1, sizeof(*d)), *v = mem_array(m * m + 1, sizeof(*v));
	double *w = mem_array(m + 1, sizeof(*w));
	bool ok;

	blas_sgemm(!transposed, transposed, m, m, k, 1, a, cols, a, cols, 0, g, m);
	for (size_t i = 0; i < m * m; i++)
		d[i] = (double)g[i];
	ok = blas_eigh(m, d, w, v) || err_set(e, ERR_FAILED, "an eigenproblem did not converge");
	for (size_t i = 0; i < m / 2; i++) {
		double x = w[i];

		w[i] = w[m - 1 - i];
		w[m - 1 - i] = x;
	}
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < m; j++)
			g[i * m + j] = (float)v[(m - 1 - i) * m + j];
	mem_free(d);
	mem_free(v);
	*values = w;
	*vectors = g;
	return ok;
}

/* 1 - leverage of every row at every penalty: of U, squared, with each axis' shrinkage. */
static void leverages(struct work *k)
{
	float *square = mem_floats(ROWS * k->rank + 1);
	float *shrinkage = mem_floats(k->rank * PENALTIES + 1);

	for (size_t a = 0; a < k->rank; a++)
		for (size_t p = 0; p < PENALTIES; p++)
			shrinkage[a * PENALTIES + p] = (float)(k->w[a] / (k->w[a] + k->lambda[p]));
	for (size_t i = 0; i < k->n; i += ROWS) {
		size_t rows = k->n - i < ROWS ? k->n - i : ROWS;
		float *lev = k->lev + i * PENALTIES;

		for (size_t j = 0; j < rows * k->rank; j++)
			square[j] = k->u[i * k->rank + j] * k->u[i * k->rank + j];
		blas_sgemm(false, false, rows, PENALTIES, k->rank, 1, square, k->rank, shrinkage,
		    PENALTIES, 0, lev, PENALTIES);
		for (size_t j = 0; j < rows * PENALTIES; j++)
			lev[j] = fmaxf(1 - 1 / (float)k->n - lev[j], 1e-3f);
	}
	mem_free(square);
	mem_free(shrinkage);
}

/* U, w and the leverages. */
static bool rotate_features(struct work *k, const float *f, struct err *e)
{
	double *w;
	float *v;
	bool ok = gram_eigen(false, f, k->n, k->K, &w, &v, e);

	for (k->rank = 0; ok && k->rank < k->K && k->rank + 1 < k->n; k->rank++)
		if (w[k->rank] < 1e-6 * w[0] || w[k->rank] <= 0)
			break;
	k->w = w;
	k->axes = v;
	k->u = mem_floats(k->n * k->rank + 1);
	k->lev = mem_floats(PENALTIES * k->n + 1);
	for (size_t p = 0; p < PENALTIES; p++)
		k->lambda[p] = 1e-5 * pow(10, 0.25 * (double)p) * (double)k->n;
	if (!ok || !k->rank)
		return ok;
	blas_sgemm(false, true, k->n, k->rank, k->K, 1, f, k->K, v, k->K, 0, k->u, k->rank);
	for (size_t i = 0; i < k->n; i++)
		for (size_t a = 0; a < k->rank; a++)
			k->u[i * k->rank + a] /= (float)sqrt(w[a]);
	leverages(k);
	return true;
}

/* Principal directions of the filled residuals among the models, and the residuals in them. */
static bool rotate_models(struct work *k, struct err *e)
{
	bool few = k->n < k->M; /* questions: then the small eigenproblem is theirs */
	double *s;
	float *v;
	bool ok = gram_eigen(few, k->t, k->n, k->M, &s, &v, e);

	if (!few) {
		memcpy(k->dir, v, k->r * k->M * sizeof(float));
	} else {
		blas_sgemm(false, false, k->r, k->M, k->n, 1, v, k->n, k->t, k->M, 0, k->dir, k->M);
		for (size_t j = 0; j < k->r; j++)
			for (size_t m = 0; m < k->M; m++)
				k->dir[j * k->M + m] *=
				    s[j] > 1e-9 * s[0] ? (float)(1 / sqrt(s[j])) : 0;
	}
	blas_sgemm(false, true, k->n, k->r, k->M, 1, k->t, k->M, k->dir, k->M, 0, k->c, k->r);
	mem_free(s);
	mem_free(v);
	return ok;
}

/* some (rank, r) = S b, each direction with the shrinkage of its penalty. */
static void shrink(struct work *k, const size_t *penalty)
{
	for (size_t a = 0; a < k->rank; a++)
		for (size_t j = 0; j < k->r; j++) {
			double lambda = k->lambda[penalty[j]];

			k->some[a * k->r + j] =
			    k->b[a * k->r + j] * (float)(k->w[a] / (k->w[a] + lambda));
		}
}

/* For each direction the penalty with the least squared error of questions left out. */
static bool choose_penalties(struct work *k, const struct progress *p, struct err *e)
{
	size_t step = k->n / JUDGES + 1, rows = (k->n + step - 1) / step;
	size_t *penalty = mem_array(k->r + 1, sizeof(*penalty));
	double *error = mem_array(k->r + 1, sizeof(*error));
	bool ok = true;

	blas_sgemm(true, false, k->rank, k->r, k->n, 1, k->u, k->rank, k->c, k->r, 0, k->b, k->r);
	for (size_t j = 0; j < k->r; j++)
		k->error[j] = INFINITY;
	for (size_t l = 0; l < PENALTIES && ok; l++) {
		ok = progress_tick(p, "choosing penalties", (double)l, PENALTIES, "penalties") ||
		     err_set(e, ERR_CANCELLED, "stopped while choosing penalties");
		for (size_t j = 0; j < k->r; j++) {
			penalty[j] = l;
			error[j] = 0;
		}
		shrink(k, penalty);
		blas_sgemm(false, false, rows, k->r, k->rank, 1, k->u, step * k->rank, k->some,
		    k->r, 0, k->fit, k->r);
		for (size_t i = 0; i < rows; i++)
			for (size_t j = 0; j < k->r; j++) {
				float d = (k->c[i * step * k->r + j] - k->fit[i * k->r + j]) /
					  k->lev[i * step * PENALTIES + l];

				error[j] += (double)(d * d);
			}
		for (size_t j = 0; j < k->r; j++)
			if (error[j] < k->error[j]) {
				k->error[j] = error[j];
				k->best[j] = l;
			}
	}
	mem_free(penalty);
	mem_free(error);
	return ok;
}

/* held (n, M): the forecast of every row by the regression without it. */
static void leave_out(struct work *k, float *held)
{
	size_t M = k->M;

	shrink(k, k->best);
	blas_sgemm(
	    false, false, k->n, k->r, k->rank, 1, k->u, k->rank, k->some, k->r, 0, k->fit, k->r);
	for (size_t i = 0; i < k->n; i++)
		for (size_t j = 0; j < k->r; j++) {
			float c = k->c[i * k->r + j], *fit = &k->fit[i * k->r + j];

			*fit = c - (c - *fit) / k->lev[i * PENALTIES + k->best[j]];
		}
	blas_sgemm(false, false, k->n, M, k->r, 1, k->fit, k->r, k->dir, M, 0, held, M);
	for (size_t i = 0; i < k->n * M; i++)
		held[i] += k->mean[i % M];
}

/* Residuals as they are, missing ones from `guess` (n, M) or 0; then centred by model. */
static void fill(struct work *k, const float *given, const float *guess)
{
	for (size_t m = 0; m < k->M; m++)
		k->mean[m] = 0;
	for (size_t i = 0; i < k->n; i++)
		for (size_t m = 0; m < k->M; m++) {
			float v = given[i * k->M + m];

			v = !isnan(v) ? v : guess ? guess[i * k->M + m] : 0;
			k->t[i * k->M + m] = v;
			k->mean[m] += v / (float)k->n;
		}
	for (size_t i = 0; i < k->n; i++)
		for (size_t m = 0; m < k->M; m++)
			k->t[i * k->M + m] -= k->mean[m];
}

static struct work work_new(size_t n, size_t K, size_t M)
{
	struct work k = {.n = n, .K = K, .M = M, .r = M < n ? M : n};

	k.t = mem_floats(n * M + 1);
	k.mean = mem_floats(M + 1);
	k.dir = mem_floats(k.r * M + 1);
	k.c = mem_floats(n * k.r + 1);
	k.fit = mem_floats(n * k.r + 1);
	k.b = mem_floats(K * k.r + 1);
	k.some = mem_floats(K * k.r + 1);
	k.best = mem_array(k.r + 1, sizeof(*k.best));
	k.error = mem_array(k.r + 1, sizeof(*k.error));
	return k;
}

static void work_clear(struct work *k)
{
	mem_free(k->u);
	mem_free(k->w);
	mem_free(k->axes);
	mem_free(k->lev);
	mem_free(k->t);
	mem_free(k->mean);
	mem_free(k->dir);
	mem_free(k->c);
	mem_free(k->b);
	mem_free(k->fit);
	mem_free(k->some);
	mem_free(k->best);
	mem_free(k->error);
}

/* weights (K, M) = axes' (b sqrt(w) / (w + lambda)) directions */
static void solve(struct work *k, struct corank *out)
{
	float *mid = mem_floats(k->rank * k->M + 1);

	out->weights = mat_new(k->K, k->M);
	out->offset = mat_new(1, k->M);
	memcpy(out->offset.v, k->mean, k->M * sizeof(float));
	out->penalty = k->lambda[k->best[0]] / (double)k->n;
	shrink(k, k->best);
	for (size_t a = 0; a < k->rank; a++)
		for (size_t j = 0; j < k->r; j++)
			k->some[a * k->r + j] /= (float)sqrt(k->w[a]);
	blas_sgemm(false, false, k->rank, k->M, k->r, 1, k->some, k->r, k->dir, k->M, 0, mid, k->M);
	blas_sgemm(
	    true, false, k->K, k->M, k->rank, 1, k->axes, k->K, mid, k->M, 0, out->weights.v, k->M);
	mem_free(mid);
}

bool corank_fit(const float *f, size_t n, size_t K, const float *t, size_t M,
    const struct progress *p, struct corank *out, float *held, struct err *e)
{
	struct work k = work_new(n, K, M);
	size_t missing = 0, rounds;
	bool ok = rotate_features(&k, f, e);

	for (size_t i = 0; i < n * M; i++)
		missing += isnan(t[i]) ? 1 : 0;
	rounds = (double)missing > SPARSE * (double)(n * M) ? ROUNDS : 1;
	for (size_t round = 0; round < rounds && ok; round++) {
		fill(&k, t, round ? held : NULL);
		ok = rotate_models(&k, e) && choose_penalties(&k, p, e);
		if (ok)
			leave_out(&k, held);
	}
	if (ok)
		solve(&k, out);
	work_clear(&k);
	return ok;
}
