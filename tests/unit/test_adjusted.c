/* Accuracies where models answered different questions: planted abilities are found again. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/additive.h"
#include "task/adjusted.h"
#include "task/atlas.h"

#include <stdlib.h>

static double sigmoid(double z)
{
	return 1 / (1 + exp(-z));
}

/* Ability plus ease plus a deviation of each cell, half of the table holes. */
TEST(ability_and_ease_are_found_again)
{
	enum { M = 60, B = 12, N = 400 };
	double ability[M], ease[B], right[M * B], seen[M * B], error = 0;
	struct additive a;
	struct rng r;

	rng_init(&r, 7, 0);
	for (int m = 0; m < M; m++)
		ability[m] = rng_normal(&r);
	for (int b = 0; b < B; b++)
		ease[b] = rng_normal(&r);
	for (int i = 0; i < M * B; i++) {
		double p = sigmoid(ability[i / B] + ease[i % B] + 0.4 * rng_normal(&r));

		seen[i] = rng_below(&r, 2) ? N : 0;
		right[i] = 0;
		for (int k = 0; k < (int)seen[i]; k++)
			right[i] += rng_uniform(&r) < p;
	}
	a = additive_fit(M, B, right, seen);
	assert_near(a.sd, 0.4, 0.08);
	for (int m = 1; m < M; m++)
		error += pow((a.ability[m] - a.ability[0]) - (ability[m] - ability[0]), 2) / M;
	/* Each ability is the mean of some six cells: .4 / sqrt(6) of error, twice. */
	assert_true(sqrt(error) < 0.4);
	additive_free(&a);
}

TEST(a_table_of_one_benchmark_tells_no_deviation)
{
	double right[3] = {1, 5, 9}, seen[3] = {10, 10, 10};
	struct additive a = additive_fit(3, 1, right, seen);

	assert_true(isnan(a.sd));
	assert_true(a.ability[0] < a.ability[1] && a.ability[1] < a.ability[2]);
	additive_free(&a);
}

/* A world of M models and B benchmarks, each harder than the one before; every third model lacks the
 * hard half. The "run" forecasts every model's rate on what it answered, whatever the question: what a
 * factorisation does that never saw the model fail. */
enum { M = 30, B = 6, EACH = 120, Q = B * EACH };

struct world {
	struct atlas a;
	float *score, *enc;
	uint32_t *benchmark;
	bool *encoded, *in_run;
	double truth[M]; /* accuracy on all questions, as drawn */
};

static bool lacks(int m, int b)
{
	return m % 3 == 0 && b >= B / 2;
}

static void make_world(struct world *w, uint64_t seed, bool holes)
{
	double ability[M], ease[B], off[M * B];
	struct rng r;

	*w = (struct world){.score = mem_floats(Q * M), .enc = mem_floats(Q)};
	w->benchmark = mem_array(Q, sizeof(*w->benchmark));
	w->encoded = mem_array(Q, sizeof(bool));
	w->in_run = mem_array(M, sizeof(bool));
	rng_init(&r, seed, 0);
	for (int m = 0; m < M; m++)
		ability[m] = 0.8 * rng_normal(&r);
	for (int b = 0; b < B; b++)
		ease[b] = 2 - 0.8 * b;
	for (int i = 0; i < M * B; i++)
		off[i] = 0.3 * rng_normal(&r);
	for (int q = 0; q < Q; q++) {
		double hard = rng_normal(&r);
		int b = q / EACH;

		w->benchmark[q] = (uint32_t)b;
		w->encoded[q] = true;
		w->enc[q] = 1;
		for (int m = 0; m < M; m++) {
			double p = sigmoid(ability[m] + ease[b] + off[m * B + b] + hard);
			float y = rng_uniform(&r) < p ? 1 : 0;

			w->truth[m] += (double)y / Q;
			w->score[q * M + m] = holes && lacks(m, b) ? NAN : y;
		}
	}
	w->a.data = (struct dataset){.n_models = M,
	    .n_questions = Q,
	    .n_benchmarks = B,
	    .dims = 1,
	    .score = w->score,
	    .enc = w->enc,
	    .benchmark = w->benchmark};
	w->a.catalog.n_models = M;
	w->a.run = 1;
	w->a.encoded = w->encoded;
	w->a.trained.method = &method_mf;
	w->a.trained.in_run = w->in_run;
	w->a.has_vector = w->in_run;
	w->a.trained.calibration = (struct calibration){.a = 1};
	w->a.trained.mf = mf_new(M, 1, 1);
	w->a.trained.mf.a0[0] = w->a.trained.mf.w[0] = 1;
	for (int m = 0; m < M; m++) {
		w->in_run[m] = true;
		w->a.trained.mf.p[m] = (float)(ability[m] + 1.2);
	}
}

