#include "num/stats.h"

#include "base/mem.h"
#include "base/share.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int compare_double(const void *pa, const void *pb)
{
	double a = *(const double *)pa, b = *(const double *)pb;

	return (a > b) - (a < b);
}

void stats_sort(size_t n, double *v)
{
	if (n)
		qsort(v, n, sizeof(*v), compare_double);
}

double stats_quantile(size_t n, const double *sorted, double q)
{
	double at;
	size_t i;

	assert(q >= 0 && q <= 1);
	if (!n)
		return NAN;
	at = q * (double)(n - 1);
	i = (size_t)at;
	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (at - (double)i) * (sorted[i + 1] - sorted[i]);
}

struct pair {
	double x, y;
};

static int compare_pair(const void *pa, const void *pb)
{
	const struct pair *a = pa, *b = pb;

	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return (a->y > b->y) - (a->y < b->y);
}

/* Sorts v by merging and returns the exchanges a bubble sort would have made. */
static double merge_count(size_t n, double *v, double *spare)
{
	size_t half = n / 2, i = 0, j = half, k = 0;
	double swaps;

	if (n < 2)
		return 0;
	swaps = merge_count(half, v, spare) + merge_count(n - half, v + half, spare);
	while (i < half && j < n) {
		if (v[j] < v[i]) {
			swaps += (double)(half - i);
			spare[k++] = v[j++];
		} else {
			spare[k++] = v[i++];
		}
	}
	while (i < half)
		spare[k++] = v[i++];
	memcpy(v, spare, k * sizeof(*v)); /* the rest of the right half is in place */
	return swaps;
}

static double pairs_of(double n)
{
	return n * (n - 1) / 2;
}

double stats_pearson(size_t n, const double *x, const double *y)
{
	double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;

	for (size_t i = 0; i < n; i++) {
		mx += x[i] / (double)n;
		my += y[i] / (double)n;
	}
	for (size_t i = 0; i < n; i++) {
		xx += (x[i] - mx) * (x[i] - mx);
		yy += (y[i] - my) * (y[i] - my);
		xy += (x[i] - mx) * (y[i] - my);
	}
	return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static int by_first(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

void stats_ranks(size_t n, const double *x, double *rank)
{
	struct pair *v = mem_array(n + 1, sizeof(*v));
	size_t end;

	for (size_t i = 0; i < n; i++)
		v[i] = (struct pair){x[i], (double)i};
	qsort(v, n, sizeof(*v), by_first);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[end].x == v[i].x;)
			end++;
		for (size_t k = i; k < end; k++)
			rank[(size_t)v[k].y] = (double)(i + 1 + end) / 2;
	}
	mem_free(v);
}

double stats_kendall(size_t n, const double *x, const double *y)
{
	double tied_x = 0, tied_y = 0, tied_both = 0, all = pairs_of((double)n), swaps, rest;
	size_t run_x = 1, run_both = 1, run_y = 1;
	struct pair *v;
	double *order, *spare;

	if (n < 2)
		return NAN;
	v = mem_array(n, sizeof(*v));
	order = mem_array(2 * n, sizeof(*order));
	spare = order + n;
	for (size_t i = 0; i < n; i++)
		v[i] = (struct pair){x[i], y[i]};
	qsort(v, n, sizeof(*v), compare_pair);
	for (size_t i = 1; i <= n; i++) {
		bool same_x = i < n && v[i].x == v[i - 1].x;

		if (same_x && v[i].y == v[i - 1].y) {
			run_both++;
		} else {
			tied_both += pairs_of((double)run_both);
			run_both = 1;
		}
		if (same_x) {
			run_x++;
		} else {
			tied_x += pairs_of((double)run_x);
			run_x = 1;
		}
	}
	for (size_t i = 0; i < n; i++)
		order[i] = v[i].y;
	swaps = merge_count(n, order, spare);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && order[i] == order[i - 1]) {
			run_y++;
		} else {
			tied_y += pairs_of((double)run_y);
			run_y = 1;
		}
	}
	mem_free(order);
	mem_free(v);
	rest = (all - tied_x) * (all - tied_y);
	return rest > 0 ? (all - tied_x - tied_y + tied_both - 2 * swaps) / sqrt(rest) : NAN;
}

