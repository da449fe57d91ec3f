/* buf.h - growable bytes with a hard ceiling, so that hostile input cannot eat the memory. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *s;    /* always NUL-terminated once anything was added; NULL when empty */
	size_t len; /* without the NUL */
	size_t cap;
	size_t max; /* ceiling in bytes; adding past it returns false and adds nothing */
};

#define BUF_DEFAULT_MAX ((size_t)1 << 30)
#define BUF_INIT                                                                                   \
	{                                                                                          \
		NULL, 0, 0, BUF_DEFAULT_MAX                                                        \
	}

void buf_init(struct buf *b, size_t max);
void buf_clear(struct buf *b); /* frees */
void buf_reset(struct buf *b); /* length 0, storage kept */
bool buf_add(struct buf *b, const void *p, size_t n);
bool buf_addc(struct buf *b, char c);
bool buf_adds(struct buf *b, const char *s);
bool buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool buf_vprintf(struct buf *b, const char *fmt, va_list ap);
/* As "%.*f" with 0 to 6 decimals, many times as fast, for texts of whole columns. Ties may go the
 * other way. */
bool buf_add_number(struct buf *b, double v, int decimals);
const char *buf_str(const struct buf *b); /* "" when empty */
char *buf_take(struct buf *b);            /* caller owns (mem_free); b is empty again */

#endif