static void clear_world(struct world *w)
{
	mf_free(&w->a.trained.mf);
	mem_free(w->score);
	mem_free(w->enc);
	mem_free(w->benchmark);
	mem_free(w->encoded);
	mem_free(w->in_run);
}

TEST(a_model_that_answered_easy_benchmarks_is_not_better_for_it)
{
	double error = 0, raw_error = 0, inside = 0, n = 0;

	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct arena arena = ARENA_INIT;
		struct adjusted v;
		struct world w;

		make_world(&w, seed, true);
		task_adjusted(&w.a, &arena, &v);
		assert_int_equal(v.n, M);
		for (int m = 0; m < M; m += 3) {
			double raw = 0;

			for (int q = 0; q < Q / 2; q++)
				raw += (double)w.score[q * M + m] / (Q / 2);
			assert_near(v.v[m].foretold, 0.5, 1e-9);
			error += fabs(v.v[m].value - w.truth[m]);
			raw_error += fabs(raw - w.truth[m]);
			inside += v.v[m].low <= w.truth[m] && w.truth[m] <= v.v[m].high;
			n++;
		}
		/* Whoever answered everything has what it has. */
		assert_near(v.v[1].value, w.truth[1], 1e-6);
		assert_near(v.v[1].foretold, 0, 0);
		arena_clear(&arena);
		clear_world(&w);
	}
	assert_true(raw_error / n > 0.15);
	assert_true(error / n < 0.06);
	/* 95 % intervals, of 80 models: below 90 % would be three standard errors off. */
	assert_true(inside / n >= 0.88);
}

/* The interval of a complete table is that of a share of as many questions; ranks hold the truth's. */
TEST(complete_tables_have_the_usual_interval)
{
	struct arena arena = ARENA_INIT;
	struct adjusted v;
	struct world w;

	make_world(&w, 3, false);
	task_adjusted(&w.a, &arena, &v);
	for (int m = 0; m < M; m++) {
		double p = w.truth[m], half = 1.96 * sqrt(p * (1 - p) / Q);
		uint32_t rank = 1;

		for (int k = 0; k < M; k++)
			rank += w.truth[k] > p + 1e-9;
		assert_near(v.v[m].value, p, 1e-6);
		/* 400 draws: the sd of a half-width is about 5 %. */
		assert_near((v.v[m].high - v.v[m].low) / 2, half, 0.2 * half);
		assert_true(v.v[m].rank_low <= rank && rank <= v.v[m].rank_high);
		assert_true(v.v[m].rank_high - v.v[m].rank_low < M / 2);
	}
	arena_clear(&arena);
	clear_world(&w);
}

TEST(a_model_the_run_does_not_know_has_no_value_where_it_lacks_answers)
{
	struct arena arena = ARENA_INIT;
	struct adjusted v;
	struct world w;

	make_world(&w, 4, true);
	w.in_run[0] = w.in_run[1] = false;
	task_adjusted(&w.a, &arena, &v);
	assert_true(isnan(v.v[0].value));
	assert_int_equal(v.v[0].rank_low, 0);
	assert_near(v.v[1].value, w.truth[1], 1e-6);
	arena_clear(&arena);
	clear_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ability_and_ease_are_found_again),
	    cmocka_unit_test(a_table_of_one_benchmark_tells_no_deviation),
	    cmocka_unit_test(a_model_that_answered_easy_benchmarks_is_not_better_for_it),
	    cmocka_unit_test(complete_tables_have_the_usual_interval),
	    cmocka_unit_test(a_model_the_run_does_not_know_has_no_value_where_it_lacks_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
