/* The labels as RouterBench's wide CSV: a row a question, a column a model and one for its costs. The
 * oracle is, of the models that are right, the cheapest, and of these the first. ingest/router_bench.c
 * reads it back. */
#include "task/export.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/quote.h"
#include "ingest/python_list.h"
#include "ingest/router_bench.h"
#include "task/grid.h"

#include <stdio.h>
#include <string.h>

static void put_text(FILE *f, const char *s)
{
	quote_csv_put(f, s, strlen(s));
}

static void put_header(const struct grid *g, FILE *f)
{
	char cost[1024];

	fputs(",sample_id,prompt,eval_name", f);
	for (size_t i = 0; i < g->n_models; i++) {
		putc(',', f);
		put_text(f, g->models[i].name);
	}
	for (size_t i = 0; i < g->n_models; i++) {
		snprintf(cost, sizeof(cost), "%.900s" ROUTER_BENCH_COST, g->models[i].name);
		putc(',', f);
		put_text(f, cost);
	}
	fputs(",oracle_model_to_route_to\n", f);
}

/* The category, where it tells the benchmark to a reader, else the benchmark itself. NULL, with e
 * set, where neither does. */
static const char *eval_name(struct grid *g, const struct grid_question *q, struct err *e)
{
	const char *names[] = {q->category, q->benchmark};

	for (size_t i = 0; i < 2; i++)
		if (!strcmp(router_bench_benchmark(&g->arena, names[i]), q->benchmark))
			return names[i];
	err_set(e, ERR_DATA,
	    "the benchmark %.200s would be read as %.200s: RouterBench cuts names so; rename it "
	    "first",
	    q->benchmark, router_bench_benchmark(&g->arena, q->benchmark));
	return NULL;
}

static void put_number(FILE *f, double v)
{
	if (!isnan(v))
		fprintf(f, "%.17g", v);
}

/* The cells [from, to) are those of one question, by model. */
static void put_cells(const struct grid *g, size_t from, size_t to, FILE *f)
{
	const struct grid_cell *best = NULL;
	size_t at = from;

	for (size_t m = 0; m < g->n_models; m++) {
		putc(',', f);
		if (at < to && g->cells[at].model == m)
			put_number(f, grid_score(&g->cells[at++]));
	}
	at = from;
	for (size_t m = 0; m < g->n_models; m++) {
		putc(',', f);
		if (at < to && g->cells[at].model == m)
			put_number(f, g->cells[at++].cost);
	}
	for (size_t i = from; i < to; i++)
		if (grid_score(&g->cells[i]) == 1 && (!best || g->cells[i].cost < best->cost))
			best = &g->cells[i];
	putc(',', f);
	put_text(f, best ? g->models[best->model].name : "no_model_correct");
	putc('\n', f);
}

static bool put_rows(struct grid *g, FILE *f, const struct progress *p, struct err *e)
{
	struct buf prompt = BUF_INIT;
	size_t from = 0, to;
	bool ok = true;

	for (size_t i = 0; ok && i < g->n_questions; i++, from = to) {
		const struct grid_question *q = &g->questions[i];
		const char *eval = eval_name(g, q, e);

		ok = eval != NULL;
		if (!ok)
			break;
		for (to = from; to < g->n_cells && g->cells[to].question == i;)
			to++;
		buf_reset(&prompt);
		python_list_write(q->text, q->len, &prompt);
		fprintf(f, "%zu,", i);
		if (g->keys)
			put_text(f, q->key);
		else
			fprintf(f, "q%lld", (long long)q->id);
		putc(',', f);
		quote_csv_put(f, prompt.s, prompt.len);
		putc(',', f);
		put_text(f, eval);
		put_cells(g, from, to, f);
		if (i % 256 == 0 &&
		    !progress_tick(p, "writing", (double)i, (double)g->n_questions, "questions"))
			ok = err_set(e, ERR_CANCELLED, "stopped; nothing was written");
	}
	buf_clear(&prompt);
	return ok;
}

bool task_export_router_bench(struct db *db, const char *path, enum part part,
    const struct progress *p, struct export_labels_report *out, struct err *e)
{
	struct file_out o;
	struct grid g;
	bool ok;

	if (!grid_read(db, part, p, &g, e))
		return false;
	ok = file_create(&o, path, e);
	if (ok) {
		put_header(&g, o.f);
		ok = put_rows(&g, o.f, p, e);
		if (ok)
			ok = file_commit(&o, e);
		else
			file_abandon(&o);
	}
	if (ok)
		*out = (struct export_labels_report){.rows = g.n_cells, .renumbered = !g.keys};
	grid_clear(&g);
	return ok;
}
