/* utf8.h - text as bytes, code points and terminal cells; the only door to utf8proc. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buf;

/* Decode one code point at s[0..n); n >= 1. Returns the bytes consumed (>= 1). A malformed byte
 * yields U+FFFD and consumes 1. */
size_t utf8_decode(const char *s, size_t n, uint32_t *cp);
size_t utf8_encode(uint32_t cp, char out[4]);
/* Offset of the first malformed byte, or n where all is well. */
size_t utf8_check(const char *s, size_t n);

/* Cells one code point takes: 0 combining or control, 1, or 2 wide. */
int utf8_cp_width(uint32_t cp);
/* Cells of a string as utf8_printable would show it. */
size_t utf8_width(const char *s);

/* A copy that is safe on a terminal: control characters (C0, DEL, C1), malformed bytes, bidi
 * overrides, whatever has no ink (joiners stay in emoji and between letters that join), line
 * separators and unassigned code points become visible escapes such as \n, \x1b, \u202e; all else is kept. Newline and tab
 * too are escaped. A combining mark with nothing before it stands on a dotted circle. _add returns false, adding nothing, where the ceiling of `b` is reached. */
char *utf8_printable(struct arena *a, const char *s, size_t n);
bool utf8_printable_add(struct buf *b, const char *s, size_t n);

/* Bytes of the longest prefix of printable `s` that takes at most `cells`; *got is its width. */
size_t utf8_clip(const char *s, size_t cells, size_t *got);

/* Lower case per code point (simple mapping), for search and n-grams. */
uint32_t utf8_lower(uint32_t cp);
/* Of ASCII alone: any other byte is itself. */
static inline char utf8_lower_ascii(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}
bool utf8_is_letter(uint32_t cp);
bool utf8_is_digit(uint32_t cp);
bool utf8_is_space(uint32_t cp);
/* General categories as Unicode names them: P*; Cc, Cf, Cs or Co; Mn. */
bool utf8_is_punctuation(uint32_t cp);
bool utf8_is_other(uint32_t cp);
bool utf8_is_nonspacing_mark(uint32_t cp);
/* Full canonical decomposition of one code point (NFD without the reordering of marks); returns how
 * many code points there are. */
#define UTF8_DECOMPOSED_MAX 4
size_t utf8_decompose(uint32_t cp, uint32_t out[UTF8_DECOMPOSED_MAX]);
/* Appends what two texts have in common that a reader takes for one: compatibility forms composed
 * (NFKC), lower case, spaces collapsed and off the ends, invisible format characters out. Malformed
 * UTF-8 is appended as it is. */
void utf8_fold(struct buf *out, const char *s, size_t n);
/* Case-insensitive substring, smart case: an upper-case letter in needle makes it exact. NULL if
 * absent. */
const char *utf8_search(const char *hay, const char *needle);
/* Shell-style glob with * and ?, case-insensitive. */
bool utf8_glob(const char *pattern, const char *s);
/* Whether s holds the text (smart case), or matches it as a glob: names chosen by a part. */
bool utf8_holds(const char *s, const char *part);

#endif
