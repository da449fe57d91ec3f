/* Runs of one model. Each came as a model of its own (staging_run); here they become one model where
 * that is right, and stay apart, by a name that says how they differ, where it is not.
 *
 * What makes another model (its weights) parts runs wherever it differs. Anything else (shots, decoding)
 * parts them only where two answered the same question: a model has its 5 shots in one task and 25
 * in another, and is one model. */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/runs.h"
#include "store/staging.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Settings that make another model of the same name. */
static const char *const identity[] = {
    "base", "revision", "adapter", "quantisation", "subfolder", "file"};

bool runs_is_identity(const char *key)
{
	for (size_t i = 0; i < sizeof(identity) / sizeof(identity[0]); i++)
		if (!strcmp(key, identity[i]))
			return true;
	return false;
}

/* One run, and what it is called in the end. */
struct slot {
	const char *name;          /* of the model, to begin with */
	const char *when;          /* it was made, or NULL */
	const char *identity;      /* "step1000", or "" */
	uint32_t base;             /* slots of one name and identity */
	struct staging_setting *v; /* its settings: identity first, by key, then category */
	size_t n;
	bool others;   /* there are slots of this name and another identity */
	bool conflict; /* answered what another run of the base did, under other settings */
};

struct settling {
	struct ingest *in;
	struct slot *slot;
	size_t n, n_bases;
	struct buf text;
	struct hashtable *signatures; /* of settings, by slot and category */
	uint8_t *conflict;            /* by base */
	uint64_t *repeats;            /* by base: questions answered by several runs alike */
	struct hashtable *tasks;      /* "base category": where runs are in conflict */
};

bool ingest_run(struct ingest *in, const char *name, const char *run, const char *when,
    uint32_t *model, struct err *e)
{
	if (in->o->model)
		name = in->o->model;
	return staging_run(in->s, name, strlen(name), run, when, model) ||
	       err_set(e, ERR_DATA, "%s: the model's name is %s", in->path,
		   *name ? "no UTF-8 text" : "empty; --model gives one");
}

void ingest_setting(
    struct ingest *in, uint32_t model, const char *task, const char *key, const char *value)
{
	if (value && *value && staging_text_check(value, strlen(value)) == strlen(value))
		staging_set(in->s, model, task, key, value);
}

static int by_model_key(const void *a, const void *b)
{
	const struct staging_setting *x = a, *y = b;
	int k;

	if (x->model != y->model)
		return x->model < y->model ? -1 : 1;
	k = runs_is_identity(y->key) - runs_is_identity(x->key);
	k = k ? k : strcmp(x->key, y->key);
	k = k ? k : strcmp(x->category, y->category);
	return k ? k : strcmp(x->value, y->value);
}

static const char *const units[][2] = {{"shots", "%s-shot"}, {"limit", "limit-%s"},
    {"temperature", "t%s"}, {"system", "system-%s"}, {"template", "template-%s"},
    {"revision", "%s"}, {"adapter", "%s"}, {"quantisation", "%s"}, {"subfolder", "%s"},
    {"file", "%s"}};

void runs_add_setting(struct buf *out, const char *key, const char *value)
{
	const char *shown = file_base(value);

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		const char *at = strstr(units[i][1], "%s");

		if (strcmp(units[i][0], key))
			continue;
		buf_add(out, units[i][1], (size_t)(at - units[i][1]));
		buf_adds(out, *shown ? shown : value);
		buf_adds(out, at + 2);
		return;
	}
	buf_printf(out, "%s-%s", key, *shown ? shown : value);
}

