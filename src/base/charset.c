#include "base/charset.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

#define LONG_CHUNK 4096 /* shorter ones are whole files */

const char *charset_name(enum charset c)
{
	static const char *const names[] = {
	    [CHARSET_ASCII] = "ASCII",
	    [CHARSET_UTF8] = "UTF-8",
	    [CHARSET_UTF16LE] = "UTF-16 (little endian)",
	    [CHARSET_UTF16BE] = "UTF-16 (big endian)",
	    [CHARSET_WINDOWS1252] = "Windows-1252",
	};

	return names[c];
}

/* Bytes 0x80 to 0x9f; 0 = undefined. The others are the code point of the same number. */
static const uint16_t windows1252[32] = {
    0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, /* 80 */
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0,      /* 88 */
    0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, /* 90 */
    0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178, /* 98 */
};

static size_t first_high(const char *p, size_t n)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof(word) <= n; i += sizeof(word)) {
		memcpy(&word, p + i, sizeof(word));
		if (word & 0x8080808080808080u)
			break;
	}
	while (i < n && !((unsigned char)p[i] & 0x80))
		i++;
	return i;
}

/* UTF-16 without a mark: letters of ASCII have a byte 0 beside each. */
static enum charset guess_utf16(const char *p, size_t n)
{
	size_t zeros[2] = {0, 0};

	n = n < 4096 ? n & ~(size_t)1 : 4096;
	for (size_t i = 0; i < n; i++)
		zeros[i & 1] += p[i] == 0 ? 1 : 0;
	if (n >= 8 && zeros[1] > n / 4 && zeros[0] == 0)
		return CHARSET_UTF16LE;
	if (n >= 8 && zeros[0] > n / 4 && zeros[1] == 0)
		return CHARSET_UTF16BE;
	return CHARSET_ASCII;
}

/* May a character of UTF-8 that begins at p be cut off by the end of a long chunk? */
static bool may_be_cut(const char *p, size_t n, size_t chunk)
{
	unsigned char c = (unsigned char)*p;
	size_t wanted = c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;

	if (chunk < LONG_CHUNK || n >= wanted)
		return false;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)p[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* No control characters, as they stand in files that are no text. */
static bool is_text(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)p[i] < ' ' && !memchr("\t\n\v\f\r", p[i], 5)) || p[i] == 0x7f)
			return false;
	return true;
}

/* Of a chunk whose first byte over 127 is at `from`. */
static enum charset guess_8bit(const char *p, size_t n, size_t from)
{
	for (size_t i = from; i < n; i++) {
		unsigned char c = (unsigned char)p[i];
		uint32_t cp;

		if (c < 0x80)
			continue;
		if (utf8_decode(p + i, n - i, &cp) > 1 || may_be_cut(p + i, n - i, n) ||
		    c == 0xff || c == 0xc2 || c == 0xc3 || (c < 0xa0 && !windows1252[c - 0x80]))
			return CHARSET_UTF8;
	}
	return is_text(p, n) ? CHARSET_WINDOWS1252 : CHARSET_UTF8;
}

static void begin(struct charset_reader *r, const char **p, size_t *n)
{
	size_t mark = 0;

	if (*n >= 3 && !memcmp(*p, "\xef\xbb\xbf", 3)) {
		r->is = CHARSET_UTF8;
		mark = 3;
	} else if (*n >= 2 && !memcmp(*p, "\xff\xfe", 2)) {
		r->is = CHARSET_UTF16LE;
		mark = 2;
	} else if (*n >= 2 && !memcmp(*p, "\xfe\xff", 2)) {
		r->is = CHARSET_UTF16BE;
		mark = 2;
	} else {
		r->is = guess_utf16(*p, *n);
	}
	*p += mark;
	*n -= mark;
	r->begun = true;
}

static bool add_code_point(struct buf *out, uint32_t cp)
{
	char text[4];

	return buf_add(out, text, utf8_encode(cp, text));
}

/* One code point of the kept bytes, or false where more are wanted. */
static bool take_utf16(struct charset_reader *r, uint32_t *cp)
{
	const unsigned char *k = r->kept;
	size_t low = r->is == CHARSET_UTF16LE ? 0 : 1, used = 2;
	uint32_t one, two;

	if (r->n_kept < 2)
		return false;
	one = (uint32_t)(k[low] | k[1 - low] << 8);
	*cp = one >= 0xd800 && one < 0xe000 ? 0xfffd : one;
	if (one >= 0xd800 && one < 0xdc00) {
		if (r->n_kept < 4)
			return false;
		two = (uint32_t)(k[2 + low] | k[3 - low] << 8);
		if (two >= 0xdc00 && two < 0xe000) {
			*cp = 0x10000 + ((one - 0xd800) << 10) + (two - 0xdc00);
			used = 4;
		}
	}
	r->n_kept -= used;
	memmove(r->kept, r->kept + used, r->n_kept);
	return true;
}

static bool decode_utf16(struct charset_reader *r, const char *p, size_t n, struct buf *out)
{
	uint32_t cp;

	for (size_t i = 0; i < n; i++) {
		r->kept[r->n_kept++] = (unsigned char)p[i];
		while (take_utf16(r, &cp))
			if (!add_code_point(out, cp))
				return false;
	}
	return true;
}

static bool decode_windows1252(const char *p, size_t n, struct buf *out)
{
	while (n) {
		size_t plain = first_high(p, n);
		unsigned char c;
		uint32_t cp;

		if (plain && !buf_add(out, p, plain))
			return false;
		p += plain;
		n -= plain;
		if (!n)
			break;
		c = (unsigned char)*p++;
		n--;
		cp = c >= 0xa0 ? c : windows1252[c - 0x80];
		if (!add_code_point(out, cp ? cp : 0xfffd))
			return false;
	}
	return true;
}

bool charset_decode(struct charset_reader *r, const char **p, size_t *n, struct buf *out)
{
	size_t from = out->len, high;
	bool ok;

	if (!r->begun && *n)
		begin(r, p, n);
	if (r->is == CHARSET_ASCII) {
		high = first_high(*p, *n);
		if (high < *n)
			r->is = guess_8bit(*p, *n, high);
	}
	if (r->is == CHARSET_ASCII || r->is == CHARSET_UTF8)
		return true;
	ok = r->is == CHARSET_WINDOWS1252 ? decode_windows1252(*p, *n, out)
					  : decode_utf16(r, *p, *n, out);
	*p = out->s ? out->s + from : "";
	*n = out->len - from;
	return ok;
}
