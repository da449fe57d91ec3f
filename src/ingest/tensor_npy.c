#include "ingest/tensor_npy.h"

#include "base/err.h"
#include "base/mem.h"

#include <string.h>

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