/* The slots with their settings, bases by name and identity. */
static void find_bases(struct settling *g)
{
	struct staging *s = g->in->s;
	enum { SEVERAL = 0x7fffffff };
	struct hashtable *bases = hashtable_new(), *names = hashtable_new();
	size_t k = 0;

	if (s->n_settings)
		qsort(s->settings, s->n_settings, sizeof(*s->settings), by_model_key);
	for (size_t m = 0; m < g->n; m++) {
		struct slot *t = &g->slot[m];
		uint64_t id;

		t->name = s->models[m].name;
		t->when = s->models[m].when;
		t->v = s->n_settings ? s->settings + k : NULL;
		buf_reset(&g->text);
		for (; k < s->n_settings && s->settings[k].model == m; k++, t->n++) {
			if (!runs_is_identity(s->settings[k].key) ||
			    (t->n && !by_model_key(&s->settings[k - 1], &s->settings[k])))
				continue;
			buf_addc(&g->text, ':');
			runs_add_setting(&g->text, s->settings[k].key, s->settings[k].value);
		}
		t->identity = arena_strdup(&g->in->arena, buf_str(&g->text));
		buf_reset(&g->text);
		buf_adds(&g->text, t->name);
		buf_addc(&g->text, '\0');
		buf_adds(&g->text, t->identity);
		id = hashtable_get(bases, g->text.s, g->text.len);
		if (id == HASHTABLE_NONE)
			hashtable_put(bases, g->text.s, g->text.len, id = hashtable_count(bases));
		t->base = (uint32_t)id;
	}
	g->n_bases = hashtable_count(bases);
	hashtable_free(bases);
	/* Identity is in the name only where there are several of the name. */
	for (size_t m = g->n; m-- > 0;) {
		const char *name = g->slot[m].name;
		uint64_t base = hashtable_get(names, name, strlen(name));

		if (base == HASHTABLE_NONE)
			hashtable_put(names, name, strlen(name), g->slot[m].base);
		else if (base != g->slot[m].base)
			hashtable_put(names, name, strlen(name), SEVERAL);
	}
	for (size_t m = 0; m < g->n; m++) {
		const char *name = g->slot[m].name;

		g->slot[m].others = hashtable_get(names, name, strlen(name)) == SEVERAL;
		if (!g->slot[m].others)
			g->slot[m].identity = "";
	}
	hashtable_free(names);
}

/* A number for the slot's settings in a category, equal where they are equal. */
static uint64_t signature(struct settling *g, uint32_t m, const char *category)
{
	const struct slot *t = &g->slot[m];
	uint64_t id;

	buf_reset(&g->text);
	for (size_t i = 0; i < t->n; i++)
		if (!runs_is_identity(t->v[i].key) &&
		    (!i || by_model_key(&t->v[i - 1], &t->v[i])) &&
		    (!*t->v[i].category || !strcmp(t->v[i].category, category)))
			buf_printf(&g->text, "%s=%s\n", t->v[i].key, t->v[i].value);
	id = hashtable_get(g->signatures, buf_str(&g->text), g->text.len);
	if (id == HASHTABLE_NONE) {
		id = hashtable_count(g->signatures);
		hashtable_put(g->signatures, buf_str(&g->text), g->text.len, id);
	}
	return id;
}

/* A row by question, base and slot: rows that meet stand together. */
struct meeting {
	uint32_t question, base, slot, row;
};

static int by_meeting(const void *a, const void *b)
{
	const struct meeting *x = a, *y = b;

	if (x->question != y->question)
		return x->question < y->question ? -1 : 1;
	if (x->base != y->base)
		return x->base < y->base ? -1 : 1;
	if (x->slot != y->slot)
		return x->slot < y->slot ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

/* The rows of bases that have several runs, in order. */
static struct meeting *meetings(const struct settling *g, size_t *n)
{
	const struct staging *s = g->in->s;
	uint32_t *slots = mem_zero_array(g->n_bases + 1, sizeof(*slots));
	struct meeting *v = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t m = 0; m < g->n; m++)
		slots[g->slot[m].base]++;
	for (size_t i = 0; i < s->n_rows; i++) {
		uint32_t m = s->row_model[i], base = g->slot[m].base;

		if (slots[base] < 2)
			continue;
		v = mem_grow(v, &cap, *n + 1, sizeof(*v));
		v[(*n)++] =
		    (struct meeting){s->items[s->row_item[i]].question, base, m, (uint32_t)i};
	}
	if (*n)
		qsort(v, *n, sizeof(*v), by_meeting);
	mem_free(slots);
	return v;
}

static size_t meeting_end(const struct meeting *v, size_t n, size_t from)
{
	size_t to = from + 1;

	while (to < n && v[to].question == v[from].question && v[to].base == v[from].base)
		to++;
	return to;
}

