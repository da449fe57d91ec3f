/* Evaluations of LiveCodeBench (lcb_runner/runner/main.py; github.com/LiveCodeBench/submissions):
 * MODEL/Scenario.SCENARIO_N_TEMPERATURE_eval_all.json, an array of problems with the verdict on each of
 * the N samples (graded_list) and their share (pass@1). */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/answers.h"
#include "ingest/files.h"
#include "ingest/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Half a unit of the digits that pass@1 is written with. */
#define ROUNDING 1e-6

/* One file. */
struct evaluation {
	struct ingest *in;
	struct answers *answers;
	const char *path, *task, *scenario;
	uint32_t model;
	uint64_t without_text;
};

/* "Scenario.codegeneration_10_0.2_eval_all": scenario, samples, temperature. */
static void read_name(struct evaluation *v)
{
	char *stem = record_stem(&v->in->arena, v->path), *at, *end;

	v->task = "livecodebench";
	if (strncmp(stem, "Scenario.", 9))
		return;
	at = strchr(stem, '_');
	if (!at)
		return;
	*at++ = '\0';
	v->scenario = stem + 9;
	if (strcmp(v->scenario, "codegeneration"))
		v->task = arena_printf(&v->in->arena, "livecodebench_%s", v->scenario);
	end = strchr(at, '_');
	if (end) {
		*end++ = '\0';
		ingest_setting(v->in, v->model, v->task, "samples", at);
		ingest_setting(v->in, v->model, v->task, "temperature",
		    arena_strndup(&v->in->arena, end, strcspn(end, "_")));
	}
}

static bool find_model(struct evaluation *v, struct err *e)
{
	const char *name = record_folder(&v->in->arena, v->path);

	if (!*name)
		name = v->in->o->model;
	if (!name)
		return err_set(e, ERR_DATA,
		    "%s: the model is the folder's name, and the path has none: give --model",
		    v->path);
	return ingest_run(v->in, name, record_stem(&v->in->arena, v->path), NULL, &v->model, e);
}

/* The share of the samples that pass; *problem where the file contradicts itself. */
static double label_of(const json_t *row, uint32_t *trials, const char **problem)
{
	const json_t *graded = json_object_get(row, "graded_list"), *one;
	double pass = answers_number(row, "pass@1"), sum = 0, label;
	size_t i, n = json_array_size(graded);

	*problem = NULL;
	json_array_foreach(graded, i, one)
	{
		if (!ingest_json_label(one, &label) || isnan(label)) {
			*problem = "graded_list has a verdict that is neither true nor false";
			return NAN;
		}
		sum += label;
	}
	if (!n)
		return pass;
	if (n > 1)
		*trials = (uint32_t)n;
	if (!isnan(pass) && fabs(pass - sum / (double)n) > ROUNDING)
		*problem = "pass@1 is not the share that graded_list comes to";
	return sum / (double)n;
}

/* A problem may come with several tests, each a document. */
static const char *id_of(const struct evaluation *v, const json_t *row)
{
	const char *id = json_get_string(row, "question_id");
	const json_t *test = json_object_get(row, "test_id");

	if (!id)
		id = json_get_string(row, "id");
	if (id && json_is_integer(test))
		id =
		    arena_printf(&v->in->arena, "%s-%lld", id, (long long)json_integer_value(test));
	return id;
}

static bool take_problem(
    void *arg, json_t *row, const char *place, const char *raw, size_t n, struct err *e)
{
	static const char *const texts[] = {"question_content", "input", "code"};
	struct evaluation *v = arg;
	const char *problem, *title = json_get_string(row, "question_title");
	struct answer a = {.model = v->model, .task = v->task, .usage = RESPONSE_USAGE_NONE};

	(void)raw;
	(void)n;
	a.key = id_of(v, row);
	for (size_t i = 0; !(a.text && *a.text) && i < sizeof(texts) / sizeof(texts[0]); i++)
		a.text = json_get_string(row, texts[i]);
	if (title && a.text)
		a.more = arena_printf(&v->in->arena, "%s\n\n%s", title, a.text);
	if (!(a.text && *a.text) && a.key) {
		a.text = a.key;
		v->without_text++;
	}
	a.label = label_of(row, &a.usage.trials, &problem);
	if (problem)
		return ingest_bad(v->in, e, place, "%s", problem);
	return answers_add(v->answers, &a, place, e);
}

/* MODEL/..._eval.json beside ..._eval_all.json: an array whose first member has the mean. */
static bool add_claim(struct evaluation *v, struct err *e)
{
	char *stem = record_stem(&v->in->arena, v->path), *all = strstr(stem, "_eval_all");
	const char *path;
	json_t *doc;
	bool there;

	if (!all)
		return true;
	path = files_beside(v->in, v->path, 0,
	    arena_printf(&v->in->arena, "%.*s_eval.json", (int)(all - stem), stem));
	doc = path ? ingest_beside(path, e, &there) : NULL;
	if (doc) {
		const json_t *first = json_is_array(doc) ? json_array_get(doc, 0) : doc;

		ingest_aggregate(
		    v->in, v->model, v->task, "pass@1", 0, answers_number(first, "pass@1"), path);
	}
	json_decref(doc);
	return doc || !path;
}

static bool is_evaluation(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"graded_list\"") || ingest_ends(h->path, "_eval_all.json");
}

/* The means come along. */
static bool is_means(const char *path)
{
	return ingest_ends(path, "_eval.json") && strstr(file_base(path), "Scenario.");
}

static bool read_livecodebench(struct ingest *in, struct err *e)
{
	struct answers *answers = answers_new(in);
	bool ok = true, any = false;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		struct evaluation v = {.in = in, .answers = answers, .path = in->files[i]};
		struct ingest_values values = {.value = take_problem,
		    .arg = &v,
		    .skip = "output_list code_list metadata public_test_cases private_test_cases"};

		if (is_means(v.path))
			continue;
		any = true;
		ok = find_model(&v, e);
		if (ok)
			read_name(&v);
		if (ok && ingest_wants(in, v.task))
			ok = ingest_each_value(in, i, &values, e) && add_claim(&v, e);
		if (ok && v.without_text)
			ingest_remark(in, REMARK_LEFT_OUT,
			    "%s: the texts of %llu problems are not in it: their ids stand for the "
			    "questions",
			    v.path, (unsigned long long)v.without_text);
	}
	if (ok && !any)
		ok = err_set(e, ERR_DATA,
		    "%s: the means alone: the answers are in Scenario.*_eval_all.json", in->path);
	ok = ok && answers_stage(answers, e);
	answers_free(answers);
	return ok;
}

static int score_livecodebench(const struct ingest_head *h)
{
	return is_evaluation(h) ? SCORE_SURE : is_means(h->path) ? SCORE_FAIR : SCORE_NONE;
}

const struct importer importer_livecodebench = {
    .name = "livecodebench",
    .about = "MODEL/Scenario.*_eval_all.json of LiveCodeBench",
    .many = true,
    .score = score_livecodebench,
    .read = read_livecodebench,
};
