/* Learning: gradients by central differences, planted worlds, routing, intervals, ridges. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learn/baseline.h"
#include "learn/calibrate.h"
#include "learn/groups.h"
#include "learn/head.h"
#include "learn/interval.h"
#include "learn/metric.h"
#include "learn/mf.h"
#include "learn/ridge.h"
#include "learn/routing.h"
#include "learn/trainer.h"
#include "num/vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A planted world: labels drawn from a low-rank logistic model of random unit encodings. */
struct world {
	size_t Q, M, D;
	float *enc, *score, *truth; /* (Q, D), (Q, M), (Q, M) probabilities */
	uint8_t *part;
	uint32_t *benchmark;
	struct dataset data;
};

static struct world *world_new(
    size_t Q, size_t M, size_t D, size_t rank, double missing, uint64_t seed)
{
	struct world *w = mem_zero_array(1, sizeof(*w));
	double *p = mem_array(M * rank, sizeof(*p)), *a = mem_array(rank * D, sizeof(*a));
	struct rng r;

	rng_init(&r, seed, 0);
	*w = (struct world){.Q = Q, .M = M, .D = D};
	w->enc = mem_floats(Q * D);
	w->score = mem_floats(Q * M);
	w->truth = mem_floats(Q * M);
	w->part = mem_array(Q, 1);
	w->benchmark = mem_array(Q, sizeof(*w->benchmark));
	for (size_t i = 0; i < M * rank; i++)
		p[i] = rng_normal(&r);
	for (size_t i = 0; i < rank * D; i++)
		a[i] = 2 * rng_normal(&r);
	for (size_t q = 0; q < Q; q++) {
		float *e = w->enc + q * D;

		for (size_t d = 0; d < D; d++)
			e[d] = (float)rng_normal(&r);
		vec_normalise(D, e);
		w->part[q] = q % 10 < 7 ? PART_TRAIN : q % 10 < 8 ? PART_VAL : PART_TEST;
		w->benchmark[q] = (uint32_t)(q % 3);
		for (size_t m = 0; m < M; m++) {
			double z = 0.3;

			for (size_t k = 0; k < rank; k++) {
				double t = 0;

				for (size_t d = 0; d < D; d++)
					t += a[k * D + d] * (double)e[d];
				z += p[m * rank + k] * t;
			}
			w->truth[q * M + m] = (float)(1 / (1 + exp(-z)));
			w->score[q * M + m] = rng_uniform(&r) < missing
						  ? NAN
						  : rng_uniform(&r) < (double)w->truth[q * M + m];
		}
	}
	w->data = (struct dataset){.n_models = M,
	    .n_questions = Q,
	    .n_benchmarks = 3,
	    .dims = D,
	    .score = w->score,
	    .enc = w->enc,
	    .part = w->part,
	    .benchmark = w->benchmark};
	mem_free(p);
	mem_free(a);
	return w;
}

static void world_free(struct world *w)
{
	mem_free(w->enc);
	mem_free(w->score);
	mem_free(w->truth);
	mem_free(w->part);
	mem_free(w->benchmark);
	mem_free(w);
}

/* Mean log-loss in double precision, straight from the formula. */
static double naive_loss(
    const struct mf *m, const float *x, const float *y, const float *w, size_t n)
{
	double loss = 0, weight = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m->models; j++) {
			double z = (double)m->b[0], yy = (double)y[i * m->models + j];
			double ww = w ? (double)w[i * m->models + j] : 1;

			if (isnan(yy))
				continue;
			for (size_t k = 0; k < m->dim; k++) {
				double q = (double)m->a0[k];

				for (size_t d = 0; d < m->features; d++)
					q += (double)m->a[k * m->features + d] *
					     (double)x[i * m->features + d];
				z += (double)m->p[j * m->dim + k] * (double)m->w[k] * q;
			}
			loss += ww * (log1p(exp(-fabs(z))) + fmax(z, 0) - yy * z);
			weight += ww;
		}
	return loss / weight;
}

