/* Matrices from files of NumPy and PyTorch; the files are the seeds of the fuzz target. */
#include "config.h"

#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/tensor.h"
#include "ingest/tensor_npy.h"
#include "ingest/tensor_pth.h"

#include <stdlib.h>
#include <string.h>

static char *seed(const char *name)
{
	char *folder = help_source("tests/fuzz/seeds/ingest_tensor"),
	     *path = file_join(folder, name);

	mem_free(folder);
	return path;
}

/* All hold the same 3 by 4 numbers: -3, -2.5, -2, ... */
static void assert_read(const char *name)
{
	char *path = seed(name);
	struct err e = ERR_INIT;
	struct tensor t;

	if (!tensor_read(path, &t, &e))
		fail_msg("%s: %s", name, e.msg);
	assert_int_equal(t.rows, 3);
	assert_int_equal(t.cols, 4);
	for (size_t i = 0; i < 12; i++)
		if (t.v[i] != (float)i / 2 - 3)
			fail_msg("%s: number %zu is %g", name, i, (double)t.v[i]);
	mem_free(t.v);
	mem_free(path);
}

TEST(numpy_arrays_of_every_precision)
{
	assert_read("npy_f2");
	assert_read("npy_f4");
	assert_read("npy_f8");
	assert_read("npy_version_2");
}

TEST(pytorch_tensors_of_every_precision)
{
	assert_read("pth_float");
	assert_read("pth_half");
	assert_read("pth_bfloat16");
	assert_read("pth_double");
	assert_read("pth_parameter");
	assert_read("pth_slice"); /* begins behind the start of its storage */
}

/* torch.save packs nothing, but whoever packs its file anew may. */
TEST(a_packed_archive_is_read)
{
	char *path = seed("pth_compressed");
	struct err e = ERR_INIT;
	struct tensor t;

	if (!tensor_read(path, &t, &e))
		fail_msg("%s", e.msg);
	assert_true(t.rows > 0 && t.cols > 0);
	mem_free(t.v);
	mem_free(path);
}

static void assert_refused(const char *name, const char *why)
{
	char *path = seed(name);
	struct err e = ERR_INIT;
	struct tensor t;

	if (tensor_read(path, &t, &e) || !strstr(e.msg, why))
		fail_msg("%s: \"%s\" does not say \"%s\"", name, e.msg, why);
	mem_free(path);
}

TEST(what_is_no_plain_matrix_is_refused)
{
	assert_refused("npy_fortran", "Fortran");
	assert_refused("npy_one_dimension", "matrix");
	assert_refused("npy_big_endian", "little-endian");
	assert_refused("npy_nan", "row 2 holds what is no finite number");
	assert_refused("npy_huge", "too few");
	assert_refused("pth_dictionary", "one");
	assert_refused("pth_transposed", "contiguous");
	assert_refused("pth_integers", "float16");
	assert_refused("pth_big_endian", "big-endian");
	assert_refused("pth_no_numbers", "no data/0");
	assert_refused("pth_code", "one plain tensor");
}

TEST(every_cut_is_an_error)
{
	static const char *const names[] = {"npy_f4", "pth_float"};

	for (size_t i = 0; i < 2; i++) {
		char *path = seed(names[i]);
		struct err e = ERR_INIT;
		struct tensor t;
		struct buf b;

		buf_init(&b, 1 << 20);
		assert_true(stream_read_all(path, &b, &e));
		for (size_t n = 0; n < b.len; n++) {
			char *cut =
			    mem_alloc(n + 1); /* its own block, so that sanitizers see its end */

			memcpy(cut, b.s, n);
			if (i ? tensor_from_pth(cut, n, "cut", &t, &e)
			      : tensor_from_npy(cut, n, "cut", &t, &e))
				fail_msg("%s: read from %zu of %zu bytes", names[i], n, b.len);
			mem_free(cut);
		}
		buf_clear(&b);
		mem_free(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numpy_arrays_of_every_precision),
	    cmocka_unit_test(pytorch_tensors_of_every_precision),
	    cmocka_unit_test(a_packed_archive_is_read),
	    cmocka_unit_test(what_is_no_plain_matrix_is_refused),
	    cmocka_unit_test(every_cut_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
