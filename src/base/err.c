#include "base/err.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Store `text` escaped; one that does not fit is cut at a character and ends in "...". */
static void set_message(struct err *e, const char *text)
{
	static const char tail[] = "...";
	struct buf b = BUF_INIT;
	size_t n;

	utf8_printable_add(&b, text, strlen(text));
	n = b.len;
	if (n >= sizeof(e->msg)) {
		n = sizeof(e->msg) - sizeof(tail);
		while (n > 0 && ((unsigned char)b.s[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(e->msg, buf_str(&b), n);
	memcpy(e->msg + n, n < b.len ? tail : "", n < b.len ? sizeof(tail) : 1);
	buf_clear(&b);
}

static void fill(struct err *e, const char *fmt, va_list ap, const char *tail)
{
	struct buf b = BUF_INIT;

	buf_vprintf(&b, fmt, ap);
	if (tail)
		buf_printf(&b, ": %s", tail);
	set_message(e, buf_str(&b));
	buf_clear(&b);
}

bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return false;
	va_start(ap, fmt);
	fill(e, fmt, ap, NULL);
	va_end(ap);
	e->kind = kind;
	return false;
}

bool err_wrap(struct err *e, const char *fmt, ...)
{
	va_list ap;

	if (!e)
		return false;
	va_start(ap, fmt);
	fill(e, fmt, ap, e->msg);
	va_end(ap);
	return false;
}

bool err_errno(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;

	if (!e)
		return false;
	va_start(ap, fmt);
	fill(e, fmt, ap, why);
	va_end(ap);
	e->kind = kind;
	return false;
}

void err_clear(struct err *e)
{
	if (!e)
		return;
	e->kind = ERR_NONE;
	e->msg[0] = '\0';
}

int err_exit_status(enum err_kind kind)
{
	static const int status[ERR_KIND_COUNT] = {
	    [ERR_NONE] = 0,
	    [ERR_FAILED] = 1,
	    [ERR_USAGE] = 2,
	    [ERR_DATA] = 3,
	    [ERR_CANCELLED] = 130,
	};
	return status[kind];
}
