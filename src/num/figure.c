#include "num/figure.h"

#include "base/mem.h"
#include "num/stats.h"

struct figure figure_of_draws(
    double value, const double *draws, size_t n, size_t stride, size_t column)
{
	struct figure f = {.value = value};
	double *v = mem_array(n + 1, sizeof(*v));

	for (size_t b = 0; b < n; b++)
		v[b] = draws[b * stride + column];
	stats_interval(n, v, 0.95, &f.low, &f.high);
	mem_free(v);
	return f;
}
