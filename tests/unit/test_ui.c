/* Parts of the explorer that need no terminal: cells, an edited line, lists and their filters, keys
 * and the key file, settings, and the forecast of how long work takes. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "tui/column_choice.h"
#include "tui/cells.h"
#include "view/eta.h"
#include "tui/key.h"
#include "view/keymap.h"
#include "tui/line.h"
#include "tui/list.h"
#include "view/settings.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Cells */

static const char *row_of(struct cells *c, int y)
{
	static char line[256];
	struct buf b = BUF_INIT;
	char *p;

	cells_dump(c, &b);
	p = b.s;
	while (y-- > 0)
		p = strchr(p, '\n') + 1;
	snprintf(line, sizeof(line), "%.*s", (int)strcspn(p, "\n"), p);
	buf_clear(&b);
	return line;
}

TEST(text_of_files_is_escaped_on_its_way_in)
{
	struct cells c;

	cells_init(&c, 1, 40, GLYPHS_BRAILLE);
	cells_text(&c, 0, 0, 40, 0, "a\033[31mb\a\xff");
	assert_string_equal(row_of(&c, 0), "a\\x1b[31mb\\x07\\xff");
	cells_clear(&c);
}

TEST(half_a_wide_character_never_stays)
{
	struct cells c;

	cells_init(&c, 1, 6, GLYPHS_BRAILLE);
	cells_text(&c, 0, 0, 6, 0, "日本語");
	cells_put(&c, 0, 1, 0, 'x'); /* over the right half of the first */
	cells_put(&c, 0, 4, 0, 'y'); /* over the left half of the last */
	assert_string_equal(row_of(&c, 0), " x本y");
	cells_fit(
	    &c, 0, 0, 4, 0, "日本語"); /* does not fit: an ellipsis in the fourth cell at most */
	assert_string_equal(row_of(&c, 0), "日…\x20y");
	cells_clear(&c);
}

TEST(signs_fold_to_ascii)
{
	struct cells c;

	cells_init(&c, 1, 10, GLYPHS_ASCII);
	cells_text(&c, 0, 0, 10, 0, "a › b ± …");
	assert_string_equal(row_of(&c, 0), "a > b ~ ~");
	cells_clear(&c);
}

TEST(drawing_outside_is_clipped)
{
	struct cells c;

	cells_init(&c, 2, 3, GLYPHS_BRAILLE);
	cells_text(&c, -1, 0, 10, 0, "abc");
	cells_text(&c, 5, 0, 10, 0, "abc");
	cells_text(&c, 1, -2, 10, 0, "abcdef");
	cells_fill(&c, 0, 2, 1000, 0, '-');
	assert_string_equal(row_of(&c, 0), "  -");
	assert_string_equal(row_of(&c, 1), "cde");
	cells_clear(&c);
}

/* Lines */

static void type(struct line *l, const char *s)
{
	uint32_t key;
	size_t n;

	for (; *s; s += n) {
		n = key_parse(s, &key);
		line_key(l, key);
	}
}

TEST(a_line_is_edited)
{
	struct line l;

	line_init(&l);
	type(&l, "how many eggs<C-w>hens<C-a>so <C-e>?");
	assert_string_equal(line_text(&l), "so how many hens?");
	type(&l, "<Left><BS><C-a><Del><Del><Del>");
	assert_string_equal(line_text(&l), "how many hen?");
	type(&l, "<C-u>");
	assert_string_equal(line_text(&l), "how many hen?"); /* the cursor is at the start */
	type(&l, "<C-k>");
	assert_string_equal(line_text(&l), "");
	/* A letter and the mark on it are one character. */
	type(&l, "ae\u0301<BS>");
	assert_string_equal(line_text(&l), "a");
	line_clear(&l);
}

TEST(history_gives_back_what_was_being_written)
{
	struct line l;

	line_init(&l);
	line_set(&l, "first");
	line_remember(&l);
	line_set(&l, "second");
	line_remember(&l);
	line_remember(&l); /* the same again is not kept twice */
	line_set(&l, "");
	type(&l, "draft<Up>");
	assert_string_equal(line_text(&l), "second");
	type(&l, "<Up><Up>");
	assert_string_equal(line_text(&l), "first");
	type(&l, "<Down><Down>");
	assert_string_equal(line_text(&l), "draft");
	line_clear(&l);
}

TEST(a_long_line_shows_the_end_that_is_written)
{
	struct line l;
	struct cells c;

	line_init(&l);
	cells_init(&c, 1, 10, GLYPHS_BRAILLE);
	for (int i = 0; i < 5000; i++)
		type(&l, "ab");
	line_draw(&l, &c, 0, 0, 10, 0, true);
	assert_string_equal(row_of(&c, 0), "babababab");
	assert_int_equal(c.cursor_x, 9);
	line_set(&l, "日本語日本語");
	line_draw(&l, &c, 0, 0, 10, 0, true);
	assert_string_equal(row_of(&c, 0), "語日本語"); /* eight cells and the cursor's */
	assert_int_equal(c.cursor_x, 8);
	cells_clear(&c);
	line_clear(&l);
}

