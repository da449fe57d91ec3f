#include "learn/cost_curve.h"

#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

struct point {
	double cost, quality;
	uint32_t index;
};

static int cheapest_first(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->quality != y->quality)
		return x->quality > y->quality ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* The points there are, cheapest first; mem_free. */
static struct point *sorted(size_t n, const double *cost, const double *quality, size_t *k)
{
	struct point *v = mem_array(n + 1, sizeof(*v));

	*k = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(cost[i]) && !isnan(quality[i]))
			v[(*k)++] = (struct point){cost[i], quality[i], (uint32_t)i};
	qsort(v, *k, sizeof(*v), cheapest_first);
	return v;
}

/* Whether b lies on or under the line from a to c. */
static int under(const struct point *a, const struct point *b, const struct point *c)
{
	return (b->quality - a->quality) * (c->cost - a->cost) <=
	       (c->quality - a->quality) * (b->cost - a->cost);
}

size_t cost_hull(size_t n, const double *cost, const double *quality, uint32_t *vertex)
{
	size_t k, top = 0;
	struct point *v = sorted(n, cost, quality, &k);

	for (size_t i = 0; i < k; i++) {
		const struct point p = v[i];

		if (top && p.quality <= v[top - 1].quality)
			continue;
		while (top >= 2 && under(&v[top - 2], &v[top - 1], &p))
			top--;
		v[top++] = p;
	}
	for (size_t i = 0; i < top; i++)
		vertex[i] = v[i].index;
	mem_free(v);
	return top;
}

double cost_hull_at(
    size_t k, const uint32_t *vertex, const double *cost, const double *quality, double c)
{
	size_t i = 0;
	double share;

	if (!k || isnan(c))
		return NAN;
	while (i < k && cost[vertex[i]] < c)
		i++;
	if (i == 0 || i == k)
		return quality[vertex[i ? k - 1 : 0]];
	share = (c - cost[vertex[i - 1]]) / (cost[vertex[i]] - cost[vertex[i - 1]]);
	return quality[vertex[i - 1]] + share * (quality[vertex[i]] - quality[vertex[i - 1]]);
}

double cost_aiq(size_t n, const double *cost, const double *quality, double low, double high)
{
	uint32_t *vertex = mem_array(n + 1, sizeof(*vertex));
	size_t k = cost_hull(n, cost, quality, vertex);
	double sum = 0, at = low, height = cost_hull_at(k, vertex, cost, quality, low);

	/* Trapezoids between the vertices, and to both ends. */
	for (size_t i = 0; i <= k; i++) {
		double to = i < k ? fmin(cost[vertex[i]], high) : high, next;

		if (!(to > at))
			continue;
		next = cost_hull_at(k, vertex, cost, quality, to);
		sum += (to - at) * (height + next) / 2;
		at = to;
		height = next;
	}
	mem_free(vertex);
	return k && low < high ? sum / (high - low) : NAN;
}

double cost_area(size_t n, const double *cost, const double *quality, double low, double high)
{
	size_t k;
	struct point *v = sorted(n, cost, quality, &k);
	double sum = 0, at = low, height = 0;

	for (size_t i = 0; i <= k; i++) {
		double to = i < k ? fmin(v[i].cost, high) : high;

		if (to > at) {
			sum += (to - at) * height;
			at = to;
		}
		if (i < k)
			height = fmax(height, v[i].quality);
	}
	mem_free(v);
	return k && low < high ? sum / (high - low) : NAN;
}
