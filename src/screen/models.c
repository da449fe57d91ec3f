/* models.c - all models: accuracy and a profile over the benchmarks; the first screen. */
#include "screen/screens.h"

#include "base/mem.h"
#include "base/share.h"
#include "tui/list.h"
#include "tui/plot.h"
#include "view/view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RANK, NAME, SIZE, ACCURACY, WIDTH, SEEN, PRICE, TAGS, PROFILE, COLUMNS };

static const struct list_column columns[COLUMNS] = {
    [RANK] = {"#", 4, 0, 4, true, true},
    [NAME] = {"Name", 22, 44, 0, false, false},
    [SIZE] = {"Size", 5, 0, 5, true, false},
    [ACCURACY] = {"Acc.", 5, 0, 0, true, false},
    [WIDTH] = {"±", 4, 0, 3, true, false},
    [SEEN] = {"Labels", 8, 0, 6, true, false},
    [PRICE] = {"$/M in", 7, 0, 7, true, false},
    [TAGS] = {"Tags", 10, 60, 8, false, false},
    [PROFILE] = {"Profile", 10, 0, 1, false, true},
};

struct models {
	struct view view;
	struct list list;
	struct list_column columns[COLUMNS]; /* the profile is as wide as there are benchmarks */
	size_t *rank;                        /* (n_models) from 1, by accuracy */
	int64_t at;                          /* id of the model to go to, 0 = none */
};

static double accuracy(const struct catalog_model *m)
{
	return m->seen > 0 ? m->right / m->seen : NAN;
}

/* Parameters in billions from a tag such as "7B" or "350M"; NaN if there is none. */
static double size_of(const struct catalog_model *m)
{
	const char *s = catalog_model_tag(m, "size");
	char *end;
	double v = s ? strtod(s, &end) : NAN;

	if (!s || end == s)
		return NAN;
	return *end == 'M' || *end == 'm' ? v / 1000 : *end == 'T' || *end == 't' ? v * 1000 : v;
}

static void model_text(void *arg, size_t row, int column, struct buf *out)
{
	struct models *v = arg;
	const struct catalog_model *m = &view_catalog(&v->view)->models[row];
	const char *size;

	switch (column) {
	case RANK:
		buf_add_number(out, (double)v->rank[row], 0);
		break;
	case NAME:
		buf_adds(out, m->name);
		break;
	case SIZE:
		size = catalog_model_tag(m, "size");
		buf_adds(out, size ? size : "–");
		break;
	case ACCURACY:
		if (m->seen > 0)
			buf_add_number(out, 100 * accuracy(m), 1);
		else
			buf_adds(out, "–");
		break;
	case WIDTH:
		if (m->seen > 0)
			buf_add_number(out, 100 * share_half_width(m->right, m->seen), 1);
		else
			buf_adds(out, "–");
		break;
	case SEEN:
		buf_add_number(out, m->seen, 0);
		break;
	case PRICE:
		if (isnan(m->price_in))
			buf_adds(out, "–");
		else
			buf_printf(out, "%.2f", m->price_in);
		break;
	case TAGS:
		for (size_t t = 0; t < m->n_tags; t++)
			if (strcmp(m->tags[t].key, "size"))
				buf_printf(out, "%s%s=%s", out->len ? " " : "", m->tags[t].key,
				    m->tags[t].value);
		break;
	case PROFILE: {
		const struct catalog *r = view_catalog(&v->view);

		for (size_t b = 0; b < r->n_benchmarks; b++) {
			double seen = r->seen[row * r->n_benchmarks + b];

			if (b)
				buf_addc(out, ' ');
			if (seen > 0)
				buf_add_number(
				    out, 100 * r->right[row * r->n_benchmarks + b] / seen, 0);
			else
				buf_adds(out, "–");
		}
		break;
	}
	}
}

