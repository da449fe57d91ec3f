#include "learn/few.h"

#include "base/mem.h"
#include "base/share.h"
#include "learn/few_ridge.h"

#include <math.h>
#include <string.h>

#define Z95 1.959964
#define DISAGREE 3.5 /* standard errors, more than the factors err by inside and outside of pools */
#define OUTSIDE .03  /* by how much the factors are off where they extrapolate */
#define RANDOM_MIN 16   /* random answers whose mean error says anything */
#define LEVERAGE_MAX .8 /* an answer's pull on its own forecast */
#define CHECKED 24      /* models of the pool that the factors are checked on */

const char *const few_name[FEW_COUNT] = {"mean", "ridge", "aipw", "1pl", "factors", "default"};

struct few_answers few_answers_new(const float *y, size_t N, const uint32_t *order, size_t n)
{
	struct few_answers a = {.question = mem_array(N + 1, sizeof(*a.question)),
	    .y = mem_floats(N + 1),
	    .random = mem_zero_array(N + 1, sizeof(*a.random))};
	bool *first = mem_zero_array(N + 1, sizeof(*first));

	for (size_t i = 0; i < n && y[order[i]] == y[order[i]]; i++)
		first[order[i]] = true;
	for (size_t j = 0; j < N; j++)
		if (y[j] == y[j]) {
			a.question[a.n] = (uint32_t)j;
			a.random[a.n] = first[j];
			a.y[a.n++] = y[j];
		}
	mem_free(first);
	return a;
}

void few_answers_free(struct few_answers *a)
{
	mem_free(a->question);
	mem_free(a->y);
	mem_free(a->random);
	*a = (struct few_answers){0};
}

/* One estimate at work. */
struct work {
	const struct few_world *w;
	const struct few_answers *a;
	bool *rest; /* (N) asked for and without an answer */
	double n_rest, n_all;
	double *theta, *cov, *p; /* of the factor model: (K), (K, K), (N) */
};

static struct few_figure normal(double v, double sd)
{
	return (struct few_figure){v, fmax(0, v - Z95 * sd), fmin(1, v + Z95 * sd)};
}

/* The share of right answers where the rest has the mean `rest`. */
static double whole(const struct work *t, double rest)
{
	double right = rest * t->n_rest;

	for (size_t i = 0; i < t->a->n; i++)
		right += t->w->of[t->a->question[i]] ? (double)t->a->y[i] : 0;
	return right / t->n_all;
}

static struct few_figure by_mean(const struct work *t)
{
	struct few_figure v = {NAN, NAN, NAN};
	double right = 0, n = 0, finite;

	for (size_t i = 0; i < t->a->n; i++)
		if (t->a->random[i]) {
			right += (double)t->a->y[i];
			n++;
		}
	if (n == 0)
		return v;
	v.value = right / n;
	if (n >= t->n_all)
		return normal(v.value, 0);
	finite = (t->n_all - 1) / (t->n_all - n);
	share_interval(right * finite, n * finite, &v.low, &v.high);
	return v;
}

/* A pool's answer, or what its factors say where it has none. */
static double pool_answer(const struct few_world *w, size_t question, size_t model)
{
	const struct factor *f = w->factor;
	const double *x = f->side.x + question * f->side.K, *theta = f->theta + model * f->side.K;
	float y = w->pool->y[question * w->pool->M + model];
	double z = f->side.offset[question];

	if (y == y)
		return (double)y;
	for (size_t k = 0; k < f->side.K; k++)
		z += x[k] * theta[k];
	return 1 / (1 + exp(-z));
}

static struct few_figure by_ridge(const struct work *t)
{
	const struct few_answers *a = t->a;
	size_t M = t->w->pool->M;
	double *x = mem_array(a->n * M, sizeof(*x)), *y = mem_array(a->n, sizeof(*y));
	double *rest = mem_zero_array(M, sizeof(*rest)), error, v;

	for (size_t i = 0; i < a->n; i++) {
		y[i] = (double)a->y[i];
		for (size_t m = 0; m < M; m++)
			x[i * M + m] = pool_answer(t->w, a->question[i], m);
	}
	for (size_t j = 0; j < t->w->pool->N; j++)
		for (size_t m = 0; m < M && t->rest[j]; m++)
			rest[m] += pool_answer(t->w, j, m) / t->n_rest;
	v = few_ridge(a->n, M, x, rest, y, &error);
	mem_free(x);
	mem_free(y);
	mem_free(rest);
	return normal(whole(t, v), error * t->n_rest / t->n_all);
}

