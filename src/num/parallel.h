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

/* One function on several threads at once, with places where all wait for all: for work of many
 * small steps, where starting threads for each would cost more than the step. */
struct parallel_team;
typedef void parallel_member(void *arg, size_t worker, struct parallel_team *team);

/* Calls fn on at most `threads` (and parallel_threads()) threads, with worker 0 on this one, and
 * returns when all have. */
void parallel_together(size_t threads, parallel_member *fn, void *arg);
/* How many there are: fewer than asked for where the system gives no more. */
size_t parallel_team_size(const struct parallel_team *team);
/* Returns when every member has called it. What they wrote before is seen after. */
void parallel_wait(struct parallel_team *team);

#endif
