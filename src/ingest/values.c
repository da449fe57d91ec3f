/* JSON values one by one. Lines are the stream's own; an array is cut into its elements by counting
 * brackets outside strings, so that one of any size needs the memory of its largest element. */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/stream.h"

#include <stdio.h>
#include <string.h>

#define VALUE_LIMIT ((size_t)64 << 20)

struct reading {
	struct ingest *in;
	const struct ingest_values *r;
	struct stream *s;
	struct buf stripped; /* a value without the members to skip */
	unsigned ticks;
};

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
		p++;
	return p;
}

/* Behind the string that begins at p; end where it does not end. */
static const char *skip_string(const char *p, const char *end)
{
	const char *quote = p;

	while ((quote = memchr(quote + 1, '"', (size_t)(end - quote - 1)))) {
		const char *back = quote;

		while (back[-1] == '\\' && back - 1 > p)
			back--;
		if ((quote - back) % 2 == 0)
			return quote + 1;
	}
	return end;
}

/* Behind the value at p, by its brackets and strings alone. */
static const char *skip_value(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
		} else if (*p == '{' || *p == '[') {
			depth++;
			p++;
		} else if (*p == '}' || *p == ']') {
			if (!depth)
				return p;
			depth--;
			p++;
		} else if (!depth && *p == ',') {
			return p;
		} else {
			p++;
			continue;
		}
		if (!depth)
			return p;
	}
	return end;
}

static bool is_member(const char *list, const char *name, size_t n)
{
	const char *at = list;

	while ((at = memmem(at, strlen(at), name, n))) {
		if ((at == list || at[-1] == ' ') && (at[n] == ' ' || !at[n]))
			return true;
		at++;
	}
	return false;
}

/* The object at p with null for each member of the list; as it is where it is no object, or not
 * well formed, which the parser then says. */
static void strip(const char *p, size_t n, const char *list, struct buf *out)
{
	const char *end = p + n, *from = p, *at = skip_space(p, end);

	buf_reset(out);
	if (at == end || *at != '{')
		at = end;
	while (at < end && (at = skip_space(at + 1, end)) < end && *at == '"') {
		const char *name = at + 1, *behind = skip_string(at, end), *value;

		value = skip_space(behind, end);
		if (value == end || *value != ':')
			break;
		value = skip_space(value + 1, end);
		at = skip_value(value, end);
		if (behind - name > 1 && is_member(list, name, (size_t)(behind - name - 1))) {
			buf_add(out, from, (size_t)(value - from));
			buf_adds(out, "null");
			from = at;
		}
		at = skip_space(at, end);
		if (at == end || *at != ',')
			break;
	}
	buf_add(out, from, (size_t)(end - from));
}

static bool take_value(
    struct reading *g, const char *p, size_t n, unsigned long long line, struct err *e)
{
	char place[1024];
	json_t *v;
	bool ok;

	snprintf(place, sizeof(place), "%s:%llu", stream_name(g->s), line);
	if (g->r->skip) {
		strip(p, n, g->r->skip, &g->stripped);
		v = json_read(buf_str(&g->stripped), g->stripped.len, place, e);
	} else {
		v = json_read(p, n, place, e);
	}
	if (v) {
		ok = g->r->value(g->r->arg, v, place, p, n, e);
		json_decref(v);
		return ok;
	}
	/* Once more, for the byte as it stands in the file. */
	if (g->r->skip && e) {
		struct err first = *e;

		json_decref(json_read(p, n, place, e));
		if (e->kind == ERR_NONE)
			*e = first;
	}
	struct err why = e ? *e : (struct err)ERR_INIT;
	size_t k = strlen(place) + 2; /* json_read's message begins with the place */

	err_clear(e);
	return ingest_bad(g->in, e, place, "%s", strlen(why.msg) > k ? why.msg + k : why.msg);
}

static bool go_on(struct reading *g, struct err *e)
{
	double done = stream_fraction(g->s) * 100;

	return ++g->ticks % 64 ||
	       progress_tick(g->in->progress, "reading", done, done < 0 ? 0 : 100, "%") ||
	       err_set(e, ERR_CANCELLED, "%s: stopped; nothing was changed", stream_name(g->s));
}

static bool each_line(struct reading *g, struct err *e)
{
	const char *p;
	size_t n;
	bool got;

	for (;;) {
		if (!stream_line(g->s, VALUE_LIMIT, &p, &n, &got, e))
			return false;
		if (!got)
			return true;
		if (stream_line_no(g->s) == 1 && n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
			p += 3;
			n -= 3;
		}
		if (skip_space(p, p + n) < p + n &&
		    !take_value(g, p, n, (unsigned long long)stream_line_no(g->s), e))
			return false;
		if (!go_on(g, e))
			return false;
	}
}

/* One pass over an array's text. */
struct cutter {
	struct buf text; /* of the element so far */
	size_t depth;    /* 1 = between elements */
	bool in_string, escaped, ended;
	unsigned long long line, begun; /* now; where the element began */
};