/* The mean forecast of the questions in `of` (N) and its variance; p (N), unless NULL, gets the
 * forecast of every question. */
struct mean {
	double value, variance;
};
static struct mean mean_forecast(
    const struct factor *f, const bool *of, const double *theta, const double *cov, double *p)
{
	size_t K = f->side.K, n = 0;
	double *g = mem_zero_array(K, sizeof(*g)), sum = 0, noise = 0;

	for (size_t j = 0; j < f->side.N; j++) {
		double v;

		if (!of[j] && !p)
			continue;
		v = place_forecast(&f->side, j, theta, cov, NULL);
		if (p)
			p[j] = v;
		if (!of[j])
			continue;
		n++;
		sum += v;
		noise += v * (1 - v);
		for (size_t k = 0; k < K; k++)
			g[k] += v * (1 - v) * f->side.x[j * K + k];
	}
	noise += place_form(K, g, cov, g);
	mem_free(g);
	return n ? (struct mean){sum / (double)n, noise / (double)(n * n)} : (struct mean){0, 0};
}

static struct few_figure by_rasch(const struct work *t)
{
	const struct factor *f = t->w->rasch;
	double theta, cov;
	struct mean m;

	if (!f)
		return (struct few_figure){NAN, NAN, NAN};
	place_model(&f->side, &f->prior, t->a->n, t->a->question, t->a->y, &theta, &cov);
	m = mean_forecast(f, t->rest, &theta, &cov, NULL);
	return normal(whole(t, m.value), sqrt(m.variance) * t->n_rest / t->n_all);
}

/* The squared error of the factors about one of the pool's models, placed by its answers to the same
 * questions, in units of what they expect; NaN where it has none. */
static double check(const struct work *t, size_t model, bool *of, uint32_t *question, float *y,
    double *theta, double *cov)
{
	const struct pool *pool = t->w->pool;
	const struct factor *f = t->w->factor;
	double truth = 0, seen = 0;
	struct mean m;
	size_t n = 0;

	for (size_t i = 0; i < t->a->n; i++) {
		float v = pool->y[t->a->question[i] * pool->M + model];

		question[n] = t->a->question[i];
		y[n] = v;
		n += v == v;
	}
	for (size_t j = 0; j < pool->N; j++) {
		float v = pool->y[j * pool->M + model];

		of[j] = t->rest[j] && v == v;
		truth += of[j] ? (double)v : 0;
		seen += of[j];
	}
	if (seen == 0)
		return NAN;
	place_model(&f->side, &f->prior, n, question, y, theta, cov);
	m = mean_forecast(f, of, theta, cov, NULL);
	return (truth / seen - m.value) * (truth / seen - m.value) / m.variance;
}

/* By how much errors exceed what the factors say, on the pool's own models; at least 1. */
static double stretch(const struct work *t)
{
	size_t M = t->w->pool->M, K = t->w->factor->side.K, step = (M + CHECKED - 1) / CHECKED;
	double *theta = mem_array(K, sizeof(*theta)), *cov = mem_array(K * K, sizeof(*cov));
	uint32_t *question = mem_array(t->a->n + 1, sizeof(*question));
	bool *of = mem_array(t->w->pool->N, sizeof(*of));
	float *y = mem_floats(t->a->n + 1);
	double squares = 0, n = 0;

	for (size_t m = 0; m < M; m += step) {
		double square = check(t, m, of, question, y, theta, cov);

		if (isnan(square))
			continue;
		squares += square;
		n++;
	}
	mem_free(theta);
	mem_free(cov);
	mem_free(question);
	mem_free(of);
	mem_free(y);
	return n > 0 ? fmax(1, sqrt(squares / n)) : 1;
}

static struct few_figure by_factors(const struct work *t)
{
	const struct factor *f = t->w->factor;
	struct mean m;

	place_model(&f->side, &f->prior, t->a->n, t->a->question, t->a->y, t->theta, t->cov);
	m = mean_forecast(f, t->rest, t->theta, t->cov, t->p);
	return normal(whole(t, m.value), sqrt(m.variance) * stretch(t) * t->n_rest / t->n_all);
}

