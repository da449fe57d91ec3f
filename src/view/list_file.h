/* list_file.h - a list as a file: CSV (RFC 4180), TSV or JSON, by the suffix of its name.
 *
 * What its table says (base/table.h), as the verb prints it: the rows as they are seen, or all; every
 * column, shown or not, under its key, in full precision.
 */
#ifndef VIEW_LIST_FILE_H
#define VIEW_LIST_FILE_H

#include <stdbool.h>

struct err;
struct list;

/* Whether the name ends in .csv, .tsv or .json; if not, e says so. */
bool list_file_check(const char *path, struct err *e);
/* The rows shown, or all. */
bool list_file_write(struct list *l, bool all, const char *path, struct err *e);

#endif
