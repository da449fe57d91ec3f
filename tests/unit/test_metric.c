/* Metrics and their bootstrap against figures counted one by one. */
#include "test.h"

#include "help.h"

#include "base/mem.h"
#include "base/rng.h"
#include "learn/metric.h"
#include "num/stats.h"

#include <math.h>

/* Pairs counted one by one. */
static double naive_auc(const struct metric_rows *r, size_t model)
{
	double won = 0, pairs = 0;

	for (size_t i = 0; i < r->n; i++)
		for (size_t j = 0; j < r->n; j++) {
			double w = (double)r->w[i] * (double)r->y[i] * (double)r->w[j] *
				   (1 - (double)r->y[j]);

			if (model != SIZE_MAX && (r->model[i] != model || r->model[j] != model))
				continue;
			pairs += w;
			won += w * (r->p[i] > r->p[j] ? 1 : r->p[i] == r->p[j] ? 0.5 : 0);
		}
	return won / pairs;
}

TEST(metrics_match_their_definitions)
{
	enum { Q = 60, M = 4 };
	float p[Q * M], y[Q * M], w[Q * M];
	double got[METRIC_COUNT], hit = 0, loss = 0, brier = 0, rows = 0, within = 0, wrows = 0;
	struct metric_rows r;
	struct rng g;

	rng_init(&g, 8, 0);
	for (size_t i = 0; i < Q * M; i++) {
		p[i] = (float)(1 + rng_below(&g, 19)) / 20; /* many ties */
		y[i] = i % 11 == 0 ? NAN : i % 7 == 0 ? 0.25f : (float)rng_below(&g, 2);
		w[i] = (float)(1 + i % 2);
	}
	r = metric_rows_new(Q, M, p, y, w, NULL);
	metric_compute(&r, got);
	for (size_t i = 0; i < r.n; i++) {
		double pi = (double)r.p[i], yi = (double)r.y[i], wi = (double)r.w[i];

		hit += wi * (pi >= 0.5 ? yi : 1 - yi);
		loss -= wi * (yi * log(pi) + (1 - yi) * log(1 - pi));
		brier += wi * (yi * (1 - pi) * (1 - pi) + (1 - yi) * pi * pi);
		rows += wi;
	}
	for (size_t m = 0; m < M; m++) {
		double n = 0;

		for (size_t i = 0; i < r.n; i++)
			n += r.model[i] == m ? (double)r.w[i] : 0;
		within += n * naive_auc(&r, m);
		wrows += n;
	}
	assert_near(got[METRIC_ACCURACY], hit / rows, 1e-6);
	assert_near(got[METRIC_LOG_LOSS], loss / rows, 1e-6);
	assert_near(got[METRIC_BRIER], brier / rows, 1e-6);
	assert_near(got[METRIC_AUC], naive_auc(&r, SIZE_MAX), 1e-6);
	assert_near(got[METRIC_AUC_WITHIN], within / wrows, 1e-6);
	metric_rows_free(&r);
}

TEST(calibration_error_of_a_known_case)
{
	enum { N = 150 };
	float p[N], y[N];
	double got[METRIC_COUNT];
	struct metric_rows r;

	/* 15 bins of 10 questions: a bin's forecast is .05 under the share right. */
	for (size_t i = 0; i < N; i++) {
		size_t bin = i / 10;

		y[i] = i % 10 < bin * 10 / 15;
		p[i] = (float)(bin * 10 / 15) / 10 + 0.05f + (float)bin * 1e-5f;
	}
	r = metric_rows_new(N, 1, p, y, NULL, NULL);
	metric_compute(&r, got);
	assert_near(got[METRIC_ECE], 0.05, 2e-4);
	metric_rows_free(&r);
}

TEST(undefined_metrics_are_not_numbers)
{
	float p[3] = {0.1f, 0.5f, 0.9f}, y[3] = {1, 1, 1}, none[3] = {NAN, NAN, NAN};
	double got[METRIC_COUNT];
	struct metric_rows r = metric_rows_new(3, 1, p, y, NULL, NULL);

	metric_compute(&r, got);
	assert_true(isnan(got[METRIC_AUC]) && isnan(got[METRIC_AUC_WITHIN]));
	assert_near(got[METRIC_ACCURACY], 2.0 / 3, 1e-7);
	metric_rows_free(&r);
	r = metric_rows_new(3, 1, p, none, NULL, NULL);
	metric_compute(&r, got);
	for (int k = 0; k < METRIC_COUNT; k++)
		assert_true(isnan(got[k]));
	metric_rows_free(&r);
}

