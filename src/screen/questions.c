/* questions.c - all questions: a pane of benchmarks, the questions of the one chosen with their
 * difficulty and discrimination, and below, the one under the cursor. */
#include "screen/screens.h"

#include "base/mem.h"
#include "screen/question_job.h"
#include "screen/question_pane.h"
#include "task/benchmarks.h"
#include "task/questions.h"
#include "tui/list.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

#define LIKE 3
#define SIDE 29   /* cells of their pane */
#define QUICK 2e7 /* labels up to which all are foretold on the short lane */

enum pane { PANE_QUESTIONS, PANE_BENCHMARKS, PANE_COUNT };

struct questions_view {
	struct view view;
	struct list list[PANE_COUNT];
	int64_t benchmark;     /* id of the chosen one, 0 = all */
	struct questions rows; /* of it, with what is known of their figures by now */
	struct benchmarks benchmarks;
	int64_t at;           /* id of the question under the cursor, 0 = none */
	struct questions all; /* by question; v NULL until it is computed */
	struct err error;
	struct question_detail detail;
	size_t asked, known; /* question that `detail` was asked for, and is of; SIZE_MAX = none */
	bool tall;           /* more room for the text */
};

/* Jobs */

struct all_job {
	struct view_job base;
	bool predicted;
	struct questions all;
};

static bool all_run(struct job *job, struct err *e)
{
	struct all_job *j = (struct all_job *)job;
	struct questions_filter f;

	questions_filter_default(&f);
	return task_questions(j->base.data->atlas, &f, j->predicted, &j->all, e);
}

static void all_free(struct job *job)
{
	questions_clear(&((struct all_job *)job)->all);
	view_job_free(job);
}

static void all_done(void *owner, struct job *job);

static const struct job_ops all_ops = {"questions", all_run, all_done, all_free};

static void ask_all(struct questions_view *v, bool predicted)
{
	const struct atlas *a = view_atlas(&v->view);
	struct all_job *j = view_job_new(&v->view, sizeof(*j), &all_ops, true);
	bool quick = !predicted || (double)a->data.n_questions * (double)a->data.n_models < QUICK;

	j->predicted = predicted;
	view_submit(&v->view, quick ? QUEUE_SHORT : QUEUE_LONG, j);
}

/* Whether there is a result; where there is none it is said why. */
static bool came_home(struct questions_view *v, const struct job *job)
{
	if (job->err.kind != ERR_CANCELLED)
		v->error = job->err;
	return job->ok;
}

/* What is known of a question's figures by now. */
static struct questions_row figures(const struct questions_view *v, size_t question)
{
	return v->all.v ? v->all.v[question] : (struct questions_row){question, 0, NAN, NAN, NAN};
}

static void all_done(void *owner, struct job *job)
{
	struct questions_view *v = owner;
	struct all_job *j = (struct all_job *)job;

	if (!came_home(v, job))
		return;
	MEM_SWAP(v->all, j->all);
	for (size_t i = 0; i < v->rows.n; i++)
		v->rows.v[i] = figures(v, v->rows.v[i].question);
	list_renew(&v->list[PANE_QUESTIONS]);
	if (!j->predicted && view_atlas(&v->view)->run)
		ask_all(v, true);
}

static void detail_done(void *owner, struct job *job)
{
	struct questions_view *v = owner;
	struct question_job *j = (struct question_job *)job;

	if (!came_home(v, job))
		return;
	MEM_SWAP(v->detail, j->detail);
	v->known = j->question;
}

static const struct job_ops detail_ops = {
    "question", question_job_run, detail_done, question_job_free};

/* The view */

static void questions_init(struct view *view, const void *arg)
{
	struct table benchmarks = benchmarks_table(NULL, NULL),
		     questions = questions_table(NULL, NULL);
	struct questions_view *v = (struct questions_view *)view;

	(void)arg;
	list_init(&v->list[PANE_BENCHMARKS], &benchmarks, NULL, v);
	list_init(&v->list[PANE_QUESTIONS], &questions, NULL, v);
	v->list[PANE_QUESTIONS].name_column = QUESTIONS_TEXT;
	v->asked = v->known = SIZE_MAX;
	for (int i = 0; i < PANE_COUNT; i++)
		panes_add(&view->panes, &v->list[i]);
}