/* Which runs answered one question under other settings, and in which tasks. */
static void find_conflicts(struct settling *g, const struct meeting *v, size_t n)
{
	const struct staging *s = g->in->s;
	struct hashtable *cache = hashtable_new(); /* slot and category: the signature */
	char key[400];

	for (size_t from = 0, to; from < n; from = to) {
		uint64_t first = HASHTABLE_NONE, sig;
		bool differ = false;

		to = meeting_end(v, n, from);
		if (v[from].slot == v[to - 1].slot)
			continue;
		for (size_t i = from; i < to; i++) {
			const char *category = s->items[s->row_item[v[i].row]].category;
			int k = snprintf(key, sizeof(key), "%u %.380s", v[i].slot, category);

			sig = hashtable_get(cache, key, (size_t)k);
			if (sig == HASHTABLE_NONE) {
				sig = signature(g, v[i].slot, category);
				hashtable_put(cache, key, (size_t)k, sig);
			}
			first = first == HASHTABLE_NONE ? sig : first;
			differ = differ || sig != first;
		}
		if (!differ) {
			g->repeats[v[from].base]++;
			continue;
		}
		g->conflict[v[from].base] = 1;
		for (size_t i = from; i < to; i++) {
			const char *category = s->items[s->row_item[v[i].row]].category;
			int k = snprintf(key, sizeof(key), "%u %.380s", v[i].base, category);

			g->slot[v[i].slot].conflict = true;
			hashtable_put(g->tasks, key, (size_t)k, 1);
		}
	}
	hashtable_free(cache);
}

static bool in_conflict(const struct settling *g, uint32_t base, const char *category)
{
	char key[400];
	int k = snprintf(key, sizeof(key), "%u %.380s", base, category);

	return !*category || hashtable_get(g->tasks, key, (size_t)k) != HASHTABLE_NONE;
}

/* The values of a setting in the tasks in conflict, "5" or "5+25", in the arena; "" where there is
 * none. */
static const char *value_of(struct settling *g, const struct slot *t, const char *key)
{
	const char *last = NULL;
	size_t values = 0;

	buf_reset(&g->text);
	for (size_t i = 0; i < t->n; i++) {
		const struct staging_setting *x = &t->v[i];

		if (strcmp(x->key, key) || !in_conflict(g, t->base, x->category) ||
		    (last && !strcmp(last, x->value)))
			continue;
		if (values++)
			buf_addc(&g->text, '+');
		buf_adds(&g->text, x->value);
		last = x->value;
	}
	return arena_strdup(&g->in->arena, values > 3 ? "mixed" : buf_str(&g->text));
}

/* Settings that differ between the runs of a base that are in conflict. */
static size_t differing(struct settling *g, uint32_t base, const char **keys, size_t max)
{
	const struct slot *first = NULL;
	size_t n = 0;

	for (size_t m = 0; m < g->n; m++) {
		const struct slot *t = &g->slot[m];

		if (t->base != base || !t->conflict)
			continue;
		first = first ? first : t;
		for (int side = 0; side < 2; side++) {
			const struct slot *from = side ? first : t, *with = side ? t : first;

			for (size_t i = 0; i < from->n && n < max; i++) {
				const char *key = from->v[i].key;
				bool known = runs_is_identity(key);

				for (size_t k = 0; k < n; k++)
					known = known || !strcmp(keys[k], key);
				if (!known &&
				    strcmp(value_of(g, from, key), value_of(g, with, key)))
					keys[n++] = key;
			}
		}
	}
	return n;
}

/* "shots 0, 5; limit 3, none" */
static void list_differences(struct settling *g, uint32_t base, struct buf *out)
{
	const char *keys[8];
	size_t n = differing(g, base, keys, 8);

	for (size_t k = 0; k < n; k++) {
		struct hashtable *seen = hashtable_new();

		buf_printf(out, "%s%s", k ? "; " : "", keys[k]);
		for (size_t m = 0; m < g->n; m++) {
			const char *value;

			if (g->slot[m].base != base || !g->slot[m].conflict)
				continue;
			value = value_of(g, &g->slot[m], keys[k]);
			if (hashtable_put(seen, value, strlen(value), 1) == HASHTABLE_NONE)
				buf_printf(out, "%s%.60s", hashtable_count(seen) > 1 ? ", " : " ",
				    *value ? value : "not said");
		}
		hashtable_free(seen);
	}
	if (!n)
		buf_adds(out, "what is not said in their files");
}

/* The name of a run that stays apart: with what differs, and where that is not said its date. */
static const char *apart_name(struct settling *g, const struct slot *t)
{
	const char *keys[8], *values[8];
	size_t n = differing(g, t->base, keys, 8);
	struct buf name = BUF_INIT;
	const char *kept;

	for (size_t k = 0; k < n; k++)
		values[k] = value_of(g, t, keys[k]);
	buf_printf(&name, "%s%s", t->name, t->identity);
	for (size_t k = 0; k < n; k++) {
		if (!*values[k])
			continue;
		buf_addc(&name, ':');
		runs_add_setting(&name, keys[k], values[k]);
	}
	if (!n && t->when)
		buf_printf(&name, ":%s", t->when);
	kept = arena_strdup(&g->in->s->arena, buf_str(&name));
	buf_clear(&name);
	return kept;
}

