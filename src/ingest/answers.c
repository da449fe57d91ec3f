#include "ingest/answers.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/figure_name.h"
#include "ingest/importer.h"
#include "store/staging.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct answers {
	struct ingest *in;
	struct arena arena;
	struct answer *v; /* strings in the arena, each once */
	size_t n, cap;
	struct hashtable *strings; /* by content: index in pool */
	const char **pool;
	size_t n_pool, cap_pool;
	struct hashtable *seen;    /* model, task, key and epoch */
	struct hashtable *metrics; /* by task: index in taken */
	const char **taken;
	size_t n_taken, cap_taken;
	bool asked_found;
	struct buf key;
};

struct answers *answers_new(struct ingest *in)
{
	struct answers *g = mem_zero_array(1, sizeof(*g));

	g->in = in;
	g->strings = hashtable_new();
	g->seen = hashtable_new();
	g->metrics = hashtable_new();
	buf_init(&g->key, BUF_DEFAULT_MAX);
	return g;
}

void answers_free(struct answers *g)
{
	hashtable_free(g->strings);
	hashtable_free(g->seen);
	hashtable_free(g->metrics);
	mem_free(g->v);
	mem_free(g->pool);
	mem_free(g->taken);
	buf_clear(&g->key);
	arena_clear(&g->arena);
	mem_free(g);
}

size_t answers_count(const struct answers *g)
{
	return g->n;
}

bool answers_read(struct ingest *in,
    bool (*read)(struct ingest *in, size_t i, struct answers *g, struct err *e), struct err *e)
{
	struct answers *g = answers_new(in);
	bool ok = true;

	for (size_t i = 0; ok && i < in->n_files; i++)
		ok = read(in, i, g, e);
	ok = ok && answers_metric_found(g, e) && answers_stage(g, e);
	answers_free(g);
	return ok;
}

double answers_number(const json_t *o, const char *key)
{
	double v;

	return json_get_number(o, key, &v) ? v : NAN;
}

/* One copy of each string, known by its hash, so that long texts are not kept as keys too. */
static const char *intern(struct answers *g, const char *s)
{
	unsigned char hash[HASH_SIZE];
	size_t n;
	uint64_t id;

	if (!s)
		return NULL;
	n = strlen(s);
	hash_of(s, n, hash);
	id = hashtable_get(g->strings, hash, sizeof(hash));
	if (id == HASHTABLE_NONE) {
		id = g->n_pool;
		g->pool = mem_grow(g->pool, &g->cap_pool, g->n_pool + 1, sizeof(*g->pool));
		g->pool[g->n_pool++] = arena_strndup(&g->arena, s, n);
		hashtable_put(g->strings, hash, sizeof(hash), id);
	}
	return g->pool[id];
}

/* Has the model answered this document in this epoch already? Interned strings are equal where their
 * addresses are. */
static bool is_new(struct answers *g, const struct answer *a)
{
	const char *id = a->key ? a->key : a->text;
	struct {
		const char *task, *id;
		uint64_t epoch, model;
	} key = {a->task, id, a->epoch, a->model};

	return hashtable_put(g->seen, &key, sizeof(key), 1) == HASHTABLE_NONE;
}

/* What an answer cost is no reason to lose it: a figure that cannot be is as one that is missing. */
static void tidy_usage(struct response_usage *u)
{
	double *const v[] = {&u->cost, &u->tokens_in, &u->tokens_out, &u->seconds};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		if (!(*v[i] >= 0 && isfinite(*v[i])))
			*v[i] = NAN;
}

bool answers_add(struct answers *g, const struct answer *a, const char *place, struct err *e)
{
	struct answer copy = *a;

	if (!a->text || !*a->text)
		return ingest_bad(g->in, e, place, "no question in it");
	if (!isnan(a->label) && !(a->label >= 0 && a->label <= 1))
		return ingest_bad(g->in, e, place,
		    "the figure is %g: a label is between 0 and 1 (--metric takes another figure)",
		    a->label);
	tidy_usage(&copy.usage);
	copy.task = intern(g, a->task);
	copy.benchmark = intern(g, a->benchmark);
	copy.key = intern(g, a->key);
	copy.text = intern(g, a->text);
	copy.more = intern(g, a->more);
	copy.label = fabs(a->label); /* no -0 */
	if (!is_new(g, &copy))
		return ingest_bad(g->in, e, place, "%.80s of %.80s stood above already",
		    a->key ? a->key : "the same question", a->task);
	g->v = mem_grow(g->v, &g->cap, g->n + 1, sizeof(*g->v));
	g->v[g->n++] = copy;
	return true;
}

/* The task and the text, for a table. */
struct place {
	const char *task, *text;
};

/* Marks, in `alike`, every answer whose task and text are those of another document too; returns how
 * many documents are beyond the first of their text. */
static size_t find_alike(const struct answers *g, bool *alike)
{
	struct hashtable *first = hashtable_new(), *documents = hashtable_new();
	bool *clash = mem_zero_array(g->n + 1, sizeof(*clash));
	size_t more = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct answer *a = &g->v[i];
		struct place p = {a->task, a->text};
		uint64_t id = hashtable_get(first, &p, sizeof(p));

		if (id == HASHTABLE_NONE) {
			hashtable_put(first, &p, sizeof(p), i);
		} else if (a->key != g->v[id].key) {
			struct place d = {a->text, a->key};

			clash[id] = true;
			more += hashtable_put(documents, &d, sizeof(d), 1) == HASHTABLE_NONE;
		}
	}
	for (size_t i = 0; i < g->n; i++) {
		struct place p = {g->v[i].task, g->v[i].text};

		alike[i] = clash[hashtable_get(first, &p, sizeof(p))];
	}
	hashtable_free(first);
	hashtable_free(documents);
	mem_free(clash);
	return more;
}

