/* Kept as the settings "rule" and "threshold" of the database. */
#include "store/policy.h"

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const policy_rules[] = {
    [POLICY_MAJORITY] = "majority",
    [POLICY_ROWS] = "rows",
    [POLICY_MAX] = "max",
    [POLICY_LAST] = "last",
    [POLICY_FIRST] = "first",
    [POLICY_MEAN] = "mean",
    [POLICY_RULE_COUNT] = NULL,
};

const char *policy_rule_name(enum policy_rule r)
{
	return policy_rules[r];
}

static bool rule_parse(const char *s, enum policy_rule *out)
{
	for (int i = 0; i < POLICY_RULE_COUNT; i++) {
		if (!strcmp(s, policy_rules[i])) {
			*out = (enum policy_rule)i;
			return true;
		}
	}
	return false;
}

bool policy_get(struct db *db, struct policy *out, bool *set, struct err *e)
{
	struct policy p = {POLICY_MAJORITY, .5};
	const char *rule, *threshold;
	struct arena a = ARENA_INIT;
	bool ok = db_meta_get(db, "rule", &a, &rule, e) &&
		  db_meta_get(db, "threshold", &a, &threshold, e);

	if (ok && rule && !rule_parse(rule, &p.rule))
		ok = err_set(e, ERR_DATA, "%s: unknown repeat rule \"%s\"", db_path(db), rule);
	if (ok && threshold)
		p.threshold = strtod(threshold, NULL);
	if (ok) {
		*set = rule != NULL;
		*out = p;
	}
	arena_clear(&a);
	return ok;
}

bool policy_choose(struct db *db, const enum policy_rule *dup, double threshold, struct policy *out,
    bool *set, struct err *e)
{
	struct policy p;

	if (!policy_get(db, &p, set, e))
		return false;
	if (*set && dup && *dup != p.rule)
		return err_set(e, ERR_USAGE,
		    "%s: its repeats are resolved by %s, not %s; 'embedllm resolve --dup %s' "
		    "changes that for all of it",
		    db_path(db), policy_rule_name(p.rule), policy_rule_name(*dup),
		    policy_rule_name(*dup));
	if (*set && !isnan(threshold) && fabs(threshold - p.threshold) > 0)
		return err_set(e, ERR_USAGE,
		    "%s: its threshold is %g, not %g; 'embedllm resolve --threshold %g' changes "
		    "that for all of it",
		    db_path(db), p.threshold, threshold, threshold);
	if (dup)
		p.rule = *dup;
	if (!isnan(threshold))
		p.threshold = threshold;
	*out = p;
	return true;
}

bool policy_set(struct db *db, const struct policy *p, struct err *e)
{
	char threshold[32];

	snprintf(threshold, sizeof(threshold), "%.17g", p->threshold);
	return db_meta_set(db, "rule", policy_rule_name(p->rule), e) &&
	       db_meta_set(db, "threshold", threshold, e);
}
