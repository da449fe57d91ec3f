/* out.c - see out.h. A document is a list of items, kept until it is printed: plain text needs the
 * widths of all rows, and JSON wants to nest. */
#include "cli/out.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#define CLIP_MIN 12 /* cells a clipped column keeps */

struct cell {
	bool missing;
	const char *text; /* OUT_TEXT, OUT_CLIP; of a map: "key", "text", "key", ... NUL-parted */
	int64_t n;        /* OUT_INT, OUT_BOOL; OUT_MAP: number of pairs */
	double v[3];      /* OUT_REAL, OUT_SHARE: [0]; OUT_FIGURE: value, low, high */
};

enum item_type { ITEM_FACT, ITEM_GROUP, ITEM_END, ITEM_TABLE, ITEM_LINE };

struct item {
	enum item_type type;
	const char *key, *title; /* ITEM_LINE: the sentence is the title */
	bool keyed;
	const struct out_column *columns; /* a fact has one */
	size_t n_columns;
	struct cell *cells; /* row-major */
	size_t n_cells, cap_cells;
};

struct out {
	struct out_style style;
	struct arena arena;
	struct item *items;
	size_t n_items, cap_items;
};

struct out *out_new(const struct out_style *style)
{
	struct out *o = mem_zero_array(1, sizeof(*o));

	o->style = *style;
	return o;
}

void out_free(struct out *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->n_items; i++)
		mem_free(o->items[i].cells);
	mem_free(o->items);
	arena_clear(&o->arena);
	mem_free(o);
}

enum out_format out_format(const struct out *o)
{
	return o->style.format;
}

/* Describing */

static struct item *last_item(struct out *o)
{
	assert(o->n_items);
	return &o->items[o->n_items - 1];
}

static struct item *add_item(struct out *o, enum item_type type, const char *key, const char *title)
{
	o->items = mem_grow(o->items, &o->cap_items, o->n_items + 1, sizeof(*o->items));
	o->n_items++;
	*last_item(o) = (struct item){
	    .type = type,
	    .key = key ? arena_strdup(&o->arena, key) : NULL,
	    .title = title ? arena_strdup(&o->arena, title) : NULL,
	};
	return last_item(o);
}

void out_fact(struct out *o, const char *key, const char *title, enum out_kind kind, int decimals)
{
	struct item *it = add_item(o, ITEM_FACT, key, title);
	struct out_column *c = arena_new(&o->arena, struct out_column);

	*c = (struct out_column){it->key, it->title, kind, decimals};
	it->columns = c;
	it->n_columns = 1;
}

void out_fact_text(struct out *o, const char *key, const char *title, const char *s)
{
	out_fact(o, key, title, OUT_TEXT, 0);
	out_text(o, s);
}

void out_fact_int(struct out *o, const char *key, const char *title, int64_t v)
{
	out_fact(o, key, title, OUT_INT, 0);
	out_int(o, v);
}

void out_fact_real(struct out *o, const char *key, const char *title, int decimals, double v)
{
	out_fact(o, key, title, OUT_REAL, decimals);
	out_real(o, v);
}

void out_fact_share(struct out *o, const char *key, const char *title, int decimals, double v)
{
	out_fact(o, key, title, OUT_SHARE, decimals);
	out_real(o, v);
}

void out_fact_bool(struct out *o, const char *key, const char *title, bool v)
{
	out_fact(o, key, title, OUT_BOOL, 0);
	out_bool(o, v);
}

void out_group(struct out *o, const char *key, const char *title)
{
	add_item(o, ITEM_GROUP, key, title);
}

void out_end(struct out *o)
{
	add_item(o, ITEM_END, NULL, NULL);
}

void out_table(
    struct out *o, const char *key, const char *title, const struct out_column *columns, size_t n)
{
	struct item *it = add_item(o, ITEM_TABLE, key, title);
	struct out_column *copy = arena_array(&o->arena, struct out_column, n);

	memcpy(copy, columns, n * sizeof(*copy));
	it->columns = copy;
	it->n_columns = n;
}

void out_keyed_table(
    struct out *o, const char *key, const char *title, const struct out_column *columns, size_t n)
{
	out_table(o, key, title, columns, n);
	last_item(o)->keyed = true;
}

void out_row(struct out *o)
{
	const struct item *it = last_item(o);

	assert(it->type == ITEM_TABLE && it->n_cells % it->n_columns == 0);
	(void)it;
}

