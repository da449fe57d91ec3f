#include "task/adjusted.h"

#include "base/mem.h"
#include "base/rng.h"
#include "learn/additive.h"
#include "num/blas.h"
#include "num/mat.h"
#include "num/stats.h"
#include "task/atlas.h"
#include "task/kept.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DRAWS 400
#define BLOCK 256      /* questions forecast at a time */
#define STEPS 8        /* of Newton, to shift a cell */
#define UNKNOWN_SD 1.0 /* logits: a cell's error where the table cannot tell it */
#define SEED 1

/* All answers, seen or foretold, and what is known of each cell (model, benchmark). */
struct work {
	const struct atlas *a;
	size_t Q, M, B;
	struct mat v;  /* (Q, M) answer or forecast; NaN: neither */
	float *weight; /* (Q) of a question: how often it was asked; 0 = the run does not know it */
	double *right, *seen;    /* (M, B) of answers, questions' weights counted */
	double *missing, *flips; /* (M, B) weight of the forecasts; sum of weight^2 p (1 - p) */
	double *error;           /* (M) variance of the value by forecast errors */
	double *foretold;        /* (M) share */
	struct additive cells;
	double total; /* sum of weight */
};

static double sigmoid(double z)
{
	return 1 / (1 + exp(-z));
}

static bool is_foretold(const struct work *w, size_t q, size_t m)
{
	return isnan(w->a->data.score[q * w->M + m]);
}

/* The mean weight of its answers: repeats count for all models alike. */
static float weigh(const struct work *w, size_t q)
{
	const struct dataset *d = &w->a->data;
	float sum = 0, n = 0;

	if (!w->a->encoded[q])
		return 0;
	for (size_t m = 0; m < w->M && d->weight; m++)
		if (!is_foretold(w, q, m)) {
			sum += d->weight[q * w->M + m];
			n++;
		}
	return n > 0 ? sum / n : 1;
}

/* v <- the answers, and the run's forecasts of those that are missing. */
static void fill(struct work *w)
{
	const struct dataset *d = &w->a->data;
	float *p = mem_floats(BLOCK * w->M + 1);

	for (size_t from = 0; from < w->Q; from += BLOCK) {
		size_t n = w->Q - from < BLOCK ? w->Q - from : BLOCK, holes = 0;

		memcpy(mat_row(&w->v, from), d->score + from * w->M, n * w->M * sizeof(float));
		for (size_t i = 0; i < n * w->M; i++)
			holes += isnan(d->score[from * w->M + i]) != 0;
		if (holes)
			atlas_probability(w->a, d->enc + from * d->dims, n, p);
		for (size_t i = 0; i < n * w->M && holes; i++)
			if (is_foretold(w, from, i))
				mat_row(&w->v, from)[i] = p[i];
	}
	mem_free(p);
}

static void count(struct work *w)
{
	for (size_t q = 0; q < w->Q; q++) {
		float *v = mat_row(&w->v, q);
		double weight = (double)(w->weight[q] = weigh(w, q));

		w->total += weight;
		if (!(weight > 0))
			memset(v, 0, w->M * sizeof(float));
		for (size_t m = 0; m < w->M && weight > 0; m++) {
			size_t cell = m * w->B + w->a->data.benchmark[q];
			double p = (double)v[m];

			if (is_foretold(w, q, m)) {
				w->missing[cell] += weight;
				w->flips[cell] += weight * weight * p * (1 - p);
			} else {
				w->seen[cell] += weight;
				w->right[cell] += weight * p;
			}
		}
	}
}

static double error_sd(const struct work *w)
{
	return isnan(w->cells.sd) ? UNKNOWN_SD : w->cells.sd;
}

/* Shift the forecasts of a cell in their logits until their mean is the rate that is thought to be
 * there. n questions of the benchmark. */
static void shift(struct work *w, size_t m, double rate, const uint32_t *question, size_t n)
{
	double by = 0;

	for (int step = 0; step <= STEPS; step++) {
		double mean = 0, slope = 0, total = 0;

		for (size_t i = 0; i < n; i++) {
			float *v = &mat_row(&w->v, question[i])[m];
			double p = fmin(fmax((double)*v, 1e-6), 1 - 1e-6), weight;

			weight = (double)w->weight[question[i]];
			p = sigmoid(log(p / (1 - p)) + by);
			mean += weight * p;
			slope += weight * p * (1 - p);
			total += weight;
			if (step == STEPS)
				*v = (float)p;
		}
		if (slope > 0)
			by += fmin(fmax((rate * total - mean) / slope, -2), 2);
	}
}

