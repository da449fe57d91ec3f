/* export.c - a table is written at once, a plot on a worker. */
#include "ui/export.h"

#include "base/err.h"
#include "base/file.h"
#include "base/guard.h"
#include "base/mem.h"
#include "base/plural.h"
#include "base/utf8.h"
#include "chart/chart_file.h"
#include "chart/charts.h"
#include "tui/list.h"
#include "ui/frame.h"
#include "view/host.h"
#include "view/list_file.h"
#include "view/stack.h"
#include "view/view.h"

#include <stdio.h>

/* Write the file `path` by `write`, asked about first where it is there. */
static void overwrite(struct host *h, const char *path, void (*write)(struct view *v, uint32_t key))
{
	struct view *v = stack_front(h);
	char *keep = mem_strdup(path);

	mem_free(h->export_path);
	h->export_path = keep;
	if (file_exists(path))
		view_ask(v, "y", write, "%s is there already. Overwrite it? y/N", path);
	else
		write(v, 'y');
}

/* "models.csv" */
static void file_name(const struct view *v, const char *ending, char out[64])
{
	snprintf(out, 64, "%s%s", *v->class->title ? v->class->title : "table", ending);
	for (char *p = out; *p; p++)
		*p = utf8_lower_ascii(*p);
}

/* Tables */

static void write_rows(struct host *h, bool all)
{
	struct list *l = stack_list(h);
	struct err e = ERR_INIT;
	size_t n;

	if (!l)
		return;
	n = all ? l->n : list_shown(l);
	if (list_file_write(l, all, h->export_path, &e))
		host_say(h, MESSAGE_INFO, "%zu row%s written to %s", n, plural(n), h->export_path);
	else
		host_error(h, &e);
}

static void answer_all(struct view *v, uint32_t key)
{
	write_rows(v->host, key == 'a');
}

static void ask_all(struct host *h)
{
	struct list *l = stack_list(h);

	if (l && list_shown(l) < l->n)
		view_ask(stack_front(h), "sa", answer_all,
		    "Export  s the rows shown (%zu)  a all of them (%zu)  Esc not", list_shown(l),
		    l->n);
	else
		write_rows(h, false);
}

static void table_named(struct view *v, uint32_t key)
{
	(void)key;
	ask_all(v->host);
}

static void named(struct view *v, const char *path)
{
	struct host *h = v->host;
	struct err e = ERR_INIT;

	if (!*path)
		return;
	if (!list_file_check(path, &e)) {
		host_error(h, &e);
		return;
	}
	overwrite(h, path, table_named);
}

void export_table(struct host *h)
{
	char name[64];

	if (!stack_list(h)) {
		host_say(h, MESSAGE_INFO, "there is no table here to export");
		return;
	}
	file_name(stack_front(h), ".csv", name);
	view_prompt(stack_front(h), "export to (.csv .tsv .json): ", name, named);
}

/* Plots */

struct plot_job {
	struct view_job base;
	char *path;
	struct chart chart;
};

static bool plot_run(struct job *j, struct err *e)
{
	struct plot_job *p = (struct plot_job *)j;

	return chart_file_write(&p->chart, p->path, e);
}

static void plot_done(void *owner, struct job *j)
{
	if (j->ok)
		host_say(owner, MESSAGE_INFO, "wrote %s", ((struct plot_job *)j)->path);
	else
		host_error(owner, &j->err);
}

static void plot_free(struct job *j)
{
	struct plot_job *p = (struct plot_job *)j;

	mem_free(p->path);
	chart_clear(&p->chart);
	view_job_free(j);
}

static const struct job_ops plot_ops = {"plot", plot_run, plot_done, plot_free};

static void write_plot(struct view *v, uint32_t key)
{
	struct plot_job *j = mem_zero_array(1, sizeof(*j));

	(void)key;
	j->base.job.ops = &plot_ops;
	j->path = mem_strdup(v->host->export_path);
	if (v->class->chart(v, &j->chart)) {
		view_submit(v, QUEUE_SHORT, j);
	} else {
		plot_free(&j->base.job);
		view_say(v, MESSAGE_WARN, "the plot is gone");
	}
}

static void plot_named(struct view *v, const char *path)
{
	struct err e = ERR_INIT;

	if (*path && !chart_file_check(path, &e))
		host_error(v->host, &e);
	else if (*path)
		overwrite(v->host, path, write_plot);
}

void export_plot(struct host *h)
{
	struct view *v = stack_front(h);
	char name[64];
	struct chart c;

	if (!stack_ready(h) || !v->class->chart || !v->class->chart(v, &c)) {
		host_say(h, MESSAGE_INFO,
		    "there is no plot here: Near, Train, Probe and Route have one");
		return;
	}
	chart_clear(&c);
	file_name(v, ".svg", name);
	view_prompt(v, "plot to (.svg .pdf .png): ", name, plot_named);
}

/* The screen */

static void write_screen(struct view *v, uint32_t key)
{
	struct err e = ERR_INIT;

	(void)key;
	if (!frame_save(v->host, v->host->export_path, &e))
		host_error(v->host, &e);
}

bool export_screen(struct host *h, const char *path, struct err *e)
{
	if (!file_exists(path))
		return frame_save(h, path, e);
	if (!guard_check(path, e))
		return false;
	overwrite(h, path, write_screen);
	return true;
}
