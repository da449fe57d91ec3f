#include "learn/head.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/mat.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

/* Training questions in the order of the dataset and what every model's refit needs of them. */
struct refit {
	size_t n, M, K, draws;
	float *q;      /* (n, K) */
	float *z;      /* (n, M) logits, then pi */
	float *resid;  /* (n) (y - pi) of one model */
	float *qh;     /* (n, K) q * sqrt(pi (1 - pi)) of one model */
	float *count;  /* (draws, n) Poisson(1) - 1 */
	float *moved;  /* (draws, n) count * resid */
	double *prior; /* (K) precision */
	float *hess;   /* (K, K) */
	double *chol;  /* (K, K) */
	float *g;      /* (draws, K) */
	double *step;  /* (draws, K) */
};

static void refit_init(struct refit *f, const struct dataset *d, const struct mf *m, size_t draws,
    uint64_t seed, const uint32_t *train, size_t n)
{
	size_t K = m->dim, M = m->models, D = m->features;
	float *enc = mem_floats(n * D + 1);
	struct rng r;

	*f = (struct refit){.n = n, .M = M, .K = K, .draws = draws};
	f->q = mem_floats(n * K);
	f->z = mem_floats(n * M);
	f->resid = mem_floats(n);
	f->qh = mem_floats(n * K);
	f->count = mem_floats(draws * n);
	f->moved = mem_floats(draws * n);
	f->prior = mem_array(K, sizeof(*f->prior));
	f->hess = mem_floats(K * K);
	f->chol = mem_array(K * K, sizeof(*f->chol));
	f->g = mem_floats(draws * K);
	f->step = mem_array(draws * K, sizeof(*f->step));
	mat_gather(d->enc, D, train, n, enc);
	mf_project(m, enc, n, f->q);
	mf_logits(m, enc, n, f->z);
	vec_sigmoid(n * M, f->z, f->z);
	for (size_t k = 0; k < K; k++) {
		double square = 0;

		for (size_t i = 0; i < M; i++)
			square += (double)m->p[i * K + k] * (double)m->p[i * K + k] / (double)M;
		f->prior[k] = 1 / fmax(square, 1e-8);
	}
	rng_init(&r, seed, 0);
	for (size_t i = 0; i < draws * n; i++)
		f->count[i] = (float)rng_poisson1(&r) - 1;
	mem_free(enc);
}

static void refit_clear(struct refit *f)
{
	mem_free(f->q);
	mem_free(f->z);
	mem_free(f->resid);
	mem_free(f->qh);
	mem_free(f->count);
	mem_free(f->moved);
	mem_free(f->prior);
	mem_free(f->hess);
	mem_free(f->chol);
	mem_free(f->g);
	mem_free(f->step);
}

/* The draws of one model, as steps from its p. */
static void refit_model(struct refit *f, const struct dataset *d, const uint32_t *train, size_t m)
{
	size_t n = f->n, K = f->K;

	for (size_t i = 0; i < n; i++) {
		size_t cell = (size_t)train[i] * f->M + m;
		float y = d->score[cell], pi = f->z[i * f->M + m];
		float w = isnan(y) ? 0 : d->weight ? d->weight[cell] : 1;
		float root = sqrtf(w * pi * (1 - pi));

		f->resid[i] = w > 0 ? w * (y - pi) : 0;
		for (size_t k = 0; k < K; k++)
			f->qh[i * K + k] = root * f->q[i * K + k];
	}
	blas_sgemm(true, false, K, K, n, 1, f->qh, K, f->qh, K, 0, f->hess, K);
	for (size_t j = 0; j < K * K; j++)
		f->chol[j] = (double)f->hess[j];
	for (size_t k = 0; k < K; k++)
		f->chol[k * K + k] += f->prior[k];
	for (size_t b = 0; b < f->draws; b++)
		for (size_t i = 0; i < n; i++)
			f->moved[b * n + i] = f->count[b * n + i] * f->resid[i];
	blas_sgemm(false, false, f->draws, K, n, 1, f->moved, n, f->q, K, 0, f->g, K);
	for (size_t j = 0; j < f->draws * K; j++)
		f->step[j] = (double)f->g[j];
	if (blas_chol(K, f->chol))
		blas_chol_solve(K, f->chol, f->draws, f->step);
	else
		memset(f->step, 0, f->draws * K * sizeof(*f->step));
}

bool head_bootstrap(const struct dataset *d, const struct mf *m, size_t n_draws, uint64_t seed,
    const struct progress *p, struct mat *out, struct err *e)
{
	size_t K = m->dim, M = m->models, n;
	uint32_t *train = dataset_part(d, PART_TRAIN, &n);
	struct mat heads = mat_new(n_draws * M, K);
	struct refit f;
	bool ok = true;

	refit_init(&f, d, m, n_draws, seed, train, n);
	for (size_t i = 0; i < M && ok; i++) {
		if (!progress_tick(p, "intervals", (double)i, (double)M, "models")) {
			ok = err_set(e, ERR_CANCELLED, "stopped while fitting the intervals");
			break;
		}
		refit_model(&f, d, train, i);
		for (size_t b = 0; b < n_draws; b++)
			for (size_t k = 0; k < K; k++)
				mat_row(&heads, b * M + i)[k] =
				    m->p[i * K + k] + (float)f.step[b * K + k];
	}
	refit_clear(&f);
	mem_free(train);
	if (ok)
		*out = heads;
	else
		mat_free(&heads);
	return ok;
}

void head_spread(const struct mat *heads, const struct calibration *calibration, float bias,
    size_t models, const float *q, size_t n, float *sd)
{
	size_t draws = heads->rows / models, dim = heads->cols;
	float *z = mem_floats(heads->rows);

	for (size_t i = 0; i < n; i++) {
		blas_sgemv(false, heads->rows, dim, 1, heads->v, dim, q + i * dim, 0, z);
		for (size_t b = 0; b < draws; b++)
			for (size_t m = 0; m < models; m++) {
				float *l = &z[b * models + m];

				*l = (float)(calibration[b].a * (double)(*l + bias) +
					     calibration[b].b);
			}
		for (size_t m = 0; m < models; m++) {
			double sum = 0, square = 0, mean;

			for (size_t b = 0; b < draws; b++)
				sum += (double)z[b * models + m];
			mean = sum / (double)draws;
			for (size_t b = 0; b < draws; b++)
				square += ((double)z[b * models + m] - mean) *
					  ((double)z[b * models + m] - mean);
			sd[i * models + m] =
			    draws > 1 ? (float)sqrt(square / (double)(draws - 1)) : 0;
		}
	}
	mem_free(z);
}
