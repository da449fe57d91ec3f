/* tensor_npy.h - an array of NumPy (.npy), version 1 to 3, of two dimensions in C order, of
 * little-endian float16, 32 or 64. */
#ifndef INGEST_TENSOR_NPY_H
#define INGEST_TENSOR_NPY_H

#include "ingest/tensor_numbers.h"

/* From the n bytes of a file; `where` names it in errors. */
bool tensor_from_npy(const char *p, size_t n, const char *where, struct tensor *out, struct err *e);

#endif
