/* py-irt: JSON lines, one a subject (here, a model),
 *     {"subject_id": "...", "responses": {ITEM: 0, ITEM: 1, ...}}
 * Where an answer is k right of n tries it is {"successes": k, "trials": n}, as in the tables of
 * agent-psychometrics for Terminal-Bench. An item is an id or, for py-irt's amortised models, the
 * text itself. Texts by id are read from a file beside (item_texts.h); `embedllm export labels` writes
 * one.
 *
 * Source: nd-ball/py-irt, py_irt/dataset.py; dariakryvosheieva/agent-psychometrics, data/. */
#include "ingest/importer.h"

#include "base/err.h"
#include "ingest/item_texts.h"
#include "ingest/record.h"

#include <string.h>

/* One file. */
struct subjects {
	struct ingest *in;
	const char *benchmark; /* by the file's name */
	struct item_texts *texts;
};

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
	const struct item_text *item = item_texts_get(s->texts, id);

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

static bool read_py_irt(struct ingest *in, struct err *e)
{
	struct item_texts texts = {0};
	struct subjects s = {.in = in, .texts = &texts};
	struct ingest_values r = {.value = take_subject, .arg = &s, .skip = "metadata"};
	bool ok = true;

	if (!record_one_figure(in, "response", e))
		return false;
	item_texts_begin(&texts, in);
	for (size_t i = 0; ok && i < in->n_files; i++) {
		if (ingest_ends(in->files[i], ".items.jsonl") && in->is_dir)
			continue; /* read with its responses */
		s.benchmark = record_stem(&in->arena, in->files[i]);
		ok = item_texts_open(&texts, in->files[i], e) && ingest_each_value(in, i, &r, e);
	}
	item_texts_end(&texts);
	return ok;
}

static int score_py_irt(const struct ingest_head *h)
{
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
