/* The raw rows as CSV, a row each: EmbedLLM's layout, or the long one with all that is known. */
#include "task/export.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/progress.h"
#include "base/hashtable.h"
#include "base/quote.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/naming.h"
#include "store/response.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct writing {
	struct file_out file;
	FILE *f; /* file.f */
	const struct progress *progress;
	struct arena arena;
	bool is_long;
	bool with_part, with_usage, keep_prompts, keep_models;
	struct hashtable *prompts, *models,
	    *categories;         /* numbers where the files' ids cannot be used */
	struct hashtable *tells; /* of a category: 1, if it tells the benchmark */
	uint64_t rows;
	double total;
};

/* The number of a string, in the order in which they come. */
static uint64_t number(struct hashtable *t, const char *s, size_t n)
{
	uint64_t id = hashtable_get(t, s, n);

	if (id == HASHTABLE_NONE) {
		id = hashtable_count(t);
		hashtable_put(t, s, n, id);
	}
	return id;
}

static void put_text(FILE *f, const char *s)
{
	quote_csv_put(f, s, strlen(s));
}

static void put_score(FILE *f, double score)
{
	if (score == 0 || score == 1)
		putc(score == 0 ? '0' : '1', f);
	else if (!isnan(score))
		fprintf(f, "%.17g", score);
}

static void put_number(FILE *f, double v)
{
	putc(',', f);
	if (!isnan(v))
		fprintf(f, "%.17g", v);
}

/* The category, where it tells the benchmark to a reader, else the benchmark itself. */
static const char *category(struct writing *w, const struct response_line *l)
{
	size_t n = strlen(l->category), key = n + 1 + strlen(l->benchmark);
	char *both = arena_printf(&w->arena, "%s\n%s", l->category, l->benchmark);
	uint64_t tells = hashtable_get(w->tells, both, key);

	if (tells == HASHTABLE_NONE) {
		tells = !strcmp(naming_benchmark(&w->arena, l->category, n), l->benchmark);
		hashtable_put(w->tells, both, key, tells);
	}
	return tells ? l->category : l->benchmark;
}

static void write_embedllm(struct writing *w, const struct response_line *l, const char *task)
{
	FILE *f = w->f;

	if (!w->rows) /* not before: without rows nothing is written */
		fprintf(f, "prompt_id,model_id,category_id,label,prompt,model_name,category%s\n",
		    w->with_part ? ",part" : "");
	if (w->keep_prompts)
		put_text(f, l->prompt_key);
	else
		fprintf(f, "%llu", (unsigned long long)number(w->prompts, l->text, l->text_len));
	putc(',', f);
	if (w->keep_models)
		put_text(f, l->model_key);
	else
		fprintf(f, "%llu",
		    (unsigned long long)number(w->models, l->model_name, strlen(l->model_name)));
	fprintf(f, ",%llu,", (unsigned long long)number(w->categories, task, strlen(task)));
	put_score(f, l->score);
	putc(',', f);
	quote_csv_put(f, l->text, l->text_len);
	putc(',', f);
	put_text(f, l->model_name);
	putc(',', f);
	put_text(f, task);
	if (w->with_part)
		fprintf(f, ",%s", l->part ? part_name(l->part) : "");
	putc('\n', f);
}

static void write_long(struct writing *w, const struct response_line *l, const char *task)
{
	const struct response_usage *u = &l->usage;
	FILE *f = w->f;

	if (!w->rows)
		fprintf(f, "model,benchmark,question,label%s%s%s%s\n",
		    w->keep_prompts ? ",question_id" : "", w->keep_models ? ",model_id" : "",
		    w->with_part ? ",part" : "",
		    w->with_usage ? ",trials,cost,tokens_in,tokens_out,latency" : "");
	put_text(f, l->model_name);
	putc(',', f);
	put_text(f, task);
	putc(',', f);
	quote_csv_put(f, l->text, l->text_len);
	putc(',', f);
	put_score(f, l->score);
	if (w->keep_prompts) {
		putc(',', f);
		put_text(f, l->prompt_key);
	}
	if (w->keep_models) {
		putc(',', f);
		put_text(f, l->model_key);
	}
	if (w->with_part)
		fprintf(f, ",%s", l->part ? part_name(l->part) : "");
	if (w->with_usage) {
		put_number(f, u->trials ? (double)u->trials : NAN);
		put_number(f, u->cost);
		put_number(f, u->tokens_in);
		put_number(f, u->tokens_out);
		put_number(f, u->seconds);
	}
	putc('\n', f);
}

static bool write_line(void *arg, const struct response_line *l, struct err *e)
{
	struct writing *w = arg;

	if (w->is_long)
		write_long(w, l, category(w, l));
	else
		write_embedllm(w, l, category(w, l));
	if (ferror(w->f))
		return err_errno(e, ERR_FAILED, "%s", w->file.path);
	if (++w->rows % 4096 == 0 &&
	    !progress_tick(w->progress, "writing", (double)w->rows, w->total, "rows"))
		return err_set(e, ERR_CANCELLED, "%s: stopped; nothing was written", w->file.path);
	return true;
}

/* Does any import have parts? and how many rows are there? */
static bool look(struct db *db, struct writing *w, struct err *e)
{
	struct response_import_row *imports;
	struct arena a = ARENA_INIT;
	size_t n;
	bool ok = response_list_imports(db, &a, &imports, &n, e);

	for (size_t i = 0; ok && i < n; i++) {
		w->total += (double)imports[i].rows;
		w->with_part = w->with_part || imports[i].has_parts;
	}
	arena_clear(&a);
	return ok;
}

static bool export_rows(struct db *db, const char *path, enum part part, bool is_long,
    const struct progress *p, struct export_labels_report *out, struct err *e)
{
	struct writing w = {.progress = p, .is_long = is_long};
	bool ok;

	if (!look(db, &w, e) || !response_has_usage(db, &w.with_usage, e) ||
	    !response_check_ids(db, part, &w.keep_prompts, &w.keep_models, e) ||
	    !file_create(&w.file, path, e))
		return false;
	w.f = w.file.f;
	w.with_part = w.with_part && !part;
	w.prompts = hashtable_new();
	w.models = hashtable_new();
	w.categories = hashtable_new();
	w.tells = hashtable_new();
	ok = response_read(db, part, write_line, &w, e);
	if (!ok && ferror(w.f) && file_reader_gone(&w.file)) {
		err_clear(e);
		ok = true;
	}
	if (ok && !w.rows)
		ok = err_set(e, ERR_DATA, "%s: no labels to export%s%s", db_path(db),
		    part ? " of part " : "", part ? part_name(part) : "");
	if (ok)
		ok = file_commit(&w.file, e);
	else
		file_abandon(&w.file);
	hashtable_free(w.prompts);
	hashtable_free(w.models);
	hashtable_free(w.categories);
	hashtable_free(w.tells);
	arena_clear(&w.arena);
	if (ok)
		*out = (struct export_labels_report){
		    w.rows, !is_long && (!w.keep_prompts || !w.keep_models)};
	return ok;
}

bool task_export_labels(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e)
{
	return export_rows(db, path, part, false, p, out, e);
}

bool task_export_long(struct db *db, const char *path, enum part part, const struct progress *p,
    struct export_labels_report *out, struct err *e)
{
	return export_rows(db, path, part, true, p, out, e);
}
