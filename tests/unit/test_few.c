/* Few answers: placing by central differences, choosing by brute force, leaving models out by hand, a
 * planted world. */
#include "test.h"

#include "help.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "learn/choose.h"
#include "learn/few.h"
#include "learn/few_ridge.h"
#include "learn/place.h"
#include "learn/simulate.h"

#include <math.h>
#include <string.h>

#define DIM 3
#define ITEMS 40

/* A question side, a prior and answers, all drawn. */
struct problem {
	double x[ITEMS * DIM], offset[ITEMS], mean[DIM], precision[DIM * DIM];
	float y[ITEMS];
	uint32_t question[ITEMS];
	struct place_side side;
	struct place_prior prior;
};

static void draw(struct problem *t, uint64_t seed)
{
	struct rng r;

	rng_init(&r, seed, 0);
	memset(t->precision, 0, sizeof(t->precision));
	for (size_t i = 0; i < ITEMS * DIM; i++)
		t->x[i] = rng_normal(&r);
	for (size_t i = 0; i < ITEMS; i++) {
		t->offset[i] = rng_normal(&r);
		t->y[i] = rng_uniform(&r) < .6;
		t->question[i] = (uint32_t)i;
	}
	for (size_t k = 0; k < DIM; k++) {
		t->mean[k] = .3 * rng_normal(&r);
		t->precision[k * DIM + k] = 1 + (double)k;
	}
	t->precision[1] = t->precision[DIM] = .4;
	t->side = (struct place_side){ITEMS, DIM, t->x, t->offset};
	t->prior = (struct place_prior){DIM, t->mean, t->precision};
}

static double objective(const struct problem *t, size_t n, const double *theta)
{
	double sum = 0;

	for (size_t k = 0; k < DIM; k++)
		for (size_t l = 0; l < DIM; l++)
			sum += .5 * t->precision[k * DIM + l] * (theta[k] - t->mean[k]) *
			       (theta[l] - t->mean[l]);
	for (size_t i = 0; i < n; i++) {
		double z = t->offset[i];

		for (size_t k = 0; k < DIM; k++)
			z += t->x[i * DIM + k] * theta[k];
		sum += t->y[i] > 0 ? log(1 + exp(-z)) : log(1 + exp(z));
	}
	return sum;
}

/* The derivative of the objective along axes k and l, by central differences. */
static double second(const struct problem *t, size_t n, const double *at, size_t k, size_t l)
{
	double h = 1e-4, sum = 0;

	for (int a = -1; a <= 1; a += 2)
		for (int b = -1; b <= 1; b += 2) {
			double theta[DIM];

			memcpy(theta, at, sizeof(theta));
			theta[k] += a * h;
			theta[l] += b * h;
			sum += a * b * objective(t, n, theta);
		}
	return sum / (4 * h * h);
}

static void a_place_is_the_optimum_and_its_curvature(void **state)
{
	struct problem t;
	double theta[DIM], cov[DIM * DIM], again[DIM];

	(void)state;
	draw(&t, 1);
	place_model(&t.side, &t.prior, ITEMS, t.question, t.y, theta, cov);
	for (size_t k = 0; k < DIM; k++) {
		double up[DIM], down[DIM], h = 1e-5;

		memcpy(up, theta, sizeof(up));
		memcpy(down, theta, sizeof(down));
		up[k] += h;
		down[k] -= h;
		assert_near(
		    (objective(&t, ITEMS, up) - objective(&t, ITEMS, down)) / (2 * h), 0, 1e-6);
		/* cov times the curvature is the identity. */
		for (size_t l = 0; l < DIM; l++) {
			double sum = 0;

			for (size_t i = 0; i < DIM; i++)
				sum += cov[k * DIM + i] * second(&t, ITEMS, theta, i, l);
			assert_near(sum, k == l, 1e-5);
		}
	}
	place_model(&t.side, &t.prior, ITEMS, t.question, t.y, again, NULL);
	assert_memory_equal(theta, again, sizeof(theta));
}

static void without_answers_a_place_is_the_prior(void **state)
{
	struct problem t;
	double theta[DIM], cov[DIM * DIM], back[DIM * DIM];

	(void)state;
	draw(&t, 2);
	place_model(&t.side, &t.prior, 0, t.question, t.y, theta, cov);
	assert_memory_equal(theta, t.mean, sizeof(theta));
	memcpy(back, cov, sizeof(back));
	assert_true(place_invert(DIM, back));
	for (size_t i = 0; i < DIM * DIM; i++)
		assert_near(back[i], t.precision[i], 1e-9);
}

