/* parallel.h - the same work on many items, on as many threads as BLAS uses. */
#ifndef NUM_PARALLEL_H
#define NUM_PARALLEL_H

#include <stddef.h>

#define PARALLEL_MAX 64

/* Items begin..end of a block; `worker` < parallel_threads() says whose scratch space to use. */
typedef void parallel_fn(void *arg, size_t begin, size_t end, size_t worker);

/* Threads that parallel_for uses: blas_threads(), at most PARALLEL_MAX. */
size_t parallel_threads(void);

/* Calls fn for every block of `block` items of 0..n (the last may be shorter) and returns when all
 * are done. Threads take the next block as they become free, so which worker gets which is chance:
 * what fn writes for a block must not depend on it. */
void parallel_for(size_t n, size_t block, parallel_fn *fn, void *arg);

#endif
