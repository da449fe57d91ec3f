/* What a router buys and how sure that is: hulls, areas and p-values against figures worked by hand
 * or counted one by one; the attainable part of an oracle in worlds where it is known. */
#include "test.h"

#include "help.h"

#include "base/mem.h"
#include "base/rng.h"
#include "learn/attainable.h"
#include "learn/cost_curve.h"
#include "num/significance.h"

#include <math.h>

/* The best that lots between any two points reach at a cost, without a hull: all pairs. */
static double naive_at(size_t n, const double *cost, const double *quality, double c)
{
	double best = -INFINITY;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double share;

			if (cost[i] <= c)
				best = fmax(best, quality[i]);
			if (!(cost[i] <= c && cost[j] > c))
				continue;
			share = (c - cost[i]) / (cost[j] - cost[i]);
			best = fmax(best, quality[i] + share * (quality[j] - quality[i]));
		}
	return best;
}

static double naive_step(size_t n, const double *cost, const double *quality, double c)
{
	double best = 0;

	for (size_t i = 0; i < n; i++)
		if (cost[i] <= c)
			best = fmax(best, quality[i]);
	return best;
}

TEST(heights_of_cost_curves_are_means_over_all_costs)
{
	enum { N = 12, STEPS = 20000 };
	double cost[N], quality[N];
	struct rng g;

	rng_init(&g, 3, 0);
	for (int round = 0; round < 20; round++) {
		double low = INFINITY, high = 0, hull = 0, stairs = 0;

		for (size_t i = 0; i < N; i++) {
			cost[i] = 0.1 + (double)rng_below(&g, 1000) / 300;
			quality[i] = (double)rng_below(&g, 1000) / 1000;
			low = fmin(low, cost[i]);
			high = fmax(high, cost[i]);
		}
		for (size_t s = 0; s < STEPS; s++) {
			double c = low + ((double)s + 0.5) * (high - low) / STEPS;

			hull += naive_at(N, cost, quality, c) / STEPS;
			stairs += naive_step(N, cost, quality, c) / STEPS;
		}
		assert_near(cost_aiq(N, cost, quality, low, high), hull, 1e-3);
		assert_near(cost_area(N, cost, quality, low, high), stairs, 1e-3);
	}
}

TEST(a_hull_worked_by_hand)
{
	/* Under the line, dearer and worse, equal cost, a hole. */
	double cost[6] = {1, 2, 3, 5, 3, 4}, quality[6] = {.4, .45, .7, .6, .65, NAN};
	uint32_t vertex[6];

	assert_int_equal(cost_hull(6, cost, quality, vertex), 2);
	assert_int_equal(vertex[0], 0);
	assert_int_equal(vertex[1], 2);
	assert_near(cost_hull_at(2, vertex, cost, quality, 2), .55, 1e-12);
	assert_near(cost_hull_at(2, vertex, cost, quality, .5), .4, 1e-12);
	assert_near(cost_hull_at(2, vertex, cost, quality, 9), .7, 1e-12);
	/* (.4 + .7) / 2 over 2, then .7 over 2 */
	assert_near(cost_aiq(6, cost, quality, 1, 5), (1.1 + 1.4) / 4, 1e-12);
	/* .4, .45, then .7 over 2 */
	assert_near(cost_area(6, cost, quality, 1, 5), (.4 + .45 + 1.4) / 4, 1e-12);
	assert_true(isnan(cost_aiq(0, cost, quality, 1, 5)));
	assert_true(isnan(cost_aiq(6, cost, quality, 5, 5)));
}

/* Every way that n coins can fall, at least as uneven as b of them. */
static double naive_mcnemar(size_t b, size_t c)
{
	size_t n = b + c, more = b > c ? b : c, hits = 0;

	for (size_t way = 0; way < (size_t)1 << n; way++) {
		size_t heads = (size_t)__builtin_popcountll(way);

		hits += heads >= more || n - heads >= more ? 1 : 0;
	}
	return (double)hits / (double)((size_t)1 << n);
}