/* Of the rows that meet, which stays: of the newest run. */
static uint32_t newest_slot(const struct settling *g, const struct meeting *v, size_t n)
{
	uint32_t best = v[0].slot;

	for (size_t i = 1; i < n; i++) {
		const char *a = g->slot[v[i].slot].when, *b = g->slot[best].when;

		if (strcmp(a ? a : "", b ? b : "") >= 0)
			best = v[i].slot;
	}
	return best;
}

/* One row of the mean, in the place of the first; the others go. */
static void make_mean(struct staging *s, const struct meeting *v, size_t n, uint8_t *gone)
{
	double sum = 0, labels = 0;

	for (size_t i = 0; i < n; i++) {
		double x = s->row_score[v[i].row];

		gone[v[i].row] = i > 0;
		if (isnan(x))
			continue;
		sum += x;
		labels++;
	}
	s->missing += labels == 0;
	s->missing -= isnan(s->row_score[v[0].row]) ? 1 : 0;
	s->row_score[v[0].row] = labels ? sum / labels : NAN;
}

/* Newest or mean, wherever runs meet. Their slots are one model by now. */
static void resolve_rows(struct settling *g, const struct meeting *v, size_t n)
{
	struct staging *s = g->in->s;
	uint8_t *gone = mem_zero_array(s->n_rows + 1, 1);
	uint32_t *rows = mem_array(s->n_rows + 1, sizeof(*rows));
	size_t k = 0;

	for (size_t from = 0, to; from < n; from = to) {
		uint32_t best;

		to = meeting_end(v, n, from);
		if (v[from].slot == v[to - 1].slot)
			continue;
		if (g->in->o->runs == RUNS_MEAN) {
			make_mean(s, v + from, to - from, gone);
			continue;
		}
		best = newest_slot(g, v + from, to - from);
		for (size_t i = from; i < to; i++)
			gone[v[i].row] = v[i].slot != best;
	}
	for (size_t i = 0; i < s->n_rows; i++)
		if (gone[i])
			rows[k++] = (uint32_t)i;
	staging_drop(s, rows, k);
	mem_free(gone);
	mem_free(rows);
}

/* The report: which models, what became of their runs, by what they differ. */
static void report(struct settling *g, uint32_t base)
{
	static const char *const what[] = {
	    [RUNS_APART] = "kept apart",
	    [RUNS_NEWEST] = "the newest taken where they meet (--runs newest)",
	    [RUNS_MEAN] = "their mean taken where they meet (--runs mean)",
	    [RUNS_STOP] = "",
	};
	struct buf names = BUF_INIT, differ = BUF_INIT;
	const char *name = NULL;
	size_t n = 0;

	for (size_t m = 0; m < g->n; m++) {
		const struct slot *t = &g->slot[m];

		if (t->base != base || (g->conflict[base] && !t->conflict))
			continue;
		name = arena_printf(&g->in->arena, "%s%s", t->name, t->identity);
		n++;
		if (g->conflict[base] && g->in->o->runs == RUNS_APART && names.len < 400)
			buf_printf(&names, "%s%s", names.len ? ", " : ": ", apart_name(g, t));
	}
	if (g->conflict[base]) {
		list_differences(g, base, &differ);
		ingest_remark(g->in, REMARK_RUNS, "%.200s: %zu runs that differ in %s; %s%s", name,
		    n, buf_str(&differ), what[g->in->o->runs], buf_str(&names));
	} else if (g->repeats[base]) {
		ingest_remark(g->in, REMARK_RUNS,
		    "%.200s: runs under the same settings answer %llu question%s again: %s", name,
		    (unsigned long long)g->repeats[base], g->repeats[base] == 1 ? "" : "s",
		    g->in->o->runs == RUNS_NEWEST || g->in->o->runs == RUNS_MEAN
			? what[g->in->o->runs]
			: "repeats, made one label by the rule (--dup)");
	}
	buf_clear(&names);
	buf_clear(&differ);
}

