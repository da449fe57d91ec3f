/* Which shape of JSON it is, and its columns, is seen in the start of the file by counting brackets;
 * rows are then parsed one by one, but for a table that is one object, which is parsed whole. */
#include "ingest/rows.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hashtable.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/columns.h"
#include "ingest/importer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_LOOKED_AT 20 /* of which the columns are the members */

enum shape {
	SHAPE_NONE,
	SHAPE_ROWS,    /* a value a row: lines, or the elements of an array */
	SHAPE_COLUMNS, /* an object of columns: arrays, or objects by row */
	SHAPE_SPLIT,   /* "columns" and "data" */
	SHAPE_WRAPPED, /* an object with an array of objects in it */
};

/* What the start of a file tells. */
struct sight {
	struct arena *a;
	enum shape shape;
	const char **names; /* of the columns */
	size_t n, cap;
	struct hashtable *known; /* the names */
	const char *member;      /* SHAPE_WRAPPED: where the rows are */
	bool positional;         /* a row is an array; the first holds the names */
};

static const char *skip_space(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p) && *p)
		p++;
	return p;
}

/* At the quote that ends the string whose first byte is p; NULL where it does not end. */
static const char *string_end(const char *p, const char *end)
{
	const char *quote = p;

	while ((quote = memchr(quote, '"', (size_t)(end - quote)))) {
		const char *back = quote;

		while (back > p && back[-1] == '\\')
			back--;
		if ((quote - back) % 2 == 0)
			return quote;
		quote++;
	}
	return NULL;
}

/* Behind the JSON value at p, by its brackets and quotes; NULL where it does not end. */
static const char *skip_value(const char *p, const char *end)
{
	size_t depth = 0;

	for (; p < end; p++) {
		if (*p == '"') {
			p = string_end(p + 1, end);
			if (!p)
				return NULL;
			if (!depth)
				return p + 1;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			if (!depth)
				return p;
			if (!--depth)
				return p + 1;
		} else if (!depth && (*p == ',' || *p == '\n')) {
			return p;
		}
	}
	return NULL;
}

static void add_name(struct sight *s, const char *p, size_t n)
{
	json_t *v = NULL;

	if (memchr(p, '\\', n)) {
		v = json_read(p - 1, n + 2, "", NULL);
		if (!json_is_string(v))
			return;
		p = json_string_value(v);
		n = json_string_length(v);
	}
	if (s->n < CSV_COLUMNS_LIMIT && hashtable_get(s->known, p, n) == HASHTABLE_NONE) {
		hashtable_put(s->known, p, n, s->n);
		s->names = mem_grow(s->names, &s->cap, s->n + 1, sizeof(*s->names));
		s->names[s->n++] = arena_strndup(s->a, p, n);
	}
	json_decref(v);
}

/* What the members of an object come to, as far as they are in sight. */
struct members {
	size_t n, nested; /* and of those, arrays and objects */
	bool columns, data;
	const char *rows; /* a member that is an array of objects; its first element */
	const char *rows_name;
	size_t rows_name_n;
};

/* Look at the members of the object at p; their names are added unless `only_nested` leaves out those
 * that are neither arrays nor objects. */
static void look_at_object(
    struct sight *s, const char *p, const char *end, bool only_nested, struct members *m)
{
	*m = (struct members){0};
	p = skip_space(p + 1, end);
	while (p < end && *p == '"') {
		const char *name = p + 1, *behind = skip_value(p, end), *value;
		size_t n;

		if (!behind)
			return;
		n = (size_t)(behind - name - 1);
		value = skip_space(behind, end);
		if (value == end || *value != ':')
			return;
		value = skip_space(value + 1, end);
		if (value == end)
			return;
		m->n++;
		if (*value == '[' || *value == '{') {
			const char *first = skip_space(value + 1, end);

			m->nested++;
			m->columns = m->columns || (n == 7 && !memcmp(name, "columns", 7));
			m->data = m->data || (n == 4 && !memcmp(name, "data", 4));
			if (*value == '[' && first < end && *first == '{' && !m->rows) {
				m->rows = first;
				m->rows_name = name;
				m->rows_name_n = n;
			}
			if (only_nested)
				add_name(s, name, n);
		}
		if (!only_nested)
			add_name(s, name, n);
		p = skip_value(value, end);
		if (!p)
			return;
		p = skip_space(p, end);
		if (p < end && *p == ',')
			p = skip_space(p + 1, end);
	}
}

/* The names in the array of strings at p. */
static void look_at_names(struct sight *s, const char *p, const char *end)
{
	for (p = skip_space(p + 1, end); p < end && *p == '"';) {
		const char *behind = skip_value(p, end);

		if (!behind)
			return;
		add_name(s, p + 1, (size_t)(behind - p - 2));
		p = skip_space(behind, end);
		if (p < end && *p == ',')
			p = skip_space(p + 1, end);
	}
}

