#include "task/geometry_groups.h"

#include "base/mem.h"
#include "base/rng.h"
#include "task/model_name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LEAST 3         /* models of a group */
#define STREAM_GROUPS 7 /* of random numbers */

/* A model's value of a tag, in the arena; NULL where it has none. Family and size are told by names
 * too. */
static const char *value_of(struct arena *a, const struct catalog_model *m, const char *tag)
{
	struct buf b = BUF_INIT;
	double size;
	const char *value;

	if (!strcmp(tag, "size")) {
		size = model_name_size(m);
		return isnan(size)  ? NULL
		       : size < 4   ? "under 4B"
		       : size < 11  ? "4B to 11B"
		       : size < 40  ? "11B to 40B"
		       : size < 100 ? "40B to 100B"
				    : "100B and more";
	}
	if (strcmp(tag, "family"))
		return catalog_model_tag(m, tag);
	model_name_family(m, &b);
	value = b.len ? arena_strdup(a, buf_str(&b)) : NULL;
	buf_clear(&b);
	return value;
}

/* "family", "size", and the tags that any model has. */
static size_t list_tags(const struct catalog *c, const struct geometry *g, const uint32_t *model,
    const char **tag, size_t most)
{
	size_t n = 0;

	if (g->options.tag) {
		tag[0] = g->options.tag;
		return 1;
	}
	tag[n++] = "family";
	tag[n++] = "size";
	for (size_t i = 0; i < g->n_models; i++) {
		const struct catalog_model *m = &c->models[model[i]];

		for (size_t k = 0; k < m->n_tags; k++) {
			size_t at = 0;

			while (at < n && strcmp(tag[at], m->tags[k].key))
				at++;
			if (at == n && n < most)
				tag[n++] = m->tags[k].key;
		}
	}
	return n;
}

/* Mean distance within the first k models of `by`, and from them to the others. */
static void means(
    const struct mat *d, const uint32_t *by, size_t k, double *within, double *between)
{
	double in = 0, out = 0, n_in = 0, n_out = 0;

	for (size_t i = 0; i < k; i++) {
		const float *row = mat_row(d, by[i]);

		for (size_t j = 0; j < d->rows; j++) {
			float v = row[by[j]];

			if (j == i || isnan(v))
				continue;
			if (j < k) {
				in += (double)v;
				n_in++;
			} else {
				out += (double)v;
				n_out++;
			}
		}
	}
	*within = in / n_in;
	*between = out / n_out;
}

/* Share of permutations, the one seen among them, whose groups are as close. */
static double test(const struct geometry_options *o, const struct mat *d, size_t k, double gap,
    uint32_t *by, uint64_t which)
{
	size_t as_close = 1;
	double within, between;
	struct rng r;

	rng_init(&r, o->seed, STREAM_GROUPS + which);
	for (size_t i = 0; i < o->permutations; i++) {
		rng_shuffle(&r, by, d->rows);
		means(d, by, k, &within, &between);
		as_close += within - between <= gap;
	}
	return (double)as_close / (double)(o->permutations + 1);
}

/* The models of a value come first in `by`; how many. */
static size_t gather(const char *const *value, size_t n, const char *wanted, uint32_t *by)
{
	size_t k = 0, rest = n;

	for (size_t i = 0; i < n; i++)
		if (value[i] && !strcmp(value[i], wanted))
			by[k++] = (uint32_t)i;
		else
			by[--rest] = (uint32_t)i;
	return k;
}

static int largest_first(const void *pa, const void *pb)
{
	const struct geometry_group *a = pa, *b = pb;

	return a->n != b->n ? (a->n < b->n ? 1 : -1) : strcmp(a->value, b->value);
}

static void add_groups(struct geometry *g, const char *tag, const char *const *value,
    const struct mat d[SPACE_COUNT], size_t *cap, struct geometry_group **all)
{
	size_t n = g->n_models, first = g->n_groups;
	uint32_t *by = mem_array(n + 1, sizeof(*by));

	for (size_t i = 0; i < n; i++) {
		struct geometry_group v = {.tag = tag, .value = value[i]};

		for (size_t k = first; k < g->n_groups && v.value; k++)
			if (!strcmp((*all)[k].value, v.value))
				v.value = NULL;
		if (!v.value)
			continue;
		v.n = gather(value, n, v.value, by);
		if (v.n < LEAST || v.n == n)
			continue;
		for (int s = 0; s < SPACE_COUNT; s++) {
			gather(value, n, v.value, by);
			means(&d[s], by, v.n, &v.within[s], &v.between[s]);
			v.p[s] = test(
			    &g->options, &d[s], v.n, v.within[s] - v.between[s], by, g->n_groups);
		}
		*all = mem_grow(*all, cap, g->n_groups + 1, sizeof(**all));
		(*all)[g->n_groups++] = v;
	}
	if (g->n_groups > first)
		qsort(*all + first, g->n_groups - first, sizeof(**all), largest_first);
	mem_free(by);
}

static int ascending(const void *pa, const void *pb)
{
	double a = **(double *const *)pa, b = **(double *const *)pb;

	return (a > b) - (a < b);
}

/* Holm's step-down (1979): the k-th smallest of n times n - k, never below one before it. */
static void holm(struct geometry *g, int space)
{
	double **p = mem_array(g->n_groups + 1, sizeof(*p)), least = 0;

	for (size_t i = 0; i < g->n_groups; i++)
		p[i] = &g->group[i].p[space];
	qsort(p, g->n_groups, sizeof(*p), ascending);
	for (size_t i = 0; i < g->n_groups; i++) {
		least = fmax(least, fmin(1, *p[i] * (double)(g->n_groups - i)));
		*p[i] = least;
	}
	mem_free(p);
}

void geometry_find_groups(const struct catalog *c, const uint32_t *model,
    const struct mat d[SPACE_COUNT], struct geometry *g)
{
	const char *tag[32];
	const char **value = mem_array(g->n_models + 1, sizeof(*value));
	size_t n = list_tags(c, g, model, tag, sizeof(tag) / sizeof(*tag)), cap = 0;
	struct geometry_group *all = NULL;

	for (size_t t = 0; t < n; t++) {
		const char *name = arena_strdup(&g->arena, tag[t]);

		for (size_t i = 0; i < g->n_models; i++) {
			const char *v = value_of(&g->arena, &c->models[model[i]], tag[t]);

			value[i] = v ? arena_strdup(&g->arena, v) : NULL;
		}
		add_groups(g, name, value, d, &cap, &all);
	}
	g->group = arena_array(&g->arena, struct geometry_group, g->n_groups + 1);
	if (g->n_groups)
		memcpy(g->group, all, g->n_groups * sizeof(*all));
	for (int s = 0; s < SPACE_COUNT; s++)
		holm(g, s);
	mem_free(all);
	mem_free(value);
}
