/* planted.h - the truth that a demo database was drawn from: one vector for every model and every
 * question, kept by name and by sha-256 of the text, so that later edits do not change it. */
#ifndef STORE_PLANTED_H
#define STORE_PLANTED_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct catalog;
struct catalog_question;
struct db;
struct err;

/* Vectors of `dims` numbers, for one model and for one question text. */
bool planted_save_model(
    struct db *db, const char *name, const double *v, size_t dims, struct err *e);
bool planted_save_question(
    struct db *db, const char *text, size_t len, const double *v, size_t dims, struct err *e);

/* models (c->n_models, dims) and questions (c->n_questions, dims) in the arena, NaN rows where
 * nothing was planted; *dims 0 (and no arrays) in a database that is not a demo's. */
bool planted_load(struct db *db, const struct catalog *c, const struct catalog_question *q,
    struct arena *a, size_t *dims, double **models, double **questions, struct err *e);

#endif