static struct cell *add_cell(struct out *o, enum out_kind a, enum out_kind b)
{
	struct item *it = last_item(o);
	enum out_kind kind = it->columns[it->n_cells % it->n_columns].kind;

	assert(kind == a || kind == b);
	assert(it->type == ITEM_TABLE || it->n_cells == 0);
	(void)kind;
	it->cells = mem_grow(it->cells, &it->cap_cells, it->n_cells + 1, sizeof(*it->cells));
	it->cells[it->n_cells] = (struct cell){.missing = false};
	return &it->cells[it->n_cells++];
}

void out_text(struct out *o, const char *s)
{
	struct cell *c = add_cell(o, OUT_TEXT, OUT_CLIP);

	c->missing = !s;
	c->text = s ? arena_strdup(&o->arena, s) : NULL;
}

void out_int(struct out *o, int64_t v)
{
	add_cell(o, OUT_INT, OUT_INT)->n = v;
}

void out_real(struct out *o, double v)
{
	struct cell *c = add_cell(o, OUT_REAL, OUT_SHARE);

	c->missing = !isfinite(v);
	c->v[0] = v;
}

void out_figure(struct out *o, double value, double low, double high)
{
	struct cell *c = add_cell(o, OUT_FIGURE, OUT_PM);

	c->missing = !isfinite(value);
	c->v[0] = value;
	c->v[1] = low;
	c->v[2] = high;
}

void out_bool(struct out *o, bool v)
{
	add_cell(o, OUT_BOOL, OUT_BOOL)->n = v;
}

void out_map(struct out *o, size_t n, const char *const *keys, const char *const *texts)
{
	struct cell *c = add_cell(o, OUT_MAP, OUT_MAP);
	struct buf b = BUF_INIT;

	c->n = (int64_t)n;
	c->missing = n == 0;
	for (size_t i = 0; i < n; i++) {
		buf_add(&b, keys[i], strlen(keys[i]) + 1);
		buf_add(&b, texts[i], strlen(texts[i]) + 1);
	}
	if (n)
		c->text = memcpy(arena_alloc(&o->arena, b.len, 1), b.s, b.len);
	buf_clear(&b);
}

void out_missing(struct out *o)
{
	struct item *it = last_item(o);
	enum out_kind kind = it->columns[it->n_cells % it->n_columns].kind;

	add_cell(o, kind, kind)->missing = true;
}

void out_line(struct out *o, const char *fmt, ...)
{
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	add_item(o, ITEM_LINE, NULL, buf_str(&b));
	buf_clear(&b);
}

/* Plain text */

static void add_fixed(struct buf *b, double v, int decimals)
{
	size_t start = b->len;

	buf_printf(b, "%.*f", decimals, v);
	if (b->s[start] == '-' && strspn(b->s + start + 1, "0.") == b->len - start - 1) {
		memmove(b->s + start, b->s + start + 1, b->len - start);
		b->len--;
	}
}

static void add_map(
    struct buf *b, const struct cell *c, bool (*add)(struct buf *, const char *, size_t))
{
	const char *s = c->text;

	for (int64_t i = 0; i < c->n; i++) {
		if (i)
			buf_addc(b, ' ');
		add(b, s, strlen(s));
		s += strlen(s) + 1;
		buf_addc(b, '=');
		add(b, s, strlen(s));
		s += strlen(s) + 1;
	}
}

static char *plain_cell(struct out *o, const struct cell *c, const struct out_column *col)
{
	struct buf b = BUF_INIT;
	char *s;

	if (c->missing) {
		buf_adds(&b, o->style.ascii ? "-" : "\u2013");
	} else {
		switch (col->kind) {
		case OUT_TEXT:
		case OUT_CLIP:
			utf8_printable_add(&b, c->text, strlen(c->text));
			break;
		case OUT_INT:
			buf_printf(&b, "%lld", (long long)c->n);
			break;
		case OUT_REAL:
			add_fixed(&b, c->v[0], col->decimals);
			break;
		case OUT_SHARE:
			add_fixed(&b, 100 * c->v[0], col->decimals);
			buf_addc(&b, '%');
			break;
		case OUT_FIGURE:
			add_fixed(&b, c->v[0], col->decimals);
			if (!isfinite(c->v[1]) || !isfinite(c->v[2]))
				break;
			buf_adds(&b, " [");
			add_fixed(&b, c->v[1], col->decimals);
			buf_adds(&b, ", ");
			add_fixed(&b, c->v[2], col->decimals);
			buf_addc(&b, ']');
			break;
		case OUT_PM:
			add_fixed(&b, c->v[0], col->decimals);
			if (!isfinite(c->v[1]) || !isfinite(c->v[2]))
				break;
			buf_adds(&b, o->style.ascii ? " +-" : " \u00b1");
			add_fixed(&b, (c->v[2] - c->v[1]) / 2, col->decimals);
			break;
		case OUT_BOOL:
			buf_adds(&b, c->n ? "yes" : "");
			break;
		case OUT_MAP:
			add_map(&b, c, utf8_printable_add);
			break;
		}
	}
	s = arena_strdup(&o->arena, buf_str(&b));
	buf_clear(&b);
	return s;
}

