#include "num/significance.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

#define FEWEST 20

double significance_of_draws(const double *draws, size_t n, size_t stride, size_t column)
{
	double below = 0, above = 0, defined = 0, least;

	for (size_t i = 0; i < n; i++) {
		double d = draws[i * stride + column];

		if (isnan(d))
			continue;
		defined++;
		below += d <= 0;
		above += d >= 0;
	}
	if (defined < FEWEST)
		return NAN;
	least = fmin(below, above);
	return fmin(1, 2 * (least + 1) / (defined + 1));
}

double significance_mcnemar(size_t b, size_t c)
{
	size_t n = b + c, least = b < c ? b : c;
	double tail = 0;

	for (size_t k = 0; k <= least; k++)
		tail += exp(lgamma((double)n + 1) - lgamma((double)k + 1) -
			    lgamma((double)(n - k) + 1) - (double)n * log(2));
	return fmin(1, 2 * tail);
}

struct ranked {
	double p;
	size_t index;
};

static int least_first(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

void significance_holm(size_t n, const double *p, double *out)
{
	struct ranked *v = mem_array(n + 1, sizeof(*v));
	size_t k = 0;
	double reached = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			v[k++] = (struct ranked){p[i], i};
	qsort(v, k, sizeof(*v), least_first);
	for (size_t i = 0; i < n; i++)
		out[i] = NAN;
	for (size_t i = 0; i < k; i++) {
		reached = fmax(reached, fmin(1, (double)(k - i) * v[i].p));
		out[v[i].index] = reached;
	}
	mem_free(v);
}
