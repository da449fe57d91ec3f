/* The systems are small and must not depend on how many threads BLAS has: plain loops. */
#include "learn/place.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

#define STEPS_MAX 50
#define TOLERANCE 1e-10 /* of the step, relative to 1 + |theta| */

struct place_prior place_prior_new(size_t K)
{
	return (struct place_prior){
	    K, mem_zero_array(K, sizeof(double)), mem_zero_array(K * K, sizeof(double))};
}

void place_prior_free(struct place_prior *p)
{
	mem_free(p->mean);
	mem_free(p->precision);
	*p = (struct place_prior){0};
}

double place_form(size_t n, const double *x, const double *a, const double *y)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double row = 0;

		for (size_t j = 0; j < n; j++)
			row += a[i * n + j] * y[j];
		sum += x[i] * row;
	}
	return sum;
}

bool place_root(size_t n, double *a)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j <= i; j++) {
			double s = a[i * n + j];

			for (size_t k = 0; k < j; k++)
				s -= a[i * n + k] * a[j * n + k];
			if (i > j)
				a[i * n + j] = s / a[j * n + j];
			else if (!(s > 0))
				return false;
			else
				a[i * n + i] = sqrt(s);
		}
	}
	return true;
}

static void solve(size_t n, const double *chol, double *b)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++)
			b[i] -= chol[i * n + k] * b[k];
		b[i] /= chol[i * n + i];
	}
	for (size_t i = n; i-- > 0;) {
		b[i] /= chol[i * n + i];
		for (size_t k = 0; k < i; k++)
			b[k] -= chol[i * n + k] * b[i];
	}
}

bool place_invert(size_t n, double *a)
{
	double *inverse;

	if (!place_root(n, a))
		return false;
	inverse = mem_zero_array(n * n, sizeof(*inverse));
	for (size_t i = 0; i < n; i++) {
		inverse[i * n + i] = 1;
		solve(n, a, inverse + i * n);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			a[i * n + j] = (inverse[i * n + j] + inverse[j * n + i]) / 2;
	mem_free(inverse);
	return true;
}

static double logit_of(const struct place_answers *a, size_t i, size_t K, const double *theta)
{
	double z = a->offset ? a->offset[i] : 0;

	for (size_t k = 0; k < K; k++)
		z += a->x[i * K + k] * theta[k];
	return z;
}

/* log(1 + exp(z)) - y z, without overflow. */
static double loss(double z, double y)
{
	return fmax(z, 0) + log1p(exp(-fabs(z))) - y * z;
}

static double objective(
    const struct place_prior *prior, const struct place_answers *a, const double *theta)
{
	size_t K = prior->K;
	double sum = 0;

	for (size_t i = 0; i < K; i++)
		for (size_t j = 0; j < K; j++)
			sum += .5 * prior->precision[i * K + j] * (theta[i] - prior->mean[i]) *
			       (theta[j] - prior->mean[j]);
	for (size_t i = 0; i < a->n; i++)
		sum += (a->w ? a->w[i] : 1) * loss(logit_of(a, i, K, theta), a->y[i]);
	return sum;
}

/* g (K) <- the negative gradient, h (K, K) <- the curvature (its lower triangle). */
static void derivatives(const struct place_prior *prior, const struct place_answers *a,
    const double *theta, double *g, double *h)
{
	size_t K = prior->K;

	memcpy(h, prior->precision, K * K * sizeof(*h));
	for (size_t i = 0; i < K; i++) {
		g[i] = 0;
		for (size_t j = 0; j < K; j++)
			g[i] -= prior->precision[i * K + j] * (theta[j] - prior->mean[j]);
	}
	for (size_t i = 0; i < a->n; i++) {
		const double *x = a->x + i * K;
		double p = 1 / (1 + exp(-logit_of(a, i, K, theta))), w = a->w ? a->w[i] : 1;

		for (size_t k = 0; k < K; k++) {
			double wx = w * p * (1 - p) * x[k];

			g[k] += w * (a->y[i] - p) * x[k];
			for (size_t l = 0; l <= k; l++)
				h[k * K + l] += wx * x[l];
		}
	}
}

static double length(size_t n, const double *v)
{
	double s = 0;

	for (size_t i = 0; i < n; i++)
		s += v[i] * v[i];
	return sqrt(s);
}

size_t place_fit(const struct place_prior *prior, const struct place_answers *a, size_t steps,
    double *theta, double *cov)
{
	size_t K = prior->K, step = 0;
	double *h = mem_array(K * K, sizeof(*h)), *g = mem_array(K, sizeof(*g));
	double *next = mem_array(K, sizeof(*next)), at = objective(prior, a, theta);
	bool done = false;

	while (step < steps && !done) {
		double scale = 1, there = INFINITY;

		derivatives(prior, a, theta, g, h);
		if (!place_root(K, h))
			break;
		solve(K, h, g);
		/* The function is convex, and a short enough step along g lowers it. */
		for (int half = 0; half < 30; half++, scale /= 2) {
			for (size_t k = 0; k < K; k++)
				next[k] = theta[k] + scale * g[k];
			there = objective(prior, a, next);
			if (there <= at)
				break;
		}
		if (there > at)
			break;
		done = scale * length(K, g) <= TOLERANCE * (1 + length(K, theta));
		memcpy(theta, next, K * sizeof(*theta));
		at = there;
		step++;
	}
	if (cov) {
		derivatives(prior, a, theta, g, h);
		for (size_t i = 0; i < K; i++)
			for (size_t j = i + 1; j < K; j++)
				h[i * K + j] = h[j * K + i];
		memcpy(cov, h, K * K * sizeof(*cov));
		place_invert(K, cov);
	}
	mem_free(h);
	mem_free(g);
	mem_free(next);
	return step;
}

void place_model(const struct place_side *side, const struct place_prior *prior, size_t n,
    const uint32_t *question, const float *y, double *theta, double *cov)
{
	size_t K = side->K;
	double *x = mem_array(n * K + 1, sizeof(*x)), *offset = mem_array(n + 1, sizeof(*offset));
	double *label = mem_array(n + 1, sizeof(*label));
	struct place_answers a = {n, x, offset, label, NULL};

	for (size_t i = 0; i < n; i++) {
		memcpy(x + i * K, side->x + question[i] * K, K * sizeof(*x));
		offset[i] = side->offset[question[i]];
		label[i] = (double)y[i];
	}
	memcpy(theta, prior->mean, K * sizeof(*theta));
	place_fit(prior, &a, STEPS_MAX, theta, cov);
	mem_free(x);
	mem_free(offset);
	mem_free(label);
}

double place_forecast(const struct place_side *side, size_t question, const double *theta,
    const double *cov, double *spread)
{
	const double *x = side->x + question * side->K;
	double z = side->offset[question], s = place_form(side->K, x, cov, x);

	for (size_t k = 0; k < side->K; k++)
		z += x[k] * theta[k];
	if (spread)
		*spread = s;
	return 1 / (1 + exp(-z / sqrt(1 + M_PI * s / 8)));
}
