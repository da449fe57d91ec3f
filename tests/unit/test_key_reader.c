/* Sequences of real terminals, whole and torn, and what must never become a command. */
#include "test.h"

#include "tui/key_reader.h"

#include <locale.h>
#include <string.h>

static const struct {
	const char *bytes;
	uint32_t key; /* K_NONE: swallowed */
} sent[] = {
    /* xterm, PuTTY, rxvt, linux, tmux and screen */
    {"\033[A", K_UP},
    {"\033OB", K_DOWN},
    {"\033[1;5C", K_RIGHT},
    {"\033[5C", K_RIGHT},
    {"\033O5D", K_LEFT},
    {"\033[a", K_UP},
    {"\033Od", K_LEFT},
    {"\033\033[D", K_LEFT},
    {"\033\033OA", K_UP},
    {"\033[H", K_HOME},
    {"\033OF", K_END},
    {"\033[1;2H", K_HOME},
    {"\033[1~", K_HOME},
    {"\033[4~", K_END},
    {"\033[7~", K_HOME},
    {"\033[8~", K_END},
    {"\033[7$", K_HOME},
    {"\033[8^", K_END},
    {"\033[6@", K_PGDN},
    {"\033[2~", K_INSERT},
    {"\033[3~", K_DELETE},
    {"\033[3;5~", K_DELETE},
    {"\033[5~", K_PGUP},
    {"\033[6;3~", K_PGDN},
    {"\033[Z", K_BACKTAB},
    {"\033OP", K_F1},
    {"\033[11~", K_F1},
    {"\033[[A", K_F1},
    {"\033[[E", K_F1 + 4},
    {"\033[1;2P", K_F1},
    {"\033O2Q", K_F1 + 1},
    {"\033[15;5~", K_F1 + 4},
    {"\033[24~", K_F12},
    {"\033[34~", K_OTHER},
    /* keypad */
    {"\033OM", K_ENTER},
    {"\033Op", '0'},
    {"\033Oy", '9'},
    {"\033Ok", '+'},
    {"\033Oj", '*'},
    {"\033OX", '='},
    /* CSI u and modifyOtherKeys */
    {"\033[97u", 'a'},
    {"\033[97;2u", 'A'},
    {"\033[97:65;2u", 'A'},
    {"\033[27u", K_ESC},
    {"\033[13;2u", K_ENTER},
    {"\033[27;5;13~", K_ENTER},
    {"\033[9;2u", K_BACKTAB},
    {"\033[127;5u", K_BACKSPACE},
    {"\033[27;2;65~", 'A'},
    {"\033[98;3u", KEY_ALT('b')},
    {"\033[27;3;98~", KEY_ALT('b')},
    {"\033[228u", 0xe4},
    {"\033[97;65u", 'a'}, /* Caps Lock */
    {"\033[97;5u", K_OTHER},
    {"\033[27;5;97~", K_OTHER},
    {"\033[57414u", K_OTHER},
    {"\033[99999999999999999999u", K_OTHER},
    {"\033[97;1:2u", 'a'},
    {"\033[97;1:3u", K_NONE},
    {"\033[1;1:3A", K_NONE},
    /* Alt */
    {"\033b", KEY_ALT('b')},
    {"\033\177", KEY_ALT(K_BACKSPACE)},
    {"\033\b", KEY_ALT(K_BACKSPACE)},
    {"\033\r", KEY_ALT(K_ENTER)},
    {"\033\xc3\xa4", KEY_ALT(0xe4)},
    /* mouse: xterm's second and first kind, urxvt's */
    {"\033[<0;11;6M", KEY_CLICK(5, 10)},
    {"\033[<0;11;6m", K_NONE},
    {"\033[<35;11;6M", K_NONE},
    {"\033[<64;1;1M", K_WHEEL_UP},
    {"\033[<0;9999;1M", K_NONE},
    {"\033[M +&", KEY_CLICK(5, 10)},
    {"\033[M#+&", K_NONE},
    {"\033[Ma!!", K_WHEEL_DOWN},
    {"\033[M \xff\xff", KEY_CLICK(222, 222)},
    {"\033[32;11;6M", KEY_CLICK(5, 10)},
    {"\033[96;11;6M", K_WHEEL_UP},
    /* paste, focus, answers */
    {"\033[200~", K_PASTE_BEGIN},
    {"\033[201~", K_PASTE_END},
    {"\033[I", K_NONE},
    {"\033[O", K_NONE},
    {"\033[0n", K_NONE},
    {"\033[?62;4c", K_NONE},
    {"\033[>0;276;0c", K_NONE},
    {"\033[?1u", K_NONE},
    {"\033[12;40R", K_NONE},
    {"\033[8;24;80t", K_NONE},
    {"\033[?2026;2$y", K_NONE},
    {"\033[4;1$y", K_NONE},
    {"\033[?997;1n", K_NONE},
    {"\033]11;rgb:0000/0000/0000\a", K_NONE},
    {"\033]11;rgb:ffff/ffff/ffff\033\\", K_NONE},
    {"\033]52;c;aMOkdMO8\a", K_NONE},
    {"\033]0;Aufg\xc3\xa4nge \xe2\x80\xa6\a", K_NONE},
    {"\033P1$r0m\033\\", K_NONE},
    {"\033P>|tmux 3.3a\033\\", K_NONE},
    {"\033P!|00000000\033\\", K_NONE},
    {"\033_Gi=31;OK\033\\", K_NONE},
    {"\033^private\033\\", K_NONE},
    {"\033Xstring\033\\", K_NONE},
    /* broken: what ends them is swallowed with them */
    {"\033[12\030", K_NONE},
    {"\033]text\032", K_NONE},
    {"\033[12\r", K_NONE},
    {"\033[999999999999999999999999999999999999999999999999999999999~", K_NONE},
    {"\xc3\xa9", 0xe9},
    {"\xf0\x9f\x98\x80", 0x1f600},
    {"\xff", K_NONE},
    {"\x9b", K_NONE},
    {"\xc2\x9b", K_NONE},
    {"\r", K_ENTER},
    {"\n", K_ENTER},
    {"\b", K_BACKSPACE},
    {"\001", KEY_CTRL('a')},
};