static bool model_value(void *arg, size_t row, int column, double *out)
{
	struct models *v = arg;
	const struct catalog_model *m = &view_catalog(&v->view)->models[row];

	switch (column) {
	case RANK:
		*out = (double)v->rank[row];
		return true;
	case SIZE:
		*out = size_of(m);
		return true;
	case ACCURACY:
		*out = 100 * accuracy(m);
		return true;
	case WIDTH:
		*out = m->seen > 0 ? 100 * share_half_width(m->right, m->seen) : NAN;
		return true;
	case SEEN:
		*out = m->seen;
		return true;
	case PRICE:
		*out = m->price_in;
		return true;
	default:
		return false;
	}
}

static bool model_draw(
    void *arg, size_t row, int column, struct cells *c, int y, int x, int w, unsigned style)
{
	struct models *v = arg;
	const struct catalog *r = view_catalog(&v->view);

	if (column != PROFILE)
		return false;
	for (size_t b = 0; b < r->n_benchmarks && (int)b < w; b++) {
		size_t i = row * r->n_benchmarks + b;

		plot_spark(c, y, x + (int)b, style == ROLE_DEFAULT ? ROLE_BAR : style,
		    r->seen[i] > 0 ? r->right[i] / r->seen[i] : NAN);
	}
	return true;
}

static const struct list_source source = {model_text, model_value, model_draw, NULL};

static void models_init(struct view *view, const void *arg)
{
	struct models *v = (struct models *)view;

	(void)arg;
	memcpy(v->columns, columns, sizeof(columns));
	list_init(&v->list, v->columns, COLUMNS, &source, v);
	v->list.name_column = NAME;
	v->list.sort = ACCURACY;
	v->list.reverse = true;
	panes_add(&view->panes, &v->list);
}

static void models_clear(struct view *view)
{
	struct models *v = (struct models *)view;

	mem_free(v->rank);
}

