/* table_aggregate.h - sums and means among the columns and rows of a wide table: a column "average" is
 * no model, a row "total" no question. */
#ifndef INGEST_TABLE_AGGREGATE_H
#define INGEST_TABLE_AGGREGATE_H

#include <stdbool.h>
#include <stddef.h>

enum aggregate {
	AGGREGATE_NOT,
	AGGREGATE_MEAN, /* its values are the means of the others, within rounding */
	AGGREGATE_SUM,
	AGGREGATE_NAME /* only its name says so */
};

/* "the mean of the others", for a report. */
const char *aggregate_words(enum aggregate a);

/* Is the name one of aggregates alone: total, "Mean accuracy", macro-avg? */
bool aggregate_is_name(const char *name);

/* What each row, and each column, of a grid of labels is. v (n_columns) of n_rows values each: below 0
 * or NaN are passed over; NULL: no part of it. rows and columns come as AGGREGATE_NAME where that is
 * their name, else AGGREGATE_NOT. By content alone only means are told, of values that differ. */
void aggregates_find(const double *const *v, size_t n_rows, size_t n_columns, enum aggregate *rows,
    enum aggregate *columns);

#endif
