/* What an atlas shares with the one before, and that it is as good as read anew. The database is
 * that of tests/cli/older.sh: two runs by one encoder. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "store/db.h"
#include "store/label.h"
#include "task/atlas.h"

#include <string.h>

static struct db *open_copy(void)
{
	char *path = help_source("tests/golden/older.db.gz");
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	struct db *db;

	assert_true(stream_read_all(path, &b, &e));
	help_write("copy.db", b.s, b.len);
	buf_clear(&b);
	mem_free(path);
	db = db_open("copy.db", DB_WRITE, &e);
	if (!db)
		fail_msg("%s", e.msg);
	return db;
}

static struct atlas *open_atlas(struct db *db, int64_t run, const struct atlas *known)
{
	struct err e = ERR_INIT;
	struct atlas *a = atlas_open(db, run, known, NULL, &e);

	if (!a)
		fail_msg("%s", e.msg);
	return a;
}

TEST(another_run_shares_labels_and_encodings)
{
	struct db *db = open_copy();
	struct atlas *first = open_atlas(db, 1, NULL), *second = open_atlas(db, 2, first);
	struct atlas *anew = open_atlas(db, 2, NULL);
	size_t n = anew->data.n_questions * anew->data.n_models;
	float *p = mem_floats(n), *q = mem_floats(n);

	assert_ptr_equal(second->data.score, first->data.score);
	assert_ptr_equal(second->data.enc, first->data.enc);
	assert_ptr_not_equal(anew->data.score, first->data.score);
	assert_int_not_equal(second->trained.mf.dim, first->trained.mf.dim);
	atlas_free(first); /* what is shared stays */
	assert_memory_equal(second->data.score, anew->data.score, n * sizeof(float));
	atlas_probability(second, second->data.enc, second->data.n_questions, p);
	atlas_probability(anew, anew->data.enc, anew->data.n_questions, q);
	assert_memory_equal(p, q, n * sizeof(float));
	mem_free(p);
	mem_free(q);
	atlas_free(second);
	atlas_free(anew);
	db_close(db);
}

TEST(other_labels_are_read)
{
	const struct policy policies[] = {{POLICY_MAX, .5}, {POLICY_LAST, .5}, {POLICY_LAST, .4}};
	struct db *db = open_copy();
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++) {
		struct atlas *before = open_atlas(db, 1, NULL), *after, *anew;

		assert_true(label_resolve(db, &policies[i], &e));
		after = open_atlas(db, 1, before);
		anew = open_atlas(db, 1, NULL);
		assert_ptr_not_equal(after->data.score, before->data.score);
		assert_memory_equal(after->data.score, anew->data.score,
		    anew->data.n_questions * anew->data.n_models * sizeof(float));
		atlas_free(before);
		atlas_free(after);
		atlas_free(anew);
	}
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(another_run_shares_labels_and_encodings),
	    cmocka_unit_test(other_labels_are_read),
	};

	return cmocka_run_group_tests(tests, help_enter_folder, help_leave_folder);
}
