/* exp.h - the exponential function for loops that the compiler vectorises. */
#ifndef NUM_EXP_H
#define NUM_EXP_H

#include <stdint.h>
#include <string.h>

static inline uint32_t float_bits(float x)
{
	uint32_t u;
	memcpy(&u, &x, sizeof(u));
	return u;
}

static inline float bits_float(uint32_t u)
{
	float x;
	memcpy(&x, &u, sizeof(x));
	return x;
}

/* exp(x) for x in [-87, 87], else clamped. Cody-Waite reduction; polynomial of Cephes' expf. */
static inline float exp_inline(float x)
{
	const float magic = 12582912.0f; /* 1.5 * 2^23: adding it rounds to an integer */
	float n, r, y;

	x = x > -87.0f ? x : -87.0f;
	x = x < 87.0f ? x : 87.0f;
	n = (x * 1.44269504f + magic) - magic;
	r = x - n * 0.693359375f;
	r = r + n * 2.12194440e-4f;
	y = 1.9875691500e-4f;
	y = y * r + 1.3981999507e-3f;
	y = y * r + 8.3334519073e-3f;
	y = y * r + 4.1665795894e-2f;
	y = y * r + 1.6666665459e-1f;
	y = y * r + 5.0000001201e-1f;
	y = y * (r * r) + r + 1.0f;
	return y * bits_float((uint32_t)((int32_t)n + 127) << 23);
}

#endif