TEST(gradient_matches_central_differences)
{
	struct world *w = world_new(9, 5, 7, 2, 0.2, 3);
	struct mf m = mf_new(5, 4, 7), g = mf_new(5, 4, 7);
	struct mf_work work = mf_work_new(&m, 9);
	struct vec_loss sum = {0};
	float weight[45];
	struct rng r;

	rng_init(&r, 1, 0);
	mf_init_paper(&m, &r);
	for (size_t i = 0; i < 45; i++)
		weight[i] = (float)(1 + i % 3);
	mf_gradient(&m, w->enc, w->score, weight, 9, &work, &g, &sum);
	assert_near(sum.loss / sum.weight, naive_loss(&m, w->enc, w->score, weight, 9), 1e-6);
	for (size_t i = 0; i < m.n; i++) {
		const float h = 1e-2f;
		float was = m.block[i];
		double up, down;

		m.block[i] = was + h;
		up = naive_loss(&m, w->enc, w->score, weight, 9);
		m.block[i] = was - h;
		down = naive_loss(&m, w->enc, w->score, weight, 9);
		m.block[i] = was;
		/* float32 gradient; the third derivative times h^2 */
		assert_near(g.block[i], (up - down) / (2 * (double)h), 2e-5);
	}
	mf_work_free(&work);
	mf_free(&m);
	mf_free(&g);
	world_free(w);
}

TEST(canonical_form_keeps_logits_and_whitens_questions)
{
	enum { Q = 300, M = 6, D = 12, K = 9 };
	struct world *w = world_new(Q, M, D, 2, 0, 4);
	struct mf m = mf_new(M, K, D);
	float *before = mem_floats(Q * M), *after = mem_floats(Q * M), *q;
	struct rng r;

	rng_init(&r, 2, 0);
	mf_init_paper(&m, &r);
	mf_logits(&m, w->enc, Q, before);
	mf_canonical(&m, w->enc, Q);
	assert_true(m.dim <= M);
	mf_logits(&m, w->enc, Q, after);
	for (size_t i = 0; i < Q * M; i++)
		assert_near(after[i], before[i], 1e-4);
	q = mem_floats(Q * m.dim);
	mf_project(&m, w->enc, Q, q);
	for (size_t a = 0; a < m.dim; a++)
		for (size_t b = 0; b < m.dim; b++) {
			double s = 0;

			for (size_t i = 0; i < Q; i++)
				s += (double)q[i * m.dim + a] * (double)q[i * m.dim + b] / Q;
			assert_near(s, a == b, 1e-3);
		}
	for (size_t k = 1; k < m.dim; k++) {
		double one = 0, two = 0;

		for (size_t i = 0; i < M; i++) {
			one += pow((double)m.p[i * m.dim + k - 1], 2);
			two += pow((double)m.p[i * m.dim + k], 2);
		}
		assert_true(one >= two * (1 - 1e-5));
	}
	mem_free(before);
	mem_free(after);
	mem_free(q);
	mf_free(&m);
	world_free(w);
}

static struct trainer *train(const struct world *w, const struct trainer_options *o, size_t epochs)
{
	struct err e = ERR_INIT;
	struct trainer *t = trainer_new(&w->data, o, &e);
	struct epoch at;
	bool done = false;

	assert_non_null(t);
	for (size_t i = 0; i < epochs && !done; i++)
		assert_true(trainer_step(t, NULL, &at, &done, &e));
	return t;
}

