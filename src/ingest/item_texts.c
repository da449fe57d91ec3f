#include "ingest/item_texts.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/plural.h"
#include "ingest/files.h"
#include "ingest/importer.h"
#include "ingest/record.h"

#include <string.h>

#define LEVELS 3 /* the folder of the results and two above */

void item_texts_begin(struct item_texts *t, struct ingest *in)
{
	*t = (struct item_texts){.prefer = t->prefer, .in = in, .ids = hashtable_new()};
}

void item_texts_end(struct item_texts *t)
{
	if (t->unknown)
		ingest_remark(t->in, REMARK_CHOICE,
		    "an id stands for the question in %zu answer%s: no text for it%s%s", t->unknown,
		    plural(t->unknown), t->path ? " in " : " beside the file",
		    t->path ? file_base(t->path) : "");
	if (t->found)
		ingest_remark(
		    t->in, REMARK_CHOICE, "the questions' texts are from %s", file_base(t->path));
	hashtable_free(t->ids);
	mem_free(t->v);
}

static const char *any_string(const json_t *o, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_get_string(o, keys[i]))
			return json_get_string(o, keys[i]);
	return NULL;
}

static const char *copy(struct item_texts *t, const char *s)
{
	return s ? arena_strdup(&t->in->arena, s) : NULL;
}

static bool take_item(
    void *arg, json_t *v, const char *place, const char *line, size_t n, struct err *e)
{
	static const char *const id_keys[] = {"item_id", "task_id", "instance_id", "id"};
	static const char *const text_keys[] = {
	    "question", "problem_statement", "text", "prompt", "instruction", "complete_prompt"};
	struct item_texts *t = arg;
	const char *id = any_string(v, id_keys, sizeof(id_keys) / sizeof(id_keys[0]));
	const char *text = t->prefer ? json_get_string(v, t->prefer) : NULL;
	const char *part = json_get_string(v, "part");
	struct item_text item = {0};

	(void)line;
	(void)n;
	if (!text)
		text = any_string(v, text_keys, sizeof(text_keys) / sizeof(text_keys[0]));
	if (!id || !text)
		return ingest_bad(t->in, e, place,
		    "no item: wanted are an id in item_id and a text in question (or as of "
		    "tasks.jsonl)");
	if (part && *part && !part_parse(part, &item.part))
		return ingest_bad(
		    t->in, e, place, "part \"%.40s\" is none of train, val and test", part);
	item.text = copy(t, text);
	item.benchmark = copy(t, json_get_string(v, "benchmark"));
	item.category = copy(t, json_get_string(v, "category"));
	t->v = mem_grow(t->v, &t->cap, t->n + 1, sizeof(*t->v));
	t->v[t->n] = item;
	if (hashtable_put(t->ids, id, strlen(id), t->n++) != HASHTABLE_NONE)
		return ingest_bad(t->in, e, place, "the item %.100s stood above already", id);
	return true;
}

static const char *find(struct item_texts *t, const char *path)
{
	const char *names[] = {
	    arena_printf(&t->in->arena, "%s.items.jsonl", record_stem(&t->in->arena, path)),
	    "tasks.jsonl"};

	for (unsigned up = 0; up < LEVELS; up++) {
		for (size_t i = 0; i < 2; i++) {
			const char *at = files_beside(t->in, path, up, names[i]);

			if (at && strcmp(at, path))
				return at;
		}
	}
	return NULL;
}

bool item_texts_open(struct item_texts *t, const char *path, struct err *e)
{
	struct ingest_values r = {.value = take_item, .arg = t};
	const char *at = find(t, path);
	struct ingest beside = {
	    .path = at,
	    .files = &at,
	    .n_files = 1,
	    .o = t->in->o,
	    .s = t->in->s,
	    .progress = t->in->progress,
	};

	if (at && t->path && !strcmp(at, t->path))
		return true;
	hashtable_free(t->ids);
	t->ids = hashtable_new();
	t->n = 0;
	t->path = at;
	return !at || ingest_each_value(&beside, 0, &r, e);
}

const struct item_text *item_texts_get(struct item_texts *t, const char *id)
{
	uint64_t at = hashtable_get(t->ids, id, strlen(id));

	t->found += at != HASHTABLE_NONE;
	t->unknown += at == HASHTABLE_NONE;
	return at == HASHTABLE_NONE ? NULL : &t->v[at];
}
