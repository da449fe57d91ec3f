/* key_reader.c - see key_reader.h. The states are those of ECMA-48, 5.4 and 5.6, and the odd ones of
 * xterm's first mouse reports, rxvt and the Linux console. */
#include "tui/key_reader.h"

#include <stdlib.h>
#include <string.h>

enum { REST, CHARACTER, ESCAPE, CSI, SS3, CONSOLE, MOUSE, STRING, STRING_ESCAPE };
enum { SHIFT = 1, ALT = 2, LOCKS = 64 | 128 };

/* CSI number final or SS3 final; where there is no number it is 0. What tells the same key with
 * modifiers apart is passed over. */
static const struct {
	unsigned number;
	char final;
	uint32_t key;
} sequence[] = {
    {0, 'A', K_UP},
    {0, 'B', K_DOWN},
    {0, 'C', K_RIGHT},
    {0, 'D', K_LEFT},
    {0, 'E', K_OTHER}, /* the keypad's 5 */
    {0, 'F', K_END},
    {0, 'H', K_HOME},
    {0, 'P', K_F1},
    {0, 'Q', K_F1 + 1},
    {0, 'S', K_F1 + 3},
    {0, 'Z', K_BACKTAB},
    {0, 'a', K_UP}, /* rxvt, with Shift or Ctrl */
    {0, 'b', K_DOWN},
    {0, 'c', K_RIGHT},
    {0, 'd', K_LEFT},
    {1, '~', K_HOME}, /* PuTTY, tmux, screen, linux */
    {2, '~', K_INSERT},
    {3, '~', K_DELETE},
    {4, '~', K_END},
    {5, '~', K_PGUP},
    {6, '~', K_PGDN},
    {7, '~', K_HOME}, /* rxvt */
    {8, '~', K_END},
    {11, '~', K_F1},
    {12, '~', K_F1 + 1},
    {13, '~', K_F1 + 2},
    {14, '~', K_F1 + 3},
    {15, '~', K_F1 + 4},
    {17, '~', K_F1 + 5},
    {18, '~', K_F1 + 6},
    {19, '~', K_F1 + 7},
    {20, '~', K_F1 + 8},
    {21, '~', K_F1 + 9},
    {23, '~', K_F1 + 10},
    {24, '~', K_F1 + 11},
    {25, '~', K_OTHER}, /* F13 to F20, Help and Menu */
    {26, '~', K_OTHER},
    {28, '~', K_OTHER},
    {29, '~', K_OTHER},
    {31, '~', K_OTHER},
    {32, '~', K_OTHER},
    {33, '~', K_OTHER},
    {34, '~', K_OTHER},
    {200, '~', K_PASTE_BEGIN},
    {201, '~', K_PASTE_END},
};

static uint32_t find(unsigned number, char final)
{
	for (size_t i = 0; i < sizeof(sequence) / sizeof(*sequence); i++) {
		if (sequence[i].number == number && sequence[i].final == final)
			return sequence[i].key;
	}
	return K_NONE;
}

/* The parameters of a control sequence: "27;5:3;97". */
struct parameters {
	char private; /* '<', '=', '>', '?' in front, or 0 */
	unsigned v[3], n;
	unsigned event; /* 1 pressed, 2 repeated, 3 released: the second's second part */
};

static struct parameters read_parameters(const char *s)
{
	struct parameters p = {.event = 1};

	if (*s >= '<' && *s <= '?')
		p.private = *s++;
	while (*s >= '0' && *s <= ';' && p.n < 3) {
		unsigned part = 0;

		for (;; s++) {
			unsigned long v = strtoul(s, (char **)&s, 10);

			if (part == 0)
				p.v[p.n] = v < K_NONE ? (unsigned)v : K_NONE;
			else if (p.n == 1 && part == 1)
				p.event = (unsigned)(v & 3);
			part++;
			if (*s != ':')
				break;
		}
		p.n++;
		s += *s == ';';
	}
	return p;
}

