#include "ingest/tensor_numbers.h"

#include "base/err.h"
#include "base/half.h"
#include "base/mem.h"

#include <stdint.h>
#include <string.h>

bool tensor_numbers(const char *p, size_t n, enum tensor_type type, size_t rows, size_t cols,
    const char *where, struct tensor *out, struct err *e)
{
	static const size_t sizes[] = {
	    [TENSOR_HALF] = 2, [TENSOR_BFLOAT] = 2, [TENSOR_FLOAT] = 4, [TENSOR_DOUBLE] = 8};
	size_t count, bytes;
	float *v;

	if (!rows || !cols || __builtin_mul_overflow(rows, cols, &count) ||
	    __builtin_mul_overflow(count, sizes[type], &bytes) || bytes > n)
		return err_set(e, ERR_DATA,
		    "%s: it holds %zu bytes of numbers, too few for %zu by %zu", where, n, rows,
		    cols);
	v = mem_floats(count);
	for (size_t i = 0; i < count; i++) {
		const char *from = p + i * sizes[type];
		uint16_t half;
		uint32_t word;
		double real;

		switch (type) {
		case TENSOR_HALF:
			memcpy(&half, from, sizeof(half));
			v[i] = half_value(half);
			break;
		case TENSOR_BFLOAT:
			memcpy(&half, from, sizeof(half));
			word = (uint32_t)half << 16;
			memcpy(&v[i], &word, sizeof(word));
			break;
		case TENSOR_FLOAT:
			memcpy(&v[i], from, sizeof(v[i]));
			break;
		case TENSOR_DOUBLE:
			memcpy(&real, from, sizeof(real));
			v[i] = (float)real;
			break;
		}
		if (!(v[i] - v[i] == 0)) { /* infinite or no number */
			mem_free(v);
			return err_set(e, ERR_DATA, "%s: row %zu holds what is no finite number",
			    where, i / cols + 1);
		}
	}
	*out = (struct tensor){rows, cols, v};
	return true;
}
