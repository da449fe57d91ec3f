/* The labels as JSON lines for py-irt, one a model, and the texts of the items in a file beside it:
 * py-irt knows an item by its id alone. ingest/py_irt.c reads both back. */
#include "task/export.h"

#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "task/grid.h"

#include <stdio.h>
#include <string.h>

static const char *item_id(const struct grid *g, size_t i, char *out, size_t size)
{
	if (g->keys)
		return g->questions[i].key;
	snprintf(out, size, "q%lld", (long long)g->questions[i].id);
	return out;
}

/* 1, 0, a share, null; k of n as an object. */
static json_t *response(const struct grid_cell *c)
{
	double score = grid_score(c);

	if (c->trials > 1)
		return json_pack("{s:o, s:I}", "successes", json_number(c->right), "trials",
		    (json_int_t)c->trials);
	if (score == 0 || score == 1)
		return json_integer((json_int_t)score);
	return isnan(score) ? json_null() : json_real(score);
}

static bool write_subjects(const struct grid *g, FILE *f, struct err *e)
{
	json_t **lines = mem_zero_array(g->n_models + 1, sizeof(*lines));
	char id[32];
	bool ok = true;

	for (size_t i = 0; i < g->n_models; i++)
		lines[i] = json_object();
	for (size_t i = 0; i < g->n_cells; i++)
		json_object_set_new(lines[g->cells[i].model],
		    item_id(g, g->cells[i].question, id, sizeof(id)), response(&g->cells[i]));
	for (size_t i = 0; i < g->n_models; i++) {
		json_t *line =
		    json_pack("{s:s, s:o}", "subject_id", g->models[i].name, "responses", lines[i]);

		ok = ok && json_write_line(f, line, e);
		json_decref(line);
	}
	mem_free(lines);
	return ok;
}

static bool write_items(const struct grid *g, FILE *f, struct err *e)
{
	char id[32];
	bool ok = true;

	for (size_t i = 0; ok && i < g->n_questions; i++) {
		const struct grid_question *q = &g->questions[i];
		json_t *line = json_pack("{s:s, s:s, s:s, s:s%}", "item_id",
		    item_id(g, i, id, sizeof(id)), "benchmark", q->benchmark, "category",
		    q->category, "question", q->text, q->len);

		if (q->part)
			json_object_set_new(line, "part", json_string(part_name(q->part)));
		ok = json_write_line(f, line, e);
		json_decref(line);
	}
	return ok;
}

static bool write_file(const struct grid *g, const char *path,
    bool (*write)(const struct grid *g, FILE *f, struct err *e), struct err *e)
{
	struct file_out o;

	if (!file_create(&o, path, e))
		return false;
	if (write(g, o.f, e))
		return file_commit(&o, e);
	file_abandon(&o);
	return false;
}

bool task_export_py_irt(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e)
{
	const char *base = file_base(path), *dot = strrchr(base, '.');
	int stem = (int)(dot && dot > base ? (size_t)(dot - path) : strlen(path));
	struct grid g;
	char *items;
	bool ok;

	if (!strcmp(path, "-"))
		return err_set(e, ERR_USAGE, "pyirt is two files: name the one to write");
	if (!grid_read(db, part, p, &g, e))
		return false;
	items = mem_printf("%.*s.items.jsonl", stem, path);
	ok = write_file(&g, items, write_items, e) && write_file(&g, path, write_subjects, e);
	if (ok)
		*out = (struct export_labels_report){.rows = g.n_cells, .renumbered = !g.keys};
	mem_free(items);
	grid_clear(&g);
	return ok;
}
