#include "task/vectors.h"

#include "base/mem.h"
#include "num/pca.h"
#include "num/stats.h"
#include "num/vec.h"
#include "task/atlas.h"

#include <math.h>
#include <string.h>

/* Row i of x is of the run's i-th model, which is models[i]. */
static struct mat rows_of_run(const struct atlas *a, size_t *models)
{
	size_t K = a->trained.mf.dim, n = 0;
	struct mat x = mat_new(a->catalog.n_models, K);

	for (size_t m = 0; m < a->catalog.n_models; m++)
		if (a->trained.in_run[m]) {
			memcpy(mat_row(&x, n), a->trained.mf.p + m * K, K * sizeof(float));
			models[n++] = m;
		}
	x.rows = n;
	return x;
}

static void centre(struct mat *x)
{
	float *mean = mem_floats(x->cols + 1);

	memset(mean, 0, x->cols * sizeof(*mean));
	for (size_t i = 0; i < x->rows; i++)
		vec_axpby(x->cols, 1 / (float)x->rows, mat_row(x, i), 1, mean);
	for (size_t i = 0; i < x->rows; i++)
		vec_axpby(x->cols, -1, mean, 1, mat_row(x, i));
	mem_free(mean);
}

/* x (centred) less its part along the axis on which it has the coordinates `along` (rows): the axis is
 * x' along, scaled to length one. */
static void take_out(struct mat *x, const float *along)
{
	float *axis = mem_floats(x->cols + 1);

	memset(axis, 0, x->cols * sizeof(*axis));
	for (size_t i = 0; i < x->rows; i++)
		vec_axpby(x->cols, along[i], mat_row(x, i), 1, axis);
	vec_normalise(x->cols, axis);
	for (size_t i = 0; i < x->rows; i++)
		vec_axpby(x->cols, -vec_dot(x->cols, axis, mat_row(x, i)), axis, 1, mat_row(x, i));
	mem_free(axis);
}

static double correlate(const struct atlas *a, size_t n, const size_t *models, const float *along)
{
	double *x = mem_array(2 * n + 1, sizeof(*x)), *y = x + n, r;
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		double accuracy = catalog_model_accuracy(&a->catalog.models[models[i]]);

		if (isnan(accuracy))
			continue;
		x[k] = (double)along[i];
		y[k++] = accuracy;
	}
	r = fabs(stats_pearson(k, x, y));
	mem_free(x);
	return r;
}

bool vectors_of(const struct atlas *a, bool apart, struct vectors *out, struct err *e)
{
	size_t M = a->catalog.n_models, *models = mem_array(M + 1, sizeof(*models));
	struct mat x = rows_of_run(a, models);
	float *along = mem_floats(M + 1);
	struct vectors v = {.ability = NAN, .share = NAN};
	bool ok = true;

	if (apart) {
		centre(&x);
		ok = pca(&x, 1, along, &v.share, e);
		if (ok) {
			take_out(&x, along);
			v.ability = correlate(a, x.rows, models, along);
		}
	}
	if (ok) {
		v.v = mat_new(M, x.cols);
		for (size_t i = 0; i < x.rows; i++)
			memcpy(mat_row(&v.v, models[i]), mat_row(&x, i), x.cols * sizeof(float));
		*out = v;
	}
	mat_free(&x);
	mem_free(along);
	mem_free(models);
	return ok;
}

void vectors_free(struct vectors *v)
{
	mat_free(&v->v);
	*v = (struct vectors){.ability = NAN};
}