/* Models of one name that differ in their weights, a line for each name. */
static void report_identities(struct settling *g)
{
	struct hashtable *seen = hashtable_new(), *listed = hashtable_new();

	for (size_t m = 0; m < g->n; m++) {
		const struct slot *t = &g->slot[m];
		struct buf names = BUF_INIT;

		if (!t->others)
			continue;
		if (hashtable_put(seen, t->name, strlen(t->name), 1) != HASHTABLE_NONE)
			continue;
		for (size_t k = m; k < g->n && names.len < 400; k++) {
			const char *full = arena_printf(
			    &g->in->arena, "%s%s", g->slot[k].name, g->slot[k].identity);

			if (!strcmp(g->slot[k].name, t->name) &&
			    hashtable_put(listed, full, strlen(full), 1) == HASHTABLE_NONE)
				buf_printf(&names, "%s%s", names.len ? ", " : "", full);
		}
		ingest_remark(g->in, REMARK_RUNS,
		    "%.200s: models of other weights (base, revision, adapter, quantisation), kept "
		    "apart: "
		    "%s",
		    t->name, buf_str(&names));
		buf_clear(&names);
	}
	hashtable_free(seen);
	hashtable_free(listed);
}

static bool stop(struct settling *g, struct err *e)
{
	struct buf differ = BUF_INIT;
	size_t m = 0;

	while (m < g->n && !g->slot[m].conflict)
		m++;
	if (m == g->n)
		return true;
	list_differences(g, g->slot[m].base, &differ);
	err_set(e, ERR_DATA,
	    "%s: runs of %s%s differ in %s; choose with --runs apart, newest or mean", g->in->path,
	    g->slot[m].name, g->slot[m].identity, buf_str(&differ));
	buf_clear(&differ);
	return false;
}

/* Give the slots their names; those of one name become one model. */
static void join_slots(struct settling *g)
{
	struct staging *s = g->in->s;
	uint32_t *now = mem_array(g->n + 1, sizeof(*now)), *run;
	struct hashtable *names = hashtable_new();
	size_t n = 0;

	run = mem_zero_array(g->n + 1, sizeof(*run));
	for (size_t m = 0; m < g->n; m++) {
		const struct slot *t = &g->slot[m];
		const char *name = t->conflict && g->in->o->runs == RUNS_APART
				       ? apart_name(g, t)
				       : arena_printf(&s->arena, "%s%s", t->name, t->identity);
		uint64_t id = hashtable_get(names, name, strlen(name));

		if (id == HASHTABLE_NONE) {
			id = n;
			hashtable_put(names, name, strlen(name), id);
			s->models[n] = s->models[m];
			s->models[n++].name = name;
		} else if (!s->models[id].key) {
			s->models[id].key = s->models[m].key;
		}
		now[m] = (uint32_t)id;
	}
	for (size_t i = 0; i < s->n_rows; i++)
		s->row_model[i] = now[s->row_model[i]];
	for (size_t i = 0; i < s->n_claims; i++)
		s->claims[i].model = now[s->claims[i].model];
	for (size_t i = 0; i < s->n_settings; i++) {
		uint32_t m = s->settings[i].model;

		if (i == 0 || s->settings[i - 1].model != m)
			run[now[m]]++;
		s->settings[i].run = run[now[m]];
	}
	for (size_t i = 0; i < s->n_settings; i++)
		s->settings[i].model = now[s->settings[i].model];
	if (s->n_settings)
		qsort(s->settings, s->n_settings, sizeof(*s->settings), by_model_key);
	s->n_models = n;
	hashtable_free(names);
	mem_free(run);
	mem_free(now);
}

bool ingest_settle_runs(struct ingest *in, struct err *e)
{
	struct settling g = {.in = in, .n = in->s->n_models, .text = BUF_INIT};
	struct meeting *v;
	size_t n;
	bool ok, runs = false;

	for (size_t m = 0; m < g.n; m++)
		runs = runs || in->s->models[m].run;
	if (!runs)
		return true;
	g.slot = mem_zero_array(g.n + 1, sizeof(*g.slot));
	find_bases(&g);
	g.conflict = mem_zero_array(g.n_bases + 1, 1);
	g.repeats = mem_zero_array(g.n_bases + 1, sizeof(*g.repeats));
	g.signatures = hashtable_new();
	g.tasks = hashtable_new();
	v = meetings(&g, &n);
	find_conflicts(&g, v, n);
	ok = in->o->runs != RUNS_STOP || stop(&g, e);
	for (size_t b = 0; ok && b < g.n_bases; b++)
		if (g.conflict[b] || g.repeats[b])
			report(&g, (uint32_t)b);
	if (ok)
		report_identities(&g);
	if (ok)
		join_slots(&g);
	if (ok && (in->o->runs == RUNS_NEWEST || in->o->runs == RUNS_MEAN))
		resolve_rows(&g, v, n);
	mem_free(v);
	mem_free(g.slot);
	mem_free(g.conflict);
	mem_free(g.repeats);
	buf_clear(&g.text);
	hashtable_free(g.signatures);
	hashtable_free(g.tasks);
	return ok;
}
