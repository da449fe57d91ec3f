/* app.c - the explorer's life: start, event loop, end; and its stacks of views. */
#include "view/host.h"

#include "base/file.h"
#include "base/mem.h"
#include "tui/key.h"
#include "tui/list.h"
#include "tui/script.h"
#include "tui/signals.h"
#include "tui/term.h"
#include "tui/theme_file.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TOAST_SECONDS 4.0
#define FRAME_MS 100 /* between two drawings while work goes on */
#define IDLE_MS 2000 /* between two looks for changes by others */
#define KEYS_A_TURN 4096
#define REST_SECONDS 0.12 /* without a key, after which what hangs on the row is asked for */
#define PASTE_SILENCE 1.0 /* seconds; the end of a paste of broken bytes may be lost */

void app_options_default(struct app_options *o)
{
	*o = (struct app_options){.color = APP_COLOR_AUTO};
}

bool app_parse_size(const char *s, size_t *width, size_t *height)
{
	unsigned w, h;
	char end;

	if (sscanf(s, "%ux%u%c", &w, &h, &end) != 2 || !w || !h || w > 1000 || h > 1000)
		return false;
	*width = w;
	*height = h;
	return true;
}

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

/* Views */

struct view *app_view(const struct app *a)
{
	return a->top[a->tab];
}

struct view *app_find_view(const struct app *a, unsigned id)
{
	for (int t = 0; t < TAB_COUNT; t++)
		for (struct view *v = a->top[t]; v; v = v->under)
			if (v->id == id)
				return v;
	return NULL;
}

struct view *app_open(struct app *a, enum tab tab, const struct view_class *class, const void *arg)
{
	struct view *v = mem_zero_array(1, class->size);

	v->class = class;
	v->app = a;
	v->id = ++a->last_id;
	if (class->init)
		class->init(v, arg);
	v->under = a->top[tab];
	a->top[tab] = v;
	a->dirty = true;
	return v;
}

static void free_view(struct view *v)
{
	if (v->class->clear)
		v->class->clear(v);
	mem_free(v);
}

void app_close_view(struct app *a, struct view *v)
{
	for (int t = 0; t < TAB_COUNT; t++) {
		if (a->top[t] == v && v->under) {
			a->top[t] = v->under;
			free_view(v);
			a->dirty = true;
			return;
		}
	}
}

void app_go(struct app *a, enum tab tab)
{
	a->tab = tab;
	a->dirty = true;
}

static bool has_needs(const struct app *a, enum view_needs needs)
{
	switch (needs) {
	case NEEDS_NOTHING:
		return true;
	case NEEDS_MODELS:
		return data_catalog(a->data)->n_models > 0;
	case NEEDS_LABELS:
		return a->data->atlas && a->data->atlas->catalog.n_models > 0;
	case NEEDS_RUN:
		return data_run(a->data) != NULL;
	}
	return false;
}

bool app_ready(struct app *a)
{
	struct view *v = app_view(a);

	if (!has_needs(a, v->class->needs))
		return false;
	if (!v->ready) {
		v->ready = true;
		if (v->class->data)
			v->class->data(v);
	}
	return true;
}

void view_push(struct view *v, const struct view_class *class, const void *arg)
{
	app_open(v->app, v->app->tab, class, arg);
}

void view_back(struct view *v)
{
	app_close_view(v->app, v);
}

struct view *view_go(struct view *v, enum tab tab)
{
	struct app *a = v->app;

	while (a->top[tab]->under)
		app_close_view(a, a->top[tab]);
	app_go(a, tab);
	return a->top[tab];
}

const struct data *view_data(const struct view *v)
{
	return v->app->data;
}

bool view_rested(const struct view *v)
{
	return v->app->scripted || v->app->clock >= v->app->last_input + REST_SECONDS;
}

double view_clock(const struct view *v)
{
	return v->app->clock;
}

void view_date(const struct view *v, const char *iso, struct buf *out)
{
	struct tm t = {0}, day, now_day;
	time_t then, now = time(NULL);
	char text[32];
	int days;

	(void)v;
	if (!strptime(iso, "%Y-%m-%dT%H:%M:%SZ", &t)) {
		buf_adds(out, iso);
		return;
	}
	then = timegm(&t);
	localtime_r(&then, &day);
	localtime_r(&now, &now_day);
	days = (now_day.tm_year - day.tm_year) * 366 + now_day.tm_yday - day.tm_yday;
	strftime(text, sizeof(text), days > 1 || days < 0 ? "%Y-%m-%d" : "%H:%M", &day);
	buf_printf(out, "%s%s", days == 0 ? "today " : days == 1 ? "yesterday " : "", text);
}

