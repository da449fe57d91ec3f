/* The data doctor finds what was planted, each in a world that is sound but for that, and nothing in
 * sound ones. */
#include "test.h"

#include "help.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/part.h"
#include "base/rng.h"
#include "task/atlas.h"
#include "task/data_doctor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { M = 40, B = 4, Q = 400 };

struct world {
	struct atlas a;
	float score[Q * M];
	uint32_t benchmark[Q];
	uint8_t part[Q];
	struct catalog_question questions[Q];
	struct catalog_model models[M];
	struct catalog_benchmark benchmarks[B];
	char text[Q][160], name[M][16];
	double seen[M * B], right[M * B];
};

static double sigmoid(double z)
{
	return 1 / (1 + exp(-z));
}

/* A text of fourteen made-up words. */
static void make_text(struct rng *r, char *out, size_t size)
{
	size_t n = 0;

	for (int w = 0; w < 14; w++)
		n += (size_t)snprintf(
		    out + n, size - n, "%sw%u", w ? " " : "", (unsigned)rng_below(r, 500));
}

/* A Rasch world whose questions discriminate more or less, none of them against the grain. */
static struct world *make_world(uint64_t seed)
{
	struct world *w = mem_zero_array(1, sizeof(*w));
	double ability[M];
	struct rng r;

	rng_init(&r, seed, 0);
	for (int m = 0; m < M; m++) {
		ability[m] = rng_normal(&r);
		snprintf(w->name[m], sizeof(w->name[m]), "m%02d", m);
		w->models[m] = (struct catalog_model){.id = m + 1, .name = w->name[m]};
	}
	for (int b = 0; b < B; b++)
		w->benchmarks[b] = (struct catalog_benchmark){b + 1, b % 2 ? "odd" : "even", Q / B};
	for (int q = 0; q < Q; q++) {
		double slope = rng_uniform(&r) * 1.5, hard = rng_normal(&r);

		w->benchmark[q] = (uint32_t)(q % B);
		w->part[q] = q % 5 ? PART_TRAIN : PART_TEST;
		make_text(&r, w->text[q], sizeof(w->text[q]));
		w->questions[q] = (struct catalog_question){
		    q + 1, w->benchmark[q], w->text[q], strlen(w->text[q])};
		for (int m = 0; m < M; m++)
			w->score[q * M + m] = rng_below(&r, 10) == 0 ? NAN
					      : rng_uniform(&r) < sigmoid(slope * ability[m] - hard)
						  ? 1
						  : 0;
	}
	w->a.data = (struct dataset){.n_models = M,
	    .n_questions = Q,
	    .n_benchmarks = B,
	    .score = w->score,
	    .part = w->part,
	    .benchmark = w->benchmark};
	w->a.questions = w->questions;
	w->a.catalog = (struct catalog){.n_models = M,
	    .n_benchmarks = B,
	    .n_questions = Q,
	    .models = w->models,
	    .benchmarks = w->benchmarks,
	    .seen = w->seen,
	    .right = w->right};
	return w;
}

static void look(struct world *w, struct data_doctor *d)
{
	struct err e = ERR_INIT;

	memset(w->seen, 0, sizeof(w->seen));
	memset(w->right, 0, sizeof(w->right));
	for (int i = 0; i < Q * M; i++) {
		size_t cell = (size_t)(i % M) * B + w->benchmark[i / M];

		w->seen[cell] += !isnan(w->score[i]);
		w->right[cell] += isnan(w->score[i]) ? 0 : (double)w->score[i];
	}
	for (int q = 0; q < Q; q++)
		w->questions[q].len = strlen(w->text[q]);
	if (!task_data_doctor(NULL, &w->a, NULL, d, &e))
		fail_msg("%s", e.msg);
}

/* The number found by a check, all others but `also` being silent. */
static void expect_only(const struct data_doctor *d, enum data_check check, size_t n, int also)
{
	for (int c = 0; c < DATA_CHECKS; c++)
		if (c == (int)check)
			assert_int_equal(d->v[c].n, n);
		else if (c != also && d->v[c].n)
			fail_msg("%s: %zu", d->v[c].check, d->v[c].n);
}

static const struct data_example *first_of(const struct data_doctor *d, enum data_check check)
{
	for (size_t i = 0; i < d->n_examples; i++)
		if (d->examples[i].check == check)
			return &d->examples[i];
	return NULL;
}

/* 60 worlds and ten checks at 1 %, most of them conservative: more than 12 would be a chance of .01 even
 * if none were. */
TEST(sound_worlds_have_no_findings)
{
	size_t found = 0;

	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct world *w = make_world(seed);
		struct data_doctor d;

		look(w, &d);
		found += d.found;
		data_doctor_clear(&d);
		mem_free(w);
	}
	assert_true(found <= 2);
}

TEST(repeated_prompts)
{
	struct world *w = make_world(1);
	struct data_doctor d;

	/* Capitals and spaces make no other text; both are in the training part. */
	snprintf(w->text[2], sizeof(w->text[2]), "  %.150s ", w->text[1]);
	w->text[2][2] = 'W';
	look(w, &d);
	expect_only(&d, DATA_REPEATED, 1, -1);
	assert_int_equal(first_of(&d, DATA_REPEATED)->question, 2);
	data_doctor_clear(&d);
	mem_free(w);
}

