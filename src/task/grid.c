/* Rows are gathered as they come, sorted, and those of one pair made one. */
#include "task/grid.h"

#include "base/err.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/progress.h"
#include "store/db.h"
#include "store/response.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
	struct grid *g;
	const struct progress *progress;
	struct hashtable *questions, *models; /* by id: index */
	size_t cap_questions, cap_models, cap_cells;
};

static uint32_t find_question(struct gathering *t, const struct response_line *l)
{
	struct grid *g = t->g;
	uint64_t at = hashtable_get(t->questions, &l->question, sizeof(l->question));

	if (at != HASHTABLE_NONE)
		return (uint32_t)at;
	g->questions =
	    mem_grow(g->questions, &t->cap_questions, g->n_questions + 1, sizeof(*g->questions));
	g->questions[g->n_questions] = (struct grid_question){
	    .id = l->question,
	    .text = arena_strndup(&g->arena, l->text, l->text_len),
	    .len = l->text_len,
	    .benchmark = arena_strdup(&g->arena, l->benchmark),
	    .category = arena_strdup(&g->arena, l->category),
	    .key = l->prompt_key ? arena_strdup(&g->arena, l->prompt_key) : NULL,
	    .part = l->part,
	};
	hashtable_put(t->questions, &l->question, sizeof(l->question), g->n_questions);
	return (uint32_t)g->n_questions++;
}

static uint32_t find_model(struct gathering *t, const struct response_line *l)
{
	struct grid *g = t->g;
	uint64_t at = hashtable_get(t->models, &l->model, sizeof(l->model));

	if (at != HASHTABLE_NONE)
		return (uint32_t)at;
	g->models = mem_grow(g->models, &t->cap_models, g->n_models + 1, sizeof(*g->models));
	g->models[g->n_models] =
	    (struct grid_model){l->model, arena_strdup(&g->arena, l->model_name)};
	hashtable_put(t->models, &l->model, sizeof(l->model), g->n_models);
	return (uint32_t)g->n_models++;
}

static bool gather(void *arg, const struct response_line *l, struct err *e)
{
	struct gathering *t = arg;
	struct grid *g = t->g;
	struct grid_cell c = {.cost = l->usage.cost};

	c.question = find_question(t, l);
	c.model = find_model(t, l);
	if (!isnan(l->score)) {
		c.trials = l->usage.trials ? l->usage.trials : 1;
		c.right = l->score * c.trials;
	}
	g->cells = mem_grow(g->cells, &t->cap_cells, g->n_cells + 1, sizeof(*g->cells));
	g->cells[g->n_cells++] = c;
	if (++g->rows % 4096 == 0 &&
	    !progress_tick(t->progress, "reading", (double)g->rows, 0, "rows"))
		return err_set(e, ERR_CANCELLED, "stopped; nothing was written");
	return true;
}

static int by_pair(const void *a, const void *b)
{
	const struct grid_cell *x = a, *y = b;

	if (x->question != y->question)
		return x->question < y->question ? -1 : 1;
	return (x->model > y->model) - (x->model < y->model);
}

/* The cells of one pair as one; they stand together. */
static void merge(struct grid *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n_cells;) {
		struct grid_cell sum = g->cells[i];
		double cost = 0;
		size_t costs = 0;

		sum.trials = 0;
		sum.right = 0;
		for (; i < g->n_cells && !by_pair(&sum, &g->cells[i]); i++) {
			sum.trials += g->cells[i].trials;
			sum.right += g->cells[i].right;
			cost += isnan(g->cells[i].cost) ? 0 : g->cells[i].cost;
			costs += isnan(g->cells[i].cost) ? 0 : 1;
		}
		sum.cost = costs ? cost / (double)costs : NAN;
		g->several += sum.trials > 1;
		g->cells[n++] = sum;
	}
	g->n_cells = n;
}

/* Has each question a key, and no two the same? */
static bool have_keys(const struct grid *g)
{
	struct hashtable *seen = hashtable_new();
	bool ok = true;

	for (size_t i = 0; ok && i < g->n_questions; i++) {
		const char *key = g->questions[i].key;

		ok = key && hashtable_put(seen, key, strlen(key), i) == HASHTABLE_NONE;
	}
	hashtable_free(seen);
	return ok;
}

bool grid_read(
    struct db *db, enum part part, const struct progress *p, struct grid *out, struct err *e)
{
	struct gathering t = {.g = out, .progress = p};
	bool ok;

	*out = (struct grid){0};
	t.questions = hashtable_new();
	t.models = hashtable_new();
	ok = response_read(db, part, gather, &t, e);
	if (ok && !out->n_cells)
		ok = err_set(e, ERR_DATA, "%s: no labels to export%s%s", db_path(db),
		    part ? " of part " : "", part ? part_name(part) : "");
	if (ok) {
		qsort(out->cells, out->n_cells, sizeof(*out->cells), by_pair);
		merge(out);
		out->keys = have_keys(out);
	}
	hashtable_free(t.questions);
	hashtable_free(t.models);
	if (!ok)
		grid_clear(out);
	return ok;
}

void grid_clear(struct grid *g)
{
	mem_free(g->questions);
	mem_free(g->models);
	mem_free(g->cells);
	arena_clear(&g->arena);
	*g = (struct grid){0};
}
