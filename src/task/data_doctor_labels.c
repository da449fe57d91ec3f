/* Items, models and benchmarks whose labels go against all others.
 *
 * A model's ability is the mean over its answers of (label - share right of the question), so that
 * models that answered other questions can be compared; the item, or benchmark, under test is left out
 * of it. Correlations are point-biserial, their p by Fisher's z.
 */
#include "task/data_doctor_checks.h"

#include "base/mem.h"
#include "base/share.h"
#include "num/stats.h"
#include "task/atlas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MODELS 12    /* with an answer, for a statement about an item or a benchmark */
#define QUESTIONS 50 /* for one about a model */
#define EITHER 3     /* right, and wrong, answers of an item */
#define NEARLY 0.95  /* all, and none less this */
#define STRONG 0.25  /* the share of the models that are strong */
#define STRONG_SAY 0.75

struct labels {
	const struct atlas *a;
	size_t Q, M, B;
	double *ease;        /* (Q) share right, NaN without answers */
	double *n, *right;   /* (Q) */
	double *gain, *seen; /* (M, B) sums of label - ease, and how many */
	double *all, *all_n; /* (M) over benchmarks */
	double *x, *y;       /* (max(M, Q)) scratch */
};

static float label_of(const struct labels *l, size_t q, size_t m)
{
	return l->a->data.score[q * l->M + m];
}

static struct labels labels_new(const struct atlas *a)
{
	size_t Q = a->data.n_questions, M = a->data.n_models, B = a->data.n_benchmarks;
	struct labels l = {.a = a, .Q = Q, .M = M, .B = B};
	size_t most = Q > M ? Q : M;

	l.ease = mem_zero_array(3 * Q + 1, sizeof(double));
	l.n = l.ease + Q;
	l.right = l.n + Q;
	l.gain = mem_zero_array(2 * M * B + 2 * M + 1, sizeof(double));
	l.seen = l.gain + M * B;
	l.all = l.seen + M * B;
	l.all_n = l.all + M;
	l.x = mem_array(2 * most + 1, sizeof(double));
	l.y = l.x + most;
	for (size_t q = 0; q < Q; q++) {
		for (size_t m = 0; m < M; m++) {
			float y = label_of(&l, q, m);

			l.n[q] += !isnan(y);
			l.right[q] += isnan(y) ? 0 : (double)y;
		}
		l.ease[q] = l.right[q] / l.n[q];
		for (size_t m = 0; m < M; m++) {
			float y = label_of(&l, q, m);
			size_t cell = m * B + a->data.benchmark[q];

			if (isnan(y))
				continue;
			l.gain[cell] += (double)y - l.ease[q];
			l.seen[cell]++;
			l.all[m] += (double)y - l.ease[q];
			l.all_n[m]++;
		}
	}
	return l;
}

static void labels_clear(struct labels *l)
{
	mem_free(l->ease);
	mem_free(l->gain);
	mem_free(l->x);
}

/* One-sided p of a correlation r of n pairs being below 0. */
static double below_zero(double r, double n)
{
	if (isnan(r) || n < 4)
		return NAN;
	return 0.5 * erfc(-atanh(fmin(fmax(r, -0.999999), 0.999999)) * sqrt(n - 3) / sqrt(2));
}

struct ranked {
	double p;
	size_t at;
};

static int by_p(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;

	if (a->p != b->p)
		return a->p < b->p ? -1 : 1;
	return (a->at > b->at) - (a->at < b->at);
}

/* Those with a p, the least first. */
static struct ranked *rank(size_t n, const double *p, size_t *tests)
{
	struct ranked *v = mem_array(n + 1, sizeof(*v));

	*tests = 0;
	for (size_t i = 0; i < n; i++)
		if (!isnan(p[i]))
			v[(*tests)++] = (struct ranked){p[i], i};
	qsort(v, *tests, sizeof(*v), by_p);
	return v;
}

/* reject (n) <- which of the p stand after Holm's step-down (1979); returns how many. NaN: no test. */
static size_t holm(size_t n, const double *p, bool *reject)
{
	size_t tests, found = 0;
	struct ranked *v = rank(n, p, &tests);

	memset(reject, 0, n * sizeof(*reject));
	while (found < tests && v[found].p * (double)(tests - found) <= DATA_LEVEL)
		reject[v[found++].at] = true;
	mem_free(v);
	return found;
}

