#include "method/method.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "num/mat.h"
#include "num/vec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FOLDS 5

enum { STREAM_FOLDS = 0x6f6f66 };

struct sample sample_new(const struct dataset *d, enum part part)
{
	struct sample s = {.M = d->n_models, .D = d->dims, .B = d->n_benchmarks};
	uint32_t *index = dataset_part(d, part, &s.n);

	s.x = mem_floats(s.n * s.D + 1);
	s.y = mem_floats(s.n * s.M + 1);
	s.w = d->weight ? mem_floats(s.n * s.M + 1) : NULL;
	s.benchmark = mem_array(s.n + 1, sizeof(*s.benchmark));
	mat_gather(d->enc, s.D, index, s.n, s.x);
	mat_gather(d->score, s.M, index, s.n, s.y);
	if (s.w)
		mat_gather(d->weight, s.M, index, s.n, s.w);
	for (size_t i = 0; i < s.n; i++)
		s.benchmark[i] = d->benchmark[index[i]];
	mem_free(index);
	return s;
}

void sample_clear(struct sample *s)
{
	mem_free(s->x);
	mem_free(s->y);
	mem_free(s->w);
	mem_free(s->benchmark);
	*s = (struct sample){0};
}

double sample_loss(const struct sample *s, const float *z)
{
	struct vec_loss sum = {0};
	float *grad = mem_floats(s->n * s->M + 1);

	vec_logistic(s->n * s->M, z, s->y, s->w, grad, &sum);
	mem_free(grad);
	return sum.weight > 0 ? sum.loss / sum.weight : NAN;
}

double method_loss(const struct method *m, const struct params *p, const struct sample *val)
{
	float *z = mem_floats(val->n * val->M + 1);
	double loss;

	m->logits(p, val->x, val->n, z);
	loss = sample_loss(val, z);
	mem_free(z);
	return loss;
}

static void keep_step(struct search *s, const struct method *m, const struct grid *g,
    const double *setting, double loss)
{
	struct search_step *step;
	size_t at = 0;

	if (!s || s->n == SEARCH_MAX)
		return;
	step = &s->v[s->n++];
	*step = (struct search_step){.method = m->name, .loss = loss};
	for (int i = 0; i < GRID_NAMES && g->name[i] && at < sizeof(step->setting); i++)
		at += (size_t)snprintf(step->setting + at, sizeof(step->setting) - at, "%s%s=%g",
		    i ? " " : "", g->name[i], setting[i]);
}

static bool fit_one(const struct grid *g, const struct fit *in, const struct sample *train,
    const double *setting, grid_fit *fit, struct params *out, struct err *e)
{
	for (int i = 0; i < GRID_NAMES && g->name[i]; i++)
		params_set(out, g->name[i], setting[i]);
	return fit(in, g, train, setting, out, e);
}

/* The best of the grid, on train and val; one.held is scratch. */
static bool search_grid(const struct method *m, const struct grid *g, struct fit one,
    const struct sample *train, const struct sample *val, float *held, grid_fit *fit,
    struct params *out, struct err *e)
{
	size_t first = one.search ? one.search->n : 0, chosen = 0;
	double best = INFINITY;

	for (size_t i = 0; i < g->n; i++) {
		struct params p = {0};
		double loss;

		if (!fit_one(g, &one, train, g->v[i], fit, &p, e)) {
			params_clear(&p);
			return false;
		}
		loss = m->leaves_out ? sample_loss(train, one.held) : method_loss(m, &p, val);
		keep_step(one.search, m, g, g->v[i], loss);
		if (!out->n || loss < best) {
			params_clear(out);
			*out = p;
			best = loss;
			chosen = first + i;
			if (held)
				memcpy(held, one.held, train->n * train->M * sizeof(float));
		} else {
			params_clear(&p);
		}
	}
	if (one.search && chosen < one.search->n)
		one.search->v[chosen].chosen = true;
	return true;
}

bool method_fit_grid(const struct method *m, const struct grid *g, const struct fit *in,
    grid_fit *fit, struct params *out, struct err *e)
{
	struct sample train = sample_new(in->d, PART_TRAIN), val = sample_new(in->d, PART_VAL);
	struct fit one = *in;
	bool ok;

	if (in->like) {
		double v[GRID_NAMES] = {0};

		for (int i = 0; i < GRID_NAMES && g->name[i]; i++)
			v[i] = params_number(in->like, g->name[i], g->v[0][i]);
		ok = fit_one(g, in, &train, v, fit, out, e);
	} else {
		one.held = m->leaves_out ? mem_floats(train.n * train.M + 1) : NULL;
		ok = search_grid(
		    m, g, one, &train, &val, m->leaves_out ? in->held : NULL, fit, out, e);
		mem_free(one.held);
	}
	sample_clear(&train);
	sample_clear(&val);
	return ok;
}

bool method_out_of_fold(const struct method *m, const struct fit *in, const struct params *like,
    size_t folds, float *held, struct err *e)
{
	const struct dataset *d = in->d;
	size_t M = d->n_models, D = d->dims, n;
	uint32_t *train = dataset_part(d, PART_TRAIN, &n);
	uint32_t *order = mem_array(n + 1, sizeof(*order));
	uint8_t *part = mem_array(d->n_questions + 1, sizeof(*part));
	float *x = mem_floats(n * D + 1), *z = mem_floats(n * M + 1);
	struct dataset fold = *d;
	struct rng r;
	bool ok = true;

	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	rng_init(&r, in->seed, STREAM_FOLDS);
	rng_shuffle(&r, order, n);
	fold.part = part;
	for (size_t k = 0; k < folds && ok; k++) {
		size_t from = k * n / folds, to = (k + 1) * n / folds;
		struct params p = {0};

		/* Held-out questions are in no part that a fit may look at. */
		memcpy(part, d->part, d->n_questions);
		for (size_t i = from; i < to; i++) {
			size_t q = train[order[i]];

			part[q] = PART_TEST;
			memcpy(x + (i - from) * D, d->enc + q * D, D * sizeof(float));
		}
		ok = m->fit(
		    &(struct fit){
			.d = &fold, .seed = in->seed, .like = like, .progress = in->progress},
		    &p, e);
		if (ok)
			m->logits(&p, x, to - from, z);
		for (size_t i = from; i < to && ok; i++)
			memcpy(held + order[i] * M, z + (i - from) * M, M * sizeof(float));
		params_clear(&p);
	}
	mem_free(train);
	mem_free(order);
	mem_free(part);
	mem_free(x);
	mem_free(z);
	return ok;
}

bool method_cross(const struct method *m, const struct fit *in, const struct dataset *pool,
    struct params *out, float *held, struct err *e)
{
	struct fit all = *in;
	struct params first = {0};
	bool ok;

	all.d = pool;
	all.held = held;
	if (m->leaves_out)
		return m->fit(&all, out, e);
	all.like = &first;
	all.held = NULL;
	ok = m->fit(in, &first, e) && m->fit(&all, out, e) &&
	     method_out_of_fold(m, &all, &first, FOLDS, held, e);
	params_clear(&first);
	return ok;
}