/* What comes of the bytes without a pause. */
static unsigned feed(struct key_reader *r, const char *s, uint32_t *keys)
{
	unsigned n = 0;

	for (; *s; s++)
		n += key_reader_feed(r, (unsigned char)*s, keys + n);
	return n;
}

static void start(struct key_reader *r)
{
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	key_reader_init(r, true);
}

TEST(every_sequence_is_one_key_or_none)
{
	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		struct key_reader r;
		uint32_t got[64] = {K_NONE};
		size_t n = strlen(sent[i].bytes);
		unsigned keys = 0;

		start(&r);
		for (size_t k = 0; k < n; k++) {
			assert_int_equal(keys, 0);
			keys += key_reader_feed(&r, (unsigned char)sent[i].bytes[k], got + keys);
			if ((key_reader_patience(&r) > 0) != (k + 1 < n))
				fail_msg("sequence %zu waits or not after byte %zu", i, k);
		}
		if (keys != (sent[i].key != K_NONE) || (keys && got[0] != sent[i].key))
			fail_msg("sequence %zu gives %u keys, %#x", i, keys, got[0]);
		assert_int_equal(feed(&r, "W", got), 1);
		assert_int_equal(got[0], 'W');
	}
}

/* Torn anywhere and never gone on with: at most one key that is no letter, and nothing stays. */
TEST(what_is_torn_is_no_command)
{
	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		for (size_t cut = 1; cut < strlen(sent[i].bytes); cut++) {
			struct key_reader r;
			uint32_t got[8];
			unsigned n;

			start(&r);
			for (size_t k = 0; k < cut; k++)
				assert_int_equal(
				    key_reader_feed(&r, (unsigned char)sent[i].bytes[k], got), 0);
			n = key_reader_timeout(&r, got);
			assert_int_equal(key_reader_patience(&r), 0);
			for (unsigned k = 0; k < n; k++)
				assert_true(got[k] == K_ESC || got[k] >= KEY_ALT(0));
			assert_int_equal(feed(&r, "j", got), 1);
			assert_int_equal(got[0], 'j');
		}
	}
}

TEST(an_escape_alone_is_a_key)
{
	struct key_reader r;
	uint32_t k[8];

	start(&r);
	assert_int_equal(feed(&r, "\033", k), 0);
	assert_int_equal(key_reader_patience(&r), KEY_READER_LONE_MS);
	assert_int_equal(key_reader_timeout(&r, k), 1);
	assert_int_equal(k[0], K_ESC);
	assert_int_equal(feed(&r, "\033\033", k), 0);
	assert_int_equal(key_reader_timeout(&r, k), 2);
	assert_int_equal(k[1], K_ESC);
	assert_int_equal(feed(&r, "\033\033\033\033", k), 2);
	assert_int_equal(key_reader_timeout(&r, k), 2);
	assert_int_equal(feed(&r, "\033\033q", k), 2);
	assert_int_equal(k[0], K_ESC);
	assert_int_equal(k[1], KEY_ALT('q'));
}

