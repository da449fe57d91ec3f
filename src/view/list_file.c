#include "view/list_file.h"

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "tui/list.h"

#include <stdlib.h>
#include <string.h>

enum format { CSV, TSV, JSON, FORMAT_COUNT };
static const char *const suffix[FORMAT_COUNT] = {".csv", ".tsv", ".json"};

static enum format format_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	int f = 0;

	while (f < FORMAT_COUNT && !(dot && !strcmp(dot, suffix[f])))
		f++;
	return (enum format)f;
}

bool list_file_check(const char *path, struct err *e)
{
	return format_of(path) != FORMAT_COUNT ||
	       err_set(e, ERR_USAGE, "%s: end the name in .csv, .tsv or .json", path);
}

/* Bars and the like have no title of their own to be exported under. */
static bool wanted(const struct list *l, int column, bool all)
{
	return (column == 0 || column != l->bar_column) && l->columns[column].width > 0 &&
	       (all || !l->width || l->width[column] > 0);
}

bool list_file_hides(const struct list *l)
{
	for (int i = 0; !l->table.value && i < l->n_columns; i++)
		if (wanted(l, i, true) && !wanted(l, i, false))
			return true;
	return l->shown < l->n;
}

/* The cell's text, *number set where it reads as one; "" for what is missing. */
static const char *cell(struct list *l, size_t row, int column, struct buf *b, bool *number)
{
	char *end;

	buf_reset(b);
	list_cell(l, row, column, b);
	*number = false;
	if (!strcmp(buf_str(b), "–"))
		return "";
	if (b->len && strchr("+-.0123456789", b->s[0]) && strcspn(b->s, "xXnN") == b->len) {
		strtod(b->s, &end);
		*number = end > b->s && (!*end || !strcmp(end, "%"));
		if (*number)
			*end = '\0';
	}
	return buf_str(b);
}

static void put_csv(FILE *f, const char *s)
{
	if (!s[strcspn(s, ",\"\r\n")]) {
		fputs(s, f);
		return;
	}
	putc('"', f);
	for (; *s; s++) {
		if (*s == '"')
			putc('"', f);
		putc(*s, f);
	}
	putc('"', f);
}

static void put_tsv(FILE *f, const char *s)
{
	static const char plain[] = "\t\n\r\\", letter[] = "tnr\\";

	for (; *s; s++) {
		const char *at = strchr(plain, *s);

		if (at)
			putc('\\', f);
		putc(at ? letter[at - plain] : *s, f);
	}
}

static void write_table(struct list *l, bool all, enum format format, FILE *f)
{
	void (*put)(FILE *, const char *) = format == CSV ? put_csv : put_tsv;
	size_t n = all ? l->n : l->shown;
	struct buf b = BUF_INIT;
	const char *gap = "";

	for (int i = 0; i < l->n_columns; i++) {
		if (!wanted(l, i, all))
			continue;
		fputs(gap, f);
		put(f, l->columns[i].title);
		gap = format == CSV ? "," : "\t";
	}
	fputs(format == CSV ? "\r\n" : "\n", f);
	for (size_t r = 0; r < n; r++) {
		gap = "";
		for (int i = 0; i < l->n_columns; i++) {
			bool number;

			if (!wanted(l, i, all))
				continue;
			fputs(gap, f);
			put(f, cell(l, all ? r : l->order[r], i, &b, &number));
			gap = format == CSV ? "," : "\t";
		}
		fputs(format == CSV ? "\r\n" : "\n", f);
	}
	buf_clear(&b);
}

static json_t *json_cell(const char *text, bool number)
{
	json_t *v;

	if (!*text)
		return json_null();
	if (number && strlen(text) < 16 && strspn(text, "-0123456789") == strlen(text))
		return json_integer(strtoll(text, NULL, 10));
	if (number)
		return json_number(strtod(text, NULL));
	v = json_string(text);
	/* Not UTF-8: JSON cannot hold it. */
	return v ? v : json_null();
}

static bool write_json(struct list *l, bool all, FILE *f, struct err *e)
{
	size_t n = all ? l->n : l->shown;
	json_t *rows = json_array();
	struct buf b = BUF_INIT;
	bool ok;

	for (size_t r = 0; r < n; r++) {
		json_t *row = json_object();

		for (int i = 0; i < l->n_columns; i++) {
			const char *text;
			bool number;

			if (!wanted(l, i, all))
				continue;
			text = cell(l, all ? r : l->order[r], i, &b, &number);
			json_object_set_new(row, l->columns[i].title, json_cell(text, number));
		}
		json_array_append_new(rows, row);
	}
	ok = json_write(f, rows, e);
	json_decref(rows);
	buf_clear(&b);
	return ok;
}

bool list_file_write(struct list *l, bool all, const char *path, struct err *e)
{
	enum format format = format_of(path);
	struct file_out o;

	if (!list_file_check(path, e) || !file_create(&o, path, e))
		return false;
	list_finish(l);
	if (l->table.value) {
		static const enum table_format as[] = {TABLE_CSV, TABLE_TSV, TABLE_JSON};

		if (!table_write(&l->table, all ? NULL : l->order, all ? l->n : l->shown,
			as[format], o.f, e)) {
			file_abandon(&o);
			return false;
		}
		return file_commit(&o, e);
	}
	if (format == JSON && !write_json(l, all, o.f, e)) {
		file_abandon(&o);
		return false;
	}
	if (format != JSON)
		write_table(l, all, format, o.f);
	return file_commit(&o, e);
}
