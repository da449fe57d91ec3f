/* list_file.h - a list as a file: CSV (RFC 4180), TSV or JSON, by the suffix of its name.
 *
 * The cells are as shown, so that a file is what was seen; only what stands for a missing value is
 * left empty (null), and a percentage is written without its sign. In JSON a cell that reads as a
 * number is one, and a row is an object by column titles. Tab, newline, carriage return and
 * backslash in TSV are written \t \n \r \\.
 */
#ifndef VIEW_LIST_FILE_H
#define VIEW_LIST_FILE_H

#include <stdbool.h>

struct err;
struct list;

/* Whether the name ends in .csv, .tsv or .json; if not, e says so. */
bool list_file_check(const char *path, struct err *e);
/* Whether rows or columns of the list were out of sight when it was last drawn. */
bool list_file_hides(const struct list *l);
/* The rows and columns shown, or all. */
bool list_file_write(struct list *l, bool all, const char *path, struct err *e);

#endif
