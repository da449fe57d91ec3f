#include "text/wordpiece.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/hashtable.h"
#include "base/utf8.h"
#include "text/wordpiece_internal.h"

#include <assert.h>
#include <string.h>

/* One text on its way. */
struct reading {
	const struct wordpiece *w;
	uint32_t *ids;
	size_t n, max;
	char *word; /* after room for the prefix: the word so far */
	size_t len, chars;
};

static void put(struct reading *r, uint32_t id)
{
	if (r->n < r->max)
		r->ids[r->n++] = id;
}

/* Ends the word: its longest pieces from left to right, or the unknown token where some part of it
 * is no piece. A piece inside a word is looked up with the prefix before it, which is written over
 * bytes that have been dealt with. */
static void end_word(struct reading *r)
{
	const struct wordpiece *w = r->w;
	char *word = r->word + w->prefix_len;
	size_t first = r->n, prefix = 0;

	if (!r->chars)
		return;
	if (r->chars > w->max_chars) {
		put(r, w->unknown);
		r->chars = r->len = 0;
		return;
	}
	for (size_t at = 0; at < r->len; prefix = w->prefix_len) {
		size_t end = r->len;
		uint64_t id = HASHTABLE_NONE;

		if (w->longest < prefix)
			end = at;
		else if (end - at > w->longest - prefix)
			end = at + w->longest - prefix;
		memcpy(word + at - prefix, w->prefix, prefix);
		for (; end > at; end--) {
			if (end < r->len && ((unsigned char)word[end] & 0xc0) == 0x80)
				continue; /* inside a character */
			id = hashtable_get(w->vocabulary, word + at - prefix, end - at + prefix);
			if (id != HASHTABLE_NONE)
				break;
		}
		if (id == HASHTABLE_NONE) {
			r->n = first;
			put(r, w->unknown);
			break;
		}
		put(r, (uint32_t)id);
		at = end;
	}
	r->chars = r->len = 0;
}

static void add_to_word(struct reading *r, uint32_t cp)
{
	if (r->chars++ < r->w->max_chars)
		r->len += utf8_encode(cp, r->word + r->w->prefix_len + r->len);
}

/* The reference asks tables of Unicode 8 for categories. Code points that became marks, punctuation
 * or format characters later, up to Unicode 15, with nothing between them that was one before: they
 * are letters to it. */
static const uint32_t newer[][2] = {
    {0x61d, 0x61d},
    {0x7fd, 0x7fd},
    {0x890, 0x8e2},
    {0x9fd, 0x9fe},
    {0xa76, 0xa76},
    {0xafa, 0xaff},
    {0xb55, 0xb55},
    {0xc04, 0xc3c},
    {0xc77, 0xc77},
    {0xc84, 0xc84},
    {0xd00, 0xd00},
    {0xd3b, 0xd3c},
    {0xd81, 0xd81},
    {0xeba, 0xeba},
    {0xece, 0xece},
    {0x180f, 0x1886},
    {0x1abf, 0x1ace},
    {0x1b7d, 0x1b7e},
    {0x1df6, 0x1dfb},
    {0x2e43, 0x2e5d},
    {0xa82c, 0xa82c},
    {0xa8c5, 0xa8c5},
    {0xa8ff, 0xa8ff},
    {0xa9bd, 0xa9bd},
    {0x10d24, 0x10f89},
    {0x11070, 0x11074},
    {0x110c2, 0x110cd},
    {0x111c9, 0x111c9},
    {0x111cf, 0x111cf},
    {0x1123e, 0x11241},
    {0x1133b, 0x1133b},
    {0x11438, 0x1145e},
    {0x11660, 0x1166c},
    {0x116b9, 0x116b9},
    {0x1182f, 0x11fff},
    {0x12ff1, 0x13455},
    {0x16e97, 0x16f4f},
    {0x16fe2, 0x16fe4},
    {0x1cf00, 0x1cf46},
    {0x1e000, 0x1e4ef},
    {0x1e944, 0x1e95f},
};