/* Of every benchmark that a model has no answer to. */
static void shift_holes(struct work *w)
{
	uint32_t *question = mem_array(w->Q + 1, sizeof(*question));

	for (size_t b = 0; b < w->B; b++) {
		size_t n = 0;

		for (size_t q = 0; q < w->Q; q++)
			if (w->a->data.benchmark[q] == b && w->weight[q] > 0)
				question[n++] = (uint32_t)q;
		for (size_t m = 0; m < w->M; m++) {
			double z = additive_logit(&w->cells, m, b);

			if (w->seen[m * w->B + b] == 0 && n && w->a->has_vector[m] && !isnan(z))
				shift(w, m, sigmoid(z), question, n);
		}
	}
	mem_free(question);
}

/* By how much the mean of a cell's forecasts may be wrong where the model has answers there: what its
 * own answers leave open, and never more than of a cell without any. In points, a variance. */
static double partial_error(const struct work *w, size_t cell, double p)
{
	double prior = pow(error_sd(w) * p * (1 - p), 2);
	double own = fmax(p * (1 - p), 0.25 / w->seen[cell]) / w->seen[cell];

	return fmin(prior, own);
}

/* The variance of a model's value by errors of its forecasts. Ability plus ease is wrong in holes by
 * the cell's own deviation, and in all of them alike by the ability's. */
static void sum_errors(struct work *w, size_t m)
{
	double sd = error_sd(w), alike = 0, variance = 0, missing = 0;

	for (size_t b = 0; b < w->B; b++) {
		size_t cell = m * w->B + b;
		double share = w->missing[cell] / w->total, z, p;

		if (!(w->missing[cell] > 0))
			continue;
		missing += share;
		variance += w->flips[cell] / (w->total * w->total);
		z = additive_logit(&w->cells, m, b);
		p = isnan(z) ? 0.5 : sigmoid(z);
		if (w->seen[cell] > 0) {
			variance += share * share * partial_error(w, cell, p);
		} else {
			variance += pow(share * sd * p * (1 - p), 2);
			alike += share * p * (1 - p);
		}
	}
	if (alike > 0)
		variance +=
		    alike * alike * (w->cells.weight[m] > 0 ? 1 / w->cells.weight[m] : sd * sd);
	w->error[m] = variance;
	w->foretold[m] = missing;
}

static struct work work_new(const struct atlas *a)
{
	size_t Q = a->data.n_questions, M = a->data.n_models, B = a->data.n_benchmarks;
	struct work w = {.a = a, .Q = Q, .M = M, .B = B, .v = mat_new(Q, M)};

	w.weight = mem_floats(Q + 1);
	w.right = mem_zero_array(M * B + 1, sizeof(double));
	w.seen = mem_zero_array(M * B + 1, sizeof(double));
	w.missing = mem_zero_array(M * B + 1, sizeof(double));
	w.flips = mem_zero_array(M * B + 1, sizeof(double));
	w.error = mem_zero_array(M + 1, sizeof(double));
	w.foretold = mem_zero_array(M + 1, sizeof(double));
	fill(&w);
	count(&w);
	w.cells = additive_fit(M, B, w.right, w.seen);
	shift_holes(&w);
	for (size_t m = 0; m < M; m++)
		sum_errors(&w, m);
	return w;
}

static void work_clear(struct work *w)
{
	mat_free(&w->v);
	mem_free(w->weight);
	mem_free(w->right);
	mem_free(w->seen);
	mem_free(w->missing);
	mem_free(w->flips);
	mem_free(w->error);
	mem_free(w->foretold);
	additive_free(&w->cells);
}

/* out (draws, M) <- the values on resampled questions; `draws` 1: on the questions as they are. */
static void draw_values(const struct work *w, size_t draws, struct mat *out)
{
	float *times = mem_floats(draws * w->Q + 1);
	double *total = mem_zero_array(draws, sizeof(*total));
	struct rng r;

	for (size_t i = 0; i < draws; i++) {
		rng_init(&r, SEED, i);
		for (size_t q = 0; q < w->Q; q++) {
			float c = draws > 1 ? (float)rng_poisson1(&r) : 1;

			times[i * w->Q + q] = c * w->weight[q];
			total[i] += (double)times[i * w->Q + q];
		}
	}
	blas_sgemm(false, false, draws, w->M, w->Q, 1, times, w->Q, w->v.v, w->M, 0, out->v, w->M);
	for (size_t i = 0; i < draws; i++)
		for (size_t m = 0; m < w->M; m++)
			mat_row(out, i)[m] /= (float)total[i];
	mem_free(times);
	mem_free(total);
}

/* rank (n) <- places by falling value, from 1; equal ones share the best. `by` (n) is scratch. */
static void rank_row(const float *value, size_t n, unsigned *by, double *rank)
{
	stats_order(n, value, by);
	for (size_t i = n; i-- > 0;) {
		bool tie = i + 1 < n && value[by[i]] == value[by[i + 1]];

		rank[by[i]] = tie ? rank[by[i + 1]] : (double)(n - i);
	}
}

