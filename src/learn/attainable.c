#include "learn/attainable.h"

#include "base/mem.h"
#include "num/blas.h"

#include <math.h>

static double rate_of(
    const struct dataset *d, const struct baseline *rates, size_t question, size_t model)
{
	return baseline_rate(
	    rates, BASELINE_CELL, model, d->benchmark ? d->benchmark[question] : 0);
}

/* Labels less the rate, 0 where missing: (n, M). */
static double *deviations(
    const struct dataset *d, const struct baseline *rates, const uint32_t *questions, size_t n)
{
	size_t M = d->n_models;
	double *x = mem_array(n * M + 1, sizeof(*x));

	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < M; m++) {
			double y = (double)d->score[(size_t)questions[i] * M + m];

			x[i * M + m] = isnan(y) ? 0 : y - rate_of(d, rates, questions[i], m);
		}
	return x;
}

/* sd (M) of the columns of x (n, M), which are divided by it. */
static void standardise(double *x, size_t n, size_t M, double *sd, bool measure)
{
	for (size_t m = 0; m < M; m++) {
		double sum = 0;

		for (size_t i = 0; measure && i < n; i++)
			sum += x[i * M + m] * x[i * M + m];
		if (measure)
			sd[m] = sqrt(sum / (double)(n ? n : 1));
		for (size_t i = 0; i < n; i++)
			x[i * M + m] = sd[m] > 0 ? x[i * M + m] / sd[m] : 0;
	}
}

/* The matrix (M, M) that takes standardised deviations to the posterior mean of what they share. */
static double *common_part(const double *x, size_t n, size_t M)
{
	double *s = mem_zero_array(M * M + 1, sizeof(*s)), *w = mem_array(M + 1, sizeof(*w));
	double *v = mem_array(M * M + 1, sizeof(*v)),
	       *out = mem_zero_array(M * M + 1, sizeof(*out));
	double edge = pow(1 + sqrt((double)M / (double)(n ? n : 1)), 2), noise = 0;
	size_t below = 0;

	if (n)
		blas_dgemm(true, false, M, M, n, 1 / (double)n, x, M, x, M, 0, s, M);
	if (blas_eigh(M, s, w, v)) {
		while (below < M && w[below] <= edge)
			noise += w[below++];
		noise = below ? noise / (double)below : 0;
		for (size_t k = below; k < M; k++)
			for (size_t i = 0; i < M; i++)
				for (size_t j = 0; j < M; j++)
					out[i * M + j] +=
					    (1 - noise / w[k]) * v[k * M + i] * v[k * M + j];
	}
	mem_free(s);
	mem_free(w);
	mem_free(v);
	return out;
}

static double clip(double p)
{
	return fmin(1, fmax(0, p));
}

void attainable_surplus(const struct dataset *d, const struct baseline *rates,
    const uint32_t *questions, size_t n, float *surplus)
{
	size_t M = d->n_models, n_train;
	uint32_t *train = dataset_part(d, PART_TRAIN, &n_train);
	double *x = deviations(d, rates, train, n_train), *sd = mem_array(M + 1, sizeof(*sd)), *b;
	double *shared = mem_array(n * M + 1, sizeof(*shared));

	standardise(x, n_train, M, sd, true);
	b = common_part(x, n_train, M);
	mem_free(x);
	x = deviations(d, rates, questions, n);
	standardise(x, n, M, sd, false);
	if (n)
		blas_dgemm(false, false, n, M, M, 1, x, M, b, M, 0, shared, M);
	for (size_t i = 0; i < n; i++) {
		const float *y = d->score + (size_t)questions[i] * M;
		double best = NAN, single = NAN, ability = -INFINITY;

		for (size_t m = 0; m < M; m++) {
			double p =
			    clip(rate_of(d, rates, questions[i], m) + sd[m] * shared[i * M + m]);

			if (isnan(y[m]))
				continue;
			best = isnan(best) ? p : fmax(best, p);
			if (isnan(single) || rates->ability[m] > ability) {
				single = p;
				ability = rates->ability[m];
			}
		}
		surplus[i] = (float)(best - single);
	}
	mem_free(shared);
	mem_free(x);
	mem_free(b);
	mem_free(sd);
	mem_free(train);
}
