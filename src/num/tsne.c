#include "num/tsne.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "num/parallel.h"
#include "num/vec.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum {
	LANES = 8,          /* floats of an AVX2 register */
	THREADS_FROM = 400, /* points from which a second thread pays for its waking */
	THREADS_MAX = 16,
	TICK_EVERY = 10, /* iterations between progress reports */
	ROWS = 16,       /* of the affinities, that a thread takes at a time */
};

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

/* What one point feels, unnormalised: sums over all j of
 *   attraction  p_ij q_ij (y_i - y_j)        q_ij = 1 / (1 + |y_i - y_j|^2)
 *   repulsion   q_ij^2 (y_i - y_j)
 *   z           q_ij, its own 1 included                                                     */
struct force {
	float ax, ay, rx, ry, z;
};

struct state {
	size_t n, padded; /* padded: n rounded up to LANES */
	float *p;        /* (n, padded) joint probabilities, 0 on the diagonal and in the padding */
	float *x, *y;    /* (padded) coordinates; the padding is at infinity: exerts no force */
	struct force *f; /* (n) */
	int threads;
	/* Work is shared out by rows; every row's result is the same whoever computes it. Barriers
	 * that sleep: where training runs beside, those of num/parallel, which spin, take twice as
	 * long. */
	pthread_barrier_t start, finish;
	bool stop;
};

void tsne_options_default(struct tsne_options *o)
{
	*o = (struct tsne_options){.perplexity = 30,
	    .iterations = 1000,
	    .exaggeration = 12,
	    .exaggerated = 250,
	    .seed = 1};
}

double tsne_perplexity(size_t n, double wanted)
{
	double most = n > 4 ? (double)(n - 1) / 3 : 1;

	return wanted < 1 ? 1 : wanted < most ? wanted : most;
}

/* p (n) <- the Gaussian conditional probabilities of row i whose entropy is log(perplexity), by
 * bisection on the precision; d (n) are squared distances (paper, section 2). */
static void conditional_row(size_t n, size_t i, const float *d, double entropy, double *p)
{
	double nearest = INFINITY, beta = 1, low = 0, high = INFINITY;
	double mean = 0;

	for (size_t j = 0; j < n; j++) {
		if (j == i)
			continue;
		nearest = fmin(nearest, (double)d[j]);
		mean += (double)d[j] / (double)(n - 1);
	}
	if (mean > nearest)
		beta = 1 / (mean - nearest);
	for (int step = 0; step < 100; step++) {
		double sum = 0, moment = 0, h;

		for (size_t j = 0; j < n; j++) {
			double gap = (double)d[j] - nearest;

			p[j] = j == i ? 0 : exp(-beta * gap);
			sum += p[j];
			moment += p[j] * gap;
		}
		for (size_t j = 0; j < n; j++)
			p[j] /= sum;
		h = log(sum) + beta * moment / sum;
		if (fabs(h - entropy) < 1e-5)
			break;
		if (h > entropy)
			low = beta;
		else
			high = beta;
		beta = isinf(high) ? 2 * beta : (low + high) / 2;
	}
}

struct affinities {
	const struct mat *x;
	double entropy;
	float *p; /* (n, padded) conditional probabilities */
	size_t padded;
	const struct progress *progress; /* told by this thread */
	atomic_bool stop;                /* which all heed */
};

static void affinity_rows(void *arg, size_t begin, size_t end, size_t worker)
{
	struct affinities *job = arg;
	const struct mat *x = job->x;
	size_t n = x->rows;
	double *p = mem_array(n, sizeof(*p));

	if (worker == 0 &&
	    !progress_tick(job->progress, "distances", (double)begin, (double)n, "points"))
		atomic_store(&job->stop, true);
	for (size_t i = begin; i < end && !atomic_load(&job->stop); i++) {
		float *row = job->p + i * job->padded;

		for (size_t j = 0; j < n; j++)
			row[j] = vec_distance2(x->cols, mat_row(x, i), mat_row(x, j));
		conditional_row(n, i, row, job->entropy, p);
		for (size_t j = 0; j < n; j++)
			row[j] = (float)p[j];
	}
	mem_free(p);
}

