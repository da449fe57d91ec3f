#include "store/catalog.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "store/db.h"
#include "store/naming.h"
#include "store/policy.h"
#include "store/run.h"
#include "store/stmt.h"

#include <math.h>
#include <string.h>

/* Position of each id in name order, by id; UINT32_MAX where no such id. Our ids are dense; a
 * hostile database's larger ones are left out. */
struct places {
	uint32_t *at;
	size_t n; /* ids are below */
};

#define PLACES_MAX ((int64_t)1 << 24)

static void places_set(struct places *p, size_t *cap, int64_t id, size_t place)
{
	if (id < 0 || id >= PLACES_MAX)
		return;
	p->at = mem_grow(p->at, cap, (size_t)id + 1, sizeof(*p->at));
	for (; p->n <= (size_t)id; p->n++)
		p->at[p->n] = UINT32_MAX;
	p->at[id] = (uint32_t)place;
}

static size_t places_get(const struct places *p, int64_t id)
{
	return id >= 0 && (size_t)id < p->n && p->at[id] != UINT32_MAX ? p->at[id] : SIZE_MAX;
}

static bool load_models(
    struct db *db, struct arena *a, struct catalog *c, struct places *places, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT m.id, m.name, coalesce(m.price_in, u.price_in), "
	    "coalesce(m.price_out, u.price_out), u.tokens_in, u.tokens_out FROM model AS m "
	    "LEFT JOIN model_usage AS u ON u.model = m.id ORDER BY m.name",
	    e);
	struct catalog_model *m = NULL;
	size_t n = 0, cap = 0, places_cap = 0;
	bool row, ok = s != NULL;

	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		m = mem_grow(m, &cap, n + 1, sizeof(*m));
		m[n] = (struct catalog_model){
		    .id = sqlite3_column_int64(s, 0),
		    .name = stmt_text(s, 1, a),
		    .price_in = stmt_real(s, 2),
		    .price_out = stmt_real(s, 3),
		    .tokens_in = stmt_real(s, 4),
		    .tokens_out = stmt_real(s, 5),
		};
		places_set(places, &places_cap, m[n].id, n);
		n++;
	}
	sqlite3_finalize(s);
	c->n_models = n;
	c->models = arena_array(a, struct catalog_model, n + 1);
	if (n)
		memcpy(c->models, m, n * sizeof(*m));
	mem_free(m);
	return ok;
}

static bool load_tags(
    struct db *db, struct arena *a, struct catalog *c, const struct places *places, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT model, key, value FROM model_tag ORDER BY model, key", e);
	struct catalog_tag *tags;
	int64_t total = 0;
	size_t n = 0, place;
	bool row, ok = s && stmt_int(db, "SELECT count(*) FROM model_tag", 0, 0, 0, &total, e);

	tags = arena_array(a, struct catalog_tag, (size_t)total + 1);
	while (ok && n < (size_t)total && (ok = stmt_step(db, s, &row, e)) && row) {
		place = places_get(places, sqlite3_column_int64(s, 0));
		if (place == SIZE_MAX)
			continue;
		if (!c->models[place].n_tags++)
			c->models[place].tags = tags + n;
		tags[n++] = (struct catalog_tag){stmt_text(s, 1, a), stmt_text(s, 2, a)};
	}
	sqlite3_finalize(s);
	return ok;
}

static bool load_benchmarks(
    struct db *db, struct arena *a, struct catalog *c, struct places *places, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT b.id, b.name, (SELECT count(*) FROM question q WHERE q.benchmark = b.id) "
	    "FROM benchmark b ORDER BY b.name",
	    e);
	struct catalog_benchmark *v = NULL;
	size_t n = 0, cap = 0, places_cap = 0;
	bool row, ok = s != NULL;

	c->n_questions = 0;
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		v[n] = (struct catalog_benchmark){
		    .id = sqlite3_column_int64(s, 0),
		    .name = stmt_text(s, 1, a),
		    .n_questions = (size_t)sqlite3_column_int64(s, 2),
		};
		c->n_questions += v[n].n_questions;
		places_set(places, &places_cap, v[n].id, n);
		n++;
	}
	sqlite3_finalize(s);
	c->n_benchmarks = n;
	c->benchmarks = arena_array(a, struct catalog_benchmark, n + 1);
	if (n)
		memcpy(c->benchmarks, v, n * sizeof(*v));
	mem_free(v);
	return ok;
}

