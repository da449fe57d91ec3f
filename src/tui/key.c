#include "tui/key.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
	uint32_t key;
	const char *name, *label;
} named[] = {
    {K_TAB, "Tab", "Tab"},
    {K_ENTER, "Enter", "Enter"},
    {K_ESC, "Esc", "Esc"},
    {K_BACKSPACE, "BS", "Backspace"},
    {K_UP, "Up", "↑"},
    {K_DOWN, "Down", "↓"},
    {K_LEFT, "Left", "←"},
    {K_RIGHT, "Right", "→"},
    {K_HOME, "Home", "Home"},
    {K_END, "End", "End"},
    {K_PGUP, "PgUp", "PgUp"},
    {K_PGDN, "PgDn", "PgDn"},
    {K_INSERT, "Ins", "Ins"},
    {K_DELETE, "Del", "Del"},
    {K_BACKTAB, "S-Tab", "S-Tab"},
    {K_WHEEL_UP, "WheelUp", "wheel"},
    {K_WHEEL_DOWN, "WheelDown", "wheel"},
    {K_PASTE_BEGIN, "Paste", "paste"},
    {K_PASTE_END, "PasteEnd", "paste"},
    {K_SCREEN, "Screen", "screen"},
    {K_WAIT, "Wait", "wait"},
    {' ', "Space", "Space"},
    {'<', "lt", "<"},
};
#define N_NAMED (sizeof(named) / sizeof(*named))

size_t key_parse(const char *s, uint32_t *key)
{
	const char *end;
	size_t n;
	unsigned y, x, f;

	if (!*s)
		return 0;
	if (*s != '<')
		return utf8_decode(s, strlen(s), key);
	end = strchr(s, '>');
	if (!end)
		return SIZE_MAX;
	n = (size_t)(end - s) - 1;
	if (n == 3 && !strncasecmp(s + 1, "C-", 2) && s[3] >= '@' && s[3] <= 'z') {
		*key = KEY_CTRL(s[3]);
		return n + 2;
	}
	if (sscanf(s, "<Click-%u,%u>", &y, &x) == 2 && y < 2048 && x < 2048) {
		*key = KEY_CLICK(y, x);
		return n + 2;
	}
	if (n > 2 && !strncasecmp(s + 1, "A-", 2) &&
	    s + 3 + utf8_decode(s + 3, n - 2, key) == end) {
		*key = KEY_ALT(*key);
		return n + 2;
	}
	if (sscanf(s, "<F%2u>", &f) == 1 && f >= 1 && f <= 12) {
		*key = K_F1 + f - 1;
		return n + 2;
	}
	for (size_t i = 0; i < N_NAMED; i++) {
		if (strlen(named[i].name) == n && !strncasecmp(s + 1, named[i].name, n)) {
			*key = named[i].key;
			return n + 2;
		}
	}
	return SIZE_MAX;
}

const char *key_label(uint32_t key, char out[KEY_LABEL_SIZE])
{
	if (key & KEY_ALT(0)) {
		char plain[KEY_LABEL_SIZE];

		snprintf(out, KEY_LABEL_SIZE, "Alt-%.10s", key_label(key & ~KEY_ALT(0), plain));
		return out;
	}
	for (size_t i = 0; i < N_NAMED; i++) {
		if (named[i].key == key)
			return named[i].label;
	}
	if (key < 0x20)
		snprintf(out, KEY_LABEL_SIZE, "^%c", (char)(key + '@'));
	else if (key >= K_F1 && key <= K_F12)
		snprintf(out, KEY_LABEL_SIZE, "F%u", (unsigned)(key - K_F1 + 1));
	else if (key < K_NONE)
		out[utf8_encode(key, out)] = '\0';
	else
		snprintf(out, KEY_LABEL_SIZE, "this key");
	return out;
}
