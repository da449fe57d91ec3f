/* packed_avx2.c - 3 rows by 32 columns in 12 registers of 8 floats. */
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define TILE_KERNEL packed_avx2
#define TILE_NAME "avx2"
#define TILE_TARGET __attribute__((target("avx2,fma,f16c")))
#define TILE_LANES 8
#define TILE_ROWS 3
#define TILE_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define TILE_ALL(x) _mm256_set1_ps(x)
#define TILE_HALF(p) _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(const void *)(p)))
#include "num/packed_tile.h"
#else
typedef int packed_avx2_unused;
#endif
