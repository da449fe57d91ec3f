/* py-irt: JSON lines, one a subject (here, a model),
 *     {"subject_id": "...", "responses": {ITEM: 0, ITEM: 1, ...}}
 * Where an answer is k right of n tries it is {"successes": k, "trials": n}, as in the tables of
 * agent-psychometrics for Terminal-Bench. An item is an id or, for py-irt's amortised models, the
 * text itself. Texts by id are read from STEM.items.jsonl or tasks.jsonl beside the file: lines with
 * the id in item_id or task_id and the text in question or problem_statement, and maybe a benchmark,
 * a category and a part. `embedllm export` writes the former.
 *
 * Source: nd-ball/py-irt, py_irt/dataset.py; dariakryvosheieva/agent-psychometrics, data/. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/record.h"

#include <string.h>

/* An item as the file beside tells it; strings in the import's arena. */
struct item {
	const char *text, *benchmark, *category;
	enum part part;
};

/* One file. */
struct subjects {
	struct ingest *in;
	const char *benchmark; /* by the file's name */
	struct item *items;
	size_t n_items, cap_items;
	struct hashtable *ids; /* of items */
	size_t unknown;        /* answers to items that the file beside does not list */
};

static const char *any_string(const json_t *o, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (json_get_string(o, keys[i]))
			return json_get_string(o, keys[i]);
	return NULL;
}

static bool take_item(
    void *arg, json_t *v, const char *place, const char *line, size_t n, struct err *e)
{
	static const char *const id_keys[] = {"item_id", "task_id", "instance_id", "id"};
	static const char *const text_keys[] = {
	    "question", "problem_statement", "text", "prompt", "instruction"};
	struct subjects *s = arg;
	struct arena *a = &s->in->arena;
	const char *id = any_string(v, id_keys, sizeof(id_keys) / sizeof(id_keys[0]));
	const char *text = any_string(v, text_keys, sizeof(text_keys) / sizeof(text_keys[0]));
	const char *benchmark = json_get_string(v, "benchmark");
	const char *category = json_get_string(v, "category"), *part = json_get_string(v, "part");
	struct item item = {0};

	(void)line;
	(void)n;
	if (!id || !text)
		return ingest_bad(s->in, e, place, "no item_id and question");
	if (part && *part && !part_parse(part, &item.part))
		return ingest_bad(s->in, e, place, "part is none of train, val and test");
	item.text = arena_strdup(a, text);
	item.benchmark = benchmark ? arena_strdup(a, benchmark) : NULL;
	item.category = category ? arena_strdup(a, category) : NULL;
	s->items = mem_grow(s->items, &s->cap_items, s->n_items + 1, sizeof(*s->items));
	s->items[s->n_items] = item;
	if (hashtable_put(s->ids, id, strlen(id), s->n_items++) != HASHTABLE_NONE)
		return ingest_bad(s->in, e, place, "the item %.100s stood above already", id);
	return true;
}

/* A label in any of its forms, with the number of tries where it has one. */
static bool read_response(const json_t *v, double *score, uint32_t *trials)
{
	const json_t *k = json_object_get(v, "successes"), *n = json_object_get(v, "trials");
	double x;

	*trials = 0;
	*score = NAN;
	if (!json_is_object(v))
		return ingest_json_label(v, score);
	if (!json_is_integer(n) || json_integer_value(n) < 0 || json_integer_value(n) > UINT32_MAX)
		return false;
	x = json_is_number(k) ? json_number_value(k) : NAN;
	if (!(x >= 0 && x <= (double)json_integer_value(n)))
		return false;
	if (!json_integer_value(n))
		return true;
	*trials = (uint32_t)json_integer_value(n);
	*score = x / *trials;
	return true;
}

