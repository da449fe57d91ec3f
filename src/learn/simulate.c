#include "learn/simulate.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"

#include <math.h>
#include <string.h>

#define ANSWERED .9 /* of the questions, by a model that takes part */
#define MODELS_MIN 10
#define ASKED_MAX .8 /* of a model's questions: with more there is little left to foretell */

const char *const simulate_regime_name[SIMULATE_REGIMES] = {"inside", "stronger"};
const size_t simulate_budget[SIMULATE_BUDGETS] = {8, 16, 32, 64, 128, 256, 512};

struct run {
	const struct pool *all;
	const struct simulate_options *o;
	const struct progress *progress;
	struct simulated *out;
	size_t n; /* models that take part, and which */
	uint32_t *model;
	double *accuracy;   /* (all.M) */
	double done, total; /* hidden models */
};

/* Those that take part, by ascending accuracy. */
static void find_models(struct run *r)
{
	const struct pool *p = r->all;
	double *seen = mem_zero_array(p->M + 1, sizeof(*seen));

	for (size_t j = 0; j < p->N; j++)
		for (size_t m = 0; m < p->M; m++) {
			float y = p->y[j * p->M + m];

			if (y != y)
				continue;
			seen[m]++;
			r->accuracy[m] += (double)y;
		}
	for (size_t m = 0; m < p->M; m++) {
		size_t at = r->n;

		if (seen[m] < ANSWERED * (double)p->N)
			continue;
		r->accuracy[m] /= seen[m];
		for (; at && r->accuracy[r->model[at - 1]] > r->accuracy[m]; at--)
			r->model[at] = r->model[at - 1];
		r->model[at] = (uint32_t)m;
		r->n++;
	}
	mem_free(seen);
}

/* Questions to ask at once: a quarter of what there is, so that late batches are few. */
static size_t batch_size(size_t answered, size_t budget)
{
	size_t n = answered < 16 ? 4 : answered / 4;

	return answered + n > budget ? budget - answered : n;
}

static void note(struct run *r, enum simulate_regime regime, enum chooser by, size_t budget,
    double truth, const struct few *f)
{
	for (int k = 0; k < FEW_COUNT; k++) {
		struct simulate_cell *c = &r->out->cell[regime][by][k][budget];
		const struct few_figure *v = &f->v[k];

		if (isnan(v->value))
			continue;
		c->n++;
		c->absolute += fabs(v->value - truth);
		c->error += v->value - truth;
		c->covered += truth >= v->low && truth <= v->high;
		c->half_width += (v->high - v->low) / 2;
	}
}

/* One hidden model and one chooser. w->of: the questions that it has answers to. */
static void ask(struct run *r, enum simulate_regime regime, enum chooser by, size_t model,
    const struct few_world *w, struct rng *g)
{
	const struct place_side *side = &w->factor->side;
	size_t N = side->N, n = 0, answered = 0, budget = 0;
	uint32_t *order = mem_array(N, sizeof(*order));
	bool *open = mem_array(N, sizeof(*open));
	float *y = mem_floats(N);
	double *theta = mem_array(side->K, sizeof(*theta));
	double *cov = mem_array(side->K * side->K, sizeof(*cov));
	struct choice chosen[512];

	for (size_t j = 0; j < N; j++) {
		open[j] = w->of[j];
		y[j] = NAN;
		if (open[j])
			order[n++] = (uint32_t)j;
	}
	rng_shuffle(g, order, n);
	while (
	    budget < SIMULATE_BUDGETS && (double)simulate_budget[budget] <= ASKED_MAX * (double)n) {
		size_t ask = batch_size(answered, simulate_budget[budget]);
		struct few_answers a = few_answers_new(y, N, order, n);
		struct few f;

		place_model(side, &w->factor->prior, a.n, a.question, a.y, theta, cov);
		few_answers_free(&a);
		ask = choose_next(by, side, theta, cov, order, n, answered, open, ask, chosen);
		for (size_t i = 0; i < ask; i++)
			y[chosen[i].question] = r->all->y[chosen[i].question * r->all->M + model];
		answered += ask;
		if (answered < simulate_budget[budget])
			continue;
		a = few_answers_new(y, N, order, n);
		few_estimate(w, &a, &f);
		note(r, regime, by, budget++, r->accuracy[model], &f);
		few_answers_free(&a);
	}
	mem_free(order);
	mem_free(open);
	mem_free(y);
	mem_free(theta);
	mem_free(cov);
}