/* Intervals and ranks of the models `known` (n) from the draws. */
static void judge(const struct work *w, const uint32_t *known, size_t n, struct adjusted_row *out)
{
	struct mat draws = mat_new(DRAWS, w->M);
	float *value = mem_floats(n + 1);
	double *ranks = mem_array(n * DRAWS + 1, sizeof(*ranks)), low, high;
	double *one = mem_array(n + DRAWS, sizeof(*one));
	unsigned *by = mem_array(n + 1, sizeof(*by));
	struct rng r;

	draw_values(w, DRAWS, &draws);
	rng_init(&r, SEED, DRAWS);
	for (size_t i = 0; i < DRAWS; i++) {
		float *row = mat_row(&draws, i);

		for (size_t k = 0; k < n; k++) {
			double off = sqrt(w->error[known[k]]) * rng_normal(&r);

			row[known[k]] += (float)off;
			value[k] = row[known[k]];
		}
		rank_row(value, n, by, one);
		for (size_t k = 0; k < n; k++)
			ranks[k * DRAWS + i] = one[k];
	}
	for (size_t k = 0; k < n; k++) {
		struct adjusted_row *v = &out[known[k]];

		for (size_t i = 0; i < DRAWS; i++)
			one[i] = (double)mat_row(&draws, i)[known[k]];
		stats_interval(DRAWS, one, 0.95, &v->low, &v->high);
		v->low = fmax(v->low, 0);
		v->high = fmin(v->high, 1);
		stats_interval(DRAWS, ranks + k * DRAWS, 0.95, &low, &high);
		v->rank_low = (uint32_t)floor(low);
		v->rank_high = (uint32_t)ceil(high);
	}
	mat_free(&draws);
	mem_free(value);
	mem_free(ranks);
	mem_free(one);
	mem_free(by);
}

void task_adjusted(const struct atlas *a, struct arena *arena, struct adjusted *out)
{
	struct work w = work_new(a);
	struct mat value = mat_new(1, w.M);
	uint32_t *known = mem_array(w.M + 1, sizeof(*known));
	size_t n = 0;

	*out = (struct adjusted){w.M, arena_array(arena, struct adjusted_row, w.M + 1)};
	for (size_t m = 0; m < w.M; m++)
		out->v[m] = (struct adjusted_row){NAN, NAN, NAN, w.foretold[m], 0, 0};
	if (w.total > 0) {
		draw_values(&w, 1, &value);
		for (size_t m = 0; m < w.M; m++)
			if (!isnan(value.v[m])) {
				out->v[m].value = (double)value.v[m];
				known[n++] = (uint32_t)m;
			}
		judge(&w, known, n, out->v);
	}
	mem_free(known);
	mat_free(&value);
	work_clear(&w);
}

/* What is kept: an array a model, with its id first. */

bool adjusted_kept(
    struct db *db, const struct catalog *c, struct arena *arena, struct adjusted *out)
{
	json_t *rows = c->run ? kept_read(db, c, c->run, "adjusted") : NULL;
	bool ok = json_array_size(rows) == c->n_models && c->n_models;
	struct adjusted_row *v = arena_array(arena, struct adjusted_row, c->n_models + 1);

	for (size_t i = 0; i < c->n_models && ok; i++) {
		const json_t *row = json_array_get(rows, i);
		size_t m = 0;

		while (m < c->n_models && c->models[m].id != (int64_t)json_number_at(row, 0))
			m++;
		ok = m < c->n_models && json_array_size(row) == 7;
		if (ok)
			v[m] = (struct adjusted_row){json_number_at(row, 1), json_number_at(row, 2),
			    json_number_at(row, 3), json_number_at(row, 4),
			    (uint32_t)json_number_at(row, 5), (uint32_t)json_number_at(row, 6)};
	}
	json_decref(rows);
	if (ok)
		*out = (struct adjusted){c->n_models, v};
	return ok;
}

static void keep(struct db *db, const struct atlas *a, const struct adjusted *v)
{
	json_t *rows = json_array();

	for (size_t m = 0; m < v->n; m++) {
		const struct adjusted_row *r = &v->v[m];

		json_array_append_new(
		    rows, json_pack("[I,o,o,o,o,i,i]", (json_int_t)a->catalog.models[m].id,
			      json_number(r->value), json_number(r->low), json_number(r->high),
			      json_number(r->foretold), (int)r->rank_low, (int)r->rank_high));
	}
	kept_write(db, &a->catalog, a->run, "adjusted", rows);
}

void adjusted_find(struct db *db, const struct atlas *a, struct arena *arena, struct adjusted *out)
{
	*out = (struct adjusted){0};
	if (!a->run ||
	    (db && a->run == a->catalog.run && adjusted_kept(db, &a->catalog, arena, out)))
		return;
	task_adjusted(a, arena, out);
	keep(db, a, out);
}
