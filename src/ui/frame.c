/* frame.c - the lines round the body: tabs, where you are, status, hints or prompt; and what
 * stands in the body's place while there is nothing to show. */
#include "ui/frame.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "tui/list.h"
#include "ui/guide.h"
#include "view/host.h"
#include "view/stack.h"

#include <math.h>
#include <string.h>

#define MIN_W 60
#define MIN_H 15
#define SPINNER_AFTER 0.1 /* seconds */
#define PROGRESS_AFTER 1.0

static const char *title(const struct host *h, int tab)
{
	return stack_bottom(h, (enum tab)tab)->class->title;
}

/* "[1 Models]", " 2 Questions ", narrow: " 2 "; all as wide on as off, or nearly. */
static bool tab_is_short(const struct host *h, int tab)
{
	return h->cells.w < 78 && tab != (int)h->tab;
}

int frame_tab_at(const struct host *h, int x)
{
	int at = 0;

	for (int t = 0; t < TAB_COUNT; t++) {
		at += tab_is_short(h, t) ? 3 : 4 + (int)strlen(title(h, t));
		if (x < at)
			return t;
	}
	return -1;
}

static void draw_tabs(struct host *h)
{
	struct cells *c = &h->cells;
	int x = 0;

	for (int t = 0; t < TAB_COUNT; t++) {
		bool on = t == (int)h->tab;
		unsigned style = on ? ROLE_TAB_ON | STYLE_BOLD : ROLE_DEFAULT;

		if (tab_is_short(h, t))
			x += cells_printf(c, 0, x, c->w - x, style, " %d ", t + 1);
		else
			x += cells_printf(c, 0, x, c->w - x, style, on ? "[%d %s]" : " %d %s ",
			    t + 1, title(h, t));
	}
	cells_right(c, 0, c->w - 8, 8, ROLE_DIM, "?=help ");
}

/* "Models › sim/Aster-7B": titles from the bottom of the stack up; a view without a title is named
 * by its `where`, which the front one adds in any case. */
static void add_path(struct view *v, bool front, struct buf *path, struct buf *shape)
{
	struct buf own = BUF_INIT, unused = BUF_INIT;

	if (v->under) {
		add_path(v->under, false, path, shape);
		buf_adds(path, " › ");
	}
	buf_adds(path, v->class->title);
	if (v->class->where && v->ready && (front || !*v->class->title)) {
		v->class->where(v, &own, front ? shape : &unused);
		if (own.len && *v->class->title)
			buf_adds(path, "  ");
		buf_adds(path, buf_str(&own));
	}
	buf_clear(&own);
	buf_clear(&unused);
}

/* The filter of every pane first, wherever the cursor is: no row goes unseen without a word. */
static void add_filters(const struct view *v, struct buf *shape)
{
	const struct list *focused = panes_list(&v->panes);

	if (focused)
		list_filter_shape(focused, NULL, shape);
	for (int i = 0; i < v->panes.n; i++)
		if (v->panes.list[i] != focused)
			list_filter_shape(v->panes.list[i], v->panes.list[i]->table.name, shape);
}

static void draw_where(struct host *h, struct view *v, bool ready)
{
	struct cells *c = &h->cells;
	struct buf path = BUF_INIT, shape = BUF_INIT, own = BUF_INIT;
	int w;

	if (ready)
		add_filters(v, &shape);
	add_path(v, true, &path, &own);
	if (own.len)
		buf_printf(&shape, "%s%s", shape.len ? " · " : "", buf_str(&own));
	if (ready && panes_list(&v->panes))
		list_sort_shape(panes_list(&v->panes), &shape);
	buf_clear(&own);
	w = shape.len ? cells_width(c, buf_str(&shape)) : 0;
	/* What shapes the rows gives way to where one is, but keeps half the line. */
	if (w > c->w / 2 && cells_width(c, buf_str(&path)) + w + 4 > c->w)
		w = c->w / 2;
	cells_fit(c, 1, 1, c->w - w - 4, ROLE_HEADER, buf_str(&path));
	if (w)
		cells_fit(c, 1, c->w - w - 1, w, ROLE_DIM, buf_str(&shape));
	buf_clear(&path);
	buf_clear(&shape);
}

