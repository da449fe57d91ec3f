/* model.h - change what is known about one model, with every label and summary kept right. */
#ifndef STORE_MODEL_H
#define STORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "store/catalog.h"

struct db;
struct err;

/* In all of these *found is false (and there is no error) where there is no model of the first name;
 * nothing is changed then. One transaction each. */

/* A NULL tag value removes the tag; a NaN price leaves the price as it is. */
bool model_set(struct db *db, const char *name, const struct catalog_tag *tags, size_t n_tags,
    double price_in, double price_out, bool *found, struct err *e);
/* An error (ERR_USAGE) where `to` exists. */
bool model_rename(struct db *db, const char *from, const char *to, bool *found, struct err *e);
/* The answers of `from` become answers of `into`: repeats where both have one, after those of `into`
 * in the same import. `from`, its tags, prices and vectors go. ERR_USAGE where there is no `into`. */
bool model_merge(struct db *db, const char *from, const char *into, bool *found, struct err *e);
/* The model and every answer and vector of it. */
bool model_delete(struct db *db, const char *name, bool *found, struct err *e);

#endif
