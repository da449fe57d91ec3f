#include "screen/sql_table.h"

#include "base/mem.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

#define MEASURED_ROWS 500 /* whose values decide how wide a column is */
#define WIDTH_MIN 3
#define WIDTH_MAX 24 /* that a column gets before others have theirs */
#define GROW_MAX 200
#define ROW_TEXT_MAX 4000 /* bytes of one value in sql_table_draw_row */

static void cell_text(void *arg, size_t row, int column, struct buf *out)
{
	const struct sql_table *t = arg;

	sql_value_text(sql_value(&t->rows, row, (size_t)column), t->decimals[column], out);
}

static bool cell_number(void *arg, size_t row, int column, double *out)
{
	const struct sql_table *t = arg;
	const struct query_value *v = sql_value(&t->rows, row, (size_t)column);

	switch (v->type) {
	case QUERY_NULL:
		*out = NAN;
		return true;
	case QUERY_INT:
		*out = (double)v->i;
		return true;
	case QUERY_REAL:
		*out = v->real;
		return true;
	case QUERY_BLOB:
		*out = (double)v->len;
		return true;
	default:
		return false;
	}
}

static const struct list_source source = {cell_text, cell_number, NULL, NULL};

void sql_table_init(struct sql_table *t)
{
	*t = (struct sql_table){.columns = NULL};
	list_init(&t->list, NULL, 0, &source, t);
}

void sql_table_clear(struct sql_table *t)
{
	list_clear(&t->list);
	mem_free(t->columns);
	mem_free(t->decimals);
	query_rows_clear(&t->rows);
}

/* Later columns give way first. */
static struct list_column make_column(const struct query_rows *r, size_t j, int decimals)
{
	size_t wide = utf8_width(r->columns[j]) + 1; /* and the sign of sorting */
	bool numbers = false, others = false;
	struct buf b = BUF_INIT;
	struct list_column c = {.title = r->columns[j], .drop = (int)j};

	for (size_t i = 0; i < r->n && i < MEASURED_ROWS; i++) {
		const struct query_value *v = sql_value(r, i, j);
		size_t w;

		numbers = numbers || v->type == QUERY_INT || v->type == QUERY_REAL;
		others = others || v->type == QUERY_TEXT;
		buf_reset(&b);
		sql_value_text(v, decimals, &b);
		w = b.len > 4 * GROW_MAX ? GROW_MAX : utf8_width(buf_str(&b));
		wide = w > wide ? w : wide;
	}
	buf_clear(&b);
	wide = wide < WIDTH_MIN ? WIDTH_MIN : wide > GROW_MAX ? GROW_MAX : wide;
	c.right = numbers && !others;
	c.width = (int)(wide > WIDTH_MAX ? WIDTH_MAX : wide);
	c.grow = (int)wide;
	return c;
}

void sql_table_set(struct sql_table *t, struct query_rows *rows)
{
	char *filter = list_filter(&t->list) ? mem_strdup(list_filter(&t->list)) : NULL;

	sql_table_clear(t);
	t->rows = *rows;
	*rows = (struct query_rows){.n = 0};
	t->columns = mem_zero_array(t->rows.n_columns + 1, sizeof(*t->columns));
	t->decimals = mem_zero_array(t->rows.n_columns + 1, sizeof(*t->decimals));
	for (size_t j = 0; j < t->rows.n_columns; j++) {
		t->decimals[j] = sql_decimals(&t->rows, j);
		t->columns[j] = make_column(&t->rows, j, t->decimals[j]);
	}
	list_init(&t->list, t->columns, (int)t->rows.n_columns, &source, t);
	list_rows(&t->list, t->rows.n, SIZE_MAX);
	if (filter)
		list_set_filter(&t->list, filter);
	mem_free(filter);
}

void sql_table_draw_row(const struct sql_table *t, size_t row, struct cells *c, struct area a)
{
	struct buf b = BUF_INIT;
	int name = 8, y = a.y, end = a.y + a.h;

	for (size_t j = 0; j < t->rows.n_columns; j++) {
		int w = t->columns[j].title ? cells_width(c, t->columns[j].title) : 0;

		name = w > name ? w : name;
	}
	name = name > a.w / 3 ? a.w / 3 : name;
	for (size_t j = 0; j < t->rows.n_columns && y < end; j++) {
		int lines;

		buf_reset(&b);
		sql_value_text(sql_value(&t->rows, row, j), -1, &b);
		if (b.len > ROW_TEXT_MAX)
			b.s[b.len = ROW_TEXT_MAX] = '\0';
		cells_fit(c, y, a.x, name, ROLE_DIM, t->columns[j].title);
		lines = cells_wrap(c, (struct area){y, a.x + name + 2, end - y, a.w - name - 2},
		    ROLE_DEFAULT, buf_str(&b));
		y += lines > 0 ? lines : 1;
	}
	buf_clear(&b);
}
