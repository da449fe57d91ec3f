/* Run folders of HELM (crfm-helm; helm/benchmark/runner.py writes them): run_spec.json says whose
 * answers they are and to what, per_instance_stats.json has the figures of each instance, its text is in
 * scenario_state.json or instances.json, and stats.json has the means. Perturbed instances are left out,
 * as they are another question; several train trials are repeats. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/answers.h"
#include "ingest/files.h"
#include "ingest/question.h"
#include "ingest/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What tells right from wrong, in HELM's own order of main metrics; all else that it counts (tokens,
 * seconds, references ...) is no label. */
static const char *const figures_known[] = {"final_number_exact_match",
    "math_equiv_chain_of_thought", "chain_of_thought_correctness", "exact_match",
    "quasi_exact_match", "prefix_exact_match", "quasi_prefix_exact_match", "exact_match_indicator",
    "math_equiv", "ifeval_strict_accuracy", "omni_math_accuracy", "wildbench_score_rescaled",
    "program_accuracy", "test_avg", "pass", "f1_score", "f1_set_match", "iou_set_match",
    "exact_set_match", "rouge_2", "rouge_l", "bleu_4", "NDCG@10", "RR@10", NULL};

static const char *const companions[] = {"run_spec.json", "scenario_state.json", "instances.json",
    "stats.json", "scenario.json", "display_predictions.json", "display_requests.json"};

/* One run's folder. */
struct run {
	struct ingest *in;
	struct answers *answers;
	const char *path; /* of per_instance_stats.json */
	const char *task, *metric;
	uint32_t model;
	struct arena arena;
	struct hashtable *ids; /* of instances: index in texts */
	const char **texts;
	size_t n_texts, cap_texts;
	const char *split; /* of all rows, "" where they are of several, NULL before the first */
	uint64_t perturbed;
};

/* "mmlu:subject=philosophy,method=...": the scenario, and its subject or data set. */
static const char *task_of(struct run *r, const json_t *spec)
{
	static const char *const parts[] = {"subject=", "dataset=", "subset="};
	const char *name = json_get_string(spec, "name");
	const char *group = json_string_value(json_array_get(json_object_get(spec, "groups"), 0));
	size_t n = name ? strcspn(name, ":,") : 0;
	const char *subject = NULL;

	if (!n)
		return group && *group ? arena_strdup(&r->in->arena, group) : NULL;
	for (size_t i = 0; !subject && i < sizeof(parts) / sizeof(parts[0]); i++) {
		subject = strstr(name, parts[i]);
		subject = subject ? subject + strlen(parts[i]) : NULL;
	}
	if (!subject)
		return arena_strndup(&r->in->arena, name, n);
	return arena_printf(
	    &r->in->arena, "%.*s_%.*s", (int)n, name, (int)strcspn(subject, ","), subject);
}

static void add_settings(struct run *r, const json_t *adapter)
{
	static const char *const keys[][2] = {
	    {"max_train_instances", "shots"},
	    {"method", "method"},
	    {"temperature", "temperature"},
	    {"max_tokens", "max_tokens"},
	    {"model_deployment", "deployment"},
	    {"instructions", "system"},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *v = json_object_get(adapter, keys[i][0]);
		char *text = json_is_string(v)   ? mem_strdup(json_string_value(v))
			     : json_is_number(v) ? json_compact(v)
						 : NULL;

		ingest_setting(r->in, r->model, r->task, keys[i][1], text);
		mem_free(text);
	}
}

static bool read_spec(struct run *r, struct err *e)
{
	const char *path = files_beside(r->in, r->path, 0, "run_spec.json"), *name;
	const json_t *adapter;
	json_t *spec = NULL;
	bool there, ok = true;

	if (path)
		spec = ingest_beside(path, e, &there);
	else
		return err_set(e, ERR_DATA,
		    "%s: no run_spec.json beside it, which names the model and the scenario",
		    r->path);
	if (!spec)
		return false;
	adapter = json_object_get(spec, "adapter_spec");
	name = json_get_string(adapter, "model");
	if (!name || !*name)
		name = json_get_string(adapter, "model_deployment");
	r->task = task_of(r, spec);
	if (!name || !*name || !r->task)
		ok = err_set(e, ERR_DATA, "%s: no adapter_spec.model or no name in it", path);
	ok = ok && ingest_run(r->in, name, r->path, NULL, &r->model, e);
	if (ok)
		add_settings(r, adapter);
	json_decref(spec);
	return ok;
}

