#include "base/json.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static bool starts(const char *s, size_t n, const char *word, size_t len)
{
	return n >= len && !memcmp(s, word, len);
}

/* The 4 hexadecimal digits at s, or -1. */
static int hex4(const char *s, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < 4; i++) {
		char c = i < n ? s[i] : '\0';

		if (c >= '0' && c <= '9')
			v = v * 16 + c - '0';
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			v = v * 16 + (c | 32) - 'a' + 10;
		else
			return -1;
	}
	return v;
}

/* Bytes of the escape at s (a backslash) that may stay as it is: 2, 6, or 12 of a surrogate pair; 0
 * where it is half of one, or NUL. */
static size_t sound_escape(const char *s, size_t n)
{
	int v, low;

	if (n < 2 || s[1] != 'u')
		return n < 2 ? n : 2;
	v = hex4(s + 2, n - 2);
	if (v == 0 || (v >= 0xdc00 && v <= 0xdfff))
		return 0;
	if (v < 0xd800 || v > 0xdbff)
		return 2;
	low = n >= 12 && s[6] == '\\' && s[7] == 'u' ? hex4(s + 8, n - 8) : -1;
	return low >= 0xdc00 && low <= 0xdfff ? 12 : 0;
}

/* Python writes NaN, Infinity, -Infinity, half surrogate pairs and NUL, which are no JSON, or no
 * text. Copies s[0..n) to `out` with null, or \ufffd, in their place, padded with spaces to their
 * length. NaN is a byte shorter than null: *nans receives where in `out` each of those ends, so that
 * an error's byte can be told. */
static void mend_python(
    const char *s, size_t n, char *out, size_t *out_n, size_t **nans, size_t *nan_count)
{
	bool in_string = false;
	size_t o = 0, cap = 0;

	*nans = NULL;
	*nan_count = 0;
	for (size_t i = 0; i < n;) {
		size_t infinity = starts(s + i, n - i, "Infinity", 8)    ? 8
				  : starts(s + i, n - i, "-Infinity", 9) ? 9
									 : 0;
		if (in_string && s[i] == '\\') {
			size_t k = sound_escape(s + i, n - i);

			memcpy(out + o, k ? s + i : "\\ufffd", k ? k : 6);
			o += k ? k : 6;
			i += k ? k : 6;
			continue;
		}
		if (s[i] == '"') {
			in_string = !in_string;
		} else if (!in_string && starts(s + i, n - i, "NaN", 3)) {
			memcpy(out + o, "null", 4);
			o += 4;
			i += 3;
			*nans = mem_grow(*nans, &cap, *nan_count + 1, sizeof(**nans));
			(*nans)[(*nan_count)++] = o;
			continue;
		} else if (!in_string && infinity) {
			memcpy(out + o, "null     ", infinity);
			o += infinity;
			i += infinity;
			continue;
		}
		out[o++] = s[i++];
	}
	*out_n = o;
}

static bool has_python(const char *s, size_t n)
{
	static const char *const signs[] = {"NaN", "Infinity", "\\ud", "\\uD", "\\u0000"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (memmem(s, n, signs[i], strlen(signs[i])))
			return true;
	return false;
}

static json_t *load(const char *s, size_t n, json_error_t *je)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
	json_t *v = json_loadb(s, n, flags, je);

	if (!v && json_error_code(je) == json_error_numeric_overflow)
		v = json_loadb(s, n, flags | JSON_DECODE_INT_AS_REAL, je);
	return v;
}

json_t *json_read(const char *s, size_t n, const char *where, struct err *e)
{
	json_error_t je = {.position = 0};
	size_t *nans = NULL, nan_count = 0, byte;
	char *copy = NULL;
	json_t *v;

	if (has_python(s, n)) {
		copy = mem_alloc(n + n / 3 + 8);
		mend_python(s, n, copy, &n, &nans, &nan_count);
		s = copy;
	}
	v = load(s, n, &je);
	if (!v) {
		byte = (size_t)je.position;
		for (size_t i = nan_count; i > 0; i--)
			if (nans[i - 1] <= (size_t)je.position)
				byte--;
		err_set(e, ERR_DATA, "%s: byte %zu: %s", where, byte, je.text);
	}
	mem_free(nans);
	mem_free(copy);
	return v;
}

const char *json_get_string(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

double json_number_at(const json_t *array, size_t i)
{
	const json_t *v = json_array_get(array, i);

	return json_is_number(v) ? json_number_value(v) : NAN;
}

bool json_get_number(const json_t *o, const char *key, double *v)
{
	const json_t *m = json_object_get(o, key);

	if (json_is_boolean(m))
		*v = json_is_true(m);
	else if (json_is_number(m))
		*v = json_number_value(m);
	else
		return false;
	return true;
}

/* jansson escapes C0, but not DEL and C1, on which a terminal acts too: \u00XX for those. They
 * only occur within strings. */
static void write_escaped(FILE *f, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)s[0], d = (unsigned char)s[1];

		if (c == 0x7f) {
			fputs("\\u007F", f);
		} else if (c == 0xc2 && d >= 0x80 && d <= 0x9f) {
			fprintf(f, "\\u00%02X", d);
			s++;
		} else {
			putc(c, f);
		}
	}
}

static bool write_with(FILE *f, const json_t *v, size_t flags, struct err *e)
{
	char *s = json_dumps(v, flags | JSON_ENCODE_ANY | JSON_REAL_PRECISION(9));

	if (!s)
		return err_set(e, ERR_FAILED, "a value cannot be written as JSON");
	write_escaped(f, s);
	putc('\n', f);
	mem_free(s);
	if (ferror(f))
		return err_errno(e, ERR_FAILED, "writing JSON");
	return true;
}

bool json_write(FILE *f, const json_t *v, struct err *e)
{
	return write_with(f, v, JSON_INDENT(2), e);
}

bool json_write_line(FILE *f, const json_t *v, struct err *e)
{
	return write_with(f, v, 0, e);
}

char *json_compact(const json_t *v)
{
	char *s = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));

	if (!s)
		die("a value cannot be written as JSON: it holds text that is not UTF-8");
	return s;
}

json_t *json_number(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}
