/* encoder.h - question text to feature rows: one interface, several encoders.
 *
 * src/text may include base/ and num/. It knows no SQL, no learning, no screen.
 *
 * An encoder is frozen: the same text gives the same row for as long as the identity is the same.
 * Encodings of different identities are never mixed (task/encode refuses).
 */
#ifndef TEXT_ENCODER_H
#define TEXT_ENCODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

struct err;
struct progress;
struct encoder;

struct encoder_ops {
	/* rows (n, dims) <- texts; unit length each, unless a checkpoint says otherwise (an empty
	 * text may be all zeros). */
	bool (*encode)(const struct encoder *enc, const char *const *text, size_t n,
	    struct mat *rows, const struct progress *p, struct err *e);
	/* The token ids of a text, at most max; returns how many. NULL: it has none. */
	size_t (*tokens)(const struct encoder *enc, const char *text, uint32_t *ids, size_t max);
	/* Do now what the first text would wait for. NULL: nothing. */
	bool (*prepare)(const struct encoder *enc, struct err *e);
	void (*free)(struct encoder *enc);
};

/* First member of every encoder's own struct. */
struct encoder {
	const struct encoder_ops *ops;
	char identity
	    [96]; /* kind and checksum of settings and weights, e.g. "builtin:9f3c...": stored with runs */
	const char *kind; /* "builtin", "minilm", "mpnet", "path", "pair", ...: a static string */
	size_t dims;
	size_t max_tokens; /* of a text, 0 where it has no tokens */
};

bool encoder_encode(const struct encoder *enc, const char *const *text, size_t n, struct mat *rows,
    const struct progress *p, struct err *e);
/* Makes the next encode quick; from any thread, also while another encodes. */
bool encoder_prepare(const struct encoder *enc, struct err *e);
void encoder_free(struct encoder *enc);

#endif
