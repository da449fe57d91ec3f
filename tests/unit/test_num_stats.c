/* Numbers: statistics, top-k, elementwise kernels, against the formulas written out. */
#include "test.h"

#include "help.h"

#include "../ref/naive.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/share.h"
#include "num/stats.h"
#include "num/topk.h"
#include "num/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

TEST(quantile_interpolates)
{
	double v[] = {4, 1, 3, 2};

	stats_sort(4, v);
	assert_near(stats_quantile(4, v, 0), 1, 0);
	assert_near(stats_quantile(4, v, 0.5), 2.5, 1e-15);
	assert_near(stats_quantile(4, v, 0.9), 3.7, 1e-15); /* numpy.quantile([1,2,3,4], .9) */
	assert_near(stats_quantile(4, v, 1), 4, 0);
	assert_true(isnan(stats_quantile(0, v, 0.5)));
}

TEST(kendall_is_the_pairs)
{
	struct rng r;

	rng_init(&r, 3, 0);
	for (size_t n = 2; n < 60; n++) {
		double x[60], y[60], want;

		for (size_t i = 0; i < n; i++) {
			x[i] = (double)rng_below(&r, 1 + n / 3);
			y[i] = (double)rng_below(&r, n) + (n % 2 ? x[i] : 0);
		}
		want = naive_kendall(n, x, y);
		if (isfinite(want))
			assert_near(stats_kendall(n, x, y), want, 1e-12);
		else
			assert_true(isnan(stats_kendall(n, x, y)));
	}
	assert_near(stats_kendall(3, (double[]){1, 2, 3}, (double[]){5, 6, 9}), 1, 0);
	assert_near(stats_kendall(3, (double[]){1, 2, 3}, (double[]){9, 6, 5}), -1, 0);
	assert_true(isnan(stats_kendall(1, (double[]){1}, (double[]){1})));
}

TEST(auc_is_the_pairs)
{
	struct rng r;

	rng_init(&r, 4, 0);
	for (size_t n = 2; n < 80; n++) {
		float score[80], label[80], weight[80];
		double want;

		for (size_t i = 0; i < n; i++) {
			score[i] =
			    (float)rng_below(&r, n / 2 + 1) - (float)n / 4; /* ties, both signs */
			label[i] = rng_below(&r, 8) == 0 ? NAN : (float)rng_below(&r, 4) / 3;
			weight[i] = (float)(1 + rng_below(&r, 3));
		}
		label[0] = 1;
		label[1] = 0;
		want = naive_auc(n, score, label, weight);
		assert_near(stats_auc(n, score, label, weight), want, 1e-12);
	}
}

TEST(auc_edges)
{
	float score[] = {0.1f, 0.9f, -0.0f, 0.0f}, one[] = {1, 1, 1, 1}, label[] = {0, 1, 1, 0};

	assert_near(stats_auc(2, score, label, NULL), 1, 0);
	assert_near(stats_auc(2, score + 2, label + 2, NULL), 0.5, 0); /* -0 and 0 tie */
	assert_true(isnan(stats_auc(2, score, one, NULL)));
	assert_true(isnan(stats_auc(0, score, one, NULL)));
	score[1] = NAN;
	assert_true(isnan(stats_auc(4, score, label, NULL)));
}

TEST(interval_drops_undefined)
{
	double v[101], low, high;

	for (size_t i = 0; i < 101; i++)
		v[i] = (double)((i * 37) % 101);
	stats_interval(101, v, 0.9, &low, &high);
	assert_near(low, 5, 1e-12);
	assert_near(high, 95, 1e-12);
	for (size_t i = 0; i < 90; i++)
		v[i] = NAN;
	stats_interval(101, v, 0.9, &low, &high);
	assert_true(isnan(low) && isnan(high));
}

static const float *sort_score;

static int by_score(const void *pa, const void *pb)
{
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;

	if (sort_score[a] != sort_score[b])
		return sort_score[a] > sort_score[b] ? -1 : 1;
	return (a > b) - (a < b);
}

TEST(topk_is_a_sort)
{
	struct rng r;

	rng_init(&r, 5, 0);
	for (size_t n = 1; n < 200; n += 7) {
		float score[200];
		uint32_t order[200];
		struct topk t;

		for (size_t i = 0; i < n; i++) {
			score[i] = (float)rng_below(&r, n);
			order[i] = (uint32_t)i;
		}
		sort_score = score;
		qsort(order, n, sizeof(*order), by_score);
		topk_init(&t, 13);
		for (size_t i = n; i-- > 0;)
			topk_add(&t, score[i], (uint32_t)i);
		topk_add(&t, NAN, 999);
		topk_sort(&t);
		assert_int_equal(t.n, n < 13 ? n : 13);
		for (size_t i = 0; i < t.n; i++) {
			assert_int_equal(t.index[i], order[i]);
			assert_true(t.score[i] == score[order[i]]);
		}
		topk_clear(&t);
	}
}