/* "▶ training 35% ETA 1:16", "⠋ map…". */
static bool queue_status(struct host *h, enum queue_name queue, struct buf *out)
{
	static const char *const wheel[] = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"};
	static const char *const ascii_wheel[] = {"|", "/", "-", "\\"};
	struct worker_status s = jobs_status(&h->jobs, queue);
	double for_s;
	unsigned step;

	if (!s.ops || !s.ops->name)
		return false;
	for_s = clock_now() - s.started;
	if (for_s < SPINNER_AFTER && !h->scripted)
		return false;
	step = h->scripted ? 0 : (unsigned)(for_s * 8);
	if (queue == QUEUE_LONG)
		buf_adds(out, "▶");
	else if (h->cells.glyphs == GLYPHS_ASCII)
		buf_adds(out, ascii_wheel[step % 4]);
	else
		buf_adds(out, wheel[step % 8]);
	buf_printf(out, " %s", s.ops->name);
	if (s.tick.total > 0 && for_s >= PROGRESS_AFTER && !h->scripted)
		buf_printf(out, " %.0f%%", floor(100 * fmin(1, s.tick.done / s.tick.total)));
	if (queue == QUEUE_LONG && !h->scripted) {
		double left = eta_left(&h->eta, clock_now());

		if (!isnan(left)) {
			buf_adds(out, " ETA ");
			eta_print(out, left);
		}
	}
	return true;
}

static void draw_status(struct host *h, struct view *v, bool ready)
{
	struct cells *c = &h->cells;
	struct buf left = BUF_INIT, right = BUF_INIT;
	struct list *l = stack_list(h);
	int64_t run = data_catalog(h->data)->run;
	int w;

	if (ready && v->class->position)
		v->class->position(v, &left);
	else if (l)
		list_position(l, &left);
	if (h->prompt.kind == PROMPT_FILTER && l && list_filter_note(l))
		buf_printf(&left, "  %s", list_filter_note(l));
	if (h->lost)
		buf_adds(&right, "file replaced or gone, R · ");
	else if (h->stale)
		buf_adds(&right, "changed, R reads it · ");
	if (run)
		buf_printf(&right, "run %lld", (long long)run);
	else
		buf_adds(&right, "no run");
	buf_adds(&right, " · ");
	if (!queue_status(h, QUEUE_QUERY, &right) && !queue_status(h, QUEUE_LONG, &right) &&
	    !queue_status(h, QUEUE_SHORT, &right))
		buf_adds(&right, "idle");
	w = cells_width(c, buf_str(&right));
	if (h->prompt.choices) {
		cells_fit(c, c->h - 2, 1, c->w - 2, ROLE_DEFAULT, h->prompt.choices);
		buf_clear(&left);
		buf_clear(&right);
		return;
	}
	cells_right(c, c->h - 2, 1, c->w - 2, ROLE_DIM, buf_str(&right));
	cells_fit(c, c->h - 2, 1, c->w - w - 4, ROLE_DEFAULT, buf_str(&left));
	buf_clear(&left);
	buf_clear(&right);
}

/* Whether the hint line should name it now. */
static bool is_offered(const struct view *v, enum action a, bool ready)
{
	if (a == ACTION_BACK)
		return v->under != NULL;
	if (!ready)
		return action_info(a)->group != ACTION_GROUP_GO;
	if (a == ACTION_OPEN && (!v->class->act || v->class->flags & VIEW_OPENS_NOTHING))
		return false;
	if (a == ACTION_PANE && v->panes.n < 2)
		return false;
	if (a == ACTION_ITEM_NEXT && !(v->class->flags & VIEW_STEPS))
		return false;
	return !v->class->offers || v->class->offers(v, a);
}