/* What the chosen questions leave: the inverse of cov^-1 + sum w x x'. */
static void posterior(
    const struct problem *t, const double *cov, const double *w, const bool *taken, double *out)
{
	memcpy(out, cov, DIM * DIM * sizeof(*out));
	assert_true(place_invert(DIM, out));
	for (size_t j = 0; j < ITEMS; j++)
		for (size_t k = 0; k < DIM; k++)
			for (size_t l = 0; l < DIM && taken[j]; l++)
				out[k * DIM + l] += w[j] * t->x[j * DIM + k] * t->x[j * DIM + l];
	assert_true(place_invert(DIM, out));
}

static double determinant(const double *a)
{
	return a[0] * (a[4] * a[8] - a[5] * a[7]) - a[1] * (a[3] * a[8] - a[5] * a[6]) +
	       a[2] * (a[3] * a[7] - a[4] * a[6]);
}

/* The four questions that a chooser takes are those that brute force finds, one by one. */
static void check_choices(enum chooser by)
{
	struct problem t;
	double theta[DIM], cov[DIM * DIM], w[ITEMS], g[DIM] = {0}, left[DIM * DIM];
	bool open[ITEMS], taken[ITEMS] = {false};
	uint32_t order[ITEMS];
	struct choice got[4];

	draw(&t, 3);
	place_model(&t.side, &t.prior, 5, t.question, t.y, theta, cov);
	for (size_t j = 0; j < ITEMS; j++) {
		double p = place_forecast(&t.side, j, theta, cov, NULL);

		open[j] = true;
		order[j] = (uint32_t)j;
		w[j] = p * (1 - p);
		for (size_t k = 0; k < DIM; k++)
			g[k] += w[j] * t.x[j * DIM + k];
	}
	assert_int_equal(choose_next(by, &t.side, theta, cov, order, ITEMS, 0, open, 4, got), 4);
	for (size_t i = 0; i < 4; i++) {
		size_t best = ITEMS;
		double least = INFINITY;

		for (size_t j = 0; j < ITEMS; j++) {
			double v;

			if (taken[j])
				continue;
			taken[j] = true;
			posterior(&t, cov, w, taken, left);
			v = by == CHOOSE_PROFILE ? determinant(left) : place_form(DIM, g, left, g);
			taken[j] = false;
			if (v < least) {
				least = v;
				best = j;
			}
		}
		taken[best] = true;
		assert_int_equal(got[i].question, best);
		assert_false(got[i].random);
		assert_false(open[best]);
	}
}

static void choosers_take_what_brute_force_finds(void **state)
{
	(void)state;
	check_choices(CHOOSE_ACCURACY);
	check_choices(CHOOSE_PROFILE);
}

static void every_fifth_question_is_random(void **state)
{
	struct problem t;
	double theta[DIM], cov[DIM * DIM];
	uint32_t order[ITEMS];
	bool open[ITEMS];
	struct choice got[ITEMS];
	size_t random = 0;

	(void)state;
	draw(&t, 4);
	place_model(&t.side, &t.prior, 0, t.question, t.y, theta, cov);
	for (size_t j = 0; j < ITEMS; j++) {
		open[j] = j != 7; /* one that was answered */
		order[j] = (uint32_t)(ITEMS - 1 - j);
	}
	assert_int_equal(
	    choose_next(CHOOSE_ACCURACY, &t.side, theta, cov, order, ITEMS, 1, open, ITEMS, got),
	    ITEMS - 1);
	for (size_t i = 0; i < ITEMS - 1; i++) {
		assert_int_not_equal(got[i].question, 7);
		random += got[i].random;
	}
	assert_int_equal(random, ITEMS / 5);
	assert_true(got[3].random && got[3].question == ITEMS - 1);
}

/* ---- ridge ---- */

#define MODELS 6

/* Ridge of column `of` (or y) on the other columns of x, centred, by Gauss elimination: the forecast
 * of its mean over the rest. */
static double naive(
    size_t n, const double *x, const double *rest, const double *y, size_t leave, double alpha)
{
	double a[MODELS][MODELS + 1] = {{0}}, mean[MODELS] = {0}, ybar = 0, out;
	size_t use[MODELS], m = 0;

	for (size_t k = 0; k < MODELS; k++)
		if (k != leave)
			use[m++] = k;
	for (size_t i = 0; i < n; i++) {
		ybar += y[i] / (double)n;
		for (size_t k = 0; k < m; k++)
			mean[k] += x[i * MODELS + use[k]] / (double)n;
	}
	for (size_t k = 0; k < m; k++) {
		for (size_t i = 0; i < n; i++) {
			double v = x[i * MODELS + use[k]] - mean[k];

			for (size_t l = 0; l < m; l++)
				a[k][l] += v * (x[i * MODELS + use[l]] - mean[l]);
			a[k][m] += v * (y[i] - ybar);
		}
		a[k][k] += alpha;
	}
	for (size_t k = 0; k < m; k++)
		for (size_t i = 0; i < m; i++) {
			double f = a[i][k] / a[k][k];

			for (size_t l = 0; l <= m && i != k; l++)
				a[i][l] -= f * a[k][l];
		}
	out = ybar;
	for (size_t k = 0; k < m; k++)
		out += a[k][m] / a[k][k] * (rest[use[k]] - mean[k]);
	return out;
}

