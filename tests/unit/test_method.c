/* Methods of forecasting: each against a planted world, their algebra against naive references. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/calibrate.h"
#include "learn/metric.h"
#include "method/corank.h"
#include "method/factorise.h"
#include "method/glm.h"
#include "method/landmarks.h"
#include "method/method.h"
#include "method/net.h"
#include "method/stack.h"
#include "num/kmeans.h"
#include "num/vec.h"

#include <stdlib.h>
#include <string.h>

/* Questions of three topics, around directions of their own; a model is good or bad at each, and a
 * question is harder the more it leans to one more direction. */
struct world {
	size_t Q, M, D;
	float *enc, *score;
	uint8_t *part;
	uint32_t *benchmark;
	struct dataset data;
};

#define TOPICS 3

static struct world *world_new(size_t Q, size_t M, size_t D, double missing, uint64_t seed)
{
	struct world *w = mem_zero_array(1, sizeof(*w));
	double *skill = mem_array(M * TOPICS, sizeof(*skill));
	struct rng r;

	rng_init(&r, seed, 0);
	*w = (struct world){.Q = Q, .M = M, .D = D};
	w->enc = mem_floats(Q * D);
	w->score = mem_floats(Q * M);
	w->part = mem_array(Q, 1);
	w->benchmark = mem_array(Q, sizeof(*w->benchmark));
	for (size_t i = 0; i < M * TOPICS; i++)
		skill[i] = 2 * rng_normal(&r);
	for (size_t q = 0; q < Q; q++) {
		float *e = w->enc + q * D, hard;

		w->part[q] = q % 10 < 7 ? PART_TRAIN : q % 10 < 8 ? PART_VAL : PART_TEST;
		w->benchmark[q] = (uint32_t)rng_below(&r, TOPICS);
		for (size_t d = 0; d < D; d++)
			e[d] = 0.3f * (float)rng_normal(&r);
		e[w->benchmark[q]] += 1.5f;
		vec_normalise(D, e);
		hard = 6 * e[TOPICS];
		for (size_t m = 0; m < M; m++) {
			double z = skill[m * TOPICS + w->benchmark[q]] - (double)hard;

			w->score[q * M + m] = rng_uniform(&r) < missing             ? NAN
					      : rng_uniform(&r) < 1 / (1 + exp(-z)) ? 1
										    : 0;
		}
	}
	w->data = (struct dataset){.n_models = M,
	    .n_questions = Q,
	    .n_benchmarks = TOPICS,
	    .dims = D,
	    .score = w->score,
	    .enc = w->enc,
	    .part = w->part,
	    .benchmark = w->benchmark};
	mem_free(skill);
	return w;
}

static void world_free(struct world *w)
{
	mem_free(w->enc);
	mem_free(w->score);
	mem_free(w->part);
	mem_free(w->benchmark);
	mem_free(w);
}

static double test_loss(const struct method *m, const struct params *p, const struct dataset *d)
{
	struct sample s = sample_new(d, PART_TEST);
	double loss = method_loss(m, p, &s);

	sample_clear(&s);
	return loss;
}

static struct params fitted(const struct method *m, const struct dataset *d, struct search *search)
{
	struct params p = {0};
	struct err e = ERR_INIT;

	if (!m->fit(&(struct fit){.d = d, .seed = 1, .search = search}, &p, &e))
		fail_msg("%s: %s", m->name, e.msg);
	return p;
}

static void every_method_learns_what_is_planted_and_no_control_does(void **state)
{
	struct world *w = world_new(800, 12, 16, 0.1, 3);
	struct params p = fitted(&method_rates, &w->data, NULL);
	double rates = test_loss(&method_rates, &p, &w->data);

	(void)state;
	params_clear(&p);
	for (size_t i = 0; i < n_methods; i++) {
		double loss;

		/* The published settings take far more questions than these to get anywhere. */
		if (methods[i] == &method_rates || methods[i] == &method_mf_paper)
			continue;
		p = fitted(methods[i], &w->data, NULL);
		loss = test_loss(methods[i], &p, &w->data);
		params_clear(&p);
		/* Random vectors as wide as there are models span them all: noise may learn. */
		if (methods[i] == &method_shuffled && loss < rates - 0.01)
			fail_msg(
			    "%s has %g where the rates have %g", methods[i]->name, loss, rates);
		/* One ability a model cannot be good at one topic and bad at another. */
		if (!methods[i]->control &&
		    !(loss < rates - (methods[i] == &method_2pl ? 0.02 : 0.06)))
			fail_msg(
			    "%s has %g where the rates have %g", methods[i]->name, loss, rates);
	}
	world_free(w);
}