/* p_ij = (p_j|i + p_i|j) / 2n; false where progress stopped it. */
static bool affinities(
    struct state *s, const struct mat *x, double perplexity, const struct progress *p)
{
	struct affinities job = {x, log(perplexity), s->p, s->padded, p, false};
	size_t n = s->n;

	parallel_for(n, n < THREADS_FROM ? n : ROWS, affinity_rows, &job);
	if (atomic_load(&job.stop))
		return false;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			float *a = &s->p[i * s->padded + j], *b = &s->p[j * s->padded + i];

			*a = *b = (*a + *b) / (float)(2 * n);
		}
	return true;
}

static float sum_lanes(const lanes *v)
{
	float sum = 0;

	for (size_t l = 0; l < LANES; l++)
		sum += (*v)[l];
	return sum;
}

NUM_VECTOR
static void forces(const struct state *s, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const float *p = s->p + i * s->padded;
		lanes ax = {0}, ay = {0}, rx = {0}, ry = {0}, z = {0};
		float x = s->x[i], y = s->y[i];

		for (size_t j = 0; j < s->padded; j += LANES) {
			lanes dx = x - *(const lanes *)(s->x + j);
			lanes dy = y - *(const lanes *)(s->y + j);
			lanes q = 1.0f / (1.0f + dx * dx + dy * dy);
			lanes pq = *(const lanes *)(p + j) * q, qq = q * q;

			ax += pq * dx;
			ay += pq * dy;
			rx += qq * dx;
			ry += qq * dy;
			z += q;
		}
		s->f[i] = (struct force){
		    sum_lanes(&ax), sum_lanes(&ay), sum_lanes(&rx), sum_lanes(&ry), sum_lanes(&z)};
	}
}

struct helper {
	struct state *s;
	int index;
};

static void share(const struct state *s, int index)
{
	size_t threads = (size_t)s->threads, t = (size_t)index;

	forces(s, s->n * t / threads, s->n * (t + 1) / threads);
}

static void *helper_run(void *arg)
{
	struct helper *h = arg;

	for (;;) {
		pthread_barrier_wait(&h->s->start);
		if (h->s->stop)
			return NULL;
		share(h->s, h->index);
		pthread_barrier_wait(&h->s->finish);
	}
}

static void all_forces(struct state *s)
{
	if (s->threads > 1)
		pthread_barrier_wait(&s->start);
	share(s, 0);
	if (s->threads > 1)
		pthread_barrier_wait(&s->finish);
}

/* Sum of q_kl over k != l. */
static double normaliser(const struct state *s)
{
	double z = 0;

	for (size_t i = 0; i < s->n; i++)
		z += (double)s->f[i].z - 1;
	return fmax(z, 1e-30);
}

/* KL(P || Q) = sum p log p - sum p log q_unnormalised + log z */
static double divergence(struct state *s)
{
	double kl = 0;

	all_forces(s);
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = 0; j < s->n; j++) {
			double p = (double)s->p[i * s->padded + j];
			double dx = (double)s->x[i] - (double)s->x[j];
			double dy = (double)s->y[i] - (double)s->y[j];

			if (p > 0)
				kl += p * (log(p) + log1p(dx * dx + dy * dy));
		}
	return kl + log(normaliser(s));
}

/* Momentum and per-coordinate gains (Jacobs 1988), as in the authors' implementation. */
struct mover {
	float step, gain;
};

static float move(struct mover *m, float gradient, float momentum, float rate)
{
	m->gain = (gradient > 0) != (m->step > 0) ? m->gain + 0.2f : m->gain * 0.8f;
	m->gain = m->gain < 0.01f ? 0.01f : m->gain;
	m->step = momentum * m->step - rate * m->gain * gradient;
	return m->step;
}

static void centre(size_t n, float *v)
{
	double mean = 0;

	for (size_t i = 0; i < n; i++)
		mean += (double)v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		v[i] -= (float)mean;
}

static bool descend(
    struct state *s, const struct tsne_options *o, const struct progress *p, struct err *e)
{
	struct mover *mover = mem_array(2 * s->n, sizeof(*mover));
	float rate = (float)o->learning_rate;
	bool ok = true;

