/* The document is cut at its brackets, quotes and commas as its bytes come in; only the values that
 * were asked for are kept together and given to the JSON parser. */
#include "ingest/walk.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/stream.h"
#include "ingest/importer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define PATHS_MAX 16
#define NAMES_MAX 8
#define PLACE_SIZE 1200
#define MEMBER_MAX 64

/* A part of a path: what lies between two dots. */
struct name {
	const char *s;
	size_t n;
};

/* An object or array that some path leads through. */
struct frame {
	bool array;
	uint32_t live; /* the paths that lead through it */
	uint64_t n;    /* members or elements so far */
};

enum state {
	BEFORE_VALUE,
	BEFORE_KEY,
	IN_KEY,
	AFTER_KEY,
	IN_VALUE, /* one that is kept or passed over as a whole */
	AFTER_VALUE,
	AT_END,
};

struct walk {
	struct ingest *in;
	struct stream *s;
	const struct walk_plan *plan;
	struct name names[PATHS_MAX][NAMES_MAX];
	size_t lengths[PATHS_MAX], n_paths;
	struct frame stack[NAMES_MAX + 1];
	size_t depth;
	enum state state;
	uint64_t line;
	struct buf key, value;
	/* Of the value at hand: */
	bool keep, in_string, escaped, scalar, too_long;
	bool dropping;         /* the value of a member to skip */
	char name[MEMBER_MAX]; /* the string last seen among its own members */
	size_t name_len;
	size_t which, nested;
	uint64_t start_line, taken;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool syntax(const struct walk *c, const char *why, struct err *e)
{
	return err_set(e, ERR_DATA, "%s:%llu: no sound JSON: %s", stream_name(c->s),
	    (unsigned long long)c->line, why);
}

static void split_paths(struct walk *c)
{
	const char *const *paths = c->plan->paths;

	assert(c->plan->n <= PATHS_MAX);
	c->n_paths = c->plan->n;
	for (size_t i = 0; i < c->n_paths; i++) {
		const char *s = paths[i];

		while (*s && c->lengths[i] < NAMES_MAX) {
			size_t len = strcspn(s, ".");

			c->names[i][c->lengths[i]++] = (struct name){s, len};
			s += s[len] ? len + 1 : len;
		}
	}
}

/* The value that begins with `first` in the frame on top: kept, entered or passed over. */
static void begin_value(struct walk *c, char first)
{
	const struct frame *f = c->depth ? &c->stack[c->depth - 1] : NULL;
	uint32_t live = 0;

	c->keep = false;
	for (size_t i = 0; i < c->n_paths; i++) {
		const struct name *name = &c->names[i][c->depth ? c->depth - 1 : 0];

		if (f &&
		    (!(f->live & 1u << i) || !((name->n == 1 && *name->s == '*') ||
						 (!f->array && name->n == c->key.len &&
						     !memcmp(name->s, buf_str(&c->key), name->n)))))
			continue;
		if (c->lengths[i] > c->depth) {
			live |= 1u << i; /* leads further in */
		} else if (!c->keep) {
			c->keep = true;
			c->which = i;
		}
	}
	if (live && (first == '{' || first == '[')) {
		c->stack[c->depth++] = (struct frame){.array = first == '[', .live = live};
		c->state = first == '[' ? BEFORE_VALUE : BEFORE_KEY;
		return;
	}
	buf_reset(&c->value);
	c->in_string = c->escaped = c->too_long = c->dropping = false;
	c->scalar = first != '{' && first != '[' && first != '"';
	c->nested = 0;
	c->start_line = c->line;
	c->state = IN_VALUE;
}

/* Hand the kept value on. */
static bool give(struct walk *c, struct err *e)
{
	const struct frame *f = c->depth ? &c->stack[c->depth - 1] : NULL;
	char place[PLACE_SIZE];
	struct walk_value r = {.which = c->which, .key = f && !f->array ? buf_str(&c->key) : ""};
	struct err why = ERR_INIT;
	json_t *v;
	bool ok;

	r.index = f ? f->n : 0;
	r.place = place;
	if (!f)
		snprintf(place, sizeof(place), "%s", stream_name(c->s));
	else if (*r.key)
		snprintf(place, sizeof(place), "%s:%llu:%.100s", stream_name(c->s),
		    (unsigned long long)c->start_line, r.key);
	else
		snprintf(place, sizeof(place), "%s:%llu:%llu", stream_name(c->s),
		    (unsigned long long)c->start_line, (unsigned long long)r.index);
	if (c->too_long)
		return err_set(e, ERR_DATA,
		    "%s: a value over %zu MiB: is it a log of samples? split it, or leave it out",
		    place, WALK_VALUE_LIMIT >> 20);
	if (++c->taken % 64 == 0 &&
	    !progress_tick(c->in->progress, "reading", stream_fraction(c->s) * 100,
		stream_fraction(c->s) < 0 ? 0 : 100, "%"))
		return err_set(
		    e, ERR_CANCELLED, "%s: stopped; nothing was changed", stream_name(c->s));
	v = json_read(buf_str(&c->value), c->value.len, place, &why);
	if (!v) {
		size_t skip = strlen(place) + 2;

		return ingest_bad(
		    c->in, e, place, "%s", strlen(why.msg) > skip ? why.msg + skip : why.msg);
	}
	r.v = v;
	ok = c->plan->take(c->plan->arg, &r, e);
	json_decref(v);
	return ok;
}

/* Is the member whose name was seen last one to skip? */
static bool is_skipped(const struct walk *c)
{
	const char *at = c->plan->skip;

	while (at && *at) {
		size_t n = strcspn(at, " ");

		if (n == c->name_len && n < MEMBER_MAX && !memcmp(at, c->name, n))
			return true;
		at += at[n] ? n + 1 : n;
	}
	return false;
}

static void keep_bytes(struct walk *c, const char *p, size_t n)
{
	if (c->keep && !c->too_long)
		c->too_long = c->value.len + n > WALK_VALUE_LIMIT || !buf_add(&c->value, p, n);
}

/* One byte of a string of the value; *ended: and of the value. */
static void string_byte(struct walk *c, char b, bool *ended)
{
	if (!c->escaped && b == '"') {
		c->in_string = false;
		*ended = !c->nested;
		return;
	}
	c->escaped = !c->escaped && b == '\\';
	if (c->nested == 1 && c->name_len < MEMBER_MAX)
		c->name[c->name_len++] = b;
}

/* As much of the value as there is at p; *used bytes of it. The state changes at its end. */
static bool run_value(struct walk *c, const char *p, size_t n, size_t *used, struct err *e)
{
	size_t i = 0, from = 0; /* [from, i) is not yet kept */
	bool ended = false;

	for (; i < n && !ended; i++) {
		char b = p[i];

		c->line += b == '\n';
		if (c->in_string) {
			string_byte(c, b, &ended);
		} else if (b == '"') {
			c->in_string = true;
			c->name_len = 0;
		} else if (b == '{' || b == '[') {
			c->nested++;
		} else if (c->nested == 1 && b == ':' && c->keep && !c->dropping && is_skipped(c)) {
			keep_bytes(c, p + from, i + 1 - from);
			keep_bytes(c, "null", 4);
			c->dropping = true;
		} else if (c->nested) {
			if (c->nested == 1 && c->dropping && (b == ',' || b == '}')) {
				c->dropping = false;
				from = i;
			}
			if (b == '}' || b == ']')
				ended = !--c->nested;
		} else if (c->scalar && (b == ',' || b == '}' || b == ']' || is_space(b))) {
			c->line -= b == '\n';
			break; /* belongs to what is around it */
		}
	}
	*used = i;
	if (!c->dropping)
		keep_bytes(c, p + from, i - from);
	if (i < n || ended) {
		c->state = c->depth ? AFTER_VALUE : AT_END;
		if (c->keep)
			return give(c, e);
	}
	return true;
}

static bool close_frame(struct walk *c, char b, struct err *e)
{
	if (b != (c->stack[c->depth - 1].array ? ']' : '}'))
		return syntax(c, "brackets do not match", e);
	c->depth--;
	c->state = c->depth ? AFTER_VALUE : AT_END;
	return true;
}

/* A key with escapes becomes what it stands for. */
static bool end_key(struct walk *c, struct err *e)
{
	json_t *v;
	char *quoted;

	c->state = AFTER_KEY;
	if (!memchr(buf_str(&c->key), '\\', c->key.len))
		return true;
	quoted = buf_take(&c->key);
	buf_printf(&c->key, "\"%s\"", quoted);
	mem_free(quoted);
	v = json_read(buf_str(&c->key), c->key.len, stream_name(c->s), e);
	buf_reset(&c->key);
	if (v)
		buf_adds(&c->key, json_string_value(v));
	json_decref(v);
	return v != NULL;
}

/* One byte outside of values. */
static bool step(struct walk *c, char b, struct err *e)
{
	struct frame *f = c->depth ? &c->stack[c->depth - 1] : NULL;

	if (c->state == IN_KEY) {
		if (b == '"' && !c->escaped)
			return end_key(c, e);
		c->escaped = b == '\\' && !c->escaped;
		return buf_addc(&c->key, b) || syntax(c, "a name that is too long", e);
	}
	if (is_space(b))
		return true;
	switch (c->state) {
	case BEFORE_VALUE:
		if (f && f->array && !f->n && b == ']')
			return close_frame(c, b, e);
		return !strchr(",:}]", b) || syntax(c, "a value is missing", e);
	case BEFORE_KEY:
		if (b == '}' && !f->n)
			return close_frame(c, b, e);
		if (b != '"')
			return syntax(c, "a name is missing", e);
		buf_reset(&c->key);
		c->escaped = false;
		c->state = IN_KEY;
		return true;
	case AFTER_KEY:
		c->state = BEFORE_VALUE;
		return b == ':' || syntax(c, "a colon is missing", e);
	case AFTER_VALUE:
		if (b != ',')
			return close_frame(c, b, e);
		f->n++;
		c->state = f->array ? BEFORE_VALUE : BEFORE_KEY;
		return true;
	case AT_END:
		return syntax(c, "more after the end of the document", e);
	case IN_KEY:
	case IN_VALUE:
	default:
		return true;
	}
}

static bool feed(struct walk *c, const char *p, size_t n, struct err *e)
{
	size_t used;

	for (size_t i = 0; i < n; i += used) {
		used = 1;
		/* The first byte of a value decides what becomes of it. */
		if (c->state == BEFORE_VALUE && !is_space(p[i]) && !strchr(",:}]", p[i])) {
			begin_value(c, p[i]);
			if (c->state != IN_VALUE)
				continue;
		}
		if (c->state == IN_VALUE) {
			if (!run_value(c, p + i, n - i, &used, e))
				return false;
			continue;
		}
		c->line += p[i] == '\n';
		if (!step(c, p[i], e))
			return false;
	}
	return true;
}

bool walk_document(struct ingest *in, struct stream *s, const struct walk_plan *plan, struct err *e)
{
	struct walk c = {.in = in, .s = s, .plan = plan, .line = 1};
	bool first = true, ok = true;
	const char *p;
	size_t n = 1;

	buf_init(&c.key, WALK_VALUE_LIMIT);
	buf_init(&c.value, WALK_VALUE_LIMIT + 1);
	split_paths(&c);
	while (ok && n) {
		ok = stream_read(s, &p, &n, e);
		if (ok && first && n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3)) {
			p += 3;
			n -= 3;
		}
		first = false;
		ok = ok && feed(&c, p, n, e);
	}
	/* A number alone ends with the file. */
	if (ok && c.state == IN_VALUE && c.scalar && !c.depth)
		ok = feed(&c, "\n", 1, e);
	if (ok && c.state != AT_END)
		ok = c.state == BEFORE_VALUE && !c.depth
			 ? err_set(e, ERR_DATA, "%s: empty", stream_name(s))
			 : syntax(&c, "the file is cut off", e);
	buf_clear(&c.key);
	buf_clear(&c.value);
	return ok;
}
