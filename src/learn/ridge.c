/* The dual form: with as many parameters as models or more, the n by n system is the small one. */
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

void ridge_fit(size_t n, size_t K, const double *x, const double *y, double lambda, double *beta,
    double *intercept)
{
	double *centred = mem_array(n * K, sizeof(*centred)),
	       *gram = mem_array(n * n, sizeof(*gram));
	double *mean = mem_array(K, sizeof(*mean)), *alpha = mem_array(n, sizeof(*alpha)), ybar = 0;

	column_means(n, K, x, mean);
	for (size_t i = 0; i < n; i++)
		ybar += y[i] / (double)n;
	for (size_t i = 0; i < n; i++) {
		alpha[i] = y[i] - ybar;
		for (size_t k = 0; k < K; k++)
			centred[i * K + k] = x[i * K + k] - mean[k];
	}
	blas_dgemm(false, true, n, n, K, 1, centred, K, centred, K, 0, gram, n);
	for (size_t i = 0; i < n; i++)
		gram[i * n + i] += lambda * (double)n;
	if (blas_chol(n, gram))
		blas_chol_solve(n, gram, 1, alpha);
	else
		memset(alpha, 0, n * sizeof(*alpha));
	blas_dgemm(true, false, K, 1, n, 1, centred, K, alpha, 1, 0, beta, 1);
	*intercept = ybar;
	for (size_t k = 0; k < K; k++)
		*intercept -= mean[k] * beta[k];
	mem_free(centred);
	mem_free(gram);
	mem_free(mean);
	mem_free(alpha);
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

	for (size_t f = 0; f < folds; f++) {
		double least = -1, ybar = 0;
		size_t k;

		chosen[f] = lambdas[0];
		for (size_t l = 0; l < n_lambdas; l++) {
			double error = 0;

			for (size_t g = 0; g < folds; g++) {
				if (g == f || !(k = pack(n, K, x, y, fold, f, g, px, py)))
					continue;
				ridge_fit(k, K, px, py, lambdas[l], beta, &intercept);
				for (size_t i = 0; i < n; i++)
					if (fold[i] == g) {
						double r =
						    y[i] - apply(K, x + i * K, beta, intercept);

						error += r * r;
					}
			}
			if (least < 0 || error < least) {
				least = error;
				chosen[f] = lambdas[l];
			}
		}
		k = pack(n, K, x, y, fold, f, f, px, py);
		if (!k)
			continue;
		ridge_fit(k, K, px, py, chosen[f], beta, &intercept);
		for (size_t i = 0; i < k; i++)
			ybar += py[i] / (double)k;
		for (size_t i = 0; i < n; i++)
			if (fold[i] == f) {
				forecast[i] = apply(K, x + i * K, beta, intercept);
				mean[i] = ybar;
			}
	}
	mem_free(px);
	mem_free(py);
	mem_free(beta);
}
