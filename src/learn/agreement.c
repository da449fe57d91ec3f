#include "learn/agreement.h"

#include "base/mem.h"

#include <math.h>

struct agreement agreement_new(const struct dataset *d, const uint32_t *question, size_t n)
{
	size_t M = d->n_models, Q = question ? n : d->n_questions;
	struct agreement a = {.words = Q / 64 + 1};

	a.has = mem_zero_array(2 * M * a.words + 1, sizeof(*a.has));
	a.right = a.has + M * a.words;
	for (size_t q = 0; q < Q; q++)
		for (size_t m = 0; m < M; m++) {
			float y = d->score[(question ? question[q] : q) * M + m];

			a.has[m * a.words + q / 64] |= (uint64_t)!isnan(y) << q % 64;
			a.right[m * a.words + q / 64] |= (uint64_t)(y >= 0.5f) << q % 64;
		}
	return a;
}

void agreement_free(struct agreement *a)
{
	mem_free(a->has);
	*a = (struct agreement){.words = 0};
}

void agreement_count(const struct agreement *a, size_t x, size_t y, size_t *common, size_t *differ)
{
	const uint64_t *h = a->has + x * a->words, *k = a->has + y * a->words;
	const uint64_t *r = a->right + x * a->words, *s = a->right + y * a->words;

	*common = *differ = 0;
	for (size_t w = 0; w < a->words; w++) {
		uint64_t both = h[w] & k[w];

		*common += (size_t)__builtin_popcountll(both);
		*differ += (size_t)__builtin_popcountll(both & (r[w] ^ s[w]));
	}
}
