/* labels.h - the stored questions and labels as what learning sees. */
#ifndef TASK_LABELS_H
#define TASK_LABELS_H

#include <stdbool.h>

#include "learn/dataset.h"
#include "store/catalog.h"

/* The questions by id and a dataset of their labels, all in the arena; without parts and encodings.
 * The caller's transaction. */
bool labels_load(struct db *db, const struct catalog *c, struct arena *a,
    struct catalog_question **questions, struct dataset *out, struct err *e);

#endif
