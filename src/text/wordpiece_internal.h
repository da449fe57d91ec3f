/* wordpiece_internal.h - private to wordpiece: what its files say, filled by wordpiece_read.c. */
#ifndef TEXT_WORDPIECE_INTERNAL_H
#define TEXT_WORDPIECE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define WORDPIECE_AROUND 4 /* special tokens before a text, and after it, at most */
#define WORDPIECE_PREFIX 16
#define WORDPIECE_MAX_ID ((uint32_t)1 << 24)

struct buf;
struct hashtable;

/* A token that is found in the text before words are: "[MASK]". */
struct wordpiece_added {
	const char *text;
	size_t len;
	uint32_t id;
	bool single_word; /* no letter or digit beside it */
	bool normalised;  /* looked for after normalising, else before */
};

struct wordpiece {
	struct arena arena;
	struct hashtable *vocabulary; /* piece to id; those inside a word begin with the prefix */
	uint64_t pieces;              /* sum of their hashes */
	size_t ids;                   /* largest id + 1 */
	size_t longest;               /* bytes of the longest piece */
	char prefix[WORDPIECE_PREFIX];
	size_t prefix_len;
	size_t max_chars; /* a longer word is unknown */
	uint32_t unknown;
	bool clean, split_chinese, strip_accents, lower;
	uint32_t before[WORDPIECE_AROUND], after[WORDPIECE_AROUND];
	size_t n_before, n_after;
	struct wordpiece_added *added; /* (n_added) */
	size_t n_added;
	bool starts_added[256]; /* a byte with which one of them begins */
};

/* The text as words are found in it: cleaned, decomposed, lower case. */
void wordpiece_normalise(const struct wordpiece *w, const char *s, size_t n, struct buf *out);

#endif