static void questions_clear_view(struct view *view)
{
	struct questions_view *v = (struct questions_view *)view;

	questions_clear(&v->all);
	question_detail_clear(&v->detail);
	mem_free(v->rows.v);
	benchmarks_clear(&v->benchmarks);
}

/* The rows are the questions of the chosen benchmark. */
static void choose_rows(struct questions_view *v)
{
	const struct atlas *a = view_atlas(&v->view);
	size_t cursor = SIZE_MAX;
	struct table t;

	v->rows.n = 0;
	for (size_t q = 0; q < a->data.n_questions; q++) {
		const struct catalog_question *question = &a->questions[q];

		if (v->benchmark && a->catalog.benchmarks[question->benchmark].id != v->benchmark)
			continue;
		if (question->id == v->at)
			cursor = v->rows.n;
		v->rows.v[v->rows.n++] = figures(v, q);
	}
	t = questions_table(&v->rows, a);
	list_set_table(&v->list[PANE_QUESTIONS], &t, cursor);
}

static void questions_data(struct view *view)
{
	struct questions_view *v = (struct questions_view *)view;
	const struct atlas *a = view_atlas(view);
	size_t row = 0;
	struct table t;

	questions_clear(&v->all);
	question_detail_clear(&v->detail);
	v->asked = v->known = SIZE_MAX;
	mem_free(v->rows.v);
	v->rows.v = mem_array(a->data.n_questions + 1, sizeof(*v->rows.v));
	benchmarks_clear(&v->benchmarks);
	task_benchmarks(&a->catalog, &v->benchmarks);
	for (size_t b = 0; b < a->catalog.n_benchmarks; b++)
		if (a->catalog.benchmarks[b].id == v->benchmark)
			row = b + 1;
	if (!row)
		v->benchmark = 0;
	t = benchmarks_table(&v->benchmarks, &a->catalog);
	list_set_table(&v->list[PANE_BENCHMARKS], &t, row);
	choose_rows(v);
	ask_all(v, false);
}

static size_t current(const struct questions_view *v)
{
	size_t row = list_row(&v->list[PANE_QUESTIONS]);

	return row < v->rows.n ? v->rows.v[row].question : SIZE_MAX;
}

static void questions_follow(struct view *view)
{
	struct questions_view *v = (struct questions_view *)view;
	size_t row = list_row(&v->list[PANE_BENCHMARKS]), question;
	int64_t benchmark = row && row != SIZE_MAX ? view_catalog(view)->benchmarks[row - 1].id : 0;

	if (row != SIZE_MAX && benchmark != v->benchmark) {
		v->benchmark = benchmark;
		choose_rows(v);
	}
	question = current(v);
	if (question == SIZE_MAX)
		return;
	v->at = view_atlas(view)->questions[question].id;
	if (question == v->asked || !view_rested(view))
		return;
	v->asked = question;
	view_submit(view, QUEUE_SHORT, question_job_new(view, &detail_ops, question, LIKE));
}

static void draw_detail(struct questions_view *v, struct cells *c, struct area a)
{
	size_t question = current(v);
	struct questions_row row;

	cells_rule(c, a.y, a.x, a.w, "", false);
	a = (struct area){a.y + 1, a.x + 1, a.h - 1, a.w - 2};
	if (v->error.kind != ERR_NONE) {
		cells_wrap(c, a, ROLE_ERROR, v->error.msg);
	} else if (question != SIZE_MAX) {
		row = v->known == question ? v->detail.row : figures(v, question);
		question_pane_draw(
		    view_atlas(&v->view), &row, v->known == question ? &v->detail : NULL, c, a);
	}
}