/* "ESC [" may be Alt with a bracket, and the beginning of a sequence that is late. */
TEST(an_introducer_alone_is_alt)
{
	struct key_reader r;
	uint32_t k[8];

	start(&r);
	for (const char *s = "[O]PX^_"; *s; s++) {
		char bytes[] = {K_ESC, *s, '\0'};

		assert_int_equal(feed(&r, bytes, k), 0);
		assert_int_equal(key_reader_patience(&r), KEY_READER_LONE_MS);
		assert_int_equal(key_reader_timeout(&r, k), 1);
		assert_int_equal(k[0], KEY_ALT((unsigned char)*s));
	}
	feed(&r, "\033]11;", k);
	assert_int_equal(key_reader_patience(&r), KEY_READER_TORN_MS);
	assert_int_equal(key_reader_timeout(&r, k), 0);
}

TEST(a_sequence_that_is_cut_by_another_leaves_that_one)
{
	struct key_reader r;
	uint32_t k[8];

	start(&r);
	assert_int_equal(feed(&r, "\033[12\033[A", k), 1);
	assert_int_equal(k[0], K_UP);
	assert_int_equal(feed(&r, "\033]no end\033[201~", k), 1);
	assert_int_equal(k[0], K_PASTE_END);
	assert_int_equal(feed(&r, "\xe2\x82\033[A", k), 1);
	assert_int_equal(k[0], K_UP);
	assert_int_equal(feed(&r, "\xe2\x82x", k), 1);
	assert_int_equal(k[0], 'x');
	assert_int_equal(feed(&r, "\033[1\xc3\xa4", k), 1);
	assert_int_equal(k[0], 0xe4);
}

TEST(the_terminals_own_description_comes_first)
{
	struct key_reader r;
	uint32_t k[8];

	start(&r);
	assert_int_equal(feed(&r, "\033[214z", k), 0);
	key_reader_add(&r, "\033[214z", K_HOME); /* sun */
	key_reader_add(&r, "\033[P", K_DELETE);  /* st */
	key_reader_add(&r, "\033A", K_UP);       /* vt52 */
	key_reader_add(&r, NULL, K_DOWN);
	key_reader_add(&r, "\177", K_DELETE);
	assert_int_equal(feed(&r, "\033[214z\033[P\033A\177", k), 4);
	assert_int_equal(k[0], K_HOME);
	assert_int_equal(k[1], K_DELETE);
	assert_int_equal(k[2], K_UP);
	assert_int_equal(k[3], K_BACKSPACE);
}

/* Where the locale is not UTF-8. */
TEST(controls_of_eight_bits)
{
	struct key_reader r;
	uint32_t k[8];

	assert_non_null(setlocale(LC_CTYPE, "C"));
	key_reader_init(&r, false);
	assert_int_equal(feed(&r,
			     "\x9b"
			     "A",
			     k),
	    1);
	assert_int_equal(k[0], K_UP);
	assert_int_equal(feed(&r,
			     "\x8fM\x9b"
			     "1~",
			     k),
	    2);
	assert_int_equal(k[0], K_ENTER);
	assert_int_equal(k[1], K_HOME);
	for (const char *s = "\x90\x98\x9d\x9e\x9f"; *s; s++) {
		char bytes[] = {*s, 'j', 't', '\r', (char)0x9c, '\0'};

		assert_int_equal(feed(&r, bytes, k), 0);
		assert_int_equal(key_reader_patience(&r), 0);
	}
	assert_int_equal(feed(&r, "\x9b", k), 0);
	assert_int_equal(key_reader_timeout(&r, k), 0);
	assert_int_equal(feed(&r, "\x85\x84j", k), 1);
	assert_int_equal(k[0], 'j');
	setlocale(LC_CTYPE, "C.UTF-8");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_sequence_is_one_key_or_none),
	    cmocka_unit_test(what_is_torn_is_no_command),
	    cmocka_unit_test(an_escape_alone_is_a_key),
	    cmocka_unit_test(an_introducer_alone_is_alt),
	    cmocka_unit_test(a_sequence_that_is_cut_by_another_leaves_that_one),
	    cmocka_unit_test(the_terminals_own_description_comes_first),
	    cmocka_unit_test(controls_of_eight_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
