/* topk.h - the k best of n scores. */
#ifndef NUM_TOPK_H
#define NUM_TOPK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct topk {
	size_t k, n;     /* wanted, and held so far */
	float *score;    /* (k) a heap, the worst kept one first; owned */
	uint32_t *index; /* (k) */
};

void topk_init(struct topk *t, size_t k); /* k >= 1 */
void topk_clear(struct topk *t);          /* frees */
void topk_reset(struct topk *t);          /* empty again, storage kept */

/* Offer one. Higher scores are better; of equal ones the lower index is. NaN is never kept. */
void topk_add(struct topk *t, float score, uint32_t index);

/* Best first; no more may be added until topk_reset. */
void topk_sort(struct topk *t);

#endif