TEST(planted_world_is_recovered)
{
	struct world *w = world_new(3000, 20, 16, 3, 0.1, 5);
	struct trainer_options o;
	struct trainer *t;
	uint32_t *test;
	size_t n;
	float *z = mem_floats(w->Q * w->M), *p, *best, *y;
	double got[METRIC_COUNT], planted[METRIC_COUNT];
	struct metric_rows r;

	trainer_options_default(&o);
	o.dim = 8;
	t = train(w, &o, 100);
	mf_logits(trainer_model(t), w->enc, w->Q, z);
	vec_sigmoid(w->Q * w->M, z, z);
	test = dataset_part(&w->data, PART_TEST, &n);
	p = mem_floats(n * w->M);
	best = mem_floats(n * w->M);
	y = mem_floats(n * w->M);
	for (size_t i = 0; i < n; i++) {
		memcpy(p + i * w->M, z + test[i] * w->M, w->M * sizeof(float));
		memcpy(best + i * w->M, w->truth + test[i] * w->M, w->M * sizeof(float));
		memcpy(y + i * w->M, w->score + test[i] * w->M, w->M * sizeof(float));
	}
	r = metric_rows_new(n, w->M, p, y, NULL, NULL);
	metric_compute(&r, got);
	metric_rows_free(&r);
	r = metric_rows_new(n, w->M, best, y, NULL, NULL);
	metric_compute(&r, planted);
	metric_rows_free(&r);
	assert_true(planted[METRIC_AUC] > 0.7);
	assert_true(got[METRIC_AUC] > planted[METRIC_AUC] - 0.02);
	assert_true(got[METRIC_LOG_LOSS] < planted[METRIC_LOG_LOSS] + 0.02);
	trainer_free(t);
	mem_free(test);
	mem_free(z);
	mem_free(p);
	mem_free(best);
	mem_free(y);
	world_free(w);
}

TEST(resume_is_bit_identical)
{
	struct world *w = world_new(400, 7, 10, 2, 0.1, 6);
	struct trainer_options o;
	struct trainer *whole, *first, *second;
	struct epoch at;
	struct buf b = BUF_INIT, end = BUF_INIT, again = BUF_INIT;
	struct err e = ERR_INIT;
	bool done = false;

	trainer_options_default(&o);
	o.dim = 6;
	o.patience = 0;
	whole = train(w, &o, 9);
	first = train(w, &o, 4);
	assert_true(trainer_save(first, &b));
	second = trainer_new(&w->data, &o, &e);
	assert_false(trainer_restore(second, b.s, b.len - 1, &e));
	assert_true(trainer_restore(second, b.s, b.len, &e));
	assert_false(trainer_done(second));
	for (int i = 0; i < 5; i++)
		assert_true(trainer_step(second, NULL, &at, &done, &e));
	assert_int_equal(at.epoch, 9);
	assert_memory_equal(trainer_model(whole)->block, trainer_model(second)->block,
	    trainer_model(whole)->n * sizeof(float));
	/* All but the clock, which is the last of the head, equal to the bit. */
	assert_true(trainer_save(whole, &end));
	assert_true(trainer_save(second, &again));
	assert_int_equal(end.len, again.len);
	assert_memory_equal(end.s + 128, again.s + 128, end.len - 128);
	/* Restored after its last epoch there is nothing left to do. */
	o.epochs = 9;
	trainer_free(first);
	first = trainer_new(&w->data, &o, &e);
	assert_true(trainer_restore(first, end.s, end.len, &e));
	assert_true(trainer_done(first));
	buf_clear(&b);
	buf_clear(&end);
	buf_clear(&again);
	trainer_free(whole);
	trainer_free(first);
	trainer_free(second);
	world_free(w);
}

TEST(training_refuses_what_it_cannot_learn_from)
{
	struct world *w = world_new(40, 3, 5, 1, 0, 7);
	struct trainer_options o;
	struct err e = ERR_INIT;

	trainer_options_default(&o);
	assert_true(trainer_options_check(&o, &e));
	o.lr = 0;
	assert_false(trainer_options_check(&o, &e));
	assert_string_equal(e.msg, "lr must be above 0 and at most 1");
	trainer_options_default(&o);
	memset(w->part, PART_TEST, w->Q);
	assert_null(trainer_new(&w->data, &o, &e));
	assert_non_null(strstr(e.msg, "no label"));
	w->data.enc = NULL;
	assert_null(trainer_new(&w->data, &o, &e));
	assert_non_null(strstr(e.msg, "not encoded"));
	world_free(w);
}

