/* table_beside.h - the files of a table that is in several. */
#ifndef INGEST_TABLE_BESIDE_H
#define INGEST_TABLE_BESIDE_H

#include "ingest/table_part.h"

struct err;

struct arena;

/* What part the file is, by its start; TABLE_ALONE too where it cannot be read. */
enum table_part table_part_of(const char *path);

/* STEM.labels.csv (or questions, models), with whatever ending there is; NULL: there is none. In the
 * arena. */
const char *table_named(struct arena *a, const char *stem, enum table_part part);

/* The file beside `path` (which is of the part `is`) that holds the part `wanted`: of a name alike,
 * else the only one in the folder. *found NULL: there is none. Several are an error. In the arena. */
bool table_beside(struct arena *a, const char *path, enum table_part is, enum table_part wanted,
    const char **found, struct err *e);

#endif
