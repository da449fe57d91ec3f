/* The command line below the verbs: options, output, near misses. */
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/spelling.h"
#include "cli/option.h"
#include "cli/out.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Near misses */

TEST(near_counts_edits)
{
	assert_int_equal(spelling_distance("", ""), 0);
	assert_int_equal(spelling_distance("", "abc"), 3);
	assert_int_equal(spelling_distance("kitten", "sitting"), 3);
	assert_int_equal(spelling_distance("hlep", "help"), 1); /* a swap is one edit */
	assert_int_equal(spelling_distance("HELP", "help"), 0);
}

TEST(near_finds_what_was_meant)
{
	static const char *const words[] = {"train", "route", "runs", "neighbours"};

	assert_string_equal(spelling_nearest("tarin", words, 4), "train");
	assert_string_equal(spelling_nearest("neigh", words, 4), "neighbours");
	assert_string_equal(spelling_nearest("neighbors", words, 4), "neighbours");
	assert_null(spelling_nearest("evaluate", words, 4));
	assert_null(spelling_nearest("", words, 4));
}

/* Options */

struct fields {
	bool flag, on;
	const char *text;
	struct option_list list, names;
	int choice, count;
	size_t size;
	uint64_t seed;
	int64_t id;
	double real;
};

static const char *const choices[] = {"", "red", "green", NULL};

#define AT(field) offsetof(struct fields, field)
static const struct option_row rows[] = {
    {"flag", 'f', OPTION_SET, NULL, AT(flag), .help = "f"},
    {"off", 0, OPTION_UNSET, NULL, AT(on), .help = "o"},
    {"text", 't', OPTION_TEXT, "T", AT(text), .help = "t", .unset = "nothing"},
    {"list", 0, OPTION_LIST, "L", AT(list), .help = "l"},
    {"names", 0, OPTION_NAMES, "N", AT(names), .help = "n"},
    {"choice", 0, OPTION_CHOICE, "C", AT(choice), .help = "c", .choices = choices},
    {"count", 0, OPTION_INT, "N", AT(count), .min = 2, .max = 9, .help = "c"},
    {"size", 0, OPTION_SIZE, "N", AT(size), .help = "s"},
    {"seed", 0, OPTION_SEED, "N", AT(seed), .help = "s"},
    {"id", 0, OPTION_ID, "N", AT(id), .help = "i"},
    {"real", 0, OPTION_REAL, "X", AT(real), .max = 1, .help = "r"},
    {.name = NULL},
};

/* Parses words parted by '|'. */
static bool parse(const char *line, struct fields *f, struct arena *a, int *first, struct err *e)
{
	struct option_table table = {rows, f};
	char *argv[32] = {NULL}, *copy = arena_strdup(a, line);
	int argc = 0;

	*f = (struct fields){.on = true, .real = NAN};
	argv[argc++] = arena_strdup(a, "test");
	for (char *word = strtok(copy, "|"); word; word = strtok(NULL, "|"))
		argv[argc++] = word;
	return option_parse(&table, 1, false, argc, argv, a, first, e);
}

TEST(options_fill_fields)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct fields f;
	int first;

	assert_true(parse("x|-f|--off|--text=a b|--list|1|--list|2,3|--names|p,q,,r|--names=s|y|"
			  "--choice|green|--count=9|--size|0|--seed|7|--id|3|--real|1e-2|--|--flag",
	    &f, &a, &first, &e));
	assert_true(f.flag);
	assert_false(f.on);
	assert_string_equal(f.text, "a b");
	assert_int_equal(f.list.n, 2);
	assert_string_equal(f.list.v[1], "2,3");
	assert_int_equal(f.names.n, 4);
	assert_string_equal(f.names.v[2], "r");
	assert_string_equal(f.names.v[3], "s");
	assert_int_equal(f.choice, 2);
	assert_int_equal(f.count, 9);
	assert_int_equal(f.seed, 7);
	assert_int_equal(f.id, 3);
	assert_true(f.real == 1e-2);
	assert_int_equal(first, 23); /* x, y and the --flag behind "--" are the operands */
	arena_clear(&a);
}

