/* What rows say besides their labels: kept, moved, summed up, and taken out with them. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/model.h"
#include "store/response.h"
#include "store/staging.h"
#include "store/stmt.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MODELS = 5, ROWS = 160 };
enum { PRICE_IN = 2, PRICE_OUT = 5 }; /* dollars per million tokens */

static double cost_of(int i)
{
	return (PRICE_IN * (100 + i * 7 % 50) + PRICE_OUT * (10 + i * 11 % 30)) * 1e-6;
}

static uint32_t find_item(struct staging *s, int question)
{
	char text[16];
	uint32_t item;

	snprintf(text, sizeof(text), "q%d", question);
	assert_int_equal(
	    staging_item(s,
		&(struct staging_listing){
		    .category = "b", .category_len = 1, .text = text, .text_len = strlen(text)},
		&item),
	    STAGING_OK);
	return item;
}

/* Rows of few models and questions, so that there are repeats; every third says what it cost. */
static void bring(struct db *db)
{
	struct response_report report;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct staging s;

	staging_init(&s, "file", "test");
	for (int i = 0; i < ROWS; i++) {
		char name[16];
		uint32_t id;

		snprintf(name, sizeof(name), "org/m%d", i * i % 23 % MODELS);
		assert_true(staging_model(&s, name, strlen(name), NULL, &id));
		staging_row(&s, find_item(&s, i % 13), id, i % 2);
		if (i % 3 == 0)
			staging_usage(&s, &(struct response_usage){.trials = (uint32_t)i % 4,
					      .cost = cost_of(i),
					      .tokens_in = 100 + i * 7 % 50,
					      .tokens_out = 10 + i * 11 % 30,
					      .seconds = NAN});
		staging_set(&s, id, "b", "shots", "5");
	}
	for (uint32_t m = 0; m < s.n_models; m++)
		staging_claim(&s, m,
		    &(struct response_claim){.task = "b",
			.metric = "acc",
			.source = "results.json",
			.claimed_rows = m ? NAN : 12,
			.claimed_mean = .25,
			.rows = 8,
			.mean = m ? NAN : .25,
			.verdict = m ? CLAIM_MISMATCH : CLAIM_PART});
	staging_remark(&s, REMARK_CHOICE, "said");
	staging_remark(&s, REMARK_CHOICE, "said");
	if (!response_import(db, &s, NULL, NAN, false, NULL, &a, &report, &e))
		fail_msg("%s", e.msg);
	staging_clear(&s);
	arena_clear(&a);
}

static int64_t count(struct db *db, const char *sql)
{
	struct err e = ERR_INIT;
	int64_t n;

	if (!stmt_int(db, sql, 0, 0, 0, &n, &e))
		fail_msg("%s", e.msg);
	return n;
}

static bool sum_usage(void *arg, const struct response_line *l, struct err *e)
{
	double *sum = arg;

	(void)e;
	sum[0] += isnan(l->usage.cost) ? 0 : l->usage.cost;
	sum[1] += l->usage.trials;
	assert_true(isnan(l->usage.seconds));
	return true;
}