static bool is_newer(uint32_t cp)
{
	size_t low = 0, high = sizeof(newer) / sizeof(*newer);

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (cp > newer[mid][1])
			low = mid + 1;
		else
			high = mid;
	}
	return low < sizeof(newer) / sizeof(*newer) && cp >= newer[low][0];
}

/* A few have changed their category since: U+1734 was a mark, U+166D and U+111C9 punctuation. */
static bool is_mark(uint32_t cp)
{
	return cp == 0x1734 || (utf8_is_nonspacing_mark(cp) && !is_newer(cp));
}

static bool is_other(uint32_t cp)
{
	return utf8_is_other(cp) && !is_newer(cp);
}

static bool is_punctuation(uint32_t cp)
{
	if (cp < 0x80)
		return (cp >= 33 && cp <= 47) || (cp >= 58 && cp <= 64) || (cp >= 91 && cp <= 96) ||
		       (cp >= 123 && cp <= 126);
	return cp == 0x166d || cp == 0x111c9 || (utf8_is_punctuation(cp) && !is_newer(cp));
}

static void read_words(struct reading *r, const char *s, size_t n)
{
	while (n && r->n < r->max) {
		uint32_t cp;
		size_t len = utf8_decode(s, n, &cp);

		if (utf8_is_space(cp)) {
			end_word(r);
		} else if (is_punctuation(cp)) {
			end_word(r);
			add_to_word(r, cp);
			end_word(r);
		} else {
			add_to_word(r, cp);
		}
		s += len;
		n -= len;
	}
	end_word(r);
}

/* The blocks that BERT takes for Chinese, with the reference's start of extension E. */
static bool is_chinese(uint32_t cp)
{
	return (cp >= 0x4e00 && cp <= 0x9fff) || (cp >= 0x3400 && cp <= 0x4dbf) ||
	       (cp >= 0x20000 && cp <= 0x2a6df) || (cp >= 0x2a700 && cp <= 0x2b73f) ||
	       (cp >= 0x2b740 && cp <= 0x2b81f) || (cp >= 0x2b920 && cp <= 0x2ceaf) ||
	       (cp >= 0xf900 && cp <= 0xfaff) || (cp >= 0x2f800 && cp <= 0x2fa1f);
}

static bool add_code_point(const struct wordpiece *w, struct buf *out, uint32_t cp)
{
	char bytes[4];

	if (w->lower && cp == 0x130) /* the one character whose lower case is two */
		return buf_add(out, "i\xcc\x87", 3);
	if (w->lower)
		cp = utf8_lower(cp);
	return buf_add(out, bytes, utf8_encode(cp, bytes));
}

void wordpiece_normalise(const struct wordpiece *w, const char *s, size_t n, struct buf *out)
{
	bool ok = true;

	while (n && ok) {
		uint32_t cp, part[UTF8_DECOMPOSED_MAX];
		size_t len = utf8_decode(s, n, &cp), parts = 1;
		bool chinese;

		s += len;
		n -= len;
		if (w->clean) {
			if (cp == '\t' || cp == '\n' || cp == '\r')
				cp = ' ';
			if (!cp || cp == 0xfffd || is_other(cp))
				continue;
			if (utf8_is_space(cp))
				cp = ' ';
		}
		if (cp < 0x80) {
			if (w->lower && cp >= 'A' && cp <= 'Z')
				cp += 'a' - 'A';
			ok = buf_addc(out, (char)cp);
			continue;
		}
		chinese = w->split_chinese && is_chinese(cp);
		if (chinese)
			ok = buf_addc(out, ' ');
		part[0] = cp;
		if (w->strip_accents)
			parts = utf8_decompose(cp, part);
		for (size_t i = 0; i < parts && ok; i++)
			if (!w->strip_accents || !is_mark(part[i]))
				ok = add_code_point(w, out, part[i]);
		if (chinese && ok)
			ok = buf_addc(out, ' ');
	}
}

