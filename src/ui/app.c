/* app.c - the explorer's life: start, event loop, end. */
#include "ui/app.h"

#include "base/clock.h"
#include "base/mem.h"
#include "screen/screens.h"
#include "tui/column_choice.h"
#include "tui/key.h"
#include "tui/list.h"
#include "tui/script.h"
#include "tui/signals.h"
#include "tui/term.h"
#include "ui/ex.h"
#include "ui/frame.h"
#include "ui/keys.h"
#include "ui/load.h"
#include "ui/state.h"
#include "view/host.h"
#include "view/preferences.h"
#include "view/stack.h"
#include "view/view.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define FRAME_MS 100 /* between two drawings while work goes on */
#define IDLE_MS 2000 /* between two looks for changes by others */
#define KEYS_A_TURN 4096
#define PASTE_SILENCE 1.0 /* seconds; the end of a paste of broken bytes may be lost */

/* The loop */

/* Everything that has come about since the last turn, keys excepted. */
static void catch_up(struct host *h)
{
	struct worker_status s;
	struct view *v;
	struct list *l;

	h->clock = h->scripted ? 0 : clock_now();
	view_deliver(h);
	if (h->reload)
		load_start(h);
	if (h->toast && h->clock >= h->toast_until && !h->scripted) {
		h->toast = 0;
		h->dirty = true;
	}
	s = jobs_status(&h->jobs, QUEUE_LONG);
	if (s.busy && s.tick.total > 0) {
		if (s.tick.phase != h->eta_phase || s.started > h->eta.start)
			eta_start(&h->eta, h->clock);
		h->eta_phase = s.tick.phase;
		eta_add(&h->eta, h->clock, s.tick.done / s.tick.total);
	}
	if (h->leave == LEAVE_WHEN_IDLE && !jobs_busy(&h->jobs, QUEUE_LONG))
		h->leave = LEAVE;
	v = stack_front(h);
	l = stack_list(h);
	if (l && list_work(l))
		h->dirty = true;
	if (stack_ready(h) && v->class->follow)
		v->class->follow(v);
}

static bool front_waits(struct host *h)
{
	struct list *l = stack_list(h);

	return l && list_waits(l);
}

static int patience(struct host *h)
{
	double rest = view_rest_left(h, clock_now());

	if (front_waits(h))
		return 0;
	if (rest > 0)
		return (int)(1000 * rest) + 1;
	if (jobs_any_busy(&h->jobs) || h->toast || h->pasting)
		return FRAME_MS;
	return IDLE_MS;
}

static int shorter(int a, int b)
{
	return b >= 0 && b < a ? b : a;
}

static void on_signal(struct host *h, int sig)
{
	switch (sig) {
	case SIGWINCH:
		term_resize();
		break;
	case SIGTSTP:
		term_suspend();
		break;
	default:
		err_set(&h->end, ERR_CANCELLED, "ended by %s", strsignal(sig));
		h->leave = LEAVE;
		break;
	}
	h->dirty = true;
}

static void take_keys(struct host *h)
{
	uint32_t key;

	for (int i = 0; i < KEYS_A_TURN && h->leave != LEAVE; i++) {
		key = term_read();
		if (key == K_NONE)
			return;
		keys_press(h, key);
	}
}

static void paint(struct host *h)
{
	int rows, columns;

	term_size(&rows, &columns);
	cells_erase(&h->cells, rows, columns);
	frame_draw(h);
	term_draw(&h->cells);
	h->dirty = false;
}

static void run_terminal(struct host *h, int signal_fd)
{
	while (h->leave != LEAVE) {
		struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
		    {.fd = signal_fd, .events = POLLIN},
		    {.fd = h->jobs.notify[0], .events = POLLIN}};
		int sig, ready;

		catch_up(h);
		if (h->dirty || jobs_any_busy(&h->jobs))
			paint(h);
		ready = poll(fds, 3, shorter(patience(h), term_patience()));
		load_watch(h);
		while ((sig = signals_next()))
			on_signal(h, sig);
		if (ready > 0 && fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
			err_set(&h->end, ERR_CANCELLED, "the terminal is gone");
			h->leave = LEAVE;
		} else if ((ready > 0 && fds[0].revents & POLLIN) || term_patience() == 0) {
			take_keys(h);
			h->last_input = clock_now();
		} else if (clock_now() > h->last_input + PASTE_SILENCE) {
			h->pasting = false;
		}
	}
}