/* The options of a multiple choice are its references; of other instances those are the answers. */
static void add_options(const json_t *instance, struct buf *text)
{
	const json_t *references = json_object_get(instance, "references"), *v, *tag;
	json_t *options = json_array();
	bool wrong = false;
	size_t i, k;

	json_array_foreach(references, i, v)
	{
		bool correct = false;

		json_array_foreach(json_object_get(v, "tags"), k, tag) correct =
		    correct ||
		    !strcmp(json_is_string(tag) ? json_string_value(tag) : "", "correct");
		wrong = wrong || !correct;
		json_array_append(options, json_object_get(json_object_get(v, "output"), "text"));
	}
	if (wrong && json_array_size(options) > 1)
		question_options(options, text);
	json_decref(options);
}

static void add_text(struct run *r, const json_t *instance)
{
	const char *id = json_get_string(instance, "id");
	const json_t *input = json_object_get(instance, "input");
	const json_t *perturbation = json_object_get(instance, "perturbation");
	struct buf text = BUF_INIT;

	if (!id || (perturbation && !json_is_null(perturbation)) ||
	    hashtable_get(r->ids, id, strlen(id)) != HASHTABLE_NONE)
		return;
	question_messages(
	    json_is_object(input) ? json_object_get(input, "text") : input, &text, NULL);
	if (text.len) {
		add_options(instance, &text);
		r->texts = mem_grow(r->texts, &r->cap_texts, r->n_texts + 1, sizeof(*r->texts));
		r->texts[r->n_texts] = arena_strndup(&r->arena, text.s, text.len);
		hashtable_put(r->ids, id, strlen(id), r->n_texts++);
	}
	buf_clear(&text);
}

static bool take_instance(void *arg, const struct walk_value *w, struct err *e)
{
	const json_t *instance = json_object_get(w->v, "instance");

	(void)e;
	add_text(arg, instance ? instance : w->v);
	return true;
}

static bool read_texts(struct run *r, struct err *e)
{
	static const char *const states[] = {"request_states.*"}, *const instances[] = {"*"};
	const char *path = files_beside(r->in, r->path, 0, "scenario_state.json");
	struct walk_plan plan = {states, 1, "request result", take_instance, r};
	struct stream *s;
	bool ok;

	if (!path) {
		plan.paths = instances;
		path = files_beside(r->in, r->path, 0, "instances.json");
	}
	if (!path)
		return err_set(e, ERR_DATA,
		    "%s: the questions are in scenario_state.json or instances.json, which is not "
		    "beside it",
		    r->path);
	s = stream_open(path, e);
	ok = s && walk_document(r->in, s, &plan, e);
	stream_close(s);
	return ok;
}

/* Is it a figure that can be a label here? */
static bool is_known(const struct run *r, const char *name)
{
	const char *asked = r->in->o->metric;

	for (size_t i = 0; figures_known[i]; i++)
		if (!strcmp(name, figures_known[i]))
			return true;
	return asked && !strcmp(name, asked);
}

/* The figures of one instance; usage on the way. */
static json_t *figures_of(
    struct run *r, const json_t *stats, struct response_usage *u, const char **split)
{
	json_t *figures = json_object();
	const json_t *stat;
	size_t i;

	json_array_foreach(stats, i, stat)
	{
		const json_t *name = json_object_get(stat, "name");
		const json_t *perturbation = json_object_get(name, "perturbation");
		const char *s = json_get_string(name, "name");
		double mean = answers_number(stat, "mean");

		if (!s || (perturbation && !json_is_null(perturbation)))
			continue;
		if (!strcmp(s, "num_prompt_tokens"))
			u->tokens_in = mean;
		else if (!strcmp(s, "num_output_tokens") || !strcmp(s, "num_completion_tokens"))
			u->tokens_out = mean;
		else if (!strcmp(s, "inference_runtime"))
			u->seconds = mean;
		else if (is_known(r, s))
			json_object_set_new(
			    figures, s, isnan(mean) ? json_null() : json_real(mean));
		if (json_get_string(name, "split"))
			*split = json_get_string(name, "split");
	}
	return figures;
}

static bool take_stats(void *arg, const struct walk_value *w, struct err *e)
{
	struct run *r = arg;
	const json_t *stats = json_object_get(w->v, "stats");
	const json_t *perturbation = json_object_get(w->v, "perturbation");
	const char *id = json_get_string(w->v, "instance_id"), *split = "";
	double trial = answers_number(w->v, "train_trial_index");
	struct answer a = {.model = r->model, .task = r->task, .usage = RESPONSE_USAGE_NONE};
	bool ok = true;
	json_t *figures;
	uint64_t at;

	if (!id || !json_is_array(stats))
		return ingest_bad(r->in, e, w->place, "no instance_id or no stats");
	if (perturbation && !json_is_null(perturbation)) {
		r->perturbed++;
		return true;
	}
	at = hashtable_get(r->ids, id, strlen(id));
	if (at == HASHTABLE_NONE)
		return ingest_bad(
		    r->in, e, w->place, "the text of instance %.60s is not there", id);
	figures = figures_of(r, stats, &a.usage, &split);
	if (json_object_size(figures))
		ok = answers_metric(r->answers, r->task, figures, figures_known, &r->metric, e);
	a.label = ok && r->metric ? answers_number(figures, r->metric) : NAN;
	json_decref(figures);
	if (!ok)
		return false;
	if (!r->split)
		r->split = arena_strdup(&r->arena, split);
	else if (strcmp(r->split, split))
		r->split = "";
	a.key = id;
	a.text = r->texts[at];
	a.epoch = trial >= 0 && trial < 1e9 ? (uint64_t)trial : 0;
	return answers_add(r->answers, &a, w->place, e);
}