	if (rate <= 0)
		rate = fmaxf((float)s->n / (float)o->exaggeration / 4, 50);
	for (size_t i = 0; i < 2 * s->n; i++)
		mover[i] = (struct mover){0, 1};
	for (size_t t = 0; ok && t < o->iterations; t++) {
		bool early = t < o->exaggerated;
		float pull = early ? (float)o->exaggeration : 1, momentum = early ? 0.5f : 0.8f;
		float push;

		all_forces(s);
		push = (float)(1 / normaliser(s));
		for (size_t i = 0; i < s->n; i++) {
			const struct force *f = &s->f[i];
			float gx = 4 * (pull * f->ax - push * f->rx);
			float gy = 4 * (pull * f->ay - push * f->ry);

			s->x[i] += move(&mover[2 * i], gx, momentum, rate);
			s->y[i] += move(&mover[2 * i + 1], gy, momentum, rate);
		}
		centre(s->n, s->x);
		centre(s->n, s->y);
		if (t % TICK_EVERY == 0)
			ok = progress_tick(
			    p, "t-SNE", (double)t, (double)o->iterations, "iterations");
	}
	mem_free(mover);
	return ok || err_set(e, ERR_CANCELLED, "t-SNE stopped");
}

static bool descend_with_helpers(struct state *s, const struct tsne_options *o,
    const struct progress *p, double *kl, struct err *e)
{
	struct helper helper[THREADS_MAX];
	pthread_t thread[THREADS_MAX];
	bool ok;

	pthread_barrier_init(&s->start, NULL, (unsigned)s->threads);
	pthread_barrier_init(&s->finish, NULL, (unsigned)s->threads);
	for (int t = 1; t < s->threads; t++) {
		helper[t] = (struct helper){s, t};
		if (pthread_create(&thread[t], NULL, helper_run, &helper[t]))
			die("cannot start a thread");
	}
	ok = descend(s, o, p, e);
	if (ok)
		*kl = divergence(s);
	s->stop = true;
	if (s->threads > 1)
		pthread_barrier_wait(&s->start);
	for (int t = 1; t < s->threads; t++)
		pthread_join(thread[t], NULL);
	pthread_barrier_destroy(&s->finish);
	pthread_barrier_destroy(&s->start);
	return ok;
}

static int threads_for(size_t n, int wanted)
{
	int threads = wanted > 0 ? wanted : (int)parallel_threads();

	if (n < THREADS_FROM)
		return 1;
	return threads < THREADS_MAX ? threads : THREADS_MAX;
}

bool tsne(const struct mat *x, const struct tsne_options *o, const struct progress *p, float *y,
    double *kl, struct err *e)
{
	size_t n = x->rows, padded = (n + LANES - 1) / LANES * LANES;
	struct state s = {.n = n, .padded = padded, .threads = threads_for(n, o->threads)};
	struct rng rng;
	bool ok;

	if (n < 2) {
		memset(y, 0, 2 * n * sizeof(*y));
		*kl = 0;
		return true;
	}
	s.p = mem_floats(n * padded);
	memset(s.p, 0, n * padded * sizeof(*s.p));
	s.x = mem_floats(padded);
	s.y = mem_floats(padded);
	s.f = mem_array(n, sizeof(*s.f));
	ok = affinities(&s, x, tsne_perplexity(n, o->perplexity), p) ||
	     err_set(e, ERR_CANCELLED, "t-SNE stopped");
	rng_init(&rng, o->seed, 0);
	for (size_t i = 0; i < padded; i++) {
		s.x[i] = i < n ? (float)(1e-4 * rng_normal(&rng)) : 1e18f;
		s.y[i] = i < n ? (float)(1e-4 * rng_normal(&rng)) : 1e18f;
	}
	ok = ok && descend_with_helpers(&s, o, p, kl, e);
	for (size_t i = 0; ok && i < n; i++) {
		y[2 * i] = s.x[i];
		y[2 * i + 1] = s.y[i];
	}
	mem_free(s.f);
	mem_free(s.y);
	mem_free(s.x);
	mem_free(s.p);
	return ok;
}