/* A script waits for long work where it says so, and always for what the explorer does by itself. */
static bool long_waits(struct host *h)
{
	struct worker_status s = jobs_status(&h->jobs, QUEUE_LONG);

	/* One that is not even begun may be such a one. */
	return s.busy && (h->wait || !s.ops || s.ops == h->jobs.idle);
}

/* Until nothing changes any more by itself. */
static void settle(struct host *h)
{
	do {
		struct pollfd p = {.fd = h->jobs.notify[0], .events = POLLIN};

		catch_up(h);
		if (front_waits(h))
			continue;
		if (!jobs_busy(&h->jobs, QUEUE_SHORT) && !jobs_busy(&h->jobs, QUEUE_QUERY) &&
		    !long_waits(h))
			break;
		poll(&p, 1, FRAME_MS);
	} while (true);
	catch_up(h);
	h->wait = false;
}

static bool busy_after_settling(struct host *h)
{
	return jobs_busy(&h->jobs, QUEUE_SHORT) || jobs_busy(&h->jobs, QUEUE_QUERY) ||
	       long_waits(h) || front_waits(h);
}

static bool run_script(struct host *h, const char *path, struct err *e)
{
	struct script s;
	uint32_t key = 0;
	bool ok;

	if (!script_open(&s, path, e))
		return false;
	do {
		do
			settle(h);
		while (busy_after_settling(h));
		ok = h->end.kind == ERR_NONE && script_next(&s, &key, e);
		if (ok && key == K_WAIT)
			h->wait = true;
		else if (ok && key == K_SCREEN)
			ok = frame_save(h, "-", e);
		else if (ok && key != K_NONE)
			keys_press(h, key);
	} while (ok && key != K_NONE && h->leave != LEAVE);
	script_close(&s);
	return ok;
}

/* Start and end */

static void start(struct host *h, const struct app_options *o)
{
	h->data = mem_zero_array(1, sizeof(*h->data));
	h->data->refs = 1;
	prompt_init(&h->prompt);
	jobs_start(&h->jobs, h->db);
	preferences_load(h, o->glyphs);
	stack_open_tabs(h, screen_tabs);
	if (!h->scripted && !o->fresh && h->settings.v[SETTING_SESSION] == 0)
		state_restore(h);
	load_start(h);
}

static void stop(struct host *h)
{
	if (!h->scripted)
		state_save(h);
	jobs_stop(&h->jobs);
	stack_clear(h);
	data_unref(h->data);
	prompt_clear(&h->prompt);
	messages_clear(&h->messages);
	cells_clear(&h->cells);
	mem_free(h->export_path);
	column_choice_forget();
	mem_free(h->settings_path);
	mem_free(h->state_path);
}

bool app_run(const struct app_options *o, struct err *e)
{
	struct host h = {.db = o->db,
	    .scripted = o->script != NULL,
	    .colorless =
		o->color == APP_COLOR_NEVER || (o->color == APP_COLOR_AUTO && theme_no_color()),
	    .tab = TAB_MODELS};
	int signal_fd = -1, rows = 24, columns = 80;
	bool ok = true;

	if (o->size && !script_parse_size(o->size, &rows, &columns))
		return err_set(e, ERR_USAGE, "--size: '%s' is not WxH, such as 80x24", o->size);
	if (!h.scripted) {
		if (!term_open(e))
			return false;
		signal_fd = signals_open();
	}
	cells_init(&h.cells, rows, columns, GLYPHS_BRAILLE);
	start(&h, o);
	if (h.scripted)
		ok = run_script(&h, o->script, e);
	else
		run_terminal(&h, signal_fd);
	if (!h.scripted) {
		term_close();
		signals_close();
	}
	stop(&h);
	if (ok && h.end.kind != ERR_NONE) {
		*e = h.end;
		ok = false;
	}
	return ok;
}

/* For the manual */

void app_print_man_keys(FILE *f)
{
	action_print_man(f);
}

void app_dump(FILE *f)
{
	char role[THEME_ROLE_SIZE];

	ex_dump(f);
	for (int s = 0; s < SETTING_COUNT; s++)
		fprintf(f, "setting\t%s\t%s\n", setting_info((enum setting)s)->name,
		    setting_info((enum setting)s)->choices);
	for (int r = 0; r < ROLE_COUNT; r++) {
		theme_role_name((enum role)r, role);
		fprintf(f, "role\t%s\n", role);
	}
}
