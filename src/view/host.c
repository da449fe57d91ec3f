/* host.c - what the explorer says. */
#include "view/host.h"

#include "base/mem.h"

#define TOAST_SECONDS 4.0

void host_say_v(struct host *h, enum message_level level, const char *fmt, va_list ap)
{
	struct buf b = BUF_INIT;

	buf_vprintf(&b, fmt, ap);
	messages_add(&h->messages, level, b.len ? buf_take(&b) : mem_strdup(""));
	h->toast = h->messages.said;
	h->toast_until = h->clock + TOAST_SECONDS;
	h->dirty = true;
}

void host_say(struct host *h, enum message_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	host_say_v(h, level, fmt, ap);
	va_end(ap);
}

void host_error(struct host *h, const struct err *e)
{
	host_say(h, e->kind == ERR_CANCELLED ? MESSAGE_INFO : MESSAGE_ERROR, "%s", e->msg);
}
