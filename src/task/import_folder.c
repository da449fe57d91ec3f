/* A folder: each file below it goes to the surest importer, those of one that wants them together as
 * one import. */
#include "task/import_step.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/folder.h"
#include "ingest/table_beside.h"

#include <stdlib.h>
#include <string.h>

/* A file nobody has taken yet. */
struct found {
	const char *path;
	const struct importer *importer; /* NULL: nobody reads it */
	int score;
	const char *kind; /* then, what it is */
	enum part part;
	enum table_part table; /* of a table in several files */
};

struct walk {
	struct import_job *j;
	const char *dir;
	const char *const *files; /* sorted */
	size_t n;
	struct buf passed; /* the first that were passed over, for an error */
	size_t n_passed;
};

static void pass_over(struct walk *w, const char *path, const char *why)
{
	const struct import_watch *watch = w->j->w;

	if (w->n_passed++ < 3)
		buf_printf(&w->passed, "%s%s: %s", w->passed.len ? "; " : "", path, why);
	if (watch && watch->passed)
		watch->passed(watch->arg, path, why);
}

static bool look(struct walk *w, struct found *f, struct err *e)
{
	struct ingest_head h;
	struct stream *s;

	if (!import_recognise(f->path, &h, &s, e)) {
		/* It cannot be opened, or is cut off: that is its kind. */
		f->kind = arena_strdup(&w->j->arena, e->msg);
		err_clear(e);
		return true;
	}
	f->importer = import_choose(w->j, &h, &f->score);
	if (w->j->o->format && f->score <= SCORE_NONE)
		f->importer = NULL;
	if (!f->importer)
		f->kind = ingest_kind(&h, &w->j->arena);
	else if (!f->importer->many)
		f->part = import_part(f->path);
	if (f->importer && f->importer->table)
		f->table = table_part(&h);
	stream_close(s);
	return true;
}

/* By part (a release's train before its test), else as sorted by path. */
static int by_part(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	return x->part != y->part ? (int)x->part - (int)y->part : strcmp(x->path, y->path);
}

/* All files of an importer that wants them together. If all it has is what it took for want of a
 * better one, and it cannot read that, they are passed over. */
static bool import_together(
    struct walk *w, const struct importer *i, const struct found *f, struct err *e)
{
	const char **files = arena_array(&w->j->arena, const char *, w->n + 1), *why;
	struct import_step step = {.importer = i, .path = w->dir, .is_dir = true, .files = files};
	int most = 0;

	for (size_t k = 0; k < w->n; k++)
		if (f[k].importer == i) {
			files[step.n_files++] = f[k].path;
			most = f[k].score > most ? f[k].score : most;
		}
	if (!step.n_files || import_do(w->j, &step, e))
		return true;
	if (most >= SCORE_FAIR || e->kind != ERR_DATA || w->j->o->format)
		return false;
	why = arena_strdup(&w->j->arena, e->msg);
	err_clear(e);
	for (size_t k = 0; k < step.n_files; k++)
		pass_over(w, files[k], why);
	return true;
}

/* Are there labels in the file's folder? They bring their texts and names in with them. */
static bool has_labels(const struct found *f, size_t n, const char *path)
{
	size_t dir = (size_t)(file_base(path) - path);

	for (size_t i = 0; i < n; i++)
		if (f[i].table == TABLE_LABELS &&
		    (size_t)(file_base(f[i].path) - f[i].path) == dir &&
		    !memcmp(f[i].path, path, dir))
			return true;
	return false;
}

/* A file alone. What an importer took for its own for want of a better one, and could not read, is
 * passed over as what nobody knows. */
static bool import_alone(struct walk *w, struct found *f, size_t n, size_t i, struct err *e)
{
	size_t used;

	if ((f[i].table == TABLE_QUESTIONS || f[i].table == TABLE_MODELS) &&
	    has_labels(f, n, f[i].path))
		return true;
	if (import_file(w->j, &f[i].path, 1, f[i].part, &used, e))
		return true;
	if (f[i].score >= SCORE_FAIR || e->kind != ERR_DATA || w->j->o->format)
		return false;
	pass_over(w, f[i].path, arena_strdup(&w->j->arena, e->msg));
	err_clear(e);
	return true;
}

static bool import_files(struct walk *w, struct err *e)
{
	struct found *f = mem_zero_array(w->n + 1, sizeof(*f));
	bool ok = true;

	for (size_t i = 0; ok && i < w->n; i++) {
		f[i].path = w->files[i];
		ok = look(w, &f[i], e);
	}
	if (w->n)
		qsort(f, w->n, sizeof(*f), by_part);
	for (size_t k = 0; ok && k < n_importers; k++)
		if (importers[k]->many)
			ok = import_together(w, importers[k], f, e);
	for (size_t i = 0; ok && i < w->n; i++) {
		if (f[i].importer && f[i].importer->many)
			continue;
		if (f[i].importer)
			ok = import_alone(w, f, w->n, i, e);
		else
			pass_over(w, f[i].path, f[i].kind);
	}
	mem_free(f);
	return ok;
}

bool import_folder(struct import_job *j, const char *dir, struct err *e)
{
	struct walk w = {.j = j, .dir = dir, .passed = BUF_INIT};
	size_t before = j->imports;
	bool ok = folder_list(dir, &j->arena, &w.files, &w.n, e) && import_files(&w, e);

	if (ok && j->imports == before)
		ok = err_set(e, ERR_DATA, "%s: nothing to import in it%s%s%s", dir,
		    w.n_passed ? ": " : ": an empty folder", buf_str(&w.passed),
		    w.n_passed > 3 ? "; and others" : "");
	buf_clear(&w.passed);
	return ok;
}