/* Where documents have one text, what stands around it tells them apart, or the report says so. */
static void tell_apart(struct answers *g)
{
	bool *alike = mem_zero_array(g->n + 1, sizeof(*alike));
	size_t left = find_alike(g, alike);

	if (left) {
		for (size_t i = 0; i < g->n; i++)
			if (alike[i] && g->v[i].more)
				g->v[i].text = g->v[i].more;
		left = find_alike(g, alike);
	}
	if (left)
		ingest_remark(g->in, REMARK_NAMES,
		    "%zu document%s the text of another under another id: taken as the same "
		    "question",
		    left, left == 1 ? " has" : "s have");
	mem_free(alike);
}

bool answers_stage(struct answers *g, struct err *e)
{
	const struct ingest_options *o = g->in->o;

	tell_apart(g);
	for (size_t i = 0; i < g->n; i++) {
		const struct answer *a = &g->v[i];
		struct staging_listing l = {
		    .key = a->key,
		    .key_len = a->key ? strlen(a->key) : 0,
		    .category = a->task,
		    .category_len = strlen(a->task),
		    .benchmark = o->benchmark ? o->benchmark : a->benchmark,
		    .text = a->text,
		    .text_len = strlen(a->text),
		    .part = o->part ? o->part : a->part,
		};
		uint32_t item;
		enum staging_result r = staging_item(g->in->s, &l, &item);

		if (r == STAGING_OTHER_TEXT) { /* ids are numbers, and another log's began anew */
			l.key = NULL;
			r = staging_item(g->in->s, &l, &item);
		}
		if (r != STAGING_OK)
			return err_set(
			    e, ERR_DATA, "%s: the name of a task is no text", g->in->path);
		staging_row(g->in->s, item, a->model, a->label);
		staging_usage(g->in->s, &a->usage);
	}
	return true;
}

static bool can_be_label(const json_t *v)
{
	double x;

	return json_is_null(v) || ingest_json_label(v, &x);
}

/* By what a task without --metric is taken, by preference. */
static const char *const known[] = {"accuracy", "acc", "exact_match", "em", "quasi_exact_match",
    "prefix_exact_match", "final_number_exact_match", "correct", "is_correct", "match", "pass@1",
    "acc_norm", "score"};

/* May the figure be taken unasked? */
static bool would_do(const char *task, const char *name, const json_t *v)
{
	return can_be_label(v) && !figure_is_of_wrong(name) && !figure_is_of_wrong_in(task, name);
}

/* The figure to take; NULL where there is none, or (*many) several of which none is known. */
static const char *choose(struct answers *g, const char *task, const json_t *figures,
    const char *const *preferred, bool *many)
{
	const char *asked = g->in->o->metric, *key, *only = NULL;
	json_t *v;

	if (asked && can_be_label(json_object_get(figures, asked))) {
		g->asked_found = true;
		return asked;
	}
	for (size_t i = 0; preferred && preferred[i]; i++)
		if (can_be_label(json_object_get(figures, preferred[i])))
			return preferred[i];
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (json_object_get(figures, known[i]) &&
		    would_do(task, known[i], json_object_get(figures, known[i])))
			return known[i];
	json_object_foreach((json_t *)figures, key, v)
	{
		*many = *many || (only && would_do(task, key, v));
		only = would_do(task, key, v) ? key : only;
	}
	return *many ? NULL : intern(g, only);
}

static bool several(struct answers *g, const char *task, const json_t *figures, struct err *e)
{
	struct buf list = BUF_INIT;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)figures, key, v) if (can_be_label(v) && list.len < 400)
	    buf_printf(&list, "%s%s", list.len ? ", " : "", key);
	err_set(e, ERR_DATA, "%s: %s has several figures: %s; choose one with --metric",
	    g->in->path, task, buf_str(&list));
	buf_clear(&list);
	return false;
}

bool answers_metric(struct answers *g, const char *task, const json_t *figures,
    const char *const *preferred, const char **metric, struct err *e)
{
	uint64_t id = hashtable_get(g->metrics, task, strlen(task));
	bool many = false;

	if (id != HASHTABLE_NONE) {
		*metric = g->taken[id];
		return true;
	}
	if (g->in->o->metric && json_object_get(figures, g->in->o->metric) &&
	    figure_is_of_wrong(g->in->o->metric))
		return err_set(e, ERR_DATA,
		    "%s: %s is the better the lower: it says what is wrong, and is no label",
		    g->in->path, g->in->o->metric);
	*metric = choose(g, task, figures, preferred, &many);
	if (many)
		return several(g, task, figures, e);
	if (!*metric)
		return true;
	id = g->n_taken;
	g->taken = mem_grow(g->taken, &g->cap_taken, g->n_taken + 1, sizeof(*g->taken));
	g->taken[g->n_taken++] = arena_strdup(&g->in->arena, *metric);
	hashtable_put(g->metrics, task, strlen(task), id);
	*metric = g->taken[id];
	ingest_remark(g->in, REMARK_CHOICE, "%s by %s%s", task, *metric,
	    json_object_size(figures) > 1 ? ", one of several figures (--metric)" : "");
	return true;
}

bool answers_metric_found(const struct answers *g, struct err *e)
{
	struct buf list = BUF_INIT;
	bool ok = !g->in->o->metric || g->asked_found;

	for (size_t i = 0; !ok && i < g->n_taken && i < 20; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", g->taken[i]);
	if (!ok)
		err_set(e, ERR_USAGE, "%s: no task has a metric %s; taken would be: %s",
		    g->in->path, g->in->o->metric, list.len ? list.s : "nothing");
	buf_clear(&list);
	return ok;
}
