#include "view/list_file.h"

#include "base/err.h"
#include "base/file.h"
#include "tui/list.h"

#include <string.h>

/* TABLE_JSON + 1: none. */
static enum table_format format_of(const char *path)
{
	static const char *const suffix[] = {
	    [TABLE_CSV] = ".csv", [TABLE_TSV] = ".tsv", [TABLE_JSON] = ".json"};
	const char *dot = strrchr(path, '.');
	int f = 0;

	while (f <= TABLE_JSON && !(dot && !strcmp(dot, suffix[f])))
		f++;
	return (enum table_format)f;
}

bool list_file_check(const char *path, struct err *e)
{
	return format_of(path) <= TABLE_JSON ||
	       err_set(e, ERR_USAGE, "%s: end the name in .csv, .tsv or .json", path);
}

bool list_file_write(struct list *l, bool all, const char *path, struct err *e)
{
	struct file_out o;

	if (!list_file_check(path, e) || !file_create(&o, path, e))
		return false;
	list_finish(l);
	if (!table_write(
		&l->table, all ? NULL : l->order, all ? l->n : l->shown, format_of(path), o.f, e)) {
		file_abandon(&o);
		return false;
	}
	return file_commit(&o, e);
}
