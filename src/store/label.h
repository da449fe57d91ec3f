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

enum label_rule {
	LABEL_MAJORITY, /* more right than wrong rows; a tie is missing */
	LABEL_ROWS,     /* mean of the rows, their number as weight */
	LABEL_MAX,      /* right once is right */
	LABEL_LAST,     /* in the order of the imports and of their rows */
	LABEL_FIRST,
	LABEL_MEAN, /* mean of the rows, weight 1 */
	LABEL_RULE_COUNT
};

const char *label_rule_name(enum label_rule r); /* "majority", "rows", ... */
bool label_rule_parse(const char *s, enum label_rule *out);

struct label_policy {
	enum label_rule rule;
	double threshold; /* a score >= this is right; .5 */
};
/* *set is false where nothing was imported yet and the policy is the default. */
bool label_policy_get(struct db *db, struct label_policy *out, bool *set, struct err *e);

/* The policy that importing by `dup` (NULL = no wish) and `threshold` (NaN = no wish) has; another one
 * than the database's is an error that names the remedy. *set as of label_policy_get. */
bool label_policy_choose(struct db *db, const enum label_rule *dup, double threshold,
    struct label_policy *out, bool *set, struct err *e);

/* Only records it: for a database without responses. */
bool label_policy_set(struct db *db, const struct label_policy *policy, struct err *e);

/* Resolve all responses anew under another policy. */
bool label_resolve(struct db *db, const struct label_policy *policy, struct err *e);

/* score (c->n_questions, c->n_models), rows in the order of `q`, columns in the order of c->models;
 * NaN = missing. weight (same shape, may be NULL) gets the weights; *weighted tells whether any is
 * not 1 (rule rows). */
bool label_load(struct db *db, const struct catalog *c, const struct catalog_question *q,
    float *score, float *weight, bool *weighted, struct err *e);

/* sha-256, in hex, of the policy, the model names, the question hashes and all labels. */
bool label_digest(struct db *db, char out[65], struct err *e);

#endif
