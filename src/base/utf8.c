#include "base/utf8.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"

#include <string.h>
#include <utf8proc.h>

size_t utf8_decode(const char *s, size_t n, uint32_t *cp)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t len;

	if ((unsigned char)s[0] < 0x80) {
		*cp = (unsigned char)s[0];
		return 1;
	}
	len = utf8proc_iterate((const utf8proc_uint8_t *)s, n < 4 ? (utf8proc_ssize_t)n : 4, &c);
	if (len <= 0) {
		*cp = 0xfffd;
		return 1;
	}
	*cp = (uint32_t)c;
	return (size_t)len;
}

/* Like utf8_decode, but false for a malformed byte, which U+FFFD alone does not tell. */
static bool decode_valid(const char *s, size_t n, uint32_t *cp, size_t *len)
{
	*len = utf8_decode(s, n, cp);
	return *cp != 0xfffd || *len == 3;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
	utf8proc_uint8_t b[4];
	utf8proc_ssize_t n;

	if (!utf8proc_codepoint_valid((utf8proc_int32_t)cp))
		cp = 0xfffd;
	n = utf8proc_encode_char((utf8proc_int32_t)cp, b);
	memcpy(out, b, (size_t)n);
	return (size_t)n;
}

size_t utf8_check(const char *s, size_t n)
{
	size_t i = 0, len;
	uint32_t cp;

	while (i < n) {
		uint64_t eight;

		/* Most text is ASCII: eight bytes at a time. */
		if (n - i >= 8) {
			memcpy(&eight, s + i, 8);
			if (!(eight & 0x8080808080808080)) {
				i += 8;
				continue;
			}
		}
		if (!decode_valid(s + i, n - i, &cp, &len))
			return i;
		i += len;
	}
	return n;
}

static utf8proc_category_t category(uint32_t cp)
{
	return utf8proc_category((utf8proc_int32_t)cp);
}

/* Code points that a terminal would act on, that would hide or reorder what is beside them, or
 * whose width nobody knows: C0, DEL, C1, line and paragraph separators, bidi marks and overrides,
 * what has no ink (Unicode's default ignorable code points, the empty Braille pattern), unassigned
 * ones. */
static bool is_unsafe(uint32_t cp)
{
	if (cp < 0x20 || cp == 0x7f)
		return true;
	if (cp < 0x80)
		return false;
	switch (category(cp)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_CS:
		return true;
	case UTF8PROC_CATEGORY_CF:
		return true;
	default:
		return cp == 0x2800 || utf8proc_get_property((utf8proc_int32_t)cp)->ignorable;
	}
}

static bool is_emoji(uint32_t cp)
{
	return cp >= 0x80 && (utf8proc_get_property((utf8proc_int32_t)cp)->boundclass ==
				     UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC ||
				 (cp >= 0x1f3fb && cp <= 0x1f3ff));
}

/* Letters of Arabic to Tibetan, whose shapes a joiner between them changes. */
static bool joins(uint32_t cp)
{
	return cp >= 0x600 && cp < 0x1000;
}

/* Joiners and the emoji selector where they change the ink: in an emoji, or between letters that
 * join. `next`: the n bytes after `cp`. */
static bool has_effect(uint32_t before, uint32_t cp, const char *next, size_t n)
{
	uint32_t after = 0;

	if (cp != 0x200c && cp != 0x200d && cp != 0xfe0f)
		return false;
	if (n)
		utf8_decode(next, n, &after);
	if (cp == 0xfe0f)
		return is_emoji(before);
	return (cp == 0x200d && (is_emoji(before) || before == 0xfe0f) && is_emoji(after)) ||
	       (joins(before) && joins(after));
}

/* As terminals and the C library have it, where utf8proc says otherwise: vowel signs that stand beside
 * their letter take a cell, vowels and finals of Hangul stand in that of the first consonant. */
