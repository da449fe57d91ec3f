/* key_reader.h - what a terminal sends, byte by byte, as keys.
 *
 * Escape sequences (CSI, SS3, OSC, DCS and their kin) are read whole: the usual ones are keys, the
 * others are swallowed, as is Alt with a letter. Needs no terminal.
 */
#ifndef TUI_KEY_READER_H
#define TUI_KEY_READER_H

#include "tui/key.h"

#define KEY_READER_MS 100 /* after so long without a byte an escape alone is the key Esc */

struct key_reader { /* zero is a reader at rest */
	int state;
	unsigned n; /* bytes in s */
	char s[32]; /* a sequence after its introducer, or a character */
};

/* The key that this byte ends, or K_NONE. */
uint32_t key_reader_feed(struct key_reader *r, unsigned char byte);
/* Whether it is within a sequence or a character. */
bool key_reader_waits(const struct key_reader *r);
/* KEY_READER_MS went by: K_ESC where an escape stood alone, else K_NONE; the rest is dropped. */
uint32_t key_reader_timeout(struct key_reader *r);

#endif