static bool is_word_at(const char *s, size_t n)
{
	uint32_t cp;

	if (!n)
		return false;
	utf8_decode(s, n, &cp);
	return cp == '_' || utf8_is_letter(cp) || utf8_is_digit(cp) || utf8_is_nonspacing_mark(cp);
}

static bool is_word_before(const char *s, size_t at)
{
	size_t start = at;

	while (start && at - start < 4 && ((unsigned char)s[--start] & 0xc0) == 0x80)
		;
	return is_word_at(s + start, at - start);
}

/* The longest added token at s[at..n), or NULL. */
static const struct wordpiece_added *find_added(
    const struct wordpiece *w, const char *s, size_t n, size_t at, bool normalised)
{
	const struct wordpiece_added *best = NULL;

	if (!w->starts_added[(unsigned char)s[at]])
		return NULL;
	for (size_t i = 0; i < w->n_added; i++) {
		const struct wordpiece_added *a = &w->added[i];

		if (a->normalised == normalised && a->len <= n - at &&
		    !memcmp(s + at, a->text, a->len) && (!best || a->len > best->len))
			best = a;
	}
	if (best && best->single_word &&
	    (is_word_before(s, at) || is_word_at(s + at + best->len, n - at - best->len)))
		return NULL;
	return best;
}

/* Calls `between` for the stretches around the added tokens of one kind. */
static void split_at_added(struct reading *r, const char *s, size_t n, bool normalised,
    void (*between)(struct reading *r, const char *s, size_t n))
{
	size_t start = 0;

	for (size_t i = 0; i < n && r->n < r->max;) {
		const struct wordpiece_added *a = find_added(r->w, s, n, i, normalised);

		if (!a) {
			i++;
			continue;
		}
		between(r, s + start, i - start);
		put(r, a->id);
		start = i += a->len;
	}
	between(r, s + start, n - start);
}

static void read_stretch(struct reading *r, const char *s, size_t n)
{
	struct buf b = BUF_INIT;

	wordpiece_normalise(r->w, s, n, &b);
	split_at_added(r, buf_str(&b), b.len, true, read_words);
	buf_clear(&b);
}

size_t wordpiece_encode(
    const struct wordpiece *w, const char *text, size_t len, uint32_t *ids, size_t max)
{
	struct reading r = {.w = w, .ids = ids, .n = w->n_before};

	assert(max >= w->n_before + w->n_after);
	r.max = max - w->n_after;
	r.word = mem_alloc(w->prefix_len + 4 * w->max_chars);
	memcpy(ids, w->before, w->n_before * sizeof(*ids));
	split_at_added(&r, text, len, false, read_stretch);
	memcpy(ids + r.n, w->after, w->n_after * sizeof(*ids));
	mem_free(r.word);
	return r.n + w->n_after;
}

uint64_t wordpiece_checksum(const struct wordpiece *w)
{
	const uint32_t settings[] = {w->unknown, (uint32_t)w->max_chars, w->clean, w->split_chinese,
	    w->strip_accents, w->lower, (uint32_t)w->n_before, (uint32_t)w->n_after};
	uint64_t h = hash_fast(settings, sizeof(settings), w->pieces);

	h = hash_fast(w->prefix, w->prefix_len, h);
	h = hash_fast(w->before, w->n_before * sizeof(*w->before), h);
	h = hash_fast(w->after, w->n_after * sizeof(*w->after), h);
	for (size_t i = 0; i < w->n_added; i++) {
		const struct wordpiece_added *a = &w->added[i];
		const uint32_t flags[] = {a->id, a->single_word, a->normalised};

		h += hash_fast(a->text, a->len, hash_fast(flags, sizeof(flags), 0));
	}
	return h;
}

size_t wordpiece_ids(const struct wordpiece *w)
{
	return w->ids;
}

size_t wordpiece_specials(const struct wordpiece *w)
{
	return w->n_before + w->n_after;
}

void wordpiece_free(struct wordpiece *w)
{
	if (!w)
		return;
	hashtable_free(w->vocabulary);
	arena_clear(&w->arena);
	mem_free(w);
}