int utf8_cp_width(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 0x20 && cp != 0x7f;
	if ((cp >= 0x1160 && cp <= 0x11ff) || (cp >= 0xd7b0 && cp <= 0xd7fb))
		return 0;
	if ((cp >= 0x3248 && cp <= 0x324f) || (cp >= 0x4dc0 && cp <= 0x4dff))
		return 2;
	if (category(cp) == UTF8PROC_CATEGORY_MC)
		return cp == 0x302e || cp == 0x302f || (cp & ~1u) == 0x16ff0 ? 2 : 1;
	return utf8proc_charwidth((utf8proc_int32_t)cp);
}

/* How utf8_printable shows what starts at s: its escape in out, or its own bytes. Sets the bytes
 * consumed; returns the length of out, and its cells in *width. *before: the code point before that
 * was shown as it is, 0 at first. */
static size_t show(
    const char *s, size_t n, uint32_t *before, char out[12], size_t *used, size_t *width)
{
	static const char hex[] = "0123456789abcdef";
	static const struct {
		char c, name;
	} named[] = {{'\n', 'n'}, {'\t', 't'}, {'\r', 'r'}};
	uint32_t cp;
	size_t len = 0, digits;
	bool valid = decode_valid(s, n, &cp, used);

	if (valid && (!is_unsafe(cp) || has_effect(*before, cp, s + *used, n - *used))) {
		*width = (size_t)utf8_cp_width(cp);
		/* A mark with nothing to stand on gets the circle that Unicode shows marks with. */
		if (!*width && !*before) {
			len = utf8_encode(0x25cc, out);
			*width = 1;
		}
		*before = cp;
		memcpy(out + len, s, *used);
		return len + *used;
	}
	*before = 0;
	out[len++] = '\\';
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		if (*s == named[i].c) {
			out[len++] = named[i].name;
			*width = len;
			return len;
		}
	}
	if (!valid)
		cp = (unsigned char)*s;
	digits = cp < 0x100 ? 2 : cp < 0x10000 ? 4 : 8;
	out[len++] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
	while (digits--)
		out[len++] = hex[cp >> (4 * digits) & 15];
	*width = len;
	return len;
}

size_t utf8_width(const char *s)
{
	size_t n = strlen(s), cells = 0, used, width;
	uint32_t before = 0;
	char out[12];

	for (; n; s += used, n -= used) {
		show(s, n, &before, out, &used, &width);
		cells += width;
	}
	return cells;
}

bool utf8_printable_add(struct buf *b, const char *s, size_t n)
{
	size_t used, width, len, start = b->len;
	uint32_t before = 0;
	char out[12];

	for (; n; s += used, n -= used) {
		len = show(s, n, &before, out, &used, &width);
		if (!buf_add(b, out, len)) {
			b->len = start;
			if (b->s)
				b->s[start] = '\0';
			return false;
		}
	}
	return true;
}

char *utf8_printable(struct arena *a, const char *s, size_t n)
{
	struct buf b;
	char *p;

	buf_init(&b, SIZE_MAX / 2);
	utf8_printable_add(&b, s, n);
	p = arena_strndup(a, buf_str(&b), b.len);
	buf_clear(&b);
	return p;
}

size_t utf8_clip(const char *s, size_t cells, size_t *got)
{
	size_t n = strlen(s), at = 0, sum = 0;

	while (at < n) {
		uint32_t cp;
		size_t len = utf8_decode(s + at, n - at, &cp);
		size_t width = (size_t)utf8_cp_width(cp);

		if (sum + width > cells)
			break;
		sum += width;
		at += len;
	}
	if (got)
		*got = sum;
	return at;
}

uint32_t utf8_lower(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	return (uint32_t)utf8proc_tolower((utf8proc_int32_t)cp);
}

bool utf8_is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return (cp | 32) >= 'a' && (cp | 32) <= 'z';
	utf8proc_category_t c = category(cp);
	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool utf8_is_digit(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= '0' && cp <= '9';
	return category(cp) == UTF8PROC_CATEGORY_ND;
}

bool utf8_is_space(uint32_t cp)
{
	if (cp < 0x80)
		return cp == ' ' || (cp >= '\t' && cp <= '\r');
	utf8proc_category_t c = category(cp);
	return cp == 0x85 || (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP);
}