TEST(options_refuse)
{
	static const struct {
		const char *line, *message;
	} cases[] = {
	    {"--count|1", "--count: '1' is not a whole number from 2 to 9"},
	    {"--count|", "--count needs an argument: N"},
	    {"--size|-1", "--size: '-1' is not a whole number of at least 0"},
	    {"--size|2.5", "--size: '2.5' is not a whole number of at least 0"},
	    {"--size|99999999999999999999", "--size: '99999999999999999999' is not a whole number"},
	    {"--id|0", "--id: '0' is not a whole number of at least 1"},
	    {"--real|1.5", "--real: '1.5' is not a number from 0 to 1"},
	    {"--real|nan", "--real: 'nan' is not a number from 0 to 1"},
	    {"--choice|gren", "--choice: 'gren' is none of red, green; did you mean green?"},
	    {"--flag=1", "--flag takes no argument"},
	    {"--sede|1", "unknown option '--sede'; did you mean '--seed'?"},
	    {"--nothing-like-it", "unknown option '--nothing-like-it'"},
	    {"-z", "unknown option '-z'"},
	    {"-\033", "unknown option '-\\x1b'"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena a = ARENA_INIT;
		struct err e = ERR_INIT;
		struct fields f;
		int first;

		assert_false(parse(cases[i].line, &f, &a, &first, &e));
		assert_int_equal(e.kind, ERR_USAGE);
		if (strncmp(e.msg, cases[i].message, strlen(cases[i].message)))
			assert_string_equal(e.msg, cases[i].message);
		arena_clear(&a);
	}
}

static void default_is(size_t row, const struct fields *f, const char *wanted)
{
	struct buf b = BUF_INIT;

	option_default(&rows[row], f, &b);
	assert_string_equal(buf_str(&b), wanted);
	buf_clear(&b);
}

TEST(options_tell_their_defaults)
{
	struct fields f = {.choice = 1, .count = 4, .real = 0.25};

	default_is(0, &f, "");
	default_is(2, &f, "nothing");
	default_is(5, &f, "red");
	default_is(6, &f, "4");
	default_is(10, &f, "0.25");
	f.choice = -1;
	f.real = NAN;
	default_is(5, &f, "");
	default_is(10, &f, "");
}

/* Output */

static const struct column columns[] = {
    {.key = "name", .title = "name", .kind = COLUMN_CLIP},
    {.key = "n", .title = "n", .kind = COLUMN_INT},
    {.key = "share", .title = "share", .kind = COLUMN_SHARE, .decimals = 1},
    {.key = "figure", .title = "figure", .kind = COLUMN_FIGURE, .decimals = 2},
    {.key = "yes", .title = "yes", .kind = COLUMN_BOOL},
    {.key = "tags", .title = "tags", .kind = COLUMN_MAP},
};

/* A document of one hostile and one empty row, printed. Caller frees. */
static char *printed(const struct out_style *style, bool facts, bool keyed)
{
	static const char *const keys[] = {"k", "a b"}, *const texts[] = {"v", "\033[31m"};
	struct out *o = out_new(style);
	struct err e = ERR_INIT;
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (facts) {
		out_fact_text(o, "who", "who", "me\tand\nyou");
		out_group(o, "group", "Group");
		out_fact_real(o, "x", "x value", 2, -0.001);
		out_end(o);
	}
	(keyed ? out_keyed_table : out_table)(
	    o, facts ? "rows" : NULL, facts ? "Rows" : NULL, columns, 6);
	out_row(o);
	out_text(o, "evil\033[2J\t\xc2\x9b\\name");
	out_int(o, -5);
	out_real(o, 0.4567);
	out_figure(o, 1, 0.5, 1.5);
	out_bool(o, true);
	out_map(o, 2, keys, texts);
	out_row(o);
	out_text(o, "b");
	for (int i = 0; i < 4; i++)
		out_missing(o);
	out_map(o, 0, NULL, NULL);
	assert_true(out_print(o, f, &e));
	out_free(o);
	fclose(f);
	return text;
}

TEST(plain_is_aligned_and_safe)
{
	struct out_style style = {.format = OUT_PLAIN, .ascii = true};
	char *s = printed(&style, false, false);

	assert_string_equal(s,
	    "name                     n  share             figure  yes  tags\n"
	    "evil\\x1b[2J\\t\\x9b\\name  -5  45.7%  1.00 [0.50, 1.50]  yes  k=v a b=\\x1b[31m\n"
	    "b                        -      -                  -  -    -\n");
	free(s);
}

TEST(plain_facts_and_groups)
{
	struct out_style style = {.format = OUT_PLAIN, .ascii = true};
	char *s = printed(&style, true, false);

	assert_ptr_equal(
	    strstr(s, "who  me\\tand\\nyou\n\nGroup\nx value  0.00\n\nRows\nname "), s);
	free(s);
}

TEST(plain_gives_way_to_the_terminal)
{
	struct out_style style = {.format = OUT_PLAIN, .width = 60};
	char *s = printed(&style, false, false);

	/* Clipped to the least a name keeps; the other columns stay whole. */
	assert_non_null(strstr(s, "\nevil\\x1b[2J\u2026  -5  45.7%"));
	free(s);
}

TEST(tsv_escapes)
{
	struct out_style style = {.format = OUT_TSV};
	char *s = printed(&style, true, false);

	assert_string_equal(s,
	    "name\tn\tshare\tfigure\tfigure_low\tfigure_high\tyes\ttags\n"
	    "evil\\x1b[2J\\t\\x9b\\\\name\t-5\t0.4567\t1\t0.5\t1.5\ttrue\tk=v a b=\\x1b[31m\n"
	    "b\t\t\t\t\t\t\t\n");
	free(s);
}

TEST(json_nests)
{
	struct out_style style = {.format = OUT_JSON};
	char *s = printed(&style, true, true);

	assert_non_null(strstr(s, "\"who\": \"me\\tand\\nyou\""));
	assert_non_null(strstr(s, "\"group\": {\n    \"x\": -0.001\n  }"));
	assert_non_null(strstr(s, "\"b\": {\n      \"n\": null"));
	assert_non_null(strstr(s, "\"tags\": {}"));
	assert_null(strchr(s, '\033'));
	free(s);
	s = printed(&style, false, false);
	assert_int_equal(s[0], '[');
	assert_non_null(strstr(s, "\"high\": 1.5"));
	free(s);
}

TEST(full_disk_is_an_error)
{
	struct out_style style = {.format = OUT_JSON};
	struct out *o = out_new(&style);
	struct err e = ERR_INIT;
	FILE *f = fopen("/dev/full", "w");

	if (!f) {
		out_free(o);
		skip();
	}
	out_fact_int(o, "n", "n", 1);
	assert_false(out_print(o, f, &e));
	assert_int_equal(e.kind, ERR_FAILED);
	fclose(f);
	out_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(near_counts_edits),
	    cmocka_unit_test(near_finds_what_was_meant),
	    cmocka_unit_test(options_fill_fields),
	    cmocka_unit_test(options_refuse),
	    cmocka_unit_test(options_tell_their_defaults),
	    cmocka_unit_test(plain_is_aligned_and_safe),
	    cmocka_unit_test(plain_facts_and_groups),
	    cmocka_unit_test(plain_gives_way_to_the_terminal),
	    cmocka_unit_test(tsv_escapes),
	    cmocka_unit_test(json_nests),
	    cmocka_unit_test(full_disk_is_an_error),
	};

	return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
