/* Results of OpenCompass (opencompass/tasks/openicl_eval.py and openicl/icl_evaluator write them):
 * TIME/results/MODEL/DATASET.json with a figure and, under "details", what was right: an object of
 * numbered documents with `correct`, or since 2025 an array, whose `correct` is a list with a member a
 * repeat. The prompts are there or in TIME/predictions/MODEL/DATASET.json, or DATASET_0.json and on. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/answers.h"
#include "ingest/files.h"
#include "ingest/question.h"
#include "ingest/record.h"
#include "ingest/walk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One results file. */
struct results {
	struct ingest *in;
	struct answers *answers;
	const char *path, *task;
	uint32_t model;
	struct arena arena;
	const char **texts, **more; /* of the predictions, by number */
	size_t n_texts, cap_texts, cap_more, base;
	double accuracy; /* in percent; NaN = none */
	double sum;
	uint64_t labels, rows;
	bool *any; /* labels in some file */
};

/* "20250101_120000" as an ISO date; NULL where the folder is not called so. */
static const char *date_of(struct ingest *in, const char *folder)
{
	if (strlen(folder) != 15 || folder[8] != '_' || strspn(folder, "0123456789") != 8 ||
	    strspn(folder + 9, "0123456789") != 6)
		return NULL;
	return arena_printf(&in->arena, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", folder, folder + 4,
	    folder + 6, folder + 9, folder + 11, folder + 13);
}

/* What several texts begin with, to the end of a word: prompts that differ in the option alone. */
static size_t common(const char *a, size_t n, const char *b)
{
	size_t same = 0;

	while (same < n && b[same] == a[same])
		same++;
	if (same == n && !b[same])
		return n;
	while (same && a[same - 1] != ' ' && a[same - 1] != '\n')
		same--;
	return same;
}

/* The question of a document that was judged by likelihood: what the prompts of all its options begin
 * with. */
static void add_options_prompt(const json_t *document, struct buf *out)
{
	struct buf first = BUF_INIT, next = BUF_INIT;
	bool some = false;
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)document, key, v)
	{
		const json_t *prompt = json_object_get(v, "testing input");

		if (!prompt)
			prompt = json_object_get(v, "prompt");
		if (!prompt)
			continue;
		buf_reset(&next);
		question_messages(prompt, &next, NULL);
		if (!some)
			buf_add(&first, buf_str(&next), next.len);
		else if (first.len)
			first.len = common(first.s, first.len, buf_str(&next));
		some = true;
	}
	while (first.len && (first.s[first.len - 1] == ' ' || first.s[first.len - 1] == '\n'))
		first.len--;
	buf_add(out, buf_str(&first), first.len);
	buf_clear(&first);
	buf_clear(&next);
}

static void document_text(const json_t *document, struct buf *text, struct buf *more)
{
	const json_t *options = json_object_get(document, "origin_prediction");

	if (!question_messages(json_object_get(document, "origin_prompt"), text, more) &&
	    !question_messages(json_object_get(document, "prompt"), text, more))
		add_options_prompt(json_is_object(options) ? options : document, text);
}

static bool take_prediction(void *arg, const struct walk_value *w, struct err *e)
{
	struct results *r = arg;
	size_t at = r->base + (size_t)strtoul(w->key, NULL, 10);
	struct buf text = BUF_INIT, more = BUF_INIT;

	/* Documents are numbered from 0: none is far beyond those that came. */
	if (!json_is_object(w->v) || at > r->n_texts + w->index + 1)
		return ingest_bad(r->in, e, w->place, "no document by its number");
	document_text(w->v, &text, &more);
	if (at >= r->n_texts) {
		r->texts = mem_grow(r->texts, &r->cap_texts, at + 1, sizeof(*r->texts));
		r->more = mem_grow(r->more, &r->cap_more, at + 1, sizeof(*r->more));
		while (r->n_texts <= at) {
			r->texts[r->n_texts] = NULL;
			r->more[r->n_texts++] = NULL;
		}
	}
	if (text.len)
		r->texts[at] = arena_strdup(&r->arena, text.s);
	if (more.len)
		r->more[at] = arena_strdup(&r->arena, more.s);
	buf_clear(&text);
	buf_clear(&more);
	return true;
}

