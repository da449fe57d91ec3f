#include "ingest/table_join.h"

#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/columns.h"
#include "ingest/importer.h"
#include "ingest/rows.h"
#include "ingest/table_beside.h"
#include "store/staging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct reading {
	struct join *j;
	struct ingest *in;
	const char *file;
	enum table_part part;
	struct columns c;
	struct csv_row header;
};

static bool bad(struct reading *g, uint64_t line, size_t column, const char *reason, struct err *e)
{
	char place[1024];

	if (!g->header.n)
		return err_set(
		    e, ERR_DATA, "%s:%llu: %s", g->file, (unsigned long long)line, reason);
	snprintf(place, sizeof(place), "%s:%llu%s%s", g->file, (unsigned long long)line,
	    column < g->header.n ? ":" : "", column < g->header.n ? g->header.v[column].p : "");
	return ingest_bad(g->in, e, place, "%s", reason);
}

static bool on_bad(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	return bad(arg, line, column, reason, e);
}

static bool take_header(struct reading *g, const struct csv_row *row, struct err *e)
{
	char where[1024];

	g->header = csv_row_copy(&g->in->arena, row);
	snprintf(where, sizeof(where), "%s:%llu", g->file, (unsigned long long)row->line);
	return columns_find(&g->header, NULL, where, &g->in->arena, &g->c, e);
}

static bool take_question(struct reading *g, const struct csv_row *row, struct err *e)
{
	const size_t *at = g->c.at;
	const struct csv_field *key = &row->v[at[ROLE_KEY]], *text = &row->v[at[ROLE_TEXT]];
	struct arena *a = &g->in->arena;
	struct join *j = g->j;
	struct join_text t = {.n = text->n, .item = UINT32_MAX};

	if (!key->n)
		return bad(g, row->line, at[ROLE_KEY], "empty", e);
	if (hashtable_get(j->keys, key->p, key->n) != HASHTABLE_NONE)
		return bad(g, row->line, at[ROLE_KEY],
		    arena_printf(a, "listed twice: \"%.60s\"", key->p), e);
	if (!text->n || staging_text_check(text->p, text->n) < text->n)
		return bad(g, row->line, at[ROLE_TEXT], text->n ? "not UTF-8 text" : "empty", e);
	if (at[ROLE_PART] != SIZE_MAX && row->v[at[ROLE_PART]].n &&
	    !part_parse(row->v[at[ROLE_PART]].p, &t.part))
		return bad(g, row->line, at[ROLE_PART], "none of train, val and test", e);
	t.text = arena_strndup(a, text->p, text->n);
	if (at[ROLE_BENCHMARK] != SIZE_MAX) {
		t.benchmark_n = row->v[at[ROLE_BENCHMARK]].n;
		t.benchmark = arena_strndup(a, row->v[at[ROLE_BENCHMARK]].p, t.benchmark_n);
	}
	hashtable_put(j->keys, key->p, key->n, j->n_texts);
	j->texts = mem_grow(j->texts, &j->cap_texts, j->n_texts + 1, sizeof(*j->texts));
	j->ids = mem_grow(j->ids, &j->cap_ids, j->n_texts + 1, sizeof(*j->ids));
	j->ids[j->n_texts] = arena_strndup(a, key->p, key->n);
	j->texts[j->n_texts++] = t;
	return true;
}

static bool take_model(struct reading *g, const struct csv_row *row, struct err *e)
{
	const size_t *at = g->c.at;
	const struct csv_field *key = &row->v[at[ROLE_MODEL_KEY]], *name = &row->v[at[ROLE_MODEL]];
	struct join *j = g->j;

	if (!key->n)
		return bad(g, row->line, at[ROLE_MODEL_KEY], "empty", e);
	if (hashtable_get(j->model_keys, key->p, key->n) != HASHTABLE_NONE)
		return bad(g, row->line, at[ROLE_MODEL_KEY],
		    arena_printf(&g->in->arena, "listed twice: \"%.60s\"", key->p), e);
	if (!name->n || staging_text_check(name->p, name->n) < name->n)
		return bad(g, row->line, at[ROLE_MODEL], name->n ? "not UTF-8 text" : "empty", e);
	hashtable_put(j->model_keys, key->p, key->n, j->n_names);
	j->names = mem_grow(j->names, &j->cap_names, j->n_names + 1, sizeof(*j->names));
	j->names[j->n_names++] = (struct join_name){arena_strndup(&g->in->arena, key->p, key->n),
	    arena_strndup(&g->in->arena, name->p, name->n), 0};
	return true;
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct reading *g = arg;

	if (!g->header.n)
		return take_header(g, row, e);
	if (row->n < g->header.n)
		return bad(g, row->line, row->n, "fewer fields than the header has columns", e);
	return g->part == TABLE_QUESTIONS ? take_question(g, row, e) : take_model(g, row, e);
}

/* Read in->files[i], which is of that part, into j. Ids stand once in a file. */
static bool join_read(
    struct join *j, struct ingest *in, size_t i, enum table_part part, struct err *e)
{
	struct reading g = {.j = j, .in = in, .file = in->files[i], .part = part};
	const struct csv_reader r = {on_row, on_bad, &g};

