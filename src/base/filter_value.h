/* filter_value.h - a value that a filter compares a column with, written as people do. */
#ifndef BASE_FILTER_VALUE_H
#define BASE_FILTER_VALUE_H

#include "base/column.h"

/* Values from `low` up to `high` are equal to it: a day, a number. */
struct filter_value {
	double low, high;
	bool share; /* it was written as a share, and taken in percent */
};

/* In the unit of column_number: 30%, .3, $0.05, 7B, 1:30; dates in seconds since 1970: 2026-11-30,
 * 2026-11, 14:02 (today), today, yesterday. False: not a value of that column. */
bool filter_value_parse(const struct column *c, const char *text, struct filter_value *out);
/* What a value of the column looks like: "30%". */
const char *filter_value_example(const struct column *c);
/* The seconds since 1970 of ISO 8601 in UTC; NaN where it is none. */
double filter_value_date(const char *iso);

#endif
