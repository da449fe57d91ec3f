/* question.c - one question: its text, who is right and what was forecast, and the questions
 * like it. */
#include "screen/screens.h"

#include "base/mem.h"
#include "screen/question_job.h"
#include "screen/question_pane.h"
#include "task/questions.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>

#define LIKE 50

enum pane { PANE_ANSWERS, PANE_LIKE, PANE_COUNT };

struct question_view {
	struct view view;
	int64_t id;
	size_t question; /* index in the current data, SIZE_MAX = gone */
	struct question_detail detail;
	struct list list[PANE_COUNT];
	bool tall;
};

static void question_done(void *owner, struct job *job)
{
	struct question_view *v = owner;
	struct table t;

	MEM_SWAP(v->detail, ((struct question_job *)job)->detail);
	t = answers_table(&v->detail, view_atlas(&v->view));
	list_set_table(&v->list[PANE_ANSWERS], &t, SIZE_MAX);
	t = alike_table(&v->detail, view_atlas(&v->view));
	list_set_table(&v->list[PANE_LIKE], &t, SIZE_MAX);
}

static const struct job_ops question_ops = {
    "question", question_job_run, question_done, question_job_free};

/* Lists */

static bool answer_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	const struct question_view *v = arg;

	(void)style;
	if (column != ANSWERS_BAR)
		return false;
	plot_bar(c, y, x, w, ROLE_BAR, v->detail.answers[row].predicted);
	return true;
}

static const struct list_source answer_source = {.draw = answer_draw};

/* The view */

static void question_init(struct view *view, const void *arg)
{
	struct table answers = answers_table(NULL, NULL), alike = alike_table(NULL, NULL);
	struct question_view *v = (struct question_view *)view;

	v->id = *(const int64_t *)arg;
	list_init(&v->list[PANE_ANSWERS], &answers, &answer_source, v);
	list_init(&v->list[PANE_LIKE], &alike, NULL, v);
	v->list[PANE_ANSWERS].sort = ANSWERS_PREDICTED;
	v->list[PANE_ANSWERS].reverse = true;
	v->list[PANE_LIKE].name_column = ALIKE_TEXT;
	for (int i = 0; i < PANE_COUNT; i++)
		panes_add(&view->panes, &v->list[i]);
}

static void forget(struct question_view *v)
{
	question_detail_clear(&v->detail);
	for (int i = 0; i < PANE_COUNT; i++)
		list_rows(&v->list[i], 0, SIZE_MAX);
}

static void question_clear(struct view *view)
{
	forget((struct question_view *)view);
}

static void question_data(struct view *view)
{
	struct question_view *v = (struct question_view *)view;

	forget(v);
	v->question = questions_find(view_atlas(view), v->id, NULL);
	if (v->question != SIZE_MAX)
		view_read(view, question_job_new(view, &question_ops, v->question, LIKE));
	else
		view_fail(view, "This question is no longer in the database. q goes back.");
}

static void question_draw(struct view *view, struct cells *c, struct area a)
{
	struct question_view *v = (struct question_view *)view;
	struct area text = {a.y, a.x + 1, v->tall ? a.h * 2 / 3 : a.h / 3, a.w - 2}, low = a, left,
		    right;

	text.h = question_pane_draw(view_atlas(view), &v->detail.row, NULL, c, text) + 1;
	low.y += text.h;
	low.h -= text.h;
	if (a.w < PANES_BESIDE) {
		list_draw(&v->list[v->view.panes.focus], c, low, true);
		return;
	}
	left = right = low;
	left.w = a.w * 11 / 20;
	right.x = left.w + 1;
	right.w = a.w - right.x;
	cells_vline(c, low.y, left.w, low.h);
	list_draw(&v->list[PANE_ANSWERS], c, left, v->view.panes.focus == PANE_ANSWERS);
	list_draw(&v->list[PANE_LIKE], c, right, v->view.panes.focus == PANE_LIKE);
}

static void question_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct question_view *v = (const struct question_view *)view;

	(void)shape;
	buf_printf(path, "#%lld", (long long)v->id);
}

/* The question before or after this one in the list it was opened from. */
static void step(struct question_view *v, bool forward)
{
	struct view *under = v->view.under;
	int64_t id =
	    under && under->class == &screen_questions ? questions_step(under, forward) : 0;

	if (id && id != v->id) {
		v->id = id;
		question_data(&v->view);
	}
}

static void open_row(struct question_view *v)
{
	const struct atlas *a = view_atlas(&v->view);
	size_t row = list_row(panes_list(&v->view.panes));

	if (row == SIZE_MAX)
		return;
	if (v->view.panes.focus == PANE_ANSWERS)
		model_open(&v->view, a->catalog.models[v->detail.answers[row].model].id);
	else
		question_open(&v->view, a->questions[v->detail.like[row].question].id);
}

static bool question_act(struct view *view, enum action a)
{
	struct question_view *v = (struct question_view *)view;

	switch (a) {
	case ACTION_OPEN:
		open_row(v);
		return true;
	case ACTION_ITEM_NEXT:
	case ACTION_ITEM_BACK:
		step(v, a == ACTION_ITEM_NEXT);
		return true;
	case ACTION_QUESTION_ROUTE:
		if (v->question != SIZE_MAX)
			route_ask(view, view_atlas(view)->questions[v->question].text);
		return true;
	case ACTION_QUESTION_WRAP:
		v->tall = !v->tall;
		return true;
	default:
		return false;
	}
}

static const struct view_class screen_question = {
    .title = "",
    .scope = SCOPE_QUESTIONS,
    .needs = NEEDS_LABELS,
    .flags = VIEW_STEPS,
    .size = sizeof(struct question_view),
    .init = question_init,
    .clear = question_clear,
    .data = question_data,
    .draw = question_draw,
    .where = question_where,
    .act = question_act,
};

void question_open(struct view *from, int64_t question)
{
	view_push(from, &screen_question, &question);
}
