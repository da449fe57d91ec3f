/* Results of promptfoo (promptfoo eval -o FILE.json; site/docs/configuration/outputs.md): a document
 * with `results.results`, or an array `results`, whose members are one answer each; `results.prompts`
 * has the counts of each prompt and provider. The labels are `success`; `error` is the reason of a
 * failed assertion too, so that failureReason, or the want of a grading, tells what was no answer. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/answers.h"
#include "ingest/question.h"
#include "ingest/record.h"
#include "ingest/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FAILURE_ERROR 2 /* failureReason: 0 none, 1 an assertion, 2 an error */

/* A provider under a label and a prompt: both are settings. */
struct run {
	const char *provider, *label;
	int prompt;
	uint32_t model;
};

/* One file. */
struct results {
	struct ingest *in;
	struct answers *answers;
	const char *path, *task, *metric;
	const char *id, *when; /* of the run */
	struct run *runs;      /* few: they are looked through */
	size_t n_runs, cap_runs;
	json_t *prompts;
};

static const char *provider_id(const json_t *provider)
{
	const char *id = json_get_string(provider, "id");

	return id && *id ? id : json_string_value(provider);
}

static const char *keep(struct results *r, const char *s)
{
	return s ? arena_strdup(&r->in->arena, s) : NULL;
}

static bool same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool find_model(struct results *r, const json_t *provider, int prompt, const json_t *named,
    uint32_t *model, struct err *e)
{
	struct run new = {provider_id(provider), json_get_string(provider, "label"), prompt, 0};
	char *run;
	bool ok;

	for (size_t i = 0; i < r->n_runs; i++) {
		const struct run *u = &r->runs[i];

		if (u->prompt == prompt && same(u->provider, new.provider) &&
		    same(u->label, new.label)) {
			*model = u->model;
			return true;
		}
	}
	run = mem_printf("%s %s %d", r->id ? r->id : r->path, new.label ? new.label : "", prompt);
	ok = ingest_run(r->in, new.provider, run, r->when, model, e);
	mem_free(run);
	if (!ok)
		return false;
	ingest_setting(r->in, *model, NULL, "label", new.label);
	ingest_setting(r->in, *model, NULL, "template", json_get_string(named, "label"));
	new.provider = keep(r, new.provider);
	new.label = keep(r, new.label);
	new.model = *model;
	r->runs = mem_grow(r->runs, &r->cap_runs, r->n_runs + 1, sizeof(*r->runs));
	r->runs[r->n_runs++] = new;
	return true;
}

/* The prompt as it was sent: a text, or chat messages as JSON in a string. */
static void add_prompt(const json_t *prompt, struct buf *out)
{
	const char *raw = json_get_string(prompt, "raw");
	json_t *messages = NULL;

	if (!raw)
		raw = json_string_value(prompt);
	if (raw && raw[strspn(raw, " \n\t")] == '[')
		messages = json_read(raw, strlen(raw), "", NULL);
	if (!messages || !question_messages(messages, out, NULL))
		buf_adds(out, raw ? raw : "");
	json_decref(messages);
}

/* The variable that is the question, by name, or the only one; else the prompt. */
static void add_question(const json_t *row, struct buf *text, struct buf *more)
{
	static const char *const names[] = {"question", "query", "input", "problem", "prompt",
	    "instruction", "message", "text", "q"};
	const json_t *vars = json_object_get(row, "vars");
	const char *found = NULL;

	if (!vars)
		vars = json_object_get(json_object_get(row, "testCase"), "vars");
	for (size_t i = 0; !found && i < sizeof(names) / sizeof(names[0]); i++)
		found = json_get_string(vars, names[i]);
	if (!found && json_object_size(vars) == 1)
		found = json_string_value(json_object_iter_value(json_object_iter((json_t *)vars)));
	add_prompt(json_object_get(row, "prompt"), more);
	if (found && *found)
		buf_adds(text, found);
	else
		buf_add(text, buf_str(more), more->len);
}

/* Was there no answer to judge? */
static bool failed(const json_t *row)
{
	const json_t *reason = json_object_get(row, "failureReason");
	const char *error = json_get_string(row, "error");

	if (json_is_integer(reason))
		return json_integer_value(reason) == FAILURE_ERROR;
	return error && *error && !json_is_object(json_object_get(row, "gradingResult"));
}

static json_t *figures_of(const json_t *row)
{
	json_t *figures = json_object(), *v;
	const char *key;

	json_object_foreach(json_object_get(row, "namedScores"), key, v)
	    json_object_set(figures, key, v);
	if (json_object_get(row, "score"))
		json_object_set(figures, "score", json_object_get(row, "score"));
	json_object_set(figures, "success", json_object_get(row, "success"));
	return figures;
}

