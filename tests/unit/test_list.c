/* Lists: what is seen after any sequence of typing, sorting and marking is what a plain reading of
 * all rows gives. */
#include "test.h"

#include "base/filter.h"
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
		passing += list_passes(l, i);
	assert_int_equal(l->shown, passing);
	for (size_t i = 0; i < l->shown; i++) {
		double a, b;

		assert_true(list_passes(l, l->order[i]));
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

/* Every kind of column, and every way to compare. */
enum { K_NAME, K_RIGHT, K_ERR, K_PRICE, K_WHEN, K_TOOK, K_SIZE, K_FLAG, K_TAGS, K_COLUMNS };

static const struct column kinds[K_COLUMNS] = {
    [K_NAME] = {"name", "name", "Name", COLUMN_CLIP},
    [K_RIGHT] = {"right", "right", "Right%", COLUMN_SHARE, 1},
    [K_ERR] = {"error", "error", "Error", COLUMN_SHARE, 1, .plus = true},
    [K_PRICE] = {"price_in", "$/M in", "$/M in", COLUMN_MONEY},
    [K_WHEN] = {"created", "when", "When", COLUMN_DATE},
    [K_TOOK] = {"seconds", "seconds", "Time", COLUMN_SECONDS, 1},
    [K_SIZE] = {"size", "size", "Size", COLUMN_REAL, -3, .unit = "B"},
    [K_FLAG] = {"in_use", "in use", "In use", COLUMN_BOOL},
    [K_TAGS] = {"tags", "tags", "Tags", COLUMN_MAP},
};

struct kind_row {
	const char *name;
	double right, error, price;
	const char *when;
	double took, size;
	bool flag;
	const char *family, *layers;
};

static const struct kind_row kind_rows[] = {
    {"how many seconds", 0.30, 0.004, 0.0375, "2026-11-29T12:00:00Z", 89, 7, true, "Aster", "32"},
    {"many how seconds", 0.2949, -0.02, 1.25, "2026-11-30T12:00:00Z", 90.4, 70, false, "Cobalt",
	"80"},
    {"Kilo-chat", NAN, NAN, NAN, "2025-01-02T12:00:00Z", 3600, 0.35, false, NULL, NULL},
};

static struct value kind_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct kind_row *r = &kind_rows[row];

	(void)t;
	switch (column) {
	case K_NAME:
		return value_text(r->name);
	case K_RIGHT:
		return value_real(r->right);
	case K_ERR:
		return value_real(r->error);
	case K_PRICE:
		return value_real(r->price);
	case K_WHEN:
		return value_text(r->when);
	case K_TOOK:
		return value_real(r->took);
	case K_SIZE:
		return value_real(r->size);
	case K_FLAG:
		return value_bool(r->flag);
	default:
		if (!r->family)
			return value_missing();
		value_map_add(scratch, "family", r->family);
		value_map_add(scratch, "layers", r->layers);
		return value_map(scratch, 2);
	}
}

static const struct table kind_table = {
    .columns = kinds, .n_columns = K_COLUMNS, .value = kind_value, .n = 3};

/* "abc" of the rows that pass: a letter each. */
static const char *passing(const char *text)
{
	static char rows[4];
	struct filter *f = filter_new(&kind_table, text);
	size_t n = 0;

	for (size_t i = 0; i < 3; i++)
		if (filter_match(f, &kind_table, i, NULL, NULL))
			rows[n++] = (char)('a' + i);
	rows[n] = '\0';
	filter_free(f);
	return rows;
}

