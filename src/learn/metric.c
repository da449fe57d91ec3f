/* Everything is computed in one walk over the rows in ascending order of their forecast, sorted
 * once for all resamples: a resample only changes how much each row weighs. */
#include "learn/metric.h"

#include "base/mem.h"
#include "base/rng.h"
#include "num/stats.h"

#include <math.h>
#include <string.h>

#define BINS 15
#define CLIP 1e-6f /* a forecast of 0 or 1 costs log(1e6) where it is wrong, not infinity */

struct metric_rows metric_rows_new(size_t n_questions, size_t n_models, const float *p,
    const float *label, const float *weight, const unsigned char *keep)
{
	struct metric_rows r = {.n_questions = n_questions, .n_models = n_models};
	size_t cells = n_questions * n_models + 1;

	r.p = mem_floats(cells);
	r.y = mem_floats(cells);
	r.w = mem_floats(cells);
	r.question = mem_array(cells, sizeof(*r.question));
	r.model = mem_array(cells, sizeof(*r.model));
	for (size_t q = 0; q < n_questions; q++) {
		if (keep && !keep[q])
			continue;
		for (size_t m = 0; m < n_models; m++) {
			size_t i = q * n_models + m;

			if (isnan(label[i]))
				continue;
			r.p[r.n] = p[i];
			r.y[r.n] = label[i];
			r.w[r.n] = weight ? weight[i] : 1;
			r.question[r.n] = (uint32_t)q;
			r.model[r.n++] = (uint32_t)m;
		}
	}
	return r;
}

void metric_rows_free(struct metric_rows *r)
{
	mem_free(r->p);
	mem_free(r->y);
	mem_free(r->w);
	mem_free(r->question);
	mem_free(r->model);
	*r = (struct metric_rows){0};
}

/* Rows copied into ascending order of p, with what does not depend on the resample. */
struct sorted {
	size_t n, n_models;
	float *p, *right, *wrong;   /* w * y and w * (1 - y) */
	float *hit, *loss, *square; /* w * figure of the row */
	uint32_t *question, *model;
	struct tally *tally; /* (n_models) scratch */
};

/* Mann-Whitney sums of one model, fed in ascending order of p. */
struct tally {
	double right, wrong; /* so far, without the tied group below */
	double tie_right, tie_wrong;
	double pairs; /* right above wrong, ties half */
	float tie_p;
};

static void sorted_init(struct sorted *s, const struct metric_rows *r)
{
	unsigned *order = mem_array(r->n + 1, sizeof(*order));
	size_t n = r->n + 1;

	*s = (struct sorted){.n = r->n, .n_models = r->n_models};
	s->p = mem_floats(n);
	s->right = mem_floats(n);
	s->wrong = mem_floats(n);
	s->hit = mem_floats(n);
	s->loss = mem_floats(n);
	s->square = mem_floats(n);
	s->question = mem_array(n, sizeof(*s->question));
	s->model = mem_array(n, sizeof(*s->model));
	s->tally = mem_array(r->n_models + 1, sizeof(*s->tally));
	stats_order(r->n, r->p, order);
	for (size_t i = 0; i < r->n; i++) {
		size_t j = order[i];
		float p = r->p[j], y = r->y[j], w = r->w[j];
		float safe = fminf(fmaxf(p, CLIP), 1 - CLIP);

		s->p[i] = p;
		s->right[i] = w * y;
		s->wrong[i] = w * (1 - y);
		s->hit[i] = w * (p >= 0.5f ? y : 1 - y);
		s->loss[i] = w * -(y * logf(safe) + (1 - y) * log1pf(-safe));
		s->square[i] = w * (y * (1 - p) * (1 - p) + (1 - y) * p * p);
		s->question[i] = r->question[j];
		s->model[i] = r->model[j];
	}
	mem_free(order);
}

static void sorted_clear(struct sorted *s)
{
	mem_free(s->p);
	mem_free(s->right);
	mem_free(s->wrong);
	mem_free(s->hit);
	mem_free(s->loss);
	mem_free(s->square);
	mem_free(s->question);
	mem_free(s->model);
	mem_free(s->tally);
}