/* Messages */

static void say(struct app *a, enum message_level level, const char *fmt, va_list ap)
{
	struct buf b = BUF_INIT;

	buf_vprintf(&b, fmt, ap);
	messages_add(&a->messages, level, b.len ? buf_take(&b) : mem_strdup(""));
	a->toast = a->messages.said;
	a->toast_until = a->clock + TOAST_SECONDS;
	a->dirty = true;
}

void app_say(struct app *a, enum message_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(a, level, fmt, ap);
	va_end(ap);
}

void app_error(struct app *a, const struct err *e)
{
	app_say(a, e->kind == ERR_CANCELLED ? MESSAGE_INFO : MESSAGE_ERROR, "%s", e->msg);
}

void view_say(struct view *v, enum message_level level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(v->app, level, fmt, ap);
	va_end(ap);
}

void view_ask(struct view *v, const char *keys, void (*answer)(struct view *v, uint32_t key),
    const char *fmt, ...)
{
	struct prompt *p = &v->app->prompt;
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
	struct prompt *p = &v->app->prompt;

	prompt_open(p, PROMPT_TEXT, mem_strdup(label), NULL);
	line_set(&p->line[PROMPT_TEXT], initial ? initial : "");
	p->view = v->id;
	p->text = done;
}

void view_copy(struct view *v, const struct buf *text, const char *what)
{
	if (v->app->scripted || term_copy(buf_str(text), text->len))
		view_say(v, MESSAGE_INFO, "copied %s, %.*f %s, to the clipboard (OSC 52)", what,
		    text->len < 1000 ? 0 : 1, (double)text->len / (text->len < 1000 ? 1 : 1000),
		    text->len < 1000 ? "bytes" : "kB");
	else
		view_say(v, MESSAGE_WARN,
		    "%s are too long for the terminal's clipboard; use the command line with --tsv",
		    what);
}

/* Settings */

bool app_is_colorless(const struct app *a)
{
	return a->options->color == APP_COLOR_NEVER ||
	       (a->options->color == APP_COLOR_AUTO && theme_no_color());
}

void app_apply_settings(struct app *a)
{
	char theme[SETTING_CHOICE_SIZE], glyphs[SETTING_CHOICE_SIZE];
	struct err e = ERR_INIT;
	enum glyphs g;

	setting_choice(SETTING_THEME, a->settings.v[SETTING_THEME], theme);
	setting_choice(SETTING_GLYPHS, a->settings.v[SETTING_GLYPHS], glyphs);
	if (app_is_colorless(a))
		theme_builtin("mono", &a->theme);
	else if (!theme_load(theme, &a->theme, &e)) {
		theme_builtin("auto", &a->theme);
		app_error(a, &e);
	}
	if (!glyphs_parse(glyphs, &g))
		g = term_is_utf8() ? GLYPHS_BRAILLE : GLYPHS_ASCII;
	a->cells.glyphs = g;
	if (!a->scripted) {
		term_theme(&a->theme);
		term_mouse(a->settings.v[SETTING_MOUSE] == 1);
	}
	a->dirty = true;
}

/* Quitting */

static void answer_quit(struct view *v, uint32_t key)
{
	struct app *a = v->app;

	if (key == 'k')
		worker_cancel(a->worker[LANE_LONG], NULL);
	else if (key == 'd')
		view_train_discard(a->top[TAB_TRAIN]);
	a->leave = LEAVE_WHEN_IDLE;
	if (key == 'w')
		view_say(v, MESSAGE_INFO, "the explorer closes when the work is done");
}

void app_quit(struct app *a)
{
	struct worker_status s;

	worker_status(a->worker[LANE_LONG], &s);
	if (!s.busy)
		a->leave = LEAVE;
	else if (s.ops == &train_ops)
		view_ask(app_view(a), "kwd", answer_quit,
		    "Training is at %.0f%%. Quit?  k keep checkpoint  w wait  d discard  Esc stay",
		    s.tick.total > 0 ? 100 * s.tick.done / s.tick.total : 0);
	else
		view_ask(app_view(a), "kw", answer_quit,
		    "%s goes on. Quit?  k stop it  w wait  Esc stay",
		    s.ops && s.ops->name ? s.ops->name : "Work");
}

