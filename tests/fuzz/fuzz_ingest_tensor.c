/* Any bytes as a matrix of NumPy or PyTorch: an error, or finite numbers that were in the file. */
#include "fuzz.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/tensor_npy.h"
#include "ingest/tensor_pth.h"

#include <assert.h>
#include <math.h>

static void try(bool (*read)(const char *, size_t, const char *, struct tensor *, struct err *),
    const uint8_t *data, size_t size)
{
	struct tensor t;
	struct err e = ERR_INIT;

	if (!read((const char *)data, size, "fuzz", &t, &e)) {
		assert(e.kind == ERR_DATA && e.msg[0]);
		return;
	}
	assert(t.rows && t.cols && t.rows <= size / 2 / t.cols);
	for (size_t i = 0; i < t.rows * t.cols; i++)
		assert(isfinite(t.v[i]));
	mem_free(t.v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try(tensor_from_npy, data, size);
	try(tensor_from_pth, data, size);
	return 0;
}
