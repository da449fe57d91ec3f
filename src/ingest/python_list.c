/* Source of the escapes: the Python language reference, "String and Bytes literals". */
#include "ingest/python_list.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* The code point of n hexadecimal digits at p; UINT32_MAX where they are none. */
static uint32_t hexadecimal(const char *p, const char *end, size_t n)
{
	uint32_t c = 0;

	for (size_t i = 0; i < n; i++) {
		const char *digits = "0123456789abcdef", *at;

		if (p + i >= end)
			return UINT32_MAX;
		at = strchr(digits, p[i] | 0x20);
		if (!p[i] || !at)
			return UINT32_MAX;
		c = c * 16 + (uint32_t)(at - digits);
	}
	return c;
}

/* One escape, its backslash behind p; the place behind it, NULL where it is none. */
static const char *escape(const char *p, const char *end, struct buf *out)
{
	static const char from[] = "nrt\\'\"abfv\n", to[] = "\n\r\t\\'\"\a\b\f\v";
	const char *at = p < end && *p ? strchr(from, *p) : NULL;
	size_t n;
	uint32_t c;
	char bytes[4];

	if (at) {
		if (*at != '\n')
			buf_addc(out, to[at - from]);
		return p + 1;
	}
	if (p == end)
		return NULL;
	n = *p == 'x' ? 2 : *p == 'u' ? 4 : *p == 'U' ? 8 : 0;
	if (!n) { /* as Python: no escape */
		buf_addc(out, '\\');
		return p;
	}
	c = hexadecimal(p + 1, end, n);
	if (!c || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return NULL;
	buf_add(out, bytes, utf8_encode(c, bytes));
	return p + 1 + n;
}

/* One quoted string, which begins at p; the place behind it, NULL where it is none. */
static const char *string(const char *p, const char *end, struct buf *out)
{
	char quote = *p++;

	while (p && p < end && *p != quote) {
		if (*p == '\\')
			p = escape(p + 1, end, out);
		else
			buf_addc(out, *p++);
	}
	return p && p < end ? p + 1 : NULL;
}

static const char *skip(const char *p, const char *end, const char *what)
{
	while (p < end && *p && strchr(what, *p))
		p++;
	return p;
}

bool python_list(const char *p, size_t n, char end_of_string, struct buf *out)
{
	const char *end = p + n;
	size_t before = out->len;

	p = skip(p, end, " \t\r\n");
	while (end > p && strchr(" \t\r\n", end[-1]))
		end--;
	if (end - p < 2 || !((*p == '[' && end[-1] == ']') || (*p == '(' && end[-1] == ')')))
		return false;
	end--;
	p = skip(p + 1, end, " \t\r\n");
	while (p && p < end) {
		p = *p == '\'' || *p == '"' ? string(p, end, out) : NULL;
		if (!p || !buf_addc(out, end_of_string))
			break;
		p = skip(p, end, " \t\r\n");
		if (p < end && *p != ',')
			break;
		p = skip(p, end, ", \t\r\n");
	}
	if (p == end)
		return true;
	out->len = before;
	if (out->s)
		out->s[before] = '\0';
	return false;
}

void python_list_write(const char *p, size_t n, struct buf *out)
{
	static const char from[] = "\n\r\t\\", to[] = "nrt\\";
	char quote = memchr(p, '\'', n) && !memchr(p, '"', n) ? '"' : '\'';

	buf_addc(out, '[');
	buf_addc(out, quote);
	for (size_t i = 0; i < n; i++) {
		const char *at = p[i] ? strchr(from, p[i]) : NULL;

		if (at)
			buf_printf(out, "\\%c", to[at - from]);
		else if (p[i] == quote)
			buf_printf(out, "\\%c", quote);
		else if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			buf_printf(out, "\\x%02x", (unsigned)p[i]);
		else
			buf_addc(out, p[i]);
	}
	buf_addc(out, quote);
	buf_addc(out, ']');
}
