#include "ingest/table_names.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/columns.h"
#include "ingest/importer.h"
#include "ingest/rows.h"
#include "ingest/table_part.h"
#include "store/staging.h"

#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NAME_LIMIT ((size_t)16 << 20)

enum kind { KIND_UNKNOWN, KIND_MODELS, KIND_QUESTIONS };

/* One list on its way in. */
struct list {
	struct ingest *in;
	const char *file;
	enum kind kind;
	bool begun;
	size_t column;
	const char **names;
	size_t n, cap;
};

static bool add_name(struct list *l, const char *p, size_t n, uint64_t line, struct err *e)
{
	if (!n || staging_text_check(p, n) < n)
		return err_set(e, ERR_DATA, "%s:%llu: %s", l->file, (unsigned long long)line,
		    n ? "not UTF-8 text" : "no name");
	l->names = mem_grow(l->names, &l->cap, l->n + 1, sizeof(*l->names));
	l->names[l->n++] = arena_strndup(&l->in->arena, p, n);
	return true;
}

/* What a word says: a header's, or a file's name. */
static enum kind kind_of(const char *word)
{
	return strcasestr(word, "model") || strcasestr(word, "system") ? KIND_MODELS
	       : strcasestr(word, "question") || strcasestr(word, "prompt") ||
		       strcasestr(word, "item") || strcasestr(word, "task")
		   ? KIND_QUESTIONS
		   : KIND_UNKNOWN;
}

/* Is the first line the name of the column? */
static bool is_title(struct list *l, const struct csv_field *f)
{
	if (role_is(ROLE_MODEL, f->p, f->n) || role_is(ROLE_MODEL_KEY, f->p, f->n) ||
	    !strcasecmp(f->p, "models"))
		l->kind = KIND_MODELS;
	else if (role_is(ROLE_TEXT, f->p, f->n) || role_is(ROLE_KEY, f->p, f->n) ||
		 !strcasecmp(f->p, "questions") || !strcasecmp(f->p, "items") ||
		 !strcasecmp(f->p, "prompts"))
		l->kind = KIND_QUESTIONS;
	else
		return !strcasecmp(f->p, "name") || !strcasecmp(f->p, "names");
	return true;
}

static bool take_title(struct list *l, const struct csv_row *row, struct err *e)
{
	static const enum role order[] = {ROLE_MODEL, ROLE_MODEL_KEY, ROLE_TEXT, ROLE_KEY};
	struct columns c;

	l->begun = true;
	if (row->n == 1)
		return is_title(l, &row->v[0]) ||
		       add_name(l, row->v[0].p, row->v[0].n, row->line, e);
	if (!columns_find(row, NULL, l->file, &l->in->arena, &c, e))
		return false;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (c.at[order[i]] != SIZE_MAX) {
			l->column = c.at[order[i]];
			l->kind = i < 2 ? KIND_MODELS : KIND_QUESTIONS;
			return true;
		}
	return err_set(e, ERR_DATA, "%s: wanted is a list of names, one a line", l->file);
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct list *l = arg;

	if (!l->begun)
		return take_title(l, row, e);
	if (l->column >= row->n)
		return err_set(e, ERR_DATA, "%s:%llu: fewer fields than the header has columns",
		    l->file, (unsigned long long)row->line);
	return add_name(l, row->v[l->column].p, row->v[l->column].n, row->line, e);
}

static bool on_bad(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	const struct list *l = arg;

	(void)column;
	return err_set(e, ERR_DATA, "%s:%llu: %s", l->file, (unsigned long long)line, reason);
}

/* A name a line, whatever is in it. */
static bool read_lines(struct list *l, struct err *e)
{
	struct stream *s = stream_open(l->file, e);
	struct csv_field f;
	bool ok = s != NULL, got = true;

	if (s)
		stream_as_text(s);
	while (ok && got) {
		ok = stream_line(s, NAME_LIMIT, &f.p, &f.n, &got, e);
		if (!ok || !got || !f.n)
			continue;
		if (!l->begun) {
			l->begun = true;
			f.p = arena_strndup(&l->in->arena, f.p, f.n);
			if (is_title(l, &f))
				continue;
		}
		ok = add_name(l, f.p, f.n, stream_line_no(s), e);
	}
	stream_close(s);
	return ok;
}

static bool read_list(struct list *l, struct err *e)
{
	const struct csv_reader r = {on_row, on_bad, l};
	const char *const *files = l->in->files;
	struct stream *first = l->in->first;
	size_t models = 0;
	bool ok;

	if (ingest_ends(l->file, ".txt")) {
		ok = read_lines(l, e);
	} else {
		l->in->files = &l->file;
		l->in->first = NULL;
		ok = rows_read(l->in, 0, &r, e);
		l->in->files = files;
		l->in->first = first;
	}
	if (l->kind == KIND_UNKNOWN)
		l->kind = kind_of(file_base(l->file));
	for (size_t i = 0; i < l->n; i++)
		models += table_is_model(l->names[i]);
	if (l->kind == KIND_UNKNOWN)
		l->kind = models * 2 >= l->n ? KIND_MODELS : KIND_QUESTIONS;
	return ok;
}

static bool take_list(struct ingest *in, const char *path, struct table_names *models,
    struct table_names *questions, struct err *e)
{
	struct list l = {.in = in, .file = path};
	bool ok = read_list(&l, e);
	struct table_names *out = l.kind == KIND_MODELS ? models : questions;

	if (ok && out->file)
		ok = err_set(e, ERR_DATA, "%s and %s both hold names of %s", out->file, path,
		    l.kind == KIND_MODELS ? "models" : "questions");
	if (ok)
		*out = (struct table_names){
		    path, arena_copy(&in->arena, l.names, l.n, sizeof(*l.names)), l.n};
	mem_free(l.names);
	return ok;
}

static bool look_beside(
    struct ingest *in, struct table_names *models, struct table_names *questions, struct err *e)
{
	static const char *const endings[] = {".txt", ".csv", ".tsv", ".json", ".jsonl"};
	char *dir = file_dir(in->files[0]);
	struct dirent *entry;
	DIR *d = opendir(dir);
	bool ok = true;

	while (ok && d && (entry = readdir(d))) {
		const char *path = arena_printf(&in->arena, "%s/%s", dir, entry->d_name);
		enum kind kind = kind_of(entry->d_name);
		bool list = false;

		for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
			list = list || ingest_ends(path, endings[i]);
		if (!list || kind == KIND_UNKNOWN || entry->d_name[0] == '.' ||
		    !strcmp(entry->d_name, file_base(in->files[0])) || file_is_dir(path) ||
		    (kind == KIND_MODELS ? models : questions)->file)
			continue;
		ok = take_list(in, path, models, questions, e);
	}
	if (d)
		closedir(d);
	mem_free(dir);
	return ok;
}

bool table_names(
    struct ingest *in, struct table_names *models, struct table_names *questions, struct err *e)
{
	*models = *questions = (struct table_names){0};
	for (size_t i = 1; i < in->n_files; i++)
		if (!take_list(in, in->files[i], models, questions, e))
			return false;
	if ((!models->file || !questions->file) && strcmp(in->files[0], "-") && !in->is_dir &&
	    !look_beside(in, models, questions, e))
		return false;
	if (!models->file || !questions->file)
		return err_set(e, ERR_DATA,
		    "%s: labels without names: name a list of the %s after it, a name a line%s",
		    in->path, models->file ? "questions" : "models",
		    models->file || questions->file ? "" : ", and one of the questions");
	ingest_remark(in, REMARK_CHOICE, "names of models from %s, of questions from %s",
	    models->file, questions->file);
	return true;
}
