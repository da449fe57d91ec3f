#include "task/route_file.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/progress.h"
#include "base/stream.h"

#include <string.h>

static bool route_line(const struct atlas *a, struct stream *s, const char *text,
    const struct route_options *o,
    bool (*each)(void *arg, size_t line, const struct route *r, struct err *e), void *arg,
    struct err *e)
{
	struct route r;
	bool ok;

	if (!task_route(a, text, o, &r, e)) {
		err_wrap(e, "%s:%llu", stream_name(s), (unsigned long long)stream_line_no(s));
		return false;
	}
	ok = each(arg, (size_t)stream_line_no(s), &r, e);
	route_clear(&r);
	return ok;
}

bool task_route_file(const struct atlas *a, const char *path, const struct route_options *o,
    const struct progress *p,
    bool (*each)(void *arg, size_t line, const struct route *r, struct err *e), void *arg,
    struct err *e)
{
	struct stream *s = stream_open(path, e);
	struct buf text = BUF_INIT;
	const char *line;
	size_t n;
	bool got, ok = s != NULL;

	while (ok && (ok = stream_line(s, ROUTE_TEXT_MAX, &line, &n, &got, e)) && got) {
		double done = stream_fraction(s);

		if (n == 0)
			continue;
		buf_reset(&text);
		buf_add(&text, line, n);
		if (strlen(text.s) != n)
			ok = err_set(e, ERR_DATA, "%s:%llu: a NUL byte in the question",
			    stream_name(s), (unsigned long long)stream_line_no(s));
		else if (!progress_tick(
			     p, "routing", done < 0 ? 0 : done, done < 0 ? 0 : 1, "file"))
			ok = err_set(e, ERR_CANCELLED, "stopped while routing %s", path);
		else
			ok = route_line(a, s, text.s, o, each, arg, e);
	}
	buf_clear(&text);
	stream_close(s);
	return ok;
}
