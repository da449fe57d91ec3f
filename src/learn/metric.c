/* A resample only changes how often each question counts. So what is a sum over rows is summed once a
 * question; what hangs on the order of the forecasts is one walk over the rows, sorted once for all
 * resamples, which serves LANES of them together. */
#include "learn/metric.h"

#include "base/mem.h"
#include "base/rng.h"
#include "num/parallel.h"
#include "num/stats.h"
#include "num/vec.h"

#include <math.h>
#include <string.h>

enum {
	BINS = 15,
	LANES = 8, /* doubles a vector register of AVX-512 */
};

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

/* A number for each of LANES resamples. */
typedef double lanes
    __attribute__((vector_size(LANES * sizeof(double)), aligned(sizeof(double)), may_alias));

/* Rows in ascending order of their forecast. */
struct ranking {
	size_t n;
	uint32_t *question;
	float *right, *wrong; /* weight * label, weight * (1 - label) */
	float *p;
	unsigned char *last; /* of those that tie with it */
};

enum sum { SUM_HIT, SUM_LOSS, SUM_SQUARE, SUM_ROWS, SUM_COUNT };

/* What no resample changes. */
struct judged {
	size_t n_questions, n_models;
	double *sum;          /* (n_questions, SUM_COUNT) */
	struct ranking all;   /* by forecast */
	struct ranking model; /* by model, then by forecast */
	size_t *first;        /* (n_models + 1) where a model begins there */
};

static void ranking_init(struct ranking *k, size_t n)
{
	k->n = n;
	k->question = mem_array(n + 1, sizeof(*k->question));
	k->right = mem_floats(n + 1);
	k->wrong = mem_floats(n + 1);
	k->p = mem_floats(n + 1);
	k->last = mem_array(n + 1, sizeof(*k->last));
}

static void ranking_clear(struct ranking *k)
{
	mem_free(k->question);
	mem_free(k->right);
	mem_free(k->wrong);
	mem_free(k->p);
	mem_free(k->last);
}

static void ranking_put(struct ranking *k, size_t at, const struct metric_rows *r, size_t row)
{
	k->question[at] = r->question[row];
	k->right[at] = r->w[row] * r->y[row];
	k->wrong[at] = r->w[row] * (1 - r->y[row]);
	k->p[at] = r->p[row];
}

/* Marks the ends of ties among rows begin..end. */
static void ranking_tie(struct ranking *k, size_t begin, size_t end)
{
	for (size_t i = begin; i < end; i++)
		k->last[i] = i + 1 == end || k->p[i] != k->p[i + 1];
}

static void judged_rank(struct judged *s, const struct metric_rows *r)
{
	unsigned *order = mem_array(r->n + 1, sizeof(*order));
	size_t *at = mem_array(r->n_models + 1, sizeof(*at));

	ranking_init(&s->all, r->n);
	ranking_init(&s->model, r->n);
	s->first = mem_zero_array(r->n_models + 2, sizeof(*s->first));
	for (size_t i = 0; i < r->n; i++)
		s->first[r->model[i] + 1]++;
	for (size_t m = 0; m < r->n_models; m++) {
		s->first[m + 1] += s->first[m];
		at[m] = s->first[m];
	}
	stats_order(r->n, r->p, order);
	for (size_t i = 0; i < r->n; i++) {
		ranking_put(&s->all, i, r, order[i]);
		ranking_put(&s->model, at[r->model[order[i]]]++, r, order[i]);
	}
	ranking_tie(&s->all, 0, r->n);
	for (size_t m = 0; m < r->n_models; m++)
		ranking_tie(&s->model, s->first[m], s->first[m + 1]);
	mem_free(order);
	mem_free(at);
}

static void judged_init(struct judged *s, const struct metric_rows *r)
{
	*s = (struct judged){.n_questions = r->n_questions, .n_models = r->n_models};
	s->sum = mem_zero_array(r->n_questions * SUM_COUNT + 1, sizeof(*s->sum));
	for (size_t i = 0; i < r->n; i++) {
		double *sum = s->sum + (size_t)r->question[i] * SUM_COUNT;
		float p = r->p[i], y = r->y[i], w = r->w[i];
		float safe = fminf(fmaxf(p, CLIP), 1 - CLIP);

		sum[SUM_HIT] += (double)(w * (p >= 0.5f ? y : 1 - y));
		sum[SUM_LOSS] += (double)(w * -(y * logf(safe) + (1 - y) * log1pf(-safe)));
		sum[SUM_SQUARE] += (double)(w * (y * (1 - p) * (1 - p) + (1 - y) * p * p));
		sum[SUM_ROWS] += (double)w;
	}
	judged_rank(s, r);
}

static void judged_clear(struct judged *s)
{
	mem_free(s->sum);
	ranking_clear(&s->all);
	ranking_clear(&s->model);
	mem_free(s->first);
}

/* Area under the ROC curve of rows begin..end, by Mann-Whitney, ties half; and their weight. */
NUM_VECTOR static void walk_area(const struct ranking *k, size_t begin, size_t end,
    const lanes *count, double area[LANES], double weight[LANES])
{
	lanes right = {0}, wrong = {0}, pairs = {0}, tie_right = {0}, tie_wrong = {0};

	for (size_t i = begin; i < end; i++) {
		const lanes c = count[k->question[i]];

		tie_right += c * (double)k->right[i];
		tie_wrong += c * (double)k->wrong[i];
		if (k->last[i]) {
			pairs += tie_right * (wrong + 0.5 * tie_wrong);
			right += tie_right;
			wrong += tie_wrong;
			tie_right = tie_wrong = (lanes){0};
		}
	}
	for (size_t l = 0; l < LANES; l++) {
		area[l] = right[l] > 0 && wrong[l] > 0 ? pairs[l] / (right[l] * wrong[l]) : NAN;
		weight[l] = right[l] + wrong[l];
	}
}

