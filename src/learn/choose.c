/* x'Sx and x'Sg of all questions are kept up to date, so that a choice costs one product a question. */
#include "learn/choose.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

#define RANDOM_EVERY 5
#define LATE 64 /* answers from which on every second is random */

const char *const choose_name[CHOOSE_COUNT + 1] = {"random", "accuracy", "profile", NULL};

struct design {
	const struct place_side *side;
	double *s;         /* (K, K) covariance as if the chosen had been answered */
	double *sx;        /* (K) */
	double *w;         /* (N) p (1 - p) */
	double *xsx, *xsg; /* (N) */
};

static void product(size_t K, const double *s, const double *x, double *out)
{
	for (size_t k = 0; k < K; k++) {
		out[k] = 0;
		for (size_t l = 0; l < K; l++)
			out[k] += s[k * K + l] * x[l];
	}
}

static double dot(size_t K, const double *a, const double *b)
{
	double sum = 0;

	for (size_t k = 0; k < K; k++)
		sum += a[k] * b[k];
	return sum;
}

static struct design design_new(
    const struct place_side *side, const double *theta, const double *cov, const bool *open)
{
	size_t K = side->K, N = side->N;
	double *g = mem_zero_array(K, sizeof(*g));
	struct design t = {.side = side};

	t.s = mem_array(K * K, sizeof(double));
	t.sx = mem_array(K, sizeof(double));
	t.w = mem_zero_array(N, sizeof(double));
	t.xsx = mem_zero_array(N, sizeof(double));
	t.xsg = mem_zero_array(N, sizeof(double));
	memcpy(t.s, cov, K * K * sizeof(double));
	for (size_t j = 0; j < N; j++) {
		double p;

		if (!open[j])
			continue;
		p = place_forecast(side, j, theta, cov, &t.xsx[j]);
		t.w[j] = p * (1 - p);
		for (size_t k = 0; k < K; k++)
			g[k] += t.w[j] * side->x[j * K + k];
	}
	product(K, t.s, g, t.sx);
	for (size_t j = 0; j < N; j++)
		if (open[j])
			t.xsg[j] = dot(K, side->x + j * K, t.sx);
	mem_free(g);
	return t;
}

static void design_free(struct design *t)
{
	mem_free(t->s);
	mem_free(t->sx);
	mem_free(t->w);
	mem_free(t->xsx);
	mem_free(t->xsg);
}

/* The open question with the greatest gain; N: none is open. */
static size_t best(const struct design *t, enum chooser by, const bool *open)
{
	size_t N = t->side->N, at = N;
	double most = -1;

	for (size_t j = 0; j < N; j++) {
		double information = t->w[j] * t->xsx[j], gain;

		if (!open[j])
			continue;
		gain = by == CHOOSE_ACCURACY ? t->w[j] * t->xsg[j] * t->xsg[j] / (1 + information)
					     : information; /* the logarithm keeps the order */
		if (gain > most) {
			most = gain;
			at = j;
		}
	}
	return at;
}

/* S -= w S x x' S / (1 + w x' S x), and what hangs on it. */
static void answer(struct design *t, size_t question, const bool *open)
{
	size_t K = t->side->K;
	double scale = t->w[question] / (1 + t->w[question] * t->xsx[question]);
	double xsg = t->xsg[question];

	product(K, t->s, t->side->x + question * K, t->sx);
	for (size_t k = 0; k < K; k++)
		for (size_t l = 0; l < K; l++)
			t->s[k * K + l] -= scale * t->sx[k] * t->sx[l];
	for (size_t j = 0; j < t->side->N; j++) {
		double d;

		if (!open[j])
			continue;
		d = dot(K, t->side->x + j * K, t->sx);
		t->xsx[j] -= scale * d * d;
		t->xsg[j] -= scale * d * xsg;
	}
}

/* The more is known, the more of the error left is in what the model side cannot say, which only
 * random answers show. */
static bool is_random(size_t answered)
{
	return (answered + 1) % (answered < LATE ? RANDOM_EVERY : 2) == 0;
}

size_t choose_next(enum chooser by, const struct place_side *side, const double *theta,
    const double *cov, const uint32_t *order, size_t n_order, size_t answered, bool *open, size_t n,
    struct choice *out)
{
	struct design t = {0};
	size_t next = 0, got = 0;

	if (by != CHOOSE_RANDOM)
		t = design_new(side, theta, cov, open);
	while (got < n) {
		bool random = by == CHOOSE_RANDOM || is_random(answered + got);
		size_t q;

		while (next < n_order && !open[order[next]])
			next++;
		q = !random ? best(&t, by, open) : next < n_order ? order[next] : side->N;
		if (q == side->N)
			break;
		open[q] = false;
		if (by != CHOOSE_RANDOM)
			answer(&t, q, open);
		out[got++] = (struct choice){(uint32_t)q, random};
	}
	if (by != CHOOSE_RANDOM)
		design_free(&t);
	return got;
}
