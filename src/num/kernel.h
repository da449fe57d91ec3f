/* kernel.h - which of OpenBLAS's kernels to run on: the parts of kernel_choose (num/blas.h)
 * that tests look at one by one. Nobody else needs this header. */
#ifndef NUM_KERNEL_H
#define NUM_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/* Called once by main() for verbs that do mathematics,
 * before any thread of ours: compares the kernel OpenBLAS picked with what the processor can do;
 * where it is worse and the user has not set OPENBLAS_CORETYPE (an empty value counts as unset),
 * better kernels are tried in a child process and the verdict is kept in the cache folder; then
 * the program re-executes itself once with it. Returns where nothing is to be done; never fails
 * (trouble means: keep the kernel there is). */
void kernel_choose(char **argv);

/* What `doctor` shows. */
struct kernel_report {
	const char *kernel; /* in use */
	/* "set by OPENBLAS_CORETYPE", "the library's own choice", "chosen: faster and checked", ... */
	const char *why;
	const char *cpu; /* best instruction set: "avx512", "avx2", "sse3", "other" */
	int threads;
	double sgemm_gflops; /* measured now, 512x512x512, all threads */
	double dgemm_gflops;
};
void kernel_report(struct kernel_report *r);

/* What follows are its parts. */

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
 * this program started again; its main must call kernel_choose first. False where the kernel
 * is missing or wrong, crashes or takes over five seconds. */
bool kernel_trial(const char *name, struct kernel_speed *s);

/* The kernel to run on where the library took `current`, from the cache file or by trials (then
 * the file is written; NULL = neither). Equals `current` where nothing better was found. */
void kernel_verdict(const char *current, const char *cache_file, char best[32]);

#endif
