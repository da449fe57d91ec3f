/* policy.h - the one rule of a database for repeated responses, and from which score on one is right. */
#ifndef STORE_POLICY_H
#define STORE_POLICY_H

#include <stdbool.h>

struct db;
struct err;

enum policy_rule {
	POLICY_MAJORITY, /* more right than wrong rows; a tie is missing */
	POLICY_ROWS,     /* mean of the rows, their number as weight */
	POLICY_MAX,      /* right once is right */
	POLICY_LAST,     /* in the order of the imports and of their rows */
	POLICY_FIRST,
	POLICY_MEAN, /* mean of the rows, weight 1 */
	POLICY_RULE_COUNT
};

extern const char *const policy_rules[]; /* "majority", "rows", ...; NULL behind the last */
const char *policy_rule_name(enum policy_rule r);

struct policy {
	enum policy_rule rule;
	double threshold; /* a score >= this is right; .5 */
};
/* *set is false where nothing was imported yet and the policy is the default. */
bool policy_get(struct db *db, struct policy *out, bool *set, struct err *e);

/* The policy that importing by `dup` (NULL = no wish) and `threshold` (NaN = no wish) has; another one
 * than the database's is an error that names the remedy. *set as of policy_get. */
bool policy_choose(struct db *db, const enum policy_rule *dup, double threshold, struct policy *out,
    bool *set, struct err *e);

/* Only records it: for a database without responses. */
bool policy_set(struct db *db, const struct policy *policy, struct err *e);

#endif