TEST(routing_of_a_table_worked_by_hand)
{
	/* Two training and three test questions, three models; model 2 lacks the last label. */
	float score[15] = {1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 1, NAN};
	float p[9] = {.2f, .9f, .3f, .4f, .6f, .1f, .3f, .5f, .99f};
	uint8_t part[5] = {PART_TRAIN, PART_TRAIN, PART_TEST, PART_TEST, PART_TEST};
	uint32_t benchmark[5] = {0, 0, 0, 0, 0}, test[3] = {2, 3, 4};
	struct dataset d = {.n_models = 3,
	    .n_questions = 5,
	    .n_benchmarks = 1,
	    .score = score,
	    .part = part,
	    .benchmark = benchmark};
	struct baseline rates = baseline_fit(&d);
	struct routing_outcomes o = routing_play(&d, test, 3, p, &rates);
	double got[ROUTING_COUNT];

	routing_compute(&o, NULL, got);
	assert_int_equal(o.best_single, 0);
	assert_int_equal(o.best_single_hindsight, 1);
	assert_near(got[ROUTING_ROUTED], 2.0 / 3, 1e-6);      /* 1, 0, 1 */
	assert_near(got[ROUTING_BEST_SINGLE], 1.0 / 3, 1e-6); /* 0, 1, 0 */
	assert_near(got[ROUTING_BEST_SINGLE_HINDSIGHT], 2.0 / 3, 1e-6);
	assert_near(got[ROUTING_ORACLE], 1, 1e-6);
	assert_near(got[ROUTING_RANDOM], (2.0 / 3 + 1.0 / 3 + 0.5) / 3, 1e-6);
	assert_near(got[ROUTING_GAP_RECOVERED], 0.5, 1e-6);
	routing_outcomes_free(&o);
	baseline_free(&rates);
}

TEST(rates_never_reach_the_ends)
{
	float score[6] = {1, 0, 1, 0, 1, 0};
	uint8_t part[3] = {PART_TRAIN, PART_TRAIN, PART_TEST};
	uint32_t benchmark[3] = {0, 1, 0};
	struct dataset d = {.n_models = 2,
	    .n_questions = 3,
	    .n_benchmarks = 2,
	    .score = score,
	    .part = part,
	    .benchmark = benchmark};
	struct baseline r = baseline_fit(&d);

	assert_near(r.global, 0.5, 1e-12);
	assert_near(r.model[0], (2 + 4 * 0.5) / 6, 1e-12);
	assert_near(r.model[1], (0 + 4 * 0.5) / 6, 1e-12);
	for (size_t c = 0; c < 4; c++)
		assert_true(r.cell[c] > 0 && r.cell[c] < 1);
	assert_true(r.ability[0] > r.ability[1]);
	baseline_free(&r);
}

TEST(calibration_finds_a_planted_map)
{
	enum { N = 60000 };
	float *z = mem_floats(N), *y = mem_floats(N);
	struct calibration c, draws[64];
	double sum = 0, square = 0;
	struct rng r;

	rng_init(&r, 10, 0);
	for (size_t i = 0; i < N; i++) {
		z[i] = (float)(2 * rng_normal(&r));
		y[i] = rng_uniform(&r) < 1 / (1 + exp(-(0.6 * (double)z[i] - 0.4)));
	}
	c = calibrate_fit(N, z, y, NULL);
	assert_near(c.a, 0.6, 0.03);
	assert_near(c.b, -0.4, 0.04);
	calibrate_bootstrap(&c, N / 4, 4, z, y, NULL, 1, 64, draws);
	for (size_t b = 0; b < 64; b++) {
		sum += draws[b].b / 64;
		square += draws[b].b * draws[b].b / 64;
	}
	/* The standard error of b, about 1 / sqrt(N * mean p (1 - p)), within what 64 draws show. */
	assert_near(sqrt(square - sum * sum), 1 / sqrt(N * 0.18), 0.004);
	for (size_t i = 0; i < N; i++)
		y[i] = 1; /* one class: nothing to fit */
	c = calibrate_fit(N, z, y, NULL);
	assert_true(isfinite(c.a) && isfinite(c.b) && c.a > 0);
	c = calibrate_fit(0, z, y, NULL);
	assert_near(c.a, 1, 1e-9);
	mem_free(z);
	mem_free(y);
}