/* The mean in stats.json, if the rows are those of one split. */
static bool add_claim(struct run *r, struct err *e)
{
	const char *path = files_beside(r->in, r->path, 0, "stats.json");
	const json_t *stat;
	json_t *doc;
	size_t i;
	bool there;

	if (!path || !r->metric || !r->split)
		return true;
	doc = ingest_beside(path, e, &there);
	if (!doc)
		return false;
	json_array_foreach(doc, i, stat)
	{
		const json_t *name = json_object_get(stat, "name");
		const json_t *perturbation = json_object_get(name, "perturbation");
		const char *s = json_get_string(name, "name");
		const char *split = json_get_string(name, "split");

		if (s && !strcmp(s, r->metric) && !strcmp(split ? split : "", r->split) &&
		    (!perturbation || json_is_null(perturbation)) &&
		    !isnan(answers_number(stat, "mean"))) {
			ingest_aggregate(r->in, r->model, r->task, r->metric, 0,
			    answers_number(stat, "mean"), path);
			break;
		}
	}
	json_decref(doc);
	return true;
}

static bool read_run(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	static const char *const paths[] = {"*"};
	struct run r = {.in = in, .answers = answers, .path = in->files[i]};
	struct walk_plan plan = {paths, 1, NULL, take_stats, &r};
	size_t before = answers_count(answers);
	struct stream *s = NULL;
	bool ok;

	r.ids = hashtable_new();
	ok = read_spec(&r, e);
	if (ok && ingest_wants(in, r.task)) {
		ok = read_texts(&r, e) && (s = ingest_open(in, i, e)) != NULL &&
		     walk_document(in, s, &plan, e) && add_claim(&r, e);
		if (ok && answers_count(answers) > before && !r.metric)
			ok = err_set(e, ERR_DATA,
			    "%s: none of the figures that tell right from wrong in HELM; name one "
			    "with --metric",
			    r.path);
		if (ok && r.perturbed)
			ingest_remark(in, REMARK_LEFT_OUT, "%s: %llu perturbed instances", r.task,
			    (unsigned long long)r.perturbed);
	}
	stream_close(s);
	hashtable_free(r.ids);
	mem_free(r.texts);
	arena_clear(&r.arena);
	return ok;
}

static bool is_run(const char *path)
{
	return ingest_ends(path, "per_instance_stats.json");
}

static bool read_helm(struct ingest *in, struct err *e)
{
	struct answers *answers = answers_new(in);
	bool ok = true;

	for (size_t i = 0; ok && i < in->n_files; i++)
		if (is_run(in->files[i]))
			ok = read_run(in, i, answers, e);
	if (ok && !in->is_dir && !is_run(in->files[0]))
		ok = err_set(e, ERR_DATA,
		    "%s: part of a run of HELM: import its folder, or per_instance_stats.json in "
		    "it",
		    in->files[0]);
	ok = ok && answers_metric_found(answers, e) && answers_stage(answers, e);
	answers_free(answers);
	return ok;
}

/* The other files of a run's folder come along. */
static bool is_companion(const struct ingest_head *h)
{
	char *dir = file_dir(h->path), *run = file_join(dir, "per_instance_stats.json");
	bool is = false;

	for (size_t i = 0; !is && i < sizeof(companions) / sizeof(companions[0]); i++)
		is = ingest_ends(h->path, companions[i]) && file_exists(run);
	mem_free(dir);
	mem_free(run);
	return is;
}

static int score_helm(const struct ingest_head *h)
{
	return (is_run(h->path) && ingest_head_has(h, "\"instance_id\"")) || is_companion(h)
		   ? SCORE_SURE
		   : SCORE_NONE;
}

const struct importer importer_helm = {
    .name = "helm",
    .about = "run folders of HELM: per_instance_stats.json with run_spec.json and "
	     "scenario_state.json beside it",
    .many = true,
    .score = score_helm,
    .read = read_helm,
};
