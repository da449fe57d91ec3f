/* Tables of rates by cluster of questions (UniRoute, arXiv 2502.08773), and HierShrink: a coarse and
 * a fine clustering, each cell shrunk to its parent,
 *   b1 = (n1 m1 + s r) / (n1 + s),   b2 = (n2 m2 + s b1) / (n2 + s)
 * with r the model's rate, m a cell's mean of n labels, and s chosen on validation. */
#include "method/method.h"

#include "base/mem.h"
#include "learn/baseline.h"
#include "num/kmeans.h"

#include <math.h>
#include <string.h>

#define MARGIN 1e-3
#define COARSE 20

/* table (k, M): `parent` (k, M) shrunk towards, for the rows of *s in cluster of[i]. */
static void shrink(const struct sample *s, const uint32_t *of, size_t k, double weight,
    const float *parent, float *table)
{
	double *n = mem_zero_array(k * s->M, sizeof(*n));
	double *right = mem_zero_array(k * s->M, sizeof(*right));

	for (size_t i = 0; i < s->n; i++)
		for (size_t m = 0; m < s->M; m++) {
			float y = s->y[i * s->M + m];

			if (isnan(y))
				continue;
			n[of[i] * s->M + m]++;
			right[of[i] * s->M + m] += (double)y;
		}
	for (size_t c = 0; c < k * s->M; c++)
		table[c] = (float)((right[c] + weight * (double)parent[c]) / (n[c] + weight));
	mem_free(n);
	mem_free(right);
}

/* Every cluster's row is the models' rates. */
static void rates_of(const struct fit *in, size_t k, float *table)
{
	struct baseline rates = baseline_fit(in->d);
	size_t M = in->d->n_models;

	for (size_t c = 0; c < k; c++)
		for (size_t m = 0; m < M; m++)
			table[c * M + m] = (float)rates.model[m];
	baseline_free(&rates);
}

static struct mat *add_centres(
    const struct fit *in, const struct sample *s, size_t k, struct params *out)
{
	struct mat made = kmeans_fit(s->x, s->n, s->D, k, in->seed);
	struct mat *kept = params_add(out, "centres", made.rows, made.cols);

	memcpy(kept->v, made.v, made.rows * made.cols * sizeof(float));
	mat_free(&made);
	return kept;
}

static bool clusters_with(const struct fit *in, const struct grid *g, const struct sample *s,
    const double *setting, struct params *out, struct err *e)
{
	struct mat *centres = add_centres(in, s, (size_t)setting[0], out);
	struct mat *table = params_add(out, "table", centres->rows, s->M);
	uint32_t *of = mem_array(s->n + 1, sizeof(*of));

	(void)g;
	(void)e;
	kmeans_assign(centres, s->x, s->n, of);
	rates_of(in, table->rows, table->v);
	shrink(s, of, table->rows, setting[1], table->v, table->v);
	mem_free(of);
	return true;
}

static bool hiershrink_with(const struct fit *in, const struct grid *g, const struct sample *s,
    const double *setting, struct params *out, struct err *e)
{
	struct mat coarse = kmeans_fit(s->x, s->n, s->D, COARSE, in->seed), parent;
	struct mat *fine = add_centres(in, s, (size_t)setting[0], out);
	struct mat *table = params_add(out, "table", fine->rows, s->M);
	uint32_t *of = mem_array(s->n + 1, sizeof(*of)), *up = mem_array(fine->rows, sizeof(*up));

	(void)g;
	(void)e;
	parent = mat_new(coarse.rows, s->M);
	kmeans_assign(&coarse, s->x, s->n, of);
	rates_of(in, coarse.rows, parent.v);
	shrink(s, of, coarse.rows, setting[1], parent.v, parent.v);
	/* A fine cluster's parent is the coarse one its centre is in. */
	kmeans_assign(&coarse, fine->v, fine->rows, up);
	for (size_t c = 0; c < fine->rows; c++)
		memcpy(mat_row(table, c), mat_row(&parent, up[c]), s->M * sizeof(float));
	kmeans_assign(fine, s->x, s->n, of);
	shrink(s, of, table->rows, setting[1], table->v, table->v);
	mem_free(of);
	mem_free(up);
	mat_free(&coarse);
	mat_free(&parent);
	return true;
}

static bool clusters_fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {
	    {25, 20}, {10, 20}, {50, 20}, {100, 20}, {50, 5}, {100, 5}};
	static const struct grid grid = {{"clusters", "shrink"}, sizeof(v) / sizeof(*v), v, NULL};

	return method_fit_grid(&method_clusters, &grid, in, clusters_with, out, e);
}

static bool hiershrink_fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {{100, 24}, {100, 6}, {100, 12}, {100, 48}};
	static const struct grid grid = {{"clusters", "shrink"}, sizeof(v) / sizeof(*v), v, NULL};

	return method_fit_grid(&method_hiershrink, &grid, in, hiershrink_with, out, e);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *table = params_get(p, "table");
	uint32_t *of = mem_array(n + 1, sizeof(*of));

	kmeans_assign(params_get(p, "centres"), enc, n, of);
	for (size_t i = 0; i < n; i++)
		for (size_t m = 0; m < table->cols; m++)
			z[i * table->cols + m] =
			    (float)method_logit((double)mat_row(table, of[i])[m], MARGIN);
	mem_free(of);
}

const struct method method_clusters = {
    .name = "clusters",
    .about = "rates by cluster of questions, shrunk to the model's rate",
    .source = "UniRoute, arXiv 2502.08773",
    .fit = clusters_fit,
    .logits = logits,
};

const struct method method_hiershrink = {
    .name = "hiershrink",
    .about = "rates by 100 clusters of questions, shrunk to those by 20",
    .source = "vllm-project/semantic-router, issue 3459",
    .fit = hiershrink_fit,
    .logits = logits,
};
