#include "learn/mf.h"

#include "base/mem.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

/* Sections start on a cache line; the padding is never anything but zero. */
static size_t padded(size_t n)
{
	return (n + 15) / 16 * 16;
}

struct mf mf_new(size_t models, size_t dim, size_t features)
{
	struct mf m = {.models = models, .dim = dim, .features = features};
	size_t np = padded(models * dim), na = padded(dim * features), nk = padded(dim);

	m.n = np + na + 2 * nk + padded(1);
	m.block = mem_floats(m.n);
	memset(m.block, 0, m.n * sizeof(float));
	m.p = m.block;
	m.a = m.p + np;
	m.a0 = m.a + na;
	m.w = m.a0 + nk;
	m.b = m.w + nk;
	return m;
}

void mf_free(struct mf *m)
{
	mem_free(m->block);
	*m = (struct mf){0};
}

static void fill_uniform(struct rng *r, float *v, size_t n, double bound)
{
	for (size_t i = 0; i < n; i++)
		v[i] = (float)((2 * rng_uniform(r) - 1) * bound);
}

void mf_init_paper(struct mf *m, struct rng *r)
{
	double in = 1 / sqrt((double)m->features), out = 1 / sqrt((double)m->dim);

	for (size_t i = 0; i < m->models * m->dim; i++)
		m->p[i] = (float)rng_normal(r);
	fill_uniform(r, m->a, m->dim * m->features, in);
	fill_uniform(r, m->a0, m->dim, in);
	/* The difference of the two softmax rows. */
	for (size_t k = 0; k < m->dim; k++)
		m->w[k] = (float)((rng_uniform(r) - rng_uniform(r)) * 2 * out);
	m->b[0] = (float)((rng_uniform(r) - rng_uniform(r)) * 2 * out);
}

void mf_init_rates(struct mf *m, const double *rate, struct rng *r)
{
	size_t K = m->dim, last = K - 1;
	double in = 1 / sqrt((double)m->features);

	for (size_t i = 0; i < m->models * K; i++)
		m->p[i] = (float)(0.1 * rng_normal(r));
	fill_uniform(r, m->a, K * m->features, in);
	memset(m->a + last * m->features, 0, m->features * sizeof(float));
	memset(m->a0, 0, K * sizeof(float));
	m->a0[last] = 1;
	for (size_t k = 0; k < K; k++)
		m->w[k] = 1;
	for (size_t i = 0; i < m->models; i++)
		m->p[i * K + last] = (float)log(rate[i] / (1 - rate[i]));
	m->b[0] = 0;
}

void mf_project(const struct mf *m, const float *enc, size_t n, float *q)
{
	size_t K = m->dim;

	for (size_t i = 0; i < n; i++)
		memcpy(q + i * K, m->a0, K * sizeof(float));
	blas_sgemm(false, true, n, K, m->features, 1, enc, m->features, m->a, m->features, 1, q, K);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			q[i * K + k] *= m->w[k];
}

void mf_logits(const struct mf *m, const float *enc, size_t n, float *logit)
{
	enum { BLOCK = 1024 };
	size_t K = m->dim, M = m->models;
	float *q = mem_floats((n < BLOCK ? n + 1 : BLOCK) * K);

	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rows = n - i < BLOCK ? n - i : BLOCK;
		float *z = logit + i * M;

		mf_project(m, enc + i * m->features, rows, q);
		for (size_t j = 0; j < rows * M; j++)
			z[j] = m->b[0];
		blas_sgemm(false, true, rows, M, K, 1, q, K, m->p, K, 1, z, M);
	}
	mem_free(q);
}

struct mf_work mf_work_new(const struct mf *m, size_t n)
{
	return (struct mf_work){
	    .q = mem_floats(n * m->dim),
	    .qw = mem_floats(n * m->dim),
	    .dq = mem_floats(n * m->dim),
	    .z = mem_floats(n * m->models),
	};
}

