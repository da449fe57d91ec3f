/* label.h - one label for each question and model: the responses, resolved by the database's one
 * recorded rule.
 *
 * Every raw row is kept (table response); what learning sees is one label a pair. Under majority,
 * max, first and last a row's score counts as right where it reaches the recorded threshold, and
 * the label is 0 or 1; mean and rows keep the real scores. A tie of the majority and a pair without
 * any score are missing, never 0. Labels are kept packed, a float32 vector a question over the model
 * ids (table answer); the view `label` computes the same from the responses.
 */
#ifndef STORE_LABEL_H
#define STORE_LABEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalog;
struct catalog_question;
struct db;
struct err;
struct policy;

/* Resolve all responses anew under another policy. */
bool label_resolve(struct db *db, const struct policy *policy, struct err *e);

/* score (c->n_questions, c->n_models), rows in the order of `q`, columns in the order of c->models;
 * NaN = missing. weight (same shape, may be NULL) gets the weights; *weighted tells whether any is
 * not 1 (rule rows). */
bool label_load(struct db *db, const struct catalog *c, const struct catalog_question *q,
    float *score, float *weight, bool *weighted, struct err *e);

/* The raw responses behind labels: how many of each model to the n questions q[which[i]] have a score,
 * and how many of those are right by the database's threshold; rows and right (n, c->n_models). */
bool label_rows(struct db *db, const struct catalog *c, const struct catalog_question *q,
    const uint32_t *which, size_t n, float *rows, float *right, struct err *e);

/* sha-256, in hex, of the policy, the model names, the question hashes and all labels. */
bool label_digest(struct db *db, char out[65], struct err *e);

#endif
