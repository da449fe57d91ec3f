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
	*o = (struct route_options){.tokens_out = 300, .evidence = 10, .fallback = SIZE_MAX};
}

static bool check(const struct atlas *a, const struct route_options *o, struct err *e)
{
	if (!a->run)
		return err_set(e, ERR_DATA, "there is no run yet: train first: embedllm train");
	if (!(o->cost_weight >= 0 && o->cost_weight <= 1))
		return err_set(
		    e, ERR_USAGE, "the cost weight is %g, it must be from 0 to 1", o->cost_weight);
	for (size_t m = 0; m < a->catalog.n_models; m++)
		if (a->has_vector[m] && (!o->pool || o->pool[m]))
			return true;
	return err_set(e, ERR_USAGE, "no model of run %lld is left in the pool", (long long)a->run);
}

double route_cost(
    const struct catalog *c, size_t model, size_t bytes, const struct route_options *o)
{
	const struct catalog_model *m = &c->models[model];
	const double *price = o->price ? o->price[model] : (double[]){m->price_in, m->price_out};
	double in = o->tokens_in > 0 ? o->tokens_in : 1 + (double)bytes / 4;

	return (in * price[0] + o->tokens_out * price[1]) / 1e6 * 1000;
}

double route_utility(double p, double cost, double dearest, double weight)
{
	return weight > 0 && dearest > 0 ? p - weight * cost / dearest : p;
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

	if (isnan(x->utility) != isnan(y->utility))
		return isnan(x->utility) ? 1 : -1;
	if (!isnan(x->utility) && x->utility != y->utility)
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

		if (!a->has_vector[m] || is_in(o, m) != (k < M))
			continue;
		*c = (struct route_candidate){.model = m,
		    .p = (double)p[m],
		    .low = NAN,
		    .high = NAN,
		    .cost = route_cost(&a->catalog, m, strlen(r->text), o),
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

		c->utility = route_utility(c->p, c->cost, dearest, o->cost_weight);
		r->n_unpriced += isnan(c->utility) ? 1 : 0;
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

/* What is unlike all that is known goes to the fallback, if that is a candidate: it comes first. */
static void fall_back(const struct atlas *a, const struct route_options *o, struct route *r)
{
	size_t i = 0;
	struct route_candidate first;

	while (i < r->n && r->v[i].model != o->fallback)
		i++;
	if (i == r->n)
		return;
	first = r->v[i];
	memmove(r->v + 1, r->v, i * sizeof(*r->v));
	r->v[0] = first;
	r->fell_back = true;
	r->warning = arena_printf(&r->arena, "%s; so it goes to the fallback, %s", r->warning,
	    a->catalog.models[o->fallback].name);
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
	if (r.warning)
		fall_back(a, o, &r);
	mat_free(&enc);
	*out = r;
	return true;
}

void route_clear(struct route *r)
{
	arena_clear(&r->arena);
	*r = (struct route){0};
}

/* Tables */

static const struct column columns[ROUTE_COLUMNS] = {
    [ROUTE_RANK] = {"rank", "#", "#", COLUMN_INT, .width = 4, .drop = 4,
	.about = "Place by utility; a model left out of the pool has none."},
    [ROUTE_NAME] = {"name", "model", "Model", COLUMN_CLIP, .width = 20, .grow = 44,
	.about = "The candidate."},
    [ROUTE_P] = {"p", "p(right)", "p(right)", COLUMN_REAL, 3, .width = 8,
	.about = "The calibrated probability, 0 to 1, that it answers the question rightly."},
    [ROUTE_LOW] = {"low", "low", "low", COLUMN_REAL, 3, .width = 5, .drop = 3,
	.about = "Lower end of the 90 % interval of that probability, by refits of the run."},
    [ROUTE_HIGH] = {"high", "high", "high", COLUMN_REAL, 3, .width = 5, .drop = 3,
	.about = "Upper end of the 90 % interval."},
    [ROUTE_BAR] = {NULL, "bar", "90 % interval", COLUMN_REAL, .width = 14, .grow = 40, .drop = 2,
	.about = "The probability as a bar, with its interval."},
    [ROUTE_COST] = {"cost", "$/1k", "$/1k", COLUMN_MONEY, .width = 7, .drop = 5,
	.about = "Dollars a thousand such questions, by its prices and the tokens assumed."},
    [ROUTE_UTILITY] = {"utility", "utility", "utility", COLUMN_REAL, 3, .width = 7, .drop = 6,
	.about = "p(right) minus the cost weight times the cost over the dearest candidate's."},
    [ROUTE_NEAR_RIGHT] = {"near_right", "near right", "near", COLUMN_REAL, .width = 5, .drop = 7,
	.about = "How many of the nearest training questions it got right (of those it answered)."},
    [ROUTE_NEAR_SEEN] = {"near_seen", "of", "of", COLUMN_REAL, .width = 3, .drop = 7,
	.hidden = true, .about = "Nearest training questions it answered."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct route *r = t->rows;
	const struct route_candidate *v = &r->v[row];

	(void)scratch;
	switch (column) {
	case ROUTE_RANK:
		return row < r->n ? value_int((int64_t)row + 1) : value_missing();
	case ROUTE_NAME:
		return value_text(((const struct catalog *)t->world)->models[v->model].name);
	case ROUTE_P:
		return value_real(v->p);
	case ROUTE_LOW:
		return value_real(v->low);
	case ROUTE_HIGH:
		return value_real(v->high);
	case ROUTE_COST:
		return value_real(v->cost);
	case ROUTE_UTILITY:
		return value_real(v->utility);
	case ROUTE_NEAR_RIGHT:
		return value_real(v->near_right);
	default:
		return value_real(v->near_seen);
	}
}

struct table route_table(const struct route *r, const struct catalog *c)
{
	return (struct table){.name = "route",
	    .columns = columns,
	    .n_columns = ROUTE_COLUMNS,
	    .value = value,
	    .n = r ? r->n + r->n_out : 0,
	    .rows = r,
	    .world = c};
}

static const struct column evidence_columns[EVIDENCE_COLUMNS] = {
    [EVIDENCE_SIMILARITY] = {"similarity", "cosine", "Cosine", COLUMN_REAL, 3, .width = 6,
	.about = "Cosine of its encoding with the question's: 1 is the same text."},
    [EVIDENCE_BENCHMARK] = {"benchmark", "benchmark", "Benchmark", COLUMN_TEXT, .width = 8,
	.grow = 14, .drop = 2, .about = "The benchmark it is of."},
    [EVIDENCE_RIGHT] = {"right_share", "right", "Right%", COLUMN_SHARE, 1, .width = 6, .drop = 1,
	.about = "Of all models that answered it, how many are right, in percent."},
    [EVIDENCE_PICK] = {"pick", NULL, "Pick", COLUMN_TEXT, .width = 5, .drop = 3,
	.about = "Whether the model chosen was right or wrong on it."},
    [EVIDENCE_ID] = {"question_id", NULL, "Id", COLUMN_INT, .drop = 4, .hidden = true,
	.about = "The question's number in the database."},
    [EVIDENCE_TEXT] = {"text", "nearest training questions", "Nearest training questions",
	COLUMN_CLIP, .width = 20, .grow = 200, .about = "What it asks."},
};

static struct value evidence_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct route *r = t->rows;
	const struct atlas *a = t->world;
	const struct route_evidence *v = &r->evidence[row];
	const struct catalog_question *q = &a->questions[v->question];
	float y = r->n ? a->data.score[v->question * a->data.n_models + r->v[0].model] : NAN;

	(void)scratch;
	switch (column) {
	case EVIDENCE_SIMILARITY:
		return value_real(v->similarity);
	case EVIDENCE_BENCHMARK:
		return value_text(a->catalog.benchmarks[q->benchmark].name);
	case EVIDENCE_RIGHT:
		return value_real(v->right_share);
	case EVIDENCE_PICK:
		return value_text(isnan(y) ? NULL : y >= 0.5f ? "right" : "wrong");
	case EVIDENCE_ID:
		return value_int(q->id);
	default:
		return value_text(q->text);
	}
}

struct table evidence_table(const struct route *r, const struct atlas *a)
{
	return (struct table){.name = "evidence",
	    .columns = evidence_columns,
	    .n_columns = EVIDENCE_COLUMNS,
	    .value = evidence_value,
	    .n = r ? r->n_evidence : 0,
	    .rows = r,
	    .world = a};
}