/* The loop */

/* Everything that has come about since the last turn, keys excepted. */
static void catch_up(struct app *a)
{
	struct worker_status s;
	struct view *v;
	struct list *l;

	a->clock = a->scripted ? 0 : worker_clock();
	app_jobs_take(a);
	if (a->toast && a->clock >= a->toast_until && !a->scripted) {
		a->toast = 0;
		a->dirty = true;
	}
	worker_status(a->worker[LANE_LONG], &s);
	if (s.busy && s.tick.total > 0) {
		if (s.tick.phase != a->eta_phase || s.started > a->eta.start)
			eta_start(&a->eta, a->clock);
		a->eta_phase = s.tick.phase;
		eta_add(&a->eta, a->clock, s.tick.done / s.tick.total);
	}
	if (a->leave == LEAVE_WHEN_IDLE && !app_busy(a, LANE_LONG))
		a->leave = LEAVE;
	v = app_view(a);
	l = app_ready(a) && v->class->list ? v->class->list(v) : NULL;
	if (l && list_work(l))
		a->dirty = true;
	if (app_ready(a) && v->class->follow)
		v->class->follow(v);
}

static bool front_waits(struct app *a)
{
	struct view *v = app_view(a);
	struct list *l = app_ready(a) && v->class->list ? v->class->list(v) : NULL;

	return l && list_waits(l);
}

static int patience(struct app *a)
{
	double rest = a->last_input + REST_SECONDS - worker_clock();

	if (front_waits(a))
		return 0;
	if (rest > 0)
		return (int)(1000 * rest) + 1;
	if (app_any_busy(a) || a->toast || a->pasting)
		return FRAME_MS;
	return IDLE_MS;
}

static void on_signal(struct app *a, int sig)
{
	switch (sig) {
	case SIGWINCH:
		term_resize();
		break;
	case SIGTSTP:
		term_suspend();
		break;
	default:
		err_set(&a->end, ERR_CANCELLED, "ended by %s", strsignal(sig));
		a->leave = LEAVE;
		break;
	}
	a->dirty = true;
}

static void take_keys(struct app *a)
{
	uint32_t key;

	for (int i = 0; i < KEYS_A_TURN && a->leave != LEAVE; i++) {
		key = term_read();
		if (key == K_NONE)
			return;
		app_key(a, key);
	}
}

static void paint(struct app *a)
{
	int h, w;

	term_size(&h, &w);
	cells_erase(&a->cells, h, w);
	app_draw(a);
	term_draw(&a->cells);
	a->dirty = false;
}

static void run_terminal(struct app *a, int signal_fd)
{
	while (a->leave != LEAVE) {
		struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
		    {.fd = signal_fd, .events = POLLIN}, {.fd = a->notify[0], .events = POLLIN}};
		int sig, ready;

		catch_up(a);
		if (a->dirty || app_any_busy(a))
			paint(a);
		ready = poll(fds, 3, patience(a));
		if (ready == 0)
			app_watch(a);
		while ((sig = signals_next()))
			on_signal(a, sig);
		if (ready > 0 && fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) {
			err_set(&a->end, ERR_CANCELLED, "the terminal is gone");
			a->leave = LEAVE;
		} else if (ready > 0 && fds[0].revents & POLLIN) {
			take_keys(a);
			a->last_input = worker_clock();
		} else if (worker_clock() > a->last_input + PASTE_SILENCE) {
			a->pasting = false;
		}
	}
}

/* A script waits for long work where it says so, and always for what the explorer does by itself. */
static bool long_waits(struct app *a)
{
	struct worker_status s;

	worker_status(a->worker[LANE_LONG], &s);
	/* One that is not even begun may be such a one. */
	return s.busy && (a->wait || !s.ops || s.ops == a->idle);
}