static void check_ridge(size_t n)
{
	static const double alphas[] = {.3, 1, 3, 10, 30, 100};
	double x[16 * MODELS], copy[16 * MODELS], rest[MODELS], y[16], column[16], error;
	double best = INFINITY, wants = 0;
	struct rng r;

	rng_init(&r, n, 0);
	for (size_t i = 0; i < n; i++) {
		double ease = rng_uniform(&r);

		for (size_t m = 0; m < MODELS; m++)
			x[i * MODELS + m] = rng_uniform(&r) < ease;
		y[i] = rng_uniform(&r) < ease;
	}
	for (size_t m = 0; m < MODELS; m++)
		rest[m] = .3 + .1 * rng_uniform(&r);
	for (size_t t = 0; t < 6; t++) {
		double squares = 0;

		for (size_t m = 0; m < MODELS; m++) {
			double v;

			for (size_t i = 0; i < n; i++)
				column[i] = x[i * MODELS + m];
			v = naive(n, x, rest, column, m, alphas[t]) - rest[m];
			squares += v * v / MODELS;
		}
		if (squares < best) {
			best = squares;
			wants = naive(n, x, rest, y, MODELS, alphas[t]);
		}
	}
	memcpy(copy, x, sizeof(copy));
	assert_near(few_ridge(n, MODELS, copy, rest, y, &error), fmax(0, fmin(1, wants)), 1e-9);
	assert_near(error, sqrt(best), 1e-9);
}

static void ridge_leaves_every_model_out_in_turn(void **state)
{
	(void)state;
	check_ridge(4);  /* fewer questions than models */
	check_ridge(16); /* more */
}

/* ---- a planted world: one ability, one skill, three benchmarks ---- */

#define ASKED 400
#define POOL 40

struct world {
	float y[ASKED * POOL];
	uint32_t benchmark[ASKED];
	double skill[ASKED], ease[ASKED];
	struct pool pool;
};

static double chance(const struct world *w, size_t q, double ability, double skill)
{
	return 1 / (1 + exp(-(w->ease[q] + ability + skill * w->skill[q])));
}

static struct world *world_new(uint64_t seed)
{
	struct world *w = mem_zero_array(1, sizeof(*w));
	double ability[POOL], skill[POOL];
	struct rng r;

	rng_init(&r, seed, 0);
	for (size_t m = 0; m < POOL; m++) {
		ability[m] = rng_normal(&r);
		skill[m] = rng_normal(&r);
	}
	for (size_t q = 0; q < ASKED; q++) {
		w->benchmark[q] = (uint32_t)(q % 3);
		w->ease[q] = 1.5 * rng_normal(&r);
		w->skill[q] = rng_normal(&r);
		for (size_t m = 0; m < POOL; m++)
			w->y[q * POOL + m] = rng_uniform(&r) < chance(w, q, ability[m], skill[m]);
	}
	w->pool = (struct pool){POOL, ASKED, 3, w->y, w->benchmark};
	return w;
}

static void a_planted_model_is_found_by_few_answers(void **state)
{
	struct world *w = world_new(5);
	struct factor f, rasch;
	struct err e = ERR_INIT;
	bool of[ASKED];
	uint32_t order[ASKED];
	double error = 0, by_mean = 0, held = 0, n = 0;
	struct rng r;

	(void)state;
	assert_true(factor_fit(&w->pool, FACTOR_AUTO, NULL, &f, &e));
	assert_true(factor_fit(&w->pool, 0, NULL, &rasch, &e));
	assert_int_equal(rasch.side.K, 1);
	rng_init(&r, 6, 0);
	for (size_t q = 0; q < ASKED; q++) {
		of[q] = true;
		order[q] = (uint32_t)q;
	}
	for (int t = 0; t < 40; t++) {
		struct few_world world = {&w->pool, &f, &rasch, of};
		double ability = rng_normal(&r), skill = rng_normal(&r), truth = 0;
		float all[ASKED], y[ASKED];
		struct few_answers a;
		struct few few;

		rng_shuffle(&r, order, ASKED);
		for (size_t q = 0; q < ASKED; q++) {
			all[q] = rng_uniform(&r) < chance(w, q, ability, skill);
			truth += (double)all[q] / ASKED;
			y[q] = NAN;
		}
		for (size_t i = 0; i < 40; i++)
			y[order[i]] = all[order[i]];
		a = few_answers_new(y, ASKED, order, ASKED);
		assert_int_equal(a.n, 40);
		few_estimate(&world, &a, &few);
		for (size_t i = 0; i < a.n; i++)
			assert_true(a.random[i]);
		error += fabs(few.v[FEW_FACTORS].value - truth);
		by_mean += fabs(few.v[FEW_MEAN].value - truth);
		held += truth >= few.v[FEW_FACTORS].low && truth <= few.v[FEW_FACTORS].high;
		n++;
		few_answers_free(&a);
	}
	/* Three quarters of the variance between answers is the questions' ease. */
	assert_true(error < .8 * by_mean);
	assert_true(held / n >= .85);
	factor_free(&f);
	factor_free(&rasch);
	mem_free(w);
}

