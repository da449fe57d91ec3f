/* Every strategy is played question by question; figures are means over these, and a resample is
 * other means: of all strategies at once, as a product of matrices. */
#include "task/cost.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "learn/cost_curve.h"
#include "learn/metric.h"
#include "num/blas.h"
#include "task/forecasts.h"
#include "task/model_name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 64 /* resamples at a time */

/* The questions of a part, and what each strategy gets and pays there. */
struct play {
	const struct atlas *a;
	struct forecasts j;
	float *cost; /* (n, M) dollars, NaN = no candidate */
	size_t P;    /* strategies */
	/* (n, 3 P): whether it has an answer, the label then, the cost then */
	float *outcome;
};

void cost_options_default(struct cost_options *o)
{
	*o = (struct cost_options){.part = PART_TEST, .bootstrap = 1000, .seed = 1};
	route_options_default(&o->route);
}

static double weight_of(size_t router)
{
	return (double)router / COST_STEPS;
}

/* Strategies: weights, models, oracle. */
enum { ROUTERS = COST_STEPS + 1 };

static void play_outcome(const struct play *g, size_t question, size_t strategy, size_t model)
{
	float *o = g->outcome + (question * g->P + strategy) * 3;
	size_t at = question * g->j.M + model;

	o[0] = 1;
	o[1] = g->j.y[at];
	o[2] = g->cost[at];
}

/* One question: candidates are the priced models that answered it. */
static void play_question(const struct play *g, size_t i)
{
	size_t M = g->j.M, right = SIZE_MAX;
	const float *y = g->j.y + i * M, *p = g->j.p + i * M, *cost = g->cost + i * M;
	double dearest = 0;

	for (size_t m = 0; m < M; m++) {
		if (isnan(y[m]) || isnan(cost[m]))
			continue;
		dearest = fmax(dearest, (double)cost[m]);
		play_outcome(g, i, ROUTERS + m, m);
		if (right == SIZE_MAX || y[m] > y[right] ||
		    (y[m] == y[right] && cost[m] < cost[right]))
			right = m;
	}
	if (right == SIZE_MAX)
		return;
	play_outcome(g, i, ROUTERS + M, right);
	for (size_t k = 0; k < ROUTERS; k++) {
		size_t best = SIZE_MAX;
		double top = -INFINITY;

		for (size_t m = 0; m < M; m++) {
			double utility;

			if (isnan(y[m]) || isnan(cost[m]))
				continue;
			utility =
			    route_utility((double)p[m], (double)cost[m], dearest, weight_of(k));
			if (utility > top) {
				top = utility;
				best = m;
			}
		}
		play_outcome(g, i, k, best);
	}
}

static struct play play_new(const struct atlas *a, enum part part, const struct route_options *o)
{
	struct play g = {.a = a};
	size_t n;
	uint32_t *question = dataset_part(&a->data, part, &n);

	g.j = forecasts_new(a, question, n);
	g.P = ROUTERS + g.j.M + 1;
	g.cost = mem_floats(n * g.j.M + 1);
	g.outcome = mem_floats(n * g.P * 3 + 1);
	memset(g.outcome, 0, n * g.P * 3 * sizeof(*g.outcome));
	for (size_t i = 0; i < n; i++) {
		for (size_t m = 0; m < g.j.M; m++)
			g.cost[i * g.j.M + m] =
			    o->pool && !o->pool[m]
				? NAN
				: (float)(route_cost(&a->catalog, m,
					      a->questions[g.j.question[i]].len, o) /
					  1000);
		play_question(&g, i);
	}
	return g;
}

static void play_free(struct play *g)
{
	forecasts_free(&g->j);
	mem_free(g->cost);
	mem_free(g->outcome);
}

/* Means of the strategies from their sums (3 P): quality and cost (P), NaN without an answer. */
static void means(const struct play *g, const float *sum, double *quality, double *cost)
{
	for (size_t k = 0; k < g->P; k++) {
		double n = (double)sum[3 * k];

		quality[k] = n > 0 ? (double)sum[3 * k + 1] / n : NAN;
		cost[k] = n > 0 ? (double)sum[3 * k + 2] / n : NAN;
	}
}

