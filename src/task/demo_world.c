#include "task/demo_world.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/hashtable.h"

#include <math.h>
#include <string.h>

enum { /* generators, one for each purpose */
	STREAM_MODELS,
	STREAM_QUESTIONS,
	STREAM_REPEATS,
	STREAM_LABELS = 1000, /* + question */
	STREAM_AGAIN = 1 << 30,
};

static const struct {
	size_t lines, sizes;
	size_t questions[PART_COUNT], repeats[PART_COUNT];
} scales[DEMO_SCALE_COUNT] = {
    [DEMO_SMALL] = {10, 6, {[PART_NONE] = 4000}, {0}},
    [DEMO_PAPER] = {16, 7, {[PART_TRAIN] = 29673, [PART_VAL] = 3000, [PART_TEST] = 3000},
	{[PART_TRAIN] = 34056 - 29673, [PART_VAL] = 469, [PART_TEST] = 3469 - 3000}},
};

static const double OWN_SKILL = 0.08;  /* spread of a model's skills about its line's */
static const double AGAIN = 0.2;       /* share of a repeat's labels that are drawn anew */
static const size_t LONG_PROMPT = 365; /* bytes from which no more sentences are put before */

static bool make_models(
    const struct demo_text *t, enum demo_scale scale, struct demo_world *w, struct err *e)
{
	size_t lines = scales[scale].lines, sizes = scales[scale].sizes;
	struct rng rng;

	if (t->n_lines < lines || t->n_sizes < sizes)
		return err_set(
		    e, ERR_DATA, "models.txt: %zu lines in %zu sizes are needed", lines, sizes);
	rng_init(&rng, w->seed, STREAM_MODELS);
	w->n_models = lines * sizes;
	w->models = arena_array(&w->arena, struct demo_world_model, w->n_models);
	for (size_t i = 0; i < w->n_models; i++) {
		const struct demo_line *line = &t->lines[i / sizes];
		const struct demo_size *size = &t->sizes[i % sizes];
		struct demo_world_model *m = &w->models[i];

		m->name =
		    arena_printf(&w->arena, "sim/%s-%s%s", line->family, size->name, line->suffix);
		m->family = arena_strdup(&w->arena, line->family);
		m->size = arena_strdup(&w->arena, size->name);
		m->speciality = arena_strdup(&w->arena, line->speciality);
		m->price_in = size->price;
		m->price_out = 3 * size->price;
		m->planted[0] = line->ability + size->ability;
		m->planted[1] = 1;
		for (size_t k = 0; k < DEMO_SKILLS; k++)
			m->planted[2 + k] = line->skills[k] + OWN_SKILL * rng_normal(&rng);
	}
	return true;
}

/* Sentences from somewhere in the list on, none twice. */
static void add_preamble(const struct demo_text *t, struct rng *rng, struct buf *text)
{
	const struct demo_list *list = demo_text_list(t, "preamble");
	size_t at = rng_below(rng, list->n);

	for (size_t i = 0; i < list->n && text->len < LONG_PROMPT; i++) {
		buf_adds(text, list->words[(at + i) % list->n].text);
		buf_addc(text, '\n');
	}
}

/* A question of the given benchmark that was not there yet. */
static bool make_question(const struct demo_text *t, struct demo_world *w, size_t i,
    bool long_prompt, struct rng *rng, struct hashtable *seen, struct buf *text, struct err *e)
{
	struct demo_world_question *q = &w->questions[i];
	const struct demo_benchmark *b = &t->benchmarks[q->benchmark];

	for (int tries = 0; tries < 1000; tries++) {
		size_t pick = b->first + rng_below(rng, b->n_templates);

		buf_reset(text);
		if (long_prompt)
			add_preamble(t, rng, text);
		demo_text_fill(t, &t->templates[pick], rng, text, q->planted);
		if (hashtable_get(seen, text->s, text->len) != HASHTABLE_NONE)
			continue;
		hashtable_put(seen, text->s, text->len, i);
		q->text = arena_strndup(&w->arena, text->s, text->len);
		q->len = text->len;
		return true;
	}
	return err_set(
	    e, ERR_DATA, "questions.txt: the templates of %s give too few questions", b->name);
}

