#include "learn/groups.h"

#include "base/mem.h"
#include "base/rng.h"

enum { STREAM_PERMUTE = 0x67726f };

/* Sum of the distances of all ordered pairs of members. */
static double sum_within(size_t n, const double *d, const uint32_t *members, size_t k)
{
	double sum = 0;

	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++)
			if (j != i)
				sum += d[members[i] * n + members[j]];
	return sum;
}

struct group group_judge(size_t n, const double *d, const uint32_t *members, size_t k,
    size_t permutations, uint64_t seed)
{
	uint32_t *order = mem_array(n, sizeof(*order));
	double within = sum_within(n, d, members, k), all = 0, as_close = 1;
	struct rng r;

	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < n; j++)
			if (j != members[i])
				all += d[members[i] * n + j];
	for (size_t i = 0; i < n; i++)
		order[i] = (uint32_t)i;
	rng_init(&r, seed, STREAM_PERMUTE);
	for (size_t p = 0; p < permutations; p++) {
		rng_shuffle(&r, order, n);
		/* The same group in another order may differ in the last bits. */
		as_close += sum_within(n, d, order, k) <= within * (1 + 1e-12);
	}
	mem_free(order);
	return (struct group){
	    .within = within / (double)(k * (k - 1)),
	    .between = (all - within) / (double)(k * (n - k)),
	    .p = as_close / (double)(permutations + 1),
	};
}
