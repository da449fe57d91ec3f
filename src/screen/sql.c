/* sql.c - the database asked in SQL: an editor, the result as a list, the tables beside it. */
#include "screen/screens.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/plural.h"
#include "screen/sql_complete.h"
#include "screen/sql_table.h"
#include "tui/key.h"
#include "view/host.h"
#include "view/stack.h"
#include "view/view.h"

#include <string.h>

#define ROWS_MAX 20000 /* that still sort between two frames; the verb has no such limit */
#define EDITOR_LINES 8
#define TABLES_WIDTH 30
#define TABLES_FROM 90 /* columns of the screen; below, they hide behind Tab */

enum pane { RESULT, TABLES };

struct sql_view {
	struct view view;
	struct line *line; /* the explorer's: text and history outlive the view */
	bool editing;
	struct buf offers; /* of Tab */
	bool tables_shown; /* beside the result, where there is room */
	bool full_row;

	char *ran;       /* what `result`, or `error`, is of; NULL = nothing yet */
	unsigned serial; /* of the last query that was asked */
	bool running;
	double took; /* seconds */
	struct sql_table result;
	struct err error;
	struct sql_schema schema;
	struct list tables;
};

/* Jobs */

struct sql_job {
	struct view_job base;
	char *sql;
	unsigned serial;
	double started;
	struct query_rows rows;
	size_t at; /* of the fault */
};

static bool sql_run(struct job *j, struct err *e)
{
	struct sql_job *s = (struct sql_job *)j;

	s->started = clock_now();
	return connection_is_same(view_job_connection(j), e) &&
	       task_sql(view_job_connection(j)->path, s->sql, ROWS_MAX, worker_progress(j->worker),
		   &s->rows, &s->at, e);
}

static void sql_free(struct job *j)
{
	struct sql_job *s = (struct sql_job *)j;

	mem_free(s->sql);
	query_rows_clear(&s->rows);
	view_job_free(j);
}

static void sql_done(void *owner, struct job *job);

static const struct job_ops sql_ops = {"query", sql_run, sql_done, sql_free};

struct schema_job {
	struct view_job base;
	struct sql_schema schema;
};

static bool schema_run(struct job *j, struct err *e)
{
	return connection_is_same(view_job_connection(j), e) &&
	       task_sql_schema(view_job_connection(j)->path, &((struct schema_job *)j)->schema, e);
}

static void schema_free(struct job *j)
{
	sql_schema_clear(&((struct schema_job *)j)->schema);
	view_job_free(j);
}

static void schema_done(void *owner, struct job *job)
{
	struct sql_view *v = owner;
	struct table t;

	if (!job->ok)
		return;
	MEM_SWAP(v->schema, ((struct schema_job *)job)->schema);
	t = sql_schema_table(&v->schema);
	list_set_table(&v->tables, &t, SIZE_MAX);
}

static const struct job_ops schema_ops = {"tables", schema_run, schema_done, schema_free};

static void run_query(struct sql_view *v, const char *sql)
{
	struct sql_job *j;
	char *copy = mem_strdup(sql);

	mem_free(v->ran);
	v->ran = copy;
	j = view_job_new(&v->view, sizeof(*j), &sql_ops, false);
	j->sql = mem_strdup(copy);
	j->serial = ++v->serial;
	v->running = true;
	view_cancel(&v->view, QUEUE_QUERY, &sql_ops);
	view_submit(&v->view, QUEUE_QUERY, j);
}

static void sql_done(void *owner, struct job *job)
{
	struct sql_view *v = owner;
	struct sql_job *j = (struct sql_job *)job;

	/* Of a query that another has replaced. */
	if (j->serial != v->serial)
		return;
	v->running = false;
	v->took = clock_now() - j->started;
	v->error = job->err;
	if (job->ok) {
		sql_table_set(&v->result, &j->rows);
		return;
	}
	sql_table_clear(&v->result);
	sql_table_init(&v->result);
	/* The cursor goes to the fault. */
	if (j->at <= v->line->text.len && !strcmp(line_text(v->line), v->ran)) {
		v->line->at = j->at;
		v->editing = true;
	}
}

/* The view */

static void sql_init(struct view *view, const void *arg)
{
	struct sql_view *v = (struct sql_view *)view;
	struct table t = sql_schema_table(NULL);

	(void)arg;
	v->line = &view->host->prompt.line[PROMPT_SQL];
	v->tables_shown = true;
	buf_init(&v->offers, 4096);
	sql_table_init(&v->result);
	list_init(&v->tables, &t, NULL, v);
	panes_add(&view->panes, &v->result.list);
	panes_add(&view->panes, &v->tables);
}

static void sql_clear(struct view *view)
{
	struct sql_view *v = (struct sql_view *)view;

	buf_clear(&v->offers);
	mem_free(v->ran);
	sql_table_clear(&v->result);
	sql_schema_clear(&v->schema);
}

