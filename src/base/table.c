#include "base/table.h"

#include "base/buf.h"
#include "base/err.h"

struct value table_get(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	buf_reset(scratch);
	return t->value(t, row, column, scratch);
}

static json_t *row_json(const struct table *t, size_t row, struct buf *scratch)
{
	json_t *object = json_object();

	for (size_t j = 0; j < t->n_columns; j++) {
		struct value v;

		if (!t->columns[j].key)
			continue;
		v = table_get(t, row, j, scratch);
		json_object_set_new(object, t->columns[j].key, column_json(&t->columns[j], &v));
	}
	return object;
}

static const char *line_end(enum table_format format)
{
	return format == TABLE_CSV ? "\r\n" : "\n";
}

void table_keys(const struct table *t, enum table_format format, struct buf *out)
{
	char gap = format == TABLE_CSV ? ',' : '\t';
	bool first = true;

	for (size_t j = 0; j < t->n_columns; j++) {
		if (!t->columns[j].key)
			continue;
		if (!first)
			buf_addc(out, gap);
		column_keys(out, &t->columns[j], gap);
		first = false;
	}
	buf_adds(out, line_end(format));
}

void table_line(const struct table *t, size_t row, enum table_format format, struct buf *scratch,
    struct buf *out)
{
	bool first = true;

	for (size_t j = 0; j < t->n_columns; j++) {
		struct value v;

		if (!t->columns[j].key)
			continue;
		v = table_get(t, row, j, scratch);
		if (!first)
			buf_addc(out, format == TABLE_CSV ? ',' : '\t');
		(format == TABLE_CSV ? column_csv : column_tsv)(out, &t->columns[j], &v);
		first = false;
	}
	buf_adds(out, line_end(format));
}

static bool write_json(
    const struct table *t, const uint32_t *order, size_t n, FILE *f, struct err *e)
{
	json_t *rows = json_array();
	struct buf scratch = BUF_INIT;
	bool ok;

	for (size_t i = 0; i < n; i++) {
		size_t row = order ? order[i] : i;

		if (row >= t->totals)
			json_array_append_new(rows, row_json(t, row, &scratch));
	}
	ok = json_write(f, rows, e);
	json_decref(rows);
	buf_clear(&scratch);
	return ok;
}

bool table_write(const struct table *t, const uint32_t *order, size_t n, enum table_format format,
    FILE *f, struct err *e)
{
	struct buf line = BUF_INIT, scratch = BUF_INIT;

	if (format == TABLE_JSON)
		return write_json(t, order, n, f, e);
	table_keys(t, format, &line);
	for (size_t i = 0; i < n; i++) {
		size_t row = order ? order[i] : i;

		if (row >= t->totals)
			table_line(t, row, format, &scratch, &line);
		if (line.len > 65536) {
			fwrite(line.s, 1, line.len, f);
			buf_reset(&line);
		}
	}
	fwrite(buf_str(&line), 1, line.len, f);
	buf_clear(&line);
	buf_clear(&scratch);
	return !ferror(f) || err_errno(e, ERR_FAILED, "writing the table");
}
