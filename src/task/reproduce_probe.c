/* Benchmarks and contribution: from vectors that saw all benchmarks but one, or one alone, to the
 * models' accuracies. */
#include "task/reproduce_work.h"

#include "base/mem.h"
#include "base/rng.h"
#include "learn/ridge.h"
#include "num/stats.h"
#include "task/probe.h"
#include "task/refit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FOLDS 5 /* of the models: 80 % and 20 % */
#define SIGNIFICANT .05
#define MIN_QUESTIONS 20 /* of a benchmark that vectors are learned from alone */

/* Vectors and accuracies of the models that have both. */
struct regression {
	size_t n, K;
	double *x, *y; /* (n, K), (n) */
	double *forecast, *mean;
	size_t *fold;
	double square; /* mean square length of x's rows */
};

/* Accuracy of a model on a benchmark, NaN where it has none. */
static double accuracy(const struct atlas *a, size_t model, size_t benchmark)
{
	size_t at = model * a->catalog.n_benchmarks + benchmark;

	return a->trained.in_run[model] && a->catalog.seen[at] > 0
		   ? a->catalog.right[at] / a->catalog.seen[at]
		   : NAN;
}

static size_t n_models(const struct atlas *a, size_t benchmark)
{
	size_t n = 0;

	for (size_t m = 0; m < a->data.n_models; m++)
		n += isnan(accuracy(a, m, benchmark)) ? 0 : 1;
	return n;
}

static struct regression regression_new(const struct atlas *a, const struct mf *m, size_t benchmark)
{
	struct regression r = {.K = m->dim};
	size_t M = a->data.n_models;

	r.x = mem_array(M * r.K + 1, sizeof(*r.x));
	r.y = mem_array(M + 1, sizeof(*r.y));
	r.forecast = mem_array(M + 1, sizeof(*r.forecast));
	r.mean = mem_array(M + 1, sizeof(*r.mean));
	r.fold = mem_array(M + 1, sizeof(*r.fold));
	for (size_t i = 0; i < M; i++) {
		double truth = accuracy(a, i, benchmark);

		if (isnan(truth))
			continue;
		for (size_t k = 0; k < r.K; k++) {
			double v = (double)m->p[i * r.K + k];

			r.x[r.n * r.K + k] = v;
			r.square += v * v;
		}
		r.y[r.n++] = truth;
	}
	r.square = r.n && r.square > 0 ? r.square / (double)r.n : 1;
	return r;
}

static void regression_free(struct regression *r)
{
	mem_free(r->x);
	mem_free(r->y);
	mem_free(r->forecast);
	mem_free(r->mean);
	mem_free(r->fold);
}

/* Every model forecast by the four fifths it is not in, fifths drawn anew by `draw`. */
static void regress(struct regression *r, uint64_t seed, uint64_t draw)
{
	static const double relative[] = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1};
	double grid[sizeof(relative) / sizeof(*relative)], chosen[FOLDS];
	size_t n_grid = sizeof(relative) / sizeof(*relative);
	uint32_t *order = mem_array(r->n + 1, sizeof(*order));
	struct rng g;

	for (size_t i = 0; i < r->n; i++)
		order[i] = (uint32_t)i;
	rng_init(&g, seed, draw);
	rng_shuffle(&g, order, r->n);
	for (size_t i = 0; i < r->n; i++)
		r->fold[order[i]] = i % FOLDS;
	for (size_t k = 0; k < n_grid; k++)
		grid[k] = relative[k] * r->square;
	ridge_forecast(
	    r->n, r->K, r->x, r->y, r->fold, FOLDS, grid, n_grid, r->forecast, r->mean, chosen);
	for (size_t i = 0; i < r->n; i++)
		r->forecast[i] = fmin(fmax(r->forecast[i], 0), 1); /* an accuracy */
	mem_free(order);
}

/* Vectors of a fit on the benchmark's training questions alone, or on all others. */
static bool vectors(const struct reproduction *w, size_t benchmark, bool alone,
    const struct progress *p, struct mf *out, struct err *e)
{
	struct dataset d = w->a->data;
	uint8_t *part = mem_array(d.n_questions + 1, 1);
	bool ok;

	for (size_t q = 0; q < d.n_questions; q++)
		part[q] = (d.benchmark[q] == benchmark) == alone ? d.part[q] : PART_NONE;
	d.part = part;
	ok = refit_vectors(w->a, &d, p, out, e);
	mem_free(part);
	return ok;
}

