/* kept.h - results that are kept with a run, as JSON by a name: good for the labels, the models and the
 * label rule that they were computed on, and not found again once those change. */
#ifndef TASK_KEPT_H
#define TASK_KEPT_H

#include <stdint.h>

#include "base/json.h"

struct catalog;
struct db;

/* New reference, or NULL where nothing usable is kept. */
json_t *kept_read(struct db *db, const struct catalog *c, int64_t run, const char *name);
/* Takes the reference. Where `db` (may be NULL) cannot be written, nothing is kept. */
void kept_write(
    struct db *db, const struct catalog *c, int64_t run, const char *name, json_t *value);

#endif
