/* charset.h - text in another encoding than UTF-8, as spreadsheets and older programs write it. */
#ifndef BASE_CHARSET_H
#define BASE_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum charset {
	CHARSET_ASCII, /* so far; what comes may be of any kind but UTF-16 */
	CHARSET_UTF8,
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_WINDOWS1252,
};
const char *charset_name(enum charset c);

/* A text that is read in chunks; zero it first. */
struct charset_reader {
	enum charset is;
	bool begun;
	unsigned char kept[4]; /* bytes of a character whose end is in the next chunk */
	size_t n_kept;
};

/* The chunk as UTF-8: *p, *n are moved over a byte order mark and otherwise left where the text is
 * UTF-8 (malformed bytes included: they are for the reader to complain of); else the text is
 * appended to `out`, and *p, *n are what was appended. False where `out` is full.
 *
 * UTF-16 is known by its byte order mark, or by every other byte being 0. Windows-1252 (and with it
 * Latin-1) is taken where the first chunk with a byte over 127 holds no character of UTF-8, no
 * control character, no byte that the encoding leaves undefined, and none that rather begins a
 * damaged character of UTF-8. */
bool charset_decode(struct charset_reader *r, const char **p, size_t *n, struct buf *out);

#endif
