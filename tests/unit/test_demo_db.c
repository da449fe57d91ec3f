/* The demo world in a database: an import like any other, described, split, and planted. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/label.h"
#include "store/planted.h"
#include "store/split.h"
#include "task/demo.h"
#include "task/import.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void make(struct db *db, uint64_t seed, struct arena *a)
{
	const struct demo_options o = {.scale = DEMO_SMALL, .seed = seed};
	struct response_report report;
	struct err e = ERR_INIT;

	if (!task_demo(db, &o, NULL, a, &report, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(report.models_new, 60);
	assert_int_equal(report.questions_new, 4000);
	assert_int_equal(report.rows, 240000);
	assert_int_equal(report.conflicts, 0);
}

TEST(world_is_described)
{
	struct arena a = ARENA_INIT;
	struct db *db = help_db();
	struct catalog c;
	struct split split;
	bool found;

	make(db, 0, &a);
	assert_true(catalog_load(db, &a, &c, NULL));
	assert_int_equal(c.n_models, 60);
	assert_int_equal(c.n_benchmarks, 10);
	for (size_t m = 0; m < c.n_models; m++) {
		assert_int_equal(c.models[m].n_tags, 3);
		assert_string_equal(c.models[m].tags[0].key, "family");
		assert_string_equal(c.models[m].tags[1].key, "size");
		assert_string_equal(c.models[m].tags[2].key, "speciality");
		assert_true(c.models[m].price_in > 0);
		assert_non_null(strstr(c.models[m].name, c.models[m].tags[1].value));
	}
	assert_true(split_find(db, &a, NULL, &split, &found, NULL) && found);
	assert_int_equal(split.count[PART_TEST], 800);
	assert_int_equal(split.count[PART_VAL], 400);
	db_close(db);
	arena_clear(&a);
}

/* What is planted foretells the labels: their mean log-loss under the planted probabilities is the
 * mean entropy, within five standard errors (about .0008 each). */
TEST(truth_is_stored)
{
	struct arena a = ARENA_INIT;
	struct db *db = help_db();
	struct catalog_question *q;
	double *models, *questions, loss = 0, entropy = 0, n = 0;
	struct catalog c;
	bool weighted;
	size_t dims;
	float *score;

	make(db, 2, &a);
	assert_true(catalog_load(db, &a, &c, NULL));
	assert_true(catalog_load_questions(db, &c, &a, &q, NULL));
	score = mem_floats(c.n_questions * c.n_models);
	assert_true(label_load(db, &c, q, score, NULL, &weighted, NULL));
	assert_true(planted_load(db, &c, q, &a, &dims, &models, &questions, NULL));
	assert_int_equal(dims, DEMO_DIMS);
	for (size_t i = 0; i < c.n_questions; i++)
		for (size_t m = 0; m < c.n_models; m++, n++) {
			double p = demo_world_probability(models + m * dims, questions + i * dims);

			loss -= log(score[i * c.n_models + m] > 0.5f ? p : 1 - p);
			entropy -= p * log(p) + (1 - p) * log(1 - p);
		}
	assert_true(fabs(loss / n - entropy / n) < 0.005);
	assert_true(entropy / n < 0.6); /* it says something */
	mem_free(score);
	db_close(db);
	arena_clear(&a);
}

TEST(known_again)
{
	const struct demo_options zero = {.seed = 0}, one = {.seed = 1};
	struct arena a = ARENA_INIT;
	struct db *db = help_db();
	bool there, other;

	assert_true(task_demo_there(db, &zero, &there, &other, NULL));
	assert_false(there || other);
	make(db, 0, &a);
	assert_true(task_demo_there(db, &zero, &there, &other, NULL));
	assert_true(there && !other);
	assert_true(task_demo_there(db, &one, &there, &other, NULL));
	assert_true(!there && other);
	db_close(db);
	arena_clear(&a);
}

TEST(nothing_planted_elsewhere)
{
	struct arena a = ARENA_INIT;
	struct db *db = help_db();
	struct catalog_question *q;
	double *models, *questions;
	struct catalog c;
	size_t dims = 7;

	assert_true(catalog_load(db, &a, &c, NULL));
	assert_true(catalog_load_questions(db, &c, &a, &q, NULL));
	assert_true(planted_load(db, &c, q, &a, &dims, &models, &questions, NULL));
	assert_int_equal(dims, 0);
	db_close(db);
	arena_clear(&a);
}

/* The files of the world, imported, are the database of the world. */
TEST(files_import_to_the_same)
{
	const struct demo_options o = {.scale = DEMO_SMALL, .seed = 1};
	struct import_options io;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct demo_files f;
	struct db *db;
	const char *file = "all.csv";
	char *digest[2];

	assert_int_equal(help_enter_folder(NULL), 0);
	assert_true(task_demo_csv(".", &o, NULL, &f, NULL));
	db = help_db();
	import_options_default(&io);
	if (!task_import(db, &file, 1, &io, NULL, &e))
		fail_msg("%s", e.msg);
	digest[0] = help_digest(db);
	db_close(db);
	db = help_db();
	make(db, 1, &a);
	digest[1] = help_digest(db);
	assert_string_equal(digest[0], digest[1]);
	db_close(db);
	assert_int_equal(help_leave_folder(NULL), 0);
	mem_free(digest[0]);
	mem_free(digest[1]);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(world_is_described),
	    cmocka_unit_test(truth_is_stored),
	    cmocka_unit_test(known_again),
	    cmocka_unit_test(nothing_planted_elsewhere),
	    cmocka_unit_test(files_import_to_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
