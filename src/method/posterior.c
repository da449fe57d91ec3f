/* Which benchmark is a question like? P(benchmark | e), a softmax regression, mixes the table of
 * model x benchmark rates: what is known where the benchmark is, for a text alone. */
#include "method/method.h"

#include "base/mem.h"
#include "learn/baseline.h"
#include "method/glm.h"
#include "num/blas.h"

#include <math.h>

#define MARGIN 1e-3

static void softmax(float *z, size_t n, size_t B)
{
	for (size_t i = 0; i < n; i++) {
		float *row = z + i * B, most = row[0], sum = 0;

		for (size_t b = 1; b < B; b++)
			most = fmaxf(most, row[b]);
		for (size_t b = 0; b < B; b++)
			sum += row[b] = expf(row[b] - most);
		for (size_t b = 0; b < B; b++)
			row[b] /= sum;
	}
}

static void residual(void *arg, float *z)
{
	const struct sample *s = arg;

	softmax(z, s->n, s->B);
	for (size_t i = 0; i < s->n; i++)
		for (size_t b = 0; b < s->B; b++)
			z[i * s->B + b] = (s->benchmark[i] == b ? 1.f : 0.f) - z[i * s->B + b];
}

static bool fit_with(const struct fit *in, const struct grid *g, const struct sample *train,
    const double *setting, struct params *out, struct err *e)
{
	struct sample s = *train;
	struct baseline rates = baseline_fit(in->d);
	struct mat *table = params_add(out, "table", s.B, s.M);
	const struct glm glm = {
	    .n = s.n,
	    .D = s.D,
	    .x = s.x,
	    .bound = 0.5,
	    .penalty = setting[0],
	    .steps = 100,
	    .residual = residual,
	    .arg = &s,
	};

	(void)g;
	for (size_t b = 0; b < s.B; b++)
		for (size_t m = 0; m < s.M; m++)
			mat_row(table, b)[m] = (float)baseline_rate(&rates, BASELINE_CELL, m, b);
	baseline_free(&rates);
	return glm_fit(&glm, in->progress, params_add(out, "weights", s.B, s.D + 1), e);
}

static bool fit(const struct fit *in, struct params *out, struct err *e)
{
	static const double v[][GRID_NAMES] = {{1e-4}, {1e-3}, {1e-5}};
	static const struct grid grid = {{"penalty"}, sizeof(v) / sizeof(*v), v, NULL};

	return method_fit_grid(&method_posterior, &grid, in, fit_with, out, e);
}

static void logits(const struct params *p, const float *enc, size_t n, float *z)
{
	const struct mat *table = params_get(p, "table");
	size_t B = table->rows, M = table->cols;
	float *share = mem_floats(n * B + 1);

	glm_scores(params_get(p, "weights"), enc, n, share);
	softmax(share, n, B);
	blas_sgemm(false, false, n, M, B, 1, share, B, table->v, M, 0, z, M);
	for (size_t i = 0; i < n * M; i++)
		z[i] = (float)method_logit((double)z[i], MARGIN);
	mem_free(share);
}

const struct method method_posterior = {
    .name = "posterior",
    .about = "the model x benchmark rates, mixed by what benchmark the text looks like",
    .fit = fit,
    .logits = logits,
};