static void a_stored_method_gives_the_same_logits(void **state)
{
	struct world *w = world_new(200, 6, 12, 0, 4);
	struct sample s = sample_new(&w->data, PART_TEST);
	float *a = mem_floats(s.n * s.M), *b = mem_floats(s.n * s.M);
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < n_methods; i++) {
		struct params p = fitted(methods[i], &w->data, NULL), back = {0};
		struct buf bytes = BUF_INIT;

		assert_true(params_save(&p, &bytes));
		assert_true(params_load(&back, bytes.s, bytes.len, &e));
		methods[i]->logits(&p, s.x, s.n, a);
		methods[i]->logits(&back, s.x, s.n, b);
		assert_memory_equal(a, b, s.n * s.M * sizeof(*a));
		/* Cut off anywhere, or with a byte too many, it is refused. */
		for (size_t n = 0; n < bytes.len; n += 1 + n / 3)
			assert_false(params_load(&back, bytes.s, n, &e) && back.n == p.n);
		params_clear(&back);
		assert_true(buf_addc(&bytes, 0));
		assert_false(params_load(&back, bytes.s, bytes.len, &e));
		buf_clear(&bytes);
		params_clear(&p);
	}
	mem_free(a);
	mem_free(b);
	sample_clear(&s);
	world_free(w);
}

static void a_search_says_what_it_chose(void **state)
{
	struct world *w = world_new(300, 6, 12, 0, 5);
	struct search *s = mem_zero_array(1, sizeof(*s));
	struct params p = fitted(&method_knn, &w->data, s);
	double least = INFINITY, chosen = NAN;

	(void)state;
	for (size_t i = 0; i < s->n; i++) {
		least = fmin(least, s->v[i].loss);
		if (s->v[i].chosen)
			chosen = s->v[i].loss;
	}
	assert_true(s->n > 3);
	assert_near(chosen, least, 0);
	params_clear(&p);
	mem_free(s);
	world_free(w);
}

/* One column by the normal equations, in double precision by Gaussian elimination. */
static void naive_ridge(
    size_t n, size_t K, const float *f, const float *t, double lambda, double *w)
{
	double *a = mem_zero_array(K * (K + 1), sizeof(*a));

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < K; j++) {
			for (size_t k = 0; k < K; k++)
				a[j * (K + 1) + k] += (double)f[i * K + j] * (double)f[i * K + k];
			a[j * (K + 1) + K] += (double)f[i * K + j] * (double)t[i];
		}
	for (size_t j = 0; j < K; j++)
		a[j * (K + 1) + j] += lambda * (double)n;
	for (size_t j = 0; j < K; j++)
		for (size_t i = 0; i < K; i++) {
			double by = a[i * (K + 1) + j] / a[j * (K + 1) + j];

			for (size_t k = j; i != j && k <= K; k++)
				a[i * (K + 1) + k] -= by * a[j * (K + 1) + k];
		}
	for (size_t j = 0; j < K; j++)
		w[j] = a[j * (K + 1) + K] / a[j * (K + 1) + j];
	mem_free(a);
}