static void totals(const struct play *g, double *quality, double *cost, size_t *answered)
{
	double *sum = mem_zero_array(3 * g->P, sizeof(*sum));

	for (size_t i = 0; i < g->j.n; i++)
		for (size_t k = 0; k < 3 * g->P; k++)
			sum[k] += (double)g->outcome[i * 3 * g->P + k];
	for (size_t k = 0; k < g->P; k++) {
		answered[k] = (size_t)sum[3 * k];
		quality[k] = answered[k] ? sum[3 * k + 1] / sum[3 * k] : NAN;
		cost[k] = answered[k] ? sum[3 * k + 2] / sum[3 * k] : NAN;
	}
	mem_free(sum);
}

/* The curve's figures in one resample, or in the sample. */
enum { AIQ, AIQ_MIX, AIQ_ORACLE, AIQ_GAIN, AREA, CURVE_COUNT };

struct curves {
	double *quality, *gain, *over_mix; /* (P); the last is of routers alone */
	double height[CURVE_COUNT];
};

/* What stays when resampled: who is best on training data, and who would be mixed by it. */
struct fixed {
	size_t best; /* strategy */
	uint32_t *vertex;
	size_t n_vertices;
};

/* The router may always give everything to the cheapest model: then its weight is infinite. */
static void curves_of(
    const struct play *g, const struct fixed *f, const double *cost, struct curves *c)
{
	const double *quality = c->quality;
	size_t M = g->j.M, cheapest = SIZE_MAX;
	double *q = mem_array(g->P, sizeof(*q)), *x = mem_array(g->P, sizeof(*x));
	double oracle_q[2], oracle_x[2], low, high = 0;

	for (size_t m = 0; m < M; m++) {
		size_t k = ROUTERS + m;

		if (isnan(cost[k]))
			continue;
		high = fmax(high, cost[k]);
		if (cheapest == SIZE_MAX || cost[k] < cost[cheapest])
			cheapest = k;
	}
	low = cheapest == SIZE_MAX ? NAN : cost[cheapest];
	memcpy(q, quality, ROUTERS * sizeof(*q));
	memcpy(x, cost, ROUTERS * sizeof(*x));
	oracle_q[0] = q[ROUTERS] = cheapest == SIZE_MAX ? NAN : quality[cheapest];
	oracle_x[0] = x[ROUTERS] = low;
	oracle_q[1] = quality[ROUTERS + M];
	oracle_x[1] = cost[ROUTERS + M];
	c->height[AIQ] = cost_aiq(ROUTERS + 1, x, q, low, high);
	c->height[AREA] = cost_area(ROUTERS + 1, x, q, low, high);
	c->height[AIQ_ORACLE] = cost_aiq(2, oracle_x, oracle_q, low, high);
	for (size_t i = 0; i < f->n_vertices; i++) {
		q[i] = quality[f->vertex[i]];
		x[i] = cost[f->vertex[i]];
	}
	c->height[AIQ_MIX] = cost_aiq(f->n_vertices, x, q, low, high);
	c->height[AIQ_GAIN] = c->height[AIQ] - c->height[AIQ_MIX];
	for (size_t k = 0; k < g->P; k++)
		c->gain[k] = quality[k] - quality[f->best];
	for (size_t k = 0; k < ROUTERS; k++)
		c->over_mix[k] =
		    quality[k] - cost_hull_at(f->n_vertices, f->vertex, cost, quality, cost[k]);
	mem_free(q);
	mem_free(x);
}

/* Best on training data among the strategies that are models, and the hull of what they cost here
 * and reached there. */
static struct fixed fixed_new(const struct play *g, const double *cost)
{
	struct fixed f = {.best = SIZE_MAX};
	double *ability = mem_array(g->P, sizeof(*ability));

	for (size_t k = 0; k < g->P; k++)
		ability[k] = NAN;
	for (size_t m = 0; m < g->j.M; m++) {
		size_t k = ROUTERS + m;

		if (isnan(cost[k]) || isinf(g->a->ability[m]))
			continue;
		ability[k] = g->a->ability[m];
		if (f.best == SIZE_MAX || ability[k] > ability[f.best])
			f.best = k;
	}
	f.vertex = mem_array(g->P, sizeof(*f.vertex));
	f.n_vertices = cost_hull(g->P, cost, ability, f.vertex);
	mem_free(ability);
	return f;
}

/* The curves of every resample: arrays of (draws, P) and (draws, CURVE_COUNT). */
struct draws {
	size_t n;
	double *quality, *gain, *over_mix, *height;
};

