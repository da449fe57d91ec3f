/* Typed columns: the same value as text, TSV, CSV and JSON. */
#include "test.h"

#include "base/err.h"
#include "base/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME, N, REAL, SHARE, MONEY, FIGURE, PM, YES, TAGS, BAR, COLUMNS };

static const struct column columns[COLUMNS] = {
    [NAME] = {"name", "name", .kind = COLUMN_CLIP},
    [N] = {"n", .kind = COLUMN_INT},
    [REAL] = {"real", .kind = COLUMN_REAL, .decimals = 2},
    [SHARE] = {"share", .kind = COLUMN_SHARE, .decimals = 1},
    [MONEY] = {"price", .kind = COLUMN_MONEY},
    [FIGURE] = {"figure", .kind = COLUMN_FIGURE, .decimals = 2},
    [PM] = {"pm", .kind = COLUMN_SHARE_PM, .decimals = 1},
    [YES] = {"yes", .kind = COLUMN_BOOL},
    [TAGS] = {"tags", .kind = COLUMN_MAP},
    [BAR] = {.brief = "0   100", .kind = COLUMN_SHARE}, /* drawn alone */
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	(void)t;
	assert_int_not_equal(column, BAR);
	assert_int_equal(scratch->len, 0);
	switch (row ? COLUMNS : column) {
	case NAME:
		return value_text("a,\"b\"\t\033");
	case N:
		return value_int(-5);
	case REAL:
		return value_real(-0.001);
	case SHARE:
		return value_real(0.4567891234567);
	case MONEY:
		return value_real(0.0375);
	case FIGURE:
		return value_figure(1, 0.5, NAN);
	case PM:
		return value_figure(0.75, 0.5, 1);
	case YES:
		return value_bool(true);
	case TAGS:
		value_map_add(scratch, "size", "7B");
		value_map_add(scratch, "family", "q w");
		return value_map(scratch, 2);
	default:
		return column == YES ? value_bool(false) : value_missing();
	}
}

static const struct table table = {
    .columns = columns, .n_columns = COLUMNS, .value = value, .n = 2};

static void written(enum table_format format, const char *wanted)
{
	char got[2048];
	struct err e = ERR_INIT;
	FILE *f = tmpfile();
	size_t n;

	assert_non_null(f);
	assert_true(table_write(&table, NULL, 2, format, f, &e));
	rewind(f);
	n = fread(got, 1, sizeof(got) - 1, f);
	got[n] = '\0';
	fclose(f);
	assert_string_equal(got, wanted);
}

TEST(a_table_as_a_file)
{
	written(TABLE_TSV,
	    "name\tn\treal\tshare\tprice\tfigure\tfigure_low\tfigure_high\tpm\tpm_low\tpm_"
	    "high\tyes\ttags\n"
	    "a,\"b\"\\t\\x1b\t-5\t-0.001\t0.456789123\t0.0375\t1\t0.5\t\t0.75\t0.5\t1\ttrue\t"
	    "size=7B family=q w\n"
	    "\t\t\t\t\t\t\t\t\t\t\tfalse\t\n");
	written(TABLE_CSV,
	    "name,n,real,share,price,figure,figure_low,figure_high,pm,pm_low,pm_high,yes,tags\r\n"
	    "\"a,\"\"b\"\"\t\033\",-5,-0.001,0.456789123,0.0375,1,0.5,,0.75,0.5,1,true,"
	    "size=7B family=q w\r\n"
	    ",,,,,,,,,,,false,\r\n");
	written(TABLE_JSON,
	    "[\n  {\n    \"name\": \"a,\\\"b\\\"\\t\\u001B\",\n    \"n\": -5,\n    \"real\": "
	    "-0.001,\n"
	    "    \"share\": 0.456789123,\n    \"price\": 0.0375,\n    \"figure\": {\n"
	    "      \"value\": 1.0,\n      \"low\": 0.5,\n      \"high\": null\n    },\n"
	    "    \"pm\": {\n      \"value\": 0.75,\n      \"low\": 0.5,\n      \"high\": 1.0\n    "
	    "},\n"
	    "    \"yes\": true,\n    \"tags\": {\n      \"size\": \"7B\",\n      \"family\": \"q "
	    "w\"\n"
	    "    }\n  },\n"
	    "  {\n    \"name\": null,\n    \"n\": null,\n    \"real\": null,\n    \"share\": "
	    "null,\n"
	    "    \"price\": null,\n    \"figure\": {\n      \"value\": null,\n      \"low\": "
	    "null,\n"
	    "      \"high\": null\n    },\n    \"pm\": {\n      \"value\": null,\n"
	    "      \"low\": null,\n      \"high\": null\n    },\n    \"yes\": false,\n"
	    "    \"tags\": {}\n  }\n]\n");
}

