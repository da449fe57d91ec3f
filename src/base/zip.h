/* zip.h - a member of a zip archive in memory; with stream.h the door to libarchive. */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct err;

/* Appends to `out` the first member, by the central directory, whose name ends in `tail`; *found
 * tells whether there is one. What is no zip archive, cut short, encrypted or damaged is an error
 * (ERR_DATA); `where` names the file there. */
bool zip_member(const char *p, size_t n, const char *tail, const char *where, struct buf *out,
    bool *found, struct err *e);

#endif