static bool make_questions(const struct demo_text *t, enum demo_scale scale, bool long_prompts,
    struct demo_world *w, struct err *e)
{
	struct buf text = BUF_INIT;
	struct hashtable *seen = hashtable_new();
	struct rng rng;
	size_t at = 0;
	bool ok = true;

	rng_init(&rng, w->seed, STREAM_QUESTIONS);
	for (int part = 0; part < PART_COUNT; part++)
		w->n_questions += scales[scale].questions[part];
	w->questions = arena_array(&w->arena, struct demo_world_question, w->n_questions);
	for (int part = 0; ok && part < PART_COUNT; part++)
		for (size_t i = 0; ok && i < scales[scale].questions[part]; i++, at++) {
			w->questions[at].part = (enum part)part;
			w->questions[at].benchmark = at % w->n_benchmarks;
			ok = make_question(t, w, at, long_prompts, &rng, seen, &text, e);
		}
	hashtable_free(seen);
	buf_clear(&text);
	return ok;
}

/* Every question of a part in order, then its repeats, each of another question. */
static void make_listings(enum demo_scale scale, struct demo_world *w)
{
	size_t at = 0, first = 0;
	struct rng rng;

	rng_init(&rng, w->seed, STREAM_REPEATS);
	w->listings = arena_array(&w->arena, struct demo_world_listing, 2 * w->n_questions);
	for (int part = 0; part < PART_COUNT; part++) {
		size_t n = scales[scale].questions[part], repeats = scales[scale].repeats[part];
		uint32_t *order;

		if (!n)
			continue;
		order = mem_array(n, sizeof(*order));
		for (size_t i = 0; i < n; i++)
			order[i] = (uint32_t)(first + i);
		for (size_t i = 0; i < n; i++)
			w->listings[at++] = (struct demo_world_listing){order[i], false};
		rng_shuffle(&rng, order, n);
		for (size_t i = 0; i < repeats; i++)
			w->listings[at++] = (struct demo_world_listing){order[i], true};
		mem_free(order);
		first += n;
	}
	w->n_listings = at;
}

bool demo_world_new(const char *dir, enum demo_scale scale, uint64_t seed, bool long_prompts,
    struct demo_world *out, struct err *e)
{
	struct demo_world w = {.arena = ARENA_INIT, .seed = seed};
	struct demo_text t;
	bool ok;

	if (!demo_text_load(dir, &t, e))
		return false;
	w.n_benchmarks = t.n_benchmarks;
	w.benchmarks = arena_array(&w.arena, const char *, t.n_benchmarks);
	for (size_t b = 0; b < t.n_benchmarks; b++)
		w.benchmarks[b] = arena_strdup(&w.arena, t.benchmarks[b].name);
	ok = make_models(&t, scale, &w, e) && make_questions(&t, scale, long_prompts, &w, e);
	demo_text_clear(&t);
	if (!ok) {
		demo_world_clear(&w);
		return false;
	}
	make_listings(scale, &w);
	*out = w;
	return true;
}

void demo_world_clear(struct demo_world *w)
{
	arena_clear(&w->arena);
}

double demo_world_probability(const double *model, const double *question)
{
	double logit = 0;

	for (size_t k = 0; k < DEMO_DIMS; k++)
		logit += model[k] * question[k];
	return 1 / (1 + exp(-logit));
}

void demo_world_labels(const struct demo_world *w, size_t listing, unsigned char *label)
{
	const struct demo_world_listing *l = &w->listings[listing];
	const double *z = w->questions[l->question].planted;
	struct rng rng, again;

	rng_init(&rng, w->seed, STREAM_LABELS + (uint64_t)l->question);
	rng_init(&again, w->seed, STREAM_AGAIN + (uint64_t)l->question);
	for (size_t m = 0; m < w->n_models; m++) {
		double p = demo_world_probability(w->models[m].planted, z);

		label[m] = rng_uniform(&rng) < p;
		if (l->repeat && rng_uniform(&again) < AGAIN)
			label[m] = rng_uniform(&again) < p;
	}
}
