/* sparse.h - large matrices of small counts, and their products with dense ones.
 *
 * An entry is one word: column << 8 | count. What a count weighs is looked up while multiplying,
 * so a matrix of term frequencies takes four bytes a non-zero.
 */
#ifndef NUM_SPARSE_H
#define NUM_SPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "num/mat.h"

#define SPARSE_MAX_COLS ((size_t)1 << 24)
#define SPARSE_MAX_COUNT 255

struct sparse {
	size_t rows, cols; /* both at most SPARSE_MAX_COLS */
	size_t *start;     /* (rows + 1) row i is entry[start[i]] .. entry[start[i + 1] - 1] */
	uint32_t *entry;
};

static inline uint32_t sparse_entry(size_t col, unsigned count)
{
	return (uint32_t)col << 8 | count;
}
static inline size_t sparse_col(uint32_t entry)
{
	return entry >> 8;
}
static inline unsigned sparse_count(uint32_t entry)
{
	return entry & 255;
}

void sparse_free(struct sparse *a);
struct sparse sparse_transpose(const struct sparse *a); /* sparse_free; rows in ascending order */

/* C (rows, n) = W B, where W[i][j] = weight[count of i, j] and B is (cols, n). The same bits on any
 * number of threads. */
void sparse_multiply(const struct sparse *a, const float weight[SPARSE_MAX_COUNT + 1],
    const struct mat *b, struct mat *c);

#endif
