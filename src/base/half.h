/* half.h - numbers of half precision. */
#ifndef BASE_HALF_H
#define BASE_HALF_H

#include <stdint.h>

/* The float that an IEEE binary16 is, exactly, without the help of the processor. */
static inline float half_value(uint16_t h)
{
	union {
		uint32_t u;
		float f;
	} v;
	uint32_t sign = (uint32_t)(h & 0x8000) << 16, rest = h & 0x7fff;

	if (rest >= 0x7c00) { /* infinity and NaN */
		v.u = sign | 0x7f800000 | (rest & 0x3ff) << 13;
		return v.f;
	}
	/* The exponent as if it were a float's, then scaled to where it is: subnormals come out
	 * right of themselves. */
	v.u = rest << 13;
	v.f *= 0x1p112f;
	v.u |= sign;
	return v.f;
}

#endif
