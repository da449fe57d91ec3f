#include "task/kept.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/run.h"

#include <string.h>

/* Other labels, or another rule for them, make another key. */
static char *key_of(const struct catalog *c, const char *name)
{
	double right = 0;

	for (size_t m = 0; m < c->n_models; m++)
		right += c->models[m].right;
	return mem_printf("%s rule=%s models=%zu questions=%zu labels=%zu right=%.6g", name,
	    policy_rule_name(c->policy.rule), c->n_models, c->n_questions, c->n_labels, right);
}

json_t *kept_read(struct db *db, const struct catalog *c, int64_t run, const char *name)
{
	struct arena arena = ARENA_INIT;
	struct err unreadable = ERR_INIT;
	const char *text = NULL;
	char *key = key_of(c, name);
	json_t *v = NULL;

	if (run_cache_get(db, run, key, &arena, &text, &unreadable) && text)
		v = json_read(text, strlen(text), key, NULL);
	arena_clear(&arena);
	mem_free(key);
	return v;
}

void kept_write(
    struct db *db, const struct catalog *c, int64_t run, const char *name, json_t *value)
{
	struct err unwritable = ERR_INIT;
	char *key = key_of(c, name), *text = json_compact(value);

	if (db)
		run_cache_set(db, run, key, text, &unwritable);
	mem_free(text);
	mem_free(key);
	json_decref(value);
}
