#include "cli/verb.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "cli/live.h"

#include <stdarg.h>
#include <stdio.h>

const char *const verb_parts[] = {"", "train", "val", "test", NULL};
const char *const verb_rules[] = {"majority", "rows", "max", "last", "first", "mean", NULL};

bool verb_open(struct cli *c, enum session_mode mode, struct err *e)
{
	c->db = session_open(c->path, mode, e);
	return c->db != NULL;
}

const struct progress *verb_progress(struct cli *c)
{
	return live_progress(c->quiet);
}

void verb_note(struct cli *c, const char *fmt, ...)
{
	struct buf b = BUF_INIT, shown = BUF_INIT;
	va_list ap;

	if (c->quiet)
		return;
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	utf8_printable_add(&shown, buf_str(&b), b.len);
	live_clear();
	fprintf(stderr, "%s\n", buf_str(&shown));
	buf_clear(&b);
	buf_clear(&shown);
}