TEST(intervals_hold_in_a_planted_world)
{
	struct world *w = world_new(4000, 12, 10, 2, 0, 11);
	struct trainer_options o;
	struct trainer *t;
	struct calibration c, draws[32];
	struct interval v;
	struct mat heads = {0};
	struct err e = ERR_INIT;
	struct mf m = mf_new(12, 6, 10);
	size_t nv, nt, M = w->M;
	uint32_t *val = dataset_part(&w->data, PART_VAL, &nv),
		 *test = dataset_part(&w->data, PART_TEST, &nt);
	float *z = mem_floats(w->Q * M), *q, *sd = mem_floats(w->Q * M);
	float *zv = mem_floats(nv * M), *pv = mem_floats(nv * M), *sv = mem_floats(nv * M),
	      *yv = mem_floats(nv * M), *pt = mem_floats(nt * M), *st = mem_floats(nt * M),
	      *yt = mem_floats(nt * M);
	double covered;

	trainer_options_default(&o);
	o.dim = 6;
	t = train(w, &o, 60);
	memcpy(m.block, trainer_model(t)->block, m.n * sizeof(float));
	mf_canonical(&m, w->enc, w->Q);
	mf_logits(&m, w->enc, w->Q, z);
	for (size_t i = 0; i < nv; i++) {
		memcpy(zv + i * M, z + val[i] * M, M * sizeof(float));
		memcpy(yv + i * M, w->score + val[i] * M, M * sizeof(float));
	}
	c = calibrate_fit(nv * M, zv, yv, NULL);
	calibrate_bootstrap(&c, nv, M, zv, yv, NULL, 1, 32, draws);
	assert_true(head_bootstrap(&w->data, &m, 32, 1, NULL, &heads, &e));
	q = mem_floats(w->Q * m.dim);
	mf_project(&m, w->enc, w->Q, q);
	head_spread(&heads, draws, m.b[0], M, q, w->Q, sd);
	for (size_t i = 0; i < w->Q * M; i++)
		z[i] = (float)(1 / (1 + exp(-(c.a * (double)z[i] + c.b))));
	for (size_t i = 0; i < nv; i++) {
		memcpy(pv + i * M, z + val[i] * M, M * sizeof(float));
		memcpy(sv + i * M, sd + val[i] * M, M * sizeof(float));
	}
	for (size_t i = 0; i < nt; i++) {
		memcpy(pt + i * M, z + test[i] * M, M * sizeof(float));
		memcpy(st + i * M, sd + test[i] * M, M * sizeof(float));
		memcpy(yt + i * M, w->score + test[i] * M, M * sizeof(float));
	}
	v = interval_fit((double)nt / 10, nv, M, pv, sv, yv);
	assert_true(v.scale >= 1 && v.scale < 2);
	covered = interval_coverage(&v, nt, M, pt, st, yt);
	assert_true(covered > 0.83 && covered <= 1); /* 120 cells: .90 less 2.5 standard errors */
	v.scale = 0.2;
	assert_true(interval_coverage(&v, nt, M, pt, st, yt) < 0.5);
	mat_free(&heads);
	mf_free(&m);
	trainer_free(t);
	mem_free(val);
	mem_free(test);
	mem_free(z);
	mem_free(q);
	mem_free(sd);
	mem_free(zv);
	mem_free(pv);
	mem_free(sv);
	mem_free(yv);
	mem_free(pt);
	mem_free(st);
	mem_free(yt);
	world_free(w);
}

