/* sql_table.h - what a query gave, as a list: its columns are the query's, as wide as their values. */
#ifndef SCREEN_SQL_TABLE_H
#define SCREEN_SQL_TABLE_H

#include "base/arena.h"
#include "task/sql.h"
#include "tui/list.h"

struct sql_table {
	struct query_rows rows;
	struct arena arena;
	struct column *columns; /* (rows.n_columns), in the arena */
	struct list list;
};

void sql_table_init(struct sql_table *t);
void sql_table_clear(struct sql_table *t);
/* Takes the rows, which are empty afterwards. */
void sql_table_set(struct sql_table *t, struct query_rows *rows);
/* One row in full, a line or more for each column. */
void sql_table_draw_row(const struct sql_table *t, size_t row, struct cells *c, struct area a);

#endif