/* One benchmark forecast from all others */

/* Two-sided p of Kendall's tau of n pairs by its normal approximation. */
static double kendall_p(size_t n, double tau)
{
	double k = (double)n, z = 3 * tau * sqrt(k * (k - 1)) / sqrt(2 * (2 * k + 5));

	return erfc(fabs(z) / sqrt(2));
}

/* The held-out fifth of one split. */
struct held {
	double tau, p, rmse, base_rmse;
};

static struct held held_out(const struct regression *r, size_t fold)
{
	double *x = mem_array(r->n + 1, sizeof(*x)), *y = mem_array(r->n + 1, sizeof(*y));
	struct held h = {0};
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->fold[i] != fold)
			continue;
		h.rmse += (r->y[i] - r->forecast[i]) * (r->y[i] - r->forecast[i]);
		h.base_rmse += (r->y[i] - r->mean[i]) * (r->y[i] - r->mean[i]);
		x[n] = r->forecast[i];
		y[n++] = r->y[i];
	}
	h.tau = stats_kendall(n, x, y);
	h.p = kendall_p(n, h.tau);
	h.rmse = sqrt(h.rmse / (double)n);
	h.base_rmse = sqrt(h.base_rmse / (double)n);
	mem_free(x);
	mem_free(y);
	return h;
}

/* What the splits of one benchmark come to. */
struct loo {
	struct figure tau, rmse; /* median and where 95 % of the splits lie */
	double base_rmse;        /* median */
	double p;                /* median of the splits' p */
	double significant;      /* share of the splits with p < 5 % */
};
#define LOO_NUMBERS (sizeof(struct loo) / sizeof(double))

static struct figure spread(double *v, size_t n)
{
	stats_sort(n, v);
	return (struct figure){
	    stats_quantile(n, v, .5), stats_quantile(n, v, .025), stats_quantile(n, v, .975)};
}

static struct loo judge_splits(struct regression *r, const struct reproduce_options *o)
{
	size_t n = o->splits;
	double *tau = mem_array(n + 1, sizeof(*tau)), *p = mem_array(n + 1, sizeof(*p));
	double *rmse = mem_array(n + 1, sizeof(*rmse)), *base = mem_array(n + 1, sizeof(*base));
	struct loo l = {0};

	for (size_t i = 0; i < n; i++) {
		struct held h;

		if (i % FOLDS == 0)
			regress(r, o->seed, i / FOLDS);
		h = held_out(r, i % FOLDS);
		tau[i] = isnan(h.tau) ? 0 : h.tau; /* all forecasts alike: no rank at all */
		p[i] = isnan(h.p) ? 1 : h.p;
		rmse[i] = h.rmse;
		base[i] = h.base_rmse;
		l.significant += (p[i] < SIGNIFICANT) / (double)n;
	}
	l.tau = spread(tau, n);
	l.rmse = spread(rmse, n);
	l.base_rmse = spread(base, n).value;
	l.p = spread(p, n).value;
	mem_free(tau);
	mem_free(p);
	mem_free(rmse);
	mem_free(base);
	return l;
}

static bool leave_out(struct reproduction *w, size_t benchmark, const struct progress *p,
    struct loo *out, struct err *e)
{
	struct regression r;
	double v[LOO_NUMBERS];
	char what[64];
	struct mf m;

	snprintf(what, sizeof(what), "without benchmark %zu", benchmark);
	if (reproduce_kept(w, what, v, LOO_NUMBERS)) {
		memcpy(out, v, sizeof(*out));
		return true;
	}
	if (!vectors(w, benchmark, false, p, &m, e))
		return false;
	r = regression_new(w->a, &m, benchmark);
	*out = judge_splits(&r, w->o);
	regression_free(&r);
	mf_free(&m);
	memcpy(v, out, sizeof(v));
	reproduce_keep(w, what, v, LOO_NUMBERS);
	return true;
}

static void add_loo(struct reproduction *w, const char *name, const struct loo *l)
{
	struct reproduce_row *row = reproduce_add(w, EXPERIMENT_BENCHMARKS, name, "tau");

	row->figure = l->tau;
	row = reproduce_add(w, EXPERIMENT_BENCHMARKS, name, "p of tau, median");
	row->figure.value = l->p;
	row = reproduce_add(w, EXPERIMENT_BENCHMARKS, name, "splits with a significant tau");
	row->figure.value = l->significant;
	row = reproduce_add(w, EXPERIMENT_BENCHMARKS, name, "RMSE");
	row->figure = l->rmse;
	row->base = l->base_rmse;
}

