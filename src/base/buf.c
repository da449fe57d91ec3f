#include "base/buf.h"

#include "base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){NULL, 0, 0, max};
}

void buf_clear(struct buf *b)
{
	mem_free(b->s);
	buf_init(b, b->max);
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	if (b->s)
		b->s[0] = '\0';
}

/* Room for n more bytes and the NUL. */
static bool reserve(struct buf *b, size_t n)
{
	if (b->len > b->max || n > b->max - b->len)
		return false;
	b->s = mem_grow(b->s, &b->cap, b->len + n + 1, 1);
	return true;
}

bool buf_add(struct buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return false;
	if (n)
		memcpy(b->s + b->len, p, n);
	b->len += n;
	b->s[b->len] = '\0';
	return true;
}

bool buf_addc(struct buf *b, char c)
{
	if (b->len + 1 >= b->cap || b->len >= b->max) /* else there is room for it and the NUL */
		return buf_add(b, &c, 1);
	b->s[b->len++] = c;
	b->s[b->len] = '\0';
	return true;
}

bool buf_adds(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

bool buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	bool ok;

	va_start(ap, fmt);
	ok = buf_vprintf(b, fmt, ap);
	va_end(ap);
	return ok;
}

bool buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0 || !reserve(b, (size_t)n))
		return false;
	vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
	b->len += (size_t)n;
	return true;
}

bool buf_add_number(struct buf *b, double v, int decimals)
{
	static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
	char text[32], *p = text + sizeof(text);
	uint64_t n;

	assert(decimals >= 0 && decimals <= 6);
	if (!(fabs(v) < 1e12))
		return buf_printf(b, "%.*f", decimals, v);
	n = (uint64_t)llrint(fabs(v) * power[decimals]);
	for (int i = 0; i <= decimals || n; i++) {
		if (i == decimals && i)
			*--p = '.';
		*--p = (char)('0' + n % 10);
		n /= 10;
	}
	if (signbit(v))
		*--p = '-';
	return buf_add(b, p, (size_t)(text + sizeof(text) - p));
}

const char *buf_str(const struct buf *b)
{
	return b->s ? b->s : "";
}

char *buf_take(struct buf *b)
{
	char *s = b->s ? b->s : mem_strdup("");

	buf_init(b, b->max);
	return s;
}
