/* agreement.h - on how many questions two models differ, for all pairs of many models: a bit a label. */
#ifndef LEARN_AGREEMENT_H
#define LEARN_AGREEMENT_H

#include <stdint.h>

#include "learn/dataset.h"

struct agreement {
	size_t words;
	uint64_t *has, *right; /* (n_models, words) */
};

/* On the given questions (n; NULL: all, n is ignored). A label counts as right from 1/2. */
struct agreement agreement_new(const struct dataset *d, const uint32_t *question, size_t n);
void agreement_free(struct agreement *a);
/* Questions that both have a label of, and those of them on which only one is right. */
void agreement_count(const struct agreement *a, size_t x, size_t y, size_t *common, size_t *differ);

#endif