/* The same numbers on every machine: a fixed seed gives these. */
TEST(noise_is_fixed)
{
	float v[1000], w[1000], in[1000] = {0};

	vec_add_noise(1000, in, 1, 7, v);
	vec_add_noise(300, in, 1, 7, w);
	assert_memory_equal(v, w, 300 * sizeof(float)); /* a number depends on its place only */
	vec_add_noise(1000, in, 1, 8, w);
	assert_memory_not_equal(v, w, sizeof(v));
	memcpy(w, in, sizeof(w));
	vec_add_noise(1000, w, 1, 7, w);
	assert_memory_equal(v, w, sizeof(v));
	vec_add_noise(4, in, 1, 1, v);
	assert_true(v[0] == 0x1.9f4adap-1f && v[1] == -0x1.9335dep-1f);
	assert_true(v[2] == -0x1.2c10ecp-3f && v[3] == -0x1.ed24eep-2f);
}

/* Moments, correlations between neighbours and between keys, and the share in each tenth of the
 * normal distribution; bounds are five standard errors. */
TEST(noise_is_normal)
{
	enum { N = 1 << 20 };
	static const double decile[] = {-1.2815515655, -0.8416212336, -0.5244005127, -0.2533471031,
	    0, 0.2533471031, 0.5244005127, 0.8416212336, 1.2815515655};
	float *v = mem_floats(N), *w = mem_floats(N);
	double m[5] = {0}, lag1 = 0, lag256 = 0, keys = 0, se = 1 / sqrt(N);
	size_t below[9] = {0}, beyond = 0;

	memset(v, 0, N * sizeof(float));
	vec_add_noise(N, v, 1, 42, w);
	vec_add_noise(N, v, 1, 43, v);
	for (size_t i = 0; i < N; i++) {
		double z = (double)v[i], p = 1;

		for (int k = 0; k < 5; k++, p *= z)
			m[k] += p / N;
		if (i)
			lag1 += z * (double)v[i - 1] / N;
		if (i >= 256)
			lag256 += z * (double)v[i - 256] / N;
		keys += z * (double)w[i] / N;
		for (int k = 0; k < 9; k++)
			below[k] += z < decile[k];
		beyond += fabs(z) > 4;
	}
	assert_near(m[1], 0, 5 * se);
	assert_near(m[2], 1, 5 * se * sqrt(2));
	assert_near(m[3], 0, 5 * se * sqrt(15));
	assert_near(m[4], 3, 5 * se * sqrt(96));
	assert_near(lag1, 0, 5 * se);
	assert_near(lag256, 0, 5 * se);
	assert_near(keys, 0, 5 * se);
	for (int k = 0; k < 9; k++)
		assert_near((double)below[k] / N, (k + 1) / 10.0, 5 * se * 0.5);
	assert_near((double)beyond, N * 6.334e-5, 5 * sqrt(N * 6.334e-5));
	mem_free(w);
	mem_free(v);
}

TEST(sigmoid_is_close)
{
	float x[] = {-100, -87, -20, -1, -1e-8f, 0, 1e-8f, 0.5f, 3, 17, 88, 1e30f};

	for (size_t i = 0; i < sizeof(x) / sizeof(*x); i++) {
		float p;
		double want = 1 / (1 + exp(-(double)fmaxf(x[i], -87)));

		vec_sigmoid(1, &x[i], &p);
		assert_near((double)p / want, 1, 1e-6);
	}
}

TEST(logistic_is_the_formula)
{
	enum { N = 1543 }; /* several blocks and a tail */
	float x[N], y[N], w[N], g[N];
	double loss = 0, right = 0, weight = 0;
	struct vec_loss sum = {0, 0, 0};
	struct rng r;

	rng_init(&r, 6, 0);
	for (size_t i = 0; i < N; i++) {
		x[i] = (float)(8 * rng_normal(&r));
		y[i] = i % 5 == 0 ? NAN : (float)rng_below(&r, 5) / 4;
		w[i] = (float)(1 + rng_below(&r, 3));
	}
	vec_logistic(N, x, y, w, g, &sum);
	for (size_t i = 0; i < N; i++) {
		double z = (double)x[i], t = (double)y[i], p = 1 / (1 + exp(-z)), u = (double)w[i];

		if (i % 5 == 0) {
			assert_true(g[i] == 0);
			continue;
		}
		assert_near(g[i], u * (p - t), 1e-6);
		loss += u * (log1p(exp(-fabs(z))) + fmax(z, 0) - z * t);
		right += u * (z > 0 ? t : 1 - t);
		weight += u;
	}
	assert_near(sum.loss / loss, 1, 1e-6);
	assert_near(sum.right, right, 1e-3);
	assert_near(sum.weight, weight, 0);
}