static bool read_predictions_file(struct results *r, const char *path, struct err *e)
{
	static const char *const paths[] = {"*"};
	struct walk_plan plan = {paths, 1, "prediction gold", take_prediction, r};
	struct stream *s = stream_open(path, e);
	bool ok;

	r->base = r->n_texts;
	ok = s && walk_document(r->in, s, &plan, e);
	stream_close(s);
	return ok;
}

/* The prompts, whole or in shards; none is no error, where the details have them. */
static bool read_predictions(struct results *r, struct err *e)
{
	const char *model = files_folder(r->in, r->path, 0),
		   *stem = record_stem(&r->in->arena, r->path);
	const char *name = arena_printf(&r->arena, "predictions/%s/%s.json", model, stem);
	const char *path = files_beside(r->in, r->path, 2, name);
	bool ok = true;

	if (path)
		return read_predictions_file(r, path, e);
	for (unsigned i = 0; ok; i++) {
		name = arena_printf(&r->arena, "predictions/%s/%s_%u.json", model, stem, i);
		path = files_beside(r->in, r->path, 2, name);
		if (!path)
			break;
		ok = read_predictions_file(r, path, e);
	}
	return ok;
}

/* Right or not: a boolean or a number; of a list, the share, of so many tries. */
static double label_of(const json_t *document, uint32_t *trials)
{
	static const char *const keys[] = {"correct", "is_correct", "cascade_correct"};
	const json_t *v = NULL, *one;
	double label = NAN, sum = 0;
	size_t i, n;

	for (i = 0; !v && i < sizeof(keys) / sizeof(keys[0]); i++)
		v = json_object_get(document, keys[i]);
	if (!json_is_array(v))
		return v && ingest_json_label(v, &label) ? label : NAN;
	n = json_array_size(v);
	json_array_foreach(v, i, one)
	{
		if (!ingest_json_label(one, &label) || isnan(label))
			return NAN;
		sum += label;
	}
	if (n > 1)
		*trials = (uint32_t)n;
	return n ? sum / (double)n : NAN;
}

