/* Text: code points, cells, escapes, errors, JSON. */
#include "test.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

TEST(decode_valid)
{
	static const struct {
		const char *s;
		uint32_t cp;
		size_t n;
	} cases[] = {
	    {"a", 'a', 1},
	    {"\xc3\xa9", 0xe9, 2},
	    {"\xe2\x82\xac", 0x20ac, 3},
	    {"\xf0\x9f\x98\x80", 0x1f600, 4},
	    {"\xef\xbf\xbd", 0xfffd, 3},
	    {"\xf4\x8f\xbf\xbf", 0x10ffff, 4},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint32_t cp;
		char back[4];
		size_t n = strlen(cases[i].s);

		assert_int_equal(utf8_decode(cases[i].s, n, &cp), cases[i].n);
		assert_int_equal(cp, cases[i].cp);
		assert_int_equal(utf8_encode(cp, back), n);
		assert_memory_equal(back, cases[i].s, n);
		assert_int_equal(utf8_check(cases[i].s, n), n);
	}
}

TEST(decode_hostile)
{
	/* Lone continuation, overlong, surrogate, beyond U+10FFFF, cut short, never a byte. */
	static const char *const bad[] = {"\x80", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
	    "\xf4\x90\x80\x80", "\xf0\x9f\x98", "\xe2\x82", "\xc3", "\xff", "\xfe",
	    "\xf8\x88\x80\x80\x80"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		uint32_t cp;
		char text[64];
		int n = snprintf(text, sizeof(text), "plain text %s", bad[i]);

		assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &cp), 1);
		assert_int_equal(cp, 0xfffd);
		assert_int_equal(utf8_check(text, (size_t)n), 11);
	}
}

/* utf8_decode never reads beyond n: the bytes end where the allocation ends (sanitizers, valgrind). */
TEST(decode_stays_inside)
{
	static const char whole[] = "\xf0\x9f\x98\x80";

	for (size_t n = 1; n < 4; n++) {
		char *s = mem_alloc(n);
		uint32_t cp;

		memcpy(s, whole, n);
		assert_int_equal(utf8_decode(s, n, &cp), 1);
		assert_int_equal(utf8_check(s, n), 0);
		mem_free(s);
	}
}

TEST(printable_escapes)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
	    {"plain", "plain"},
	    {"caf\xc3\xa9 \xe4\xb8\xad", "caf\xc3\xa9 \xe4\xb8\xad"},
	    {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
	    {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
	    {"\x7f\x07", "\\x7f\\x07"},
	    {"\xc2\x9b"
	     "31m",
		"\\x9b31m"},
	    {"\x9b"
	     "31m",
		"\\x9b31m"},
	    {"\xe2\x80\xae"
	     "evil",
		"\\u202eevil"},
	    {"\xe2\x80\xa8", "\\u2028"},
	    {"\xef\xbb\xbf"
	     "bom",
		"\\ufeffbom"},
	    {"cut \xe2\x82", "cut \\xe2\\x82"},
	    /* without ink: soft hyphen, joiner, Hangul filler, selector */
	    {"al\u00adpha", "al\\xadpha"},
	    {"al\u200dpha\u200c", "al\\u200dpha\\u200c"},
	    {"alpha\u3164\u2800", "alpha\\u3164\\u2800"},
	    {"alpha\ufe0f", "alpha\\ufe0f"},
	    /* an emoji and letters that join need theirs */
	    {"\U0001f469\u200d\U0001f4bb \u2764\ufe0f", "\U0001f469\u200d\U0001f4bb \u2764\ufe0f"},
	    {"\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"},
	    {"\u0645\u06cc\u200c", "\u0645\u06cc\\u200c"},
	};
	struct arena a = ARENA_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char *s = utf8_printable(&a, cases[i].in, strlen(cases[i].in));

		assert_string_equal(s, cases[i].out);
		assert_int_equal(utf8_width(cases[i].in), utf8_width(s));
	}
	assert_string_equal(utf8_printable(&a, "nul\0!", 5), "nul\\x00!");
	arena_clear(&a);
}

/* Whatever the bytes, what is shown is valid UTF-8 without a control character. */
TEST(printable_random_bytes)
{
	struct arena a = ARENA_INIT;
	uint32_t x = 12345;

	for (int round = 0; round < 2000; round++) {
		char raw[24];
		char *s;

		for (size_t i = 0; i < sizeof(raw); i++) {
			x = x * 1664525 + 1013904223;
			raw[i] = (char)(x >> 24);
		}
		s = utf8_printable(&a, raw, sizeof(raw));
		assert_int_equal(utf8_check(s, strlen(s)), strlen(s));
		for (size_t i = 0, n = strlen(s), len; i < n; i += len) {
			uint32_t cp;

			len = utf8_decode(s + i, n - i, &cp);
			assert_true(cp >= 0x20 && (cp < 0x7f || cp > 0x9f));
		}
	}
	arena_clear(&a);
}

