/* dataset.h - what learning sees: numbers only, borrowed.
 *
 * src/learn may include base/ and num/. No SQL, no text, no screen: a method takes a dataset and
 * gives parameters back.
 */
#ifndef LEARN_DATASET_H
#define LEARN_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "base/part.h"

struct dataset {
	size_t n_models, n_questions, n_benchmarks, dims;
	const float *score;  /* (n_questions, n_models) 0..1, NaN = missing */
	const float *weight; /* (n_questions, n_models) repeats, or NULL = 1 each */
	const float *enc;    /* (n_questions, dims) question encodings, or NULL */
	const uint8_t *part; /* (n_questions) enum part */
	/* (n_questions) index < n_benchmarks; never a model's input in the text-only regime */
	const uint32_t *benchmark;
};

/* Indexes of the questions of a part, ascending; new array (mem_free), *n its length. */
uint32_t *dataset_part(const struct dataset *d, enum part part, size_t *n);

/* Parts in which the validation questions are training questions; new array. */
uint8_t *dataset_pool(const struct dataset *d);

#endif
