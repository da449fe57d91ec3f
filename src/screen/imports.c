/* imports.c - what came in, newest first, with what each had to say; or what was only looked at. */
#include "screen/screens.h"

#include "base/file.h"
#include "base/mem.h"
#include "task/imports.h"
#include "tui/list.h"
#include "view/view.h"

struct imports_view {
	struct view view;
	struct imports imports;
	bool looked; /* they were only looked at, and are in no database */
	bool read;   /* imports is what there is */
	struct list list;
	int64_t at;   /* import under the cursor, 0 = the newest */
	int64_t want; /* that the cursor is to go to once it is read, 0 = none */
};

/* The list: a date as a person says it, a path by its last name; the pane has it whole. */

static bool import_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct response_import_row *r = &((const struct imports_view *)arg)->imports.v[row];
	struct buf b = BUF_INIT;

	if (column == IMPORTS_WHEN && r->when)
		view_date(r->when, &b);
	else if (column == IMPORTS_FILE)
		buf_adds(&b, *file_base(r->file) ? file_base(r->file) : r->file);
	if (b.len)
		cells_fit(c, y, x, w, style, buf_str(&b));
	buf_clear(&b);
	return column == IMPORTS_FILE || (column == IMPORTS_WHEN && r->when);
}

static const struct list_source source = {.draw = import_draw};

/* Jobs */

struct list_job {
	struct view_job base;
	struct imports imports;
};

static bool list_run(struct job *job, struct err *e)
{
	struct db *db = connection_read(view_job_connection(job), e);

	return db ? task_imports(db, &((struct list_job *)job)->imports, e) : e->kind == ERR_NONE;
}

static void list_free(struct job *job)
{
	imports_clear(&((struct list_job *)job)->imports);
	view_job_free(job);
}

/* The cursor on the import it was on, or on the newest. */
static void show(struct imports_view *v)
{
	struct table t = imports_table(&v->imports);
	size_t row = v->imports.n ? v->imports.n - 1 : 0;

	v->at = v->want ? v->want : v->at;
	v->want = 0;
	for (size_t i = 0; v->at && i < v->imports.n; i++)
		row = v->imports.v[i].id == v->at ? i : row;
	v->read = true;
	list_set_table(&v->list, &t, row);
}

static void list_done(void *owner, struct job *job)
{
	struct imports_view *v = owner;

	MEM_SWAP(v->imports, ((struct list_job *)job)->imports);
	show(v);
}

static const struct job_ops list_ops = {"imports", list_run, list_done, list_free};

struct undo_job {
	struct view_job base;
	int64_t import;
	struct response_undone undone;
};

static bool undo_run(struct job *job, struct err *e)
{
	struct undo_job *j = (struct undo_job *)job;
	struct db *db = connection_write(view_job_connection(job), e);

	return db && task_import_undo(db, j->import, &j->undone, e);
}

static void undo_done(void *owner, struct job *job)
{
	struct imports_view *v = owner;
	const struct undo_job *j = (struct undo_job *)job;
	const struct response_undone *u = &j->undone;

	if (!job->ok) {
		view_say(&v->view, MESSAGE_ERROR, "%s", job->err.msg);
		return;
	}
	view_say(&v->view, u->runs ? MESSAGE_WARN : MESSAGE_INFO,
	    "import %lld is out: %llu rows, %zu questions, %zu models gone%s", (long long)j->import,
	    (unsigned long long)u->rows, u->questions, u->models,
	    u->runs ? "; the runs were trained on other data" : "");
	v->at = 0;
	view_reload(&v->view);
}

static const struct job_ops undo_ops = {"taking an import out", undo_run, undo_done, view_job_free};

/* The view */

static void imports_init(struct view *view, const void *arg)
{
	struct imports_view *v = (struct imports_view *)view;
	const struct imports_arg *from = arg;
	struct table t = imports_table(NULL);

	list_init(&v->list, &t, &source, v);
	v->list.name_column = IMPORTS_FILE;
	v->list.sort = IMPORTS_ID;
	v->list.reverse = true;
	panes_add(&view->panes, &v->list);
	v->at = from ? from->import : 0;
	if (from && from->looked) {
		MEM_SWAP(v->imports, *from->looked);
		v->looked = true;
		v->list.sort = -1;
		show(v);
	}
}

static void imports_clear_view(struct view *view)
{
	imports_clear(&((struct imports_view *)view)->imports);
}

static void imports_data(struct view *view)
{
	struct imports_view *v = (struct imports_view *)view;

	if (v->looked)
		return;
	view_read(view, view_job_new(view, sizeof(struct list_job), &list_ops, false));
	view->reading = !v->read; /* else what was read before stays on screen */
}

static const struct response_import_row *chosen(const struct imports_view *v)
{
	size_t row = list_row(&v->list);

	return v->read && row < v->imports.n ? &v->imports.v[row] : NULL;
}

