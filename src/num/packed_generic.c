/* packed_generic.c - for any processor with vectors of 4 floats, or none. */
#include "base/half.h"
#include "num/packed_kernel.h"

typedef float four __attribute__((vector_size(16)));

static inline four four_halves(const uint16_t *p)
{
	return (four){half_value(p[0]), half_value(p[1]), half_value(p[2]), half_value(p[3])};
}

#define TILE_KERNEL packed_generic
#define TILE_NAME "generic"
#define TILE_TARGET
#define TILE_LANES 4
#define TILE_ROWS 2
#define TILE_FMA(a, b, c) ((a) * (b) + (c))
#define TILE_ALL(x) ((four){x, x, x, x})
#define TILE_HALF(p) four_halves(p)
#include "num/packed_tile.h"