static void corank_of_one_model_is_ridge_with_the_leave_one_out_penalty(void **state)
{
	enum { N = 60, K = 4 };
	float f[N * K], t[N], held[N], mean[K] = {0}, tmean = 0;
	double w[K], least = INFINITY, best = 0;
	struct corank c;
	struct err e = ERR_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 6, 0);
	for (size_t i = 0; i < N; i++) {
		for (size_t k = 0; k < K; k++)
			mean[k] += (f[i * K + k] = (float)rng_normal(&r)) / N;
		t[i] = f[i * K] - 0.5f * f[i * K + 1] + 2 * (float)rng_normal(&r);
		tmean += t[i] / N;
	}
	for (size_t i = 0; i < N * K; i++)
		f[i] -= mean[i % K];
	for (size_t i = 0; i < N; i++)
		t[i] -= tmean;
	assert_true(corank_fit(f, N, K, t, 1, NULL, &c, held, &e));
	naive_ridge(N, K, f, t, c.penalty, w);
	for (size_t k = 0; k < K; k++)
		assert_near(c.weights.v[k], w[k], 1e-5);
	/* The error of a question left out, by the hat matrix, at every penalty of the grid. */
	for (int l = 0; l < 26; l++) {
		double lambda = 1e-5 * pow(10, 0.25 * l), error = 0;

		naive_ridge(N, K, f, t, lambda, w);
		for (size_t i = 0; i < N; i++) {
			double fit = 0, lever = 1.0 / N, h[K];
			float x[N];

			for (size_t j = 0; j < N; j++)
				x[j] = j == i;
			naive_ridge(N, K, f, x, lambda, h); /* row i of the hat matrix */
			for (size_t k = 0; k < K; k++) {
				fit += (double)f[i * K + k] * w[k];
				lever += (double)f[i * K + k] * h[k];
			}
			error += pow(((double)t[i] - fit) / (1 - lever), 2);
		}
		if (error < least) {
			least = error;
			best = lambda;
		}
	}
	assert_near(c.penalty, best, 1e-9 * best);
	corank_clear(&c);
}

struct logistic {
	const float *y;
	size_t n;
};

static void logistic_residual(void *arg, float *z)
{
	const struct logistic *l = arg;

	for (size_t i = 0; i < l->n; i++)
		z[i] = l->y[i] - 1 / (1 + expf(-z[i]));
}

static void glm_ends_where_the_gradient_is_nothing(void **state)
{
	enum { N = 200, D = 3 };
	float x[N * D], y[N], z[N];
	struct mat w = mat_new(1, D + 1);
	struct logistic l = {y, N};
	const struct glm g = {.n = N,
	    .D = D,
	    .x = x,
	    .bound = 0.25,
	    .penalty = 0.01,
	    .steps = 200,
	    .residual = logistic_residual,
	    .arg = &l};
	double grad[D + 1] = {0};
	struct err e = ERR_INIT;
	struct rng r;

	(void)state;
	rng_init(&r, 7, 0);
	for (size_t i = 0; i < N; i++) {
		for (size_t d = 0; d < D; d++)
			x[i * D + d] = (float)rng_normal(&r);
		y[i] = rng_uniform(&r) < 1 / (1 + exp(-2 * (double)x[i * D] - 1));
	}
	assert_true(glm_fit(&g, NULL, &w, &e));
	glm_scores(&w, x, N, z);
	logistic_residual(&l, z);
	for (size_t i = 0; i < N; i++)
		for (size_t d = 0; d <= D; d++)
			grad[d] += (double)z[i] * (d < D ? (double)x[i * D + d] : 1) / N;
	for (size_t d = 0; d < D; d++)
		assert_near(grad[d] - 0.01 * (double)w.v[d], 0, 1e-5);
	assert_near(grad[D], 0, 1e-4);
	mat_free(&w);
}

#define STEP 4e-3

/* sum dz z with parameter i moved by `step`. */
static double slope_at(const struct net *net, float *theta, size_t i, double step, const float *x,
    size_t n, float *work, const float *dz)
{
	float *z = mem_floats(n * net->M), was = theta[i];
	double sum = 0;

	theta[i] = was + (float)step;
	net->forward(net, theta, x, n, work, z);
	theta[i] = was;
	for (size_t j = 0; j < n * net->M; j++)
		sum += (double)dz[j] * (double)z[j];
	mem_free(z);
	return sum;
}

