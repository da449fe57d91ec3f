/* kernel.h - which of OpenBLAS's kernels to run on: the parts of blas_choose_kernel (num/blas.h)
 * that tests look at one by one. Nobody else needs this header. */
#ifndef NUM_KERNEL_H
#define NUM_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

enum kernel_isa { /* instruction sets that matter to a matrix product, worst first */
	KERNEL_OTHER,
	KERNEL_SSE3,
	KERNEL_AVX,
	KERNEL_AVX2, /* with FMA */
	KERNEL_AVX512,
	KERNEL_ISA_COUNT
};

enum kernel_isa kernel_cpu(void); /* the best this processor can do */
/* What a kernel of this name uses. A name we do not know is newer than this table: AVX512. */
enum kernel_isa kernel_isa_of(const char *name);

struct kernel_speed {
	char name[32];       /* the kernel the library really took */
	double sgemm, dgemm; /* GFLOP/s at 512 x 512 x 512, all threads */
};

/* In this process: whether products in all transposes and odd sizes, Cholesky and SVD are right.
 * About 0.1 s. */
bool kernel_check(void);
void kernel_measure(struct kernel_speed *s);

/* Checks and measures kernel `name` (NULL = the library's own choice) in a child process, which is
 * this program started again; its main must call blas_choose_kernel first. False where the kernel
 * is missing or wrong, crashes or takes over five seconds. */
bool kernel_trial(const char *name, struct kernel_speed *s);

/* The kernel to run on where the library took `current`, from the cache file or by trials (then
 * the file is written; NULL = neither). Equals `current` where nothing better was found. */
void kernel_verdict(const char *current, const char *cache_file, char best[32]);

#endif
