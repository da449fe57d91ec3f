/* packed_avx512.c - 12 rows by 32 columns in 24 registers of 16 floats. */
#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define TILE_KERNEL packed_avx512
#define TILE_NAME "avx512"
#define TILE_TARGET __attribute__((target("avx512f")))
#define TILE_LANES 16
#define TILE_ROWS 12
#define TILE_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define TILE_ALL(x) _mm512_set1_ps(x)
#define TILE_HALF(p) _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)(p)))
#include "num/packed_tile.h"
#else
typedef int packed_avx512_unused;
#endif
