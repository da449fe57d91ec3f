/* Communities: do models that are called alike lie together? */
#include "task/reproduce_work.h"

#include "base/err.h"
#include "base/mem.h"
#include "learn/groups.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define MIN_MEMBERS 3
#define PERMUTATIONS 2000

/* The paper's communities, by words of the models' names. */
static const struct community {
	const char *name;
	const char *word[4];
} communities[] = {
    {"7B", {"7b"}},
    {"13B", {"13b"}},
    {"70B", {"70b"}},
    {"coding", {"code", "coder", "coding"}},
    {"medicine", {"med", "bio", "clinical"}},
    {"physics", {"physics", "astro"}},
};
#define N_COMMUNITIES (sizeof(communities) / sizeof(*communities))

/* Cosine distances of the run's models. */
struct space {
	size_t n;
	const struct catalog_model **model; /* (n) */
	double *d;                          /* (n, n) */
};

static double distance(const float *x, const float *y, size_t K)
{
	double xy = 0, xx = 0, yy = 0;

	for (size_t k = 0; k < K; k++) {
		xy += (double)x[k] * (double)y[k];
		xx += (double)x[k] * (double)x[k];
		yy += (double)y[k] * (double)y[k];
	}
	return xx > 0 && yy > 0 ? 1 - xy / sqrt(xx * yy) : 1;
}

static struct space space_new(const struct atlas *a)
{
	struct space s = {0};
	size_t M = a->data.n_models, K = a->trained.mf.dim;
	const float **p = mem_array(M + 1, sizeof(*p));

	s.model = mem_array(M + 1, sizeof(*s.model));
	for (size_t m = 0; m < M; m++) {
		if (!a->trained.in_run[m])
			continue;
		p[s.n] = a->trained.mf.p + m * K;
		s.model[s.n++] = &a->catalog.models[m];
	}
	s.d = mem_array(s.n * s.n + 1, sizeof(*s.d));
	for (size_t i = 0; i < s.n; i++)
		for (size_t j = 0; j < s.n; j++)
			s.d[i * s.n + j] = distance(p[i], p[j], K);
	mem_free(p);
	return s;
}

static void add_group(struct reproduction *w, const struct space *s, const char *name,
    const uint32_t *members, size_t k)
{
	struct reproduce_row *row;
	struct group g;

	if (k < MIN_MEMBERS || k + MIN_MEMBERS > s->n)
		return;
	g = group_judge(s->n, s->d, members, k, PERMUTATIONS, w->o->seed);
	row = reproduce_add(w, EXPERIMENT_COMMUNITIES, name, "models");
	row->figure.value = (double)k;
	row = reproduce_add(w, EXPERIMENT_COMMUNITIES, name, "distance within");
	row->figure.value = g.within;
	row->base = g.between;
	row = reproduce_add(w, EXPERIMENT_COMMUNITIES, name, "p");
	row->figure.value = g.p;
}

/* Whether a word stands in the name by itself: not "7b" in "67b", nor "med" in "medium". */
static bool has_word(const char *name, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = name; (at = strcasestr(at, word)); at++)
		if ((at == name || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[n]))
			return true;
	return false;
}

static bool is_member(const struct catalog_model *m, const struct community *c)
{
	for (size_t i = 0; i < 4 && c->word[i]; i++)
		if (has_word(m->name, c->word[i]))
			return true;
	return false;
}

static void add_communities(struct reproduction *w, const struct space *s, uint32_t *members)
{
	for (size_t c = 0; c < N_COMMUNITIES; c++) {
		size_t k = 0;

		for (size_t i = 0; i < s->n; i++)
			if (is_member(s->model[i], &communities[c]))
				members[k++] = (uint32_t)i;
		add_group(w, s, communities[c].name, members, k);
	}
}

/* The group of each tag, where its first model stands. */
static void add_tags(struct reproduction *w, const struct space *s, uint32_t *members)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t t = 0; t < s->model[i]->n_tags; t++) {
			const struct catalog_tag *tag = &s->model[i]->tags[t];
			size_t k = 0;
			char name[256];

			for (size_t j = 0; j < s->n; j++) {
				const char *v = catalog_model_tag(s->model[j], tag->key);

				if (v && !strcmp(v, tag->value))
					members[k++] = (uint32_t)j;
			}
			snprintf(name, sizeof(name), "%s=%s", tag->key, tag->value);
			if (members[0] == i)
				add_group(w, s, name, members, k);
		}
}

bool reproduce_communities(struct reproduction *w, struct err *e)
{
	struct space s = space_new(w->a);
	uint32_t *members = mem_array(s.n + 1, sizeof(*members));
	struct reproduce_step step = {
	    .w = w, .phase = "drawing random groups", .unit = "kinds", .total = 2};
	bool ok = reproduce_step(&step, e);

	if (ok)
		add_communities(w, &s, members);
	step.done++;
	ok = ok && reproduce_step(&step, e);
	if (ok)
		add_tags(w, &s, members);
	mem_free(members);
	mem_free(s.model);
	mem_free(s.d);
	return ok;
}