/* "Enter open  s sort": actions of the view, then global ones, as far as they fit. */
static void draw_hints(struct host *h, struct view *v, bool ready)
{
	struct cells *c = &h->cells;
	bool has_list = stack_list(h);
	int y = c->h - 1, x = 1;

	for (int pass = 0; pass < 2; pass++) {
		enum scope scope = pass ? SCOPE_GLOBAL : v->class->scope;

		if (pass == 1 && scope == v->class->scope)
			break;
		for (int k = 1; k < ACTION_COUNT; k++) {
			const struct action_info *info = action_info((enum action)k);
			struct buf b = BUF_INIT;
			int w;

			if (info->scope != scope || !*info->hint ||
			    !is_offered(v, (enum action)k, ready) ||
			    (info->group == ACTION_GROUP_FIND && !has_list) ||
			    (!ready && info->group == ACTION_GROUP_VIEW &&
				v->class->needs != NEEDS_NOTHING))
				continue;
			keymap_labels(&h->keymap, (enum action)k, 1, &b);
			if (b.len) {
				w = cells_width(c, buf_str(&b)) + 1 + cells_width(c, info->hint);
				if (x + w < c->w) {
					x +=
					    cells_text(c, y, x, c->w - x, ROLE_HEADER, buf_str(&b));
					x += 1 + cells_text(c, y, x + 1, c->w - x - 1, ROLE_DIM,
						     info->hint);
					x += 2;
				}
			}
			buf_clear(&b);
		}
	}
}

static void draw_bottom(struct host *h, struct view *v, bool ready)
{
	static const enum role role[] = {
	    [MESSAGE_INFO] = ROLE_OK, [MESSAGE_WARN] = ROLE_WARN, [MESSAGE_ERROR] = ROLE_ERROR};
	struct cells *c = &h->cells;
	const struct message *m;
	struct buf b = BUF_INIT;

	if (h->prompt.kind != PROMPT_NONE) {
		prompt_draw(&h->prompt, c, c->h - 1);
		return;
	}
	if (!h->toast || !h->messages.n) {
		if (ready && v->class->editing && v->class->editing(v))
			cells_text(c, c->h - 1, 1, c->w - 2, ROLE_DIM,
			    "every key is text: Enter is done, Esc leaves, ^U clears");
		else
			draw_hints(h, v, ready);
		return;
	}
	m = &h->messages.v[h->messages.n - 1];
	buf_printf(&b, "%c %s", messages_sign(m->level), m->text);
	if (cells_width(c, buf_str(&b)) > c->w - 2) {
		int room = c->w - 15;

		cells_fit(c, c->h - 1, 1, room, role[m->level], buf_str(&b));
		cells_text(c, c->h - 1, room + 2, 12, ROLE_DIM, "(:messages)");
	} else {
		cells_text(c, c->h - 1, 1, c->w - 2, role[m->level], buf_str(&b));
	}
	buf_clear(&b);
}

/* Lines in the middle of an empty body. */
static void draw_notice(struct host *h, struct area body, const char *text, enum role role)
{
	int down = body.h > 12 ? 2 : body.h > 8 ? 1 : 0;
	struct area in = {body.y + down, body.x + 2, body.h - down, body.w - 4};

	in.w = in.w > 76 ? 76 : in.w;
	cells_wrap(&h->cells, in, role, text);
}