static bool is_left(enum out_kind kind)
{
	return kind == OUT_TEXT || kind == OUT_CLIP || kind == OUT_BOOL || kind == OUT_MAP;
}

/* One cell in `width` cells, clipped where it is longer. */
static void print_padded(
    const struct out *o, FILE *f, const char *s, size_t width, bool left, bool last)
{
	const char *dots = o->style.ascii ? ".." : "\u2026";
	size_t dots_width = o->style.ascii ? 2 : 1;
	size_t got = utf8_width(s), n = strlen(s);
	bool clipped = got > width;

	if (clipped) {
		n = utf8_clip(s, width - dots_width, &got);
		got += dots_width;
	}
	if (!left)
		fprintf(f, "%*s", (int)(width - got), "");
	fwrite(s, 1, n, f);
	if (clipped)
		fputs(dots, f);
	if (left && !last)
		fprintf(f, "%*s", (int)(width - got), "");
}

static void print_title(const struct out *o, FILE *f, const char *title)
{
	fprintf(f, o->style.color ? "\033[1m%s\033[m\n" : "%s\n", title);
}

/* Columns wider than the terminal give way where they may, the widest first. */
static void fit_widths(const struct out *o, const struct item *it, size_t *width)
{
	size_t total = 0;

	for (size_t j = 0; j < it->n_columns; j++)
		total += it->columns[j].title ? width[j] + 2 : 0;
	while (o->style.width && total > o->style.width + 2) {
		size_t widest = SIZE_MAX;

		for (size_t j = 0; j < it->n_columns; j++)
			if (it->columns[j].title && it->columns[j].kind == OUT_CLIP &&
			    width[j] > CLIP_MIN && (widest == SIZE_MAX || width[j] > width[widest]))
				widest = j;
		if (widest == SIZE_MAX)
			break;
		width[widest]--;
		total--;
	}
}

static void plain_table(struct out *o, FILE *f, const struct item *it)
{
	size_t n = it->n_columns, last = SIZE_MAX;
	size_t *width = arena_array(&o->arena, size_t, n);
	char **text = arena_array(&o->arena, char *, it->n_cells + 1);

	for (size_t j = 0; j < n; j++) {
		if (!it->columns[j].title)
			continue;
		last = j;
		width[j] = utf8_width(it->columns[j].title);
	}
	for (size_t i = 0; i < it->n_cells; i++) {
		size_t w;

		if (!it->columns[i % n].title)
			continue;
		text[i] = plain_cell(o, &it->cells[i], &it->columns[i % n]);
		w = utf8_width(text[i]);
		if (w > width[i % n])
			width[i % n] = w;
	}
	if (last == SIZE_MAX)
		return;
	fit_widths(o, it, width);
	if (o->style.color)
		fputs("\033[1m", f);
	for (size_t j = 0, first = 1; j < n; j++) {
		if (!it->columns[j].title)
			continue;
		fputs(first ? "" : "  ", f);
		print_padded(
		    o, f, it->columns[j].title, width[j], is_left(it->columns[j].kind), j == last);
		first = 0;
	}
	fputs(o->style.color ? "\033[m\n" : "\n", f);
	for (size_t i = 0, first = 1; i < it->n_cells; i++) {
		size_t j = i % n;

		if (it->columns[j].title) {
			fputs(first ? "" : "  ", f);
			print_padded(
			    o, f, text[i], width[j], is_left(it->columns[j].kind), j == last);
			first = 0;
		}
		if (j == n - 1) {
			putc('\n', f);
			first = 1;
		}
	}
}

