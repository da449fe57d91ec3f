/* limits.h - OpenBLAS under the limits of a shell. It starts its threads while it is being loaded and
 * stops the process by SIGINT where the system gives none; and it asks for a thread's buffer again and
 * again, for ever, where there is no memory. So it is given fewer threads from the start where memory
 * or processes are limited, and has its buffers before its first product, or the program ends. */
#ifndef NUM_LIMITS_H
#define NUM_LIMITS_H

#include <stddef.h>

/* A stack that OpenBLAS and we are sure to do with: threads have no less, whatever ulimit -s says. */
#define LIMITS_STACK ((size_t)8 << 20)

/* Called before any product, with OpenBLAS's number of threads; does its work once. Ends the program
 * where memory does not suffice. */
void limits_reserve(int threads);
/* How many threads OpenBLAS may have: `n`, or `now`, which it has, where memory or processes do not
 * suffice for more. */
int limits_threads(int n, int now);
/* The first thing in main: what was arranged for OpenBLAS's start is undone. */
void limits_loaded(void);

#endif
