/* export.c - `e`: the focused table to a file. */
#include "view/host.h"

#include "base/file.h"
#include "base/mem.h"
#include "tui/list.h"
#include "view/list_file.h"

#include <string.h>

static void write_rows(struct app *a, bool all)
{
	struct list *l = app_list(a);
	struct err e = ERR_INIT;

	if (!l)
		return;
	if (list_file_write(l, all, a->export_path, &e))
		app_say(a, MESSAGE_INFO, "%zu rows written to %s", all ? l->n : l->shown,
		    a->export_path);
	else
		app_error(a, &e);
}

static void answer_all(struct view *v, uint32_t key)
{
	write_rows(v->app, key == 'a');
}

static void ask_all(struct app *a)
{
	struct list *l = app_list(a);

	if (l && list_file_hides(l))
		view_ask(app_view(a), "sa", answer_all,
		    "Export  s what is shown (%zu rows)  a everything (%zu rows, all columns)  Esc "
		    "not",
		    l->shown, l->n);
	else
		write_rows(a, false);
}

static void answer_overwrite(struct view *v, uint32_t key)
{
	(void)key;
	ask_all(v->app);
}

static void named(struct view *v, const char *path)
{
	struct app *a = v->app;
	struct err e = ERR_INIT;

	if (!*path)
		return;
	if (!list_file_check(path, &e)) {
		app_error(a, &e);
		return;
	}
	mem_free(a->export_path);
	a->export_path = mem_strdup(path);
	if (file_exists(path))
		view_ask(v, "y", answer_overwrite, "%s is there already. Overwrite it? y/N", path);
	else
		ask_all(a);
}

void app_export(struct app *a)
{
	const struct view *v = app_view(a);
	char name[64];

	if (!app_list(a)) {
		app_say(a, MESSAGE_INFO, "there is no table here to export");
		return;
	}
	snprintf(name, sizeof(name), "%s.csv", *v->class->title ? v->class->title : "table");
	for (char *p = name; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p;
	view_prompt(app_view(a), "export to (.csv .tsv .json): ", name, named);
}
