#include "text/ngram.h"

#include "base/hash.h"
#include "base/utf8.h"

#include <stdbool.h>

/* Seeds of the hash, one a kind of n-gram. */
enum { SEED_TOKEN = 1, SEED_PAIR, SEED_CHAR, SEED_SHAPE };

/* What is counted for the shape. */
enum { SHAPE_ALL, SHAPE_DIGIT, SHAPE_CAPITAL, SHAPE_SIGN, SHAPE_SPACE, SHAPE_LINE, SHAPE_COUNT };

struct reader {
	void (*fn)(void *arg, uint32_t bucket);
	void *arg;
	uint64_t previous; /* hash of the token before, 0 = none */
};

static void emit(const struct reader *r, enum ngram_kind kind, uint64_t hash)
{
	/* Words are even, characters odd. */
	r->fn(r->arg, (uint32_t)(hash >> (65 - NGRAM_BITS)) << 1 | (kind == NGRAM_CHAR));
}

static bool is_word(uint32_t cp)
{
	return utf8_is_letter(cp) || utf8_is_digit(cp) || cp == '_';
}

static void add_token(struct reader *r, const uint32_t *cp, size_t n)
{
	uint64_t hash = hash_fast(cp, n * sizeof(*cp), SEED_TOKEN);

	emit(r, NGRAM_WORD, hash);
	if (r->previous) {
		uint64_t pair[2] = {r->previous, hash};

		emit(r, NGRAM_WORD, hash_fast(pair, sizeof(pair), SEED_PAIR));
	}
	r->previous = hash;
}

/* cp[0] and cp[n + 1] are the spaces around a piece of n code points. */
static void add_piece(struct reader *r, const uint32_t *cp, size_t n)
{
	size_t padded = n + 2;

	for (size_t i = 1, end; i <= n; i = end) {
		end = i + 1;
		if (is_word(cp[i]))
			while (end <= n && is_word(cp[end]))
				end++;
		add_token(r, cp + i, end - i);
	}
	for (size_t len = 3; len <= 5; len++) {
		if (padded <= len) {
			emit(r, NGRAM_CHAR, hash_fast(cp, padded * sizeof(*cp), SEED_CHAR));
			break;
		}
		for (size_t i = 0; i + len <= padded; i++)
			emit(r, NGRAM_CHAR, hash_fast(cp + i, len * sizeof(*cp), SEED_CHAR));
	}
}

/* Twice the binary logarithm of n >= 1, rounded down. */
static uint64_t half_octave(uint64_t n)
{
	unsigned whole = 63 - (unsigned)__builtin_clzll(n);

	/* The leading 31 bits are enough: their square has its bit 61 set from the root of 2 on. */
	n = whole > 30 ? n >> (whole - 30) : n << (30 - whole);
	return 2 * whole + (n * n >> 61);
}

static void add_shape(const struct reader *r, const uint64_t count[SHAPE_COUNT])
{
	for (uint64_t i = 0; i < SHAPE_COUNT; i++) {
		uint64_t class[2] = {i, half_octave(count[i] + 1)};

		emit(r, NGRAM_WORD, hash_fast(class, sizeof(class), SEED_SHAPE));
		class[1]++;
		emit(r, NGRAM_WORD, hash_fast(class, sizeof(class), SEED_SHAPE));
	}
}

void ngram_each(const char *text, size_t len, void (*fn)(void *arg, uint32_t bucket), void *arg)
{
	struct reader r = {fn, arg, 0};
	uint32_t cp[NGRAM_PIECE + 2] = {' '};
	uint64_t shape[SHAPE_COUNT] = {0};
	size_t n = 0;

	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode(text + at, len - at, &c);
		shape[SHAPE_ALL]++;
		shape[SHAPE_LINE] += c == '\n';
		if (utf8_is_space(c)) {
			shape[SHAPE_SPACE]++;
		} else {
			cp[++n] = utf8_lower(c);
			shape[SHAPE_CAPITAL] += cp[n] != c;
			shape[SHAPE_DIGIT] += utf8_is_digit(c);
			shape[SHAPE_SIGN] += !is_word(c);
		}
		if (n && (utf8_is_space(c) || n == NGRAM_PIECE || at >= len)) {
			cp[n + 1] = ' ';
			add_piece(&r, cp, n);
			n = 0;
		}
	}
	if (r.previous)
		add_shape(&r, shape);
}
