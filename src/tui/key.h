/* key.h - one pressed key as a number, and its names in scripts, key files and help. */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A key is a code point (control keys are their control character), or one of these. */
enum {
	K_TAB = 9,
	K_ENTER = 13,
	K_ESC = 27,
	K_BACKSPACE = 127,
	K_NONE = 0x110000, /* no key waits */
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_HOME,
	K_END,
	K_PGUP,
	K_PGDN,
	K_INSERT,
	K_DELETE,
	K_BACKTAB,
	K_F1,
	K_F12 = K_F1 + 11,
	K_PASTE_BEGIN, /* around pasted text (bracketed paste) */
	K_PASTE_END,
	K_WHEEL_UP,
	K_WHEEL_DOWN,
	K_SCREEN, /* in scripts: print the screen */
	K_WAIT,   /* in scripts: until all jobs are done */
	K_OTHER,  /* a key that has no name here */
	K_LIMIT
};

/* A click of the first button at a cell, both below 2048. */
#define KEY_CLICK(y, x) (0x400000u | (uint32_t)(y) << 11 | (uint32_t)(x))
static inline bool key_is_click(uint32_t k)
{
	return k & 0x400000u;
}
static inline int key_click_y(uint32_t k)
{
	return (int)(k >> 11 & 2047);
}
static inline int key_click_x(uint32_t k)
{
	return (int)(k & 2047);
}

#define KEY_CTRL(c) ((uint32_t)(c)&0x1f)
/* A code point or a control character with Alt. */
#define KEY_ALT(c) (0x800000u | (uint32_t)(c))

static inline bool key_is_text(uint32_t k)
{
	return k >= 0x20 && k != K_BACKSPACE && k < K_NONE;
}

/* The next key in `s`: a character stands for itself, "<Enter>", "<C-d>", "<A-x>", "<lt>" for
 * named ones, "<Click-5,10>" for a click on line 5, column 10 (from 0).
 * Returns the bytes consumed, 0 at the end, SIZE_MAX for an unknown <name>. */
size_t key_parse(const char *s, uint32_t *key);
/* For help and hints: "Enter", "^D", "Alt-b", "Space", "j", an arrow. */
#define KEY_LABEL_SIZE 16
const char *key_label(uint32_t key, char out[KEY_LABEL_SIZE]);

#endif