/* Items */

/* Correlation of being right on the item with ability on all others; p of its being negative. */
static double item_correlation(struct labels *l, size_t q, double *p)
{
	size_t n = 0;
	double r;

	*p = NAN;
	if (!(l->n[q] >= MODELS && l->right[q] >= EITHER && l->n[q] - l->right[q] >= EITHER))
		return NAN;
	for (size_t m = 0; m < l->M; m++) {
		float y = label_of(l, q, m);

		if (isnan(y) || l->all_n[m] < 2)
			continue;
		l->x[n] = (double)y;
		l->y[n++] = (l->all[m] - ((double)y - l->ease[q])) / (l->all_n[m] - 1);
	}
	r = stats_pearson(n, l->x, l->y);
	*p = below_zero(r, (double)n);
	return r;
}

/* How many of the strongest quarter of those who answered are wrong; *n how many these are. */
static double strong_wrong(struct labels *l, size_t q, size_t *n)
{
	size_t k = 0;
	double cut, wrong = 0;

	for (size_t m = 0; m < l->M; m++)
		if (!isnan(label_of(l, q, m)))
			l->x[k++] = l->all[m] / l->all_n[m];
	stats_sort(k, l->x);
	cut = l->x[k - (size_t)ceil(STRONG * (double)k)];
	*n = 0;
	for (size_t m = 0; m < l->M; m++) {
		float y = label_of(l, q, m);

		if (isnan(y) || l->all[m] / l->all_n[m] < cut)
			continue;
		++*n;
		wrong += 1 - (double)y;
	}
	return wrong;
}

static void check_items(struct labels *l, struct data_doctor *d)
{
	double *p = mem_array(2 * l->Q + 1, sizeof(*p)), *r = p + l->Q;
	bool *reject = mem_array(l->Q + 1, sizeof(*reject));
	struct ranked *order;
	size_t tests;

	for (size_t q = 0; q < l->Q; q++)
		r[q] = item_correlation(l, q, &p[q]);
	d->v[DATA_NEGATIVE].n = holm(l->Q, p, reject);
	order = rank(l->Q, p, &tests);
	d->v[DATA_NEGATIVE].of = d->v[DATA_WRONG_KEY].of = tests;
	for (size_t i = 0; i < tests && reject[order[i].at]; i++) {
		size_t q = order[i].at, strong;
		double wrong = strong_wrong(l, q, &strong);
		int64_t id = l->a->questions[q].id;

		data_finding_example(d, DATA_NEGATIVE, id, 0,
		    arena_printf(&d->arena, "correlation with ability %.2f, right for %.0f of %.0f",
			r[q], l->right[q], l->n[q]));
		if (wrong < STRONG_SAY * (double)strong)
			continue;
		d->v[DATA_WRONG_KEY].n++;
		data_finding_example(d, DATA_WRONG_KEY, id, 0,
		    arena_printf(&d->arena,
			"wrong for %.0f of the %zu strongest, right for %.0f of %.0f", wrong,
			strong, l->right[q], l->n[q]));
	}
	mem_free(order);
	mem_free(reject);
	mem_free(p);
}

/* Models and benchmarks */

/* Of a model's labels with the share right among the others. */
static double model_correlation(struct labels *l, size_t m, double *p)
{
	size_t n = 0;
	double r;

	*p = NAN;
	for (size_t q = 0; q < l->Q; q++) {
		float y = label_of(l, q, m);

		if (isnan(y) || l->n[q] < 2)
			continue;
		l->x[n] = (double)y;
		l->y[n++] = (l->right[q] - (double)y) / (l->n[q] - 1);
	}
	if (n < QUESTIONS)
		return NAN;
	r = stats_pearson(n, l->x, l->y);
	*p = below_zero(r, (double)n);
	return r;
}

/* Of the models' ability on a benchmark with that on all others. */
static double benchmark_correlation(struct labels *l, size_t b, double *p)
{
	size_t n = 0;
	double r;

	*p = NAN;
	for (size_t m = 0; m < l->M; m++) {
		size_t cell = m * l->B + b;
		double rest = l->all_n[m] - l->seen[cell];

		if (l->seen[cell] < 1 || rest < 1)
			continue;
		l->x[n] = l->gain[cell] / l->seen[cell];
		l->y[n++] = (l->all[m] - l->gain[cell]) / rest;
	}
	if (n < MODELS)
		return NAN;
	r = stats_pearson(n, l->x, l->y);
	*p = below_zero(r, (double)n);
	return r;
}

