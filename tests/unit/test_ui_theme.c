/* Themes: colours that can be read, and the files that hold them; charts and their axes. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "chart/chart.h"
#include "view/settings.h"
#include "tui/theme_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* sRGB 119 119 119 is where L* is 50 (to a tenth), and the greys end at 0 and 100. */
TEST(lightness_is_that_of_cie)
{
	assert_float_equal(theme_lightness(16), 0, 1e-6);
	assert_float_equal(theme_lightness(231), 100, 1e-3);
	assert_float_equal(theme_lightness(243), 49.6, 0.1); /* 118 118 118 */
	assert_float_equal(theme_lightness(196), 53.2, 0.1); /* pure red */
}

TEST(the_nearest_colour_is_itself)
{
	for (int i = 17; i < 256; i++)
		assert_int_equal(theme_rgb(theme_nearest(theme_rgb(i), 256)), theme_rgb(i));
	assert_int_equal(theme_nearest(0xff0000, 8), 1);
	assert_int_equal(theme_nearest(0xfefefe, 8), 7);
	assert_int_equal(theme_nearest(0xe69f00, 256), 214); /* Okabe and Ito's orange */
}

/* L* of text and ground must be this far apart: 30 where a theme does not know its ground and must
 * do on black and on white, else 33 (a grey of 240 on white has 63). */
static void can_be_read(
    const struct theme *t, double light_ground, double dark_ground, double least)
{
	for (int r = 0; r < ROLE_COUNT; r++) {
		struct ink k = theme_ink(t, 256, (enum role)r);
		char name[THEME_ROLE_SIZE];

		if (k.fg < 0)
			continue;
		theme_role_name((enum role)r, name);
		for (int g = 0; g < 2; g++) {
			double ground = k.bg >= 0 ? theme_lightness(k.bg)
					: g       ? dark_ground
						  : light_ground;

			if (isnan(ground))
				continue;
			if (fabs(theme_lightness(k.fg) - ground) < least)
				fail_msg("%s: %s: %d on L* %.0f", t->name, name, k.fg, ground);
		}
	}
}

TEST(every_role_can_be_read)
{
	char *dir = file_share("themes", NULL);
	struct buf names = BUF_INIT;
	struct theme t;
	int files = 0;

	for (int i = 0; theme_builtins[i]; i++) {
		bool light = !strcmp(theme_builtins[i], "light"),
		     dark = !strcmp(theme_builtins[i], "dark");

		assert_true(theme_builtin(theme_builtins[i], &t));
		assert_string_equal(t.name, theme_builtins[i]);
		can_be_read(&t, dark ? NAN : 100, light ? NAN : 0, light || dark ? 33 : 30);
	}
	theme_builtin("highcontrast", &t);
	can_be_read(&t, NAN, NAN, 50);

	assert_non_null(dir);
	theme_file_list(&names);
	for (const char *name = buf_str(&names); *name;
	     name += strcspn(name, "|"), name += *name == '|') {
		int n = (int)strcspn(name, "|");
		char *path = mem_printf("%s/%.*s.theme", dir, n, name);

		assert_true(theme_file_read(path, &t, NULL));
		assert_memory_equal(t.name, name, (size_t)n);
		can_be_read(&t, NAN, NAN, 30);
		mem_free(path);
		files++;
	}
	assert_true(files >= 3);
	buf_clear(&names);
	mem_free(dir);
}

/* Right and wrong, and the series, differ for who sees no red or no green: by lightness or by blue,
 * which a deutan sees as well as anybody. */
TEST(colorblind_tells_right_from_wrong)
{
	struct theme t;
	unsigned ok, error;

	assert_true(theme_builtin("colorblind", &t));
	ok = theme_rgb(theme_ink(&t, 256, ROLE_OK).fg);
	error = theme_rgb(theme_ink(&t, 256, ROLE_ERROR).fg);
	assert_true(abs((int)(ok & 255) - (int)(error & 255)) > 150);
}

TEST(roles_have_names)
{
	char name[THEME_ROLE_SIZE];

	for (int r = 0; r < ROLE_COUNT; r++) {
		theme_role_name((enum role)r, name);
		assert_int_equal(theme_role(name), r);
	}
	assert_int_equal(theme_role("diverge-3"), ROLE_DIVERGE0);
	assert_int_equal(theme_role("diverge+3"), ROLE_DIVERGE6);
	assert_int_equal(theme_role("colour"), ROLE_COUNT);
}

/* Write a theme file and read it. */
static bool read_text(const char *text, struct theme *t, struct err *e)
{
	help_write_text("file.theme", text);
	return theme_file_read("file.theme", t, e);
}