TEST(width_and_clip)
{
	size_t got;

	assert_int_equal(utf8_width("abc"), 3);
	assert_int_equal(utf8_width("\xe4\xb8\xad\xe6\x96\x87"), 4); /* two wide */
	assert_int_equal(utf8_width("e\xcc\x81"), 1);                /* e + combining acute */
	assert_int_equal(utf8_width("हिन्दी"), 5);                    /* ह ि न ् द ी */
	assert_int_equal(utf8_width("한"), 2);                   /* jamo: one syllable */
	assert_int_equal(utf8_width("́a"), 2);                        /* a mark on a circle */
	assert_int_equal(utf8_width("\x1b"), 4);                     /* shown as \x1b */
	/* A wide character does not fit into one cell, and a combining one stays with its base. */
	assert_int_equal(utf8_clip("a\xe4\xb8\xad", 2, &got), 1);
	assert_int_equal(got, 1);
	assert_int_equal(utf8_clip("a\xe4\xb8\xad", 3, &got), 4);
	assert_int_equal(got, 3);
	assert_int_equal(utf8_clip("e\xcc\x81x", 1, &got), 3);
	assert_int_equal(utf8_clip("abc", 0, &got), 0);
	assert_int_equal(utf8_clip("abc", 99, &got), 3);
}

TEST(classes)
{
	assert_int_equal(utf8_lower('A'), 'a');
	assert_int_equal(utf8_lower(0xc9), 0xe9);
	assert_int_equal(utf8_lower('['), '[');
	assert_true(utf8_is_letter('z') && utf8_is_letter(0xe9) && utf8_is_letter(0x4e2d));
	assert_false(utf8_is_letter('[') || utf8_is_letter('1') || utf8_is_letter('@'));
	assert_true(utf8_is_digit('7') && utf8_is_digit(0x0663) && !utf8_is_digit('a'));
	assert_true(utf8_is_space(' ') && utf8_is_space('\n') && utf8_is_space(0x3000));
	assert_false(utf8_is_space(0) || utf8_is_space('_'));
}

TEST(search_smart_case)
{
	const char *hay = "Zwei \xc3\x84pfel";

	assert_ptr_equal(utf8_search(hay, "zwei"), hay);
	assert_ptr_equal(utf8_search(hay, "\xc3\xa4pf"), hay + 5);
	assert_ptr_equal(utf8_search(hay, "\xc3\x84pf"), hay + 5);
	assert_null(utf8_search(hay, "ZWEI"));
	assert_null(utf8_search(hay, "zweig"));
	assert_ptr_equal(utf8_search(hay, ""), hay);
	assert_null(utf8_search("", "x"));
	/* The Kelvin sign is a K, too. */
	assert_non_null(utf8_search("0 \xe2\x84\xaa", "k"));
	assert_string_equal(utf8_search("THE A-b and a_B", "a_b"), "a_B");
}

TEST(numbers_as_printf_writes_them)
{
	static const double v[] = {0, -0.0, 1, -1, 9.99, 99.95001, 0.004, -0.004, 123456.789, 7e11,
	    1e12, -5e20, 0.5000001, 65.4321, INFINITY};

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		for (int d = 0; d <= 6; d++) {
			struct buf b = BUF_INIT;
			char want[64];

			/* Beyond 2^53 / 10^6 the digits run out. */
			if (fabs(v[i]) > 9e9 && v[i] < 1e12 && d > 3)
				continue;
			snprintf(want, sizeof(want), "%.*f", d, v[i]);
			assert_true(buf_add_number(&b, v[i], d));
			assert_string_equal(buf_str(&b), want);
			buf_clear(&b);
		}
}