static void draws_free(struct draws *d)
{
	mem_free(d->quality);
	mem_free(d->gain);
	mem_free(d->over_mix);
	mem_free(d->height);
}

static bool draws_new(const struct play *g, const struct fixed *f, const struct cost_options *o,
    const struct progress *p, struct draws *d, struct err *e)
{
	size_t n = g->j.n, P = g->P;
	uint16_t *counts = metric_resample(n, o->bootstrap, o->seed);
	float *count = mem_floats(BLOCK * n + 1), *sum = mem_floats(BLOCK * 3 * P);
	double *cost = mem_array(P, sizeof(*cost));
	bool ok = true;

	d->n = o->bootstrap;
	d->quality = mem_array(d->n * P + 1, sizeof(double));
	d->gain = mem_array(d->n * P + 1, sizeof(double));
	d->over_mix = mem_array(d->n * P + 1, sizeof(double));
	d->height = mem_array(d->n * CURVE_COUNT + 1, sizeof(double));
	for (size_t begin = 0; begin < d->n && ok; begin += BLOCK) {
		size_t k = d->n - begin < BLOCK ? d->n - begin : BLOCK;

		ok = progress_tick(p, "costs", (double)begin, (double)d->n, "resamples") ||
		     err_set(e, ERR_CANCELLED, "stopped while judging costs");
		for (size_t i = 0; i < k * n; i++)
			count[i] = counts[begin * n + i];
		blas_sgemm(
		    false, false, k, 3 * P, n, 1, count, n, g->outcome, 3 * P, 0, sum, 3 * P);
		for (size_t i = 0; i < k; i++) {
			struct curves c = {d->quality + (begin + i) * P, d->gain + (begin + i) * P,
			    d->over_mix + (begin + i) * P, {0}};

			means(g, sum + i * 3 * P, c.quality, cost);
			curves_of(g, f, cost, &c);
			memcpy(d->height + (begin + i) * CURVE_COUNT, c.height, sizeof(c.height));
		}
	}
	mem_free(counts);
	mem_free(count);
	mem_free(sum);
	mem_free(cost);
	return ok;
}

static struct figure figure(
    const struct draws *d, const double *column, size_t stride, size_t k, double value)
{
	return figure_of_draws(value, column, d->n, stride, k);
}

static int cheapest_first(const void *a, const void *b)
{
	const struct cost_point *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	return x->model < y->model ? -1 : 1;
}

static void sort_models(struct cost_curve *v)
{
	size_t best = v->v[v->best].model;

	qsort(v->v + v->n_router, v->n - v->n_router - 1, sizeof(*v->v), cheapest_first);
	for (size_t i = v->n_router; i < v->n; i++)
		if (v->v[i].model == best)
			v->best = i;
}

static void add_points(struct cost_curve *v, const struct play *g, const struct fixed *f,
    const struct draws *d, const struct curves *c, const double *cost, const size_t *answered)
{
	size_t P = g->P, M = g->j.M;
	struct figure *const height[CURVE_COUNT] = {
	    &v->aiq, &v->aiq_mix, &v->aiq_oracle, &v->aiq_gain, &v->area};

	v->v = arena_array(&v->arena, struct cost_point, P);
	v->best = SIZE_MAX;
	for (size_t k = 0; k < P; k++) {
		struct cost_point *x = &v->v[v->n];

		if (!answered[k])
			continue;
		*x = (struct cost_point){.kind = k < ROUTERS       ? COST_ROUTER
						 : k < ROUTERS + M ? COST_MODEL
								   : COST_ORACLE,
		    .weight = k < ROUTERS ? weight_of(k) : NAN,
		    .model = k >= ROUTERS && k < ROUTERS + M ? k - ROUTERS : SIZE_MAX,
		    .n = answered[k],
		    .accuracy = figure(d, d->quality, P, k, c->quality[k]),
		    .cost = 1000 * cost[k],
		    .gain = figure(d, d->gain, P, k, c->gain[k]),
		    .saved = cost[f->best] > 0 ? 1 - cost[k] / cost[f->best] : NAN,
		    .over_mix = {NAN, NAN, NAN}};
		if (k < ROUTERS)
			x->over_mix = figure(d, d->over_mix, P, k, c->over_mix[k]);
		v->n_router += k < ROUTERS;
		v->best = k == f->best ? v->n : v->best;
		v->n++;
	}
	sort_models(v);
	for (size_t k = 0; k < CURVE_COUNT; k++)
		*height[k] = figure(d, d->height, CURVE_COUNT, k, c->height[k]);
}

