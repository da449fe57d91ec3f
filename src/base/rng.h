/* rng.h - explicit random state: xoshiro256++ seeded by splitmix64. Same numbers on every machine. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	uint64_t s[4];
};

/* `stream` gives independent generators from one seed (one per purpose; name them in an enum). */
void rng_init(struct rng *r, uint64_t seed, uint64_t stream);
uint64_t rng_next(struct rng *r);
double rng_uniform(struct rng *r);             /* [0, 1) */
uint64_t rng_below(struct rng *r, uint64_t n); /* unbiased, n >= 1 */
double rng_normal(struct rng *r);              /* mean 0, variance 1 */
void rng_shuffle(struct rng *r, uint32_t *v, size_t n);
unsigned rng_poisson1(struct rng *r); /* Poisson with mean 1, for the bootstrap */

#endif