TEST(near_duplicates_across_parts)
{
	struct world *w = make_world(2);
	struct data_doctor d;

	/* Question 0 is of the test part, 1 of training: one word at the end is another. Question 7 is like
	 * 8, both of training: no leak. */
	snprintf(w->text[0], sizeof(w->text[0]), "%.150s tail", w->text[1]);
	snprintf(w->text[7], sizeof(w->text[7]), "%.150s tail", w->text[8]);
	look(w, &d);
	expect_only(&d, DATA_LEAK, 1, -1);
	assert_int_equal(first_of(&d, DATA_LEAK)->question, 1);
	assert_int_equal(d.v[DATA_LEAK].of, Q / 5);
	data_doctor_clear(&d);
	mem_free(w);
}

TEST(identical_answer_sheets)
{
	struct world *w = make_world(3);
	struct data_doctor d;

	for (int q = 0; q < Q; q++)
		w->score[q * M + 7] = w->score[q * M + 3];
	w->score[3 * M + 7] = isnan(w->score[3 * M + 3]) ? NAN : 1 - w->score[3 * M + 3];
	look(w, &d);
	expect_only(&d, DATA_COPIES, 1, -1);
	assert_int_equal(first_of(&d, DATA_COPIES)->model, 4);
	data_doctor_clear(&d);
	mem_free(w);
}

/* Two models that know next to everything agree, and are no copies for it. */
TEST(the_best_are_no_copies)
{
	struct world *w = make_world(4);
	struct data_doctor d;

	for (int q = 0; q < Q; q++)
		for (int m = 5; m < 8; m++)
			w->score[q * M + m] = q == m * 20 ? 0 : 1;
	look(w, &d);
	assert_int_equal(d.v[DATA_COPIES].n, 0);
	data_doctor_clear(&d);
	mem_free(w);
}

TEST(ceiling_and_floor)
{
	struct world *w = make_world(5);
	struct data_doctor d;
	struct rng r;

	rng_init(&r, 5, 5);
	for (int i = 0; i < Q * M; i++) {
		if (w->benchmark[i / M] == 1)
			w->score[i] = rng_below(&r, 1000) ? 1 : 0;
		if (w->benchmark[i / M] == 2)
			w->score[i] = rng_below(&r, 1000) ? 0 : 1;
	}
	look(w, &d);
	expect_only(&d, DATA_CEILING, 1, DATA_FLOOR);
	expect_only(&d, DATA_FLOOR, 1, DATA_CEILING);
	data_doctor_clear(&d);
	mem_free(w);
}

/* Keys of five questions that tell models apart well are turned round. */
TEST(wrong_keys)
{
	struct world *w = make_world(6);
	double ability[M] = {0};
	struct data_doctor d;
	struct rng r;

	rng_init(&r, 6, 6);
	for (int i = 0; i < Q * M; i++)
		ability[i % M] += isnan(w->score[i]) ? 0 : (double)w->score[i] / Q;
	for (int q = 10; q < 15; q++)
		for (int m = 0; m < M; m++)
			w->score[q * M + m] =
			    rng_uniform(&r) < sigmoid(-25 * (ability[m] - 0.42)) ? 1 : 0;
	look(w, &d);
	assert_true(d.v[DATA_NEGATIVE].n >= 4 && d.v[DATA_NEGATIVE].n <= 5);
	assert_true(d.v[DATA_WRONG_KEY].n >= 4);
	expect_only(&d, DATA_NEGATIVE, d.v[DATA_NEGATIVE].n, DATA_WRONG_KEY);
	for (size_t i = 0; i < d.n_examples; i++)
		assert_true(d.examples[i].question > 10 && d.examples[i].question <= 15);
	data_doctor_clear(&d);
	mem_free(w);
}

TEST(inverted_model)
{
	struct world *w = make_world(7);
	struct data_doctor d;

	for (int q = 0; q < Q; q++)
		w->score[q * M + 11] = 1 - w->score[q * M + 11];
	look(w, &d);
	expect_only(&d, DATA_FLIPPED_MODEL, 1, -1);
	assert_int_equal(first_of(&d, DATA_FLIPPED_MODEL)->model, 12);
	data_doctor_clear(&d);
	mem_free(w);
}

TEST(inverted_benchmark)
{
	struct world *w = make_world(8);
	struct data_doctor d;

	for (int i = 0; i < Q * M; i++)
		if (w->benchmark[i / M] == 3)
			w->score[i] = 1 - w->score[i];
	look(w, &d);
	/* Its questions one by one go against the grain as well. */
	assert_int_equal(d.v[DATA_FLIPPED_BENCHMARK].n, 1);
	assert_int_equal(d.v[DATA_FLIPPED_MODEL].n, 0);
	assert_int_equal(d.v[DATA_COPIES].n, 0);
	assert_non_null(strstr(first_of(&d, DATA_FLIPPED_BENCHMARK)->says, "odd"));
	data_doctor_clear(&d);
	mem_free(w);
}

TEST(an_empty_table_has_none)
{
	struct atlas a = {.run = 0};
	struct data_doctor d;
	struct err e = ERR_INIT;

	assert_true(task_data_doctor(NULL, &a, NULL, &d, &e));
	assert_int_equal(d.found, 0);
	data_doctor_clear(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sound_worlds_have_no_findings),
	    cmocka_unit_test(repeated_prompts),
	    cmocka_unit_test(near_duplicates_across_parts),
	    cmocka_unit_test(identical_answer_sheets),
	    cmocka_unit_test(the_best_are_no_copies),
	    cmocka_unit_test(ceiling_and_floor),
	    cmocka_unit_test(wrong_keys),
	    cmocka_unit_test(inverted_model),
	    cmocka_unit_test(inverted_benchmark),
	    cmocka_unit_test(an_empty_table_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
