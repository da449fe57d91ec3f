/* tensor.h - a matrix of floats from a file of NumPy (.npy) or PyTorch (.pth, .pt).
 *
 * A .npy file is a version 1 to 3 array of two dimensions in C order, of little-endian float16, 32
 * or 64. A PyTorch file is what torch.save makes of one tensor: a zip archive whose data.pkl
 * describes it and whose data/0 holds the numbers, as they are.
 */
#ifndef INGEST_TENSOR_H
#define INGEST_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

struct err;

struct tensor {
	size_t rows, cols;
	float *v; /* (rows, cols); mem_free */
};

bool tensor_read(const char *path, struct tensor *out, struct err *e);
/* The same from the bytes of a file; `where` names it in errors. */
bool tensor_from_npy(const char *p, size_t n, const char *where, struct tensor *out, struct err *e);
bool tensor_from_pth(const char *p, size_t n, const char *where, struct tensor *out, struct err *e);

#endif