/* "Profile: MMLU PIQA ...": the benchmarks in the profile's order. */
static void draw_legend(struct view *view, struct cells *c, int y)
{
	const struct catalog *r = view_catalog(view);
	struct buf b = BUF_INIT;

	buf_adds(&b, "Profile:");
	for (size_t i = 0; i < r->n_benchmarks && b.len < 2000; i++)
		buf_printf(&b, " %s", r->benchmarks[i].name);
	cells_fit(c, y, 1, c->w - 2, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
}

static const struct models *ranking; /* of compare_accuracy; the UI thread's */

static int compare_accuracy(const void *pa, const void *pb)
{
	const struct catalog_model *m = view_catalog(&ranking->view)->models;
	size_t a = *(const size_t *)pa, b = *(const size_t *)pb;
	double x = accuracy(&m[a]), y = accuracy(&m[b]);

	if (isnan(x) || isnan(y))
		return isnan(x) && isnan(y) ? (a > b) - (a < b) : isnan(x) - isnan(y);
	return x != y ? (x < y) - (x > y) : (a > b) - (a < b);
}

static void rank_models(struct models *v, size_t n)
{
	size_t *order = mem_array(n + 1, sizeof(*order));

	for (size_t m = 0; m < n; m++)
		order[m] = m;
	ranking = v;
	qsort(order, n, sizeof(*order), compare_accuracy);
	mem_free(v->rank);
	v->rank = mem_array(n + 1, sizeof(*v->rank));
	for (size_t i = 0; i < n; i++)
		v->rank[order[i]] = i + 1;
	mem_free(order);
}

static bool any_price(const struct catalog *r)
{
	for (size_t m = 0; m < r->n_models; m++)
		if (!isnan(r->models[m].price_in))
			return true;
	return false;
}

static bool any_tags(const struct catalog *r, bool size)
{
	for (size_t m = 0; m < r->n_models; m++)
		for (size_t t = 0; t < r->models[m].n_tags; t++)
			if (!strcmp(r->models[m].tags[t].key, "size") == size)
				return true;
	return false;
}

static void models_data(struct view *view)
{
	struct models *v = (struct models *)view;
	const struct catalog *r = view_catalog(view);
	size_t width = r->n_benchmarks < 10 ? 10 : r->n_benchmarks;

	rank_models(v, r->n_models);
	v->columns[PROFILE].width = width > 40 ? 40 : (int)width;
	/* Columns nobody has filled take no room. */
	v->columns[SIZE].width = any_tags(r, true) ? columns[SIZE].width : 0;
	v->columns[TAGS].width = any_tags(r, false) ? columns[TAGS].width : 0;
	v->columns[TAGS].grow = v->columns[TAGS].width ? columns[TAGS].grow : 0;
	v->columns[PRICE].width = any_price(r) ? columns[PRICE].width : 0;
	list_rows(&v->list, r->n_models, data_find_model(view_data(view), v->at));
}

static void models_draw(struct view *view, struct cells *c, struct area a)
{
	struct models *v = (struct models *)view;
	size_t row = list_row(&v->list);

	/* So that other data finds the row again. */
	if (row != SIZE_MAX)
		v->at = view_catalog(view)->models[row].id;
	list_draw(&v->list, c, (struct area){a.y, a.x, a.h - 1, a.w}, true);
	draw_legend(view, c, a.y + a.h - 1);
}

static void models_where(struct view *view, struct buf *path, struct buf *shape)
{
	const struct models *v = (const struct models *)view;
	const struct catalog *r = view_catalog(view);

	if (v->list.shown == r->n_models)
		buf_printf(path, "%zu", r->n_models);
	else
		buf_printf(path, "%zu of %zu", v->list.shown, r->n_models);
	buf_printf(path, " · %zu questions", r->n_questions);
	list_shape(&v->list, shape);
}

/* The marked ones by name, and where only one is, that under the cursor. */
static void compare(struct models *v, int64_t cursor)
{
	const struct catalog_model *m = view_catalog(&v->view)->models;
	struct versus_arg arg = {.n = 0};
	size_t max = sizeof(arg.model) / sizeof(*arg.model), n = 0;

	for (size_t i = 0; i < v->list.n; i++)
		if (v->list.marked[i] && n++ < max)
			arg.model[arg.n++] = m[i].id;
	if (n == 1 && arg.model[0] != cursor) {
		arg.model[arg.n++] = cursor;
		n++;
	}
	if (n < 2 || n > max)
		view_say(&v->view, MESSAGE_INFO,
		    "mark 2 to %zu models with Space, then c compares them", max);
	else
		view_push(&v->view, &screen_versus, &arg);
}

static bool models_act(struct view *view, enum action a)
{
	struct models *v = (struct models *)view;
	size_t row = list_row(&v->list);
	int64_t id;

	if (row == SIZE_MAX)
		return false;
	id = view_catalog(view)->models[row].id;
	switch (a) {
	case ACTION_OPEN:
		model_open(view, id);
		return true;
	case ACTION_MODELS_COMPARE:
		compare(v, id);
		return true;
	case ACTION_ALIKE:
		near_look(view, id);
		return true;
	default:
		return false;
	}
}

static void models_save(const struct view *view, json_t *state)
{
	const struct models *v = (const struct models *)view;

	list_save(&v->list, state);
	json_object_set_new(state, "model", json_integer(v->at));
}

static void models_restore(struct view *view, const json_t *state)
{
	struct models *v = (struct models *)view;

	list_restore(&v->list, state);
	v->at = json_integer_value(json_object_get(state, "model"));
}

const struct view_class screen_models = {
    .title = "Models",
    .scope = SCOPE_MODELS,
    .needs = NEEDS_MODELS,
    .size = sizeof(struct models),
    .init = models_init,
    .clear = models_clear,
    .data = models_data,
    .draw = models_draw,
    .where = models_where,
    .act = models_act,
    .save = models_save,
    .restore = models_restore,
};