static bool load_accuracy(struct db *db, struct arena *a, struct catalog *c,
    const struct places *models, const struct places *benchmarks, struct err *e)
{
	sqlite3_stmt *s =
	    stmt_new(db, "SELECT model, benchmark, labels, seen, correct FROM accuracy", e);
	size_t n = c->n_models * c->n_benchmarks, m, b, at;
	bool row, ok = s != NULL;

	c->labels = arena_array(a, uint32_t, n + 1);
	c->seen = arena_array(a, double, n + 1);
	c->right = arena_array(a, double, n + 1);
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		m = places_get(models, sqlite3_column_int64(s, 0));
		b = places_get(benchmarks, sqlite3_column_int64(s, 1));
		if (m == SIZE_MAX || b == SIZE_MAX)
			continue;
		at = m * c->n_benchmarks + b;
		c->labels[at] = (uint32_t)sqlite3_column_int64(s, 2);
		c->seen[at] = sqlite3_column_double(s, 3);
		c->right[at] = sqlite3_column_double(s, 4);
	}
	sqlite3_finalize(s);
	for (at = 0; at < n; at++) {
		c->models[at / c->n_benchmarks].seen += c->seen[at];
		c->models[at / c->n_benchmarks].right += c->right[at];
		c->n_labels += c->labels[at];
	}
	return ok;
}

/* A line that changes with the imports. */
static bool load_history(struct db *db, struct arena *a, struct catalog *c, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db,
	    "SELECT count(*) || ' imports, ' || coalesce(max(id) || ' of ' || max(created), '') "
	    "FROM import",
	    e);
	bool row, ok = s && stmt_step(db, s, &row, e);

	if (ok)
		c->history = stmt_text(s, 0, a);
	sqlite3_finalize(s);
	return ok;
}

/* Which run is in use, and by which policy the labels are. */
static bool load_choices(struct db *db, struct arena *a, struct catalog *c, struct err *e)
{
	struct run used;
	bool set, found;

	if (!policy_get(db, &c->policy, &set, e) || !run_find(db, 0, a, &used, &found, e))
		return false;
	c->run = found ? used.id : 0;
	return true;
}

bool catalog_load(struct db *db, struct arena *a, struct catalog *out, struct err *e)
{
	struct places models = {0}, benchmarks = {0};
	struct catalog c = {0};
	bool ok;

	if (!db_begin_read(db, e))
		return false;
	ok = load_models(db, a, &c, &models, e) && load_tags(db, a, &c, &models, e) &&
	     load_benchmarks(db, a, &c, &benchmarks, e) &&
	     load_accuracy(db, a, &c, &models, &benchmarks, e) && load_choices(db, a, &c, e) &&
	     load_history(db, a, &c, e);
	ok = db_end(db, ok, e);
	mem_free(models.at);
	mem_free(benchmarks.at);
	if (ok)
		*out = c;
	return ok;
}

bool catalog_load_questions(struct db *db, const struct catalog *c, struct arena *a,
    struct catalog_question **out, struct err *e)
{
	sqlite3_stmt *s = stmt_new(db, "SELECT id, benchmark, text FROM question ORDER BY id", e);
	struct catalog_question *q = arena_array(a, struct catalog_question, c->n_questions + 1);
	struct places places = {0};
	size_t n = 0, cap = 0, place;
	bool row, ok = s != NULL;

	for (size_t i = 0; i < c->n_benchmarks; i++)
		places_set(&places, &cap, c->benchmarks[i].id, i);
	while (ok && (ok = stmt_step(db, s, &row, e)) && row) {
		place = places_get(&places, sqlite3_column_int64(s, 1));
		if (place == SIZE_MAX || n == c->n_questions)
			ok = err_set(
			    e, ERR_FAILED, "%s: changed while it was read; try again", db_path(db));
		else
			q[n++] = (struct catalog_question){
			    .id = sqlite3_column_int64(s, 0),
			    .benchmark = (uint32_t)place,
			    .text = stmt_text(s, 2, a),
			    .len = (size_t)sqlite3_column_bytes(s, 2),
			};
	}
	if (ok && n < c->n_questions)
		ok =
		    err_set(e, ERR_FAILED, "%s: changed while it was read; try again", db_path(db));
	sqlite3_finalize(s);
	mem_free(places.at);
	if (ok)
		*out = q;
	return ok;
}