/* Objects from p on, parted by commas or newlines. */
static void look_at_rows(struct sight *s, const char *p, const char *end)
{
	struct members m;

	for (size_t n = 0; p && p < end && *p == '{' && n < ROWS_LOOKED_AT; n++) {
		look_at_object(s, p, end, false, &m);
		p = skip_value(p, end);
		if (p)
			p = skip_space(p, end);
		if (p && p < end && *p == ',')
			p = skip_space(p + 1, end);
	}
	s->shape = s->n ? SHAPE_ROWS : SHAPE_NONE;
}

/* One object: a line, a table of columns, or what rows are wrapped in? */
static void look_at_top(struct sight *s, const char *p, const char *end)
{
	const char *behind = skip_value(p, end), *line = memchr(p, '\n', (size_t)(end - p));
	bool lines = behind && (!line || line >= behind) && skip_space(behind, end) < end;
	struct members m;

	if (lines) {
		look_at_rows(s, p, end);
		return;
	}
	look_at_object(s, p, end, true, &m);
	if (m.columns && m.data) {
		s->shape = SHAPE_SPLIT;
		p = memmem(p, (size_t)(end - p), "\"columns\"", 9);
		p = p ? memchr(p, '[', (size_t)(end - p)) : NULL;
		s->n = 0;
		hashtable_free(s->known);
		s->known = hashtable_new();
		if (p)
			look_at_names(s, p, end);
	} else if (m.rows) {
		s->shape = SHAPE_WRAPPED;
		s->member = arena_strndup(s->a, m.rows_name, m.rows_name_n);
		s->n = 0;
		hashtable_free(s->known);
		s->known = hashtable_new();
		look_at_rows(s, m.rows, end);
		s->shape = SHAPE_WRAPPED;
	} else if (m.nested >= 2) {
		s->shape = SHAPE_COLUMNS;
	} else if (!line || (behind && line >= behind)) {
		s->n = 0;
		look_at_rows(s, p, end);
	}
}

static void see(struct sight *s, struct arena *a, const char *p, size_t n)
{
	const char *end = p + n;

	*s = (struct sight){.a = a, .known = hashtable_new()};
	p = skip_space(p, end);
	if (p < end && *p == '{') {
		look_at_top(s, p, end);
	} else if (p < end && *p == '[') {
		p = skip_space(p + 1, end);
		if (p < end && *p == '[') {
			s->positional = true;
			look_at_names(s, p, end);
			s->shape = s->n ? SHAPE_ROWS : SHAPE_NONE;
		} else {
			look_at_rows(s, p, end);
		}
	}
}

static void sight_clear(struct sight *s)
{
	hashtable_free(s->known);
	mem_free(s->names);
}

static bool is_json(const char *p, size_t n)
{
	const char *at = skip_space(p, p + n);

	return at < p + n && (*at == '{' || *at == '[');
}