/* Facts that follow one another, titles in one column. Returns the index after them. */
static size_t plain_facts(struct out *o, FILE *f, size_t i)
{
	size_t width = 0, end = i;

	for (; end < o->n_items && o->items[end].type == ITEM_FACT; end++)
		if (o->items[end].title && utf8_width(o->items[end].title) > width)
			width = utf8_width(o->items[end].title);
	for (; i < end; i++) {
		const struct item *it = &o->items[i];

		if (!it->title)
			continue;
		print_padded(o, f, it->title, width + 2, true, false);
		if (it->columns->kind == OUT_BOOL && !it->cells[0].missing && !it->cells[0].n)
			fputs("no", f);
		else
			fputs(plain_cell(o, &it->cells[0], it->columns), f);
		putc('\n', f);
	}
	return end;
}

static void print_plain(struct out *o, FILE *f)
{
	for (size_t i = 0; i < o->n_items;) {
		const struct item *it = &o->items[i];
		if ((it->type == ITEM_TABLE || it->type == ITEM_GROUP) && it->title) {
			if (i)
				putc('\n', f);
			if (*it->title)
				print_title(o, f, it->title);
		}
		switch (it->type) {
		case ITEM_FACT:
			i = plain_facts(o, f, i);
			continue;
		case ITEM_TABLE:
			plain_table(o, f, it);
			break;
		case ITEM_LINE:
			fputs(utf8_printable(&o->arena, it->title, strlen(it->title)), f);
			putc('\n', f);
			break;
		case ITEM_GROUP:
		case ITEM_END:
			break;
		}
		i++;
	}
}

/* TSV */

static bool add_tsv_text(struct buf *b, const char *s, size_t n)
{
	static const char plain[] = "\t\n\r\\", escaped[] = "tnr\\";

	for (size_t i = 0, used; i < n; i += used) {
		uint32_t cp;
		const char *special;

		used = utf8_decode(s + i, n - i, &cp);
		special = cp && cp < 0x80 ? strchr(plain, (int)cp) : NULL;
		if (special)
			buf_printf(b, "\\%c", escaped[special - plain]);
		else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			buf_printf(b, "\\x%02x", (unsigned)cp);
		else
			buf_add(b, s + i, used);
	}
	return true;
}

static void add_tsv_number(struct buf *b, double v)
{
	if (isfinite(v))
		buf_printf(b, "%.9g", v);
}

static bool is_figure(enum out_kind kind)
{
	return kind == OUT_FIGURE || kind == OUT_PM;
}

static void add_tsv_cell(struct buf *b, const struct cell *c, enum out_kind kind)
{
	if (is_figure(kind)) {
		for (int i = 0; i < 3; i++) {
			if (i)
				buf_addc(b, '\t');
			if (!c->missing)
				add_tsv_number(b, c->v[i]);
		}
		return;
	}
	if (c->missing)
		return;
	switch (kind) {
	case OUT_TEXT:
	case OUT_CLIP:
		add_tsv_text(b, c->text, strlen(c->text));
		break;
	case OUT_INT:
		buf_printf(b, "%lld", (long long)c->n);
		break;
	case OUT_REAL:
	case OUT_SHARE:
		add_tsv_number(b, c->v[0]);
		break;
	case OUT_BOOL:
		buf_adds(b, c->n ? "true" : "false");
		break;
	case OUT_MAP:
		add_map(b, c, add_tsv_text);
		break;
	case OUT_FIGURE:
	case OUT_PM:
		break;
	}
}

static void tsv_table(FILE *f, const struct item *it)
{
	struct buf b = BUF_INIT;
	size_t n = it->n_columns;

	for (size_t j = 0; j < n; j++) {
		const char *key = it->columns[j].key;

		buf_printf(&b, is_figure(it->columns[j].kind) ? "%s\t%s_low\t%s_high" : "%s", key,
		    key, key);
		buf_addc(&b, j + 1 < n ? '\t' : '\n');
	}
	for (size_t i = 0; i < it->n_cells; i++) {
		add_tsv_cell(&b, &it->cells[i], it->columns[i % n].kind);
		buf_addc(&b, i % n + 1 < n ? '\t' : '\n');
		if (i % n + 1 == n || b.len > 65536) {
			fwrite(b.s, 1, b.len, f);
			buf_reset(&b);
		}
	}
	fwrite(buf_str(&b), 1, b.len, f);
	buf_clear(&b);
}

