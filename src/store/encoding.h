/* encoding.h - fitted encoders and the question vectors they made. */
#ifndef STORE_ENCODING_H
#define STORE_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

struct arena;
struct catalog_question;
struct db;
struct err;

struct encoding_encoder {
	int64_t id;
	const char *identity; /* unique: see text/encoder.h */
	const char *kind;     /* "builtin", "minilm", ...: text/encoder.h */
	const char *note;     /* what it was fitted on, e.g. the split's name and seed; may be "" */
	size_t dims;
	const void *blob; /* what task/encode_stored needs to open it again */
	size_t size;
};

/* Finds the encoder by identity or adds it; out->id is set. */
bool encoding_save_encoder(struct db *db, struct encoding_encoder *enc, struct err *e);
/* By id, or by identity where id is 0; everything in the arena. */
bool encoding_load_encoder(struct db *db, int64_t id, const char *identity, struct arena *a,
    struct encoding_encoder *out, bool *found, struct err *e);
/* Without blobs, newest first. */
bool encoding_list_encoders(
    struct db *db, struct arena *a, struct encoding_encoder **out, size_t *n, struct err *e);

/* Rows of `rows` (n, dims) for questions q[0..n): replaces what was there. */
bool encoding_save(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    const struct mat *rows, struct err *e);
/* Which of the questions q[0..n), ascending ids, are encoded; *missing counts the others. */
bool encoding_have(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    bool *have, size_t *missing, struct err *e);
/* Fill rows (n, dims of the encoder) for questions q[0..n), ascending ids; have[i] false where
 * question i is not encoded (its row is zeroed). *missing counts those. */
bool encoding_load(struct db *db, int64_t encoder, const struct catalog_question *q, size_t n,
    struct mat *rows, bool *have, size_t *missing, struct err *e);

/* At most `most` encoded questions (id, text) in the arena, with their rows in rows (most, dims). */
bool encoding_sample(struct db *db, int64_t encoder, size_t most, struct arena *a,
    struct catalog_question *q, struct mat *rows, size_t *n, struct err *e);

#endif
