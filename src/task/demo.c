#include "task/demo.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/progress.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/model.h"
#include "store/planted.h"
#include "store/staging.h"
#include "task/split.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const scale_name[DEMO_SCALE_COUNT] = {
    [DEMO_SMALL] = "small", [DEMO_PAPER] = "paper"};

void demo_options_default(struct demo_options *o)
{
	*o = (struct demo_options){.scale = DEMO_SMALL};
}

/* What the database remembers of the world it holds. */
static void describe(const struct demo_options *o, char text[64])
{
	snprintf(text, 64, "%s seed %llu%s", scale_name[o->scale], (unsigned long long)o->seed,
	    o->long_prompts ? " long" : "");
}

bool task_demo_there(
    struct db *db, const struct demo_options *o, bool *there, bool *other, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct catalog c;
	char text[64];
	const char *held;
	bool ok;

	describe(o, text);
	ok = db_meta_get(db, "demo", &a, &held, e) && catalog_load(db, &a, &c, e);
	if (ok) {
		*there = held && !strcmp(held, text);
		*other = !*there && (held || c.n_models || c.n_questions);
	}
	arena_clear(&a);
	return ok;
}

static void stage(const struct demo_world *w, struct staging *s)
{
	unsigned char *label = mem_array(w->n_models, 1);
	uint32_t *model = mem_array(w->n_models, sizeof(*model));

	for (size_t m = 0; m < w->n_models; m++)
		staging_model(s, w->models[m].name, strlen(w->models[m].name), NULL, &model[m]);
	for (size_t l = 0; l < w->n_listings; l++) {
		const struct demo_world_question *q = &w->questions[w->listings[l].question];
		const char *benchmark = w->benchmarks[q->benchmark];
		const struct staging_listing listing = {.category = benchmark,
		    .category_len = strlen(benchmark),
		    .benchmark = benchmark,
		    .text = q->text,
		    .text_len = q->len,
		    .part = q->part,
		    .variant = w->listings[l].repeat ? "fewshot" : NULL};
		uint32_t item;

		staging_item(s, &listing, &item); /* known by its text: cannot contradict itself */
		demo_world_labels(w, l, label);
		for (size_t m = 0; m < w->n_models; m++)
			staging_row(s, item, model[m], label[m]);
	}
	mem_free(model);
	mem_free(label);
}

static bool describe_models(struct db *db, const struct demo_world *w, struct err *e)
{
	bool ok = true;

	for (size_t m = 0; ok && m < w->n_models; m++) {
		const struct demo_world_model *v = &w->models[m];
		const struct catalog_tag tags[] = {
		    {"family", v->family}, {"size", v->size}, {"speciality", v->speciality}};
		bool found;

		ok = model_set(db, v->name, tags, sizeof(tags) / sizeof(*tags), v->price_in,
			 v->price_out, &found, e) &&
		     planted_save_model(db, v->name, v->planted, DEMO_DIMS, e);
	}
	return ok;
}

static bool plant_questions(struct db *db, const struct demo_world *w, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < w->n_questions; i++) {
		const struct demo_world_question *q = &w->questions[i];

		ok = planted_save_question(db, q->text, q->len, q->planted, DEMO_DIMS, e);
	}
	return ok;
}

static bool draw_split(struct db *db, struct arena *a, struct err *e)
{
	struct split_options o;
	struct split split;

	split_options_default(&o);
	return task_split(db, &o, a, &split, e);
}

bool task_demo(struct db *db, const struct demo_options *o, const struct progress *p,
    struct arena *a, struct response_report *out, struct err *e)
{
	struct response_report report;
	struct staging s;
	struct demo_world w;
	char text[64], file[80], *dir = file_share("demo", e);
	bool ok;

	if (!dir || !demo_world_new(dir, o->scale, o->seed, o->long_prompts, &w, e)) {
		mem_free(dir);
		return false;
	}
	describe(o, text);
	snprintf(file, sizeof(file), "demo world %s", text);
	staging_init(&s, file, "demo");
	stage(&w, &s);
	ok = db_begin(db, e);
	if (ok) {
		ok = response_import(db, &s, NULL, NAN, false, p, a, &report, e) &&
		     describe_models(db, &w, e) && plant_questions(db, &w, e) &&
		     (o->scale == DEMO_PAPER || draw_split(db, a, e)) &&
		     db_meta_set(db, "demo", text, e);
		ok = db_end(db, ok, e);
	}
	if (ok)
		*out = report;
	staging_clear(&s);
	demo_world_clear(&w);
	mem_free(dir);
	return ok;
}
