#include "num/pca.h"

#include "base/err.h"
#include "base/mem.h"
#include "num/blas.h"

#include <math.h>
#include <string.h>

/* (n, d) doubles with columns of mean 0; mem_free. */
static double *centred(const struct mat *x)
{
	size_t n = x->rows, d = x->cols;
	double *v = mem_array(n * d, sizeof(*v)), *mean = mem_zero_array(d, sizeof(*mean));

	for (size_t i = 0; i < n * d; i++)
		mean[i % d] += (double)x->v[i] / (double)n;
	for (size_t i = 0; i < n * d; i++)
		v[i] = (double)x->v[i] - mean[i % d];
	mem_free(mean);
	return v;
}

static void fix_sign(size_t n, size_t k, size_t axis, float *coords)
{
	float most = 0;

	for (size_t i = 0; i < n; i++)
		if (fabsf(coords[i * k + axis]) > fabsf(most))
			most = coords[i * k + axis];
	for (size_t i = 0; i < n && most < 0; i++)
		coords[i * k + axis] = -coords[i * k + axis];
}

/* The eigenvectors of the smaller of X'X (d, d) and XX' (n, n): the first are the axes, the second
 * the coordinates up to scale. */
bool pca(const struct mat *x, size_t k, float *coords, double *explained, struct err *e)
{
	size_t n = x->rows, d = x->cols, m = d < n ? d : n;
	double *c, *gram, *w, *v, total = 0;
	bool ok;

	memset(coords, 0, n * k * sizeof(*coords));
	for (size_t a = 0; a < k; a++)
		explained[a] = 0;
	if (!m)
		return true;
	c = centred(x);
	gram = mem_array(m * m, sizeof(*gram));
	w = mem_array(m, sizeof(*w));
	v = mem_array(m * m, sizeof(*v));
	blas_dgemm(d < n, d >= n, m, m, d < n ? n : d, 1, c, d, c, d, 0, gram, m);
	ok = blas_eigh(m, gram, w, v);
	if (!ok)
		err_set(e, ERR_FAILED,
		    "principal components: the eigenvalue iteration did not converge "
		    "(a value that is not a number in the vectors?)");
	for (size_t a = 0; ok && a < m; a++)
		total += w[a] > 0 ? w[a] : 0;
	for (size_t a = 0; ok && a < k && a < m; a++) {
		double value = w[m - 1 - a];
		const double *axis = v + (m - 1 - a) * m;

		if (value <= total * 1e-12)
			break;
		explained[a] = value / total;
		for (size_t i = 0; i < n; i++) {
			double at = 0;

			if (d < n)
				for (size_t j = 0; j < d; j++)
					at += c[i * d + j] * axis[j];
			else
				at = axis[i] * sqrt(value);
			coords[i * k + a] = (float)at;
		}
		fix_sign(n, k, a, coords);
	}
	mem_free(v);
	mem_free(w);
	mem_free(gram);
	mem_free(c);
	return ok;
}
