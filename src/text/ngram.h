/* ngram.h - the features of a text, hashed into buckets: n-grams, and its shape.
 *
 * The text is lower-cased code point by code point and cut at white space. Tokens are runs of
 * letters, digits and underscores, and every other character by itself: signs and brackets say
 * much about a question. Word n-grams are single tokens and pairs of neighbouring ones; character
 * n-grams are the 3 to 5 code points in a row of each white-space-delimited piece with a space put
 * at both ends (once as a whole where it is shorter), as scikit-learn's "char_wb".
 *
 * What makes vectors of n-grams unit length also takes away how long the text is, which is a good
 * guess at how hard a question is. So how many characters, digits, capitals, other signs, spaces
 * and line breaks it has are features as well, each as the two nearest of classes half an octave
 * apart: similar counts share one or both. They are of the kind of words.
 *
 * Any bytes are a text: a malformed one counts as U+FFFD. Pieces longer than NGRAM_PIECE code
 * points are cut there.
 */
#ifndef TEXT_NGRAM_H
#define TEXT_NGRAM_H

#include <stddef.h>
#include <stdint.h>

#define NGRAM_BITS 22
#define NGRAM_BUCKETS ((uint32_t)1 << NGRAM_BITS)
#define NGRAM_PIECE 256

enum ngram_kind { NGRAM_WORD, NGRAM_CHAR };

static inline enum ngram_kind ngram_kind(uint32_t bucket)
{
	return bucket & 1 ? NGRAM_CHAR : NGRAM_WORD;
}

/* Calls fn once for every n-gram, repeats included, and then for the shape; a text of nothing but
 * white space has no features. The same buckets on every machine. */
void ngram_each(const char *text, size_t len, void (*fn)(void *arg, uint32_t bucket), void *arg);

#endif