TEST(logistic_in_place_without_weights)
{
	float x[3] = {2, -1, 5}, y[3] = {1, 0, NAN}, g[3];
	struct vec_loss a = {0, 0, 0}, b = {0, 0, 0};

	vec_logistic(3, x, y, NULL, g, &a);
	vec_logistic(3, x, y, NULL, x, &b);
	assert_memory_equal(g, x, sizeof(g));
	assert_near(a.weight, 2, 0);
	assert_near(a.right, 2, 0);
	assert_near(a.loss, log1p(exp(-2)) + log1p(exp(-1)), 1e-6);
}

TEST(dots)
{
	float a[37], b[37], c[37];
	double dot = 0, d2 = 0, length2 = 0;

	for (size_t i = 0; i < 37; i++) {
		a[i] = (float)i - 11;
		b[i] = c[i] = (float)(i * i % 17);
		dot += (double)(a[i] * b[i]);
		d2 += (double)((a[i] - b[i]) * (a[i] - b[i]));
		length2 += (double)(b[i] * b[i]);
	}
	assert_near(vec_dot(37, a, b), dot, 1e-3);
	assert_near(vec_distance2(37, a, b), d2, 1e-3);
	vec_axpby(37, 2, a, -1, c);
	for (size_t i = 0; i < 37; i++)
		assert_near(c[i], 2 * a[i] - b[i], 0);
	assert_near(vec_normalise(37, b), sqrt(length2), 1e-4);
	assert_near(vec_dot(37, b, b), 1, 1e-6);
	memset(a, 0, sizeof(a));
	assert_near(vec_normalise(37, a), 0, 0);
	assert_near(a[0], 0, 0);
}

/* Chance of a table of n pairs, by the multinomial distribution. */
static double table_chance(int n, const int count[4], const double p[4])
{
	double log_chance = lgamma(n + 1.0);

	for (int i = 0; i < 4; i++)
		log_chance += count[i] * log(p[i]) - lgamma(count[i] + 1.0);
	return exp(log_chance);
}

/* Coverage by all tables there can be: exact, so the bounds only allow for what the method itself
 * misses on so few pairs (Newcombe 1998 finds means near .95 and few below .92). */
TEST(paired_interval_covers)
{
	static const double world[][4] = {/* both, first, second, neither */
	    {.25, .25, .25, .25}, {.45, .15, .05, .35}, {.6, .3, .05, .05}, {.1, .05, .4, .45}};
	const int n = 40;

	for (size_t w = 0; w < sizeof(world) / sizeof(*world); w++) {
		const double *p = world[w];
		double covered = 0, all = 0, low, high;

		for (int a = 0; a <= n; a++)
			for (int b = 0; a + b <= n; b++)
				for (int c = 0; a + b + c <= n; c++) {
					double chance =
					    table_chance(n, (int[]){a, b, c, n - a - b - c}, p);

					stats_paired_shares(n, a + b, a + c, a, &low, &high);
					all += chance;
					covered +=
					    low <= p[1] - p[2] && p[1] - p[2] <= high ? chance : 0;
				}
		assert_true(fabs(all - 1) < 1e-9);
		assert_true(covered > .93 && covered < .985);
	}
}

TEST(paired_interval_edges)
{
	double low, high, other_low, other_high;

	/* Never different: zero, but not for sure. */
	stats_paired_shares(50, 50, 50, 50, &low, &high);
	assert_true(low < 0 && high > 0 && low > -.1 && high < .1);
	/* As different as can be. */
	stats_paired_shares(10, 10, 0, 0, &low, &high);
	assert_true(low > .5 && high <= 1);
	/* Turned round, it is the mirror image. */
	stats_paired_shares(30, 20, 11, 9, &low, &high);
	stats_paired_shares(30, 11, 20, 9, &other_low, &other_high);
	assert_true(fabs(low + other_high) < 1e-12 && fabs(high + other_low) < 1e-12);
	/* Many pairs: what the normal approximation of a paired mean gives. */
	stats_paired_shares(100000, 60000, 55000, 50000, &low, &high);
	assert_true(fabs((high - low) / 2 - 1.96 * sqrt((.1 + .05 - .05 * .05) / 100000)) < 2e-5);
	share_interval(0, 10, &low, &high);
	/* Wilson's interval of 0 of 10: 0 to z^2 / (n + z^2). */
	assert_true(fabs(low) < 1e-12 && fabs(high - 3.841458 / 13.841458) < 1e-6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quantile_interpolates),
	    cmocka_unit_test(kendall_is_the_pairs),
	    cmocka_unit_test(auc_is_the_pairs),
	    cmocka_unit_test(auc_edges),
	    cmocka_unit_test(interval_drops_undefined),
	    cmocka_unit_test(topk_is_a_sort),
	    cmocka_unit_test(noise_is_fixed),
	    cmocka_unit_test(noise_is_normal),
	    cmocka_unit_test(sigmoid_is_close),
	    cmocka_unit_test(logistic_is_the_formula),
	    cmocka_unit_test(logistic_in_place_without_weights),
	    cmocka_unit_test(paired_interval_covers),
	    cmocka_unit_test(paired_interval_edges),
	    cmocka_unit_test(dots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