TEST(mcnemar_counts_all_ways_the_coins_can_fall)
{
	for (size_t b = 0; b <= 7; b++)
		for (size_t c = 0; c <= 7; c++)
			assert_near(significance_mcnemar(b, c), naive_mcnemar(b, c), 1e-12);
	assert_near(significance_mcnemar(0, 10), 2 * pow(0.5, 10), 1e-15);
	assert_true(significance_mcnemar(4000, 4400) < 1e-4);
}

TEST(holm_steps_down)
{
	/* Sorted .005 .01 .03 .04, times 4 3 2 1, never falling. */
	double p[6] = {.01, .04, NAN, .03, .005, 1}, out[6];

	significance_holm(6, p, out);
	assert_near(out[4], .025, 1e-12);
	assert_near(out[0], .04, 1e-12);
	assert_near(out[3], .09, 1e-12);
	assert_near(out[1], .09, 1e-12);
	assert_near(out[5], 1, 1e-12);
	assert_true(isnan(out[2]));
}

TEST(p_values_of_draws_count_the_lesser_side)
{
	double d[99];

	for (size_t i = 0; i < 99; i++)
		d[i] = i < 4 ? -1 : 1;
	assert_near(significance_of_draws(d, 99, 1, 0), 2 * 5.0 / 100, 1e-12);
	for (size_t i = 0; i < 99; i++)
		d[i] = 0;
	assert_near(significance_of_draws(d, 99, 1, 0), 1, 1e-12);
	assert_true(isnan(significance_of_draws(d, 19, 1, 0)));
}

/* Labels of M models on n questions: of kind q % 2, on which half of the models are right with
 * probability `skilled`, the others with `other`. Returns the mean surplus. */
static double surplus_of(size_t n, size_t M, double skilled, double other, double *oracle)
{
	float *score = mem_floats(n * M), *surplus = mem_floats(n);
	uint8_t *part = mem_array(n, sizeof(*part));
	uint32_t *benchmark = mem_zero_array(n, sizeof(*benchmark)), *test;
	struct dataset d = {.n_models = M,
	    .n_questions = n,
	    .n_benchmarks = 1,
	    .score = score,
	    .benchmark = benchmark,
	    .part = part};
	struct baseline rates;
	double sum = 0;
	size_t k;
	struct rng g;

	rng_init(&g, 11, 0);
	*oracle = 0;
	for (size_t q = 0; q < n; q++) {
		size_t kind = rng_below(&g, 2);

		part[q] = q < n / 2 ? PART_TRAIN : PART_TEST;
		for (size_t m = 0; m < M; m++)
			score[q * M + m] = (double)rng_below(&g, 1000000) / 1e6 <
					   (m % 2 == kind ? skilled : other);
	}
	test = dataset_part(&d, PART_TEST, &k);
	rates = baseline_fit(&d);
	attainable_surplus(&d, &rates, test, k, surplus);
	for (size_t i = 0; i < k; i++) {
		float top = 0;

		for (size_t m = 0; m < M; m++)
			top = fmaxf(top, score[test[i] * M + m]);
		sum += (double)surplus[i] / (double)k;
		*oracle += (double)top / (double)k;
	}
	baseline_free(&rates);
	mem_free(test);
	mem_free(score);
	mem_free(surplus);
	mem_free(part);
	mem_free(benchmark);
	return sum;
}

TEST(an_oracle_of_guessers_attains_nothing)
{
	double oracle, surplus = surplus_of(4000, 16, .5, .5, &oracle);

	/* Luck alone: the oracle is right for all, and no choice is better than another. */
	assert_true(oracle > .999);
	assert_near(surplus, 0, .02);
}

TEST(an_oracle_of_specialists_attains_their_skill)
{
	double oracle, surplus = surplus_of(4000, 16, .9, .1, &oracle);

	/* A single model is right for half, the right kind for .9. */
	assert_true(oracle > .999);
	assert_near(surplus, .4, .04);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(heights_of_cost_curves_are_means_over_all_costs),
	    cmocka_unit_test(a_hull_worked_by_hand),
	    cmocka_unit_test(mcnemar_counts_all_ways_the_coins_can_fall),
	    cmocka_unit_test(holm_steps_down),
	    cmocka_unit_test(p_values_of_draws_count_the_lesser_side),
	    cmocka_unit_test(an_oracle_of_guessers_attains_nothing),
	    cmocka_unit_test(an_oracle_of_specialists_attains_their_skill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