TEST(a_file_gives_roles)
{
	struct theme t, dark;
	struct ink k;

	theme_builtin("dark", &dark);
	assert_true(
	    read_text("# one\nbase = dark\n\ndefault = 250 #000000\nheader = #ff0000 default bold "
		      "underline # red\nramp0=white 17\nbar = green\n",
		&t, NULL));
	k = theme_ink(&t, 256, ROLE_HEADER);
	assert_int_equal(k.fg, 196);
	assert_int_equal(k.bg, 16); /* the default's */
	assert_int_equal(k.flags, STYLE_BOLD | STYLE_UNDERLINE);
	k = theme_ink(&t, 256, ROLE_RAMP0);
	assert_int_equal(k.fg, 7);
	assert_int_equal(k.bg, 17);
	assert_int_equal(theme_ink(&t, 8, ROLE_HEADER).fg, 1);
	assert_int_equal(
	    theme_ink(&t, 256, ROLE_SERIES1).fg, theme_ink(&dark, 256, ROLE_SERIES1).fg);
	assert_int_equal(theme_ink(&t, 2, ROLE_BAR).fg, -1);
}

TEST(a_mistake_in_a_file_has_a_line)
{
	static const struct {
		const char *text, *wanted;
	} cases[] = {
	    {"header = 256\n", ":1: '256' is no colour"},
	    {"\n\nheader = 7 7 blink\n", ":3: 'blink' is no flag"},
	    {"heading = 7\n", ":1: there is no role 'heading'"},
	    {"header 7\n", ":1: not of the form"},
	    {"header =\n", ":1: a colour is missing"},
	    {"header = #12345\n", ":1: '#12345' is no colour"},
	    {"header = 7\nbase = dark\n", ":2: base comes first"},
	    {"base = nonsense\n", ":1: there is no built-in theme 'nonsense'"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct theme t = {.name = "before"};
		struct err e = ERR_INIT;

		assert_false(read_text(cases[i].text, &t, &e));
		assert_non_null(strstr(e.msg, cases[i].wanted));
		assert_string_equal(t.name, "before");
	}
}

TEST(themes_in_files_are_choices)
{
	struct settings s = {{0}};
	struct err e = ERR_INIT;

	setting_more_choices(SETTING_THEME, "amber|mine");
	assert_true(settings_set(&s, "theme", "mine", &e));
	assert_false(settings_set(&s, "theme", "yours", &e));
	assert_non_null(strstr(e.msg, "mono|amber|mine"));
	setting_more_choices(SETTING_THEME, "");
	assert_false(settings_set(&s, "theme", "mine", &e));
}

/* Axes */

static void ticks_are(struct chart_axis a, size_t max, const char *wanted)
{
	struct chart_tick t[CHART_TICKS_MAX];
	size_t n = chart_ticks(&a, max, t);
	struct buf b = BUF_INIT;

	assert_true(n <= max);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%s%s", i ? " " : "", t[i].text);
	assert_string_equal(buf_str(&b), wanted);
	buf_clear(&b);
}

TEST(ticks_are_round_numbers)
{
	ticks_are((struct chart_axis){.low = 0, .high = 1}, 6, "0.0 0.2 0.4 0.6 0.8 1.0");
	ticks_are((struct chart_axis){.low = 1, .high = 32}, 6, "10 20 30");
	ticks_are(
	    (struct chart_axis){.low = -0.3, .high = 0.3}, 7, "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3");
	ticks_are(
	    (struct chart_axis){.low = 0.02, .high = 0.8, .log = true}, 9, "0.02 0.05 0.1 0.2 0.5");
	ticks_are((struct chart_axis){.low = 0.001, .high = 1000, .log = true}, 9,
	    "0.001 0.01 0.1 1 10 100 1000");
}

TEST(a_share_of_an_axis)
{
	struct chart_axis log = {.low = 0.1, .high = 10, .log = true};

	assert_float_equal(chart_share(&log, 1), 0.5, 1e-12);
	assert_float_equal(
	    chart_share(&(struct chart_axis){.low = 20, .high = 40}, 25), 0.25, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lightness_is_that_of_cie),
	    cmocka_unit_test(the_nearest_colour_is_itself),
	    cmocka_unit_test(every_role_can_be_read),
	    cmocka_unit_test(colorblind_tells_right_from_wrong),
	    cmocka_unit_test(roles_have_names),
	    cmocka_unit_test(a_file_gives_roles),
	    cmocka_unit_test(a_mistake_in_a_file_has_a_line),
	    cmocka_unit_test(themes_in_files_are_choices),
	    cmocka_unit_test(ticks_are_round_numbers),
	    cmocka_unit_test(a_share_of_an_axis),
	};

	return cmocka_run_group_tests_name("ui_theme", tests, NULL, NULL);
}