static void imports_follow(struct view *view)
{
	struct imports_view *v = (struct imports_view *)view;
	const struct response_import_row *r = chosen(v);

	if (r && r->id)
		v->at = r->id;
}

/* What it brought, and all it had to say. */
static void describe(const struct response_import_row *r, struct buf *out)
{
	buf_printf(out, "%s\n%zu model%s, %zu question%s, %llu row%s", r->file, r->models,
	    r->models == 1 ? "" : "s", r->questions, r->questions == 1 ? "" : "s",
	    (unsigned long long)r->rows, r->rows == 1 ? "" : "s");
	if (r->missing)
		buf_printf(out, ", %llu without a label", (unsigned long long)r->missing);
	if (r->repeats)
		buf_printf(out, ", %llu repeats", (unsigned long long)r->repeats);
	if (r->conflicts)
		buf_printf(out, " (%llu in conflict)", (unsigned long long)r->conflicts);
	if (r->skipped)
		buf_printf(out, ", %llu bad lines left out", (unsigned long long)r->skipped);
	for (size_t i = 0; i < r->n_remarks; i++)
		buf_printf(
		    out, "\n%s: %s", remark_kind_name(r->remarks[i].kind), r->remarks[i].text);
	if (!r->n_remarks)
		buf_adds(out, "\nno remarks");
}

static void imports_draw(struct view *view, struct cells *c, struct area a)
{
	struct imports_view *v = (struct imports_view *)view;
	struct area in = {a.y + 1, a.x + 2, a.h - 1, a.w - 4}, top = a, low = a;
	const struct response_import_row *r;
	struct buf b = BUF_INIT;

	if (!v->imports.n) {
		cells_wrap(c, in, ROLE_DEFAULT,
		    "Nothing came in yet.\n\n"
		    "  :import FILE           a file or a folder\n"
		    "  :import --check FILE   read it and report, change nothing");
		return;
	}
	top.h = a.h / 2 > (int)v->imports.n + 2 ? (int)v->imports.n + 2 : a.h / 2;
	low.y += top.h;
	low.h -= top.h;
	list_draw(&v->list, c, top, true);
	r = chosen(v);
	if (!r)
		return;
	if (r->id)
		buf_printf(&b, "Import %lld", (long long)r->id);
	else
		buf_adds(&b, "Only looked at: nothing was changed");
	cells_rule(c, low.y, low.x, low.w, buf_str(&b), false);
	buf_reset(&b);
	describe(r, &b);
	cells_wrap(c, (struct area){low.y + 1, low.x + 1, low.h - 1, low.w - 2}, ROLE_DEFAULT,
	    buf_str(&b));
	buf_clear(&b);
}

static void imports_where(struct view *view, struct buf *path, struct buf *shape)
{
	struct imports_view *v = (struct imports_view *)view;

	(void)shape;
	if (v->looked)
		buf_adds(path, "only looked at");
	else if (v->read)
		buf_printf(path, "%zu", v->imports.n);
}

static void answer_undo(struct view *view, uint32_t key)
{
	struct imports_view *v = (struct imports_view *)view;
	struct undo_job *j;

	(void)key;
	if (!view_long_free(view))
		return;
	j = view_job_new(view, sizeof(*j), &undo_ops, false);
	j->import = v->at;
	view_submit(view, QUEUE_LONG, j);
}

static bool imports_act(struct view *view, enum action a)
{
	struct imports_view *v = (struct imports_view *)view;
	const struct response_import_row *r = chosen(v);

	if (!r || (a != ACTION_OPEN && a != ACTION_IMPORT_UNDO))
		return false;
	if (a == ACTION_OPEN)
		view_push(view, &screen_import, r);
	else if (!r->id)
		view_say(view, MESSAGE_INFO, "it was only looked at: nothing to take out");
	else
		view_ask(view, "y", answer_undo,
		    "Take import %lld and its %llu rows out again? y/N", (long long)r->id,
		    (unsigned long long)r->rows);
	return true;
}

static bool imports_offers(const struct view *view, enum action a)
{
	return a != ACTION_IMPORT_UNDO || !((const struct imports_view *)view)->looked;
}

static const struct view_class screen_imports = {
    .title = "Imports",
    .scope = SCOPE_IMPORTS,
    .needs = NEEDS_NOTHING,
    .size = sizeof(struct imports_view),
    .init = imports_init,
    .clear = imports_clear_view,
    .data = imports_data,
    .draw = imports_draw,
    .where = imports_where,
    .act = imports_act,
    .offers = imports_offers,
    .follow = imports_follow,
};

void imports_show(struct view *from, struct imports_arg arg)
{
	struct imports_view *v = (struct imports_view *)from;

	/* The list that is on screen goes to the new one, once it is read. */
	if (from->class == &screen_imports && !v->looked && !arg.looked)
		v->want = arg.import;
	else
		view_push(from, &screen_imports, &arg);
}