bool utf8_is_punctuation(uint32_t cp)
{
	utf8proc_category_t c = category(cp);

	return c >= UTF8PROC_CATEGORY_PC && c <= UTF8PROC_CATEGORY_PO;
}

bool utf8_is_other(uint32_t cp)
{
	utf8proc_category_t c = category(cp);

	return c >= UTF8PROC_CATEGORY_CC && c <= UTF8PROC_CATEGORY_CO;
}

bool utf8_is_nonspacing_mark(uint32_t cp)
{
	return category(cp) == UTF8PROC_CATEGORY_MN;
}

size_t utf8_decompose(uint32_t cp, uint32_t out[UTF8_DECOMPOSED_MAX])
{
	utf8proc_int32_t to[UTF8_DECOMPOSED_MAX];
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char(
	    (utf8proc_int32_t)cp, to, UTF8_DECOMPOSED_MAX, UTF8PROC_DECOMPOSE, &boundary);

	if (n < 1 || n > UTF8_DECOMPOSED_MAX) { /* no code point */
		out[0] = cp;
		return 1;
	}
	for (utf8proc_ssize_t i = 0; i < n; i++)
		out[i] = (uint32_t)to[i];
	return (size_t)n;
}

/* The first code point of a NUL-terminated string, lower case if `fold`; 0 at the end. */
static uint32_t next_cp(const char **s, bool fold)
{
	uint32_t cp;

	if (!**s)
		return 0;
	if ((unsigned char)**s < 0x80)
		cp = (unsigned char)*(*s)++;
	else
		*s += utf8_decode(*s, strnlen(*s, 4), &cp);
	return fold ? utf8_lower(cp) : cp;
}

static bool starts_with(const char *s, const char *prefix, bool fold)
{
	uint32_t want;

	while ((want = next_cp(&prefix, fold)))
		if (next_cp(&s, fold) != want)
			return false;
	return true;
}

const char *utf8_search(const char *hay, const char *needle)
{
	uint32_t cp, first = 0;

	for (const char *s = needle; (cp = next_cp(&s, false));) {
		if (utf8_lower(cp) != cp)
			return strstr(hay, needle);
		first = first ? first : cp;
	}
	if (!first)
		return hay;
	for (const char *s = hay;; next_cp(&s, false)) {
		/* ASCII that cannot begin a match, whatever its case: nearly all of most texts. */
		while (*s && (unsigned char)*s < 0x80 && ((uint32_t)*s | 32) != (first | 32))
			s++;
		if (starts_with(s, needle, true))
			return s;
		if (!*s)
			return NULL;
	}
}

bool utf8_glob(const char *pattern, const char *s)
{
	const char *star = NULL, *resume = NULL;

	/* Greedy with one point of return: after a later '*' an earlier one need not move. */
	for (;;) {
		const char *p = pattern, *t = s;
		uint32_t want = next_cp(&p, true), have = next_cp(&t, true);

		if (want == '*') {
			star = pattern = p;
			resume = s;
		} else if (want && have && (want == '?' || want == have)) {
			pattern = p;
			s = t;
		} else if (!want && !have) {
			return true;
		} else if (star && *resume) {
			next_cp(&resume, false);
			s = resume;
			pattern = star;
		} else {
			return false;
		}
	}
}

bool utf8_holds(const char *s, const char *part)
{
	return utf8_search(s, part) || utf8_glob(part, s);
}

/* Spaces collapsed, ASCII in lower case. */
static void fold_ascii(struct buf *out, const char *s, size_t n)
{
	size_t start = out->len;
	bool space = false;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			space = out->len > start;
			continue;
		}
		if (space)
			buf_addc(out, ' ');
		space = false;
		buf_addc(out, utf8_lower_ascii(c));
	}
}

void utf8_fold(struct buf *out, const char *s, size_t n)
{
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t len = -1;
	size_t i = 0;

	while (i < n && (unsigned char)s[i] < 0x80)
		i++;
	if (i < n)
		len = utf8proc_map((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, &folded,
		    UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
			UTF8PROC_IGNORE);
	if (len >= 0)
		fold_ascii(out, (const char *)folded, (size_t)len);
	else
		fold_ascii(out, s, n);
	mem_free(folded);
}
