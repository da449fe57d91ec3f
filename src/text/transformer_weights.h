/* transformer_weights.h - private to transformer: its weights, read by transformer_read.c. */
#ifndef TEXT_TRANSFORMER_WEIGHTS_H
#define TEXT_TRANSFORMER_WEIGHTS_H

#include <stdint.h>

#include "base/arena.h"
#include "num/packed.h"
#include "text/checkpoint.h"

/* Rows of numbers as the file has them, or as floats. */
struct transformer_table {
	size_t rows, cols;
	float *full;
	uint16_t *half; /* binary16 */
};

struct transformer_norm {
	float *gain, *offset; /* (hidden) */
};

struct transformer_product {
	struct packed w;
	float *bias; /* (whole panels) zeros behind the last */
};

struct transformer_layer {
	struct transformer_product qkv; /* query, key and value, one below the other */
	struct transformer_product out, inner, outer;
	struct transformer_norm attention_norm, norm;
};

struct transformer {
	struct checkpoint c;
	struct arena arena; /* what is small: biases, norms */
	uint64_t checksum;
	struct transformer_table words, positions;
	float *type; /* (hidden) of type 0; NULL for MPNet */
	/* (heads, 2 * max_tokens - 1) by distance key - query + max_tokens - 1; or NULL */
	float *relative;
	struct transformer_norm norm;
	struct transformer_layer *layer; /* (c.layers) */
	void (*look)(void *arg, size_t layer, const float *x, size_t rows, size_t width);
	void *look_arg;
};

#endif
