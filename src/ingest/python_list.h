/* python_list.h - texts that were written by Python's repr: "['one', \"it's two\"]". */
#ifndef INGEST_PYTHON_LIST_H
#define INGEST_PYTHON_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

/* The strings of a list or tuple of strings as Python writes it, each ended by `end`, appended to
 * out. False, and nothing appended, where the n bytes at p are no such list. */
bool python_list(const char *p, size_t n, char end, struct buf *out);
/* The list of one string, as Python writes it. */
void python_list_write(const char *p, size_t n, struct buf *out);

#endif