/* The hidden models `target` against the pool of the models `known`. */
static bool play(struct run *r, enum simulate_regime regime, const uint32_t *known, size_t n_known,
    const uint32_t *target, size_t n_target, struct rng *g, struct err *e)
{
	size_t N = r->all->N, M = r->all->M;
	float *y = mem_floats(N * n_known + 1);
	bool *of = mem_array(N, sizeof(*of)), ok;
	struct pool pool = {n_known, N, r->all->B, y, r->all->benchmark};
	struct factor factor = {0}, rasch = {0};
	struct few_world w = {&pool, &factor, &rasch, of};

	for (size_t j = 0; j < N; j++)
		for (size_t m = 0; m < n_known; m++)
			y[j * n_known + m] = r->all->y[j * M + known[m]];
	ok = factor_fit(&pool, FACTOR_AUTO, NULL, &factor, e) &&
	     factor_fit(&pool, 0, NULL, &rasch, e);
	for (size_t t = 0; t < n_target && ok; t++) {
		for (size_t j = 0; j < N; j++) {
			float v = r->all->y[j * M + target[t]];

			of[j] = v == v;
		}
		for (int by = 0; by < CHOOSE_COUNT && ok; by++) {
			ok = progress_tick(r->progress, "asking hidden models", r->done, r->total,
				 "models") ||
			     err_set(e, ERR_CANCELLED, "stopped while asking hidden models");
			if (ok)
				ask(r, regime, (enum chooser)by, target[t], &w, g);
		}
		r->done++;
	}
	factor_free(&factor);
	factor_free(&rasch);
	mem_free(y);
	mem_free(of);
	return ok;
}

/* Folds of groups: hidden are those whose group falls in the fold. */
static bool play_inside(struct run *r, struct rng *g, struct err *e)
{
	size_t M = r->all->M;
	uint32_t *fold = mem_array(M + 1, sizeof(*fold)), *known = mem_array(M, sizeof(*known));
	uint32_t *target = mem_array(M, sizeof(*target));
	bool ok = true;

	for (size_t i = 0; i < M; i++)
		fold[i] = (uint32_t)i;
	rng_shuffle(g, fold, M);
	for (size_t f = 0; f < r->o->folds && ok; f++) {
		size_t n_known = 0, n_target = 0;

		for (size_t i = 0; i < r->n; i++) {
			uint32_t m = r->model[i], group = r->o->group ? r->o->group[m] : m;

			if (fold[group] % r->o->folds == f)
				target[n_target++] = m;
			else
				known[n_known++] = m;
		}
		ok = !n_target || n_known < 2 ||
		     play(r, SIMULATE_INSIDE, known, n_known, target, n_target, g, e);
	}
	mem_free(fold);
	mem_free(known);
	mem_free(target);
	return ok;
}

bool simulate(const struct pool *all, const struct simulate_options *o, const struct progress *p,
    struct simulated *out, struct err *e)
{
	struct run r = {.all = all, .o = o, .progress = p, .out = out};
	size_t best;
	bool ok = true;

	*out = (struct simulated){0};
	r.model = mem_array(all->M + 1, sizeof(*r.model));
	r.accuracy = mem_zero_array(all->M + 1, sizeof(*r.accuracy));
	find_models(&r);
	out->models = r.n;
	best = r.n * 3 / 10;
	r.total = (double)((r.n + best) * o->repeats);
	if (r.n < MODELS_MIN)
		ok = err_set(e, ERR_DATA,
		    "%zu models have answers to nine tenths of the questions: hiding some takes "
		    "%d; "
		    "import more",
		    r.n, MODELS_MIN);
	for (size_t i = 0; i < o->repeats && ok; i++) {
		struct rng g;

		rng_init(&g, o->seed, i);
		ok = play_inside(&r, &g, e) && play(&r, SIMULATE_STRONGER, r.model, r.n / 2,
						   r.model + r.n - best, best, &g, e);
	}
	mem_free(r.model);
	mem_free(r.accuracy);
	return ok;
}
