/* Reviews of EvalScope (modelscope/evalscope): RUN/reviews/MODEL/BENCHMARK_SUBSET.jsonl, a line a
 * sample, whose means are in RUN/reports/MODEL/BENCHMARK.json. Since version 1.0 a line has
 * `sample_score` and `messages` (or `input`); before, `choices` with a `review` in each, and
 * `raw_input` as the data set has it. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/answers.h"
#include "ingest/files.h"
#include "ingest/question.h"
#include "ingest/record.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* One file of reviews. */
struct reviews {
	struct ingest *in;
	struct answers *answers;
	const char *path;
	const char *model_name; /* by the folder, or NULL */
	bool named;
	uint32_t model;
	const char *task, *benchmark, *subset, *metric;
	json_t *report; /* of the benchmark, or NULL */
	const char *report_path;
};

/* The report whose data set begins the file's name: BENCHMARK and SUBSET, which may both hold "_". */
static bool find_report(struct reviews *r, const char *stem, struct err *e)
{
	const char *model = files_folder(r->in, r->path, 0);
	char *dir = file_dir(r->path), *run = file_dir(dir), *above = file_dir(run);
	char *reports = mem_printf("%s/reports/%s", above, model);
	DIR *d = opendir(reports);
	struct dirent *entry;
	const char *best = NULL;
	bool there;

	while (d && (entry = readdir(d))) {
		const char *name = record_stem(&r->in->arena, entry->d_name);
		size_t n = strlen(name);

		if (ingest_ends(entry->d_name, ".json") && !strncmp(stem, name, n) &&
		    stem[n] == '_' && (!best || n > strlen(r->benchmark))) {
			best = arena_printf(&r->in->arena, "%s/%s", reports, entry->d_name);
			r->benchmark = name;
		}
	}
	if (d)
		closedir(d);
	mem_free(reports);
	mem_free(above);
	mem_free(run);
	mem_free(dir);
	if (!best)
		return true;
	r->report_path = best;
	r->subset = stem + strlen(r->benchmark) + 1;
	r->report = ingest_beside(best, e, &there);
	return r->report != NULL;
}

static bool is_plain(const char *subset)
{
	return !strcmp(subset, "default") || !strcmp(subset, "main");
}

/* Task and benchmark, by the report or by the name alone. */
static bool find_task(struct reviews *r, struct err *e)
{
	char *stem = record_stem(&r->in->arena, file_base(r->path)), *last;

	if (!find_report(r, stem, e))
		return false;
	r->task = stem;
	if (r->report && is_plain(r->subset)) {
		r->task = r->benchmark;
	} else if (!r->report) {
		last = strrchr(stem, '_');
		if (last && last > stem && is_plain(last + 1))
			*last = '\0';
	}
	return true;
}

static bool find_model(struct reviews *r, const char *name, const char *place, struct err *e)
{
	const char *run = files_folder(r->in, r->path, 2);

	if (r->named)
		return true;
	name = r->model_name ? r->model_name : name;
	if (!name && !r->in->o->model)
		return ingest_bad(r->in, e, place,
		    "whose answers? neither reviews/MODEL/ in the path nor a model in the line; "
		    "give --model");
	r->named = ingest_run(
	    r->in, name ? name : r->in->o->model, *run ? run : r->path, NULL, &r->model, e);
	return r->named;
}

/* The last answer's use of tokens and time, and the model that gave it. */
static const char *add_usage(const json_t *messages, struct response_usage *u)
{
	const char *model = NULL;
	const json_t *m;
	size_t i;

	json_array_foreach(messages, i, m)
	{
		const json_t *perf = json_object_get(m, "perf_metrics");

		if (json_get_string(m, "model"))
			model = json_get_string(m, "model");
		if (!json_is_object(perf))
			continue;
		u->tokens_in = answers_number(perf, "input_tokens");
		u->tokens_out = answers_number(perf, "output_tokens");
		u->seconds = answers_number(perf, "latency");
	}
	return model;
}

/* A number or a text, as a key. */
static const char *id_of(const json_t *o, const char *key, char out[32])
{
	const json_t *v = json_object_get(o, key);

	if (json_is_string(v))
		return json_string_value(v);
	if (!json_is_integer(v))
		return NULL;
	snprintf(out, 32, "%lld", (long long)json_integer_value(v));
	return out;
}

