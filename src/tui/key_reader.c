/* key_reader.c - see key_reader.h. The states are those of ECMA-48, 5.4 and 5.6. */
#include "tui/key_reader.h"

#include "base/utf8.h"

#include <stdio.h>

enum { REST, CHARACTER, ESCAPE, CSI, SS3, CONSOLE, MOUSE, STRING, STRING_ESCAPE };

/* CSI number final, or SS3 final (number 0); modifiers are passed over. */
static const struct {
	unsigned number;
	char final;
	uint32_t key;
} sequence[] = {
    {0, 'A', K_UP},
    {0, 'B', K_DOWN},
    {0, 'C', K_RIGHT},
    {0, 'D', K_LEFT},
    {0, 'F', K_END},
    {0, 'H', K_HOME},
    {0, 'M', K_ENTER}, /* of the keypad */
    {0, 'P', K_F1},
    {0, 'Z', K_BACKTAB},
    {1, '~', K_HOME}, /* PuTTY, tmux, screen, linux */
    {3, '~', K_DELETE},
    {4, '~', K_END},
    {5, '~', K_PGUP},
    {6, '~', K_PGDN},
    {7, '~', K_HOME}, /* rxvt */
    {8, '~', K_END},
    {11, '~', K_F1},
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

/* A key by its code point; of the modifiers only Shift (2) leaves it what it is. */
static uint32_t coded(unsigned code, unsigned modifier)
{
	if (modifier > 2)
		return K_NONE;
	if (code == K_TAB)
		return modifier == 2 ? K_BACKTAB : K_TAB;
	if (code == K_ENTER || code == K_ESC || code == K_BACKSPACE)
		return code;
	return code >= 0x20 && code < 0xd800 && !(code >= 0x80 && code < 0xa0) ? code : K_NONE;
}

static uint32_t control_sequence(const char *s, char final)
{
	unsigned v[3] = {0}, event = 1;

	if (*s == '<')
		return final == 'M' && sscanf(s, "<%4u;%4u;%4u", &v[0], &v[1], &v[2]) == 3
			   ? mouse(v[0], v[1], v[2])
			   : K_NONE;
	if (*s && (*s < '0' || *s > ';')) /* an answer: "?1;2c" */
		return K_NONE;
	if (sscanf(s, "%7u;%4u:%4u", &v[0], &v[1], &event) >= 3 && event == 3) /* a release */
		return K_NONE;
	if (final == 'u')
		return coded(v[0], v[1]);
	/* "1;5C" and "5C" are an arrow with a modifier; "12;40R" and "5n" are no keys. */
	return find(final == '~' ? v[0] : 0, final);
}

static uint32_t character(struct key_reader *r, unsigned char byte)
{
	unsigned lead = (unsigned char)r->s[0], want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
	uint32_t c;

	if ((byte & 0xc0) != 0x80) { /* cut short: the byte begins anew */
		r->state = REST;
		return key_reader_feed(r, byte);
	}
	r->s[r->n++] = (char)byte;
	if (r->n < want)
		return K_NONE;
	r->state = REST;
	return utf8_decode(r->s, want, &c) == want && c >= 0xa0 ? c : K_NONE;
}

static uint32_t at_rest(struct key_reader *r, unsigned char byte)
{
	r->n = 0;
	if (byte == K_ESC) {
		r->state = ESCAPE;
	} else if (byte >= 0xc2 && byte <= 0xf4) {
		r->state = CHARACTER;
		r->s[r->n++] = (char)byte;
	} else if (byte < 0x80) {
		return byte == '\n' ? K_ENTER : byte == 8 ? K_BACKSPACE : byte;
	}
	return K_NONE;
}

static uint32_t after_escape(struct key_reader *r, unsigned char byte)
{
	r->n = 0;
	if (byte == '[')
		r->state = CSI;
	else if (byte == 'O')
		r->state = SS3;
	else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
		r->state = STRING;
	else if (byte != K_ESC) /* a second one is Alt: "ESC ESC [ A" of rxvt */
		r->state = REST;
	return K_NONE;
}

static uint32_t within_sequence(struct key_reader *r, unsigned char byte)
{
	bool ss3 = r->state == SS3;

	if (byte == K_ESC) { /* cut short */
		r->state = ESCAPE;
	} else if (byte >= 0x20 && byte < 0x40) {
		if (r->n < sizeof(r->s) - 1)
			r->s[r->n++] = (char)byte;
	} else if (!ss3 && byte == '[' && !r->n) {
		r->state = CONSOLE;
	} else if (!ss3 && byte == 'M' && !r->n) {
		r->state = MOUSE;
	} else {
		r->state = REST;
		r->s[r->n] = '\0';
		return ss3 ? find(0, (char)byte) : control_sequence(r->s, (char)byte);
	}
	return K_NONE;
}

uint32_t key_reader_feed(struct key_reader *r, unsigned char byte)
{
	switch (r->state) {
	case CHARACTER:
		return character(r, byte);
	case ESCAPE:
		return after_escape(r, byte);
	case CSI:
	case SS3:
		return within_sequence(r, byte);
	case CONSOLE: /* function keys of the Linux console: "[[A" */
		r->state = REST;
		return byte == 'A' ? K_F1 : K_NONE;
	case MOUSE: /* of xterm's first kind: three bytes from 32 */
		r->s[r->n++] = (char)(byte - 32);
		if (r->n < 3)
			return K_NONE;
		r->state = REST;
		return mouse(
		    (unsigned char)r->s[0], (unsigned char)r->s[1], (unsigned char)r->s[2]);
	case STRING:
		if (byte == '\a')
			r->state = REST;
		else if (byte == K_ESC)
			r->state = STRING_ESCAPE;
		return K_NONE;
	case STRING_ESCAPE:
		if (byte == '\\') {
			r->state = REST;
			return K_NONE;
		}
		return after_escape(r, byte);
	default:
		return at_rest(r, byte);
	}
}

bool key_reader_waits(const struct key_reader *r)
{
	return r->state != REST;
}

uint32_t key_reader_timeout(struct key_reader *r)
{
	bool lone = r->state == ESCAPE;

	*r = (struct key_reader){0};
	return lone ? K_ESC : K_NONE;
}
