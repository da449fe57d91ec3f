/* Runs of a model that earlier imports brought: where one was made under other settings in a task that
 * both have, the labels are not repeats of each other. */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/runs.h"
#include "store/response.h"
#include "store/staging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES 20 /* names that were given to other runs already */

/* Settings of one model, by category and key. */
struct settings {
	const struct staging_setting *v;
	size_t n;
};

/* The value of a setting in a category (or of all of them), "" where it is not said. */
static const char *value(const struct settings *s, const char *category, const char *key)
{
	const char *general = "";

	for (size_t i = 0; i < s->n; i++) {
		if (strcmp(s->v[i].key, key))
			continue;
		if (!strcmp(s->v[i].category, category))
			return s->v[i].value;
		if (!*s->v[i].category)
			general = s->v[i].value;
	}
	return general;
}

static bool has_category(const struct settings *s, const char *category)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].category, category))
			return true;
	return false;
}

struct difference {
	const char *key, *now, *then;
};

/* By what the settings differ: in the weights, or in a task of both. */
static size_t differ(
    const struct settings *now, const struct settings *then, struct difference *d, size_t max)
{
	size_t n = 0;

	for (int side = 0; side < 2; side++) {
		const struct settings *from = side ? then : now;

		for (size_t i = 0; i < from->n && n < max; i++) {
			const char *key = from->v[i].key, *category = from->v[i].category;
			const char *a = value(now, category, key), *b = value(then, category, key);
			bool listed = !strcmp(a, b);

			for (size_t k = 0; k < n; k++)
				listed = listed || !strcmp(d[k].key, key);
			if (!listed &&
			    (runs_is_identity(key) || !*category ||
				(has_category(now, category) && has_category(then, category))))
				d[n++] = (struct difference){key, a, b};
		}
	}
	return n;
}

/* Do both have a task, or other weights? Settings of whole runs count only then. */
static bool meet(const struct settings *now, const struct settings *then)
{
	for (size_t i = 0; i < now->n; i++)
		if (*now->v[i].category ? has_category(then, now->v[i].category)
					: runs_is_identity(now->v[i].key))
			return true;
	for (size_t i = 0; i < then->n; i++)
		if (runs_is_identity(then->v[i].key))
			return true;
	return false;
}

static void say(const struct difference *d, size_t n, struct buf *out)
{
	for (size_t k = 0; k < n; k++)
		buf_printf(out, "%s%s %.60s (%.60s before)", k ? "; " : "", d[k].key,
		    *d[k].now ? d[k].now : "not said", *d[k].then ? d[k].then : "not said");
}

/* A name for the run, and what it differs by, until it meets no other run under that name. */
static bool settle(struct ingest *in, uint32_t m, const struct settings *now,
    struct hashtable *names, struct err *e)
{
	struct staging *s = in->s;
	const char *name = s->models[m].name, *first = name;
	struct buf why = BUF_INIT;
	bool ok = true;

	for (int try = 0; ok && try < TRIES; try++) {
		struct difference d[8];
		struct staging_setting *v;
		struct settings then = {0};
		struct buf longer = BUF_INIT;
		size_t n;

		ok = response_read_settings(in->db, name, &in->arena, &v, &then.n, e);
		if (!ok)
			break;
		then.v = v;
		n = then.n && meet(now, &then) ? differ(now, &then, d, 8) : 0;
		if (!n)
			break;
		if (!why.len)
			say(d, n, &why);
		if (in->o->runs != RUNS_APART)
			break;
		buf_adds(&longer, name);
		for (size_t k = 0; k < n; k++)
			if (*d[k].now) {
				buf_addc(&longer, ':');
				runs_add_setting(&longer, d[k].key, d[k].now);
			}
		if (!strcmp(buf_str(&longer), name))
			buf_printf(&longer, ":%d", try + 2);
		name = arena_strdup(&s->arena, buf_str(&longer));
		buf_clear(&longer);
	}
	if (ok && why.len && in->o->runs == RUNS_STOP)
		ok = err_set(e, ERR_DATA,
		    "%s: %.200s was imported under other settings: %s; choose with --runs apart, "
		    "newest or mean",
		    in->path, first, buf_str(&why));
	if (ok && why.len)
		ingest_remark(in, REMARK_RUNS, "%.200s was imported under other settings: %s; %s%s",
		    first, buf_str(&why),
		    name == first ? "repeats of it, by the rule (--dup)" : "kept apart: ",
		    name == first ? "" : name);
	if (ok && name != first && hashtable_get(names, name, strlen(name)) != HASHTABLE_NONE)
		ok = err_set(e, ERR_DATA, "%s: two runs would be called %s; import them one by one",
		    in->path, name);
	if (ok)
		s->models[m].name = name;
	buf_clear(&why);
	return ok;
}

/* Settings are sorted by model by now. */
bool ingest_settle_before(struct ingest *in, struct err *e)
{
	const struct staging *s = in->s;
	struct hashtable *names = hashtable_new();
	bool ok = true;

	for (size_t m = 0; m < s->n_models; m++)
		hashtable_put(names, s->models[m].name, strlen(s->models[m].name), m);
	for (size_t from = 0, to; ok && from < s->n_settings; from = to) {
		struct settings now = {.v = s->settings + from};
		uint32_t m = now.v->model;

		for (to = from; to < s->n_settings && s->settings[to].model == m;)
			to++;
		now.n = to - from;
		ok = settle(in, m, &now, names, e);
	}
	hashtable_free(names);
	return ok;
}

bool ingest_earlier(
    struct ingest *in, const char *task, const char *key, const char **value, struct err *e)
{
	char name[400];
	uint64_t i;

	if (!in->earlier_at) {
		size_t n;

		if (!response_read_choices(in->db, &in->arena, &in->earlier, &n, e))
			return false;
		in->earlier_at = hashtable_new();
		for (i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "%s %.380s", in->earlier[i].key,
			    in->earlier[i].category);
			hashtable_put(in->earlier_at, name, strlen(name), i);
		}
	}
	snprintf(name, sizeof(name), "%s %.380s", key, task);
	i = hashtable_get(in->earlier_at, name, strlen(name));
	*value = i == HASHTABLE_NONE ? NULL : in->earlier[i].value;
	return true;
}
