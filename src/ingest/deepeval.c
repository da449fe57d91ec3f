/* Test runs of DeepEval (confident-ai/deepeval, test_run/: test_run_*.json or .latest_test_run.json): a
 * case has its input and `success`, which is that of all its metrics, and each metric's own. The model
 * is in the file only where the run was given hyperparameters with one. */
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

/* One file. */
struct test_run {
	struct ingest *in;
	struct answers *answers;
	const char *path, *task, *metric;
	const char *model_name;
	uint32_t model;
	double passed, failed; /* those that were judged */
	double unjudged;
	uint64_t conversations;
};

/* What stands around the cases. */
static bool take_header(void *arg, const struct walk_value *w, struct err *e)
{
	struct test_run *r = arg;
	const char *model = json_get_string(w->v, "model");

	(void)e;
	switch (w->which) {
	case 0:
		if (model && *model)
			r->model_name = arena_strdup(&r->in->arena, model);
		break;
	case 1:
		r->passed = json_is_number(w->v) ? json_number_value(w->v) : NAN;
		break;
	case 2:
		r->failed = json_is_number(w->v) ? json_number_value(w->v) : NAN;
		break;
	default:
		r->conversations++;
	}
	return true;
}

static json_t *figures_of(const json_t *test)
{
	json_t *figures = json_object();
	const json_t *metric, *success = json_object_get(test, "success");
	size_t i;

	json_array_foreach(json_object_get(test, "metricsData"), i, metric)
	{
		const char *name = json_get_string(metric, "name");
		const json_t *own = json_object_get(metric, "success");

		if (name && own)
			json_object_set(figures, name, (json_t *)own);
	}
	json_object_set(figures, "success", (json_t *)success);
	return figures;
}

static bool take_case(void *arg, const struct walk_value *w, struct err *e)
{
	static const char *const preferred[] = {"success", NULL};
	struct test_run *r = arg;
	double order = answers_number(w->v, "order");
	struct answer a = {
	    .model = r->model, .task = r->task, .label = NAN, .usage = RESPONSE_USAGE_NONE};
	struct buf text = BUF_INIT, more = BUF_INIT;
	json_t *figures;
	char key[24];
	bool ok;

	question_messages(json_object_get(w->v, "input"), &text, &more);
	snprintf(key, sizeof(key), "%.0f", order >= 0 ? order : (double)w->index);
	a.key = key;
	a.text = buf_str(&text);
	a.more = more.len ? more.s : NULL;
	a.usage.cost = record_amount(w->v, "tokenCost");
	a.usage.seconds = record_amount(w->v, "completionTime");
	figures = figures_of(w->v);
	ok = answers_metric(r->answers, r->task, figures, preferred, &r->metric, e);
	if (ok && r->metric)
		a.label = answers_number(figures, r->metric);
	ok = ok && answers_add(r->answers, &a, w->place, e);
	r->unjudged += isnan(a.label) ? 1 : 0;
	json_decref(figures);
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

static bool walk_file(struct test_run *r, size_t i, const struct walk_plan *plan, struct err *e)
{
	struct stream *s = ingest_open(r->in, i, e);
	bool ok = s && walk_document(r->in, s, plan, e);

	stream_close(s);
	return ok;
}

static void end_run(struct test_run *r)
{
	if (r->passed + r->failed > 0 && r->metric && !strcmp(r->metric, "success"))
		ingest_aggregate(r->in, r->model, r->task, "success",
		    r->passed + r->failed + r->unjudged, r->passed / (r->passed + r->failed),
		    r->path);
	if (r->conversations)
		ingest_remark(r->in, REMARK_LEFT_OUT,
		    "%s: %llu conversations, which are no questions", r->path,
		    (unsigned long long)r->conversations);
}

static bool read_file(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	static const char *const header[] = {
	    "hyperparameters", "testPassed", "testFailed", "conversationalTestCases.*"};
	static const char *const cases[] = {"testCases.*"};
	struct test_run r = {
	    .in = in, .answers = answers, .path = in->files[i], .passed = NAN, .failed = NAN};
	struct walk_plan plan = {header, 4, NULL, take_header, &r};

	r.task = in->o->benchmark ? in->o->benchmark : record_stem(&in->arena, r.path);
	if (!ingest_wants(in, r.task))
		return true;
	if (!strcmp(r.path, "-"))
		return err_set(e, ERR_DATA,
		    "<stdin>: a test run of DeepEval is read twice: give the file's name instead "
		    "of -");
	/* What is said of all cases stands behind them. */
	if (!walk_file(&r, i, &plan, e))
		return false;
	if (!r.model_name && !in->o->model)
		return err_set(e, ERR_DATA,
		    "%s: DeepEval does not say which model answered: give --model (or log it among "
		    "the hyperparameters)",
		    r.path);
	if (!ingest_run(in, r.model_name ? r.model_name : in->o->model, r.path, NULL, &r.model, e))
		return false;
	plan = (struct walk_plan){cases, 1, "trace actualOutput", take_case, &r};
	if (!walk_file(&r, i, &plan, e))
		return false;
	end_run(&r);
	return true;
}

static bool read_deepeval(struct ingest *in, struct err *e)
{
	return answers_read(in, read_file, e);
}

static int score_deepeval(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"testCases\"") && (ingest_head_has(h, "\"metricsData\"") ||
							  ingest_head_has(h, "\"testPassed\""))
		   ? SCORE_SURE
		   : SCORE_NONE;
}

const struct importer importer_deepeval = {
    .name = "deepeval",
    .about = "test runs of DeepEval (test_run_*.json); --model says whose answers",
    .many = true,
    .score = score_deepeval,
    .read = read_deepeval,
};
