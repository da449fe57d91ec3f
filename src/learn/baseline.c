#include "learn/baseline.h"

#include "base/mem.h"

#include <math.h>

#define PRIOR 4.0 /* pseudo-labels that a parent is worth */

const char *const baseline_name[BASELINE_COUNT] = {
    [BASELINE_GLOBAL] = "global",
    [BASELINE_MODEL] = "model",
    [BASELINE_BENCHMARK] = "benchmark",
    [BASELINE_CELL] = "model_x_benchmark",
};

static double logit(double p)
{
	return log(p / (1 - p));
}

static double smooth(double right, double seen, double parent)
{
	return (right + PRIOR * parent) / (seen + PRIOR);
}

/* Sums of weight and of weight * label per (model, benchmark) on the training part. */
static void count(const struct dataset *d, double *seen, double *right)
{
	for (size_t q = 0; q < d->n_questions; q++) {
		if (d->part[q] != PART_TRAIN)
			continue;
		for (size_t m = 0; m < d->n_models; m++) {
			size_t i = q * d->n_models + m, c = m * d->n_benchmarks + d->benchmark[q];
			double w = d->weight ? (double)d->weight[i] : 1;

			if (isnan(d->score[i]))
				continue;
			seen[c] += w;
			right[c] += w * (double)d->score[i];
		}
	}
}

struct baseline baseline_fit(const struct dataset *d)
{
	size_t M = d->n_models, B = d->n_benchmarks;
	double *seen = mem_zero_array(M * B + 1, sizeof(*seen));
	double *right = mem_zero_array(M * B + 1, sizeof(*right));
	double *bseen = mem_zero_array(B + 1, sizeof(*bseen));
	double *bright = mem_zero_array(B + 1, sizeof(*bright));
	struct baseline r = {.n_benchmarks = B};
	double all_seen = 0, all_right = 0;

	r.model = mem_array(M + 1, sizeof(*r.model));
	r.ability = mem_array(M + 1, sizeof(*r.ability));
	r.benchmark = mem_array(B + 1, sizeof(*r.benchmark));
	r.cell = mem_array(M * B + 1, sizeof(*r.cell));
	count(d, seen, right);
	for (size_t c = 0; c < M * B; c++) {
		bseen[c % B] += seen[c];
		bright[c % B] += right[c];
		all_seen += seen[c];
		all_right += right[c];
	}
	r.global = smooth(all_right, all_seen, 0.5);
	for (size_t b = 0; b < B; b++)
		r.benchmark[b] = smooth(bright[b], bseen[b], r.global);
	for (size_t m = 0; m < M; m++) {
		double s = 0, y = 0, expected = 0;

		for (size_t b = 0; b < B; b++) {
			s += seen[m * B + b];
			y += right[m * B + b];
			expected += seen[m * B + b] * r.benchmark[b];
		}
		r.model[m] = smooth(y, s, r.global);
		r.ability[m] = s > 0 ? (y - expected) / s : -INFINITY;
	}
	for (size_t m = 0; m < M; m++)
		for (size_t b = 0; b < B; b++) {
			double parent = logit(r.model[m]) + logit(r.benchmark[b]) - logit(r.global);

			r.cell[m * B + b] =
			    smooth(right[m * B + b], seen[m * B + b], 1 / (1 + exp(-parent)));
		}
	mem_free(seen);
	mem_free(right);
	mem_free(bseen);
	mem_free(bright);
	return r;
}

void baseline_free(struct baseline *r)
{
	mem_free(r->model);
	mem_free(r->ability);
	mem_free(r->benchmark);
	mem_free(r->cell);
	*r = (struct baseline){0};
}

double baseline_rate(
    const struct baseline *r, enum baseline_kind which, size_t model, size_t benchmark)
{
	switch (which) {
	case BASELINE_MODEL:
		return r->model[model];
	case BASELINE_BENCHMARK:
		return r->benchmark[benchmark];
	case BASELINE_CELL:
		return r->cell[model * r->n_benchmarks + benchmark];
	default:
		return r->global;
	}
}
