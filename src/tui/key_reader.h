/* key_reader.h - what a terminal sends, byte by byte, as keys.
 *
 * Escape sequences (CSI, SS3; OSC, DCS, APC, PM and SOS with their strings) are read whole: the usual
 * ones are keys, the others are swallowed and never taken for Esc and letters. Alt with a key is one
 * key. Needs no terminal and no clock: the caller says when nothing came for a while.
 */
#ifndef TUI_KEY_READER_H
#define TUI_KEY_READER_H

#include "tui/key.h"

#include <wchar.h>

#define KEY_READER_KEYS 3       /* at most so many keys at once */
#define KEY_READER_LENGTH 48    /* bytes that are kept of a sequence; longer ones are no keys */
#define KEY_READER_EXTRA 48     /* sequences that may be added */
#define KEY_READER_LONE_MS 100  /* an escape that stands so long alone is the key Esc */
#define KEY_READER_TORN_MS 1000 /* a sequence that is not gone on with for so long is dropped */

struct key_sequence {
	char bytes[16]; /* from the escape on */
	uint32_t key;
};

struct key_reader {
	bool utf8; /* the locale's characters; else bytes 0x80 to 0x9f that are none are controls */
	int state;
	unsigned escapes; /* that began what is read, 1 or 2 */
	unsigned n;       /* bytes of it, of which `bytes` has the first */
	char bytes[KEY_READER_LENGTH];
	mbstate_t character;
	struct key_sequence extra[KEY_READER_EXTRA];
	unsigned n_extra;
};

void key_reader_init(struct key_reader *r, bool utf8);
/* What the terminal's own description says of a key. NULL, or what does not begin with an escape, is
 * passed over, and so is what does not fit. */
void key_reader_add(struct key_reader *r, const char *bytes, uint32_t key);
/* How many keys this byte ends, and which; often none. */
unsigned key_reader_feed(struct key_reader *r, unsigned char byte, uint32_t keys[KEY_READER_KEYS]);
/* How long to wait for the next byte, in ms; 0 between two keys. */
int key_reader_patience(const struct key_reader *r);
/* So much time went by: the keys that were meant. The reader is between two keys again. */
unsigned key_reader_timeout(struct key_reader *r, uint32_t keys[KEY_READER_KEYS]);

#endif