TEST(a_filter_means_what_is_shown)
{
	static const char *const cases[][2] = {
	    /* words, phrases, not */
	    {"", "abc"},
	    {"how many", "ab"},
	    {"\"how many\"", "a"},
	    {"\"how many", "a"},
	    {"-\"how many\"", "bc"},
	    {"-how", "c"},
	    {"-", "abc"},
	    {"how -cobalt", "a"},
	    {"kilo", "c"},
	    {"KILO", ""},
	    {"name:\"many how\"", "b"},
	    {"-name:how", "c"},
	    {"name=\"how many seconds\"", "a"},
	    {"name!=kilo-chat", "ab"},
	    {"name>i", "bc"},
	    /* percent: three ways to write it */
	    {"right<30%", "b"},
	    {"right<30", "b"},
	    {"right<.3", "b"},
	    {"right<0.30", "b"},
	    {"right<=30%", "ab"},
	    {"right>=30", "a"},
	    {"right=30", "a"},
	    {"right!=30", "bc"},
	    {"right=29.5", "b"},
	    {"right<=29.5", "b"},
	    {"right<29.5", ""},
	    {"right < 30 %", "b"},
	    {"right\u226429.5", "b"},
	    {"right=-", "c"},
	    {"right!=-", "ab"},
	    {"-right=-", "ab"},
	    {"right<1", ""},
	    /* half a point of difference is half a point */
	    {"err>0.3", "a"},
	    {"error<-1", "b"},
	    /* money, sizes, durations, dates, flags */
	    {"price_in<0.05", "a"},
	    {"$/M<$0.05", "a"},
	    {"price_in>1", "b"},
	    {"price=0.0375", "a"},
	    {"size>=7B", "ab"},
	    {"size<1", "c"},
	    {"size=350M", "c"},
	    {"size>7b", "b"},
	    {"time>=1:30", "bc"},
	    {"time<1:30", "a"},
	    {"time=90", "b"},
	    {"time>=1h", "c"},
	    {"time<2m", "ab"},
	    {"when=2026-11-30", "b"},
	    {"when<2026-11-30", "ac"},
	    {"when>=2026-11", "ab"},
	    {"when>2025", "ab"},
	    {"when<=2026-11-29", "ac"},
	    {"when:2025", "c"},
	    {"in_use=yes", "a"},
	    {"in_use!=yes", "bc"},
	    {"in_use=no", "bc"},
	    /* tags: by name, as text and as numbers */
	    {"family:ast", "a"},
	    {"family=aster", "a"},
	    {"family!=aster", "bc"},
	    {"layers>32", "b"},
	    {"layers<=32", "a"},
	    {"family=-", "c"},
	    {"tags:aster", "a"},
	    /* what is not there is looked for as it stands */
	    {"foo>3", ""},
	    {"foo:how", ""},
	    {"-foo>3", "abc"},
	    /* unfinished: nothing is hidden */
	    {"right<", "abc"},
	    {"right<=", "abc"},
	    {"right<-", "abc"},
	    {"right>abc", "abc"},
	    {"name:", "abc"},
	    {"right <", "abc"},
	    {"how right>", "ab"},
	    {"when>2026-", "abc"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (strcmp(passing(cases[i][0]), cases[i][1]) != 0)
			fail_msg("%s: %s, not %s", cases[i][0], passing(cases[i][0]), cases[i][1]);
}

TEST(a_filter_says_what_it_cannot_do)
{
	static const struct {
		const char *text, *note;
		bool wrong;
	} cases[] = {{"rigth>3", "no column rigth; there are Right%,", true},
	    {"foo:bar", "no column foo; there are ", true},
	    {"right<abc", "\"abc\" is no value", true}, {"right<", "such as 30%", false},
	    {"right<.3", "Right% < 30%", false}, {"time<x", "which is written 90 or 1:30", true},
	    {"right<30", NULL, false}, {"family:x", NULL, false}, {"how many", NULL, false},
	    {"when>", "2026-11-30", false}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter *f = filter_new(&kind_table, cases[i].text);
		const char *note = filter_note(f);

		if (!note != !cases[i].note || (note && !strstr(note, cases[i].note)))
			fail_msg("%s: %s", cases[i].text, note ? note : "(no note)");
		assert_int_equal(filter_fault(f) != NULL, cases[i].wrong);
		filter_free(f);
	}
}

/* Any bytes: no crash, and what narrows lets through no more. */
TEST(a_filter_of_any_bytes_is_read)
{
	static const char keys[] = "ar:<>=!\"\\-%. 3\xe2\x89\xa4\xffn";
	struct rng r;

	rng_init(&r, 11, 0);
	for (int step = 0; step < 3000; step++) {
		char text[24], longer[26];
		size_t n = rng_below(&r, sizeof(text) - 1);

		for (size_t i = 0; i < n; i++)
			text[i] = keys[rng_below(&r, sizeof(keys) - 1)];
		text[n] = '\0';
		snprintf(longer, sizeof(longer), "%sa", text);
		if (filter_narrows(text, longer)) {
			char before[4];

			snprintf(before, sizeof(before), "%s", passing(text));
			for (const char *p = passing(longer); *p; p++)
				assert_non_null(strchr(before, *p));
		} else {
			passing(text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(typing_a_filter_shows_what_reading_all_does),
	    cmocka_unit_test(marks_are_of_rows),
	    cmocka_unit_test(a_column_is_compared_as_it_is_shown),
	    cmocka_unit_test(a_filter_means_what_is_shown),
	    cmocka_unit_test(a_filter_says_what_it_cannot_do),
	    cmocka_unit_test(a_filter_of_any_bytes_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