/* Until nothing changes any more by itself. */
static void settle(struct app *a)
{
	do {
		struct pollfd p = {.fd = a->notify[0], .events = POLLIN};

		catch_up(a);
		if (front_waits(a))
			continue;
		if (!app_busy(a, LANE_SHORT) && !app_busy(a, LANE_QUERY) && !long_waits(a))
			break;
		poll(&p, 1, FRAME_MS);
	} while (true);
	catch_up(a);
	a->wait = false;
}

static bool busy_after_settling(struct app *a)
{
	return app_busy(a, LANE_SHORT) || app_busy(a, LANE_QUERY) || long_waits(a) ||
	       front_waits(a);
}

static bool run_script(struct app *a, struct err *e)
{
	struct script s;
	uint32_t key = 0;
	bool ok;

	if (!script_open(&s, a->options->script, e))
		return false;
	do {
		do
			settle(a);
		while (busy_after_settling(a));
		ok = a->end.kind == ERR_NONE && script_next(&s, &key, e);
		if (ok && key == K_WAIT)
			a->wait = true;
		else if (ok && key == K_SCREEN)
			ok = app_save_screen(a, "-", e);
		else if (ok && key != K_NONE)
			app_key(a, key);
	} while (ok && key != K_NONE && a->leave != LEAVE);
	script_close(&s);
	return ok;
}

bool app_resize_script(struct app *a, int h, int w)
{
	if (!a->scripted)
		return false;
	cells_erase(&a->cells, h, w);
	a->dirty = true;
	return true;
}

/* Start and end */

static void load_preferences(struct app *a)
{
	char *dir = file_config_dir(), *keys = dir ? file_join(dir, "keys") : NULL;
	struct err e = ERR_INIT;
	struct buf themes = BUF_INIT;

	theme_list(&themes);
	setting_more_choices(SETTING_THEME, buf_str(&themes));
	buf_clear(&themes);
	a->settings_path = dir ? file_join(dir, "settings") : NULL;
	if (!settings_load(&a->settings, a->settings_path, &e))
		app_error(a, &e);
	err_clear(&e);
	/* The option goes before the file, for this session and until U or :set choose another. */
	if (a->options->glyphs)
		settings_set(&a->settings, "glyphs", a->options->glyphs, NULL);
	keymap_default(&a->keymap);
	if (keys && !keymap_load(&a->keymap, keys, &e))
		app_error(a, &e);
	mem_free(keys);
	mem_free(dir);
}

static void start(struct app *a)
{
	static const struct view_class *const bottom[TAB_COUNT] = {&view_models, &view_questions,
	    &view_near, &view_train, &view_probe, &view_route, &view_runs};
	const struct app_options *o = a->options;

	cells_init(&a->cells, o->height ? (int)o->height : 24, o->width ? (int)o->width : 80,
	    GLYPHS_BRAILLE);
	prompt_init(&a->prompt);
	app_jobs_start(a);
	load_preferences(a);
	app_apply_settings(a);
	for (int t = 0; t < TAB_COUNT; t++)
		app_open(a, (enum tab)t, bottom[t], NULL);
	if (!a->scripted && !o->fresh && a->settings.v[SETTING_SESSION] == 0)
		state_restore(a);
	app_load(a);
}

static void stop(struct app *a)
{
	if (!a->scripted)
		state_save(a);
	app_jobs_stop(a);
	for (int t = 0; t < TAB_COUNT; t++) {
		while (a->top[t]) {
			struct view *v = a->top[t];

			a->top[t] = v->under;
			free_view(v);
		}
	}
	data_unref(a->data);
	prompt_clear(&a->prompt);
	messages_clear(&a->messages);
	cells_clear(&a->cells);
	mem_free(a->export_path);
	mem_free(a->settings_path);
	mem_free(a->state_path);
}

bool app_run(const struct app_options *o, struct err *e)
{
	struct app a = {.options = o, .scripted = o->script != NULL, .tab = TAB_MODELS};
	bool ok = true;
	int signal_fd = -1;

	if (!a.scripted) {
		if (!term_open(e))
			return false;
		signal_fd = signals_open();
	}
	start(&a);
	if (a.scripted)
		ok = run_script(&a, e);
	else
		run_terminal(&a, signal_fd);
	if (!a.scripted) {
		term_close();
		signals_close();
	}
	stop(&a);
	if (ok && a.end.kind != ERR_NONE) {
		*e = a.end;
		ok = false;
	}
	return ok;
}
