/* xoshiro256++ 1.0 and splitmix64: Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47 (2021); their code is in the public domain. */
#include "base/rng.h"

#include <assert.h>
#include <math.h>

static uint64_t splitmix64(uint64_t *x)
{
	uint64_t z = (*x += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static uint64_t rotl(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

void rng_init(struct rng *r, uint64_t seed, uint64_t stream)
{
	uint64_t x = stream, y = seed ^ splitmix64(&x);

	for (int i = 0; i < 4; i++)
		r->s[i] = splitmix64(&y);
}

uint64_t rng_next(struct rng *r)
{
	uint64_t *s = r->s;
	uint64_t result = rotl(s[0] + s[3], 23) + s[0];
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return result;
}

double rng_uniform(struct rng *r)
{
	return (double)(rng_next(r) >> 11) * 0x1p-53;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	uint64_t x, rest;

	assert(n >= 1);
	/* Values under 2^64 mod n would make small results likelier: draw again. */
	rest = -n % n;
	do {
		x = rng_next(r);
	} while (x < rest);
	return x % n;
}

double rng_normal(struct rng *r)
{
	double u, v, s;

	/* Marsaglia's polar method. Its second value is dropped: the state stays four words. */
	do {
		u = 2 * rng_uniform(r) - 1;
		v = 2 * rng_uniform(r) - 1;
		s = u * u + v * v;
	} while (s >= 1 || s == 0);
	return u * sqrt(-2 * log(s) / s);
}

void rng_shuffle(struct rng *r, uint32_t *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(r, i);
		uint32_t t = v[i - 1];

		v[i - 1] = v[j];
		v[j] = t;
	}
}

unsigned rng_poisson1(struct rng *r)
{
	/* Inversion: p(k) = e^-1 / k!. */
	double u = rng_uniform(r), p = 0.36787944117144233;
	unsigned k = 0;

	while (u >= p && k < 20) {
		u -= p;
		p /= ++k;
	}
	return k;
}
