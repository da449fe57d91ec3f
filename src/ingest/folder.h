/* folder.h - the files below a folder. */
#ifndef INGEST_FOLDER_H
#define INGEST_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct err;

/* Every file below `dir` at any depth, sorted by path, in the arena; names that begin with a dot are
 * left out, links to folders are followed unless they lead back. None is no error. */
bool folder_list(
    const char *dir, struct arena *a, const char *const **files, size_t *n, struct err *e);

#endif
