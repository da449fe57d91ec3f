/* groups.h - does a group of things lie together? Mean distance within it beside that to all others,
 * and how often a group of its size, drawn at random, lies as close. */
#ifndef LEARN_GROUPS_H
#define LEARN_GROUPS_H

#include <stddef.h>
#include <stdint.h>

struct group {
	double within;  /* mean distance of two members */
	double between; /* of a member and one that is none */
	double p;       /* (1 + random groups with a `within` no larger) / (1 + drawn) */
};

/* d (n, n) symmetric distances; members (k) indexes below n, 2 <= k < n. */
struct group group_judge(size_t n, const double *d, const uint32_t *members, size_t k,
    size_t permutations, uint64_t seed);

#endif