static void the_gradients_of_networks_match_central_differences(void **state)
{
	enum { N = 5, M = 3, D = 6 };
	const struct net nets[] = {
	    net_mlp(M, D), net_2pl(M, D), net_je_irt(M, D), net_irtnet(M, D)};
	struct world *w = world_new(30, M, D, 0, 8);
	const struct fit in = {.d = &w->data};

	(void)state;
	for (size_t k = 0; k < sizeof(nets) / sizeof(*nets); k++) {
		const struct net *net = &nets[k];
		float *theta = mem_floats(net->n), *g = mem_floats(net->n);
		float *work = mem_floats(N * net->work), z[N * M], dz[N * M];
		struct rng r;

		memset(theta, 0, net->n * sizeof(*theta));
		rng_init(&r, 9, 0);
		net->start(net, &in, &r, theta);
		for (size_t i = 0; i < net->n; i++)
			theta[i] += 0.2f * (float)rng_normal(&r);
		for (size_t i = 0; i < N * M; i++)
			dz[i] = (float)rng_normal(&r);
		memset(g, 0, net->n * sizeof(*g));
		net->forward(net, theta, w->enc, N, work, z);
		net->back(net, theta, w->enc, N, work, dz, g);
		/* The loss is sum dz z, linear in z: its gradient is what `back` gives. Where a
		 * rectifier has its corner near, the two one-sided differences hold it between. */
		for (size_t tried = 0; tried < 60; tried++) {
			size_t i = (size_t)rng_below(&r, net->n);
			double at = slope_at(net, theta, i, 0, w->enc, N, work, dz);
			double up =
			    (slope_at(net, theta, i, STEP, w->enc, N, work, dz) - at) / STEP;
			double down =
			    (at - slope_at(net, theta, i, -STEP, w->enc, N, work, dz)) / STEP;

			assert_true((double)g[i] >= fmin(up, down) - 0.02 - 0.02 * fabs(up));
			assert_true((double)g[i] <= fmax(up, down) + 0.02 + 0.02 * fabs(up));
		}
		mem_free(theta);
		mem_free(g);
		mem_free(work);
	}
	world_free(w);
}

static void a_factorisation_repeats_the_logits(void **state)
{
	enum { N = 40, M = 7 };
	float z[N * M], back[N * M], q[N * M];
	struct rng r;
	struct mf m;

	(void)state;
	rng_init(&r, 10, 0);
	for (size_t i = 0; i < N * M; i++)
		z[i] = 2 * (float)rng_normal(&r);
	m = factorise(z, N, M);
	mf_logits(&m, z, N, back);
	for (size_t i = 0; i < N * M; i++)
		assert_near(back[i], z[i], 1e-3);
	mf_project(&m, z, N, q);
	for (size_t a = 0; a < m.dim; a++)
		for (size_t b = 0; b < m.dim; b++) {
			double second = 0;

			for (size_t i = 0; i < N; i++)
				second += (double)q[i * m.dim + a] * (double)q[i * m.dim + b] / N;
			assert_near(second, a == b, 1e-3);
		}
	mf_free(&m);
}

static void a_stack_finds_the_member_that_knows(void **state)
{
	enum { N = 2000, M = 2 };
	float *z[3], *y = mem_floats(N * M);
	struct sample s = {.n = N, .M = M, .y = y};
	double w[4];
	struct rng r;

	(void)state;
	rng_init(&r, 11, 0);
	for (int j = 0; j < 3; j++)
		z[j] = mem_floats(N * M);
	for (size_t i = 0; i < N * M; i++) {
		double truth = 2 * rng_normal(&r);

		z[0][i] = (float)truth;                         /* right */
		z[1][i] = (float)(2 * rng_normal(&r));          /* noise */
		z[2][i] = (float)(-truth + 2 * rng_normal(&r)); /* the wrong way round */
		y[i] = rng_uniform(&r) < 1 / (1 + exp(-truth));
	}
	stack_weights(3, (const float *const *)z, &s, w);
	assert_near(w[0], 1, 0.1);
	assert_near(w[1], 0, 0.05);
	assert_near(w[2], 0, 0);
	assert_near(w[3], 0, 0.1);
	for (int j = 0; j < 3; j++)
		mem_free(z[j]);
	mem_free(y);
}