static void tally_close(struct tally *t)
{
	t->pairs += t->tie_right * (t->wrong + 0.5 * t->tie_wrong);
	t->right += t->tie_right;
	t->wrong += t->tie_wrong;
	t->tie_right = t->tie_wrong = 0;
}

static inline void tally_add(struct tally *t, float p, double right, double wrong)
{
	if (p != t->tie_p) {
		tally_close(t);
		t->tie_p = p;
	}
	t->tie_right += right;
	t->tie_wrong += wrong;
}

static double within_auc(struct tally *t, size_t n)
{
	double sum = 0, weight = 0;

	for (size_t m = 0; m < n; m++) {
		tally_close(&t[m]);
		if (t[m].right > 0 && t[m].wrong > 0) {
			double rows = t[m].right + t[m].wrong;

			sum += rows * t[m].pairs / (t[m].right * t[m].wrong);
			weight += rows;
		}
	}
	return weight > 0 ? sum / weight : NAN;
}

/* The figures with row i counted count[question[i]] times (NULL = once). */
static void walk(const struct sorted *s, const uint16_t *count, double out[METRIC_COUNT])
{
	struct tally pooled = {.tie_p = -1};
	double rows = 0, hit = 0, loss = 0, square = 0, seen = 0, ece = 0, total = 0;
	double bin_right = 0, bin_p = 0, edge = 1;

	for (size_t m = 0; m < s->n_models; m++)
		s->tally[m] = (struct tally){.tie_p = -1};
	for (size_t i = 0; i < s->n; i++)
		total += (count ? count[s->question[i]] : 1) * (double)(s->right[i] + s->wrong[i]);
	for (size_t i = 0; i < s->n; i++) {
		double c = count ? count[s->question[i]] : 1;
		double right, wrong, both;

		if (c == 0)
			continue;
		right = c * (double)s->right[i];
		wrong = c * (double)s->wrong[i];
		both = right + wrong;
		tally_add(&pooled, s->p[i], right, wrong);
		tally_add(&s->tally[s->model[i]], s->p[i], right, wrong);
		hit += c * (double)s->hit[i];
		loss += c * (double)s->loss[i];
		square += c * (double)s->square[i];
		rows += both;
		bin_right += right;
		bin_p += both * (double)s->p[i];
		seen += both;
		if (seen >= edge * total / BINS) {
			ece += fabs(bin_right - bin_p);
			bin_right = bin_p = 0;
			edge = floor(seen * BINS / total) + 1;
		}
	}
	ece += fabs(bin_right - bin_p);
	tally_close(&pooled);
	out[METRIC_ACCURACY] = rows > 0 ? hit / rows : NAN;
	out[METRIC_LOG_LOSS] = rows > 0 ? loss / rows : NAN;
	out[METRIC_BRIER] = rows > 0 ? square / rows : NAN;
	out[METRIC_ECE] = rows > 0 ? ece / rows : NAN;
	out[METRIC_AUC] = pooled.right > 0 && pooled.wrong > 0
			      ? pooled.pairs / (pooled.right * pooled.wrong)
			      : NAN;
	out[METRIC_AUC_WITHIN] = within_auc(s->tally, s->n_models);
}

void metric_compute(const struct metric_rows *r, double out[METRIC_COUNT])
{
	struct sorted s;

	sorted_init(&s, r);
	walk(&s, NULL, out);
	sorted_clear(&s);
}

uint16_t *metric_resample(size_t n_questions, size_t draws, uint64_t seed)
{
	uint16_t *counts = mem_zero_array(draws * n_questions + 1, sizeof(*counts));
	struct rng r;

	rng_init(&r, seed, 0);
	for (size_t b = 0; b < draws; b++)
		for (size_t i = 0; i < n_questions; i++)
			counts[b * n_questions + rng_below(&r, n_questions)]++;
	return counts;
}

void metric_bootstrap(
    const struct metric_rows *r, size_t draws, const uint16_t *counts, double *out)
{
	struct sorted s;

	sorted_init(&s, r);
	for (size_t b = 0; b < draws; b++)
		walk(&s, counts + b * r->n_questions, out + b * METRIC_COUNT);
	sorted_clear(&s);
}
