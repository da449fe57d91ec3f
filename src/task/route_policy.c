#include "task/route_policy.h"

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stream.h"

#include <math.h>
#include <string.h>

#define FORMAT "embedllm-routing-policy"
#define VERSION 1
#define SIZE_LIMIT (64 << 20)

static json_t *price_json(double v)
{
	return isnan(v) ? json_null() : json_number(v);
}

static json_t *pool_json(const struct atlas *a, const struct route_options *o)
{
	json_t *pool = json_array();

	for (size_t m = 0; m < a->catalog.n_models; m++) {
		const struct catalog_model *k = &a->catalog.models[m];
		json_t *v;

		if (!a->has_vector[m] || (o->pool && !o->pool[m]))
			continue;
		v = json_object();
		json_object_set_new(v, "model", json_string(k->name));
		json_object_set_new(
		    v, "price_in", price_json(o->price ? o->price[m][0] : k->price_in));
		json_object_set_new(
		    v, "price_out", price_json(o->price ? o->price[m][1] : k->price_out));
		json_array_append_new(pool, v);
	}
	return pool;
}

bool route_policy_write(const char *path, const struct atlas *a, const struct route_options *o,
    size_t fallback, struct err *e)
{
	json_t *v = json_object();
	struct file_out f;
	bool ok;

	json_object_set_new(v, "format", json_string(FORMAT));
	json_object_set_new(v, "version", json_integer(VERSION));
	json_object_set_new(v, "run", json_integer(a->run));
	json_object_set_new(v, "data", json_string(a->digest));
	json_object_set_new(v, "cost_weight", json_number(o->cost_weight));
	json_object_set_new(
	    v, "tokens_in", o->tokens_in > 0 ? json_number(o->tokens_in) : json_null());
	json_object_set_new(v, "tokens_out", json_number(o->tokens_out));
	json_object_set_new(v, "fallback",
	    fallback == SIZE_MAX ? json_null() : json_string(a->catalog.models[fallback].name));
	json_object_set_new(v, "pool", pool_json(a, o));
	ok = file_create(&f, path, e);
	if (ok && !json_write(f.f, v, e)) {
		file_abandon(&f);
		ok = false;
	}
	ok = ok && file_commit(&f, e);
	json_decref(v);
	return ok;
}

/* Reading */

static bool fail(
    const struct route_policy *p, const char *member, const char *should, struct err *e)
{
	return err_set(e, ERR_DATA, "%s: \"%s\" must be %s", p->path, member, should);
}

/* Members that nobody reads are mistakes: a misspelt one would be as if it were not there. */
static bool check_keys(const struct route_policy *p, const json_t *v, const char *const *known,
    const char *where, struct err *e)
{
	const char *key;
	json_t *item;

	json_object_foreach((json_t *)v, key, item)
	{
		size_t i = 0;

		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if (!known[i]) {
			struct buf list = BUF_INIT;

			for (i = 0; known[i]; i++)
				buf_printf(&list, "%s%s", i ? ", " : "", known[i]);
			err_set(e, ERR_DATA, "%s: %s has no member \"%s\"; they are: %s", p->path,
			    where, key, buf_str(&list));
			buf_clear(&list);
			return false;
		}
	}
	return true;
}

static bool read_head(struct route_policy *p, const json_t *v, struct err *e)
{
	static const char *const known[] = {"format", "version", "run", "data", "cost_weight",
	    "tokens_in", "tokens_out", "fallback", "pool", NULL};
	const json_t *in = json_object_get(v, "tokens_in"), *run = json_object_get(v, "run");
	const json_t *fallback = json_object_get(v, "fallback");
	const char *format = json_get_string(v, "format"), *data = json_get_string(v, "data");

	if (!format || strcmp(format, FORMAT) != 0)
		return err_set(e, ERR_DATA,
		    "%s: this is no routing policy: \"format\" must be \"" FORMAT
		    "\"; 'embedllm cost --policy FILE' writes one",
		    p->path);
	if (json_integer_value(json_object_get(v, "version")) != VERSION)
		return fail(p, "version", "1, the one this program knows", e);
	if (!check_keys(p, v, known, "a policy", e))
		return false;
	p->run = json_integer_value(run);
	if (!json_is_integer(run) || p->run < 1)
		return fail(p, "run", "the number of a run", e);
	if (!data)
		return fail(p, "data", "the digest of the run's labels", e);
	p->data = arena_strdup(&p->arena, data);
	if (!json_is_real(json_object_get(v, "cost_weight")) &&
	    !json_is_integer(json_object_get(v, "cost_weight")))
		return fail(p, "cost_weight", "a number from 0 to 1", e);
	json_get_number(v, "cost_weight", &p->cost_weight);
	if (!(p->cost_weight >= 0 && p->cost_weight <= 1))
		return fail(p, "cost_weight", "a number from 0 to 1", e);
	if (in && !json_is_null(in) &&
	    (!json_is_number(in) || !json_get_number(v, "tokens_in", &p->tokens_in) ||
		!(p->tokens_in > 0)))
		return fail(p, "tokens_in", "a number above 0, or null", e);
	if (!json_is_number(json_object_get(v, "tokens_out")) ||
	    !json_get_number(v, "tokens_out", &p->tokens_out) || !(p->tokens_out >= 0))
		return fail(p, "tokens_out", "a number of tokens", e);
	if (fallback && !json_is_null(fallback) && !json_is_string(fallback))
		return fail(p, "fallback", "a model of the pool, or null", e);
	p->fallback =
	    json_is_string(fallback) ? arena_strdup(&p->arena, json_string_value(fallback)) : NULL;
	return true;
}