/* An answer's error is taken as if the vector had been fitted without it. */
static struct few_figure by_aipw(const struct work *t, double factors)
{
	const struct place_side *side = &t->w->factor->side;
	const struct few_answers *a = t->a;
	double n = 0, sum = 0, squares = 0, rest = t->n_rest / t->n_all, variance;

	for (size_t i = 0; i < a->n; i++) {
		size_t j = a->question[i];
		const double *x = side->x + j * side->K;
		double p = t->p[j], pull = p * (1 - p) * place_form(side->K, x, t->cov, x);
		double error = ((double)a->y[i] - p) / (1 - fmin(pull, LEVERAGE_MAX));

		if (!a->random[i])
			continue;
		n++;
		sum += error;
		squares += error * error;
	}
	if (n < 2)
		return (struct few_figure){NAN, NAN, NAN};
	variance = (squares / n + 1 / (4 * n)) / n; /* of so few, none may have been wrong */
	return normal(fmax(0, fmin(1, factors + sum / n * rest)), sqrt(variance) * rest);
}

static double half(const struct few_figure *v)
{
	return (v->high - v->low) / 2;
}

/* Whether the accuracy is beyond that of every model of the pool on the same questions. */
static bool is_beyond(const struct work *t, double accuracy)
{
	const struct pool *pool = t->w->pool;
	double low = 1, high = 0;

	for (size_t m = 0; m < pool->M; m++) {
		double right = 0;

		for (size_t j = 0; j < pool->N; j++)
			right += t->w->of[j] ? pool_answer(t->w, j, m) : 0;
		low = fmin(low, right / t->n_all);
		high = fmax(high, right / t->n_all);
	}
	return accuracy < low || accuracy > high;
}

/* The default. Beyond the pool the factors extrapolate: they may be off by OUTSIDE, and are corrected
 * by the random answers' mean error as far as that is surer. */
static void decide(const struct work *t, struct few *out)
{
	const struct few_figure *f = &out->v[FEW_FACTORS], *aipw = &out->v[FEW_AIPW];
	double factors = half(f) / Z95, random = half(aipw) / Z95, far = aipw->value - f->value;
	double share = 0;
	size_t n = 0;

	for (size_t i = 0; i < t->a->n; i++)
		n += t->a->random[i];
	out->outside = is_beyond(t, f->value);
	out->disagree = n >= RANDOM_MIN && fabs(far) > DISAGREE * hypot(factors, random);
	out->v[FEW_DEFAULT] = *f;
	if (!(random > 0))
		return;
	if (out->disagree)
		share = 1;
	else if (out->outside)
		share = OUTSIDE * OUTSIDE / (OUTSIDE * OUTSIDE + random * random);
	out->v[FEW_DEFAULT] =
	    normal(f->value + share * far, sqrt(factors * factors + share * random * random));
	out->outside = out->outside || out->disagree;
}

static struct work work_new(const struct few_world *w, const struct few_answers *a)
{
	size_t N = w->pool->N, K = w->factor->side.K;
	struct work t = {.w = w, .a = a, .rest = mem_array(N, sizeof(bool))};

	for (size_t j = 0; j < N; j++) {
		t.rest[j] = w->of[j];
		t.n_all += w->of[j];
	}
	for (size_t i = 0; i < a->n; i++)
		t.rest[a->question[i]] = false;
	for (size_t j = 0; j < N; j++)
		t.n_rest += t.rest[j];
	t.theta = mem_array(K, sizeof(double));
	t.cov = mem_array(K * K, sizeof(double));
	t.p = mem_array(N, sizeof(double));
	return t;
}

void few_estimate(const struct few_world *w, const struct few_answers *a, struct few *out)
{
	struct work t = work_new(w, a);
	struct few_figure *v = out->v;

	v[FEW_MEAN] = by_mean(&t);
	if (t.n_rest > 0) {
		v[FEW_RIDGE] = by_ridge(&t);
		v[FEW_RASCH] = by_rasch(&t);
		v[FEW_FACTORS] = by_factors(&t);
		v[FEW_AIPW] = by_aipw(&t, v[FEW_FACTORS].value);
	} else {
		for (int k = FEW_MEAN; k < FEW_DEFAULT; k++)
			v[k] = normal(whole(&t, 0), 0);
	}
	decide(&t, out);
	mem_free(t.rest);
	mem_free(t.theta);
	mem_free(t.cov);
	mem_free(t.p);
}