/* The label among the figures of a sample: the one it is said to be judged by, else as for any log. */
static bool take_figure(struct reviews *r, const json_t *score, double *label, struct err *e)
{
	const json_t *values = json_object_get(score, "value");
	const char *named = json_get_string(score, "main_score_name");
	const char *status = json_get_string(score, "status");
	const char *preferred[2] = {named, NULL};
	double v;

	*label = NAN;
	if (!json_object_size(values))
		return true;
	if (!answers_metric(r->answers, r->task, values, preferred, &r->metric, e))
		return false;
	if (r->metric && (!status || !strcmp(status, "success")) &&
	    json_get_number(values, r->metric, &v))
		*label = v;
	return true;
}

static bool take_sample(struct reviews *r, const json_t *row, const char *place, struct err *e)
{
	const json_t *sample = json_object_get(row, "sample_score");
	const json_t *messages = json_object_get(row, "messages");
	struct answer a = {
	    .task = r->task, .benchmark = r->benchmark, .usage = RESPONSE_USAGE_NONE};
	struct buf text = BUF_INIT, more = BUF_INIT;
	double repeat = answers_number(sample, "generation_index");
	char key[32], name[32];
	bool ok;

	a.key = id_of(sample, "group_id", key);
	if (!a.key)
		a.key = id_of(row, "index", key);
	if (isnan(repeat) && id_of(sample, "sample_id", name))
		repeat = answers_number(sample, "sample_id");
	a.epoch = repeat >= 0 && repeat < 1e15 ? (uint64_t)repeat : 0;
	if (!question_messages(messages, &text, &more))
		question_messages(json_object_get(row, "input"), &text, &more);
	a.text = buf_str(&text);
	a.more = more.len ? more.s : NULL;
	ok = find_model(r, add_usage(messages, &a.usage), place, e);
	if (ok && r->named) {
		a.model = r->model;
		ok = take_figure(r, json_object_get(sample, "score"), &a.label, e) &&
		     answers_add(r->answers, &a, place, e);
	}
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

/* Of the older layout: the question as the data set has it, else the prompt. */
static void old_question(const json_t *row, struct buf *text, struct buf *more)
{
	const json_t *raw = json_object_get(row, "raw_input");
	const json_t *prompt = json_object_get(row, "origin_prompt");
	const json_t *data = json_object_get(prompt, "data");
	const json_t *options = json_object_get(raw, "choices");

	if (question_messages(json_object_get(raw, "question"), text, NULL)) {
		question_options(
		    json_is_object(options) ? json_object_get(options, "text") : options, text);
		question_messages(json_array_get(data, 0), more, NULL);
	} else if (!question_messages(json_array_get(data, 0), text, more)) {
		question_messages(prompt, text, more);
	}
}

static bool take_old(struct reviews *r, const json_t *row, const char *place, struct err *e)
{
	const json_t *usage = json_object_get(row, "usage"), *choice;
	struct answer a = {
	    .task = r->task, .benchmark = r->benchmark, .usage = RESPONSE_USAGE_NONE};
	struct buf text = BUF_INIT, more = BUF_INIT;
	bool ok = find_model(r, json_get_string(row, "model"), place, e);
	char key[32];
	size_t i;

	old_question(row, &text, &more);
	a.key = id_of(row, "index", key);
	a.model = r->model;
	a.text = buf_str(&text);
	a.more = more.len ? more.s : NULL;
	a.usage.tokens_in = answers_number(usage, "prompt_tokens");
	a.usage.tokens_out = answers_number(usage, "completion_tokens");
	for (i = 0; ok && r->named && i < json_array_size(json_object_get(row, "choices")); i++) {
		const json_t *result;

		choice = json_array_get(json_object_get(row, "choices"), i);
		result = json_object_get(json_object_get(choice, "review"), "result");
		a.epoch = i;
		a.label = NAN;
		if (json_is_object(result))
			ok = answers_metric(r->answers, r->task, result, NULL, &r->metric, e) &&
			     (!r->metric ||
				 ingest_json_label(json_object_get(result, r->metric), &a.label) ||
				 ingest_bad(r->in, e, place, "%s is no label", r->metric));
		else if (result && !ingest_json_label(result, &a.label))
			ok = ingest_bad(r->in, e, place, "the review's result is no label");
		ok = ok && answers_add(r->answers, &a, place, e);
	}
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

static bool take_row(
    void *arg, json_t *row, const char *place, const char *text, size_t n, struct err *e)
{
	struct reviews *r = arg;

	(void)text;
	(void)n;
	if (json_is_object(json_object_get(row, "sample_score")))
		return take_sample(r, row, place, e);
	if (json_is_array(json_object_get(row, "choices")))
		return take_old(r, row, place, e);
	return ingest_bad(
	    r->in, e, place, "neither sample_score nor choices: is it a review of EvalScope?");
}

/* Is the report's figure the one that was taken? It is called mean_acc where the samples' is acc. */
static bool same_metric(const struct reviews *r, const json_t *metric, size_t n)
{
	const char *name = json_get_string(metric, "name");

	if (n == 1 || !r->metric || !name)
		return n == 1;
	return !strcmp(name, r->metric) ||
	       (!strncmp(name, "mean_", 5) && !strcmp(name + 5, r->metric));
}

static void add_claims(struct reviews *r)
{
	const json_t *metrics = json_object_get(r->report, "metrics"), *metric, *category, *subset;
	size_t i, k, m;

	if (!r->named || (r->in->o->metric && !r->metric))
		return;
	json_array_foreach(metrics, i, metric)
	{
		if (!same_metric(r, metric, json_array_size(metrics)))
			continue;
		json_array_foreach(json_object_get(metric, "categories"), k, category)
		{
			json_array_foreach(json_object_get(category, "subsets"), m, subset)
			{
				const char *name = json_get_string(subset, "name");
				double n = answers_number(subset, "num");

				if (name && !strcmp(name, r->subset))
					ingest_aggregate(r->in, r->model, r->task,
					    r->metric ? r->metric : "result", n > 0 ? n : 0,
					    answers_number(subset, "score"), r->report_path);
			}
		}
	}
}

static bool read_reviews(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	struct reviews r = {.in = in, .answers = answers, .path = in->files[i]};
	struct ingest_values values = {
	    .value = take_row, .arg = &r, .skip = "trajectory target prompt_logprobs model_spec"};
	bool ok;

	if (!strcmp(files_folder(in, r.path, 1), "reviews"))
		r.model_name = files_folder(in, r.path, 0);
	ok = find_task(&r, e);
	if (ok && ingest_wants(in, r.task)) {
		ok = ingest_each_value(in, i, &values, e);
		if (ok && r.report)
			add_claims(&r);
	}
	json_decref(r.report);
	return ok;
}

/* A report comes along with its reviews. */
static bool is_report(const struct ingest_head *h)
{
	return ingest_ends(h->path, ".json") && strstr(h->path, "reports/") &&
	       ingest_head_has(h, "\"dataset_name\"") && ingest_head_has(h, "\"subsets\"");
}

static bool is_review(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"sample_score\"") ||
	       (ingest_head_has(h, "\"review\"") && ingest_head_has(h, "\"reviewed\""));
}

static bool read_evalscope(struct ingest *in, struct err *e)
{
	struct answers *answers = answers_new(in);
	bool ok = true, any = false;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		if (ingest_ends(in->files[i], ".json"))
			continue;
		any = true;
		ok = read_reviews(in, i, answers, e);
	}
	if (ok && !any)
		ok = err_set(e, ERR_DATA,
		    "%s: a report's figures, without answers: those are in reviews/ beside "
		    "reports/",
		    in->path);
	ok = ok && answers_metric_found(answers, e) && answers_stage(answers, e);
	answers_free(answers);
	return ok;
}

static int score_evalscope(const struct ingest_head *h)
{
	return is_review(h) ? SCORE_SURE : is_report(h) ? SCORE_FAIR : SCORE_NONE;
}

const struct importer importer_evalscope = {
    .name = "evalscope",
    .about = "reviews/MODEL/BENCHMARK_SUBSET.jsonl of EvalScope, reports/ beside reviews/",
    .many = true,
    .score = score_evalscope,
    .read = read_evalscope,
};