/* The sums of a resample at the begin of its bin, and the error of the bins before. */
struct bin {
	double right, p, error;
};

/* Ends the bin, and returns the mass of rows seen at which the next one ends. */
static double bin_end(struct bin *b, double right, double p, double seen, double total)
{
	b->error += fabs((right - b->right) - (p - b->p));
	b->right = right;
	b->p = p;
	return (floor(seen * BINS / total) + 1) * total / BINS;
}

/* Calibration error of all rows, whose weight is `total`. A resample ends a bin with the row that
 * reaches the bin's share of it. */
NUM_VECTOR static void walk_bins(
    const struct ranking *k, const lanes *count, const double total[LANES], double out[LANES])
{
	lanes right = {0}, p = {0}, seen = {0}, end;
	struct bin bin[LANES] = {{0}};

	for (size_t l = 0; l < LANES; l++)
		end[l] = total[l] / BINS;
	for (size_t i = 0; i < k->n; i++) {
		const lanes c = count[k->question[i]];
		const double w = (double)k->right[i] + (double)k->wrong[i];
		long long any = 0;

		right += c * (double)k->right[i];
		seen += c * w;
		p += c * (w * (double)k->p[i]);
		for (size_t l = 0; l < LANES; l++)
			any |= (seen >= end)[l];
		for (size_t l = 0; any && l < LANES; l++)
			if (seen[l] >= end[l])
				end[l] = bin_end(&bin[l], right[l], p[l], seen[l], total[l]);
	}
	for (size_t l = 0; l < LANES; l++) {
		bin_end(&bin[l], right[l], p[l], seen[l], total[l]);
		out[l] = total[l] > 0 ? bin[l].error / total[l] : NAN;
	}
}

/* Mean of the models' own areas, by their rows. */
static void walk_models(const struct judged *s, const lanes *count, double out[LANES])
{
	double sum[LANES] = {0}, rows[LANES] = {0};

	for (size_t m = 0; m < s->n_models; m++) {
		double area[LANES], weight[LANES];

		walk_area(&s->model, s->first[m], s->first[m + 1], count, area, weight);
		for (size_t l = 0; l < LANES; l++)
			if (!isnan(area[l])) {
				sum[l] += weight[l] * area[l];
				rows[l] += weight[l];
			}
	}
	for (size_t l = 0; l < LANES; l++)
		out[l] = rows[l] > 0 ? sum[l] / rows[l] : NAN;
}

/* All figures of LANES resamples, question q counted count[q] times. */
static void walk(const struct judged *s, const lanes *count, double out[METRIC_COUNT][LANES])
{
	lanes sum[SUM_COUNT] = {{0}};
	double rows[LANES];

	for (size_t q = 0; q < s->n_questions; q++)
		for (size_t k = 0; k < SUM_COUNT; k++)
			sum[k] += count[q] * s->sum[q * SUM_COUNT + k];
	for (size_t l = 0; l < LANES; l++) {
		double n = rows[l] = sum[SUM_ROWS][l];

		out[METRIC_ACCURACY][l] = n > 0 ? sum[SUM_HIT][l] / n : NAN;
		out[METRIC_LOG_LOSS][l] = n > 0 ? sum[SUM_LOSS][l] / n : NAN;
		out[METRIC_BRIER][l] = n > 0 ? sum[SUM_SQUARE][l] / n : NAN;
	}
	walk_bins(&s->all, count, rows, out[METRIC_ECE]);
	walk_area(&s->all, 0, s->all.n, count, out[METRIC_AUC], rows);
	walk_models(s, count, out[METRIC_AUC_WITHIN]);
}

/* Counts of LANES resamples beside each other, for each worker. */
struct bootstrap {
	struct judged judged;
	size_t draws;
	const uint16_t *counts; /* (draws, n_questions); NULL: each question once */
	lanes *count;           /* (workers, n_questions) */
	double *out;            /* (draws, METRIC_COUNT) */
};

static void bootstrap_block(void *arg, size_t begin, size_t end, size_t worker)
{
	struct bootstrap *b = arg;
	size_t n = b->judged.n_questions;
	lanes *count = b->count + worker * n;
	double figure[METRIC_COUNT][LANES];

	for (size_t l = 0; l < LANES; l++) {
		/* Lanes too many repeat the last draw. */
		size_t draw = begin + l < end ? begin + l : end - 1;

		for (size_t q = 0; q < n; q++)
			count[q][l] = b->counts ? b->counts[draw * n + q] : 1;
	}
	walk(&b->judged, count, figure);
	for (size_t i = begin; i < end; i++)
		for (size_t k = 0; k < METRIC_COUNT; k++)
			b->out[i * METRIC_COUNT + k] = figure[k][i - begin];
}

void metric_compute(const struct metric_rows *r, double out[METRIC_COUNT])
{
	metric_bootstrap(r, 1, NULL, out);
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
	struct bootstrap b = {.draws = draws, .counts = counts, .out = out};

	judged_init(&b.judged, r);
	b.count = mem_array(parallel_threads() * r->n_questions + 1, sizeof(*b.count));
	parallel_for(draws, LANES, bootstrap_block, &b);
	mem_free(b.count);
	judged_clear(&b.judged);
}
