/* Lists: what is seen after any sequence of typing, sorting and marking is what a plain reading of
 * all rows gives. */
#include "test.h"

#include "base/rng.h"
#include "tui/filter.h"
#include "tui/list.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define N 3000

enum { NAME, SCORE, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [NAME] = {"Name", 10, 20, 0, false, false},
    [SCORE] = {"Score", 6, 0, 0, true, false},
};

static char names[N][32];
static double scores[N];

static void text(void *arg, size_t row, int column, struct buf *out)
{
	(void)arg;
	if (column == NAME)
		buf_adds(out, names[row]);
	else if (isnan(scores[row]))
		buf_adds(out, "-");
	else
		buf_add_number(out, scores[row], 1);
}

static bool value(void *arg, size_t row, int column, double *out)
{
	(void)arg;
	*out = scores[row];
	return column == SCORE;
}

static const struct list_source source = {text, value, NULL, NULL};

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
		passing +=
		    !l->filter || filter_match(l->filter, columns, COLUMNS, &source, NULL, i);
	assert_int_equal(l->shown, passing);
	for (size_t i = 0; i < l->shown; i++) {
		double a, b;

		assert_true(!l->filter ||
			    filter_match(l->filter, columns, COLUMNS, &source, NULL, l->order[i]));
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
	list_init(&l, columns, COLUMNS, &source, NULL);
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
	list_init(&l, columns, COLUMNS, &source, NULL);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(typing_a_filter_shows_what_reading_all_does),
	    cmocka_unit_test(marks_are_of_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
