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

enum item_type { ITEM_FACT, ITEM_GROUP, ITEM_END, ITEM_TABLE, ITEM_LINE };

struct item {
	enum item_type type;
	const char *key, *title; /* ITEM_LINE: the sentence is the title */
	bool keyed;
	const struct column *columns; /* a fact has one */
	size_t n_columns;
	struct value *cells; /* row-major */
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

void out_fact(
    struct out *o, const char *key, const char *title, enum column_kind kind, int decimals)
{
	struct item *it = add_item(o, ITEM_FACT, key, title);
	struct column *c = arena_new(&o->arena, struct column);

	*c =
	    (struct column){.key = it->key, .title = it->title, .kind = kind, .decimals = decimals};
	it->columns = c;
	it->n_columns = 1;
}

void out_fact_text(struct out *o, const char *key, const char *title, const char *s)
{
	out_fact(o, key, title, COLUMN_TEXT, 0);
	out_text(o, s);
}

void out_fact_int(struct out *o, const char *key, const char *title, int64_t v)
{
	out_fact(o, key, title, COLUMN_INT, 0);
	out_int(o, v);
}

void out_fact_real(struct out *o, const char *key, const char *title, int decimals, double v)
{
	out_fact(o, key, title, COLUMN_REAL, decimals);
	out_real(o, v);
}

void out_fact_share(struct out *o, const char *key, const char *title, int decimals, double v)
{
	out_fact(o, key, title, COLUMN_SHARE, decimals);
	out_real(o, v);
}

void out_fact_bool(struct out *o, const char *key, const char *title, bool v)
{
	out_fact(o, key, title, COLUMN_BOOL, 0);
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
    struct out *o, const char *key, const char *title, const struct column *columns, size_t n)
{
	struct item *it = add_item(o, ITEM_TABLE, key, title);
	struct column *copy = arena_array(&o->arena, struct column, n);

