#include "task/map.h"

#include "base/err.h"
#include "base/mem.h"
#include "num/pca.h"
#include "num/tsne.h"
#include "task/vectors.h"

#include <math.h>
#include <string.h>

void map_options_default(struct map_options *o)
{
	struct tsne_options t;

	tsne_options_default(&t);
	*o = (struct map_options){
	    .method = MAP_PCA,
	    .perplexity = 30,
	    .iterations = t.iterations,
	    .seed = 1,
	};
}

/* Centre both axes; one scale for both, so that distances keep their proportions. */
static void place(struct map *m, const float *xy)
{
	double low[2], high[2], extent = 0;

	for (int c = 0; c < 2; c++) {
		low[c] = high[c] = m->n ? (double)xy[c] : 0;
		for (size_t i = 0; i < m->n; i++) {
			low[c] = fmin(low[c], (double)xy[2 * i + (size_t)c]);
			high[c] = fmax(high[c], (double)xy[2 * i + (size_t)c]);
		}
		extent = fmax(extent, high[c] - low[c]);
	}
	if (!(extent > 0))
		extent = 1;
	for (size_t i = 0; i < m->n; i++) {
		m->v[i].x = (2 * (double)xy[2 * i] - low[0] - high[0]) / extent;
		m->v[i].y = (2 * (double)xy[2 * i + 1] - low[1] - high[1]) / extent;
	}
}

static bool layout(const struct map_options *o, const struct mat *x, const struct progress *p,
    struct map *m, float *xy, struct err *e)
{
	struct tsne_options t;

	m->explained[0] = m->explained[1] = m->kl = NAN;
	if (o->method == MAP_PCA)
		return pca(x, 2, xy, m->explained, e);
	tsne_options_default(&t);
	t.perplexity = o->perplexity;
	t.iterations = o->iterations;
	t.seed = o->seed;
	m->options.perplexity = tsne_perplexity(x->rows, o->perplexity);
	return tsne(x, &t, p, xy, &m->kl, e);
}

bool task_map(const struct atlas *a, const struct map_options *o, const struct progress *p,
    struct map *out, struct err *e)
{
	size_t M = a->catalog.n_models, K = a->trained.mf.dim;
	struct map m = {.options = *o};
	struct vectors of;
	struct mat x;
	float *xy;
	bool ok;

	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (!vectors_of(a, o->apart, &of, e))
		return false;
	m.ability = of.ability;
	m.share = of.share;
	arena_init(&m.arena);
	m.v = arena_array(&m.arena, struct map_point, M + 1);
	x = mat_new(M, K);
	for (size_t i = 0; i < M; i++)
		if (a->has_vector[i]) {
			memcpy(mat_row(&x, m.n), mat_row(&of.v, i), K * sizeof(float));
			m.v[m.n++].model = i;
		}
	x.rows = m.n;
	vectors_free(&of);
	xy = mem_floats(2 * M + 2);
	ok = layout(o, &x, p, &m, xy, e);
	if (ok) {
		place(&m, xy);
		*out = m;
	} else {
		arena_clear(&m.arena);
	}
	mem_free(xy);
	mat_free(&x);
	return ok;
}

void map_clear(struct map *m)
{
	arena_clear(&m->arena);
	*m = (struct map){0};
}
