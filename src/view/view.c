#include "view/view.h"

#include "base/mem.h"
#include "tui/term.h"
#include "view/host.h"
#include "view/stack.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define REST_SECONDS 0.12 /* without a key, after which what hangs on the row is asked for */

/* Jobs */

void *view_job_new(struct view *v, size_t size, const struct job_ops *ops, bool on_data)
{
	struct view_job *j = mem_zero_array(1, size);

	j->job.ops = ops;
	j->view = v->id;
	j->data = on_data ? data_ref(v->host->data) : NULL;
	return j;
}

void view_job_free(struct job *j)
{
	data_unref(((struct view_job *)j)->data);
	mem_free(j);
}

void view_submit(struct view *v, enum queue_name queue, void *job)
{
	jobs_submit(&v->host->jobs, queue, job);
	v->host->dirty = true;
}

void view_submit_idle(struct view *v, void *job)
{
	jobs_submit_idle(&v->host->jobs, job);
	v->host->dirty = true;
}

void view_read(struct view *v, void *job)
{
	((struct view_job *)job)->read = ++v->reads;
	v->reading = true;
	v->error = (struct err)ERR_INIT;
	view_submit(v, QUEUE_SHORT, job);
}

void view_fail(struct view *v, const char *why)
{
	v->reading = false;
	v->reads++; /* what is under way comes home unseen */
	v->error = (struct err)ERR_INIT;
	err_set(&v->error, ERR_DATA, "%s", why);
}

/* Whether it is still the one that the view waits for; if so, the wait is over. */
static bool is_newest(struct view *v, const struct view_job *j)
{
	if (j->read != v->reads)
		return false;
	v->reading = false;
	v->error = j->job.err;
	return j->job.ok;
}

static void deliver(struct host *h, struct job *j)
{
	struct view_job *vj = (struct view_job *)j;
	struct view *v = vj->view ? stack_find(h, vj->view) : NULL;
	bool gone = vj->view && !v, outdated = vj->data && vj->data != h->data;

	if (j->ops->done && !gone && !outdated && !(vj->read && !is_newest(v, vj)))
		j->ops->done(v ? (void *)v : h, j);
	job_free(j);
	h->dirty = true;
}

void view_deliver(struct host *h)
{
	struct job *j;

	while ((j = jobs_take(&h->jobs)))
		deliver(h, j);
}

bool view_cancel(struct view *v, enum queue_name queue, const struct job_ops *ops)
{
	return jobs_cancel(&v->host->jobs, queue, ops);
}

bool view_long_free(struct view *v)
{
	if (jobs_make_room(&v->host->jobs))
		return true;
	view_say(v, MESSAGE_WARN, "one long job at a time: X stops the one that runs");
	return false;
}

struct worker_status view_queue_status(const struct view *v, enum queue_name queue)
{
	return jobs_status(&v->host->jobs, queue);
}

/* Data and other views */

const struct data *view_data(const struct view *v)
{
	return v->host->data;
}

void view_reload(struct view *v)
{
	v->host->reload = true;
}

void view_push(struct view *v, const struct view_class *class, const void *arg)
{
	stack_open(v->host, v->host->tab, class, arg);
}

struct view *view_go(struct view *v, enum tab tab)
{
	struct host *h = v->host;

	while (h->top[tab]->under)
		stack_close(h, h->top[tab]);
	stack_go(h, tab);
	return h->top[tab];
}

/* To and from the user */

void view_say(struct view *v, enum message_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	host_say_v(v->host, level, fmt, ap);
	va_end(ap);
}

void view_ask(struct view *v, const char *keys, void (*answer)(struct view *v, uint32_t key),
    const char *fmt, ...)
{
	struct prompt *p = &v->host->prompt;
	struct buf b = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	buf_addc(&b, ' ');
	buf_vprintf(&b, fmt, ap);
	buf_addc(&b, ' ');
	va_end(ap);
	prompt_open(p, PROMPT_KEY, buf_take(&b), NULL);
	snprintf(p->keys, sizeof(p->keys), "%s", keys);
	p->view = v->id;
	p->answer = answer;
}

void view_prompt(struct view *v, const char *label, const char *initial,
    void (*done)(struct view *v, const char *text))
{
	struct prompt *p = &v->host->prompt;

	prompt_open(p, PROMPT_TEXT, mem_strdup(label), NULL);
	line_set(&p->line[PROMPT_TEXT], initial ? initial : "");
	p->view = v->id;
	p->text = done;
}

void view_copy(struct view *v, const struct buf *text, const char *what)
{
	bool short_text = text->len < 1000;

	if (v->host->scripted || term_copy(buf_str(text), text->len))
		view_say(v, MESSAGE_INFO, "copied %s, %.*f %s, to the clipboard (OSC 52)", what,
		    short_text ? 0 : 1, (double)text->len / (short_text ? 1 : 1000),
		    short_text ? "bytes" : "kB");
	else
		view_say(v, MESSAGE_WARN,
		    "%s are too long for the terminal's clipboard; use the command line with --tsv",
		    what);
}

/* Time */

double view_clock(const struct view *v)
{
	return v->host->clock;
}

double view_rest_left(const struct host *h, double clock)
{
	return h->last_input + REST_SECONDS - clock;
}

bool view_rested(const struct view *v)
{
	return v->host->scripted || view_rest_left(v->host, v->host->clock) <= 0;
}

void view_date(const char *iso, struct buf *out)
{
	struct tm t = {0}, day, now_day;
	time_t then, now = time(NULL);
	char text[32];
	int days;

	if (!strptime(iso, "%Y-%m-%dT%H:%M:%SZ", &t)) {
		buf_adds(out, iso);
		return;
	}
	then = timegm(&t);
	localtime_r(&then, &day);
	localtime_r(&now, &now_day);
	days = (now_day.tm_year - day.tm_year) * 366 + now_day.tm_yday - day.tm_yday;
	strftime(text, sizeof(text), days > 1 || days < 0 ? "%Y-%m-%d" : "%H:%M", &day);
	if (days == 0 || days == 1)
		buf_adds(out, days ? "yesterday " : "today ");
	buf_adds(out, text);
}
