/* encode.h - the stored questions as vectors: choose an encoder, encode what is missing, read the
 * vectors back.
 *
 * An encoder is stored by its identity and with what opens it again: the built-in one whole, an
 * installed one by its name, a pair as the identities of its halves, whose rows are stored once and
 * joined when they are read. Rows of two identities never meet.
 */
#ifndef TASK_ENCODE_H
#define TASK_ENCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct catalog_question;
struct db;
struct encoder;
struct err;
struct mat;
struct progress;

struct encode_result {
	int64_t encoder;   /* id in the database */
	char identity[96]; /* text/encoder.h */
	size_t dims;
	bool fitted; /* now; false: the same texts and options were fitted before, or none was */
	size_t fitted_on; /* training questions; 0 where nothing is fitted */
	size_t encoded;   /* now */
	size_t known;     /* encoded before */
	double seconds;
};

/* Where none is named: the best that is installed. */
const char *encode_default(void);

/* Encode every stored question with an encoder (NULL: encode_default): "builtin", which is fitted on
 * the training questions of the split (NULL: the one in use, else the imported one; without any
 * split, on all questions), "minilm", "mpnet", "path:DIR", or two of them as "A+B"; or
 * "imported" (the last one) or "imported:CHECKSUM". Only what is
 * missing is done: an encoder fitted on the same texts is found again. Cancelled, it keeps the
 * encoder and the batches that are done. */
bool task_encode(struct db *db, const char *encoder, const char *split, const struct progress *p,
    struct encode_result *out, struct err *e);

/* The same for a caller who has the questions (n, ascending ids) and their parts (enum part; NULL:
 * all are training questions) in memory. `note` says what the built-in encoder is fitted on, e.g.
 * the split's name. */
bool encode_ensure(struct db *db, const char *encoder, const struct catalog_question *q, size_t n,
    const uint8_t *part, const char *note, const struct progress *p, struct encode_result *out,
    struct err *e);

/* A stored encoder, for typed questions; an installed one is opened with the first of them, and
 * refused then if it is not the one that the stored questions went through. New, encoder_free. */
struct encoder *encode_open(struct db *db, int64_t id, struct err *e);
/* The name that encode_ensure finds this encoder by, in the arena. */
bool encode_name(struct db *db, int64_t id, struct arena *a, const char **out, struct err *e);
/* The rows (n, dims of the encoder) of questions q[0..n), ascending ids; have[i] false where
 * question i is not encoded (its row is zeroed). *missing counts those. */
bool encode_rows(struct db *db, int64_t id, const struct catalog_question *q, size_t n,
    struct mat *rows, bool *have, size_t *missing, struct err *e);

/* How many of them have none. */
bool encode_have(struct db *db, int64_t id, const struct catalog_question *q, size_t n,
    size_t *missing, struct err *e);

/* Encodings made elsewhere. */
struct encode_import {
	const char *file;  /* .npy, or a tensor saved by PyTorch (.pth, .pt) */
	const char *order; /* CSV: its rows are the file's; columns prompt (the question's text) and
	                    * perhaps prompt_id. NULL: the stored questions by id, as export writes them */
	const char *encoder; /* the name of the one that made them, or NULL: unknown */
};
struct encode_imported {
	int64_t encoder;
	char identity[96];
	size_t rows, dims; /* of the file */
	size_t matched;    /* stored questions that have a row now */
	size_t missing,
	    unknown; /* stored questions without a row; rows without a stored question */
};
bool task_encode_import(struct db *db, const struct encode_import *o, const struct progress *p,
    struct encode_imported *out, struct err *e);

#endif