/* A press at column x, line y, both from 1. */
static uint32_t mouse(unsigned button, unsigned x, unsigned y)
{
	if (button == 64)
		return K_WHEEL_UP;
	if (button == 65)
		return K_WHEEL_DOWN;
	if (button || !x || !y || x > 2048 || y > 2048)
		return K_NONE;
	return KEY_CLICK(y - 1, x - 1);
}

/* A key by its code point, and what was held with it: 1 + the sum of Shift 1, Alt 2, Ctrl 4, ... */
static uint32_t coded(unsigned code, unsigned modifiers)
{
	unsigned held = modifiers > 1 ? (modifiers - 1) & ~(unsigned)LOCKS : 0;
	uint32_t key = code;

	if (code == K_TAB) {
		key = held & SHIFT ? K_BACKTAB : K_TAB;
	} else if (code == 8) {
		key = K_BACKSPACE;
	} else if (code != K_ENTER && code != K_ESC && code != K_BACKSPACE) {
		/* No characters: controls, surrogates, and the private ones of kitty's own keys. */
		if (code < 0x20 || (code >= 0x80 && code < 0xa0) ||
		    (code >= 0xd800 && code < 0xf900) || code >= K_NONE ||
		    held & ~(unsigned)(SHIFT | ALT))
			return K_OTHER;
		if (held & SHIFT && code >= 'a' && code <= 'z')
			key = code - 'a' + 'A';
	}
	return held & ALT && key < K_NONE ? KEY_ALT(key) : key;
}

static uint32_t control_sequence(const char *s, char final)
{
	struct parameters p = read_parameters(s);

	if (p.private == '<')
		return final == 'M' && p.n == 3 ? mouse(p.v[0], p.v[1], p.v[2]) : K_NONE;
	if (p.private || p.event == 3) /* an answer, "?1;2c"; or a key that was let go */
		return K_NONE;
	if (final == 'M') /* urxvt's mouse */
		return p.n == 3 && p.v[0] >= 32 ? mouse(p.v[0] - 32, p.v[1], p.v[2]) : K_NONE;
	if (final == 'u')
		return p.n ? coded(p.v[0], p.v[1]) : K_NONE;
	if (final == '~' && p.v[0] == 27 && p.n == 3) /* xterm's modifyOtherKeys */
		return coded(p.v[2], p.v[1]);
	if (final == '^' || final == '@' || final == '$') /* rxvt's, with Ctrl, both or Shift */
		final = '~';
	/* "1;5C" and "5C" are an arrow with a modifier; "12;40R" and "5n" are no keys. */
	return find(final == '~' ? p.v[0] : 0, final);
}

/* Keys of the keypad are their signs with 64 added. */
static uint32_t single_shift(const char *s, char final)
{
	if (final == 'X')
		return '=';
	if ((final >= 'j' && final <= 'y') || final == 'M' || final == 'I')
		return (uint32_t) final - 0x40;
	return control_sequence(s, final);
}

void key_reader_init(struct key_reader *r, bool utf8)
{
	*r = (struct key_reader){.utf8 = utf8};
}

void key_reader_add(struct key_reader *r, const char *bytes, uint32_t key)
{
	size_t n = bytes ? strlen(bytes) : 0;

	if (n < 2 || n >= sizeof(r->extra->bytes) || *bytes != K_ESC ||
	    r->n_extra == KEY_READER_EXTRA)
		return;
	r->extra[r->n_extra].key = key;
	memcpy(r->extra[r->n_extra++].bytes, bytes, n + 1);
}

/* What the terminal's description says of the sequence that was read. */
static uint32_t extra(const struct key_reader *r)
{
	for (unsigned i = 0; i < r->n_extra; i++) {
		if (!strcmp(r->extra[i].bytes, r->bytes))
			return r->extra[i].key;
	}
	return K_NONE;
}

