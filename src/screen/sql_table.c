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

void sql_table_init(struct sql_table *t)
{
	struct table none;

	*t = (struct sql_table){.columns = NULL};
	none = sql_rows_table(&t->rows, NULL);
	list_init(&t->list, &none, NULL, t);
}

void sql_table_clear(struct sql_table *t)
{
	list_clear(&t->list);
	arena_clear(&t->arena);
	query_rows_clear(&t->rows);
}

/* As wide as its values are; later columns give way first. */
static void measure(struct column *c, const struct table *t, size_t j)
{
	size_t wide = utf8_width(c->title) + 1; /* and the sign of sorting */
	struct buf b = BUF_INIT, scratch = BUF_INIT;

	for (size_t i = 0; i < t->n && i < MEASURED_ROWS; i++) {
		struct value v = table_get(t, i, j, &scratch);
		size_t w;

		buf_reset(&b);
		column_text(&b, c, &v, COLUMN_CELL);
		w = b.len > 4 * GROW_MAX ? GROW_MAX : utf8_width(buf_str(&b));
		wide = w > wide ? w : wide;
	}
	buf_clear(&b);
	buf_clear(&scratch);
	wide = wide < WIDTH_MIN ? WIDTH_MIN : wide > GROW_MAX ? GROW_MAX : wide;
	c->width = (int)(wide > WIDTH_MAX ? WIDTH_MAX : wide);
	c->grow = (int)wide;
	c->drop = (int)j;
}

void sql_table_set(struct sql_table *t, struct query_rows *rows)
{
	struct table table;
	char *filter = list_filter(&t->list) ? mem_strdup(list_filter(&t->list)) : NULL;

	sql_table_clear(t);
	t->rows = *rows;
	*rows = (struct query_rows){.n = 0};
	arena_init(&t->arena);
	t->columns = sql_columns(&t->rows, &t->arena);
	table = sql_rows_table(&t->rows, t->columns);
	for (size_t j = 0; j < t->rows.n_columns; j++)
		measure(&t->columns[j], &table, j);
	list_init(&t->list, &table, NULL, t);
	list_set_table(&t->list, &table, SIZE_MAX);
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
