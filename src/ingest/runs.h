/* runs.h - private to src/ingest: how settings of runs are named. */
#ifndef INGEST_RUNS_H
#define INGEST_RUNS_H

#include <stdbool.h>

struct buf;

/* Does the setting make another model of the same name? */
bool runs_is_identity(const char *key);
/* "5-shot" of shots 5; of a path its last part. */
void runs_add_setting(struct buf *out, const char *key, const char *value);

#endif