TEST(a_line_has_an_end)
{
	struct line l;

	line_init(&l);
	for (int i = 0; i < LINE_MAX + 100; i++)
		type(&l, "x");
	assert_true(strlen(line_text(&l)) <= LINE_MAX);
	type(&l, "<BS>");
	assert_true(strlen(line_text(&l)) < LINE_MAX);
	line_clear(&l);
}

/* Lists */

static const struct {
	const char *name;
	double v;
} things[] = {{"beta", 2}, {"Alpha", NAN}, {"gamma", 2}, {"delta", 10}, {"alpha two", -1}};

static struct value thing_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	(void)t;
	(void)scratch;
	return column == 0 ? value_text(things[row].name) : value_real(things[row].v);
}

static const struct column thing_columns[] = {{"name", .brief = "Name", .width = 10},
    {"value", .brief = "Value", .kind = COLUMN_REAL, .width = 6}};
static const struct table thing_table = {.columns = thing_columns,
    .n_columns = 2,
    .value = thing_value,
    .n = sizeof(things) / sizeof(*things)};

static const char *order_of(struct list *l)
{
	static char s[64];
	size_t n = 0;

	list_finish(l);
	for (size_t i = 0; i < l->shown; i++)
		n += (size_t)snprintf(s + n, sizeof(s) - n, "%u", l->order[i]);
	s[n] = '\0';
	return s;
}

static void start_list(struct list *l)
{
	list_init(l, &thing_table, NULL, NULL);
	list_set_table(l, &thing_table, SIZE_MAX);
}

TEST(missing_values_come_last_and_ties_keep_their_order)
{
	struct list l;

	start_list(&l);
	assert_string_equal(order_of(&l), "01234");
	list_set_sort(&l, 1, false);
	assert_string_equal(order_of(&l), "40231");
	list_set_sort(&l, 1, true);
	assert_string_equal(order_of(&l), "30241");
	list_set_sort(&l, 0, false); /* whatever the case */
	assert_string_equal(order_of(&l), "14032");
	list_clear(&l);
}

TEST(filters_are_words_and_tests_of_columns)
{
	struct list l;

	start_list(&l);
	list_set_filter(&l, "alpha");
	assert_string_equal(order_of(&l), "14");
	list_set_filter(&l, "Alpha"); /* a capital makes it exact */
	assert_string_equal(order_of(&l), "1");
	list_set_filter(&l, "a two");
	assert_string_equal(order_of(&l), "4");
	list_set_filter(&l, "value>1");
	assert_string_equal(order_of(&l), "023");
	list_set_filter(&l, "val<3 name:a");
	assert_string_equal(order_of(&l), "024");
	list_set_filter(&l, "value>"); /* still being typed */
	assert_string_equal(order_of(&l), "01234");
	list_set_filter(&l, "value=2");
	assert_string_equal(order_of(&l), "02");
	list_set_filter(&l, "nothing");
	assert_string_equal(order_of(&l), "");
	assert_true(list_row(&l) == SIZE_MAX);
	list_clear(&l);
}

TEST(the_cursor_stays_on_its_row)
{
	struct list l;

	start_list(&l);
	assert_true(list_go(&l, 3));
	list_set_sort(&l, 1, true);
	list_finish(&l);
	assert_int_equal(list_row(&l), 3);
	list_set_filter(&l, "delta");
	list_finish(&l);
	assert_int_equal(list_row(&l), 3);
	list_set_filter(&l, NULL);
	list_finish(&l);
	assert_int_equal(list_row(&l), 3);
	list_set_search(&l, "alpha");
	assert_true(list_find(&l, true, false));
	assert_true(list_row(&l) == 1 || list_row(&l) == 4);
	list_clear(&l);
}

/* Keys and files */

TEST(keys_have_names)
{
	uint32_t key;

	assert_int_equal(key_parse("<Enter>x", &key), 7);
	assert_int_equal(key, K_ENTER);
	assert_int_equal(key_parse("<C-d>", &key), 5);
	assert_int_equal(key, 4);
	assert_int_equal(key_parse("<lt>", &key), 4);
	assert_int_equal(key, '<');
	assert_int_equal(key_parse("é", &key), 2);
	assert_int_equal(key, 0xe9);
	assert_true(key_parse("<nonsense>", &key) == SIZE_MAX);
	assert_int_equal(key_parse("", &key), 0);
}

/* No key of a view means something else everywhere, and none means two things in one view. */
TEST(default_keys_do_not_clash)
{
	static struct keymap k;

	keymap_default(&k);
	for (int i = 0; i < k.n; i++)
		for (int j = 0; j < i; j++)
			if (k.v[i].key == k.v[j].key &&
			    (k.v[i].scope == k.v[j].scope || k.v[i].scope == SCOPE_GLOBAL ||
				k.v[j].scope == SCOPE_GLOBAL))
				fail_msg("%s and %s have the same key",
				    action_info(k.v[i].action)->name,
				    action_info(k.v[j].action)->name);
}