static void sql_data(struct view *view)
{
	struct sql_view *v = (struct sql_view *)view;
	struct schema_job *j = view_job_new(view, sizeof(*j), &schema_ops, false);

	view_submit(view, QUEUE_SHORT, j);
	if (v->ran)
		run_query(v, v->ran);
}

static int draw_editor(struct sql_view *v, struct cells *c, struct area a)
{
	int h = line_height(v->line, c, a.w - 4),
	    max = a.h / 3 < EDITOR_LINES ? a.h / 3 : EDITOR_LINES;

	cells_rule(c, a.y, a.x, a.w,
	    v->editing ? "Query (Enter runs it, Tab completes, ↑ earlier ones, Esc ends)"
		       : "Query (i to edit)",
	    v->editing);
	h = h > max ? max : h;
	if (v->editing || *line_text(v->line))
		line_draw_wrapped(v->line, c, (struct area){a.y + 1, a.x + 2, h, a.w - 4},
		    v->editing ? ROLE_DEFAULT | STYLE_BOLD : ROLE_DEFAULT, v->editing);
	else
		cells_fit(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DIM, "nothing yet: press i and type");
	if (v->editing && v->offers.len) {
		cells_fit(c, a.y + 1 + h, a.x + 2, a.w - 4, ROLE_DIM, buf_str(&v->offers) + 1);
		h++;
	}
	return h + 1;
}

static void draw_examples(struct cells *c, struct area a)
{
	cells_wrap(c, (struct area){a.y + 1, a.x + 2, a.h - 1, a.w - 4}, ROLE_DIM,
	    "For example:\n\n"
	    "  SELECT * FROM model_overall LIMIT 20\n\n"
	    "  SELECT * FROM model_benchmark WHERE accuracy > 0.8\n\n"
	    "  SELECT benchmark, avg(accuracy) FROM model_benchmark GROUP BY 1 ORDER BY 2\n\n"
	    "Only reading is possible here. Enter on a table shows its rows.");
}

static void draw_running(struct sql_view *v, struct cells *c, struct area a)
{
	struct worker_status s;

	s = view_queue_status(&v->view, QUEUE_QUERY);
	if (s.busy && s.started > 0 && !v->view.host->scripted)
		cells_printf(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DIM,
		    "Running for %.0f s: %.0f rows so far. X stops it.", clock_now() - s.started,
		    s.tick.done);
	else
		cells_text(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DIM, "Running. X stops it.");
}

static void draw_rows(struct sql_view *v, struct cells *c, struct area a)
{
	bool focused = v->view.panes.focus == RESULT && !v->editing;
	size_t row = list_row(&v->result.list);

	if (v->result.rows.cut && a.h > 4) {
		cells_printf(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_WARN,
		    "cut after %zu row%s: add a condition, or see all by embedllm sql --limit 0",
		    v->result.rows.n, plural(v->result.rows.n));
		a.h--;
	}
	if (v->full_row && row != SIZE_MAX && a.h > 9) {
		int h = a.h / 2;

		a.h -= h;
		cells_rule(c, a.y + a.h, a.x, a.w, "Row in full (Enter closes)", false);
		sql_table_draw_row(
		    &v->result, row, c, (struct area){a.y + a.h + 1, a.x + 1, h - 1, a.w - 2});
	}
	list_draw(&v->result.list, c, a, focused);
	if (!v->result.rows.n)
		cells_text(c, a.y + 2, a.x + 2, a.w - 4, ROLE_DIM, "no rows");
}

static void draw_result(struct sql_view *v, struct cells *c, struct area a)
{
	if (v->running)
		draw_running(v, c, a);
	else if (!v->ran)
		draw_examples(c, a);
	else if (v->error.kind == ERR_CANCELLED)
		cells_text(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DIM,
		    "Stopped. i edits the query, Enter runs it again.");
	else if (v->error.kind != ERR_NONE)
		cells_wrap(
		    c, (struct area){a.y + 1, a.x + 2, a.h - 1, a.w - 4}, ROLE_ERROR, v->error.msg);
	else
		draw_rows(v, c, a);
}

static void draw_tables(struct sql_view *v, struct cells *c, struct area a)
{
	size_t row = list_row(&v->tables);
	int note = a.h > 14 ? 7 : a.h > 8 ? 3 : 0;
	struct buf b = BUF_INIT;

	list_draw(&v->tables, c, (struct area){a.y, a.x, a.h - note, a.w},
	    v->view.panes.focus == TABLES && !v->editing);
	if (row == SIZE_MAX || !note)
		return;
	buf_printf(&b, "%s\n", v->schema.v[row].note);
	for (size_t j = 0; j < v->schema.v[row].n_columns; j++)
		buf_printf(&b, "%s%s", j ? ", " : "", v->schema.v[row].columns[j].name);
	cells_rule(c, a.y + a.h - note, a.x, a.w, v->schema.v[row].name, false);
	cells_wrap(c, (struct area){a.y + a.h - note + 1, a.x + 1, note - 1, a.w - 2}, ROLE_DIM,
	    buf_str(&b));
	buf_clear(&b);
}

