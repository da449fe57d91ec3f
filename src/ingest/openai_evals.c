/* OpenAI evals, both kinds.
 *
 * The open source framework (openai/evals, record.py) writes a JSON line an event: first the spec of the
 * run, then events that share a sample_id (sampling has the prompt, match and metrics what came of it),
 * and a final_report. The service lists output items (object eval.run.output_item), in the `data` of a
 * list or as JSON lines: an item has the sample with its model and prompt, and what each grader said. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/answers.h"
#include "ingest/files.h"
#include "ingest/question.h"
#include "ingest/record.h"
#include "ingest/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the events of a sample said so far. */
struct sample {
	const char *key, *text, *more;
	json_t *figures; /* of the try at hand */
	uint64_t tries;
	struct response_usage usage;
};

struct log {
	struct ingest *in;
	struct answers *answers;
	const char *path;
	/* Of events: */
	struct arena arena;
	struct hashtable *ids;
	struct sample *samples;
	size_t n, cap;
	bool named, wanted;
	uint32_t model;
	const char *task, *metric;
	json_t *report;
	/* Of items: */
	struct hashtable *models; /* run_id and model: the model's number */
};

/* The model that answers: the name in the framework's registry may have its kind before it. */
static const char *completion_model(const json_t *spec)
{
	const char *name =
	    json_string_value(json_array_get(json_object_get(spec, "completion_fns"), 0));

	if (!name)
		name = json_get_string(spec, "model_name");
	return name && !strncmp(name, "raw_models/", 11) ? name + 11 : name;
}

static bool take_spec(struct log *l, const json_t *spec, const char *place, struct err *e)
{
	const char *model = completion_model(spec), *task = json_get_string(spec, "base_eval");
	const char *id = json_get_string(spec, "run_id"),
		   *when = json_get_string(spec, "created_at");

	if (!task || !*task)
		task = json_get_string(spec, "eval_name");
	if (l->named)
		return err_set(
		    e, ERR_DATA, "%s: a second spec: two runs in one file; cut it there", place);
	if (!task || !*task || (!model && !l->in->o->model))
		return err_set(e, ERR_DATA,
		    "%s: the spec names no eval or no completion_fns; give --model", place);
	l->task = arena_strndup(&l->in->arena, task, strcspn(task, "."));
	l->named = ingest_run(
	    l->in, model ? model : l->in->o->model, id ? id : l->path, when, &l->model, e);
	l->wanted = l->named && ingest_wants(l->in, l->task);
	return l->named;
}

static struct sample *find_sample(struct log *l, const char *id)
{
	uint64_t at = hashtable_get(l->ids, id, strlen(id));

	if (at == HASHTABLE_NONE) {
		at = l->n;
		l->samples = mem_grow(l->samples, &l->cap, l->n + 1, sizeof(*l->samples));
		l->samples[l->n++] = (struct sample){
		    .key = arena_strdup(&l->arena, id), .usage = RESPONSE_USAGE_NONE};
		hashtable_put(l->ids, id, strlen(id), at);
	}
	return &l->samples[at];
}

/* The first prompt of a sample is its question: later ones are a judge's. */
static void take_sampling(struct log *l, struct sample *s, const json_t *data)
{
	struct buf text = BUF_INIT, more = BUF_INIT;
	const json_t *usage = json_object_get(data, "usage");

	if (!s->text && question_messages(json_object_get(data, "prompt"), &text, &more)) {
		s->text = arena_strdup(&l->arena, text.s);
		s->more = more.len ? arena_strdup(&l->arena, more.s) : NULL;
		s->usage.tokens_in = record_amount(usage, "prompt_tokens");
		s->usage.tokens_out = record_amount(usage, "completion_tokens");
	}
	buf_clear(&text);
	buf_clear(&more);
}

/* The try is done: its answer. */
static bool end_try(struct log *l, struct sample *s, const char *place, struct err *e)
{
	struct answer a = {.model = l->model,
	    .task = l->task,
	    .key = s->key,
	    .text = s->text,
	    .more = s->more,
	    .epoch = s->tries++,
	    .label = NAN,
	    .usage = s->usage};
	bool ok = true;

	if (!s->text)
		ok = ingest_bad(
		    l->in, e, place, "no sampling event with the prompt of %.80s", s->key);
	else if (json_object_size(s->figures))
		ok = answers_metric(l->answers, l->task, s->figures, NULL, &l->metric, e);
	if (ok && l->metric)
		a.label = answers_number(s->figures, l->metric);
	ok = ok && (!s->text || answers_add(l->answers, &a, place, e));
	json_decref(s->figures);
	s->figures = NULL;
	return ok;
}

