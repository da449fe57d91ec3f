#include "screen/route_price.h"

#include "base/mem.h"
#include "task/models.h"
#include "view/view.h"

#include <math.h>
#include <stdlib.h>

struct price_job {
	struct view_job base;
	char *name;
	double in, out;
};

static bool price_run(struct job *job, struct err *e)
{
	struct price_job *j = (struct price_job *)job;
	struct db *db = connection_write(view_job_connection(job), e);

	return db && task_models_set(db, j->name, NULL, 0, j->in, j->out, e);
}

static void price_free(struct job *job)
{
	mem_free(((struct price_job *)job)->name);
	view_job_free(job);
}

static void price_done(void *owner, struct job *job)
{
	struct view *v = owner;
	const struct price_job *j = (const struct price_job *)job;

	if (!job->ok) {
		view_say(v, MESSAGE_ERROR, "%s", job->err.msg);
		return;
	}
	view_say(
	    v, MESSAGE_INFO, "%s costs $%g a million tokens in, $%g out", j->name, j->in, j->out);
	view_reload(v);
}

static const struct job_ops price_ops = {"price", price_run, price_done, price_free};

void route_price_print(const struct catalog_model *m, struct buf *out)
{
	if (!isnan(m->price_in))
		buf_printf(
		    out, "%g %g", m->price_in, isnan(m->price_out) ? m->price_in : m->price_out);
}

static bool parse(const char *text, double *in, double *out)
{
	char *end, *second;

	*in = *out = strtod(text, &end);
	if (end == text)
		return false;
	second = end;
	*out = strtod(second, &end);
	if (end == second)
		*out = *in;
	while (*end == ' ')
		end++;
	return !*end && *in >= 0 && *out >= 0 && isfinite(*in) && isfinite(*out);
}

void route_price_set(struct view *v, const struct catalog_model *m, const char *text)
{
	struct price_job *j;
	double in, out;

	if (!parse(text, &in, &out)) {
		view_say(v, MESSAGE_WARN,
		    "a price is one or two numbers, dollars per million tokens in and out: 0.5 "
		    "1.5");
		return;
	}
	j = view_job_new(v, sizeof(*j), &price_ops, false);
	j->name = mem_strdup(m->name);
	j->in = in;
	j->out = out;
	view_submit(v, QUEUE_SHORT, j);
}
