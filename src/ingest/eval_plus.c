/* EvalPlus and BigCodeBench: NAME_eval_results.json, the samples of each task with what became of
 * them,
 *     {"eval": {"HumanEval/0": [{"base_status": "pass", "plus_status": "fail", ...}]},
 *      "pass_at_k": {"base": {"pass@1"}, "plus": {"pass@1"}}}            EvalPlus
 *     {"eval": {"HumanEval/0": {"nfiles", "base": [["success", [...]]], "plus": ...}}} its oldest
 *     {"eval": {"BigCodeBench/0": [{"status": "pass", ...}]}}            BigCodeBench
 * A label is the share of the samples that pass; with EvalPlus those that pass the base and the extra
 * tests (--metric base: the base tests alone). BigCodeBench's own figure is in NAME_pass_at_k.json.
 * The files hold no task's text (item_texts.h finds it); the model is in the name,
 *     ORG--MODEL_BACKEND_temp_0.0_eval_results.json                      EvalPlus
 *     ORG--MODEL--bigcodebench-complete--BACKEND-0-1-sanitized-calibrated_eval_results.json
 *
 * Source: evalplus/evalplus, evalplus/evaluate.py and codegen.py; bigcode-project/bigcodebench,
 * bigcodebench/evaluate.py and analysis/get_results.py. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/item_texts.h"
#include "ingest/record.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum tests { TESTS_BASE, TESTS_PLUS, TESTS_BIG }; /* by which a sample is judged */

/* One file. */
struct results {
	struct ingest *in;
	const char *path, *name; /* the file's, or its folder's, without what all share */
	const char *model, *benchmark;
	enum tests tests;
	uint32_t run;
	struct item_texts texts;
};

/* Cut the text where any of the words begins. */
static void cut_at(char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *at = strstr(text, words[i]);

		if (at && at > text)
			*at = '\0';
	}
}

/* "a--b" as "a/b"; a name with a `/` in it stays. */
static const char *slashed(struct arena *a, const char *name)
{
	const char *at = strstr(name, "--");

	if (!at || at == name || !at[2])
		return name;
	return arena_printf(a, "%.*s/%s", (int)(at - name), name, at + 2);
}

/* The model by the name of the file, or of its folder where the file's says nothing. */
static void find_model(struct results *r)
{
	static const char *const ends[] = {"--bigcodebench-", "--main--", "_temp_"};
	static const char *const backends[] = {"_vllm", "_hf", "_openai", "_anthropic", "_google",
	    "_mistral", "_ollama", "_gptqmodel", "_bedrock", "_hf-inference"};
	struct arena *a = &r->in->arena;
	char *name = record_stem(a, r->path);
	char *end = strstr(name, "eval_results");

	if (end)
		*end = '\0';
	while (*name && strchr("-_.", name[strlen(name) - 1]))
		name[strlen(name) - 1] = '\0';
	if (!*name || strstr(name, "samples"))
		name = record_folder(a, r->path);
	r->name = arena_strdup(a, name);
	cut_at(name, ends, sizeof(ends) / sizeof(ends[0]));
	for (size_t i = 0; i < sizeof(backends) / sizeof(backends[0]); i++) {
		size_t n = strlen(name), k = strlen(backends[i]);

		if (n > k && !strcmp(name + n - k, backends[i]))
			name[n - k] = '\0';
	}
	r->model = slashed(a, name);
	if (!r->in->o->model)
		ingest_remark(r->in, REMARK_CHOICE,
		    "%s: model %s, by the name of the file or its folder", file_base(r->path),
		    r->model);
}

/* The members of EvalPlus's samples, in the order of enum tests. */
static const char *const status_keys[] = {"base_status", "plus_status", "status"};
static const char *const test_names[] = {"base", "plus", "status"};

/* What became of a sample by some tests: 1 = passed, 0 = not, -1 = not said. */
static int passed(const json_t *task, size_t i, enum tests tests)
{
	const json_t *sample = json_array_get(task, i), *v;
	const char *status;

	if (json_is_object(task)) /* the oldest form: lists by tests */
		v = json_array_get(json_array_get(json_object_get(task, test_names[tests]), i), 0);
	else
		v = json_object_get(sample, status_keys[tests]);
	status = json_string_value(v);
	if (!status)
		return -1;
	return !strcasecmp(status, "pass") || !strcasecmp(status, "success");
}

static size_t sample_count(const json_t *task)
{
	return json_array_size(json_is_object(task) ? json_object_get(task, "base") : task);
}