static void keep(struct key_reader *r, unsigned char byte)
{
	if (r->n + 1 < sizeof(r->bytes)) {
		r->bytes[r->n] = (char)byte;
		r->bytes[r->n + 1] = '\0';
	}
	if (r->n < KEY_READER_LENGTH)
		r->n++;
}

static void begin(struct key_reader *r, int state)
{
	r->state = state;
	r->escapes = 1;
	r->n = 0;
	keep(r, K_ESC);
}

static void rest(struct key_reader *r)
{
	r->state = REST;
	r->escapes = r->n = 0;
	memset(&r->character, 0, sizeof(r->character));
}

/* The introducer of a sequence: the second byte after an escape, or 64 less as an 8-bit control. */
static bool introduce(struct key_reader *r, unsigned char byte)
{
	switch (byte) {
	case '[':
		r->state = CSI;
		break;
	case 'O':
		r->state = SS3;
		break;
	case ']': /* OSC */
	case 'P': /* DCS */
	case 'X': /* SOS */
	case '^': /* PM */
	case '_': /* APC */
		r->state = STRING;
		break;
	default:
		return false;
	}
	keep(r, byte);
	return true;
}

static unsigned give(uint32_t key, uint32_t keys[KEY_READER_KEYS])
{
	keys[0] = key;
	return key != K_NONE;
}

static bool is_control(uint32_t c)
{
	return c >= 0x80 && c < 0xa0;
}

static bool is_character(uint32_t c)
{
	return c < K_NONE && !is_control(c) && !(c >= 0xd800 && c < 0xe000);
}

/* A byte from 0x80 on, in the locale's coding, which may need more of them. */
static unsigned character(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	bool first = r->state == REST, alt = r->escapes > 0;
	wchar_t c = 0;
	size_t n;

	n = mbrtowc(&c, (const char *)&byte, 1, &r->character);
	if (n == (size_t)-2) {
		r->state = CHARACTER;
		return 0;
	}
	rest(r);
	if (n == (size_t)-1 || !is_character((uint32_t)c)) {
		if (!first) /* cut short: the byte begins anew */
			return key_reader_feed(r, byte, keys);
		if (!r->utf8 && is_control(byte)) {
			begin(r, ESCAPE);
			r->escapes = 0;
			if (!introduce(r, byte - 0x40))
				rest(r);
		}
		return 0;
	}
	return give(alt ? KEY_ALT((uint32_t)c) : (uint32_t)c, keys);
}

static unsigned at_rest(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	if (byte >= 0x80)
		return character(r, byte, keys);
	if (byte == K_ESC) {
		begin(r, ESCAPE);
		return 0;
	}
	return give(byte == '\n' ? K_ENTER : byte == 8 ? K_BACKSPACE : byte, keys);
}

static unsigned after_escape(
    struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	unsigned n = 0;
	uint32_t key;

	if (byte == K_ESC) {
		if (r->escapes < 2) {
			r->escapes++;
			return 0;
		}
		return give(K_ESC, keys);
	}
	/* Two escapes are Alt with a sequence ("ESC ESC [ A" of rxvt), or else Esc before Alt. */
	if (introduce(r, byte))
		return 0;
	if (r->escapes == 2)
		keys[n++] = K_ESC;
	if (byte >= 0x80) {
		r->state = REST;
		r->escapes = 1;
		return n + character(r, byte, keys + n);
	}
	keep(r, byte);
	key = extra(r);
	if (key == K_NONE)
		key = KEY_ALT(byte == '\n' ? K_ENTER : byte == 8 ? K_BACKSPACE : byte);
	keys[n++] = key;
	rest(r);
	return n;
}

static unsigned end(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	bool ss3 = r->state == SS3, whole = r->n + 1 < KEY_READER_LENGTH;
	char s[KEY_READER_LENGTH];
	uint32_t key;

	memcpy(s, r->bytes + 2, sizeof(s) - 2);
	keep(r, byte);
	key = extra(r);
	if (key == K_NONE && whole)
		key = ss3 ? single_shift(s, (char)byte) : control_sequence(s, (char)byte);
	rest(r);
	return whole ? give(key, keys) : 0;
}