static void key_file(const char *text, const char *complaint)
{
	static struct keymap k;
	struct err e = ERR_INIT;

	help_write_text("keys", text);
	keymap_default(&k);
	assert_int_equal(keymap_load(&k, "keys", &e), !complaint);
	if (complaint)
		assert_non_null(strstr(e.msg, complaint));
	else
		assert_int_equal(keymap_find(&k, SCOPE_MODELS, 'z'), ACTION_ALIKE);
}

TEST(key_files_are_checked_by_line)
{
	key_file("# mine\n\nbind models z alike\n", NULL);
	key_file("bind models z alike\nbind models <Foo> alike\n", ":2: no key '<Foo>'");
	key_file("bind moon z alike\n", ":1: no scope 'moon'");
	key_file("bind models z fly\n", ":1: no action 'fly'");
	key_file("unbind z\n", ":1: not of the form");
}

TEST(settings_are_checked_by_line_and_saved_in_place)
{
	struct settings s = {{0}};
	struct err e = ERR_INIT;
	FILE *f;
	char text[256];
	size_t n;

	help_write_text("settings", "# mine\nmouse = on # always\n");
	assert_true(settings_load(&s, "settings", &e));
	assert_int_equal(s.v[SETTING_MOUSE], 1);
	assert_true(settings_set(&s, "mouse", "off", &e));
	assert_true(settings_save(&s, SETTING_MOUSE, "settings", &e));
	f = fopen("settings", "r");
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	assert_string_equal(text, "# mine\nmouse = off\n");

	/* The columns of a table are a line of many words. */
	help_write_text("settings", "columns.models = rank name:30\nmouse = on\n");
	assert_true(settings_load(&s, "settings", &e));
	assert_string_equal(column_choice("models"), "rank name:30");
	assert_null(column_choice("runs"));
	column_choice_set("models", "name size:7");
	column_choice_set("runs", "run");
	assert_true(settings_save_columns("models", "settings", &e));
	assert_true(settings_save_columns("runs", "settings", &e));
	column_choice_set("runs", NULL);
	f = fopen("settings", "r");
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	assert_string_equal(text, "columns.models = name size:7\nmouse = on\ncolumns.runs = run\n");
	assert_true(settings_save_columns("runs", "settings", &e));
	assert_true(settings_load(&s, "settings", &e));
	assert_null(column_choice("runs"));
	column_choice_forget();

	help_write_text("settings", "mouse = on\nmouse = perhaps\n");
	assert_false(settings_load(&s, "settings", &e));
	assert_non_null(strstr(e.msg, ":2: mouse is one of"));
	assert_int_equal(s.v[SETTING_MOUSE], 1); /* nothing is changed */
}

/* How long it takes */

TEST(the_forecast_follows_the_latest_fifth_and_never_counts_up)
{
	struct eta e;
	double left;

	eta_start(&e, 100);
	eta_add(&e, 101, .01);
	assert_true(isnan(eta_left(&e, 102))); /* too early */
	/* Slow at first, then ten times as fast. */
	eta_add(&e, 110, .1);
	for (int i = 1; i <= 40; i++)
		eta_add(&e, 110 + i * .1, .1 + i * .01);
	left = eta_left(&e, 114);
	assert_true(fabs(left - 5) < .3);
	/* It stalls: the forecast does not grow. */
	assert_true(eta_left(&e, 120) <= left);
	assert_true(eta_left(&e, 200) >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(text_of_files_is_escaped_on_its_way_in),
	    cmocka_unit_test(half_a_wide_character_never_stays),
	    cmocka_unit_test(signs_fold_to_ascii),
	    cmocka_unit_test(drawing_outside_is_clipped),
	    cmocka_unit_test(a_line_is_edited),
	    cmocka_unit_test(history_gives_back_what_was_being_written),
	    cmocka_unit_test(a_long_line_shows_the_end_that_is_written),
	    cmocka_unit_test(a_line_has_an_end),
	    cmocka_unit_test(missing_values_come_last_and_ties_keep_their_order),
	    cmocka_unit_test(filters_are_words_and_tests_of_columns),
	    cmocka_unit_test(the_cursor_stays_on_its_row),
	    cmocka_unit_test(keys_have_names),
	    cmocka_unit_test(default_keys_do_not_clash),
	    cmocka_unit_test(key_files_are_checked_by_line),
	    cmocka_unit_test(settings_are_checked_by_line_and_saved_in_place),
	    cmocka_unit_test(the_forecast_follows_the_latest_fifth_and_never_counts_up),
	};

	return cmocka_run_group_tests(tests, help_enter_folder, help_leave_folder);
}