static void calibration_is_left_alone_where_it_does_not_help(void **state)
{
	enum { N = 300, M = 4 };
	float *z = mem_floats(N * M), *wide = mem_floats(N * M), *y = mem_floats(N * M);
	struct calibration c;
	struct rng r;

	(void)state;
	rng_init(&r, 12, 0);
	for (size_t i = 0; i < N * M; i++) {
		double truth = rng_normal(&r);

		z[i] = (float)truth;
		wide[i] = (float)(2 * truth + 0.5);
		y[i] = rng_uniform(&r) < 1 / (1 + exp(-truth));
	}
	c = calibrate_if_better(N, M, z, y, NULL);
	assert_near(c.a, 1, 0);
	assert_near(c.b, 0, 0);
	c = calibrate_if_better(N, M, wide, y, NULL);
	assert_near(c.a, 0.5, 0.08);
	mem_free(z);
	mem_free(wide);
	mem_free(y);
}

static void kmeans_finds_planted_clusters(void **state)
{
	struct world *w = world_new(300, 1, 12, 0, 13);
	uint32_t *of = mem_array(w->Q, sizeof(*of));
	struct mat c = kmeans_fit(w->enc, w->Q, w->D, TOPICS, 2);
	size_t together = 0;

	(void)state;
	kmeans_assign(&c, w->enc, w->Q, of);
	for (size_t t = 0; t < TOPICS; t++) {
		size_t count[TOPICS] = {0}, most = 0;

		for (size_t q = 0; q < w->Q; q++)
			if (w->benchmark[q] == t)
				count[of[q]]++;
		for (size_t k = 0; k < TOPICS; k++)
			most = count[k] > most ? count[k] : most;
		together += most;
	}
	assert_true(together > w->Q * 9 / 10);
	mat_free(&c);
	mem_free(of);
	world_free(w);
}

static void landmark_features_multiply_to_the_kernel(void **state)
{
	struct world *w = world_new(40, 1, 5, 0, 14);
	struct err e = ERR_INIT;
	struct mat z, map;
	float *phi;

	(void)state;
	assert_true(landmarks_fit(w->enc, w->Q, w->D, 1, w->Q, w->Q, 1, &z, &map, &e));
	phi = mem_floats(w->Q * map.cols);
	landmarks_features(&z, &map, 1, w->enc, w->Q, phi);
	/* With every row a landmark the approximation is exact, but for what is dropped. */
	for (size_t i = 0; i < w->Q; i++)
		for (size_t j = 0; j < w->Q; j++) {
			double dot = 0, d2 = 0;

			for (size_t k = 0; k < map.cols; k++)
				dot +=
				    (double)phi[i * map.cols + k] * (double)phi[j * map.cols + k];
			for (size_t k = 0; k < w->D; k++)
				d2 += pow(
				    (double)w->enc[i * w->D + k] - (double)w->enc[j * w->D + k], 2);
			assert_near(dot, exp(-d2), 2e-3);
		}
	mem_free(phi);
	mat_free(&z);
	mat_free(&map);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_method_learns_what_is_planted_and_no_control_does),
	    cmocka_unit_test(a_stored_method_gives_the_same_logits),
	    cmocka_unit_test(a_search_says_what_it_chose),
	    cmocka_unit_test(corank_of_one_model_is_ridge_with_the_leave_one_out_penalty),
	    cmocka_unit_test(glm_ends_where_the_gradient_is_nothing),
	    cmocka_unit_test(the_gradients_of_networks_match_central_differences),
	    cmocka_unit_test(a_factorisation_repeats_the_logits),
	    cmocka_unit_test(a_stack_finds_the_member_that_knows),
	    cmocka_unit_test(calibration_is_left_alone_where_it_does_not_help),
	    cmocka_unit_test(kmeans_finds_planted_clusters),
	    cmocka_unit_test(landmark_features_multiply_to_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
