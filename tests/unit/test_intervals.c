/* The 90 % interval beside a routed model: on the test part, pooled over models and deciles of a
 * model's probability, the observed share of right answers lies within the mean interval 85 to 95 %
 * of the time. All through the tasks, as `embedllm route` gives it.
 *
 * All models answer the same test questions, so that their cells hold or fail together: one split
 * alone gives from .83 to .95 on tables as small as these. Five are pooled; in the short suite one
 * is looked at, with a wider bound. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "task/atlas.h"
#include "task/demo.h"
#include "task/import.h"
#include "task/route.h"
#include "task/session.h"
#include "task/split.h"
#include "task/train.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECILES = 10, SEEDS = 5 };

struct answer {
	double p, low, high, label;
};

static int by_p(const void *a, const void *b)
{
	double x = ((const struct answer *)a)->p, y = ((const struct answer *)b)->p;

	return (x > y) - (x < y);
}

/* Of n answers of one model: how many of its deciles hold the observed share. */
static double deciles_held(struct answer *v, size_t n)
{
	double held = 0;

	qsort(v, n, sizeof(*v), by_p);
	for (size_t d = 0; d < DECILES; d++) {
		size_t from = d * n / DECILES, to = (d + 1) * n / DECILES;
		double low = 0, high = 0, right = 0;

		for (size_t i = from; i < to; i++) {
			low += v[i].low;
			high += v[i].high;
			right += v[i].label;
		}
		held += right >= low && right <= high;
	}
	return held / DECILES;
}

/* Share of cells that hold on the test part of the run in use. Models that answered less than half
 * of it are left out: their deciles are not the tenths of the part that the interval is for. */
static double coverage(struct db *db)
{
	struct err e = ERR_INIT;
	struct atlas *a = atlas_open(db, 0, NULL, NULL, &e);
	struct route_options o;
	struct answer *v;
	uint32_t *test;
	size_t n, M, *count, models = 0;
	double held = 0;

	if (!a)
		fail_msg("%s", e.msg);
	M = a->catalog.n_models;
	test = dataset_part(&a->data, PART_TEST, &n);
	assert_true(n >= 100);
	v = mem_array(M * n, sizeof(*v));
	count = mem_zero_array(M, sizeof(*count));
	route_options_default(&o);
	o.evidence = 0;
	for (size_t i = 0; i < n; i++) {
		struct route r;

		if (!task_route(a, a->questions[test[i]].text, &o, &r, &e))
			fail_msg("%s", e.msg);
		for (size_t k = 0; k < r.n; k++) {
			const struct route_candidate *c = &r.v[k];
			float label = a->data.score[(size_t)test[i] * M + c->model];

			assert_true(c->low <= c->p && c->p <= c->high);
			if (!isnan(label))
				v[c->model * n + count[c->model]++] =
				    (struct answer){c->p, c->low, c->high, (double)label};
		}
		route_clear(&r);
	}
	for (size_t m = 0; m < M; m++)
		if (2 * count[m] >= n) {
			held += deciles_held(v + m * n, count[m]);
			models++;
		}
	assert_true(models > 0);
	mem_free(test);
	mem_free(count);
	mem_free(v);
	atlas_free(a);
	return held / (double)models;
}

static void train(struct db *db)
{
	struct train_options o;
	struct train_watch w = {0};
	struct train_result r;
	struct err e = ERR_INIT;

	train_options_default(&o);
	if (!task_train(db, &o, &w, &r, &e))
		fail_msg("%s", e.msg);
}

/* Trains, and closes the database. */
static double trained_coverage(struct db *db)
{
	double c;

	train(db);
	c = coverage(db);
	session_close(db);
	return c;
}

static size_t n_seeds(void)
{
	return help_is_long() ? SEEDS : 1;
}

static void check(const char *name, const double held[SEEDS])
{
	const size_t seeds = n_seeds();
	const double low = seeds == SEEDS ? 0.85 : 0.80, high = seeds == SEEDS ? 0.95 : 0.98;
	double mean = 0;

	for (size_t i = 0; i < seeds; i++) {
		print_message(
		    "# %s, seed %zu: %.1f %% of the cells hold\n", name, i, 100 * held[i]);
		mean += held[i] / (double)seeds;
	}
	if (!(mean >= low && mean <= high))
		fail_msg("%s: coverage %.3f is not within %.2f to %.2f", name, mean, low, high);
}

TEST(demo_worlds)
{
	double held[SEEDS];

	for (size_t i = 0; i < n_seeds(); i++) {
		struct err e = ERR_INIT;
		struct db *db = session_open(":memory:", SESSION_CREATE, &e);
		struct demo_options o;
		struct response_report report;
		struct arena a = ARENA_INIT;

		demo_options_default(&o);
		o.seed = i;
		if (!db || !task_demo(db, &o, NULL, &a, &report, &e))
			fail_msg("%s", e.msg);
		arena_clear(&a);
		held[i] = trained_coverage(db);
	}
	check("demo", held);
}

TEST(splits_of_zeroeval)
{
	const char *data = getenv("EMBEDLLM_TEST_DATA");
	char *path = mem_printf("%s/zeroeval.csv.gz", data ? data : ".");
	const char *paths[] = {path};
	double held[SEEDS];

	if (!file_exists(path)) {
		mem_free(path);
		skip();
	}
	for (size_t i = 0; i < n_seeds(); i++) {
		struct err e = ERR_INIT;
		struct db *db = session_open(":memory:", SESSION_CREATE, &e);
		struct import_options import;
		struct split_options o;
		struct arena a = ARENA_INIT;
		struct split s;

		import_options_default(&import);
		split_options_default(&o);
		o.seed = i;
		if (!db || !task_import(db, paths, 1, &import, NULL, &e) ||
		    !task_split(db, &o, &a, &s, &e))
			fail_msg("%s", e.msg);
		arena_clear(&a);
		held[i] = trained_coverage(db);
	}
	mem_free(path);
	check("zeroeval", held);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(demo_worlds),
	    cmocka_unit_test(splits_of_zeroeval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