static void draw_missing(struct host *h, struct view *v, struct area body)
{
	const struct catalog *r = data_catalog(h->data);

	if (h->load_error.kind != ERR_NONE) {
		char *text =
		    mem_printf("Cannot read the database.\n\n%s\n\n  R retry   : command   Q quit",
			h->load_error.msg);

		draw_notice(h, body, text, ROLE_ERROR);
		mem_free(text);
	} else if (h->loading) {
		draw_notice(h, body, "Reading the database…", ROLE_DIM);
	} else if (r->n_models == 0) {
		draw_notice(h, body,
		    "No models yet. Three steps:\n\n"
		    "  1  :import FILE.csv   a table of answers, or\n"
		    "     :demo              a small simulated world\n"
		    "  2  4, then t          train on it: seconds\n"
		    "  3  3, 5 and 6         Near, Probe, Route\n\n"
		    "A table says which model answered which question right: a CSV with the "
		    "columns "
		    "model, benchmark, question and label, or EmbedLLM's own layout, or the "
		    "samples of "
		    "lm-evaluation-harness. The same from a shell: embedllm import FILE",
		    ROLE_DEFAULT);
	} else if (v->class->needs == NEEDS_RUN) {
		draw_notice(h, body,
		    "No run yet: this needs model vectors.\n\n"
		    "  4 t   train (seconds for thousands of questions)\n\n"
		    "The vectors are learned from the labels; then Near, Probe and Route are "
		    "ready.",
		    ROLE_DEFAULT);
	}
}

/* In place of a view that waits for what it shows, or has not got it. */
static void draw_reading(const struct view *v, struct cells *c, struct area body)
{
	struct area in = {body.y + 1, body.x + 2, body.h - 1, body.w - 4};
	const char *text =
	    v->error.kind == ERR_CANCELLED ? "Stopped. R reads again." : v->error.msg;

	cells_wrap(c, in, v->reading ? ROLE_DIM : ROLE_ERROR, v->reading ? "reading…" : text);
}

static void draw_too_small(struct host *h)
{
	struct cells *c = &h->cells;
	struct worker_status s = jobs_status(&h->jobs, QUEUE_LONG);
	struct buf b = BUF_INIT;

	buf_printf(&b, "Terminal is %dx%d, embedllm needs %dx%d.", c->w, c->h, MIN_W, MIN_H);
	if (s.ops && s.ops->name) {
		buf_printf(&b, " Work goes on: %s", s.ops->name);
		if (s.tick.total > 0 && !h->scripted)
			buf_printf(&b, " %.0f%%", floor(100 * s.tick.done / s.tick.total));
		buf_addc(&b, '.');
	}
	cells_wrap(c, cells_area(c), ROLE_WARN, buf_str(&b));
	buf_clear(&b);
}

void frame_draw(struct host *h)
{
	struct cells *c = &h->cells;
	struct view *v = stack_front(h);
	struct area body = {2, 0, c->h - 4, c->w};
	struct buf guide = BUF_INIT;
	bool ready;

	if (c->h < MIN_H || c->w < MIN_W) {
		draw_too_small(h);
		return;
	}
	ready = stack_ready(h);
	if (guide_line(h, &guide)) {
		body.h--;
		cells_fit(c, c->h - 3, 1, c->w - 2, ROLE_OK, buf_str(&guide));
	}
	buf_clear(&guide);
	draw_tabs(h);
	draw_where(h, v, ready);
	if (!ready)
		draw_missing(h, v, body);
	else if (v->reading || v->error.kind != ERR_NONE)
		draw_reading(v, c, body);
	else
		v->class->draw(v, c, body);
	draw_status(h, v, ready);
	draw_bottom(h, v, ready);
}

/* A picture is of the theme in use; "auto" has no ground of its own and is shown as dark. */
static const struct theme *screen_theme(const struct host *h, struct theme *dark)
{
	if (strcmp(h->theme.name, "auto"))
		return &h->theme;
	theme_builtin("dark", dark);
	return dark;
}

bool frame_save(struct host *h, const char *path, struct err *e)
{
	const char *dot = strrchr(path, '.');
	struct buf b = BUF_INIT;
	struct file_out o;
	struct theme dark;
	bool ok;

	cells_erase(&h->cells, h->cells.h, h->cells.w);
	frame_draw(h);
	if (dot && !strcmp(dot, ".ansi"))
		cells_dump_ansi(&h->cells, screen_theme(h, &dark), &b);
	else
		cells_dump(&h->cells, &b);
	ok = file_create(&o, path, e);
	if (ok) {
		fwrite(buf_str(&b), 1, b.len, o.f);
		ok = file_commit(&o, e);
	}
	buf_clear(&b);
	return ok;
}