	for (size_t j = 0; j < n; j++) {
		copy[j] = columns[j];
		copy[j].key = arena_strdup(&o->arena, columns[j].key);
		copy[j].title = columns[j].title ? arena_strdup(&o->arena, columns[j].title) : NULL;
	}
	it->columns = copy;
	it->n_columns = n;
}

void out_keyed_table(
    struct out *o, const char *key, const char *title, const struct column *columns, size_t n)
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

/* The cell's text is copied: the document outlives the result. */
static void add_cell(struct out *o, struct value v)
{
	struct item *it = last_item(o);

	assert(it->type == ITEM_TABLE || it->n_cells == 0);
	if (v.text && it->columns[it->n_cells % it->n_columns].kind == COLUMN_MAP) {
		size_t n = 0;

		for (int64_t i = 0; i < 2 * v.n; i++)
			n += strlen(v.text + n) + 1;
		v.text = memcpy(arena_alloc(&o->arena, n + 1, 1), v.text, n);
	} else if (v.text) {
		v.text = arena_strdup(&o->arena, v.text);
	}
	it->cells = mem_grow(it->cells, &it->cap_cells, it->n_cells + 1, sizeof(*it->cells));
	it->cells[it->n_cells++] = v;
}

static void add_of_kind(struct out *o, struct value v, unsigned kinds)
{
	const struct item *it = last_item(o);

	assert(kinds & 1u << it->columns[it->n_cells % it->n_columns].kind);
	(void)it;
	(void)kinds;
	add_cell(o, v);
}

void out_text(struct out *o, const char *s)
{
	add_of_kind(o, value_text(s), 1u << COLUMN_TEXT | 1u << COLUMN_CLIP);
}

void out_int(struct out *o, int64_t v)
{
	add_of_kind(o, value_int(v), 1u << COLUMN_INT);
}

void out_real(struct out *o, double v)
{
	add_of_kind(o, value_real(v),
	    1u << COLUMN_REAL | 1u << COLUMN_SHARE | 1u << COLUMN_MONEY | 1u << COLUMN_SECONDS);
}

void out_figure(struct out *o, double value, double low, double high)
{
	add_of_kind(o, value_figure(value, low, high),
	    1u << COLUMN_FIGURE | 1u << COLUMN_PM | 1u << COLUMN_SHARE_FIGURE |
		1u << COLUMN_SHARE_PM);
}

void out_bool(struct out *o, bool v)
{
	add_of_kind(o, value_bool(v), 1u << COLUMN_BOOL);
}

void out_map(struct out *o, size_t n, const char *const *keys, const char *const *texts)
{
	struct buf pairs = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		value_map_add(&pairs, keys[i], texts[i]);
	add_of_kind(o, value_map(&pairs, n), 1u << COLUMN_MAP);
	buf_clear(&pairs);
}

void out_missing(struct out *o)
{
	add_cell(o, value_missing());
}

void out_rows(struct out *o, const char *key, const char *title, const struct table *t,
    const uint32_t *order, size_t n)
{
	struct column *columns = arena_array(&o->arena, struct column, t->n_columns);
	struct buf scratch = BUF_INIT;
	size_t n_columns = 0;

	for (size_t j = 0; j < t->n_columns; j++)
		if (t->columns[j].key)
			columns[n_columns++] = t->columns[j];
	out_table(o, key, title, columns, n_columns);
	for (size_t i = 0; i < n; i++) {
		size_t row = order ? order[i] : i;

		for (size_t j = 0; j < t->n_columns && row >= t->totals; j++)
			if (t->columns[j].key)
				add_cell(o, table_get(t, row, j, &scratch));
	}
	buf_clear(&scratch);
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

static char *plain_cell(struct out *o, const struct value *v, const struct column *c)
{
	struct buf b = BUF_INIT;
	char *s;

	column_text(&b, c, v, o->style.ascii ? COLUMN_ASCII : COLUMN_PLAIN);
	s = arena_strdup(&o->arena, buf_str(&b));
	buf_clear(&b);
	return s;
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
			if (it->columns[j].title && it->columns[j].kind == COLUMN_CLIP &&
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
		print_padded(o, f, it->columns[j].title, width[j], column_is_left(&it->columns[j]),
		    j == last);
		first = 0;
	}
	fputs(o->style.color ? "\033[m\n" : "\n", f);
	for (size_t i = 0, first = 1; i < it->n_cells; i++) {
		size_t j = i % n;

		if (it->columns[j].title) {
			fputs(first ? "" : "  ", f);
			print_padded(
			    o, f, text[i], width[j], column_is_left(&it->columns[j]), j == last);
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
		if (it->columns->kind == COLUMN_BOOL && !it->cells[0].missing && !it->cells[0].n)
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

static void tsv_table(FILE *f, const struct item *it)
{
	struct buf b = BUF_INIT;
	size_t n = it->n_columns;

	for (size_t j = 0; j < n; j++) {
		column_keys(&b, &it->columns[j], '\t');
		buf_addc(&b, j + 1 < n ? '\t' : '\n');
	}
	for (size_t i = 0; i < it->n_cells; i++) {
		column_tsv(&b, &it->columns[i % n], &it->cells[i]);
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
		column_tsv(&b, it->columns, it->cells);
		fprintf(
		    f, "%s%s%s\t%s\n", group ? group : "", group ? "." : "", it->key, buf_str(&b));
	}
	buf_clear(&b);
}

/* JSON */

static json_t *json_table(const struct item *it)
{
	json_t *all = it->keyed ? json_object() : json_array();
	size_t n = it->n_columns;

	for (size_t i = 0; i + n <= it->n_cells; i += n) {
		json_t *row = json_object();

		for (size_t j = it->keyed ? 1 : 0; j < n; j++)
			json_object_set_new(row, it->columns[j].key,
			    column_json(&it->columns[j], &it->cells[i + j]));
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
			root = json_table(it);
			break;
		}
		if (it->type == ITEM_TABLE) {
			json_object_set_new(at, it->key, json_table(it));
		} else if (it->type == ITEM_FACT) {
			json_object_set_new(at, it->key, column_json(it->columns, it->cells));
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