/* match and metrics: figures of a try; a second one of its name begins another try. */
static bool take_figures(
    struct log *l, struct sample *s, const json_t *data, const char *place, struct err *e)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)data, key, v)
	{
		if (!json_is_number(v) && !json_is_boolean(v))
			continue;
		if (json_object_get(s->figures, key) && !end_try(l, s, place, e))
			return false;
		if (!s->figures)
			s->figures = json_object();
		json_object_set(s->figures, key, v);
	}
	return true;
}

static bool take_event(struct log *l, const json_t *event, const char *place, struct err *e)
{
	const json_t *spec = json_object_get(event, "spec");
	const json_t *report = json_object_get(event, "final_report");
	const char *id = json_get_string(event, "sample_id"),
		   *type = json_get_string(event, "type");
	const json_t *data = json_object_get(event, "data");

	if (json_is_object(spec))
		return take_spec(l, spec, place, e);
	if (json_is_object(report)) {
		json_decref(l->report);
		l->report = json_incref((json_t *)report);
		return true;
	}
	if (!l->named)
		return err_set(
		    e, ERR_DATA, "%s: events before the spec, which names model and eval", place);
	if (!id || !type || !l->wanted)
		return true;
	if (!strcmp(type, "sampling"))
		take_sampling(l, find_sample(l, id), data);
	else if (!strcmp(type, "match") || !strcmp(type, "metrics"))
		return take_figures(l, find_sample(l, id), data, place, e);
	else
		find_sample(l, id); /* one that only failed has no label */
	return true;
}

static bool end_events(struct log *l, struct err *e)
{
	static const char *const means[] = {"accuracy", "score", "mean"};
	double mean = NAN;

	for (size_t i = 0; i < l->n; i++) {
		struct sample *s = &l->samples[i];

		if ((s->figures || !s->tries) && !end_try(l, s, l->path, e))
			return false;
	}
	for (size_t i = 0; isnan(mean) && i < sizeof(means) / sizeof(means[0]); i++)
		mean = answers_number(l->report, means[i]);
	if (!isnan(mean) && l->metric)
		ingest_aggregate(l->in, l->model, l->task, l->metric, 0, mean, l->path);
	return true;
}

static bool item_model(struct log *l, const json_t *item, const json_t *sample, uint32_t *model,
    const char *place, bool *known, struct err *e)
{
	const char *name = json_get_string(sample, "model"), *run = json_get_string(item, "run_id");
	char *key;
	uint64_t id;
	bool ok = true;

	*known = true;
	if (!name || !*name)
		name = l->in->o->model;
	if (!name) {
		*known = false;
		return ingest_bad(l->in, e, place, "the sample names no model; give --model");
	}
	key = mem_printf("%s\n%s", run ? run : "", name);
	id = hashtable_get(l->models, key, strlen(key));
	if (id == HASHTABLE_NONE) {
		ok = ingest_run(l->in, name, run ? run : l->path, NULL, model, e);
		if (ok)
			hashtable_put(l->models, key, strlen(key), *model);
	} else {
		*model = (uint32_t)id;
	}
	mem_free(key);
	return ok;
}

/* What each grader said, by name: passed, or where it does not say, its score. */
static json_t *graders_of(const json_t *item)
{
	const json_t *result;
	json_t *figures = json_object();
	size_t i;

	json_array_foreach(json_object_get(item, "results"), i, result)
	{
		const char *name = json_get_string(result, "name");
		json_t *passed = json_object_get(result, "passed");

		if (!passed || json_is_null(passed))
			passed = json_object_get(result, "score");
		if (passed)
			json_object_set(figures, name ? name : "passed", passed);
	}
	return figures;
}