static bool take_document(struct results *r, const struct walk_value *w, struct err *e)
{
	char number[24];
	size_t at = *w->key ? (size_t)strtoul(w->key, NULL, 10) : (size_t)w->index;
	struct answer a = {
	    .model = r->model, .task = r->task, .usage = RESPONSE_USAGE_NONE, .key = number};
	struct buf text = BUF_INIT, more = BUF_INIT;
	bool ok;

	if (!json_is_object(w->v)) /* "type" stands among the documents */
		return true;
	snprintf(number, sizeof(number), "%zu", at);
	document_text(w->v, &text, &more);
	a.text = text.len ? text.s : at < r->n_texts ? r->texts[at] : NULL;
	a.more = text.len ? (more.len ? more.s : NULL) : at < r->n_texts ? r->more[at] : NULL;
	a.label = label_of(w->v, &a.usage.trials);
	r->rows++;
	if (!isnan(a.label)) {
		r->labels++;
		r->sum += a.label;
	}
	if (!a.text)
		ok = ingest_bad(r->in, e, w->place,
		    "no prompt in it, and none in predictions/ beside results/");
	else
		ok = answers_add(r->answers, &a, w->place, e);
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

static bool take_part(void *arg, const struct walk_value *w, struct err *e)
{
	struct results *r = arg;

	if (w->which == 0)
		return take_document(r, w, e);
	if (json_is_number(w->v))
		r->accuracy = json_number_value(w->v);
	return true;
}

/* The figure is in percent, but for evaluators that give a share. */
static void add_claim(struct results *r)
{
	double mean = r->labels ? r->sum / (double)r->labels : NAN;
	double claimed = r->accuracy / 100;

	if (isnan(r->accuracy))
		return;
	if (r->accuracy <= 1 && fabs(r->accuracy - mean) < fabs(claimed - mean))
		claimed = r->accuracy;
	ingest_aggregate(r->in, r->model, r->task, "accuracy", 0, claimed, r->path);
}

static bool read_documents(struct results *r, struct stream *s, struct err *e)
{
	static const char *const paths[] = {"details.*", "accuracy"};
	struct walk_plan plan = {paths, 2, NULL, take_part, r};

	if (!walk_document(r->in, s, &plan, e))
		return false;
	*r->any = *r->any || r->labels;
	if (!r->labels && r->in->n_files == 1)
		return err_set(e, ERR_DATA, "%s: %s: evaluate again with --dump-eval-details",
		    r->path,
		    r->rows ? "its details do not say which answers were right"
			    : "a figure of the whole data set, without details");
	if (!r->labels) {
		ingest_remark(r->in, REMARK_LEFT_OUT,
		    "%s: no details that say which answers were right (--dump-eval-details)",
		    r->path);
		return true;
	}
	add_claim(r);
	return true;
}

static bool is_results(const struct ingest_head *h)
{
	return strstr(h->path, "results/") && ingest_ends(h->path, ".json") &&
	       (ingest_head_has(h, "\"details\"") || ingest_head_has(h, "\"accuracy\"")) &&
	       !ingest_head_has(h, "\"config_general\"");
}

static bool is_predictions(const struct ingest_head *h)
{
	return ingest_ends(h->path, ".json") && ingest_head_has(h, "\"origin_prompt\"") &&
	       ingest_head_has(h, "\"prediction\"") && !ingest_head_has(h, "\"details\"");
}

static bool find_run(struct results *r, struct err *e)
{
	const char *model = files_folder(r->in, r->path, 0);
	const char *time = files_folder(r->in, r->path, 2);
	const char *stem = record_stem(&r->in->arena, r->path);

	if (!*model || !strcmp(model, "results"))
		model = r->in->o->model;
	if (!model)
		return err_set(
		    e, ERR_DATA, "%s: the folder's name is no model's: give --model", r->path);
	/* The data sets of one collection are called so in OpenCompass. */
	r->task = !strncmp(stem, "lukaemon_", 9) ? stem + 9 : stem;
	return ingest_run(r->in, model, *time ? time : r->path, date_of(r->in, time), &r->model, e);
}

static bool read_results(
    struct ingest *in, size_t i, struct answers *answers, bool *any, struct err *e)
{
	struct results r = {
	    .in = in, .answers = answers, .path = in->files[i], .accuracy = NAN, .any = any};
	struct ingest_head h;
	struct stream *s = files_peek(in, i, &h, e);
	bool ok = s != NULL;

	if (ok && in->is_dir && !is_results(&h)) {
		stream_close(s);
		return true;
	}
	if (ok && is_predictions(&h) && !is_results(&h))
		ok = err_set(e, ERR_DATA,
		    "%s: predictions without labels: import results/MODEL/DATASET.json beside "
		    "predictions/",
		    r.path);
	ok = ok && find_run(&r, e);
	if (ok && ingest_wants(in, r.task))
		ok = read_predictions(&r, e) && read_documents(&r, s, e);
	stream_close(s);
	mem_free(r.texts);
	mem_free(r.more);
	arena_clear(&r.arena);
	return ok;
}

static bool read_opencompass(struct ingest *in, struct err *e)
{
	struct answers *answers = answers_new(in);
	bool ok = true, any = false;

	for (size_t i = 0; ok && i < in->n_files; i++)
		ok = read_results(in, i, answers, &any, e);
	if (ok && !any)
		ok = err_set(e, ERR_DATA,
		    "%s: no details that say which answers were right: evaluate again with "
		    "--dump-eval-details",
		    in->path);
	ok = ok && answers_stage(answers, e);
	answers_free(answers);
	return ok;
}

static int score_opencompass(const struct ingest_head *h)
{
	return is_results(h) && ingest_head_has(h, "\"details\"") ? SCORE_FAIR + 20
	       : is_predictions(h)                                ? SCORE_FAIR
	       : is_results(h)                                    ? SCORE_WEAK
								  : SCORE_NONE;
}

const struct importer importer_opencompass = {
    .name = "opencompass",
    .about = "results/MODEL/DATASET.json of OpenCompass with details, predictions/ beside results/",
    .many = true,
    .score = score_opencompass,
    .read = read_opencompass,
};