/* Two models at +-p on one direction that every question has alike, each at its fit: a refit's head
 * is a logistic intercept with a normal prior of precision 1 / p^2. */
static void check_one_step_spread(double p)
{
	enum { Q = 2000, DRAWS = 400 };
	struct world *w = world_new(Q, 2, 1, 1, 0, 12);
	struct mf m = mf_new(2, 1, 1);
	struct mat heads = {0};
	struct err e = ERR_INIT;
	double pi = 1 / (1 + exp(-p)), right = round(Q * pi), h = Q * pi * (1 - pi), sd;

	for (size_t i = 0; i < Q; i++) {
		w->score[2 * i] = (double)i < right ? 1.0f : 0.0f;
		w->score[2 * i + 1] = 1 - w->score[2 * i];
	}
	memset(w->part, PART_TRAIN, Q);
	m.w[0] = 1;
	m.a0[0] = 1;
	m.p[0] = (float)p;
	m.p[1] = (float)-p;
	assert_true(head_bootstrap(&w->data, &m, DRAWS, 3, NULL, &heads, &e));
	assert_int_equal(heads.rows, DRAWS * 2);
	sd = sqrt(h) / (h + 1 / (p * p));
	for (size_t i = 0; i < 2; i++) {
		double sum = 0, square = 0;

		for (size_t b = 0; b < DRAWS; b++) {
			double step = (double)heads.v[b * 2 + i] - (double)m.p[i];

			sum += step / DRAWS;
			square += step * step / DRAWS;
		}
		/* 4 standard errors of a mean and of a standard deviation of so many draws */
		assert_near(sum, 0, 4 * sd / sqrt(DRAWS));
		assert_near(sqrt(square - sum * sum), sd, 4 * sd / sqrt(2 * DRAWS));
	}
	mat_free(&heads);
	mf_free(&m);
	world_free(w);
}

TEST(one_step_heads_spread_as_refits_do)
{
	check_one_step_spread(1);    /* the prior hardly counts beside 2000 answers */
	check_one_step_spread(0.05); /* it counts for nearly half */
}

/* Gaussian elimination of the k by k system a z = b, without pivoting: a is positive definite. */
static void naive_solve(size_t k, double *a, double *b)
{
	for (size_t p = 0; p < k; p++)
		for (size_t i = p + 1; i < k; i++) {
			double f = a[i * k + p] / a[p * k + p];

			for (size_t j = p; j < k; j++)
				a[i * k + j] -= f * a[p * k + j];
			b[i] -= f * b[p];
		}
	for (size_t i = k; i--;) {
		for (size_t j = i + 1; j < k; j++)
			b[i] -= a[i * k + j] * b[j];
		b[i] /= a[i * k + i];
	}
}

/* The forecast for row `at` from the rows that are not in its fold: the normal equations of
 * (beta, intercept), of which the intercept is not penalised. */
static double naive_ridge(size_t n, size_t k, const double *x, const double *y, const size_t *fold,
    double lambda, size_t at)
{
	double a[12 * 12] = {0}, b[12] = {0}, row[12], out;
	size_t m = k + 1, rows = 0;

	for (size_t i = 0; i < n; i++) {
		if (fold[i] == fold[at])
			continue;
		rows++;
		memcpy(row, x + i * k, k * sizeof(*row));
		row[k] = 1;
		for (size_t s = 0; s < m; s++) {
			for (size_t t = 0; t < m; t++)
				a[s * m + t] += row[s] * row[t];
			b[s] += row[s] * y[i];
		}
	}
	for (size_t s = 0; s < k; s++)
		a[s * m + s] += lambda * (double)rows;
	naive_solve(m, a, b);
	out = b[k];
	for (size_t s = 0; s < k; s++)
		out += b[s] * x[at * k + s];
	return out;
}