/* What rows say besides their labels is kept, moved, summed up and taken out with them. */
TEST(usage)
{
	struct db *db = help_db();
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct response_undone u;
	struct response_import_row *imports;
	struct catalog c;
	double sum[2] = {0}, cost = 0, trials = 0;
	bool found;
	size_t n, models_there;

	bring(db);
	models_there = (size_t)count(db, "SELECT count(*) FROM model");
	assert_int_equal(count(db, "SELECT count(*) FROM usage"), (ROWS + 2) / 3);
	for (int i = 0; i < ROWS; i += 3) {
		cost += cost_of(i);
		trials += i % 4;
	}
	assert_true(response_read(db, PART_NONE, sum_usage, sum, &e));
	assert_true(fabs(sum[0] - cost) < 1e-12 && sum[1] == trials);
	assert_true(model_merge(db, "org/m1", "org/m3", &found, &e) && found);
	sum[0] = sum[1] = 0;
	assert_true(response_read(db, PART_NONE, sum_usage, sum, &e));
	assert_true(fabs(sum[0] - cost) < 1e-12 && sum[1] == trials);
	help_assert_sound(db);
	/* Costs and tokens determine the prices; what the user sets goes before. */
	assert_true(model_set(db, "org/m0", NULL, 0, 9, NAN, &found, &e) && found);
	assert_true(catalog_load(db, &a, &c, &e));
	for (size_t m = 0; m < c.n_models; m++) {
		bool set = !strcmp(c.models[m].name, "org/m0");

		assert_true(fabs(c.models[m].price_in - (set ? 9 : PRICE_IN)) < 1e-6);
		assert_true(fabs(c.models[m].price_out - PRICE_OUT) < 1e-6);
		assert_true(c.models[m].tokens_in >= 100 && c.models[m].tokens_in < 150);
	}
	assert_true(response_list_imports(db, &a, &imports, &n, &e) && n == 1);
	assert_int_equal(imports[0].n_remarks, 1);
	assert_string_equal(imports[0].remarks[0].text, "said");
	/* A figure goes with its model, into another one or away. */
	assert_int_equal(imports[0].n_claims, models_there);
	assert_string_equal(imports[0].claims[0].model, "org/m0");
	assert_true(imports[0].claims[0].claimed_rows == 12 && imports[0].claims[0].mean == .25);
	assert_int_equal(imports[0].claims[0].verdict, CLAIM_PART);
	assert_true(isnan(imports[0].claims[1].claimed_rows) && isnan(imports[0].claims[1].mean));
	assert_int_equal(count(db, "SELECT count(*) FROM claim c JOIN model m ON m.id = c.model "
				   "WHERE m.name = 'org/m3'"),
	    2);
	assert_true(model_delete(db, "org/m3", &found, &e) && found);
	help_assert_sound(db);
	assert_true(response_undo(db, 1, &u, &e));
	assert_int_equal(count(db, "SELECT count(*) FROM usage"), 0);
	assert_int_equal(count(db, "SELECT count(*) FROM model_usage"), 0);
	assert_int_equal(count(db, "SELECT count(*) FROM setting"), 0);
	assert_int_equal(count(db, "SELECT count(*) FROM remark"), 0);
	assert_int_equal(count(db, "SELECT count(*) FROM claim"), 0);
	arena_clear(&a);
	db_close(db);
}

/* Tokens of one kind for every row determine no price; nor do costs that are none of theirs. */
TEST(prices_that_are_not_determined)
{
	static const double rows[][3] = {{100, 10, 1}, {200, 20, 2}, {300, 30, 3}, {100, 10, 1}};
	static const double odd[][3] = {{100, 10, 1}, {200, 5, 40}, {300, 90, 2}, {120, 30, 9}};

	for (int k = 0; k < 2; k++) {
		struct db *db = help_db();
		struct arena a = ARENA_INIT;
		struct err e = ERR_INIT;
		struct response_report report;
		struct staging s;
		struct catalog c;

		staging_init(&s, "file", "test");
		for (int i = 0; i < 4; i++) {
			const double *v = k ? odd[i] : rows[i];
			uint32_t id;

			assert_true(staging_model(&s, "m", 1, NULL, &id));
			staging_row(&s, find_item(&s, i), id, 1);
			staging_usage(&s, &(struct response_usage){.cost = v[2],
					      .tokens_in = v[0],
					      .tokens_out = v[1],
					      .seconds = NAN});
		}
		assert_true(response_import(db, &s, NULL, NAN, false, NULL, &a, &report, &e));
		assert_true(catalog_load(db, &a, &c, &e));
		assert_true(isnan(c.models[0].price_in) && isnan(c.models[0].price_out));
		assert_true(!isnan(c.models[0].tokens_in));
		staging_clear(&s);
		arena_clear(&a);
		db_close(db);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(usage),
	    cmocka_unit_test(prices_that_are_not_determined),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