static void with_every_answer_nothing_is_estimated(void **state)
{
	struct world *w = world_new(7);
	struct factor f;
	struct err e = ERR_INIT;
	bool of[ASKED];
	uint32_t order[ASKED];
	float y[ASKED];
	double right = 0;
	struct few few;

	(void)state;
	assert_true(factor_fit(&w->pool, 2, NULL, &f, &e));
	for (size_t q = 0; q < ASKED; q++) {
		of[q] = true;
		order[q] = (uint32_t)q;
		y[q] = q % 3 == 0;
		right += (double)y[q];
	}
	{
		struct few_world world = {&w->pool, &f, NULL, of};
		struct few_answers a = few_answers_new(y, ASKED, order, ASKED);

		few_estimate(&world, &a, &few);
		few_answers_free(&a);
	}
	for (int k = 0; k < FEW_COUNT; k++) {
		assert_near(few.v[k].value, right / ASKED, 1e-12);
		assert_near(few.v[k].high - few.v[k].low, 0, 1e-12);
	}
	factor_free(&f);
	mem_free(w);
}

static bool stop(void *arg, const struct tick *t)
{
	(void)arg;
	(void)t;
	return false;
}

static void a_simulation_repeats_and_stops_when_asked(void **state)
{
	struct world *w = world_new(8);
	struct simulate_options o = {.folds = 4, .repeats = 1, .seed = 3};
	struct simulated *a = mem_array(1, sizeof(*a)), *b = mem_array(1, sizeof(*b));
	const struct simulate_cell *mine, *mean;
	struct progress stopping = {stop, NULL};
	struct err e = ERR_INIT;
	struct pool few = w->pool;

	(void)state;
	assert_true(simulate(&w->pool, &o, NULL, a, &e));
	assert_true(simulate(&w->pool, &o, NULL, b, &e));
	assert_memory_equal(a, b, sizeof(*a));
	assert_int_equal(a->models, POOL);
	mine = &a->cell[SIMULATE_INSIDE][CHOOSE_ACCURACY][FEW_DEFAULT][2];
	mean = &a->cell[SIMULATE_INSIDE][CHOOSE_RANDOM][FEW_MEAN][2];
	assert_near(mine->n, POOL, 0);
	assert_near(a->cell[SIMULATE_STRONGER][CHOOSE_ACCURACY][FEW_DEFAULT][2].n, 12, 0);
	assert_near(a->cell[SIMULATE_INSIDE][CHOOSE_RANDOM][FEW_MEAN][6].n, 0, 0);
	assert_true(mine->absolute < .7 * mean->absolute);
	assert_false(simulate(&w->pool, &o, &stopping, b, &e));
	assert_int_equal(e.kind, ERR_CANCELLED);
	err_clear(&e);
	few.M = 5; /* of a table that is read as one of five models */
	assert_false(simulate(&few, &o, NULL, b, &e));
	assert_int_equal(e.kind, ERR_DATA);
	err_clear(&e);
	mem_free(a);
	mem_free(b);
	mem_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_place_is_the_optimum_and_its_curvature),
	    cmocka_unit_test(without_answers_a_place_is_the_prior),
	    cmocka_unit_test(choosers_take_what_brute_force_finds),
	    cmocka_unit_test(every_fifth_question_is_random),
	    cmocka_unit_test(ridge_leaves_every_model_out_in_turn),
	    cmocka_unit_test(a_planted_model_is_found_by_few_answers),
	    cmocka_unit_test(with_every_answer_nothing_is_estimated),
	    cmocka_unit_test(a_simulation_repeats_and_stops_when_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
