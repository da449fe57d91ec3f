/* deferred.h - an installed encoder that is opened when the first text comes: reading its weights
 * takes a tenth of a second that most uses of a database need not wait for.
 */
#ifndef TEXT_DEFERRED_H
#define TEXT_DEFERRED_H

#include "text/encoder.h"

/* What the encoder must give, for vectors that somebody else has made with it. */
struct deferred_proof {
	size_t n;
	const char *const *text; /* (n) */
	struct mat rows;         /* (n, dims) */
};

/* The encoder NAME (text/installed.h; "": it is not known) behind the identity, kind (a static string) and dims of
 * encodings that are there. When it is opened it must have this identity or, where there is a proof
 * (copied), give nearly these vectors: else encoding fails and says how to mend it. encoder_free. */
struct encoder *deferred_new(const char *name, const char *identity, const char *kind, size_t dims,
    const struct deferred_proof *proof);

#endif