/* The cheapest weight that is within COST_WITHIN of the best single model; COST_STEPS + 1: none. */
static size_t advise(const struct play *g)
{
	double *quality = mem_array(g->P, sizeof(*quality));
	double *cost = mem_array(g->P, sizeof(*cost));
	size_t *answered = mem_array(g->P, sizeof(*answered)), found = ROUTERS;
	struct fixed f;

	totals(g, quality, cost, answered);
	f = fixed_new(g, cost);
	for (size_t k = 0; k < ROUTERS && f.best != SIZE_MAX; k++)
		if (quality[k] >= quality[f.best] - COST_WITHIN &&
		    (found == ROUTERS || cost[k] < cost[found]))
			found = k;
	mem_free(f.vertex);
	mem_free(quality);
	mem_free(cost);
	mem_free(answered);
	return found;
}

/* Chosen on validation questions, where there are any; never on those it is judged by, else. */
static void add_advice(
    struct cost_curve *v, const struct play *judged, const struct route_options *o)
{
	size_t n, weight;

	v->advised_on = PART_VAL;
	mem_free(dataset_part(&judged->a->data, PART_VAL, &n));
	if (n == 0 || v->part == PART_VAL) {
		v->advised_on = v->part;
		weight = advise(judged);
	} else {
		struct play val = play_new(judged->a, PART_VAL, o);

		weight = advise(&val);
		play_free(&val);
	}
	v->advised = weight < v->n_router ? weight : SIZE_MAX;
}

static bool check(
    const struct atlas *a, const struct cost_options *o, struct cost_curve *v, struct err *e)
{
	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	for (size_t m = 0; m < a->data.n_models; m++) {
		if (!a->has_vector[m] || (o->route.pool && !o->route.pool[m]))
			continue;
		if (isnan(route_cost(&a->catalog, m, 0, &o->route)))
			v->n_unpriced++;
		else
			v->n_priced++;
	}
	if (v->n_priced < 2)
		return err_set(e, ERR_DATA,
		    "%s of %zu models has a price, and there is nothing to weigh: embedllm models "
		    "import FILE, or models set MODEL --price-in X --price-out X",
		    v->n_priced ? "only one" : "none", v->n_priced + v->n_unpriced);
	return true;
}

bool task_cost(const struct atlas *a, const struct cost_options *o, const struct progress *p,
    struct cost_curve *out, struct err *e)
{
	struct cost_curve v = {.run = a->run, .part = o->part};
	struct draws d = {0};
	struct curves c;
	struct fixed f;
	struct play g;
	double *cost;
	size_t *answered;
	bool ok;

	if (!check(a, o, &v, e))
		return false;
	g = play_new(a, o->part, &o->route);
	c = (struct curves){mem_array(g.P, sizeof(double)), mem_array(g.P, sizeof(double)),
	    mem_array(g.P, sizeof(double)), {0}};
	cost = mem_array(g.P, sizeof(*cost));
	answered = mem_array(g.P, sizeof(*answered));
	totals(&g, c.quality, cost, answered);
	f = fixed_new(&g, cost);
	ok = f.best != SIZE_MAX ||
	     err_set(e, ERR_DATA,
		 "no model with a price has labels on the %s part: embedllm split draws parts",
		 part_name(o->part));
	if (ok)
		curves_of(&g, &f, cost, &c);
	ok = ok && draws_new(&g, &f, o, p, &d, e);
	if (ok) {
		arena_init(&v.arena);
		v.n_questions = answered[ROUTERS + g.j.M];
		add_points(&v, &g, &f, &d, &c, cost, answered);
		add_advice(&v, &g, &o->route);
		*out = v;
	}
	draws_free(&d);
	mem_free(f.vertex);
	mem_free(c.quality);
	mem_free(c.gain);
	mem_free(c.over_mix);
	mem_free(cost);
	mem_free(answered);
	play_free(&g);
	return ok;
}

void cost_clear(struct cost_curve *c)
{
	arena_clear(&c->arena);
	*c = (struct cost_curve){0};
}
