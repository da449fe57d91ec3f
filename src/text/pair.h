/* pair.h - two encoders side by side: a text's row is that of the first and then that of the
 * second, each scaled to squared length 1/2, so that the whole has unit length and neither drowns
 * the other.
 */
#ifndef TEXT_PAIR_H
#define TEXT_PAIR_H

#include "text/encoder.h"

/* "A+B" of their identities. Owns both. */
struct encoder *pair_new(struct encoder *a, struct encoder *b);
/* The same from rows that are there: rows (n, a.cols + b.cols) <- a, b (n, ...). */
void pair_rows(const struct mat *a, const struct mat *b, struct mat *rows);
/* Where NAME is "A+B": the length of A. 0: it is no pair. A '+' counts where the name of an encoder
 * follows, so that a path may hold one. */
size_t pair_split(const char *name);

#endif
