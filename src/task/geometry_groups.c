#include "task/geometry_groups.h"

#include "base/arena.h"
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
static size_t list_tags(const struct geometry_distances *g, const char **tag, size_t most)
{
	size_t n = 0;

	tag[n++] = "family";
	tag[n++] = "size";
	for (size_t i = 0; i < g->n; i++) {
		const struct catalog_model *m = &g->catalog->models[g->model[i]];

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

struct groups {
	const struct geometry_distances *of;
	size_t permutations;
	uint64_t seed;
	size_t n, cap;
	struct geometry_group *v;
};

/* Share of permutations, the one seen among them, whose groups are as close. */
static double test(const struct groups *g, const struct mat *d, size_t k, double gap, uint32_t *by)
{
	size_t as_close = 1;
	double within, between;
	struct rng r;

	rng_init(&r, g->seed, STREAM_GROUPS + g->n);
	for (size_t i = 0; i < g->permutations; i++) {
		rng_shuffle(&r, by, d->rows);
		means(d, by, k, &within, &between);
		as_close += within - between <= gap;
	}
	return (double)as_close / (double)(g->permutations + 1);
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

static void add_groups(struct groups *g, const char *tag, const char *const *value)
{
	size_t n = g->of->n, first = g->n;
	uint32_t *by = mem_array(n + 1, sizeof(*by));

	for (size_t i = 0; i < n; i++) {
		struct geometry_group v = {.tag = tag, .value = value[i]};

		for (size_t k = first; k < g->n && v.value; k++)
			if (!strcmp(g->v[k].value, v.value))
				v.value = NULL;
		if (!v.value)
			continue;
		v.n = gather(value, n, v.value, by);
		if (v.n < LEAST || v.n == n)
			continue;
		for (int s = 0; s < SPACE_COUNT; s++) {
			const struct mat *d = &g->of->d[s];

			gather(value, n, v.value, by);
			means(d, by, v.n, &v.within[s], &v.between[s]);
			v.p[s] = test(g, d, v.n, v.within[s] - v.between[s], by);
		}
		g->v = mem_grow(g->v, &g->cap, g->n + 1, sizeof(*g->v));
		g->v[g->n++] = v;
	}
	if (g->n > first)
		qsort(g->v + first, g->n - first, sizeof(*g->v), largest_first);
	mem_free(by);
}

static int ascending(const void *pa, const void *pb)
{
	double a = **(double *const *)pa, b = **(double *const *)pb;

	return (a > b) - (a < b);
}

/* Holm's step-down (1979): the k-th smallest of n times n - k, never below one before it. */
static void holm(struct groups *g, int space)
{
	double **p = mem_array(g->n + 1, sizeof(*p)), least = 0;

	for (size_t i = 0; i < g->n; i++)
		p[i] = &g->v[i].p[space];
	if (g->n)
		qsort(p, g->n, sizeof(*p), ascending);
	for (size_t i = 0; i < g->n; i++) {
		least = fmax(least, fmin(1, *p[i] * (double)(g->n - i)));
		*p[i] = least;
	}
	mem_free(p);
}

struct geometry_group *geometry_find_groups(const struct geometry_distances *d, const char *tag,
    size_t permutations, uint64_t seed, struct arena *arena, size_t *n_groups)
{
	struct groups g = {.of = d, .permutations = permutations, .seed = seed};
	const char **value = mem_array(d->n + 1, sizeof(*value)), *tags[32] = {tag};
	size_t n = tag ? 1 : list_tags(d, tags, sizeof(tags) / sizeof(*tags));
	struct geometry_group *out;

	for (size_t t = 0; t < n; t++) {
		for (size_t i = 0; i < d->n; i++) {
			const char *v = value_of(arena, &d->catalog->models[d->model[i]], tags[t]);

			value[i] = v ? arena_strdup(arena, v) : NULL;
		}
		add_groups(&g, arena_strdup(arena, tags[t]), value);
	}
	for (int s = 0; s < SPACE_COUNT; s++)
		holm(&g, s);
	out = arena_array(arena, struct geometry_group, g.n + 1);
	if (g.n)
		memcpy(out, g.v, g.n * sizeof(*out));
	*n_groups = g.n;
	mem_free(g.v);
	mem_free(value);
	return out;
}
