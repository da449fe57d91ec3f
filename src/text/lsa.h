/* lsa.h - the built-in encoder: latent semantic analysis of hashed n-grams.
 *
 * Word 1-2-grams, character 3-5-grams and the text's shape (ngram.h) are buckets, weighted by
 * (1 + log tf) * idf, made unit length, and projected on the first singular directions of the
 * training questions' matrix (num/tsvd.h), then made unit length again.
 *
 * The projection is kept in 8 bits a number, and every text, of the training questions too, goes
 * through this stored form alone and by itself: the same text gives the same bits whenever and in
 * whatever company it is encoded.
 */
#ifndef TEXT_LSA_H
#define TEXT_LSA_H

#include <stdint.h>

#include "text/encoder.h"

struct buf;

struct lsa_options {
	size_t dims;         /* 256 */
	size_t max_features; /* buckets kept, those in most texts first */
	size_t max_texts;    /* fitted on at most this many, evenly spaced */
	float word_weight;   /* of word n-grams, beside 1 for those of characters */
	size_t iterations;   /* of the subspace iteration */
	uint64_t seed;
};
void lsa_options_default(struct lsa_options *o);

/* What a fit depends on, as 16 hexadecimal digits: options and texts. An encoder fitted on them
 * has the identity "builtin:KEY-CHECKSUM". */
#define LSA_KEY_SIZE 17
void lsa_key(
    const char *const *text, size_t n, const struct lsa_options *o, char key[LSA_KEY_SIZE]);

/* Fit on n texts. New encoder, encoder_free. Fewer usable directions than dims: dims shrinks.
 * NULL: no text in the texts, cancelled, or no convergence. */
struct encoder *lsa_fit(const char *const *text, size_t n, const struct lsa_options *o,
    const struct progress *p, struct err *e);
/* The fitted encoder as bytes for the database, and back. Load checks every length and a checksum:
 * a blob from a hostile database is an error, never a crash. */
bool lsa_save(const struct encoder *enc, struct buf *out);
struct encoder *lsa_load(const void *p, size_t n, struct err *e);

#endif
