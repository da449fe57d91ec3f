/* The labels as a wide CSV: a row a question, a column a model. ingest/table_wide.c reads it back. */
#include "task/export.h"

#include "base/err.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/quote.h"
#include "ingest/columns.h"
#include "store/naming.h"
#include "task/grid.h"

#include <stdio.h>
#include <string.h>

static void put_text(FILE *f, const char *s)
{
	quote_csv_put(f, s, strlen(s));
}

/* Would the reader take the column for another? */
static bool is_taken(const char *name)
{
	for (int c = 0; c < ROLE_COUNT; c++)
		if (role_is((enum role)c, name, strlen(name)))
			return true;
	return columns_is_other(name, strlen(name)) || strchr(name, '|');
}

static bool check_names(const struct grid *g, struct err *e)
{
	for (size_t i = 0; i < g->n_models; i++)
		if (is_taken(g->models[i].name))
			return err_set(e, ERR_DATA,
			    "a column called \"%.80s\" would not be read as a model's; use another "
			    "--format, or rename the model",
			    g->models[i].name);
	return true;
}

/* The category, where it tells the benchmark to a reader, else the benchmark itself. */
static const char *category(struct grid *g, const struct grid_question *q)
{
	const char *told = naming_benchmark(&g->arena, q->category, strlen(q->category));

	return strcmp(told, q->benchmark) ? q->benchmark : q->category;
}

static bool put_rows(struct grid *g, FILE *f, const struct progress *p, struct err *e)
{
	bool parts = false;
	size_t at = 0;

	for (size_t i = 0; i < g->n_questions; i++)
		parts = parts || g->questions[i].part;
	fprintf(f, "benchmark,question%s%s", g->keys ? ",question_id" : "", parts ? ",part" : "");
	for (size_t m = 0; m < g->n_models; m++) {
		putc(',', f);
		put_text(f, g->models[m].name);
	}
	putc('\n', f);
	for (size_t i = 0; i < g->n_questions; i++) {
		const struct grid_question *q = &g->questions[i];

		put_text(f, category(g, q));
		putc(',', f);
		quote_csv_put(f, q->text, q->len);
		if (g->keys) {
			putc(',', f);
			put_text(f, q->key);
		}
		if (parts)
			fprintf(f, ",%s", q->part ? part_name(q->part) : "");
		for (size_t m = 0; m < g->n_models; m++) {
			putc(',', f);
			if (at < g->n_cells && g->cells[at].question == i &&
			    g->cells[at].model == m) {
				double score = grid_score(&g->cells[at++]);

				if (!isnan(score))
					fprintf(f, "%.17g", score);
			}
		}
		putc('\n', f);
		if (i % 256 == 0 &&
		    !progress_tick(p, "writing", (double)i, (double)g->n_questions, "questions"))
			return err_set(e, ERR_CANCELLED, "stopped; nothing was written");
	}
	return true;
}

bool task_export_wide(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e)
{
	struct file_out o;
	struct grid g;
	bool ok;

	if (!grid_read(db, part, p, &g, e))
		return false;
	ok = check_names(&g, e) && file_create(&o, path, e);
	if (ok) {
		ok = put_rows(&g, o.f, p, e);
		if (!ok && ferror(o.f) && file_reader_gone(&o)) {
			err_clear(e);
			ok = true;
		}
		if (ok)
			ok = file_commit(&o, e);
		else
			file_abandon(&o);
	}
	if (ok)
		*out = (struct export_labels_report){.rows = g.n_cells};
	grid_clear(&g);
	return ok;
}
