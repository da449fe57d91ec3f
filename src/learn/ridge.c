/* With as many parameters as rows or more the n by n system is the small one (the dual form), else
 * the K by K one. It is set up once and solved for each lambda. */
#include "learn/ridge.h"

#include "base/mem.h"
#include "num/blas.h"

#include <string.h>

static void column_means(size_t n, size_t K, const double *x, double *mean)
{
	memset(mean, 0, K * sizeof(*mean));
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			mean[k] += x[i * K + k] / (double)n;
}

struct ridge {
	size_t n, K, m; /* m = min(n, K): the size of the system */
	double *x;      /* (n, K) centred */
	double *y;      /* (n) centred */
	double *mean, ybar;
	double *gram; /* (m, m) */
	double *work; /* (m, m) its factor */
	double *side; /* (m) right side, then solution */
};

static struct ridge ridge_new(size_t n, size_t K, const double *x, const double *y)
{
	struct ridge r = {.n = n, .K = K, .m = K < n ? K : n};
	bool primal = K < n;

	r.x = mem_array(n * K, sizeof(*r.x));
	r.y = mem_array(n, sizeof(*r.y));
	r.mean = mem_array(K, sizeof(*r.mean));
	r.gram = mem_array(r.m * r.m, sizeof(*r.gram));
	r.work = mem_array(r.m * r.m, sizeof(*r.work));
	r.side = mem_array(r.m, sizeof(*r.side));
	column_means(n, K, x, r.mean);
	for (size_t i = 0; i < n; i++)
		r.ybar += y[i] / (double)n;
	for (size_t i = 0; i < n; i++) {
		r.y[i] = y[i] - r.ybar;
		for (size_t k = 0; k < K; k++)
			r.x[i * K + k] = x[i * K + k] - r.mean[k];
	}
	if (primal)
		blas_dgemm(true, false, K, K, n, 1, r.x, K, r.x, K, 0, r.gram, K);
	else
		blas_dgemm(false, true, n, n, K, 1, r.x, K, r.x, K, 0, r.gram, n);
	return r;
}

static void ridge_free(struct ridge *r)
{
	mem_free(r->x);
	mem_free(r->y);
	mem_free(r->mean);
	mem_free(r->gram);
	mem_free(r->work);
	mem_free(r->side);
}

static void ridge_solve(struct ridge *r, double lambda, double *beta, double *intercept)
{
	size_t n = r->n, K = r->K, m = r->m;
	bool primal = K < n;

	if (primal)
		blas_dgemm(true, false, K, 1, n, 1, r->x, K, r->y, 1, 0, r->side, 1);
	else
		memcpy(r->side, r->y, n * sizeof(*r->side));
	memcpy(r->work, r->gram, m * m * sizeof(*r->work));
	for (size_t i = 0; i < m; i++)
		r->work[i * m + i] += lambda * (double)n;
	if (blas_chol(m, r->work))
		blas_chol_solve(m, r->work, 1, r->side);
	else
		memset(r->side, 0, m * sizeof(*r->side));
	if (primal)
		memcpy(beta, r->side, K * sizeof(*beta));
	else
		blas_dgemm(true, false, K, 1, n, 1, r->x, K, r->side, 1, 0, beta, 1);
	*intercept = r->ybar;
	for (size_t k = 0; k < K; k++)
		*intercept -= r->mean[k] * beta[k];
}

/* Rows whose fold is neither `out` nor `also` (SIZE_MAX: none), packed; returns their number. */
static size_t pack(size_t n, size_t K, const double *x, const double *y, const size_t *fold,
    size_t out, size_t also, double *px, double *py)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (fold[i] != out && fold[i] != also) {
			memcpy(px + k * K, x + i * K, K * sizeof(*px));
			py[k++] = y[i];
		}
	return k;
}

static double apply(size_t K, const double *x, const double *beta, double intercept)
{
	for (size_t k = 0; k < K; k++)
		intercept += x[k] * beta[k];
	return intercept;
}

void ridge_forecast(size_t n, size_t K, const double *x, const double *y, const size_t *fold,
    size_t folds, const double *lambdas, size_t n_lambdas, double *forecast, double *mean,
    double *chosen)
{
	double *px = mem_array(n * K, sizeof(*px)), *py = mem_array(n, sizeof(*py));
	double *beta = mem_array(K, sizeof(*beta)), intercept;
	double *error = mem_array(n_lambdas, sizeof(*error));

	for (size_t f = 0; f < folds; f++) {
		size_t k, best = 0;
		struct ridge r;

		memset(error, 0, n_lambdas * sizeof(*error));
		for (size_t g = 0; g < folds; g++) {
			if (g == f || !(k = pack(n, K, x, y, fold, f, g, px, py)))
				continue;
			r = ridge_new(k, K, px, py);
			for (size_t l = 0; l < n_lambdas; l++) {
				ridge_solve(&r, lambdas[l], beta, &intercept);
				for (size_t i = 0; i < n; i++)
					if (fold[i] == g) {
						double gap =
						    y[i] - apply(K, x + i * K, beta, intercept);

						error[l] += gap * gap;
					}
			}
			ridge_free(&r);
		}
		for (size_t l = 1; l < n_lambdas; l++)
			best = error[l] < error[best] ? l : best;
		chosen[f] = lambdas[best];
		k = pack(n, K, x, y, fold, f, f, px, py);
		if (!k)
			continue;
		r = ridge_new(k, K, px, py);
		ridge_solve(&r, chosen[f], beta, &intercept);
		for (size_t i = 0; i < n; i++)
			if (fold[i] == f) {
				forecast[i] = apply(K, x + i * K, beta, intercept);
				mean[i] = r.ybar;
			}
		ridge_free(&r);
	}
	mem_free(px);
	mem_free(py);
	mem_free(beta);
	mem_free(error);
}
