/* export_plot.c - the plot on screen into a file: asks for its name, then writes it on a worker. */
#include "view/host.h"

#include "base/mem.h"
#include "chart/charts.h"
#include "chart/chart_file.h"

#include <string.h>

struct plot_job {
	struct view_job base;
	char *path;
	struct chart chart;
};

static bool plot_run(struct job *j, struct err *e)
{
	struct plot_job *p = (struct plot_job *)j;

	return plot_export(&p->chart, p->path, e);
}

static void plot_free(struct job *j)
{
	struct plot_job *p = (struct plot_job *)j;

	mem_free(p->path);
	chart_clear(&p->chart);
	view_job_free(&p->base);
}

static void plot_done(void *owner, struct job *j)
{
	if (j->ok)
		app_say(owner, MESSAGE_INFO, "wrote %s", ((struct plot_job *)j)->path);
	else
		app_error(owner, &j->err);
}

static const struct job_ops plot_ops = {"plot", plot_run, plot_done, plot_free};

static void write_plot(struct view *v, const char *path)
{
	struct err e = ERR_INIT;
	struct plot_job *j;

	if (!*path)
		return;
	if (!plot_export_check(path, &e)) {
		app_error(v->app, &e);
		return;
	}
	j = mem_zero_array(1, sizeof(*j));
	j->base.job.ops = &plot_ops;
	j->path = mem_strdup(path);
	if (v->class->chart(v, &j->chart)) {
		view_submit(v, LANE_SHORT, j);
	} else {
		plot_free(&j->base.job);
		view_say(v, MESSAGE_WARN, "the plot is gone");
	}
}

void app_export_plot(struct app *a)
{
	struct view *v = app_view(a);
	char name[64];
	struct chart f;

	if (!app_ready(a) || !v->class->chart || !v->class->chart(v, &f)) {
		app_say(a, MESSAGE_INFO,
		    "there is no plot here: Near, Train, Probe and Route have one");
		return;
	}
	chart_clear(&f);
	snprintf(name, sizeof(name), "%s.svg", v->class->title);
	for (char *p = name; *p; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 'a' - 'A') : *p;
	view_prompt(v, "plot to (.svg .pdf .png): ", name, write_plot);
}
