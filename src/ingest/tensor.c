#include "ingest/tensor.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/half.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/tensor_numbers.h"

#include <stdint.h>
#include <string.h>

#define MAX_FILE ((size_t)4 << 30)

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

/* The text behind 'KEY': in a .npy header, which is a Python dictionary. */
static const char *value_of(const char *header, const char *key)
{
	const char *at = strstr(header, key);

	if (!at)
		return NULL;
	at += strlen(key);
	at += strspn(at, " :");
	return at;
}

static bool read_number(const char **p, size_t *out)
{
	size_t n = 0;
	const char *start;

	*p += strspn(*p, " ");
	for (start = *p; **p >= '0' && **p <= '9'; ++*p)
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (size_t)(**p - '0'), &n))
			return false;
	*out = n;
	return *p > start;
}

/* {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } */
static const char *read_npy_header(
    const char *h, enum tensor_type *type, size_t *rows, size_t *cols)
{
	const char *descr = value_of(h, "'descr'"), *order = value_of(h, "'fortran_order'");
	const char *shape = value_of(h, "'shape'");

	if (!descr || !order || !shape)
		return "its header says neither type nor shape";
	if (!strncmp(descr, "'<f4'", 5))
		*type = TENSOR_FLOAT;
	else if (!strncmp(descr, "'<f8'", 5))
		*type = TENSOR_DOUBLE;
	else if (!strncmp(descr, "'<f2'", 5))
		*type = TENSOR_HALF;
	else
		return "its numbers are not little-endian float16, float32 or float64";
	if (strncmp(order, "False", 5))
		return "it is in Fortran order; save numpy.ascontiguousarray of it";
	if (*shape != '(')
		return "its shape makes no sense";
	shape++;
	if (!read_number(&shape, rows) || *shape != ',')
		return "its shape is not that of a matrix";
	shape++;
	if (!read_number(&shape, cols) || (*shape != ')' && strncmp(shape, ",)", 2)))
		return "its shape is not that of a matrix";
	return NULL;
}

bool tensor_from_npy(const char *p, size_t n, const char *where, struct tensor *out, struct err *e)
{
	const unsigned char *u = (const unsigned char *)p;
	enum tensor_type type;
	size_t start = 10, len, rows, cols;
	const char *why;
	char *header;

	if (n < 12 || memcmp(p, "\x93NUMPY", 6))
		return err_set(e, ERR_DATA, "%s: no .npy file", where);
	len = u[8] | (size_t)u[9] << 8;
	if (u[6] > 1) {
		len |= (size_t)u[10] << 16 | (size_t)u[11] << 24;
		start = 12;
	}
	if (u[6] < 1 || u[6] > 3 || len > n - start)
		return err_set(
		    e, ERR_DATA, "%s: no .npy file of version 1 to 3, or cut short", where);
	header = mem_strndup(p + start, len);
	why = read_npy_header(header, &type, &rows, &cols);
	mem_free(header);
	if (why)
		return err_set(e, ERR_DATA, "%s: %s", where, why);
	return tensor_numbers(p + start + len, n - start - len, type, rows, cols, where, out, e);
}

bool tensor_read(const char *path, struct tensor *out, struct err *e)
{
	struct buf b;
	bool ok;

	buf_init(&b, MAX_FILE);
	ok = stream_read_all(path, &b, e);
	if (ok && b.len >= 4 && !memcmp(b.s, "PK\3\4", 4))
		ok = tensor_from_pth(b.s, b.len, path, out, e);
	else if (ok && b.len >= 6 && !memcmp(b.s, "\x93NUMPY", 6))
		ok = tensor_from_npy(b.s, b.len, path, out, e);
	else if (ok)
		ok = err_set(e, ERR_DATA,
		    "%s: neither a .npy file nor a tensor of PyTorch (a zip archive); a file of "
		    "PyTorch "
		    "before 1.6 has to be saved anew",
		    path);
	buf_clear(&b);
	return ok;
}