TEST(ridge_solves_the_normal_equations)
{
	enum { N = 30, K = 4 };
	double x[N * K], y[N], forecast[N], mean[N], chosen[5];
	const double lambdas[] = {1e-4, 1e-2, 1, 100};
	size_t fold[N];
	struct rng r;

	rng_init(&r, 13, 0);
	for (size_t i = 0; i < N; i++) {
		y[i] = 3;
		for (size_t k = 0; k < K; k++) {
			x[i * K + k] = rng_normal(&r);
			y[i] += (double)(k + 1) * x[i * K + k];
		}
		fold[i] = i % 5;
	}
	ridge_forecast(N, K, x, y, fold, 5, &lambdas[2], 1, forecast, mean, chosen);
	for (size_t i = 0; i < N; i++)
		assert_near(forecast[i], naive_ridge(N, K, x, y, fold, 1, i), 1e-9);
	ridge_forecast(N, K, x, y, fold, 5, lambdas, 4, forecast, mean, chosen);
	for (size_t i = 0; i < N; i++)
		assert_near(forecast[i], y[i], 0.02); /* no noise: held-out forecasts are exact */
	for (size_t f = 0; f < 5; f++)
		assert_near(chosen[f], 1e-4, 0);
}

/* More parameters than rows: the dual system. */
TEST(ridge_of_few_rows_solves_them_too)
{
	enum { N = 7, K = 11 };
	double x[N * K], y[N], forecast[N], mean[N], chosen[3], lambda = .1;
	size_t fold[N];
	struct rng r;

	rng_init(&r, 14, 0);
	for (size_t i = 0; i < N * K; i++)
		x[i] = rng_normal(&r);
	for (size_t i = 0; i < N; i++) {
		y[i] = rng_normal(&r);
		fold[i] = i % 3;
	}
	ridge_forecast(N, K, x, y, fold, 3, &lambda, 1, forecast, mean, chosen);
	for (size_t i = 0; i < N; i++)
		assert_near(forecast[i], naive_ridge(N, K, x, y, fold, lambda, i), 1e-9);
}

/* Four points on a line, 0 1 5 6: pairs {0, 1} and {2, 3} lie together, {0, 2} does not. */
static void groups_of_a_line_worked_by_hand(void **state)
{
	static const double at[] = {0, 1, 5, 6};
	static const uint32_t together[] = {0, 1}, apart[] = {0, 2};
	double d[16];
	struct group g;

	(void)state;
	for (size_t i = 0; i < 16; i++)
		d[i] = fabs(at[i / 4] - at[i % 4]);
	g = group_judge(4, d, together, 2, 3000, 1);
	assert_float_equal(g.within, 1, 1e-12);
	assert_float_equal(g.between, 5, 1e-12);
	assert_true(fabs(g.p - 1 / 3.) < .03); /* two of the six pairs are as close */
	g = group_judge(4, d, apart, 2, 3000, 1);
	assert_float_equal(g.within, 5, 1e-12);
	assert_float_equal(g.between, (1 + 6 + 4 + 1) / 4., 1e-12);
	assert_true(fabs(g.p - 5 / 6.) < .03);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gradient_matches_central_differences),
	    cmocka_unit_test(canonical_form_keeps_logits_and_whitens_questions),
	    cmocka_unit_test(planted_world_is_recovered),
	    cmocka_unit_test(resume_is_bit_identical),
	    cmocka_unit_test(training_refuses_what_it_cannot_learn_from),
	    cmocka_unit_test(routing_of_a_table_worked_by_hand),
	    cmocka_unit_test(rates_never_reach_the_ends),
	    cmocka_unit_test(calibration_finds_a_planted_map),
	    cmocka_unit_test(intervals_hold_in_a_planted_world),
	    cmocka_unit_test(one_step_heads_spread_as_refits_do),
	    cmocka_unit_test(groups_of_a_line_worked_by_hand),
	    cmocka_unit_test(ridge_solves_the_normal_equations),
	    cmocka_unit_test(ridge_of_few_rows_solves_them_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
