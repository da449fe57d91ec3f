/* route_file.c - many questions routed at once, from the lines of a file. */
#include "screen/screens.h"

#include "base/file.h"
#include "base/mem.h"
#include "task/route_file.h"
#include "tui/list.h"
#include "view/view.h"

#include <math.h>
#include <string.h>

struct batch_view {
	struct view view;
	char *path;
	double weight;
	int64_t *pool; /* (n_pool) ids */
	size_t n_pool;
	struct routed batch;
	struct err error;
	bool asked;
	struct list list;
};

struct batch_job {
	struct view_job base;
	char *path;
	double weight;
	bool *pool;
	struct routed batch;
};

static bool batch_run(struct job *j, struct err *e)
{
	struct batch_job *b = (struct batch_job *)j;
	struct route_options o;

	route_options_default(&o);
	o.pool = b->pool;
	o.cost_weight = b->weight;
	o.evidence = 0;
	return task_routed(
	    data_run(b->base.data), b->path, &o, worker_progress(j->worker), &b->batch, e);
}

static void batch_free(struct job *j)
{
	struct batch_job *b = (struct batch_job *)j;

	routed_clear(&b->batch);
	mem_free(b->path);
	mem_free(b->pool);
	view_job_free(j);
}

static void batch_done(void *owner, struct job *job);

static const struct job_ops batch_ops = {"routing", batch_run, batch_done, batch_free};

static void batch_init(struct view *view, const void *arg)
{
	struct batch_view *v = (struct batch_view *)view;
	const struct route_file_arg *a = arg;
	const struct catalog *r = view_catalog(view);
	struct table t = routed_table(NULL, NULL);

	v->path = mem_strdup(a->path);
	v->weight = a->cost_weight;
	v->pool = mem_array(r->n_models + 1, sizeof(*v->pool));
	for (size_t m = 0; m < r->n_models; m++)
		if (a->pool[m])
			v->pool[v->n_pool++] = r->models[m].id;
	list_init(&v->list, &t, NULL, v);
	v->list.name_column = ROUTED_TEXT;
	panes_add(&view->panes, &v->list);
}

static void batch_clear_view(struct view *view)
{
	struct batch_view *v = (struct batch_view *)view;

	view_cancel(view, QUEUE_LONG, &batch_ops);
	routed_clear(&v->batch);
	mem_free(v->path);
	mem_free(v->pool);
}

static void batch_data(struct view *view)
{
	struct batch_view *v = (struct batch_view *)view;
	struct batch_job *j = view_job_new(view, sizeof(*j), &batch_ops, true);

	routed_clear(&v->batch);
	list_rows(&v->list, 0, SIZE_MAX);
	j->path = mem_strdup(v->path);
	j->weight = v->weight;
	j->pool = mem_zero_array(view_catalog(view)->n_models + 1, sizeof(*j->pool));
	for (size_t i = 0; i < v->n_pool; i++) {
		size_t m = data_find_model(view_data(view), v->pool[i]);

		if (m != SIZE_MAX)
			j->pool[m] = true;
	}
	v->asked = true;
	view_submit(view, QUEUE_LONG, j);
}

static void batch_done(void *owner, struct job *j)
{
	struct batch_view *v = owner;
	struct table t;

	v->asked = false;
	v->error = j->err;
	/* What was routed before a mistake or a stop is worth a look all the same. */
	MEM_SWAP(v->batch, ((struct batch_job *)j)->batch);
	t = routed_table(&v->batch, view_catalog(&v->view));
	list_set_table(&v->list, &t, SIZE_MAX);
}

static void batch_draw(struct view *view, struct cells *c, struct area a)
{
	struct batch_view *v = (struct batch_view *)view;
	int head = 0;

	if (v->error.kind != ERR_NONE)
		head = cells_wrap(c, (struct area){a.y, a.x + 1, 3, a.w - 2},
		    v->error.kind == ERR_CANCELLED ? ROLE_WARN : ROLE_ERROR, v->error.msg);
	else if (v->asked)
		head = cells_wrap(c, (struct area){a.y, a.x + 1, 1, a.w - 2}, ROLE_DIM, "routing…");
	else if (v->batch.n)
		cells_printf(c, a.y + a.h - 1, a.x + 1, a.w - 2, ROLE_DIM,
		    "mean p(right): routed %.3f, the best single model %.3f",
		    v->batch.p / (double)v->batch.n, v->batch.single_p / (double)v->batch.n);
	else
		cells_text(c, a.y + 1, a.x + 2, a.w - 4, ROLE_DIM, "The file has no questions.");
	if (v->batch.n)
		list_draw(&v->list, c, (struct area){a.y + head, a.x, a.h - head - 1, a.w}, true);
}

static void batch_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct batch_view *v = (const struct batch_view *)view;

	(void)shape;
	buf_adds(path, file_base(v->path));
}

static bool batch_act(struct view *view, enum action a)
{
	struct batch_view *v = (struct batch_view *)view;
	size_t row = list_row(&v->list);

	if (a != ACTION_OPEN || row == SIZE_MAX)
		return false;
	/* Going to the bottom of the stack frees this view: keep the text. */
	char *text = mem_strdup(v->batch.v[row].text);

	route_ask(view, text);
	mem_free(text);
	return true;
}

const struct view_class screen_route_file = {
    .title = "File",
    .scope = SCOPE_GLOBAL,
    .needs = NEEDS_RUN,
    .size = sizeof(struct batch_view),
    .init = batch_init,
    .clear = batch_clear_view,
    .data = batch_data,
    .draw = batch_draw,
    .where = batch_where,
    .act = batch_act,
};
