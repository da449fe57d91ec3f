/* tensor_numbers.h - private to tensor: numbers of any type as floats. */
#ifndef INGEST_TENSOR_NUMBERS_H
#define INGEST_TENSOR_NUMBERS_H

#include "ingest/tensor.h"

enum tensor_type { TENSOR_HALF, TENSOR_BFLOAT, TENSOR_FLOAT, TENSOR_DOUBLE };

/* The first rows * cols little-endian numbers of the n bytes at p; all must be finite. */
bool tensor_numbers(const char *p, size_t n, enum tensor_type type, size_t rows, size_t cols,
    const char *where, struct tensor *out, struct err *e);

#endif
