#include "num/blas.h"

#include "base/mem.h"
#include "num/limits.h"

#include <assert.h>
#include <cblas.h>
#include <limits.h>
#include <string.h>

/* Debian's OpenBLAS has LAPACK under its Fortran names only: column-major, everything by
 * reference. A row-major matrix is its own transpose to it. The hidden lengths of the character
 * arguments are passed too, as gfortran's convention asks. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info, size_t);
void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda,
    double *b, const int *ldb, int *info, size_t);
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
    double *work, const int *lwork, int *iwork, const int *liwork, int *info, size_t, size_t);
void dgesdd_(const char *jobz, const int *m, const int *n, double *a, const int *lda, double *s,
    double *u, const int *ldu, double *vt, const int *ldvt, double *work, const int *lwork,
    int *iwork, int *info, size_t);

static int to_int(size_t n)
{
	assert(n <= INT_MAX);
	return (int)n;
}

static CBLAS_TRANSPOSE transpose(bool t)
{
	return t ? CblasTrans : CblasNoTrans;
}

void blas_sgemm(bool ta, bool tb, size_t m, size_t n, size_t k, float alpha, const float *a,
    size_t lda, const float *b, size_t ldb, float beta, float *c, size_t ldc)
{
	limits_reserve(blas_threads());
	cblas_sgemm(CblasRowMajor, transpose(ta), transpose(tb), to_int(m), to_int(n), to_int(k),
	    alpha, a, to_int(lda), b, to_int(ldb), beta, c, to_int(ldc));
}

void blas_dgemm(bool ta, bool tb, size_t m, size_t n, size_t k, double alpha, const double *a,
    size_t lda, const double *b, size_t ldb, double beta, double *c, size_t ldc)
{
	limits_reserve(blas_threads());
	cblas_dgemm(CblasRowMajor, transpose(ta), transpose(tb), to_int(m), to_int(n), to_int(k),
	    alpha, a, to_int(lda), b, to_int(ldb), beta, c, to_int(ldc));
}

void blas_sgemv(bool ta, size_t m, size_t n, float alpha, const float *a, size_t lda,
    const float *x, float beta, float *y)
{
	limits_reserve(blas_threads());
	cblas_sgemv(CblasRowMajor, transpose(ta), to_int(m), to_int(n), alpha, a, to_int(lda), x, 1,
	    beta, y, 1);
}

/* Our lower triangle is Fortran's upper one. */
bool blas_chol(size_t n, double *a)
{
	int order = to_int(n), info;

	limits_reserve(blas_threads());
	dpotrf_("U", &order, a, &order, &info, 1);
	assert(info >= 0);
	return info == 0;
}

void blas_chol_solve(size_t n, const double *chol, size_t nrhs, double *b)
{
	int order = to_int(n), columns = to_int(nrhs), info;

	limits_reserve(blas_threads());
	dpotrs_("U", &order, &columns, chol, &order, b, &order, &info, 1);
	assert(info == 0);
}

bool blas_eigh(size_t n, double *a, double *w, double *v)
{
	int order = to_int(n), lwork = -1, liwork = -1, info, *iwork, isize;
	double *work, size;

	limits_reserve(blas_threads());
	dsyevd_("V", "U", &order, a, &order, w, &size, &lwork, &isize, &liwork, &info, 1, 1);
	assert(info == 0);
	lwork = (int)size;
	liwork = isize;
	work = mem_array((size_t)lwork, sizeof(*work));
	iwork = mem_array((size_t)liwork, sizeof(*iwork));
	dsyevd_("V", "U", &order, a, &order, w, work, &lwork, iwork, &liwork, &info, 1, 1);
	mem_free(iwork);
	mem_free(work);
	assert(info >= 0);
	if (info)
		return false;
	memcpy(v, a, n * n * sizeof(*v)); /* its columns are our rows */
	return true;
}

/* A = U S Vt is A' = V S U': Fortran's left vectors are our right ones. */
bool blas_svd(size_t m, size_t n, double *a, double *u, double *s, double *vt)
{
	size_t r = m < n ? m : n;
	int rows = to_int(n), cols = to_int(m), rank = to_int(r), lwork = -1, info, *iwork;
	double *work, size;

	limits_reserve(blas_threads());
	iwork = mem_array(8 * r, sizeof(*iwork));
	dgesdd_(
	    "S", &rows, &cols, a, &rows, s, vt, &rows, u, &rank, &size, &lwork, iwork, &info, 1);
	assert(info == 0);
	lwork = (int)size;
	work = mem_array((size_t)lwork, sizeof(*work));
	dgesdd_("S", &rows, &cols, a, &rows, s, vt, &rows, u, &rank, work, &lwork, iwork, &info, 1);
	mem_free(work);
	mem_free(iwork);
	assert(info >= 0);
	return info == 0;
}

void blas_set_threads(int n)
{
	if (n <= 0)
		n = openblas_get_num_procs();
	openblas_set_num_threads(limits_threads(n, openblas_get_num_threads()));
}

int blas_threads(void)
{
	return openblas_get_num_threads();
}

const char *blas_kernel(void)
{
	return openblas_get_corename();
}

const char *blas_config(void)
{
	return openblas_get_config();
}