static bool take_response(struct subjects *s, struct record *r, const char *id, const json_t *v,
    const char *place, struct err *e)
{
	uint64_t at = hashtable_get(s->ids, id, strlen(id));
	const struct item *item = at == HASHTABLE_NONE ? NULL : &s->items[at];

	if (!read_response(v, &r->score, &r->usage.trials))
		return ingest_bad(s->in, e, place,
		    "the response to %.100s is no label: wanted is 0 to 1, null, or "
		    "{\"successes\": K, \"trials\": N} with K of at most N",
		    id);
	r->key = id;
	r->text = item ? item->text : NULL;
	r->part = item ? item->part : PART_NONE;
	r->benchmark = item && item->benchmark ? item->benchmark : s->benchmark;
	r->category = item && item->category ? item->category : r->benchmark;
	s->unknown += s->n_items && !item;
	return record_take(s->in, r, place, e);
}

static bool take_subject(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	struct subjects *s = arg;
	json_t *responses = json_object_get(v, "responses"), *response;
	struct record r = RECORD_INIT;
	const char *id;

	(void)text;
	(void)n;
	r.model = json_get_string(v, "subject_id");
	if (!json_is_object(responses))
		return ingest_bad(s->in, e, place,
		    "no responses by item: wanted is {\"subject_id\": ..., \"responses\": {ITEM: 0 "
		    "or 1}}");
	json_object_foreach(responses, id, response)
	{
		if (!take_response(s, &r, id, response, place, e))
			return false;
	}
	return true;
}

/* Each value of a file that is not among those to import. */
static bool each_value_beside(
    struct ingest *in, const char *path, const struct ingest_values *r, struct err *e)
{
	struct ingest beside = {
	    .path = path,
	    .files = &path,
	    .n_files = 1,
	    .o = in->o,
	    .s = in->s,
	    .progress = in->progress,
	};

	return ingest_each_value(&beside, 0, r, e);
}

/* The texts of the items, where a file beside holds them. */
static bool read_items(struct subjects *s, const char *path, struct err *e)
{
	struct ingest_values r = {.value = take_item, .arg = s};
	struct arena *a = &s->in->arena;
	char *dir = file_dir(path);
	const char *places[] = {arena_printf(a, "%s/%s.items.jsonl", dir, record_stem(a, path)),
	    arena_printf(a, "%s/tasks.jsonl", dir)};
	bool ok = true;

	mem_free(dir);
	for (size_t i = 0; i < 2; i++) {
		if (!file_exists(places[i]) || !strcmp(places[i], path))
			continue;
		ok = each_value_beside(s->in, places[i], &r, e);
		if (ok)
			ingest_remark(s->in, REMARK_CHOICE, "the questions' texts are from %s",
			    file_base(places[i]));
		break;
	}
	return ok;
}

static bool read_py_irt(struct ingest *in, struct err *e)
{
	bool ok = true;

	if (!record_one_figure(in, "response", e))
		return false;
	for (size_t i = 0; ok && i < in->n_files; i++) {
		if (ingest_ends(in->files[i], ".items.jsonl") && in->is_dir)
			continue; /* read with its responses */
		struct subjects s = {.in = in};
		struct ingest_values r = {.value = take_subject, .arg = &s, .skip = "metadata"};

		s.ids = hashtable_new();
		s.benchmark = record_stem(&in->arena, in->files[i]);
		ok = read_items(&s, in->files[i], e) && ingest_each_value(in, i, &r, e);
		if (ok && !s.n_items)
			ingest_remark(in, REMARK_CHOICE,
			    "%s: the items' ids stand for the questions: no texts beside it",
			    file_base(in->files[i]));
		if (ok && s.unknown)
			ingest_remark(
			    in, REMARK_CHOICE, "%zu answers to items without a text", s.unknown);
		hashtable_free(s.ids);
		mem_free(s.items);
	}
	return ok;
}

static int score_py_irt(const struct ingest_head *h)
{
	if (h->is_dir)
		return SCORE_NONE;
	if (ingest_ends(h->path, ".items.jsonl") && ingest_head_has(h, "\"item_id\""))
		return SCORE_SURE;
	return ingest_head_has(h, "\"subject_id\"") && ingest_head_has(h, "\"responses\"")
		   ? SCORE_SURE
		   : SCORE_NONE;
}

const struct importer importer_py_irt = {
    .name = "pyirt",
    .about = "JSON lines of py-irt: a subject and its responses by item",
    .many = true,
    .score = score_py_irt,
    .read = read_py_irt,
};