static bool read_price(const json_t *v, const char *key, double *out)
{
	const json_t *x = json_object_get(v, key);

	*out = NAN;
	return !x || json_is_null(x) ||
	       (json_is_number(x) && json_get_number(v, key, out) && *out >= 0);
}

static bool read_pool(struct route_policy *p, const json_t *v, struct err *e)
{
	static const char *const known[] = {"model", "price_in", "price_out", NULL};
	const json_t *pool = json_object_get(v, "pool"), *item;
	bool back = !p->fallback;
	size_t i;

	if (!json_array_size(pool))
		return fail(p, "pool", "an array of at least one model", e);
	p->n = json_array_size(pool);
	p->pool = arena_array(&p->arena, struct route_policy_model, p->n);
	json_array_foreach(pool, i, item)
	{
		struct route_policy_model *m = &p->pool[i];
		const char *name = json_get_string(item, "model");
		char member[64];

		snprintf(member, sizeof(member), "pool[%zu]", i);
		if (!name)
			return fail(p, member, "an object with a \"model\"", e);
		if (!check_keys(p, item, known, "a model of the pool", e))
			return false;
		if (!read_price(item, "price_in", &m->price[0]) ||
		    !read_price(item, "price_out", &m->price[1]))
			return fail(p, member,
			    "a model whose prices are dollars per million tokens, or null", e);
		m->name = arena_strdup(&p->arena, name);
		back = back || !strcmp(m->name, p->fallback);
	}
	return back || fail(p, "fallback", "a model of the pool, or null", e);
}

bool route_policy_read(const char *path, struct route_policy *out, struct err *e)
{
	struct route_policy p = {.run = 0};
	struct buf text;
	json_t *v;
	bool ok;

	buf_init(&text, SIZE_LIMIT);
	if (!stream_read_all(path, &text, e)) {
		buf_clear(&text);
		return false;
	}
	arena_init(&p.arena);
	p.path = arena_strdup(&p.arena, path);
	v = json_read(buf_str(&text), text.len, path, e);
	buf_clear(&text);
	ok = v && (json_is_object(v) ||
		      err_set(e, ERR_DATA, "%s: this is no routing policy: not an object", path));
	ok = ok && read_head(&p, v, e) && read_pool(&p, v, e);
	json_decref(v);
	if (ok)
		*out = p;
	else
		arena_clear(&p.arena);
	return ok;
}

void route_policy_clear(struct route_policy *p)
{
	arena_clear(&p->arena);
	*p = (struct route_policy){0};
}

bool route_policy_apply(
    struct route_policy *p, const struct atlas *a, struct route_options *o, struct err *e)
{
	size_t M = a->catalog.n_models;
	bool *pool = arena_array(&p->arena, bool, M);
	double(*price)[2] = arena_alloc(&p->arena, M, sizeof(*price));

	if (strcmp(p->data, a->digest) != 0)
		return err_set(e, ERR_DATA,
		    "%s: the policy is of another run: run %lld of this database learned from "
		    "other labels; write it anew: embedllm cost --policy FILE",
		    p->path, (long long)a->run);
	memset(pool, 0, M * sizeof(*pool));
	o->fallback = SIZE_MAX;
	for (size_t i = 0; i < p->n; i++) {
		const struct route_policy_model *k = &p->pool[i];
		size_t m = 0;

		while (m < M && strcmp(a->catalog.models[m].name, k->name) != 0)
			m++;
		if (m == M)
			return err_set(
			    e, ERR_DATA, "%s: there is no model %s here", p->path, k->name);
		if (!a->has_vector[m] || pool[m])
			return err_set(e, ERR_DATA,
			    pool[m] ? "%s: %s is twice in the pool"
				    : "%s: %s has no vector in the run",
			    p->path, a->catalog.models[m].name);
		pool[m] = true;
		memcpy(price[m], k->price, sizeof(price[m]));
		if (p->fallback && !strcmp(p->fallback, k->name))
			o->fallback = m;
	}
	o->pool = pool;
	o->price = (const double(*)[2])price;
	o->cost_weight = p->cost_weight;
	o->tokens_in = p->tokens_in;
	o->tokens_out = p->tokens_out;
	return true;
}
