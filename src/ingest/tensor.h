/* tensor.h - a matrix of floats from a file of NumPy or PyTorch. */
#ifndef INGEST_TENSOR_H
#define INGEST_TENSOR_H

#include "ingest/tensor_numbers.h"

/* By content: tensor_npy.h or tensor_pth.h. */
bool tensor_read(const char *path, struct tensor *out, struct err *e);

#endif