/* Take bytes up to the end of an element; *whole: there is one in c->text. */
static bool cut(struct cutter *c, const char **p, const char *end, bool *whole)
{
	const char *from = *p;

	*whole = false;
	for (; *p < end && !c->ended; ++*p) {
		char b = **p;

		c->line += b == '\n';
		if (c->in_string) {
			c->in_string = c->escaped || b != '"';
			c->escaped = !c->escaped && b == '\\';
			continue;
		}
		if (c->depth == 1 && (b == ',' || b == ']')) {
			*whole = true;
			c->ended = b == ']';
			break;
		}
		c->in_string = b == '"';
		c->depth += b == '{' || b == '[';
		c->depth -= b == '}' || b == ']';
	}
	if (!buf_add(&c->text, from, (size_t)(*p - from)))
		return false;
	*p += *whole;
	return true;
}

/* Behind the byte order mark and the opening bracket. */
static bool each_element(struct reading *g, const char *p, size_t n, size_t from, struct err *e)
{
	struct cutter c = {.text = BUF_INIT, .depth = 1, .line = 1, .begun = 1};
	const char *end;
	bool ok = true, whole;

	c.text.max = VALUE_LIMIT;
	for (size_t i = 0; i < from; i++)
		c.line += p[i] == '\n';
	p += from;
	n -= from;
	c.begun = c.line;
	do {
		end = p + n;
		while (ok && p < end && !c.ended) {
			if (!c.text.len) {
				const char *at = skip_space(p, end);

				for (; p < at; p++)
					c.line += *p == '\n';
				c.begun = c.line;
			}
			if (!cut(&c, &p, end, &whole)) {
				ok = err_set(e, ERR_DATA, "%s:%llu: a value over %zu bytes",
				    stream_name(g->s), c.begun, VALUE_LIMIT);
				break;
			}
			if (!whole)
				continue;
			if (c.text.len)
				ok = take_value(g, c.text.s, c.text.len, c.begun, e);
			buf_reset(&c.text);
			ok = ok && go_on(g, e);
		}
		ok = ok && (c.ended || stream_read(g->s, &p, &n, e));
	} while (ok && n && !c.ended);
	buf_clear(&c.text);
	return ok && (c.ended || ingest_bad(g->in, e, stream_name(g->s),
				     "the array does not end: the file is cut off"));
}

bool ingest_values_of(
    struct ingest *in, struct stream *s, const struct ingest_values *r, struct err *e)
{
	struct reading g = {.in = in, .r = r, .s = s, .stripped = BUF_INIT};
	const char *p, *at;
	size_t n;
	bool ok = stream_peek(s, INGEST_HEAD_SIZE, &p, &n, e);

	if (ok) {
		at = n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3) ? p + 3 : p;
		at = skip_space(at, p + n);
		if (at < p + n && *at == '[') {
			size_t from = (size_t)(at - p) + 1;

			ok = stream_read(g.s, &p, &n, e) && each_element(&g, p, n, from, e);
		} else {
			ok = each_line(&g, e);
		}
	}
	buf_clear(&g.stripped);
	return ok;
}

bool ingest_each_value(struct ingest *in, size_t i, const struct ingest_values *r, struct err *e)
{
	struct stream *s = ingest_open(in, i, e);
	bool ok = s && ingest_values_of(in, s, r, e);

	stream_close(s);
	return ok;
}

static json_t *parse_document(struct buf *text, const char *name, struct err *e)
{
	const char *p = buf_str(text);
	size_t n = text->len;

	if (n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
		p += 3;
		n -= 3;
	}
	return json_read(p, n, name, e);
}

json_t *ingest_document(struct ingest *in, size_t i, struct err *e)
{
	struct stream *s = ingest_open(in, i, e);
	struct buf text = BUF_INIT;
	const char *p;
	size_t n = 1;
	bool ok = s != NULL;
	json_t *v = NULL;

	while (ok && n) {
		double done = stream_fraction(s) * 100;

		ok = stream_read(s, &p, &n, e);
		if (ok && !buf_add(&text, p, n))
			ok = err_set(e, ERR_DATA, "%s: over %zu bytes", stream_name(s), text.max);
		if (ok && !progress_tick(in->progress, "reading", done, done < 0 ? 0 : 100, "%"))
			ok = err_set(
			    e, ERR_CANCELLED, "%s: stopped; nothing was changed", stream_name(s));
	}
	if (ok)
		v = parse_document(&text, stream_name(s), e);
	stream_close(s);
	buf_clear(&text);
	return v;
}

json_t *ingest_beside(const char *path, struct err *e, bool *there)
{
	struct buf text = BUF_INIT;
	json_t *v = NULL;

	*there = file_exists(path) && !file_is_dir(path);
	if (*there && stream_read_all(path, &text, e))
		v = parse_document(&text, path, e);
	buf_clear(&text);
	return v;
}
