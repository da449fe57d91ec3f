#include "task/route.h"

#include "base/err.h"
#include "base/mem.h"
#include "learn/head.h"
#include "learn/interval.h"
#include "num/blas.h"
#include "num/topk.h"
#include "text/encoder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NOVEL 0.95 /* where the warning starts */

void route_options_default(struct route_options *o)
{
	*o = (struct route_options){.tokens_out = 300, .evidence = 10};
}

static bool check(const struct atlas *a, const struct route_options *o, struct err *e)
{
	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (!(o->cost_weight >= 0 && o->cost_weight <= 1))
		return err_set(
		    e, ERR_USAGE, "the cost weight is %g, it must be from 0 to 1", o->cost_weight);
	for (size_t m = 0; m < a->catalog.n_models; m++)
		if (a->trained.in_run[m] && (!o->pool || o->pool[m]))
			return true;
	return err_set(e, ERR_USAGE, "no model of run %lld is left in the pool", (long long)a->run);
}

/* Dollars a thousand questions like this one; a token is about four bytes of English text. */
static double cost_of(
    const struct catalog_model *m, const char *text, const struct route_options *o)
{
	double in = o->tokens_in > 0 ? o->tokens_in : 1 + (double)strlen(text) / 4;

	return (in * m->price_in + o->tokens_out * m->price_out) / 1e6 * 1000;
}

/* The training questions nearest to the encoding. */
static void find_evidence(const struct atlas *a, const float *enc, size_t want, struct route *r)
{
	size_t Q = a->data.n_questions, D = a->data.dims, M = a->data.n_models, nearer;
	float *cosine = mem_floats(Q + 1), best = -1;
	struct topk top;

	blas_sgemv(false, Q, D, 1, a->data.enc, D, enc, 0, cosine);
	topk_init(&top, want ? want : 1);
	for (size_t q = 0; q < Q; q++)
		if (a->data.part[q] == PART_TRAIN)
			topk_add(&top, cosine[q], (uint32_t)q);
	topk_sort(&top);
	r->n_evidence = want ? top.n : 0;
	r->evidence = arena_array(&r->arena, struct route_evidence, top.n + 1);
	for (size_t i = 0; i < r->n_evidence; i++) {
		const float *y = a->data.score + (size_t)top.index[i] * M;
		double right = 0, seen = 0;

		for (size_t m = 0; m < M; m++)
			if (!isnan(y[m])) {
				right += (double)y[m];
				seen++;
			}
		r->evidence[i] = (struct route_evidence){
		    top.index[i], (double)top.score[i], seen > 0 ? right / seen : NAN};
	}
	if (top.n)
		best = top.score[0];
	for (nearer = a->trained.n_near; nearer > 0 && a->trained.near[nearer - 1] > best;)
		nearer--;
	r->novelty = a->trained.n_near
			 ? (double)(a->trained.n_near - nearer) / (double)a->trained.n_near
			 : NAN;
	topk_clear(&top);
	mem_free(cosine);
}

static void ask_evidence(const struct atlas *a, const struct route *r, struct route_candidate *c)
{
	for (size_t i = 0; i < r->n_evidence; i++) {
		float y = a->data.score[r->evidence[i].question * a->data.n_models + c->model];

		if (!isnan(y)) {
			c->near_right += (double)y;
			c->near_seen++;
		}
	}
}

static int likeliest_first(const void *a, const void *b)
{
	const struct route_candidate *x = a, *y = b;

	if (x->p != y->p)
		return x->p < y->p ? 1 : -1;
	return x->model < y->model ? -1 : 1;
}

static int best_first(const void *a, const void *b)
{
	const struct route_candidate *x = a, *y = b;

	if (x->utility != y->utility)
		return x->utility < y->utility ? 1 : -1;
	return likeliest_first(a, b);
}

static bool is_in(const struct route_options *o, size_t m)
{
	return !o->pool || o->pool[m];
}

static void rank(
    const struct atlas *a, const float *enc, const struct route_options *o, struct route *r)
{
	size_t M = a->catalog.n_models;
	float *p = mem_floats(M), *spread = mem_floats(M), *q = mem_floats(a->trained.mf.dim);
	double dearest = 0;

	atlas_probability(a, enc, 1, p);
	if (a->trained.n_draws) {
		trained_project(&a->trained, enc, 1, q);
		head_spread(
		    &a->trained.heads, a->trained.draws, a->trained.mf.b[0], M, q, 1, spread);
	}
	r->v = arena_array(&r->arena, struct route_candidate, M);
	for (size_t k = 0; k < 2 * M; k++) {
		struct route_candidate *c = &r->v[r->n + r->n_out];
		size_t m = k % M; /* the pool, then the others */

		if (!a->trained.in_run[m] || is_in(o, m) != (k < M))
			continue;
		*c = (struct route_candidate){.model = m,
		    .p = (double)p[m],
		    .low = NAN,
		    .high = NAN,
		    .cost = cost_of(&a->catalog.models[m], r->text, o),
		    .utility = NAN};
		if (a->trained.n_draws)
			interval_bounds(
			    &a->trained.interval, c->p, (double)spread[m], &c->low, &c->high);
		ask_evidence(a, r, c);
		if (k >= M) {
			r->n_out++;
			continue;
		}
		dearest = fmax(dearest, isnan(c->cost) ? 0 : c->cost);
		r->n++;
	}
	for (size_t i = 0; i < r->n; i++) {
		struct route_candidate *c = &r->v[i];
		/* A model without a price counts as the dearest: it is not preferred for it. */
		double relative = dearest > 0 ? (isnan(c->cost) ? 1 : c->cost / dearest) : 0;

		c->utility = c->p - o->cost_weight * relative;
	}
	qsort(r->v, r->n, sizeof(*r->v), best_first);
	qsort(r->v + r->n, r->n_out, sizeof(*r->v), likeliest_first);
	mem_free(p);
	mem_free(spread);
	mem_free(q);
}

/* The candidate with the best training record, for comparison; without any record, the first. */
static void find_best_single(const struct atlas *a, struct route *r)
{
	double best = -INFINITY;

	for (size_t i = 0; i < r->n; i++)
		if (!i || a->ability[r->v[i].model] > best) {
			best = a->ability[r->v[i].model];
			r->best_single = r->v[i].model;
			r->best_single_p = r->v[i].p;
		}
}

bool task_route(const struct atlas *a, const char *text, const struct route_options *o,
    struct route *out, struct err *e)
{
	struct route r = {0};
	struct mat enc;

	if (!check(a, o, e))
		return false;
	enc = mat_new(1, a->encoder->dims);
	if (!encoder_encode(a->encoder, &text, 1, &enc, NULL, e)) {
		mat_free(&enc);
		return false;
	}
	arena_init(&r.arena);
	r.text = arena_strdup(&r.arena, text);
	find_evidence(a, enc.v, o->evidence, &r);
	rank(a, enc.v, o, &r);
	find_best_single(a, &r);
	if (!*text)
		r.warning =
		    "an empty text says nothing: this is the ranking for no question at all";
	else if (r.novelty >= NOVEL)
		r.warning = arena_printf(&r.arena,
		    "unlike the training questions (%.0f %% of them are nearer to another one): "
		    "trust this less",
		    100 * r.novelty);
	mat_free(&enc);
	*out = r;
	return true;
}

void route_clear(struct route *r)
{
	arena_clear(&r->arena);
	*r = (struct route){0};
}
