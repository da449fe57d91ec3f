/* encode.h - the stored questions as vectors: fit an encoder, encode what is missing. */
#ifndef TASK_ENCODE_H
#define TASK_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog_question;
struct db;
struct encoder;
struct err;
struct progress;

struct encode_result {
	int64_t encoder;   /* id in the database */
	char identity[96]; /* text/encoder.h */
	size_t dims;
	bool fitted;       /* now; false: the same texts and options were fitted before */
	size_t fitted_on;  /* training questions */
	size_t encoded;    /* now */
	size_t known;      /* encoded before */
	double seconds;
};

/* Encode every stored question with the built-in encoder, fitted on the training questions of the
 * split (NULL: the one in use, else the imported one; without any split, on all questions). Only
 * what is missing is done: an encoder fitted on the same texts is found again. Cancelled, it keeps
 * the encoder and the batches that are done. */
bool task_encode(struct db *db, const char *split, const struct progress *p,
    struct encode_result *out, struct err *e);

/* The same for a caller who has the questions (n, ascending ids) and their parts (enum part; NULL:
 * all are training questions) in memory. `note` says what the encoder is fitted on, e.g. the
 * split's name. */
bool encode_ensure(struct db *db, const struct catalog_question *q, size_t n, const uint8_t *part,
    const char *note, const struct progress *p, struct encode_result *out, struct err *e);

/* A stored encoder, ready for typed questions. New, encoder_free. */
struct encoder *encode_open(struct db *db, int64_t id, struct err *e);

#endif