/* By which tests the file is judged: those asked for, else the hardest that its first task has. */
static bool choose_tests(struct results *r, json_t *tasks, struct err *e)
{
	const char *first = json_object_iter_key(json_object_iter(tasks));
	const json_t *task = json_object_iter_value(json_object_iter(tasks));
	const char *asked = r->in->o->metric, *slash = first ? strchr(first, '/') : NULL;
	char *dataset;
	bool plus;

	if (!first)
		return err_set(e, ERR_DATA, "%s: no tasks in it", r->path);
	if (passed(task, 0, TESTS_BIG) >= 0) {
		r->tests = TESTS_BIG;
		r->benchmark = strstr(r->name, "-instruct")   ? "bigcodebench_instruct"
			       : strstr(r->name, "-complete") ? "bigcodebench_complete"
							      : "bigcodebench";
		return true;
	}
	plus = passed(task, 0, TESTS_PLUS) >= 0;
	if (asked && strcmp(asked, "base") && strcmp(asked, "plus"))
		return err_set(
		    e, ERR_USAGE, "%s: no metric %s; there are: base, plus", r->path, asked);
	if (asked && !strcmp(asked, "plus") && !plus)
		return err_set(
		    e, ERR_USAGE, "%s: the extra tests were not run; there is: base", r->path);
	r->tests = plus && !(asked && !strcmp(asked, "base")) ? TESTS_PLUS : TESTS_BASE;
	dataset =
	    arena_strndup(&r->in->arena, first, slash ? (size_t)(slash - first) : strlen(first));
	for (char *p = dataset; *p; p++)
		*p = utf8_lower_ascii(*p);
	r->benchmark =
	    r->tests == TESTS_PLUS ? arena_printf(&r->in->arena, "%s_plus", dataset) : dataset;
	ingest_remark(r->in, REMARK_CHOICE, "%s: by the %s tests", r->benchmark,
	    r->tests == TESTS_PLUS ? "base and the extra" : "base");
	return true;
}

static bool take_task(struct results *r, const char *id, const json_t *task, struct err *e)
{
	const struct item_text *item = item_texts_get(&r->texts, id);
	struct record t = RECORD_INIT;
	size_t n = sample_count(task), tried = 0, right = 0;
	char place[1024];

	snprintf(place, sizeof(place), "%s: eval.%.100s", r->path, id);
	if (!json_is_array(task) && !json_is_object(task))
		return ingest_bad(r->in, e, place, "no list of samples");
	for (size_t i = 0; i < n; i++) {
		int ok = passed(task, i, r->tests);

		if (r->tests == TESTS_PLUS && ok > 0)
			ok = passed(task, i, TESTS_BASE);
		tried += ok >= 0;
		right += ok > 0;
	}
	t.run = &r->run;
	t.category = r->benchmark;
	t.key = id;
	t.text = item ? item->text : NULL;
	t.score = tried ? (double)right / (double)tried : NAN;
	t.usage.trials = tried > 1 ? (uint32_t)tried : 0;
	return record_take(r->in, &t, place, e);
}

/* pass@1 as the file or the one beside it gives it. */
static bool claim(struct results *r, const json_t *root, struct err *e)
{
	const json_t *own =
	    json_object_get(json_object_get(root, "pass_at_k"), test_names[r->tests]);
	char *dir = file_dir(r->path), *end;
	char *path = arena_printf(&r->in->arena, "%s/%s", dir, file_base(r->path));
	bool there = false;
	json_t *beside = NULL;
	double mean;

	mem_free(dir);
	end = strstr(path + (file_base(path) - path), "eval_results");
	if (r->tests == TESTS_BIG && end) {
		*end = '\0';
		path = arena_printf(&r->in->arena, "%spass_at_k.json", path);
		beside = ingest_beside(path, e, &there);
		if (there && !beside)
			return false;
	}
	if (json_get_number(beside ? beside : own, "pass@1", &mean))
		ingest_aggregate(
		    r->in, r->run, r->benchmark, "pass@1", 0, mean, beside ? path : r->path);
	json_decref(beside);
	return true;
}

static bool take_file(struct results *r, const json_t *root, struct err *e)
{
	json_t *tasks = json_object_get(root, "eval"), *task;
	const char *id;
	bool ok;

	if (!json_is_object(tasks))
		return err_set(e, ERR_DATA, "%s: no results by task in it (\"eval\")", r->path);
	find_model(r);
	if (!choose_tests(r, tasks, e) ||
	    !ingest_run(r->in, r->model, r->path, json_get_string(root, "date"), &r->run, e))
		return false;
	if (r->tests == TESTS_BIG)
		ingest_setting(r->in, r->run, NULL, "calibrated",
		    strstr(r->name, "calibrated") ? "yes" : "no");
	if (strstr(r->benchmark, "_instruct"))
		r->texts.prefer = "instruct_prompt";
	item_texts_begin(&r->texts, r->in);
	ok = item_texts_open(&r->texts, r->path, e);
	json_object_foreach(tasks, id, task)
	{
		ok = ok && take_task(r, id, task, e);
	}
	item_texts_end(&r->texts);
	return ok && claim(r, root, e);
}

static bool read_eval_plus(struct ingest *in, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		struct results r = {.in = in, .path = in->files[i]};
		json_t *root = ingest_document(in, i, e);

		ok = root && take_file(&r, root, e);
		json_decref(root);
	}
	return ok;
}

static int score_eval_plus(const struct ingest_head *h)
{
	if (!ingest_head_has(h, "\"eval\""))
		return SCORE_NONE;
	if (ingest_head_has(h, "\"base_status\"") || ingest_head_has(h, "\"nfiles\""))
		return SCORE_SURE;
	return ingest_head_has(h, "\"task_id\"") && ingest_head_has(h, "\"solution\"") &&
		       ingest_head_has(h, "\"status\"")
		   ? SCORE_SURE
		   : SCORE_NONE;
}

const struct importer importer_eval_plus = {
    .name = "evalplus",
    .about = "eval_results.json of EvalPlus and BigCodeBench",
    .many = true,
    .score = score_eval_plus,
    .read = read_eval_plus,
};