void mf_work_free(struct mf_work *w)
{
	mem_free(w->q);
	mem_free(w->qw);
	mem_free(w->dq);
	mem_free(w->z);
	*w = (struct mf_work){0};
}

/* qw = q * w */
NUM_VECTOR
static void scale_columns(
    size_t n, size_t K, const float *restrict q, const float *restrict w, float *restrict qw)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++)
			qw[i * K + k] = q[i * K + k] * w[k];
}

/* dw += sum dqw * q;  dq = dqw * w in place;  da0 += sum dq */
NUM_VECTOR
static void back_columns(size_t n, size_t K, const float *restrict q, const float *restrict w,
    float *restrict dq, float *restrict dw, float *restrict da0)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < K; k++) {
			float d = dq[i * K + k];

			dw[k] += d * q[i * K + k];
			d *= w[k];
			dq[i * K + k] = d;
			da0[k] += d;
		}
}

void mf_gradient(const struct mf *m, const float *x, const float *y, const float *weight, size_t n,
    struct mf_work *work, struct mf *g, struct vec_loss *sum)
{
	size_t M = m->models, K = m->dim, D = m->features;
	float *q = work->q, *qw = work->qw, *dq = work->dq, *z = work->z, scale;
	struct vec_loss here = {0};
	double db = 0;

	/* Q = X A' + a0;  Z = (Q w) P' + b */
	for (size_t i = 0; i < n; i++)
		memcpy(q + i * K, m->a0, K * sizeof(float));
	blas_sgemm(false, true, n, K, D, 1, x, D, m->a, D, 1, q, K);
	scale_columns(n, K, q, m->w, qw);
	for (size_t i = 0; i < n * M; i++)
		z[i] = m->b[0];
	blas_sgemm(false, true, n, M, K, 1, qw, K, m->p, K, 1, z, M);

	/* Z becomes its own gradient, up to the scale of the mean. */
	vec_logistic(n * M, z, y, weight, z, &here);
	scale = here.weight > 0 ? (float)(1 / here.weight) : 0;

	/* dP = Z' (Q w);  d(Q w) = Z P;  dA = dQ' X */
	blas_sgemm(true, false, M, K, n, scale, z, M, qw, K, 0, g->p, K);
	blas_sgemm(false, false, n, K, M, scale, z, M, m->p, K, 0, dq, K);
	memset(g->w, 0, K * sizeof(float));
	memset(g->a0, 0, K * sizeof(float));
	back_columns(n, K, q, m->w, dq, g->w, g->a0);
	blas_sgemm(true, false, K, D, n, 1, dq, K, x, D, 0, g->a, D);
	for (size_t i = 0; i < n * M; i++)
		db += (double)z[i];
	g->b[0] = (float)(db * (double)scale);

	sum->loss += here.loss;
	sum->right += here.right;
	sum->weight += here.weight;
}

/* S (K,K) = mean of q q' over the n encodings, q as mf_project gives it. */
static void second_moment(const struct mf *m, const float *enc, size_t n, double *s)
{
	enum { BLOCK = 1024 };
	size_t K = m->dim;
	float *q = mem_floats(BLOCK * K), *part = mem_floats(K * K);

	memset(s, 0, K * K * sizeof(double));
	for (size_t i = 0; i < n; i += BLOCK) {
		size_t rows = n - i < BLOCK ? n - i : BLOCK;

		mf_project(m, enc + i * m->features, rows, q);
		blas_sgemm(true, false, K, K, rows, 1, q, K, q, K, 0, part, K);
		for (size_t j = 0; j < K * K; j++)
			s[j] += (double)part[j] / (double)n;
	}
	mem_free(q);
	mem_free(part);
}

/* Rows of `root` (r,K): S^(1/2) in the eigenvectors' coordinates; of `inverse`: its inverse.
 * Directions that the questions do not use are left out. Returns r. */