typedef double correlation(struct labels *l, size_t i, double *p);

static void check_flipped(
    struct labels *l, enum data_check check, size_t n, correlation *of, struct data_doctor *d)
{
	double *p = mem_array(2 * n + 1, sizeof(*p)), *r = p + n;
	bool *reject = mem_array(n + 1, sizeof(*reject));
	const struct catalog *c = &l->a->catalog;
	struct ranked *order;
	size_t tests;

	for (size_t i = 0; i < n; i++)
		r[i] = of(l, i, &p[i]);
	d->v[check].n = holm(n, p, reject);
	order = rank(n, p, &tests);
	d->v[check].of = tests;
	for (size_t i = 0; i < tests && reject[order[i].at]; i++) {
		size_t at = order[i].at;

		if (check == DATA_FLIPPED_MODEL)
			data_finding_example(d, check, 0, c->models[at].id,
			    arena_printf(&d->arena, "correlation with the others %.2f", r[at]));
		else
			data_finding_example(d, check, 0, 0,
			    arena_printf(&d->arena,
				"%s: correlation with ability on the others %.2f",
				c->benchmarks[at].name, r[at]));
	}
	mem_free(order);
	mem_free(reject);
	mem_free(p);
}

/* The interval of the middle model's share right lies beyond all but a little. */
static void check_bounds(struct labels *l, struct data_doctor *d)
{
	const struct catalog *c = &l->a->catalog;

	for (size_t b = 0; b < l->B; b++) {
		size_t n = 0, of = 0;
		double seen = 0, middle, low, high;

		for (size_t m = 0; m < l->M; m++) {
			size_t i = m * l->B + b;

			if (!(c->seen[i] > 0))
				continue;
			l->x[n++] = c->right[i] / c->seen[i];
			seen += c->seen[i];
		}
		if (!n)
			continue;
		of++;
		stats_sort(n, l->x);
		middle = stats_quantile(n, l->x, 0.5);
		share_interval(middle * seen / (double)n, seen / (double)n, &low, &high);
		d->v[DATA_CEILING].of += of;
		d->v[DATA_FLOOR].of += of;
		for (int floor = 0; floor < 2; floor++) {
			enum data_check check = floor ? DATA_FLOOR : DATA_CEILING;

			if (floor ? high > 1 - NEARLY : low < NEARLY)
				continue;
			d->v[check].n++;
			data_finding_example(d, check, 0, 0,
			    arena_printf(&d->arena, "%s: the middle model is right on %.1f %%",
				c->benchmarks[b].name, 100 * middle));
		}
	}
}

/* Logits of shares right, with half a label on both sides: a Rasch model to a first approximation. */
static void rasch(const struct labels *l, double *ability, double *difficulty)
{
	double mean = 0, n = 0;

	for (size_t q = 0; q < l->Q; q++) {
		double p = (l->right[q] + 0.5) / (l->n[q] + 1);

		difficulty[q] = log((1 - p) / p);
		if (l->n[q] > 0) {
			mean += l->right[q];
			n += l->n[q];
		}
	}
	mean = n > 0 ? mean / n : 0.5;
	for (size_t m = 0; m < l->M; m++) {
		double k = l->all_n[m] + 1, p = (l->all[m] + mean * l->all_n[m] + 0.5) / k;

		p = fmin(fmax(p, 0.5 / k), 1 - 0.5 / k);
		ability[m] = log(p / (1 - p)) - log(fmax(mean, 1e-6) / fmax(1 - mean, 1e-6));
	}
}

void data_doctor_labels(const struct atlas *a, struct data_doctor *d)
{
	struct labels l = labels_new(a);
	double *ability = mem_array(l.M + l.Q + 1, sizeof(*ability)), *difficulty = ability + l.M;

	rasch(&l, ability, difficulty);
	data_doctor_copies(a, ability, difficulty, d);
	check_bounds(&l, d);
	check_items(&l, d);
	check_flipped(&l, DATA_FLIPPED_MODEL, l.M, model_correlation, d);
	check_flipped(&l, DATA_FLIPPED_BENCHMARK, l.B, benchmark_correlation, d);
	mem_free(ability);
	labels_clear(&l);
}
