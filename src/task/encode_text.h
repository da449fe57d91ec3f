/* encode_text.h - texts to token ids and vectors, without a database. */
#ifndef TASK_ENCODE_TEXT_H
#define TASK_ENCODE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct encoder;
struct err;

struct encode_text {
	const char *text;
	size_t n_ids;        /* 0 where the encoder has no tokens */
	const uint32_t *ids; /* (n_ids) */
	size_t dims;
	const float *vector; /* (dims) */
};

/* An installed encoder ("minilm", "mpnet", "path:DIR", or two as "A+B"); NULL: minilm. The built-in
 * one is fitted on a database, so it is none of them. NULL with an error; encode_text_close. */
struct encoder *encode_text_open(const char *name, struct err *e);
void encode_text_close(struct encoder *enc);
/* out (n), in the arena. */
bool encode_text_run(const struct encoder *enc, const char *const *text, size_t n, struct arena *a,
    struct encode_text *out, struct err *e);

#endif
