/* blas.h - the only door to OpenBLAS: products, factorisations, threads.
 *
 * All matrices are row-major with the given leading dimension (elements between rows).
 */
#ifndef NUM_BLAS_H
#define NUM_BLAS_H

#include <stdbool.h>
#include <stddef.h>

struct err;

/* C (m,n) = alpha * op(A) (m,k) * op(B) (k,n) + beta * C */
void blas_sgemm(bool ta, bool tb, size_t m, size_t n, size_t k, float alpha, const float *a,
    size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc);
void blas_dgemm(bool ta, bool tb, size_t m, size_t n, size_t k, double alpha, const double *a,
    size_t lda, const double *b, size_t ldb, double beta, double *c, size_t ldc);
/* y = alpha * op(A) x + beta * y; A is (m,n) */
void blas_sgemv(bool ta, size_t m, size_t n, float alpha, const float *a, size_t lda,
    const float *x, float beta, float *y);

/* Symmetric positive definite A (n,n): in-place Cholesky of the lower triangle. false if A is not
 * positive definite. Then blas_chol_solve overwrites B (nrhs rows of n: one right-hand side a
 * row) with the solutions. */
bool blas_chol(size_t n, double *a);
void blas_chol_solve(size_t n, const double *chol, size_t nrhs, double *b);
/* Symmetric eigenproblem: w ascending (n), rows of v (n,n) the eigenvectors; a is destroyed. */
bool blas_eigh(size_t n, double *a, double *w, double *v);
/* Thin SVD of A (m,n): U (m,r), s (r), Vt (r,n), r = min(m,n), descending; a is destroyed. */
bool blas_svd(size_t m, size_t n, double *a, double *u, double *s, double *vt);

void blas_set_threads(int n); /* 0 = all processors of this process */
int blas_threads(void);
const char *blas_kernel(void); /* e.g. "SkylakeX" */
const char *blas_config(void); /* the library's own description */

#endif
