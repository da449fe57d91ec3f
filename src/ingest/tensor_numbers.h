/* tensor_numbers.h - a matrix of floats, from numbers of any type. */
#ifndef INGEST_TENSOR_NUMBERS_H
#define INGEST_TENSOR_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct tensor {
	size_t rows, cols;
	float *v; /* (rows, cols); mem_free */
};

enum tensor_type { TENSOR_HALF, TENSOR_BFLOAT, TENSOR_FLOAT, TENSOR_DOUBLE };

/* The first rows * cols little-endian numbers of the n bytes at p; all must be finite. */
bool tensor_numbers(const char *p, size_t n, enum tensor_type type, size_t rows, size_t cols,
    const char *where, struct tensor *out, struct err *e);

#endif
