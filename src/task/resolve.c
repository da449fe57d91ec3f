/* Another repeat rule for the whole database. */
#include "task/import.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/label.h"

#include <math.h>

/* All labels, in an array of the caller's (mem_free); *n their number. */
static float *load_labels(struct db *db, size_t *n, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct catalog_question *q;
	struct catalog c;
	float *score = NULL;
	bool weighted;

	if (catalog_load(db, &a, &c, e) && catalog_load_questions(db, &c, &a, &q, e)) {
		*n = c.n_models * c.n_questions;
		score = mem_floats(*n + 1);
		if (!label_load(db, &c, q, score, NULL, &weighted, e)) {
			mem_free(score);
			score = NULL;
		}
	}
	arena_clear(&a);
	return score;
}

static bool resolve(struct db *db, const enum policy_rule *rule, double threshold,
    struct resolve_report *r, struct err *e)
{
	float *before = NULL, *after = NULL;
	size_t n;
	bool set, ok;

	ok = policy_get(db, &r->before, &set, e);
	r->after.rule = rule ? *rule : r->before.rule;
	r->after.threshold = isnan(threshold) ? r->before.threshold : threshold;
	before = ok ? load_labels(db, &n, e) : NULL;
	ok = before && label_resolve(db, &r->after, e);
	after = ok ? load_labels(db, &n, e) : NULL;
	for (size_t i = 0; after && i < n; i++) {
		bool was = !isnan(before[i]), is = !isnan(after[i]);

		r->labels += is;
		r->changed += was != is || (is && fabsf(before[i] - after[i]) > 0);
	}
	mem_free(before);
	ok = after != NULL;
	mem_free(after);
	return ok;
}

bool task_resolve(struct db *db, const enum policy_rule *rule, double threshold,
    struct resolve_report *out, struct err *e)
{
	struct resolve_report r = {.labels = 0};

	if (!isnan(threshold) && !(threshold > 0 && threshold <= 1))
		return err_set(
		    e, ERR_USAGE, "the threshold is over 0 and at most 1, not %g", threshold);
	if (!db_begin(db, e) || !db_end(db, resolve(db, rule, threshold, &r, e), e))
		return false;
	*out = r;
	return true;
}
