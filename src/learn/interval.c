/* Bounds are a formula; the scale is found by bisection, since coverage only grows with it. */
#include "learn/interval.h"

#include "base/mem.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Coverage asked of the validation part, which has already served to stop the training and to
 * calibrate: what holds for .93 of its cells holds for about .90 of new ones. */
#define HELD 0.93

#define Z90 1.6448536 /* standard normal quantile of .95 */

void interval_bounds(const struct interval *v, double p, double spread, double *low, double *high)
{
	double safe = fmin(fmax(p, 1e-6), 1 - 1e-6), z = log(safe / (1 - safe));
	double half = Z90 * v->scale * sqrt(spread * spread + 1 / (v->cell * safe * (1 - safe)));

	*low = 1 / (1 + exp(-(z - half)));
	*high = 1 / (1 + exp(-(z + half)));
	if (*low * v->cell < 0.5)
		*low = 0;
	if ((1 - *high) * v->cell < 0.5)
		*high = 1;
}

struct forecast {
	float p, spread, label;
};

static int by_p(const void *a, const void *b)
{
	float x = ((const struct forecast *)a)->p, y = ((const struct forecast *)b)->p;

	return (x > y) - (x < y);
}

/* Whether n forecasts hold their share of right answers, as a cell of n. */
static bool cell_holds(double scale, const struct forecast *f, size_t n)
{
	const struct interval v = {.scale = scale, .cell = (double)n};
	double low = 0, high = 0, right = 0, l, h;

	for (size_t i = 0; i < n; i++) {
		interval_bounds(&v, (double)f[i].p, (double)f[i].spread, &l, &h);
		low += l;
		high += h;
		right += (double)f[i].label;
	}
	return right >= low && right <= high;
}

double interval_coverage(const struct interval *v, size_t n, size_t models, const float *p,
    const float *spread, const float *label)
{
	struct forecast *f = mem_array(n + 1, sizeof(*f));
	double cells = 0, held = 0;

	for (size_t m = 0; m < models; m++) {
		size_t k = 0, groups;

		for (size_t i = 0; i < n; i++)
			if (!isnan(label[i * models + m]))
				f[k++] = (struct forecast){p[i * models + m],
				    spread[i * models + m], label[i * models + m]};
		qsort(f, k, sizeof(*f), by_p);
		groups = (size_t)fmax(1, round((double)k / v->cell));
		for (size_t g = 0; g < groups && k > 0; g++) {
			size_t from = g * k / groups, to = (g + 1) * k / groups;

			held += cell_holds(v->scale, f + from, to - from);
			cells++;
		}
	}
	mem_free(f);
	return cells > 0 ? held / cells : NAN;
}

struct interval interval_fit(
    double cell, size_t n, size_t models, const float *p, const float *spread, const float *label)
{
	struct interval v = {.scale = 1, .cell = cell};
	double low = 1, high = 8;

	if (!(interval_coverage(&v, n, models, p, spread, label) < HELD))
		return v;
	for (int i = 0; i < 20; i++) {
		v.scale = sqrt(low * high);
		if (interval_coverage(&v, n, models, p, spread, label) < HELD)
			low = v.scale;
		else
			high = v.scale;
	}
	return v;
}