bool catalog_same_labels(const struct catalog *a, const struct catalog *b)
{
	size_t n = a->n_models * a->n_benchmarks;

	if (a->n_models != b->n_models || a->n_benchmarks != b->n_benchmarks ||
	    a->n_questions != b->n_questions || a->policy.rule != b->policy.rule ||
	    fabs(a->policy.threshold - b->policy.threshold) > 0 ||
	    strcmp(a->history, b->history) != 0)
		return false;
	for (size_t m = 0; m < a->n_models; m++)
		if (a->models[m].id != b->models[m].id)
			return false;
	for (size_t i = 0; i < a->n_benchmarks; i++)
		if (a->benchmarks[i].id != b->benchmarks[i].id)
			return false;
	return !memcmp(a->labels, b->labels, n * sizeof(*a->labels)) &&
	       !memcmp(a->seen, b->seen, n * sizeof(*a->seen)) &&
	       !memcmp(a->right, b->right, n * sizeof(*a->right));
}

double catalog_model_accuracy(const struct catalog_model *m)
{
	return m->seen > 0 ? m->right / m->seen : NAN;
}

const char *catalog_model_tag(const struct catalog_model *m, const char *key)
{
	for (size_t t = 0; t < m->n_tags; t++)
		if (!strcmp(m->tags[t].key, key))
			return m->tags[t].value;
	return NULL;
}

#define NAMED 8 /* models an ambiguous name lists */

static size_t no_such_model(const struct catalog *r, const char *name, struct err *e)
{
	const char **names = mem_array(r->n_models + 1, sizeof(*names)), *near;

	for (size_t m = 0; m < r->n_models; m++)
		names[m] = r->models[m].name;
	near = spelling_nearest(name, names, r->n_models);
	if (near)
		err_set(e, ERR_USAGE, "there is no model %s; did you mean %s?", name, near);
	else
		err_set(e, ERR_USAGE, "there is no model %s; 'embedllm models' lists them", name);
	mem_free(names);
	return SIZE_MAX;
}

static size_t ambiguous(
    const struct catalog *r, const char *name, const size_t *match, size_t n, struct err *e)
{
	struct buf list = BUF_INIT;

	for (size_t i = 0; i < n && i < NAMED; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", r->models[match[i]].name);
	if (n > NAMED)
		buf_printf(&list, " and %zu more", n - NAMED);
	err_set(e, ERR_USAGE, "%s may be any of %zu models: %s", name, n, buf_str(&list));
	buf_clear(&list);
	return SIZE_MAX;
}

/* SIZE_MAX where there is none. */
static size_t find_exact(const struct catalog *r, const char *name)
{
	struct arena a = ARENA_INIT;
	const char *stored = naming_model(&a, name, strlen(name));
	size_t found = SIZE_MAX;

	for (size_t m = 0; m < r->n_models; m++) {
		if (!strcmp(r->models[m].name, name)) {
			found = m;
			break;
		}
		if (!strcmp(r->models[m].name, stored))
			found = m;
	}
	arena_clear(&a);
	return found;
}

size_t catalog_find_exact_model(const struct catalog *r, const char *name, struct err *e)
{
	size_t found = find_exact(r, name);

	return found < SIZE_MAX ? found : no_such_model(r, name, e);
}

size_t catalog_find_model(const struct catalog *r, const char *name, struct err *e)
{
	size_t *match, n = 0, only = find_exact(r, name);

	if (only < SIZE_MAX)
		return only;
	match = mem_array(r->n_models + 1, sizeof(*match));
	for (size_t m = 0; m < r->n_models && *name; m++)
		if (strcasestr(r->models[m].name, name))
			match[n++] = m;
	only = n == 1 ? match[0] : n ? ambiguous(r, name, match, n, e) : no_such_model(r, name, e);
	mem_free(match);
	return only;
}