static void add_usage(const json_t *row, struct response_usage *u)
{
	const json_t *response = json_object_get(row, "response");
	const json_t *tokens = json_object_get(response, "tokenUsage");

	if (!tokens)
		tokens = json_object_get(row, "tokenUsage");
	u->tokens_in = record_amount(tokens, "prompt");
	u->tokens_out = record_amount(tokens, "completion");
	u->cost = record_amount(response, "cost");
	if (isnan(u->cost))
		u->cost = record_amount(row, "cost");
	u->seconds = record_amount(row, "latencyMs") / 1000;
}

static int prompt_index(const json_t *row)
{
	double i = answers_number(row, "promptIdx");

	return i >= 0 && i < 1e6 ? (int)i : 0;
}

static bool take_row(struct results *r, const json_t *row, const char *place, struct err *e)
{
	static const char *const preferred[] = {"success", NULL};
	const json_t *provider = json_object_get(row, "provider");
	struct answer a = {.task = r->task, .label = NAN, .usage = RESPONSE_USAGE_NONE};
	struct buf text = BUF_INIT, more = BUF_INIT;
	double test = answers_number(row, "testIdx");
	json_t *figures;
	char key[24];
	bool ok;

	if (!provider_id(provider))
		return ingest_bad(r->in, e, place, "no provider: whose answer is it?");
	if (!json_is_boolean(json_object_get(row, "success")))
		return ingest_bad(r->in, e, place, "success is neither true nor false");
	ok =
	    find_model(r, provider, prompt_index(row), json_object_get(row, "prompt"), &a.model, e);
	snprintf(key, sizeof(key), "%.0f", test);
	a.key = test >= 0 ? key : NULL;
	add_question(row, &text, &more);
	a.text = buf_str(&text);
	a.more = buf_str(&more);
	add_usage(row, &a.usage);
	figures = figures_of(row);
	ok = ok && answers_metric(r->answers, r->task, figures, preferred, &r->metric, e);
	if (ok && r->metric && !failed(row))
		a.label = answers_number(figures, r->metric);
	ok = ok && answers_add(r->answers, &a, place, e);
	json_decref(figures);
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

static bool take_part(void *arg, const struct walk_value *w, struct err *e)
{
	struct results *r = arg;

	switch (w->which) {
	case 0:
		r->id = keep(r, json_string_value(w->v));
		return true;
	case 1:
		r->when = keep(r, json_string_value(w->v));
		return true;
	case 2:
		json_decref(r->prompts);
		r->prompts = json_incref((json_t *)w->v);
		return true;
	case 3:
		return take_row(r, w->v, w->place, e);
	default: /* "results" as an array, or a member of it as an object */
		return *w->key || !json_is_object(w->v) || take_row(r, w->v, w->place, e);
	}
}

/* The counts of each prompt and provider, which is named by its label where it has one. */
static void add_claims(struct results *r)
{
	const json_t *prompt;
	size_t i;

	json_array_foreach(r->prompts, i, prompt)
	{
		const json_t *metrics = json_object_get(prompt, "metrics");
		const char *name = provider_id(json_object_get(prompt, "provider"));
		double right = answers_number(metrics, "testPassCount");
		double wrong = answers_number(metrics, "testFailCount");
		double errors = answers_number(metrics, "testErrorCount");

		if (!name || !(right + wrong >= 0) || !r->metric || strcmp(r->metric, "success"))
			continue;
		for (size_t k = 0; k < r->n_runs; k++) {
			const struct run *u = &r->runs[k];

			if ((size_t)u->prompt == i &&
			    (same(u->provider, name) || same(u->label, name)))
				ingest_aggregate(r->in, u->model, r->task, "success",
				    right + wrong + (errors > 0 ? errors : 0),
				    right + wrong > 0 ? right / (right + wrong) : NAN, r->path);
		}
	}
}

static bool read_file(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	static const char *const paths[] = {
	    "evalId", "results.timestamp", "results.prompts", "results.results.*", "results.*"};
	struct results r = {.in = in, .answers = answers, .path = in->files[i]};
	struct walk_plan plan = {paths, 5, NULL, take_part, &r};
	struct stream *s;
	bool ok;

	r.task = record_stem(&in->arena, r.path);
	if (in->o->benchmark)
		r.task = in->o->benchmark;
	if (!ingest_wants(in, r.task))
		return true;
	s = ingest_open(in, i, e);
	ok = s && walk_document(in, s, &plan, e);
	if (ok)
		add_claims(&r);
	stream_close(s);
	json_decref(r.prompts);
	mem_free(r.runs);
	return ok;
}

static bool read_promptfoo(struct ingest *in, struct err *e)
{
	return answers_read(in, read_file, e);
}

static int score_promptfoo(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"evalId\"") && ingest_head_has(h, "\"results\"") ? SCORE_SURE
	       : ingest_head_has(h, "\"promptIdx\"") && ingest_head_has(h, "\"testCase\"")
		   ? SCORE_FAIR + 20
		   : SCORE_NONE;
}

const struct importer importer_promptfoo = {
    .name = "promptfoo",
    .about = "results of promptfoo as JSON (promptfoo eval -o FILE.json)",
    .many = true,
    .score = score_promptfoo,
    .read = read_promptfoo,
};
