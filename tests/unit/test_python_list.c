/* Python's repr of texts: what Python 3 prints, and what only looks like it. */
#include "config.h"

#include "test.h"

#include "base/buf.h"
#include "base/rng.h"
#include "ingest/python_list.h"

#include <string.h>

static void assert_reads(const char *list, const char *texts)
{
	struct buf out = BUF_INIT;

	if (!python_list(list, strlen(list), '|', &out))
		fail_msg("no list: %s", list);
	assert_string_equal(buf_str(&out), texts);
	buf_clear(&out);
}

static void what_python_prints(void **state)
{
	(void)state;
	assert_reads("['one']", "one|");
	assert_reads("[]", "");
	assert_reads("['one', 'two']", "one|two|");
	assert_reads("('one',)", "one|");
	assert_reads("[\"it's\"]", "it's|");
	assert_reads("['say \"x\"']", "say \"x\"|");
	assert_reads("['it\\'s \"x\"']", "it's \"x\"|");
	assert_reads("['a\\nb\\tc\\\\d']", "a\nb\tc\\d|");
	assert_reads("['\\xe9\\u200b\\U0001f600']", "\xc3\xa9\xe2\x80\x8b\xf0\x9f\x98\x80|");
	assert_reads("['\\d no escape']", "\\d no escape|");
	assert_reads("  ['x']\n", "x|");
}

static void what_is_no_list(void **state)
{
	static const char *const others[] = {"", "[", "]", "plain", "[1, 2]", "['open]",
	    "['a' 'b']", "['a'", "('a']", "['a', b]", "['\\x']", "['\\xg0']", "['\\ud800']",
	    "['\\U00110000']", "['\\x00']", "['a']]", "['\\", "[\\'a\\']"};
	struct buf out = BUF_INIT;

	(void)state;
	buf_adds(&out, "before");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (python_list(others[i], strlen(others[i]), '|', &out))
			fail_msg("a list: %s", others[i]);
		assert_string_equal(buf_str(&out), "before");
	}
	buf_clear(&out);
}

/* Whatever is written is read again. */
static void what_is_written_is_read(void **state)
{
	static const char bytes[] = "ab'\"\\\n\r\t [],\x01\x7f";
	struct buf list = BUF_INIT, out = BUF_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 7, 7);
	for (int round = 0; round < 2000; round++) {
		char text[24];
		size_t n = rng_below(&r, sizeof(text) - 1);

		for (size_t i = 0; i < n; i++)
			text[i] = bytes[rng_below(&r, sizeof(bytes) - 1)];
		text[n] = '\0';
		buf_reset(&list);
		buf_reset(&out);
		python_list_write(text, n, &list);
		assert_true(python_list(list.s, list.len, '|', &out));
		assert_int_equal(out.len, n + 1);
		assert_memory_equal(out.s, text, n);
	}
	buf_clear(&list);
	buf_clear(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_python_prints),
	    cmocka_unit_test(what_is_no_list),
	    cmocka_unit_test(what_is_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