/* Bins of equal mass, filled row by row. */
static double naive_ece(const struct metric_rows *r)
{
	double total = 0, seen = 0, gap = 0, sum = 0, edge = 1;
	unsigned *order = mem_array(r->n, sizeof(*order));

	stats_order(r->n, r->p, order);
	for (size_t i = 0; i < r->n; i++)
		total += (double)r->w[i];
	for (size_t i = 0; i < r->n; i++) {
		size_t k = order[i];

		seen += (double)r->w[k];
		gap += (double)r->w[k] * ((double)r->y[k] - (double)r->p[k]);
		if (seen >= edge * total / 15) {
			sum += fabs(gap);
			gap = 0;
			edge = floor(seen * 15 / total) + 1;
		}
	}
	mem_free(order);
	return (sum + fabs(gap)) / total;
}

TEST(figures_of_a_resample_are_those_of_its_rows)
{
	enum { Q = 300, M = 3, DRAWS = 19 };
	float p[Q * M], y[Q * M], w[Q * M];
	uint16_t *counts = metric_resample(Q, DRAWS, 4);
	double out[DRAWS * METRIC_COUNT], got[METRIC_COUNT];
	struct metric_rows r;
	struct rng g;

	rng_init(&g, 5, 0);
	for (size_t i = 0; i < Q * M; i++) {
		p[i] = i % 3 ? (float)(1 + rng_below(&g, 999999)) / 1e6f : (float)(i % 5) / 5;
		y[i] = i % 13 == 0 ? NAN : (float)rng_below(&g, 2);
		w[i] = (float)(1 + rng_below(&g, 3));
	}
	r = metric_rows_new(Q, M, p, y, w, NULL);
	metric_bootstrap(&r, DRAWS, counts, out);
	metric_rows_free(&r);
	for (size_t b = 0; b < DRAWS; b++) {
		float drawn[Q * M];

		for (size_t i = 0; i < Q * M; i++)
			drawn[i] = w[i] * (float)counts[b * Q + i / M];
		r = metric_rows_new(Q, M, p, y, drawn, NULL);
		metric_compute(&r, got);
		for (int k = 0; k < METRIC_COUNT; k++)
			assert_near(out[b * METRIC_COUNT + (size_t)k], got[k], 1e-6);
		assert_near(out[b * METRIC_COUNT + METRIC_ECE], naive_ece(&r), 1e-6);
		assert_near(out[b * METRIC_COUNT + METRIC_AUC], naive_auc(&r, SIZE_MAX), 1e-6);
		metric_rows_free(&r);
	}
	mem_free(counts);
}

TEST(bootstrap_spread_is_that_of_a_mean)
{
	enum { Q = 400, DRAWS = 1000 };
	float p[Q], y[Q];
	uint16_t *counts = metric_resample(Q, DRAWS, 9);
	double *out = mem_array(DRAWS * METRIC_COUNT, sizeof(*out)), sum = 0, square = 0, sd;
	struct metric_rows r;

	for (size_t i = 0; i < Q; i++) {
		p[i] = 0.7f;
		y[i] = i % 10 < 7;
	}
	r = metric_rows_new(Q, 1, p, y, NULL, NULL);
	metric_bootstrap(&r, DRAWS, counts, out);
	for (size_t b = 0; b < DRAWS; b++) {
		double a = out[b * METRIC_COUNT + METRIC_ACCURACY];

		sum += a / DRAWS;
		square += a * a / DRAWS;
	}
	sd = sqrt(square - sum * sum);
	assert_near(sum, 0.7, 0.003);
	assert_near(sd, sqrt(0.21 / Q), 0.0025); /* 3 standard errors of a standard deviation */
	metric_rows_free(&r);
	mem_free(counts);
	mem_free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(metrics_match_their_definitions),
	    cmocka_unit_test(calibration_error_of_a_known_case),
	    cmocka_unit_test(undefined_metrics_are_not_numbers),
	    cmocka_unit_test(figures_of_a_resample_are_those_of_its_rows),
	    cmocka_unit_test(bootstrap_spread_is_that_of_a_mean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
