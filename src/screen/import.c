/* import.c - one import in full: its remarks, and each figure of its source beside the labels. */
#include "screen/screens.h"

#include "task/imports.h"
#include "tui/list.h"
#include "view/view.h"

enum pane { PANE_REMARKS, PANE_CLAIMS };

struct import_view {
	struct view view;
	struct imports one; /* a copy, of one row */
	struct list remarks, claims;
};

static void import_init(struct view *view, const void *arg)
{
	struct import_view *v = (struct import_view *)view;
	struct table t = remarks_table(NULL);

	imports_add(&v->one, arg);
	list_init(&v->remarks, &t, NULL, v);
	v->remarks.name_column = REMARKS_TEXT;
	panes_add(&view->panes, &v->remarks);
	t = remarks_table(v->one.v);
	list_set_table(&v->remarks, &t, 0);
	t = claims_table(NULL);
	list_init(&v->claims, &t, NULL, v);
	v->claims.name_column = CLAIMS_TASK;
	panes_add(&view->panes, &v->claims);
	t = claims_table(v->one.v);
	list_set_table(&v->claims, &t, 0);
	if (!v->one.v->n_claims)
		panes_limit(&view->panes, 1);
	else if (!v->one.v->n_remarks)
		panes_step(&view->panes, true);
}

static void import_clear(struct view *view)
{
	imports_clear(&((struct import_view *)view)->one);
}

/* The row under the cursor in full, which may be longer than a line. */
static void draw_full(struct import_view *v, struct cells *c, struct area a)
{
	const struct response_import_row *r = v->one.v;
	bool remarks = v->view.panes.focus == PANE_REMARKS;
	size_t row = list_row(remarks ? &v->remarks : &v->claims);

	cells_rule(c, a.y, a.x, a.w, "In full", false);
	a = (struct area){a.y + 1, a.x + 1, a.h - 1, a.w - 2};
	if (row == SIZE_MAX)
		return;
	if (remarks) {
		cells_wrap(c, a, ROLE_DEFAULT, r->remarks[row].text);
	} else {
		const struct response_claim *k = &r->claims[row];
		struct buf b = BUF_INIT;

		buf_printf(&b, "%s of %s by %s\nas %s says: %s", k->task, k->model, k->metric,
		    k->source, claim_verdict_name(k->verdict));
		cells_wrap(c, a, ROLE_DEFAULT, buf_str(&b));
		buf_clear(&b);
	}
}

static void import_draw(struct view *view, struct cells *c, struct area a)
{
	struct import_view *v = (struct import_view *)view;
	const struct response_import_row *r = v->one.v;
	int full = a.h >= 14 ? 6 : a.h / 3, rest = a.h - full;
	int claims = !r->n_claims ? 0 : r->n_remarks ? rest / 2 : rest;
	struct area top = {a.y, a.x, rest - claims, a.w};

	if (!r->n_remarks && !r->n_claims) {
		cells_text(c, a.y + 1, 2, a.w - 4, ROLE_DIM,
		    "It had nothing to say: no choice was made, nothing left out.");
		return;
	}
	if (top.h > (int)r->n_remarks + 1 && claims) {
		top.h = (int)r->n_remarks + 1;
		claims = rest - top.h;
	}
	if (r->n_remarks)
		list_draw(&v->remarks, c, top, view->panes.focus == PANE_REMARKS);
	else
		claims = rest;
	if (claims) {
		struct area low = {a.y + rest - claims, a.x, claims, a.w};

		cells_rule(c, low.y, low.x, low.w, "The labels against what their source says",
		    view->panes.focus == PANE_CLAIMS);
		low.y++;
		low.h--;
		list_draw(&v->claims, c, low, view->panes.focus == PANE_CLAIMS);
	}
	draw_full(v, c, (struct area){a.y + rest, a.x, full, a.w});
}

static void import_where(struct view *view, struct buf *path, struct buf *shape)
{
	struct import_view *v = (struct import_view *)view;
	const struct response_import_row *r = v->one.v;

	(void)shape;
	if (r->id)
		buf_printf(path, "%lld · ", (long long)r->id);
	buf_printf(path, "%s · %s", r->format, r->file);
}

const struct view_class screen_import = {
    .title = "",
    .scope = SCOPE_GLOBAL,
    .needs = NEEDS_NOTHING,
    .flags = VIEW_OPENS_NOTHING,
    .size = sizeof(struct import_view),
    .init = import_init,
    .clear = import_clear,
    .draw = import_draw,
    .where = import_where,
};
