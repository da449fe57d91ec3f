/* routing.h - what sending each question to one model would have got right.
 *
 * Only models with a label for a question can be chosen for it: a strategy with a fixed order
 * (best single, best per benchmark) takes its first choice among those.
 */
#ifndef LEARN_ROUTING_H
#define LEARN_ROUTING_H

#include "learn/baseline.h"
#include "learn/dataset.h"

enum routing {
	ROUTING_ROUTED,                /* the highest forecast */
	ROUTING_BEST_SINGLE,           /* the model best on training data (rates.ability) */
	ROUTING_BEST_SINGLE_HINDSIGHT, /* the model best on these questions */
	ROUTING_BEST_PER_BENCHMARK,    /* the best training rate on the question's benchmark */
	ROUTING_RANDOM,                /* mean label of the question */
	ROUTING_ORACLE,                /* highest label of the question */
	ROUTING_STRATEGY_COUNT,
	ROUTING_GAP_RECOVERED = ROUTING_STRATEGY_COUNT, /* (routed - single) / (oracle - single) */
	ROUTING_COUNT
};

struct routing_outcomes {
	size_t n;        /* questions with a label */
	uint32_t *index; /* (n) into `questions` */
	float *got;      /* (n, ROUTING_STRATEGY_COUNT) label of the chosen model */
	size_t best_single, best_single_hindsight; /* models */
};

/* p (n_questions, n_models) forecasts for the n given questions of d, in that order. */
struct routing_outcomes routing_play(const struct dataset *d, const uint32_t *questions, size_t n,
    const float *p, const struct baseline *rates);
void routing_outcomes_free(struct routing_outcomes *o);

/* Means over the questions, question i counted count[index[i]] times (NULL = once). */
void routing_compute(
    const struct routing_outcomes *o, const uint16_t *count, double out[ROUTING_COUNT]);

#endif
