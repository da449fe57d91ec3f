#include "task/run_figures.h"

#include "base/err.h"
#include "base/mem.h"
#include "task/kept.h"

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

bool run_figures_kept(struct db *db, const struct catalog *r, int64_t run, struct run_figures *out)
{
	struct run_figures t = {.run = run};
	struct figure *f[FIGURES];
	json_t *v = kept_read(db, r, run, "test");
	bool found = json_array_size(v) == 3 * (size_t)FIGURES;

	members(&t, f);
	for (size_t i = 0; i < FIGURES; i++)
		*f[i] = (struct figure){json_number_at(v, 3 * i), json_number_at(v, 3 * i + 1),
		    json_number_at(v, 3 * i + 2)};
	*out = t;
	json_decref(v);
	return found;
}

static void keep(struct db *db, const struct catalog *r, struct run_figures *t)
{
	struct figure *f[FIGURES];
	json_t *v = json_array();

	members(t, f);
	for (size_t i = 0; i < FIGURES; i++) {
		json_array_append_new(v, json_number(f[i]->value));
		json_array_append_new(v, json_number(f[i]->low));
		json_array_append_new(v, json_number(f[i]->high));
	}
	kept_write(db, r, t->run, "test", v);
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

	ok = catalog_load(db, &arena, &c, e);
	found = ok && run_figures_kept(db, &c, run, out);
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
