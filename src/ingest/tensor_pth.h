/* tensor_pth.h - what torch.save makes of one tensor (.pth, .pt): a zip archive whose data.pkl
 * describes it and whose data/0 holds the numbers, as they are. */
#ifndef INGEST_TENSOR_PTH_H
#define INGEST_TENSOR_PTH_H

#include "ingest/tensor_numbers.h"

/* From the n bytes of a file; `where` names it in errors. */
bool tensor_from_pth(const char *p, size_t n, const char *where, struct tensor *out, struct err *e);

#endif