/* Within CSI or SS3. */
static unsigned within(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	bool csi = r->state == CSI, first = r->n == 2;

	if (csi && first && (byte == '[' || byte == 'M')) {
		r->state = byte == 'M' ? MOUSE : CONSOLE;
		keep(r, byte);
		return 0;
	}
	/* rxvt ends "7$" where all others would go on. */
	if (csi && byte == '$' && !first && r->bytes[2] >= '0' && r->bytes[2] <= '9' &&
	    !strpbrk(r->bytes + 2, ";:"))
		return end(r, byte, keys);
	if (byte >= 0x20 && byte < 0x40) {
		keep(r, byte);
		return 0;
	}
	return end(r, byte, keys);
}

/* Function keys of the Linux console: "[[A" to "[[E". */
static unsigned console(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	rest(r);
	return give(byte >= 'A' && byte <= 'E' ? K_F1 + (uint32_t)(byte - 'A') : K_NONE, keys);
}

/* Mouse reports of xterm's first kind: three bytes from 32. */
static unsigned report(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	unsigned v[3];

	keep(r, byte);
	if (r->n < 6)
		return 0;
	for (int i = 0; i < 3; i++)
		v[i] = (unsigned)((unsigned char)r->bytes[3 + i] - 32) & 255;
	rest(r);
	return give(mouse(v[0], v[1], v[2]), keys);
}

static unsigned string(struct key_reader *r, unsigned char byte)
{
	if (byte == '\a' || (byte == 0x9c && !r->utf8))
		rest(r);
	else if (r->n == 2)
		keep(r, byte);
	return 0;
}

unsigned key_reader_feed(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS])
{
	if (r->state == REST)
		return at_rest(r, byte, keys);
	if (r->state == CHARACTER)
		return character(r, byte, keys);
	if (r->state == STRING_ESCAPE) {
		rest(r);
		if (byte == '\\') /* ST, the string's end */
			return 0;
		begin(r, ESCAPE);
	}
	if (r->state == ESCAPE)
		return after_escape(r, byte, keys);
	if (byte == K_ESC) { /* a string may end; anything else is cut short */
		int next = r->state == STRING ? STRING_ESCAPE : ESCAPE;

		begin(r, next);
		return 0;
	}
	if (byte == 0x18 || byte == 0x1a) { /* CAN and SUB end all */
		rest(r);
		return 0;
	}
	if (r->state == STRING)
		return string(r, byte);
	if (r->state == MOUSE && byte >= 0x20)
		return report(r, byte, keys);
	if (byte < 0x20) { /* a broken sequence */
		rest(r);
		return 0;
	}
	if (byte >= 0x80) {
		rest(r);
		return at_rest(r, byte, keys);
	}
	return r->state == CONSOLE ? console(r, byte, keys) : within(r, byte, keys);
}

/* An introducer alone, which may be Alt with that key. */
static bool is_alt(const struct key_reader *r)
{
	return r->escapes && (r->state == CSI || r->state == SS3 || r->state == STRING) &&
	       r->n == 2;
}

int key_reader_patience(const struct key_reader *r)
{
	if (r->state == REST)
		return 0;
	return r->state == ESCAPE || is_alt(r) ? KEY_READER_LONE_MS : KEY_READER_TORN_MS;
}

unsigned key_reader_timeout(struct key_reader *r, uint32_t keys[KEY_READER_KEYS])
{
	unsigned n = 0;

	if (r->state == ESCAPE)
		for (; n < r->escapes; n++)
			keys[n] = K_ESC;
	else if (is_alt(r))
		keys[n++] = KEY_ALT((unsigned char)r->bytes[1]);
	rest(r);
	return n;
}