TEST(glob)
{
	assert_true(utf8_glob("*", ""));
	assert_true(utf8_glob("meta*8b*", "Meta-Llama-3-8B-Instruct"));
	assert_true(utf8_glob("a?c", "a\xc3\xa9"
				     "c"));
	assert_true(utf8_glob("*aab", "aaaab"));
	assert_true(utf8_glob("**x**", "x"));
	assert_false(utf8_glob("a?c", "ac"));
	assert_false(utf8_glob("abc", "abcd"));
	assert_false(utf8_glob("abcd", "abc"));
	assert_false(utf8_glob("", "a"));
	/* Exponential in a naive matcher. */
	assert_false(utf8_glob(
	    "*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

TEST(buf_ceiling)
{
	struct buf b;

	buf_init(&b, 5);
	assert_string_equal(buf_str(&b), "");
	assert_true(buf_adds(&b, "1234"));
	assert_false(buf_adds(&b, "56"));
	assert_false(buf_printf(&b, "%d", 56));
	assert_string_equal(buf_str(&b), "1234");
	assert_false(utf8_printable_add(&b, "\n", 1));
	assert_string_equal(buf_str(&b), "1234");
	assert_true(buf_addc(&b, '5'));
	assert_false(buf_add(&b, "x", SIZE_MAX));
	assert_int_equal(b.len, 5);
	buf_reset(&b);
	assert_true(buf_printf(&b, "%s", "abcde"));
	char *s = buf_take(&b);
	assert_string_equal(s, "abcde");
	assert_null(b.s);
	mem_free(s);
}

TEST(err_messages)
{
	struct err e = ERR_INIT;
	char huge[3000];

	assert_false(err_set(&e, ERR_DATA, "%s:%d: bad", "a\x1b[2Jb\xff", 7));
	assert_string_equal(e.msg, "a\\x1b[2Jb\\xff:7: bad");
	assert_int_equal(e.kind, ERR_DATA);
	assert_false(err_wrap(&e, "file %d", 1));
	assert_string_equal(e.msg, "file 1: a\\x1b[2Jb\\xff:7: bad");
	assert_int_equal(e.kind, ERR_DATA);

	/* Cut before a character, never within one. */
	for (size_t pad = 0; pad < 3; pad++) {
		size_t n = ERR_MSG_SIZE - 10 + pad;

		memset(huge, 'x', n);
		for (size_t i = 0; i < 20; i++)
			memcpy(huge + n + 3 * i, "\xe2\x82\xac", 3);
		huge[n + 60] = '\0';
		err_set(&e, ERR_FAILED, "%s", huge);
		assert_true(strlen(e.msg) < ERR_MSG_SIZE);
		assert_int_equal(utf8_check(e.msg, strlen(e.msg)), strlen(e.msg));
		assert_string_equal(e.msg + strlen(e.msg) - 3, "...");
	}
	assert_false(err_set(NULL, ERR_FAILED, "nobody listens"));
	assert_int_equal(err_exit_status(ERR_NONE), 0);
	assert_int_equal(err_exit_status(ERR_FAILED), 1);
	assert_int_equal(err_exit_status(ERR_USAGE), 2);
	assert_int_equal(err_exit_status(ERR_DATA), 3);
	assert_int_equal(err_exit_status(ERR_CANCELLED), 130);
	err_clear(&e);
	assert_string_equal(e.msg, "");
}

static json_t *read_text(const char *s, struct err *e)
{
	return json_read(s, strlen(s), "f:1", e);
}

TEST(json_python_numbers)
{
	struct err e = ERR_INIT;
	json_t *v =
	    read_text("{\"a\": [NaN,-Infinity,Infinity,NaN], \"NaN \\\" Infinity\": \"NaN\"}", &e);
	json_t *a = json_object_get(v, "a");

	assert_non_null(v);
	assert_int_equal(json_array_size(a), 4);
	for (size_t i = 0; i < 4; i++)
		assert_true(json_is_null(json_array_get(a, i)));
	assert_string_equal(json_get_string(v, "NaN \" Infinity"), "NaN");
	json_decref(v);
	v = read_text("NaN", &e);
	assert_true(json_is_null(v));
	json_decref(v);
}

/* Half a surrogate pair and NUL, which Python writes, become U+FFFD; whole pairs stay. */
TEST(json_python_text)
{
	static const char *const texts[][2] = {
	    {"\"\\ud835\"", "\xef\xbf\xbd"},
	    {"\"a\\uDC9D b\"", "a\xef\xbf\xbd b"},
	    {"\"\\ud835\\udc9d\"", "\xf0\x9d\x92\x9d"},
	    {"\"\\ud835\\ud835\\udc9d\"", "\xef\xbf\xbd\xf0\x9d\x92\x9d"},
	    {"\"\\ud835x\\u0041\"", "\xef\xbf\xbdxA"},
	    {"\"x\\u0000y\"", "x\xef\xbf\xbdy"},
	    {"\"\\\\ud835\"", "\\ud835"},
	};
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *v = read_text(texts[i][0], &e);

		if (!v)
			fail_msg("%s: %s", texts[i][0], e.msg);
		assert_string_equal(json_string_value(v), texts[i][1]);
		json_decref(v);
	}
}

TEST(json_byte_offset)
{
	struct err e = ERR_INIT;

	assert_null(read_text("{\"a\": 1, x}", &e));
	assert_non_null(strstr(e.msg, "f:1: byte 10: "));
	assert_int_equal(e.kind, ERR_DATA);
	/* The same place after three replaced words. */
	assert_null(read_text("{\"a\":[NaN,NaN,Infinity], x}", &e));
	assert_non_null(strstr(e.msg, "f:1: byte 26: "));
}

TEST(json_hostile)
{
	static const char *const bad[] = {"", "{", "{\"a\": 1, \"a\": 2}", "\"\xff\"", "\"a\x01\"",
	    "nul", "[1,]", "1 2", "\"\\u00g0\"", "\"\\u\"", "\"\\ud8\"", "{\"a\" 1}", "-",
	    "--Infinity", "1e999", "NaNNaN"};
	struct err e = ERR_INIT;
	size_t depth = 100000;
	char *deep = mem_alloc(depth + 1);

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err_clear(&e);
		if (read_text(bad[i], &e))
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(e.kind, ERR_DATA);
	}
	memset(deep, '[', depth);
	deep[depth] = '\0';
	assert_null(read_text(deep, &e));
	mem_free(deep);
	assert_null(json_read("[1, \0 2]", 8, "f", &e));
}

TEST(json_values)
{
	struct err e = ERR_INIT;
	json_t *v = read_text(
	    "{\"n\": 1.5, \"t\": true, \"s\": \"x\", \"big\": 123456789012345678901234567890}", &e);
	double d = 0;

	assert_non_null(v);
	assert_true(json_get_number(v, "n", &d) && d == 1.5);
	assert_true(json_get_number(v, "t", &d) && d == 1);
	assert_true(json_get_number(v, "big", &d) && fabs(d / 1.2345678901234568e29 - 1) < 1e-15);
	assert_false(json_get_number(v, "s", &d));
	assert_false(json_get_number(v, "none", &d));
	assert_null(json_get_string(v, "n"));
	json_decref(v);
}

TEST(json_written)
{
	struct err e = ERR_INIT;
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	json_t *v = json_pack("{s:o,s:o,s:o,s:s}", "b", json_number(0.1), "a", json_number(NAN),
	    "c", json_number(2.0 / 3), "s", "\x1b\x7f\xc2\x9b\xc3\xa9");

	assert_true(json_write_line(f, v, &e));
	fclose(f);
	assert_string_equal(text, "{\"b\": 0.1, \"a\": null, \"c\": 0.666666667, "
				  "\"s\": \"\\u001B\\u007F\\u009B\xc3\xa9\"}\n");
	json_decref(v);
	mem_free(text);
}

/* What ncurses asks the C library, and terminals too: else a row of cells is not where it is drawn. */
TEST(width_is_that_of_the_terminal)
{
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		skip();
	for (uint32_t cp = 0x20; cp < 0x110000; cp++) {
		int width = wcwidth((wchar_t)cp);

		/* What is not shown as it is, and what one of the two does not know yet. */
		if (width < 0 || utf8_is_other(cp) || (cp >= 0xd800 && cp < 0xe000))
			continue;
		if (utf8_cp_width(cp) != width)
			fail_msg("U+%04X: %d cells, not %d", cp, utf8_cp_width(cp), width);
	}
	setlocale(LC_CTYPE, "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decode_valid),
	    cmocka_unit_test(decode_hostile),
	    cmocka_unit_test(decode_stays_inside),
	    cmocka_unit_test(printable_escapes),
	    cmocka_unit_test(printable_random_bytes),
	    cmocka_unit_test(width_and_clip),
	    cmocka_unit_test(width_is_that_of_the_terminal),
	    cmocka_unit_test(classes),
	    cmocka_unit_test(search_smart_case),
	    cmocka_unit_test(glob),
	    cmocka_unit_test(buf_ceiling),
	    cmocka_unit_test(err_messages),
	    cmocka_unit_test(json_python_numbers),
	    cmocka_unit_test(json_python_text),
	    cmocka_unit_test(json_byte_offset),
	    cmocka_unit_test(json_hostile),
	    cmocka_unit_test(json_values),
	    cmocka_unit_test(numbers_as_printf_writes_them),
	    cmocka_unit_test(json_written),
	};

	return cmocka_run_group_tests_name("base text", tests, NULL, NULL);
}