/* Order-preserving map of floats to unsigned integers (-0 below +0 is made equal first). */
static uint32_t float_key(float x)
{
	uint32_t u;

	x += 0.0f;
	memcpy(&u, &x, sizeof(u));
	return u ^ ((u >> 31) ? 0xffffffffu : 0x80000000u);
}

/* Least-significant-digit radix sort, three passes of 11 bits: stable, and linear. */
void stats_order(size_t n, const float *score, unsigned *order)
{
	enum { BITS = 11, SIZE = 1 << BITS };
	uint32_t *key, *spare_key;
	unsigned *spare;

	if (!n)
		return;
	assert(n <= UINT32_MAX);
	key = mem_array(2 * n, sizeof(*key));
	spare_key = key + n;
	spare = mem_array(n, sizeof(*spare));
	for (size_t i = 0; i < n; i++) {
		key[i] = float_key(score[i]);
		order[i] = (unsigned)i;
	}
	for (unsigned shift = 0; shift < 32; shift += BITS) {
		size_t start[SIZE] = {0}, at = 0;

		for (size_t i = 0; i < n; i++)
			start[(key[i] >> shift) % SIZE]++;
		for (size_t b = 0; b < SIZE; b++) {
			size_t count = start[b];

			start[b] = at;
			at += count;
		}
		for (size_t i = 0; i < n; i++) {
			size_t to = start[(key[i] >> shift) % SIZE]++;

			spare_key[to] = key[i];
			spare[to] = order[i];
		}
		memcpy(key, spare_key, n * sizeof(*key));
		memcpy(order, spare, n * sizeof(*order));
	}
	mem_free(spare);
	mem_free(key);
}

static double stats_auc_ordered(
    size_t n, const unsigned *order, const float *score, const float *label, const float *weight)
{
	double below = 0, wins = 0, positive = 0;

	/* One run of equal scores at a time; `below` is the negative weight under it. */
	for (size_t i = 0, j; i < n; i = j) {
		double pos = 0, neg = 0;

		for (j = i; j < n && score[order[j]] == score[order[i]]; j++) {
			float y = label[order[j]];
			double w = weight ? (double)weight[order[j]] : 1;

			if (isnan(y))
				continue;
			pos += w * (double)y;
			neg += w * (1 - (double)y);
		}
		wins += pos * (below + neg / 2);
		below += neg;
		positive += pos;
		if (j == i) /* a NaN score equals nothing, not even itself */
			return NAN;
	}
	return positive > 0 && below > 0 ? wins / (positive * below) : NAN;
}

double stats_auc(size_t n, const float *score, const float *label, const float *weight)
{
	unsigned *order;
	double auc;

	if (!n)
		return NAN;
	order = mem_array(n, sizeof(*order));
	stats_order(n, score, order);
	auc = stats_auc_ordered(n, order, score, label, weight);
	mem_free(order);
	return auc;
}

void stats_interval(size_t n, double *draws, double level, double *low, double *high)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(draws[i]))
			draws[kept++] = draws[i];
	*low = *high = NAN;
	if (kept < 20)
		return;
	stats_sort(kept, draws);
	*low = stats_quantile(kept, draws, (1 - level) / 2);
	*high = stats_quantile(kept, draws, (1 + level) / 2);
}

/* Correlation of the two outcomes, drawn towards 0 as the method wants. */
static double paired_phi(double n, double a, double b, double both)
{
	double spread = sqrt(a * (n - a) * b * (n - b)), joint = n * both - a * b;

	if (!(spread > 0))
		return 0;
	if (joint > 0)
		joint = fmax(0, joint - n / 2);
	return fmax(-1, fmin(1, joint / spread));
}

void stats_paired_shares(double n, double a, double b, double both, double *low, double *high)
{
	double pa = a / n, pb = b / n, phi = paired_phi(n, a, b, both);
	double la, ha, lb, hb, d, e;

	share_interval(a, n, &la, &ha);
	share_interval(b, n, &lb, &hb);
	d = pa - la;
	e = hb - pb;
	*low = pa - pb - sqrt(fmax(0, d * d - 2 * phi * d * e + e * e));
	d = ha - pa;
	e = pb - lb;
	*high = pa - pb + sqrt(fmax(0, d * d - 2 * phi * d * e + e * e));
}
