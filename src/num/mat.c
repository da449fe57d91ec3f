#include "num/mat.h"

#include "base/mem.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

struct mat mat_new(size_t rows, size_t cols)
{
	struct mat a = {rows, cols, NULL};
	size_t n;

	if (__builtin_mul_overflow(rows, cols, &n))
		die("out of memory: a matrix of %zu by %zu asked for", rows, cols);
	if (n) {
		a.v = mem_floats(n);
		memset(a.v, 0, n * sizeof(float));
	}
	return a;
}

struct mat mat_view(float *v, size_t rows, size_t cols)
{
	return (struct mat){rows, cols, v};
}

void mat_free(struct mat *a)
{
	mem_free(a->v);
	*a = (struct mat){0, 0, NULL};
}

void mat_gather(const float *src, size_t cols, const uint32_t *index, size_t n, float *dst)
{
	for (size_t i = 0; i < n; i++)
		memcpy(dst + i * cols, src + (size_t)index[i] * cols, cols * sizeof(*dst));
}