static void print_tsv(struct out *o, FILE *f)
{
	struct buf b = BUF_INIT;
	const char *group = NULL;

	for (size_t i = 0; i < o->n_items; i++) {
		if (o->items[i].type == ITEM_TABLE) {
			tsv_table(f, &o->items[i]);
			return;
		}
	}
	fputs("key\tvalue\n", f);
	for (size_t i = 0; i < o->n_items; i++) {
		const struct item *it = &o->items[i];

		if (it->type == ITEM_GROUP)
			group = it->key;
		if (it->type == ITEM_END)
			group = NULL;
		if (it->type != ITEM_FACT)
			continue;
		buf_reset(&b);
		add_tsv_cell(&b, &it->cells[0], it->columns[0].kind);
		fprintf(
		    f, "%s%s%s\t%s\n", group ? group : "", group ? "." : "", it->key, buf_str(&b));
	}
	buf_clear(&b);
}

/* JSON */

/* Our text is UTF-8 already; where a byte is not (a file name), its escape is shown. */
static json_t *json_text(struct out *o, const char *s)
{
	size_t n = strlen(s);

	if (utf8_check(s, n) != n)
		s = utf8_printable(&o->arena, s, n);
	return json_string(s);
}

static json_t *json_cell(struct out *o, const struct cell *c, enum out_kind kind)
{
	json_t *map;

	if (is_figure(kind))
		return json_pack("{sososo}", "value", json_number(c->missing ? NAN : c->v[0]),
		    "low", json_number(c->missing ? NAN : c->v[1]), "high",
		    json_number(c->missing ? NAN : c->v[2]));
	if (c->missing && kind != OUT_MAP)
		return json_null();
	switch (kind) {
	case OUT_TEXT:
	case OUT_CLIP:
		return json_text(o, c->text);
	case OUT_INT:
		return json_integer(c->n);
	case OUT_REAL:
	case OUT_SHARE:
		return json_number(c->v[0]);
	case OUT_BOOL:
		return json_boolean(c->n);
	case OUT_MAP:
		map = json_object();
		for (const char *s = c->text, *end = NULL;
		     s && json_object_size(map) < (size_t)c->n; s = end + strlen(end) + 1) {
			end = s + strlen(s) + 1;
			json_object_set_new(map, s, json_text(o, end));
		}
		return map;
	case OUT_FIGURE:
	case OUT_PM:
		break;
	}
	return json_null();
}

static json_t *json_table(struct out *o, const struct item *it)
{
	json_t *all = it->keyed ? json_object() : json_array();
	size_t n = it->n_columns;

	for (size_t i = 0; i + n <= it->n_cells; i += n) {
		json_t *row = json_object();

		for (size_t j = it->keyed ? 1 : 0; j < n; j++)
			json_object_set_new(row, it->columns[j].key,
			    json_cell(o, &it->cells[i + j], it->columns[j].kind));
		if (it->keyed)
			json_object_set_new(all, it->cells[i].text, row);
		else
			json_array_append_new(all, row);
	}
	return all;
}

static bool print_json(struct out *o, FILE *f, struct err *e)
{
	json_t *root = json_object(), *at = root;
	bool ok;

	for (size_t i = 0; i < o->n_items; i++) {
		const struct item *it = &o->items[i];

		if (it->type == ITEM_TABLE && !it->key) {
			assert(json_object_size(root) == 0);
			json_decref(root);
			root = json_table(o, it);
			break;
		}
		if (it->type == ITEM_TABLE) {
			json_object_set_new(at, it->key, json_table(o, it));
		} else if (it->type == ITEM_FACT) {
			json_object_set_new(
			    at, it->key, json_cell(o, &it->cells[0], it->columns[0].kind));
		} else if (it->type == ITEM_GROUP) {
			at = json_object();
			json_object_set_new(root, it->key, at);
		} else if (it->type == ITEM_END) {
			at = root;
		}
	}
	ok = json_write(f, root, e);
	json_decref(root);
	return ok;
}

bool out_print(struct out *o, FILE *f, struct err *e)
{
	bool ok = true;

	errno = 0;
	if (o->style.format == OUT_JSON)
		ok = print_json(o, f, e);
	else if (o->style.format == OUT_TSV)
		print_tsv(o, f);
	else
		print_plain(o, f);
	if (fflush(f) == 0 && !ferror(f) && ok)
		return true;
	if (errno == EPIPE) {
		err_clear(e);
		return true;
	}
	return ok ? err_errno(e, ERR_FAILED, "standard output") : false;
}
