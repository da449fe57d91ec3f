/* Any bytes as a stored encoder: an error, or an encoder whose rows are finite numbers. Each input
 * is tried as it is and with its checksum put right, which no fuzzer would guess. */
#include "fuzz.h"

#include "base/err.h"
#include "base/mem.h"
#include "num/mat.h"
#include "text/encoder.h"
#include "text/lsa.h"
#include "text/lsa_blob.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static void try(const void *data, size_t size)
{
	static const char *const text[] = {"How many apples are left?", "", "\xff\xfe print(1)"};
	struct err e = ERR_INIT;
	struct encoder *enc = lsa_load(data, size, &e);
	struct mat rows;

	if (!enc) {
		assert(e.kind == ERR_DATA && e.msg[0]);
		return;
	}
	rows = mat_new(3, enc->dims);
	assert(encoder_encode(enc, text, 3, &rows, NULL, &e));
	for (size_t i = 0; i < 3 * enc->dims; i++)
		assert(isfinite(rows.v[i]));
	mat_free(&rows);
	encoder_free(enc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *copy;
	uint64_t sum;

	try(data, size);
	if (size < sizeof(struct lsa_head))
		return 0;
	copy = mem_alloc(size);
	memcpy(copy, data, size);
	sum = lsa_blob_checksum(copy, size);
	memcpy(copy + offsetof(struct lsa_head, checksum), &sum, sizeof(sum));
	try(copy, size);
	mem_free(copy);
	return 0;
}
