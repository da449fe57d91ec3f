/* Lists: what is seen after any sequence of typing, sorting and marking is what a plain reading of
 * all rows gives. */
#include "test.h"

#include "base/rng.h"
#include "tui/list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N 3000

enum { NAME, SCORE, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = {"name", "name", "Name", COLUMN_CLIP, .width = 10, .grow = 20},
    [SCORE] = {"share_right", "share", "Score", COLUMN_SHARE, 1, .width = 6},
};

static char names[N][32];
static double scores[N]; /* in percent */

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	(void)t;
	(void)scratch;
	return column == NAME ? value_text(names[row]) : value_real(scores[row] / 100);
}

static const struct table table = {
    .columns = columns, .n_columns = COLUMNS, .value = value, .n = N};

static void make_rows(struct rng *r)
{
	static const char *const part[] = {"alpha", "Beta", "gam", "ma", "x5", "50", "-", "beta"};

	for (size_t i = 0; i < N; i++) {
		snprintf(names[i], sizeof(names[i]), "%s%s%zu", part[rng_below(r, 8)],
		    part[rng_below(r, 8)], i % 97);
		scores[i] = rng_below(r, 10) ? (double)rng_below(r, 1000) / 10 : NAN;
	}
}

/* The rows seen are those that the filter lets through, in the order of the sort. */
static void check(const struct list *l)
{
	size_t passing = 0;

	for (size_t i = 0; i < N; i++)
		passing += !l->filter || list_match(l, l->filter, i);
	assert_int_equal(l->shown, passing);
	for (size_t i = 0; i < l->shown; i++) {
		double a, b;

		assert_true(!l->filter || list_match(l, l->filter, l->order[i]));
		if (i == 0 || l->sort != SCORE)
			continue;
		a = scores[l->order[i - 1]];
		b = scores[l->order[i]];
		assert_true(isnan(b) || (l->reverse ? a >= b : a <= b));
	}
	assert_true(l->shown == 0 ? l->at == 0 : l->at < l->shown);
}

TEST(typing_a_filter_shows_what_reading_all_does)
{
	static const char keys[] = "aBbetm5x0- :>.sco";
	struct rng r;
	struct list l;
	char filter[64] = "";

	rng_init(&r, 7, 0);
	make_rows(&r);
	list_init(&l, &table, NULL, NULL);
	list_rows(&l, N, SIZE_MAX);
	check(&l);
	for (int step = 0; step < 2000; step++) {
		size_t n = strlen(filter), row = list_row(&l);

		switch (rng_below(&r, 8)) {
		case 0:
			list_set_sort(&l, (int)rng_below(&r, COLUMNS + 1) - 1, rng_below(&r, 2));
			break;
		case 1:
		case 2:
			filter[n ? n - 1 : 0] = '\0';
			list_set_filter(&l, filter);
			break;
		case 3:
			snprintf(filter, sizeof(filter), "%s", rng_below(&r, 2) ? "score>" : "be");
			list_set_filter(&l, filter);
			break;
		default:
			if (n > 12)
				n = 0;
			filter[n] = keys[rng_below(&r, sizeof(keys) - 1)];
			filter[n + 1] = '\0';
			list_set_filter(&l, filter);
		}
		/* Now and then the next key comes before the rows are found. */
		if (rng_below(&r, 4))
			list_finish(&l);
		if (!list_waits(&l)) {
			check(&l);
			/* The cursor stays with its row for as long as that is seen. */
			for (size_t i = 0; row != SIZE_MAX && i < l.shown && step % 50 == 0; i++)
				assert_true(l.order[i] != row || list_row(&l) == row || l.at == 0);
		}
	}
	list_clear(&l);
}

TEST(marks_are_of_rows)
{
	struct rng r;
	struct list l;

	rng_init(&r, 8, 0);
	make_rows(&r);
	list_init(&l, &table, NULL, NULL);
	list_rows(&l, N, SIZE_MAX);
	list_mark(&l, 3, true);
	list_mark(&l, 3, true);
	list_mark(&l, N, true);
	assert_int_equal(l.n_marked, 1);
	list_set_sort(&l, SCORE, true);
	list_set_filter(&l, "zzz");
	list_finish(&l);
	assert_int_equal(l.shown, 0);
	assert_true(l.marked[3]);
	list_set_filter(&l, NULL);
	list_finish(&l);
	assert_int_equal(l.shown, N);
	list_mark(&l, 3, false);
	assert_int_equal(l.n_marked, 0);
	list_clear(&l);
}

TEST(a_column_is_compared_as_it_is_shown)
{
	static const struct {
		const char *filter;
		size_t rows;
	} cases[] = {{"score>75", 1}, {"score>75%", 1}, {"score>76", 0}, {"share_r<76%", 1},
	    {"score=75.8", 1}, {"score=75.8%", 1}, {"score=75.9", 0}, {"score>0.5", 1},
	    {"75.8", 1}};
	struct list l;

	for (size_t i = 0; i < N; i++) {
		snprintf(names[i], sizeof(names[i]), "name");
		scores[i] = i ? NAN : 75.8123;
	}
	list_init(&l, &table, NULL, NULL);
	list_rows(&l, N, SIZE_MAX);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		list_set_filter(&l, cases[i].filter);
		list_finish(&l);
		assert_int_equal(l.shown, cases[i].rows);
	}
	list_clear(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(typing_a_filter_shows_what_reading_all_does),
	    cmocka_unit_test(marks_are_of_rows),
	    cmocka_unit_test(a_column_is_compared_as_it_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
