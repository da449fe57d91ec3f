#include "learn/routing.h"

#include "base/mem.h"

#include <math.h>
#include <string.h>

/* Each model's mean of (label - the question's mean label) on the n questions: ability there. */
static void hindsight(const struct dataset *d, const uint32_t *questions, size_t n, double *ability)
{
	size_t M = d->n_models;
	double *seen = mem_zero_array(M + 1, sizeof(*seen));

	memset(ability, 0, M * sizeof(*ability));
	for (size_t i = 0; i < n; i++) {
		const float *y = d->score + (size_t)questions[i] * M;
		double sum = 0, k = 0;

		for (size_t m = 0; m < M; m++)
			if (!isnan(y[m])) {
				sum += (double)y[m];
				k++;
			}
		for (size_t m = 0; m < M; m++)
			if (!isnan(y[m])) {
				ability[m] += (double)y[m] - sum / k;
				seen[m]++;
			}
	}
	for (size_t m = 0; m < M; m++)
		ability[m] = seen[m] > 0 ? ability[m] / seen[m] : -INFINITY;
	mem_free(seen);
}

static size_t argmax(const double *v, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (v[i] > v[best])
			best = i;
	return best;
}

/* The outcomes of one question with labels y; false where it has none. */
static bool play(const float *y, const float *p, size_t M, const struct baseline *rates,
    const double *after, size_t benchmark, float *got)
{
	double top[ROUTING_STRATEGY_COUNT], sum = 0, k = 0;

	for (size_t s = 0; s < ROUTING_STRATEGY_COUNT; s++)
		top[s] = NAN;
	for (size_t m = 0; m < M; m++) {
		double value[ROUTING_STRATEGY_COUNT];

		if (isnan(y[m]))
			continue;
		value[ROUTING_ROUTED] = (double)p[m];
		value[ROUTING_BEST_SINGLE] = rates->ability[m];
		value[ROUTING_BEST_SINGLE_HINDSIGHT] = after[m];
		value[ROUTING_BEST_PER_BENCHMARK] =
		    baseline_rate(rates, BASELINE_CELL, m, benchmark);
		value[ROUTING_RANDOM] = 0;
		value[ROUTING_ORACLE] = (double)y[m];
		for (size_t s = 0; s < ROUTING_STRATEGY_COUNT; s++)
			if (isnan(top[s]) || value[s] > top[s]) {
				top[s] = value[s];
				got[s] = y[m];
			}
		sum += (double)y[m];
		k++;
	}
	if (k > 0)
		got[ROUTING_RANDOM] = (float)(sum / k);
	return k > 0;
}

struct routing_outcomes routing_play(const struct dataset *d, const uint32_t *questions, size_t n,
    const float *p, const struct baseline *rates)
{
	struct routing_outcomes o = {0};
	size_t M = d->n_models;
	double *after = mem_array(M + 1, sizeof(*after));

	o.index = mem_array(n + 1, sizeof(*o.index));
	o.got = mem_array(n * ROUTING_STRATEGY_COUNT + 1, sizeof(*o.got));
	hindsight(d, questions, n, after);
	o.best_single = argmax(rates->ability, M);
	o.best_single_hindsight = argmax(after, M);
	for (size_t i = 0; i < n; i++) {
		size_t q = questions[i];

		if (play(d->score + q * M, p + i * M, M, rates, after, d->benchmark[q],
			o.got + o.n * ROUTING_STRATEGY_COUNT))
			o.index[o.n++] = (uint32_t)i;
	}
	mem_free(after);
	return o;
}

void routing_outcomes_free(struct routing_outcomes *o)
{
	mem_free(o->index);
	mem_free(o->got);
	*o = (struct routing_outcomes){0};
}

void routing_compute(
    const struct routing_outcomes *o, const uint16_t *count, double out[ROUTING_COUNT])
{
	double sum[ROUTING_STRATEGY_COUNT] = {0}, n = 0, gap;

	for (size_t i = 0; i < o->n; i++) {
		double c = count ? count[o->index[i]] : 1;

		for (size_t s = 0; s < ROUTING_STRATEGY_COUNT; s++)
			sum[s] += c * (double)o->got[i * ROUTING_STRATEGY_COUNT + s];
		n += c;
	}
	for (size_t s = 0; s < ROUTING_STRATEGY_COUNT; s++)
		out[s] = n > 0 ? sum[s] / n : NAN;
	gap = out[ROUTING_ORACLE] - out[ROUTING_BEST_SINGLE];
	out[ROUTING_GAP_RECOVERED] =
	    gap > 0 ? (out[ROUTING_ROUTED] - out[ROUTING_BEST_SINGLE]) / gap : NAN;
}