static size_t moment_roots(size_t K, double *s, double *root, double *inverse)
{
	const double tiny = 1e-10;
	double *w = mem_array(K, sizeof(*w)), *v = mem_array(K * K, sizeof(*v));
	size_t r = 0;

	if (blas_eigh(K, s, w, v)) {
		for (size_t k = K; k-- > 0 && w[k] > tiny * w[K - 1];) {
			for (size_t j = 0; j < K; j++) {
				root[r * K + j] = sqrt(w[k]) * v[k * K + j];
				inverse[r * K + j] = v[k * K + j] / sqrt(w[k]);
			}
			r++;
		}
	}
	mem_free(w);
	mem_free(v);
	return r;
}

/* B (M,r) = P root' = U s V'. Then logit = p' q = (U s)_m' (V' inverse q). */
static struct mf rotated(const struct mf *m, size_t r, const double *root, const double *inverse)
{
	size_t K = m->dim, M = m->models, D = m->features, d = M < r ? M : r, kept = 0;
	double *p = mem_array(M * K, sizeof(*p)), *b = mem_array(M * r, sizeof(*b));
	double *u = mem_array(M * d, sizeof(*u)), *s = mem_array(d, sizeof(*s));
	double *vt = mem_array(d * r, sizeof(*vt)), *t = mem_array(d * K, sizeof(*t));
	struct mf out = {0};

	for (size_t i = 0; i < M * K; i++)
		p[i] = (double)m->p[i];
	blas_dgemm(false, true, M, r, K, 1, p, K, root, K, 0, b, r);
	if (!blas_svd(M, r, b, u, s, vt))
		goto cleanup;
	while (kept < d && s[kept] > 1e-6 * s[0])
		kept++;
	if (!kept)
		goto cleanup;
	/* Signs: a direction's largest model coordinate is positive. */
	for (size_t k = 0; k < kept; k++) {
		double top = 0;

		for (size_t i = 0; i < M; i++)
			if (fabs(u[i * d + k]) > fabs(top))
				top = u[i * d + k];
		for (size_t i = 0; i < M && top < 0; i++)
			u[i * d + k] = -u[i * d + k];
		for (size_t j = 0; j < r && top < 0; j++)
			vt[k * r + j] = -vt[k * r + j];
	}
	blas_dgemm(false, false, kept, K, r, 1, vt, r, inverse, K, 0, t, K);
	out = mf_new(M, kept, D);
	for (size_t i = 0; i < M; i++)
		for (size_t k = 0; k < kept; k++)
			out.p[i * kept + k] = (float)(u[i * d + k] * s[k]);
	for (size_t k = 0; k < kept; k++) {
		double a0 = 0;

		out.w[k] = 1;
		for (size_t j = 0; j < K; j++) {
			double c = t[k * K + j] * (double)m->w[j];

			a0 += c * (double)m->a0[j];
			for (size_t f = 0; f < D; f++)
				out.a[k * D + f] += (float)c * m->a[j * D + f];
		}
		out.a0[k] = (float)a0;
	}
	out.b[0] = m->b[0];
cleanup:
	mem_free(p);
	mem_free(b);
	mem_free(u);
	mem_free(s);
	mem_free(vt);
	mem_free(t);
	return out;
}

void mf_canonical(struct mf *m, const float *enc, size_t n)
{
	size_t K = m->dim, r;
	double *s = mem_array(K * K, sizeof(*s));
	double *root = mem_array(K * K, sizeof(*root)),
	       *inverse = mem_array(K * K, sizeof(*inverse));
	struct mf out = {0};

	second_moment(m, enc, n, s);
	r = moment_roots(K, s, root, inverse);
	if (r > 0)
		out = rotated(m, r, root, inverse);
	if (out.block) {
		mf_free(m);
		*m = out;
	}
	mem_free(s);
	mem_free(root);
	mem_free(inverse);
}