bool rows_header(const struct ingest_head *h, struct arena *a, struct csv_row *out, bool *json)
{
	struct sight s;
	struct csv_field *v;

	*json = is_json(h->p, h->n);
	if (!*json)
		return csv_header(h->p, h->n, a, out);
	see(&s, a, h->p, h->n);
	v = arena_array(a, struct csv_field, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		v[i] = (struct csv_field){s.names[i], strlen(s.names[i])};
	*out = (struct csv_row){v, s.n, 1};
	sight_clear(&s);
	return out->n > 0;
}

/* Rows on their way out. */
struct writing {
	const struct csv_reader *r;
	const struct sight *s;
	struct buf text;     /* the fields, a NUL after each */
	struct csv_field *v; /* by column */
	const json_t **cell; /* by column, or NULL */
	size_t *end;
	bool named; /* positional: the row of names was passed over */
};

static bool add_cell(struct buf *b, const json_t *v)
{
	char *text;
	bool ok;

	if (!v || json_is_null(v))
		return true;
	if (json_is_string(v))
		return buf_add(b, json_string_value(v), json_string_length(v));
	if (json_is_boolean(v))
		return buf_adds(b, json_is_true(v) ? "true" : "false");
	if (json_is_integer(v))
		return buf_printf(b, "%lld", (long long)json_integer_value(v));
	if (json_is_real(v))
		return buf_printf(b, "%.17g", json_real_value(v));
	text = json_compact(v);
	ok = buf_adds(b, text);
	mem_free(text);
	return ok;
}

/* Hand out w->cell, and forget it. */
static bool put_row(struct writing *w, uint64_t line, struct err *e)
{
	const struct csv_row row = {w->v, w->s->n, line};
	size_t start = 0;
	bool empty = true;

	buf_reset(&w->text);
	for (size_t c = 0; c < w->s->n; c++) {
		if (!add_cell(&w->text, w->cell[c]) || !buf_addc(&w->text, '\0'))
			return w->r->bad(w->r->arg, line, c, "a row of over 64 MiB", e);
		w->end[c] = w->text.len;
		empty = empty && (!w->cell[c] || json_is_null(w->cell[c]));
		w->cell[c] = NULL;
	}
	for (size_t c = 0; c < w->s->n; c++) {
		w->v[c] = (struct csv_field){w->text.s + start, w->end[c] - start - 1};
		start = w->end[c];
	}
	return empty || w->r->row(w->r->arg, &row, e);
}

static bool put_header(struct writing *w, struct err *e)
{
	struct csv_row row = {w->v, w->s->n, 1};

	for (size_t c = 0; c < w->s->n; c++)
		w->v[c] = (struct csv_field){w->s->names[c], strlen(w->s->names[c])};
	return w->r->row(w->r->arg, &row, e);
}

static bool put_value(struct writing *w, json_t *v, uint64_t line, struct err *e)
{
	const char *name;
	json_t *member;
	size_t i;

	if (w->s->positional && json_is_array(v)) {
		if (!w->named) {
			w->named = true;
			return true;
		}
		if (json_array_size(v) != w->s->n)
			return w->r->bad(w->r->arg, line, SIZE_MAX,
			    "another number of values than there are names in the first row", e);
		for (i = 0; i < w->s->n; i++)
			w->cell[i] = json_array_get(v, i);
		return put_row(w, line, e);
	}
	if (!json_is_object(v))
		return w->r->bad(w->r->arg, line, SIZE_MAX, "no JSON object", e);
	json_object_foreach(v, name, member)
	{
		uint64_t c = hashtable_get(w->s->known, name, strlen(name));

		if (c != HASHTABLE_NONE)
			w->cell[c] = member;
	}
	return put_row(w, line, e);
}

static bool on_value(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	const char *colon = strrchr(place, ':');

	(void)text, (void)n;
	return put_value(arg, v, colon ? strtoull(colon + 1, NULL, 10) : 0, e);
}

/* Has a column one of the names that tables give theirs? Else the object may be anything by anything:
 * models by question as well as questions by model. */
static bool any_known(const struct sight *s)
{
	for (size_t c = 0; c < s->n; c++)
		for (int r = 0; r < ROLE_COUNT; r++)
			if (role_is((enum role)r, s->names[c], strlen(s->names[c])))
				return true;
	return false;
}

/* Do all columns hold the rows of the first, and are all of them known? */
static bool check_columns(
    const struct sight *s, const json_t *top, bool named, const char *file, struct err *e)
{
	const json_t *first = json_object_get(top, s->names[0]), *column;
	size_t rows = json_is_array(first) ? json_array_size(first) : json_object_size(first);
	const char *name, *row;
	json_t *value;

	if (!named && !any_known(s))
		return err_set(e, ERR_DATA,
		    "%s: an object of \"%.60s\", \"%.60s\" ...: nothing says which of its names "
		    "are "
		    "models and which questions; write it as rows of model, benchmark, question "
		    "and "
		    "label; where these are a table's columns, --columns says which holds what",
		    file, s->names[0], s->n > 1 ? s->names[1] : "");
	if (json_object_size(top) != s->n)
		return err_set(e, ERR_DATA,
		    "%s: %zu columns, of which only %zu begin in the first 64 KiB: write it as "
		    "rows",
		    file, json_object_size(top), s->n);
	json_object_foreach((json_t *)top, name, value)
	{
		size_t n = json_is_array(value) ? json_array_size(value) : json_object_size(value);

		if (json_typeof(value) != json_typeof(first) || n != rows)
			return err_set(e, ERR_DATA,
			    "%s: \"%.60s\" has %zu values and \"%.60s\" has %zu: a table's columns "
			    "are of one kind and length",
			    file, s->names[0], rows, name, n);
	}
	for (size_t c = 1; c < s->n && json_is_object(first); c++) {
		column = json_object_get(top, s->names[c]);
		json_object_foreach((json_t *)first, row,
		    value) if (!json_object_get(column, row)) return err_set(e, ERR_DATA,
		    "%s: \"%.60s\" lacks row \"%.60s\", which \"%.60s\" has", file, s->names[c],
		    row, s->names[0]);
	}
	return true;
}

/* Objects of columns: arrays, or objects whose members are the rows, as pandas writes them. */
static bool put_columns(struct writing *w, const json_t *top, struct err *e)
{
	json_t *first = json_object_get(top, w->s->names[0]);
	size_t rows = json_is_array(first) ? json_array_size(first) : json_object_size(first);
	void *at = json_is_object(first) ? json_object_iter(first) : NULL;

	for (size_t i = 0; i < rows; i++) {
		for (size_t c = 0; c < w->s->n; c++) {
			const json_t *column = json_object_get(top, w->s->names[c]);

			w->cell[c] = at ? json_object_get(column, json_object_iter_key(at))
					: json_array_get(column, i);
		}
		if (!put_row(w, i + 1, e))
			return false;
		at = at ? json_object_iter_next(first, at) : NULL;
	}
	return true;
}

static bool put_document(struct writing *w, struct ingest *in, size_t i, struct err *e)
{
	json_t *top = ingest_document(in, i, e);
	const char *member = w->s->shape == SHAPE_WRAPPED ? w->s->member : "data";
	const json_t *rows = json_object_get(top, member);
	bool ok = top != NULL;

	if (ok && w->s->shape == SHAPE_COLUMNS) {
		ok = check_columns(w->s, top, in->o->columns != NULL, in->files[i], e) &&
		     put_columns(w, top, e);
	} else if (ok) {
		struct sight *s = (struct sight *)w->s;

		s->positional = w->s->shape == SHAPE_SPLIT;
		w->named = true;
		for (size_t k = 0; ok && k < json_array_size(rows); k++)
			ok = put_value(w, json_array_get(rows, k), k + 1, e);
	}
	json_decref(top);
	return ok;
}

static void writing_init(struct writing *w, const struct csv_reader *r, const struct sight *s)
{
	*w = (struct writing){.r = r, .s = s};
	buf_init(&w->text, 4 * CSV_FIELD_LIMIT);
	w->v = mem_array(s->n, sizeof(*w->v));
	w->end = mem_array(s->n, sizeof(*w->end));
	w->cell = mem_zero_array(s->n, sizeof(*w->cell));
}

static void writing_clear(struct writing *w)
{
	mem_free(w->v);
	mem_free(w->end);
	mem_free(w->cell);
	buf_clear(&w->text);
}

/* The objects or arrays that stand whole in the head. */
static void put_head(struct writing *w, const struct ingest_head *h)
{
	const char *p = h->p, *end = h->p + h->n, *behind;
	bool go_on = true;

	p = skip_space(p, end);
	p += p < end && *p == '[';
	while (go_on && (p = skip_space(p, end)) < end && (behind = skip_value(p, end)) &&
	       behind > p) {
		json_t *v = json_read(p, (size_t)(behind - p), "", NULL);

		go_on = v && put_value(w, v, 1, NULL);
		json_decref(v);
		p = skip_space(behind, end);
		p += p < end && *p == ',';
	}
}

size_t rows_head(const struct ingest_head *h, struct arena *a, struct csv_row *out, size_t max)
{
	struct csv_first f = {a, out, 0, max};
	const struct csv_reader r = csv_first_reader(&f);
	struct writing w;
	struct sight s;

	if (!h->n)
		return 0;
	if (!is_json(h->p, h->n))
		return csv_head(h->p, h->n, a, out, max);
	see(&s, a, h->p, h->n);
	if (s.n) {
		writing_init(&w, &r, &s);
		if (put_header(&w, NULL) && s.shape == SHAPE_ROWS)
			put_head(&w, h);
		writing_clear(&w);
	}
	sight_clear(&s);
	return f.n;
}

static bool read_json(
    struct ingest *in, size_t i, const struct csv_reader *r, struct sight *s, struct err *e)
{
	struct writing w;
	const struct ingest_values values = {on_value, &w, NULL};
	bool ok;

	writing_init(&w, r, s);
	ok = put_header(&w, e) && (s->shape == SHAPE_ROWS ? ingest_each_value(in, i, &values, e)
							  : put_document(&w, in, i, e));
	writing_clear(&w);
	return ok;
}

bool rows_read(struct ingest *in, size_t i, const struct csv_reader *r, struct err *e)
{
	struct stream *s = ingest_open(in, i, e);
	struct sight sight;
	const char *head;
	size_t n;
	bool ok = s && stream_peek(s, INGEST_HEAD_SIZE, &head, &n, e);

	if (!ok || !is_json(head, n)) {
		ok = ok && csv_read(s, r, in->progress, e);
		if (ok && stream_charset(s) > CHARSET_UTF8)
			ingest_remark(in, REMARK_CHOICE, "%s is read as %s", in->files[i],
			    charset_name(stream_charset(s)));
		stream_close(s);
		return ok;
	}
	see(&sight, &in->arena, head, n);
	if (i == 0) /* it is opened once more, and standard input cannot be */
		in->first = s;
	else
		stream_close(s);
	ok = sight.n ? read_json(in, i, r, &sight, e)
		     : err_set(e, ERR_DATA, "%s: JSON, but no rows of a table", in->files[i]);
	sight_clear(&sight);
	return ok;
}
