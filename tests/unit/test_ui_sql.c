/* The SQL view's editor: completion, and text over several lines. */
#include "test.h"

#include "base/buf.h"
#include "tui/cells.h"
#include "tui/key.h"
#include "tui/line.h"
#include "screen/sql_complete.h"

#include <string.h>

static struct query_column model_columns[] = {
    {"id", "INTEGER"}, {"name", "TEXT"}, {"price_in", "REAL"}, {"price_out", "REAL"}};
static struct query_column run_columns[] = {{"id", "INTEGER"}, {"method", "TEXT"}};
static struct query_table tables[] = {
    {"model", "", false, model_columns, 4},
    {"model_tag", "", false, NULL, 0},
    {"run", "", false, run_columns, 2},
};
static const struct sql_schema schema = {ARENA_INIT, tables, 3};

/* `text` with a | where the cursor is becomes `wanted`; offers as they are listed. */
static void completes(const char *text, const char *wanted, const char *offers)
{
	const char *bar = strchr(text, '|');
	struct buf more = BUF_INIT, listed = BUF_INIT, got = BUF_INIT, plain = BUF_INIT;
	size_t at = (size_t)(bar - text);

	buf_add(&plain, text, at);
	buf_adds(&plain, bar + 1);
	sql_complete(&schema, buf_str(&plain), at, &more, &listed);
	buf_add(&got, text, at);
	buf_adds(&got, buf_str(&more));
	buf_adds(&got, bar + 1);
	assert_string_equal(buf_str(&got), wanted);
	assert_string_equal(buf_str(&listed), offers);
	buf_clear(&more);
	buf_clear(&listed);
	buf_clear(&got);
	buf_clear(&plain);
}

TEST(words_are_completed)
{
	completes("SELECT * FROM ru|", "SELECT * FROM run", "");
	completes("SELECT * FROM mod|", "SELECT * FROM model", " model model_tag ");
	completes("sel|", "selECT", "");
	completes("SELECT zzz|", "SELECT zzz", "");
	completes("SELECT co|", "SELECT count(", "");
}

TEST(columns_are_of_the_tables_named)
{
	completes("SELECT me| FROM run", "SELECT method FROM run", "");
	completes("SELECT pric| FROM model", "SELECT price_ FROM model", " price_in price_out ");
	/* id of both is one offer. */
	completes("SELECT i| FROM run, model", "SELECT i FROM run, model", " id IN IS INTERSECT ");
	/* no table is named yet: any column will do */
	completes("SELECT metho|", "SELECT method", "");
}

TEST(after_a_table_and_a_point_come_its_columns)
{
	completes("SELECT run.m| FROM run, model", "SELECT run.method FROM run, model", "");
	completes("SELECT model.n| FROM model", "SELECT model.name FROM model", "");
}

static void type(struct line *l, const char *s)
{
	for (; *s; s++)
		line_key(l, (uint32_t)(unsigned char)*s);
}

TEST(a_pasted_newline_stays_where_lines_are_allowed)
{
	struct line l;

	line_init(&l);
	type(&l, "a\nb");
	assert_string_equal(line_text(&l), "a b");
	line_set(&l, "");
	l.multiline = true;
	type(&l, "a\nb");
	assert_string_equal(line_text(&l), "a\nb");
	/* Backspace takes the newline alone, ^W a word up to it. */
	line_key(&l, K_BACKSPACE);
	line_key(&l, K_BACKSPACE);
	assert_string_equal(line_text(&l), "a");
	line_set(&l, "ab\ncd");
	line_key(&l, KEY_CTRL('w'));
	assert_string_equal(line_text(&l), "ab\n");
	line_clear(&l);
}

TEST(text_is_drawn_over_lines_and_the_cursor_is_seen)
{
	struct cells c;
	struct buf out = BUF_INIT;
	struct line l;

	cells_init(&c, 3, 8, GLYPHS_ASCII);
	line_init(&l);
	l.multiline = true;
	line_set(&l, "abcdefgh\nxy");
	assert_int_equal(line_height(&l, &c, 6), 3);
	assert_int_equal(
	    line_draw_wrapped(&l, &c, (struct area){0, 1, 3, 6}, ROLE_DEFAULT, true), 3);
	cells_dump(&c, &out);
	assert_string_equal(buf_str(&out), " abcdef\n gh\n xy\n");
	assert_int_equal(c.cursor_y, 2);
	assert_int_equal(c.cursor_x, 3);

	/* With two lines of room the first is scrolled away; a last newline has a line of its own. */
	line_set(&l, "one\ntwo\n");
	cells_erase(&c, 3, 8);
	assert_int_equal(line_height(&l, &c, 6), 3);
	assert_int_equal(
	    line_draw_wrapped(&l, &c, (struct area){0, 1, 2, 6}, ROLE_DEFAULT, true), 2);
	buf_reset(&out);
	cells_dump(&c, &out);
	assert_string_equal(buf_str(&out), " two\n\n\n");
	assert_int_equal(c.cursor_y, 1);
	assert_int_equal(c.cursor_x, 1);
	line_clear(&l);
	cells_clear(&c);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_completed),
	    cmocka_unit_test(columns_are_of_the_tables_named),
	    cmocka_unit_test(after_a_table_and_a_point_come_its_columns),
	    cmocka_unit_test(a_pasted_newline_stays_where_lines_are_allowed),
	    cmocka_unit_test(text_is_drawn_over_lines_and_the_cursor_is_seen),
	};

	return cmocka_run_group_tests_name("ui_sql", tests, NULL, NULL);
}
