/* mat.h - row-major float32 matrices.
 *
 * src/num may include base/ and itself. It holds numbers and knows nothing of models, questions,
 * files or screens.
 */
#ifndef NUM_MAT_H
#define NUM_MAT_H

#include <stddef.h>
#include <stdint.h>

struct mat {
	size_t rows, cols;
	float *v; /* (rows, cols), row-major, 64-byte aligned; NULL when rows * cols == 0 */
};

struct mat mat_new(size_t rows, size_t cols);            /* zeroed; mat_free */
struct mat mat_view(float *v, size_t rows, size_t cols); /* borrows v */
/* dst (n, cols) <- the rows of src (., cols) at `index` (n). */
void mat_gather(const float *src, size_t cols, const uint32_t *index, size_t n, float *dst);
void mat_free(struct mat *a); /* frees an owned one, leaves it empty */
static inline float *mat_row(const struct mat *a, size_t i)
{
	return a->v + i * a->cols;
}

#endif