static void keyed(char gap, const char *wanted)
{
	static const struct column c = {"accuracy_a,\"b\"\033[2J", .kind = COLUMN_FIGURE};
	struct buf b = BUF_INIT;

	column_keys(&b, &c, gap);
	assert_string_equal(buf_str(&b), wanted);
	buf_clear(&b);
}

/* The name of a benchmark is part of a key. */
TEST(keys_are_quoted_like_fields)
{
	keyed(',', "\"accuracy_a,\"\"b\"\"\033[2J\",\"accuracy_a,\"\"b\"\"\033[2J_low\","
		   "\"accuracy_a,\"\"b\"\"\033[2J_high\"");
	keyed('\t', "accuracy_a,\"b\"\\x1b[2J\taccuracy_a,\"b\"\\x1b[2J_low\t"
		    "accuracy_a,\"b\"\\x1b[2J_high");
}

static void reads(size_t row, size_t column, unsigned style, const char *wanted)
{
	struct buf b = BUF_INIT, scratch = BUF_INIT;
	struct value v = table_get(&table, row, column, &scratch);

	column_text(&b, &columns[column], &v, style);
	assert_string_equal(buf_str(&b), wanted);
	buf_clear(&b);
	buf_clear(&scratch);
}

TEST(a_value_as_text)
{
	reads(0, NAME, 0, "a,\"b\"\\t\\x1b");
	reads(0, REAL, 0, "0.00"); /* never -0.00 */
	reads(0, SHARE, 0, "45.7%");
	reads(0, SHARE, COLUMN_CELL, "45.7");
	reads(0, FIGURE, 0, "1.00");
	reads(0, PM, 0, "75.0 ±25.0%");
	reads(0, PM, COLUMN_CELL | COLUMN_ASCII, "75.0 +-25.0");
	reads(0, TAGS, 0, "size=7B family=q w");
	reads(1, SHARE, 0, "–");
	reads(1, SHARE, COLUMN_ASCII, "-");
	reads(1, YES, 0, "");
}

TEST(money_keeps_three_digits)
{
	static const struct {
		double v;
		const char *text;
	} cases[] = {{0, "0.00"}, {0.0375, "0.0375"}, {0.04, "0.04"}, {0.1, "0.10"},
	    {0.125, "0.125"}, {2, "2.00"}, {0.00012, "0.00012"}, {12.345, "12.35"},
	    {0.0333333, "0.0333"}, {0.9999, "1.00"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct value v = value_real(cases[i].v);
		struct buf b = BUF_INIT;

		column_text(&b, &columns[MONEY], &v, 0);
		assert_string_equal(buf_str(&b), cases[i].text);
		buf_clear(&b);
	}
}

TEST(numbers_to_compare_are_as_shown)
{
	struct value v = value_real(0.758);
	double n;

	assert_true(column_number(&columns[SHARE], &v, &n));
	assert_true(fabs(n - 75.8) < 1e-9);
	v = value_missing();
	assert_true(column_number(&columns[SHARE], &v, &n) && isnan(n));
	assert_false(column_number(&columns[NAME], &v, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_as_a_file),
	    cmocka_unit_test(keys_are_quoted_like_fields),
	    cmocka_unit_test(a_value_as_text),
	    cmocka_unit_test(money_keeps_three_digits),
	    cmocka_unit_test(numbers_to_compare_are_as_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