bool reproduce_benchmarks(struct reproduction *w, struct err *e)
{
	const struct catalog *c = &w->a->catalog;
	struct reproduce_step s = {.w = w,
	    .phase = "leaving benchmarks out",
	    .unit = "benchmarks",
	    .total = c->n_benchmarks};
	struct reproduce_row *row;
	double significant = 0, of = 0;

	for (; s.done < c->n_benchmarks; s.done++) {
		struct loo l;

		if (c->n_benchmarks < 2 || n_models(w->a, s.done) < PROBE_MIN_MODELS)
			continue;
		if (!reproduce_step(&s, e) || !leave_out(w, s.done, &s.progress, &l, e))
			return false;
		add_loo(w, c->benchmarks[s.done].name, &l);
		significant += l.p < SIGNIFICANT;
		of++;
	}
	row = reproduce_add(w, EXPERIMENT_BENCHMARKS, "all", "benchmarks with a significant tau");
	row->figure.value = of > 0 ? significant : NAN;
	row = reproduce_add(w, EXPERIMENT_BENCHMARKS, "all", "benchmarks with enough models");
	row->figure.value = of;
	return true;
}

/* One benchmark forecast from another */

static bool can_teach(const struct atlas *a, size_t benchmark)
{
	size_t train = 0, val = 0, with_val = 0;

	for (size_t q = 0; q < a->data.n_questions; q++) {
		bool of = a->data.benchmark[q] == benchmark;

		train += of && a->data.part[q] == PART_TRAIN;
		val += of && a->data.part[q] == PART_VAL;
		with_val += a->data.part[q] == PART_VAL;
	}
	return train >= MIN_QUESTIONS && (val || !with_val);
}

/* Summed squared error (2 * n_benchmarks): of the forecast and of the mean, from vectors that saw
 * `teacher` alone. */
static bool teach(
    struct reproduction *w, size_t teacher, const struct progress *p, double *error, struct err *e)
{
	size_t B = w->a->catalog.n_benchmarks;
	struct mf m;
	char what[64];

	snprintf(what, sizeof(what), "benchmark %zu alone", teacher);
	if (reproduce_kept(w, what, error, 2 * B))
		return true;
	if (!vectors(w, teacher, true, p, &m, e))
		return false;
	for (size_t b = 0; b < B; b++) {
		struct regression r = regression_new(w->a, &m, b);

		error[2 * b] = error[2 * b + 1] = r.n < PROBE_MIN_MODELS ? NAN : 0;
		if (r.n >= PROBE_MIN_MODELS)
			regress(&r, w->o->seed, 0);
		for (size_t i = 0; r.n >= PROBE_MIN_MODELS && i < r.n; i++) {
			double f = r.y[i] - r.forecast[i], mean = r.y[i] - r.mean[i];

			error[2 * b] += f * f;
			error[2 * b + 1] += mean * mean;
		}
		regression_free(&r);
	}
	mf_free(&m);
	reproduce_keep(w, what, error, 2 * B);
	return true;
}

bool reproduce_contribution(struct reproduction *w, struct err *e)
{
	const struct catalog *c = &w->a->catalog;
	double *error = mem_array(2 * c->n_benchmarks + 1, sizeof(*error));
	struct reproduce_step s = {.w = w,
	    .phase = "learning from one benchmark",
	    .unit = "benchmarks",
	    .total = c->n_benchmarks};
	bool ok = true;

	for (; s.done < c->n_benchmarks && ok; s.done++) {
		if (!can_teach(w->a, s.done))
			continue;
		ok = reproduce_step(&s, e) && teach(w, s.done, &s.progress, error, e);
		for (size_t b = 0; ok && b < c->n_benchmarks; b++) {
			struct reproduce_row *row;
			char name[256];

			if (b == s.done || isnan(error[2 * b]))
				continue;
			snprintf(name, sizeof(name), "%s to %s", c->benchmarks[s.done].name,
			    c->benchmarks[b].name);
			row = reproduce_add(w, EXPERIMENT_CONTRIBUTION, name, "squared error");
			row->figure.value = error[2 * b];
			row->base = error[2 * b + 1];
		}
	}
	mem_free(error);
	return ok;
}
