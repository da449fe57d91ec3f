/* Sequences of real terminals, in chunks split at every byte. */
#include "test.h"

#include "tui/key_reader.h"

#include <string.h>

static const struct {
	const char *bytes;
	uint32_t key; /* K_NONE: swallowed */
} sent[] = {
    {"\033[A", K_UP},
    {"\033OB", K_DOWN},
    {"\033[1;5C", K_RIGHT},
    {"\033[5C", K_RIGHT},
    {"\033\033[D", K_LEFT},
    {"\033[H", K_HOME},
    {"\033OF", K_END},
    {"\033[1~", K_HOME},
    {"\033[4~", K_END},
    {"\033[7~", K_HOME},
    {"\033[8~", K_END},
    {"\033[3~", K_DELETE},
    {"\033[5~", K_PGUP},
    {"\033[6~", K_PGDN},
    {"\033[Z", K_BACKTAB},
    {"\033OM", K_ENTER},
    {"\033OP", K_F1},
    {"\033[11~", K_F1},
    {"\033[[A", K_F1},
    {"\033[200~", K_PASTE_BEGIN},
    {"\033[201~", K_PASTE_END},
    {"\033[97u", 'a'},
    {"\033[27u", K_ESC},
    {"\033[9;2u", K_BACKTAB},
    {"\033[97;5u", K_NONE},
    {"\033[97;1:3u", K_NONE},
    {"\033[27;5;97~", K_NONE},
    {"\033[<0;11;6M", KEY_CLICK(5, 10)},
    {"\033[<0;11;6m", K_NONE},
    {"\033[<64;1;1M", K_WHEEL_UP},
    {"\033[M +&", KEY_CLICK(5, 10)},
    {"\033[I", K_NONE},
    {"\033[O", K_NONE},
    {"\033b", K_NONE},
    {"\033\177", K_NONE},
    {"\033[?62;4c", K_NONE},
    {"\033[>0;276;0c", K_NONE},
    {"\033[12;40R", K_NONE},
    {"\033]11;rgb:0000/0000/0000\a", K_NONE},
    {"\033]11;rgb:ffff/ffff/ffff\033\\", K_NONE},
    {"\033P1$r0m\033\\", K_NONE},
    {"\033P>|tmux 3.3a\033\\", K_NONE},
    {"é", 0xe9},
    {"😀", 0x1f600},
    {"\r", K_ENTER},
    {"\b", K_BACKSPACE},
    {"\001", KEY_CTRL('a')},
};

static void test_sent(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		struct key_reader r = {0};
		uint32_t got = K_NONE;
		size_t n = strlen(sent[i].bytes);

		for (size_t k = 0; k < n; k++) {
			assert_int_equal(got, K_NONE);
			got = key_reader_feed(&r, (unsigned char)sent[i].bytes[k]);
			assert_int_equal(key_reader_waits(&r), k + 1 < n);
		}
		if (got != sent[i].key)
			fail_msg("sequence %zu gives %#x", i, got);
		assert_int_equal(key_reader_feed(&r, 'W'), 'W');
	}
}

static void test_escape(void **state)
{
	struct key_reader r = {0};

	(void)state;
	assert_int_equal(key_reader_feed(&r, 27), K_NONE);
	assert_int_equal(key_reader_timeout(&r), K_ESC);
	key_reader_feed(&r, 27);
	key_reader_feed(&r, '[');
	assert_int_equal(key_reader_timeout(&r), K_NONE);
	assert_int_equal(key_reader_feed(&r, 'j'), 'j');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sent),
	    cmocka_unit_test(test_escape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