static bool take_item(struct log *l, const json_t *item, const char *place, struct err *e)
{
	const json_t *sample = json_object_get(item, "sample"), *usage;
	const json_t *error = json_object_get(sample, "error");
	const json_t *number = json_object_get(item, "datasource_item_id");
	struct answer a = {
	    .task = json_get_string(item, "eval_id"), .label = NAN, .usage = RESPONSE_USAGE_NONE};
	struct buf text = BUF_INIT, more = BUF_INIT;
	json_t *figures = graders_of(item);
	const char *metric = NULL;
	char key[24];
	bool ok, known;

	if (l->in->o->benchmark)
		a.task = l->in->o->benchmark;
	if (!a.task)
		a.task = record_stem(&l->in->arena, l->path);
	snprintf(key, sizeof(key), "%lld", (long long)json_integer_value(number));
	a.key = json_is_string(number)    ? json_string_value(number)
		: json_is_integer(number) ? key
					  : NULL;
	question_messages(json_object_get(sample, "input"), &text, &more);
	a.text = buf_str(&text);
	a.more = more.len ? more.s : NULL;
	usage = json_object_get(sample, "usage");
	a.usage.tokens_in = record_amount(usage, "prompt_tokens");
	a.usage.tokens_out = record_amount(usage, "completion_tokens");
	ok = item_model(l, item, sample, &a.model, place, &known, e);
	if (ok && known && ingest_wants(l->in, a.task)) {
		if (json_object_size(figures) && !json_get_string(error, "message"))
			ok = answers_metric(l->answers, a.task, figures, NULL, &metric, e);
		if (metric)
			a.label = answers_number(figures, metric);
		ok = ok && answers_add(l->answers, &a, place, e);
	}
	json_decref(figures);
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

static bool take_value(
    void *arg, json_t *v, const char *place, const char *text, size_t n, struct err *e)
{
	struct log *l = arg;

	(void)text;
	(void)n;
	if (json_object_get(v, "datasource_item_id") ||
	    json_is_object(json_object_get(v, "sample")))
		return take_item(l, v, place, e);
	if (json_object_get(v, "spec") || json_object_get(v, "final_report") ||
	    json_object_get(v, "type"))
		return take_event(l, v, place, e);
	return ingest_bad(l->in, e, place,
	    "neither an event of evals (spec, type, final_report) nor an output item");
}

static bool take_listed(void *arg, const struct walk_value *w, struct err *e)
{
	return take_item(arg, w->v, w->place, e);
}

static bool is_list(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"data\"") && ingest_head_has(h, "\"eval.run.output_item\"") &&
	       ingest_head_has(h, "\"list\"");
}

static bool is_items(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"eval.run.output_item\"");
}

static bool is_events(const struct ingest_head *h)
{
	return (ingest_head_has(h, "\"spec\"") && ingest_head_has(h, "\"completion_fns\"")) ||
	       (ingest_head_has(h, "\"event_id\"") && ingest_head_has(h, "\"sample_id\"") &&
		   ingest_head_has(h, "\"run_id\""));
}

static bool read_log(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	static const char *const paths[] = {"data.*"};
	struct log l = {.in = in, .answers = answers, .path = in->files[i]};
	struct walk_plan plan = {paths, 1, NULL, take_listed, &l};
	struct ingest_values values = {.value = take_value, .arg = &l};
	struct ingest_head h;
	struct stream *s = files_peek(in, i, &h, e);
	bool ok = s != NULL;

	l.ids = hashtable_new();
	l.models = hashtable_new();
	if (ok)
		ok = is_list(&h) ? walk_document(in, s, &plan, e)
				 : ingest_values_of(in, s, &values, e);
	ok = ok && end_events(&l, e);
	stream_close(s);
	for (size_t k = 0; k < l.n; k++)
		json_decref(l.samples[k].figures);
	mem_free(l.samples);
	json_decref(l.report);
	hashtable_free(l.ids);
	hashtable_free(l.models);
	arena_clear(&l.arena);
	return ok;
}

static bool read_openai_evals(struct ingest *in, struct err *e)
{
	return answers_read(in, read_log, e);
}

static int score_openai_evals(const struct ingest_head *h)
{
	return (is_events(h) || is_items(h)) ? SCORE_SURE : SCORE_NONE;
}

const struct importer importer_openai_evals = {
    .name = "openai_evals",
    .about = "OpenAI evals: JSON lines of a run's events, or output items of the service",
    .many = true,
    .score = score_openai_evals,
    .read = read_openai_evals,
};