	if (part == TABLE_QUESTIONS) {
		j->questions = g.file;
		if (!j->keys)
			j->keys = hashtable_new();
	} else {
		j->models = g.file;
		if (!j->model_keys)
			j->model_keys = hashtable_new();
	}
	return rows_read(in, i, &r, e);
}

const struct join_text *join_text(const struct join *j, const char *id)
{
	uint64_t at = hashtable_get(j->keys, id, strlen(id));

	return at == HASHTABLE_NONE ? NULL : &j->texts[at];
}

/* Read a file that is not among in->files. */
static bool read_beside(
    struct join *j, struct ingest *in, const char *path, enum table_part part, struct err *e)
{
	const char *const *files = in->files;
	struct stream *first = in->first;
	bool ok;

	in->files = &path;
	in->first = NULL;
	ok = join_read(j, in, 0, part, e);
	in->files = files;
	in->first = first;
	j->beside = j->beside || part == TABLE_QUESTIONS;
	return ok;
}

void join_remark(const struct join *j, struct ingest *in)
{
	if (j->questions)
		ingest_remark(in, REMARK_CHOICE, "texts from %s", j->questions);
	if (j->models)
		ingest_remark(in, REMARK_CHOICE, "names of models from %s", j->models);
}

bool join_others(struct join *j, struct ingest *in, unsigned wanted, struct err *e)
{
	const char *found;

	for (size_t i = 1; i < in->n_files; i++) {
		enum table_part part = table_part_of(in->files[i]);

		if (part != TABLE_QUESTIONS && part != TABLE_MODELS)
			return err_set(e, ERR_DATA,
			    "%s: neither texts by the ids of %s nor names of its models by "
			    "model_id: import it by itself",
			    in->files[i], in->files[0]);
		if (!join_read(j, in, i, part, e))
			return false;
	}
	for (int part = TABLE_QUESTIONS; part <= TABLE_MODELS; part++) {
		bool got = part == TABLE_QUESTIONS ? j->questions != NULL : j->models != NULL;

		if (got || in->is_dir || !(wanted & 1u << part))
			continue;
		if (!table_beside(
			&in->arena, in->files[0], TABLE_LABELS, (enum table_part)part, &found, e))
			return false;
		if (found && !read_beside(j, in, found, (enum table_part)part, e))
			return false;
	}
	return true;
}

void join_clear(struct join *j)
{
	hashtable_free(j->keys);
	hashtable_free(j->model_keys);
	mem_free(j->texts);
	mem_free(j->ids);
	mem_free(j->names);
	*j = (struct join){0};
}

/* NAME of an id NAME_7, and the number: 0 where it is not so. */
static size_t numbered(const char *id, unsigned long *number)
{
	size_t n = strlen(id), digits = n;

	while (digits && id[digits - 1] >= '0' && id[digits - 1] <= '9')
		digits--;
	if (digits < 2 || digits == n || n - digits > 9 || !strchr("_-.:/#", id[digits - 1]))
		return 0;
	*number = strtoul(id + digits, NULL, 10);
	return digits - 1;
}

const char *table_numbered(struct arena *a, const char *const *ids, size_t n)
{
	unsigned long number, least = 0, most = 0;
	size_t len = n ? numbered(ids[0], &least) : 0;
	bool *seen;
	bool ok = len > 0;

	most = least;
	for (size_t i = 1; ok && i < n; i++) {
		ok = numbered(ids[i], &number) == len && !memcmp(ids[i], ids[0], len);
		least = number < least ? number : least;
		most = number > most ? number : most;
	}
	if (!ok || most - least + 1 != n)
		return NULL;
	seen = mem_zero_array(n, sizeof(*seen));
	for (size_t i = 0; i < n; i++) {
		numbered(ids[i], &number);
		ok = ok && !seen[number - least];
		seen[number - least] = true;
	}
	mem_free(seen);
	return ok ? arena_strndup(a, ids[0], len) : NULL;
}

/* Does a file's name say what is in it, but not of what? */
static bool says_nothing(const char *stem)
{
	static const char *const words[] = {"answers", "benchmark", "data", "dataset", "eval",
	    "evals", "export", "labels", "long", "matrix", "out", "output", "outputs",
	    "predictions", "responses", "result", "results", "rows", "scores", "table", "test",
	    "train", "val", "wide"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(stem, words[i]))
			return true;
	return false;
}

/* gsm8k_responses is of gsm8k. */
static void strip_ending(char *name)
{
	static const char *const endings[] = {
	    "_responses", "_results", "_scores", "_labels", "_wide", "_long"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t n = strlen(name), k = strlen(endings[i]);

		if (n > k && !strcasecmp(name + n - k, endings[i]))
			name[n - k] = '\0';
	}
}

const char *table_benchmark(struct ingest *in, const char *const *ids, size_t n)
{
	struct arena *a = &in->arena;
	const char *shared = table_numbered(a, ids, n), *base = file_base(in->path);
	char *dir, *name;

	if (shared || !strcmp(in->path, "<stdin>") || !strcmp(in->path, "-"))
		return shared;
	name = arena_strndup(a, base, strcspn(base + (base[0] == '.'), ".") + (base[0] == '.'));
	strip_ending(name);
	if (!says_nothing(name))
		return name;
	dir = file_dir(in->path);
	base = file_base(dir);
	if (*base && strcmp(base, ".") && strcmp(base, ".."))
		name = arena_strdup(a, base);
	mem_free(dir);
	return name;
}
