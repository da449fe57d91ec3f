#include "task/run_figures.h"

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FIGURES 4

static void members(struct run_figures *t, struct figure *out[FIGURES])
{
	out[0] = &t->accuracy;
	out[1] = &t->auc;
	out[2] = &t->accuracy_gain;
	out[3] = &t->auc_gain;
}

/* Other labels, or another rule for them, make another key. */
static void cache_key(const struct catalog *r, char *key, size_t size)
{
	double right = 0;

	for (size_t m = 0; m < r->n_models; m++)
		right += r->models[m].right;
	snprintf(key, size, "test rule=%s models=%zu questions=%zu labels=%zu right=%.6g",
	    policy_rule_name(r->policy.rule), r->n_models, r->n_questions, r->n_labels, right);
}

bool run_figures_kept(struct db *db, const struct catalog *r, int64_t run, struct run_figures *out,
    bool *found, struct err *e)
{
	struct arena arena = ARENA_INIT;
	struct run_figures t = {.run = run};
	struct figure *f[FIGURES];
	const char *text = NULL;
	char key[200];
	json_t *v = NULL;
	bool ok;

	members(&t, f);
	cache_key(r, key, sizeof(key));
	ok = run_cache_get(db, run, key, &arena, &text, e);
	/* What cannot be read is as good as nothing: it is computed again. */
	if (ok && text)
		v = json_read(text, strlen(text), key, NULL);
	*found = json_array_size(v) == 3 * (size_t)FIGURES;
	for (size_t i = 0; i < FIGURES; i++)
		*f[i] = (struct figure){json_number_at(v, 3 * i), json_number_at(v, 3 * i + 1),
		    json_number_at(v, 3 * i + 2)};
	if (ok)
		*out = t;
	json_decref(v);
	arena_clear(&arena);
	return ok;
}

static void keep(struct db *db, const struct catalog *r, struct run_figures *t)
{
	struct err unwritable = ERR_INIT;
	struct figure *f[FIGURES];
	json_t *v = json_array();
	char key[200], *text;

	members(t, f);
	for (size_t i = 0; i < FIGURES; i++) {
		json_array_append_new(v, json_number(f[i]->value));
		json_array_append_new(v, json_number(f[i]->low));
		json_array_append_new(v, json_number(f[i]->high));
	}
	text = json_compact(v);
	cache_key(r, key, sizeof(key));
	run_cache_set(db, t->run, key, text, &unwritable);
	mem_free(text);
	json_decref(v);
}

static bool judge(
    const struct atlas *a, const struct progress *p, struct run_figures *out, struct err *e)
{
	struct evaluate_options o;
	struct evaluation v;

	evaluate_options_default(&o);
	o.brief = true;
	if (!task_evaluate(a, &o, p, &v, e))
		return false;
	*out = (struct run_figures){.run = a->run,
	    .accuracy = v.all.accuracy,
	    .auc = v.all.auc,
	    .accuracy_gain = v.accuracy_gain,
	    .auc_gain = v.auc_gain};
	evaluation_clear(&v);
	return true;
}

bool task_run_figures(
    struct db *db, int64_t run, const struct progress *p, struct run_figures *out, struct err *e)
{
	struct arena arena = ARENA_INIT;
	struct catalog c;
	struct atlas *a;
	bool found, ok;

	ok = catalog_load(db, &arena, &c, e) && run_figures_kept(db, &c, run, out, &found, e);
	arena_clear(&arena);
	if (!ok || found)
		return ok;
	a = atlas_open(db, run, NULL, p, e);
	ok = a && judge(a, p, out, e);
	if (ok)
		keep(db, &a->catalog, out);
	atlas_free(a);
	return ok;
}