static void sql_draw(struct view *view, struct cells *c, struct area a)
{
	struct sql_view *v = (struct sql_view *)view;
	int used = draw_editor(v, c, a);
	struct area rest = {a.y + used, a.x, a.h - used, a.w};
	bool on_tables = v->view.panes.focus == TABLES;
	bool beside = a.w >= TABLES_FROM && (v->tables_shown || on_tables);
	const char *title = "Result";

	if (!beside)
		title =
		    on_tables ? "Tables (Enter shows one, Tab: result)" : "Result (Tab: tables)";
	cells_rule(c, rest.y, rest.x, rest.w, title, !v->editing);
	rest.y++;
	rest.h--;
	if (on_tables && !beside) {
		draw_tables(v, c, rest);
		return;
	}
	if (beside) {
		rest.w -= TABLES_WIDTH + 1;
		cells_vline(c, rest.y, rest.x + rest.w, rest.h);
		draw_tables(v, c, (struct area){rest.y, rest.x + rest.w + 1, rest.h, TABLES_WIDTH});
	}
	draw_result(v, c, rest);
}

static void sql_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct sql_view *v = (const struct sql_view *)view;

	(void)path;
	if (!v->ran || v->running || v->error.kind != ERR_NONE)
		return;
	buf_printf(shape, "%s%s%zu row%s", shape->len ? " · " : "",
	    v->result.rows.cut ? "first " : "", v->result.rows.n, plural(v->result.rows.n));
	if (!view->host->scripted)
		buf_printf(shape, " in %.*f s", v->took < 1 ? 3 : 1, v->took);
}

/* A name as SQL has it: in quotes unless it is plain. */
static char *quoted(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	struct buf b = BUF_INIT;

	if (*name && strspn(name, plain) == strlen(name))
		return mem_strdup(name);
	buf_addc(&b, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_addc(&b, '"');
		buf_addc(&b, *name);
	}
	buf_addc(&b, '"');
	return buf_take(&b);
}

static void open_row(struct sql_view *v)
{
	size_t row = list_row(&v->tables);
	char *sql, *name;

	if (v->view.panes.focus == RESULT) {
		v->full_row = !v->full_row;
		return;
	}
	if (row == SIZE_MAX)
		return;
	name = quoted(v->schema.v[row].name);
	sql = mem_printf("SELECT * FROM %s", name);
	mem_free(name);
	line_set(v->line, sql);
	line_remember(v->line);
	run_query(v, sql);
	v->view.panes.focus = RESULT;
	mem_free(sql);
}

static bool sql_act(struct view *view, enum action a)
{
	struct sql_view *v = (struct sql_view *)view;

	switch (a) {
	case ACTION_SQL_EDIT:
		v->editing = true;
		return true;
	case ACTION_SQL_TABLES:
		v->tables_shown = !v->tables_shown;
		v->view.panes.focus = RESULT;
		return true;
	case ACTION_OPEN:
		open_row(v);
		return true;
	default:
		return false;
	}
}

static void complete(struct sql_view *v)
{
	struct buf more = BUF_INIT;

	buf_reset(&v->offers);
	sql_complete(&v->schema, line_text(v->line), v->line->at, &more, &v->offers);
	line_insert(v->line, buf_str(&more));
	buf_clear(&more);
}

static bool sql_key(struct view *view, uint32_t key)
{
	struct sql_view *v = (struct sql_view *)view;

	if (!v->editing)
		return false;
	if (key == K_TAB) {
		complete(v);
		return true;
	}
	buf_reset(&v->offers);
	switch (line_key(v->line, key)) {
	case LINE_IGNORED:
		return key >= K_NONE &&
		       key != K_F1; /* no key of the table fires while text is typed */
	case LINE_DONE:
		v->editing = false;
		if (strspn(line_text(v->line), " \n;") == v->line->text.len)
			return true;
		line_remember(v->line);
		v->view.panes.focus = RESULT;
		run_query(v, line_text(v->line));
		return true;
	case LINE_CANCELLED:
		v->editing = false;
		return true;
	default:
		return true;
	}
}

static bool sql_editing(const struct view *view)
{
	return ((const struct sql_view *)view)->editing;
}

static const struct view_class screen_sql = {
    .title = "SQL",
    .scope = SCOPE_SQL,
    .needs = NEEDS_NOTHING,
    .size = sizeof(struct sql_view),
    .init = sql_init,
    .clear = sql_clear,
    .data = sql_data,
    .draw = sql_draw,
    .where = sql_where,
    .act = sql_act,
    .key = sql_key,
    .editing = sql_editing,
};

void sql_ask(struct view *from, const char *sql)
{
	struct view *view = stack_front(from->host);
	struct sql_view *v;

	if (view->class != &screen_sql) {
		view_push(view, &screen_sql, NULL);
		view = stack_front(from->host);
	}
	v = (struct sql_view *)view;
	v->editing = !*sql;
	if (!*sql)
		return;
	line_set(v->line, sql);
	line_remember(v->line);
	v->view.panes.focus = RESULT;
	run_query(v, sql);
}