static void questions_draw(struct view *view, struct cells *c, struct area a)
{
	struct questions_view *v = (struct questions_view *)view;
	int low = v->tall ? a.h * 2 / 3 : a.h * 2 / 5, side = SIDE + (a.w > 120 ? 6 : 0);
	struct area top = {a.y, a.x, a.h - low, a.w}, left = top, right = top;

	draw_detail(v, c, (struct area){a.y + top.h, a.x, low, a.w});
	if (a.w < PANES_BESIDE) {
		list_draw(&v->list[v->view.panes.focus], c, top, true);
		return;
	}
	left.w = side;
	right.x += side + 1;
	right.w -= side + 1;
	cells_vline(c, top.y, side, top.h);
	list_draw(&v->list[PANE_BENCHMARKS], c, left, v->view.panes.focus == PANE_BENCHMARKS);
	list_draw(&v->list[PANE_QUESTIONS], c, right, v->view.panes.focus == PANE_QUESTIONS);
}

static void questions_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct questions_view *v = (const struct questions_view *)view;
	size_t row = list_row(&v->list[PANE_BENCHMARKS]);

	(void)shape;
	buf_printf(path, "%zu of %zu", list_shown(&v->list[PANE_QUESTIONS]),
	    view_catalog(view)->n_questions);
	if (row && row != SIZE_MAX)
		buf_printf(path, " · %s", view_catalog(view)->benchmarks[row - 1].name);
}

static bool questions_act(struct view *view, enum action a)
{
	struct questions_view *v = (struct questions_view *)view;
	size_t question = current(v);

	switch (a) {
	case ACTION_OPEN:
		if (v->view.panes.focus == PANE_BENCHMARKS) {
			v->view.panes.focus = PANE_QUESTIONS;
		} else if (question != SIZE_MAX) {
			question_open(view, v->at);
		}
		return true;
	case ACTION_QUESTION_ROUTE:
		if (question != SIZE_MAX)
			route_ask(view, view_atlas(view)->questions[question].text);
		return true;
	case ACTION_QUESTION_WRAP:
		v->tall = !v->tall;
		return true;
	default:
		return false;
	}
}

static void questions_save(const struct view *view, json_t *state)
{
	const struct questions_view *v = (const struct questions_view *)view;

	list_save(&v->list[PANE_QUESTIONS], state);
	json_object_set_new(state, "benchmark", json_integer(v->benchmark));
	json_object_set_new(state, "question", json_integer(v->at));
}

static void questions_restore(struct view *view, const json_t *state)
{
	struct questions_view *v = (struct questions_view *)view;

	list_restore(&v->list[PANE_QUESTIONS], state);
	v->benchmark = json_integer_value(json_object_get(state, "benchmark"));
	v->at = json_integer_value(json_object_get(state, "question"));
}

int64_t questions_step(struct view *questions, bool forward)
{
	struct questions_view *v = (struct questions_view *)questions;

	list_move(&v->list[PANE_QUESTIONS], forward ? 1 : -1);
	questions_follow(questions);
	return v->at;
}

const struct view_class screen_questions = {
    .title = "Questions",
    .scope = SCOPE_QUESTIONS,
    .needs = NEEDS_LABELS,
    .size = sizeof(struct questions_view),
    .init = questions_init,
    .clear = questions_clear_view,
    .data = questions_data,
    .draw = questions_draw,
    .where = questions_where,
    .act = questions_act,
    .follow = questions_follow,
    .save = questions_save,
    .restore = questions_restore,
};

void questions_of(struct view *from, int64_t benchmark)
{
	struct questions_view *v = (struct questions_view *)view_go(from, TAB_QUESTIONS);
	const struct catalog *r = view_catalog(&v->view);

	v->view.panes.focus = PANE_QUESTIONS;
	if (!v->view.ready)
		v->benchmark = benchmark; /* its rows come with the data */
	for (size_t b = 0; v->view.ready && b <= r->n_benchmarks; b++)
		if ((b ? r->benchmarks[b - 1].id : 0) == benchmark)
			list_go(&v->list[PANE_BENCHMARKS], b);
}
