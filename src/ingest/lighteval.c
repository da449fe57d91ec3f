/* Details of LightEval (huggingface/lighteval, logging/info_loggers.py) as JSON lines:
 * details/MODEL/TIME/details_TASK_TIME.jsonl, a row a document with the structs doc, model_response and
 * metric (__doc__ and so on where they were written so); results/MODEL/results_TIME.json has the means.
 * LightEval itself writes Parquet, which nothing here reads: the error says how to convert it. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/answers.h"
#include "ingest/question.h"
#include "ingest/record.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define TASK_MAX 200

/* One file of details. */
struct details {
	struct ingest *in;
	struct answers *answers;
	const char *path, *model_name, *time;
	bool named, wanted;
	uint32_t model;
	const char *task, *full, *metric; /* full: "leaderboard|gsm8k|5", as in the results */
	uint64_t rows;
};

/* MODEL and TIME of .../details/MODEL/TIME/file; the model's name may hold a slash. */
static void read_path(struct details *d)
{
	const char *found = NULL, *at = d->path, *end;
	struct arena *a = &d->in->arena;

	while ((at = strstr(at, "details/"))) {
		if (at == d->path || at[-1] == '/')
			found = at + strlen("details/");
		at += strlen("details/");
	}
	end = found ? strrchr(found, '/') : NULL;
	while (end && end > found && *--end != '/')
		;
	if (!end || end <= found)
		return;
	d->model_name = arena_strndup(a, found, (size_t)(end - found));
	d->time = arena_strndup(a, end + 1, strcspn(end + 1, "/"));
}

/* "suite|task:subset|shots|..." or "task|shots": the part that names the task, ':' as '_'. */
static void set_task(struct details *d, const char *name)
{
	const char *part = name, *bar = strchr(name, '|');
	char *task;

	d->full = arena_strdup(&d->in->arena, name);
	/* The first part is a suite, unless what follows it is a number of shots. */
	if (bar && strspn(bar + 1, "0123456789") != strcspn(bar + 1, "|"))
		part = bar + 1;
	task = arena_strndup(&d->in->arena, part, strcspn(part, "|"));
	for (char *p = task; *p; p++)
		if (*p == ':')
			*p = '_';
	d->task = task;
	part = strchr(part, '|');
	if (part && strspn(part + 1, "0123456789")) {
		char shots[16];

		snprintf(
		    shots, sizeof(shots), "%.*s", (int)strspn(part + 1, "0123456789"), part + 1);
		ingest_setting(d->in, d->model, d->task, "shots", shots);
	}
}

static const json_t *member(const json_t *row, const char *name)
{
	char dunder[40];
	const json_t *v = json_object_get(row, name);

	snprintf(dunder, sizeof(dunder), "__%s__", name);
	return v ? v : json_object_get(row, dunder);
}

/* The task's name in the row, else in the file's: details_TASK_TIME. */
static bool find_run(struct details *d, const json_t *doc, const char *place, struct err *e)
{
	const char *name = json_get_string(doc, "task_name");
	char *stem = record_stem(&d->in->arena, d->path), *last;

	if (d->named)
		return true;
	if (!d->model_name && !d->in->o->model)
		return err_set(e, ERR_DATA,
		    "%s: whose answers? the path has no details/MODEL/TIME/; give --model", place);
	if (!ingest_run(d->in, d->model_name ? d->model_name : d->in->o->model,
		d->time ? d->time : d->path, d->time, &d->model, e))
		return false;
	if (!name || !*name) {
		last = strrchr(stem, '_');
		if (last && !strncmp(stem, "details_", 8) && last > stem + 8)
			*last = '\0';
		name = !strncmp(stem, "details_", 8) ? stem + 8 : stem;
	}
	set_task(d, name);
	d->named = true;
	d->wanted = ingest_wants(d->in, d->task);
	return true;
}

/* Options, unless they are the answers: a document of generation has its references as choices. */
static void add_options(const json_t *doc, struct buf *text)
{
	const json_t *choices = json_object_get(doc, "choices");
	const json_t *gold = json_object_get(doc, "gold_index");
	size_t n = json_array_size(choices);

	if (n > 1 && !(json_is_array(gold) && json_array_size(gold) == n))
		question_options(choices, text);
}

static bool take_row(
    void *arg, json_t *row, const char *place, const char *raw, size_t n, struct err *e)
{
	struct details *d = arg;
	const json_t *doc = member(row, "doc"), *figures = member(row, "metric");
	const json_t *id = json_object_get(doc, "id");
	struct answer a = {.usage = RESPONSE_USAGE_NONE};
	struct buf text = BUF_INIT;
	char number[24];
	bool ok;

	(void)raw;
	(void)n;
	if (!json_is_object(doc) || !json_is_object(figures))
		return ingest_bad(
		    d->in, e, place, "no doc or no metric: is it a file of LightEval's details?");
	if (!find_run(d, doc, place, e))
		return false;
	if (!d->wanted)
		return true;
	snprintf(number, sizeof(number), "%llu", (unsigned long long)d->rows++);
	a.key = json_is_string(id) && *json_string_value(id) ? json_string_value(id) : number;
	if (!question_messages(json_object_get(doc, "original_query"), &text, NULL))
		question_messages(json_object_get(doc, "query"), &text, NULL);
	add_options(doc, &text);
	a.model = d->model;
	a.task = d->task;
	a.text = buf_str(&text);
	a.label = NAN;
	ok = answers_metric(d->answers, d->task, figures, NULL, &d->metric, e);
	if (ok && d->metric)
		a.label = answers_number(figures, d->metric);
	ok = ok && answers_add(d->answers, &a, place, e);
	buf_clear(&text);
	return ok;
}

/* results/MODEL/results_TIME.json, from the folder that holds details/. */
static bool add_claim(struct details *d, struct err *e)
{
	const char *details = d->model_name ? strstr(d->path, "details/") : NULL;
	const json_t *results, *figures;
	json_t *doc;
	char *path;
	bool there;

	if (!details || !d->time || !d->metric)
		return true;
	path = mem_printf("%.*sresults/%s/results_%s.json", (int)(details - d->path), d->path,
	    d->model_name, d->time);
	doc = ingest_beside(path, e, &there);
	results = json_object_get(doc, "results");
	figures = json_object_get(results, d->full);
	if (doc && !figures) { /* "suite|task|shots" of "suite|task|shots|0" */
		char *bar = strrchr(arena_strdup(&d->in->arena, d->full), '|');

		if (bar)
			figures = json_object_get(results,
			    arena_strndup(&d->in->arena, d->full, strlen(d->full) - strlen(bar)));
	}
	if (json_is_object(figures))
		ingest_aggregate(d->in, d->model, d->task, d->metric, 0,
		    answers_number(figures, d->metric), path);
	mem_free(path);
	json_decref(doc);
	return doc || !there;
}

static bool is_parquet(const char *path)
{
	return ingest_ends(path, ".parquet");
}

static bool refuse_parquet(const char *path, struct err *e)
{
	return err_set(e, ERR_DATA,
	    "%s: Parquet, which is not read: convert it with python3 -c 'import pandas, sys; "
	    "pandas.read_parquet(sys.argv[1]).to_json(sys.argv[2], orient=\"records\", "
	    "lines=True)' "
	    "FILE.parquet FILE.jsonl, in the same folder, and import that",
	    path);
}

static bool read_details(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	struct details d = {.in = in, .answers = answers, .path = in->files[i]};
	struct ingest_values values = {.value = take_row,
	    .arg = &d,
	    .skip = "model_response "
		    "__model_response__"};

	read_path(&d);
	return ingest_each_value(in, i, &values, e) && add_claim(&d, e);
}

/* The figures of a run come along with its details. */
static bool is_results(const struct ingest_head *h)
{
	return ingest_ends(h->path, ".json") && ingest_head_has(h, "\"config_general\"") &&
	       ingest_head_has(h, "\"lighteval_sha\"");
}

static bool is_details(const struct ingest_head *h)
{
	return (ingest_head_has(h, "\"doc\"") || ingest_head_has(h, "\"__doc__\"")) &&
	       (ingest_head_has(h, "\"metric\"") || ingest_head_has(h, "\"__metric__\"")) &&
	       ingest_head_has(h, "\"query\"");
}

static bool read_lighteval(struct ingest *in, struct err *e)
{
	struct answers *answers = answers_new(in);
	const char *parquet = NULL;
	size_t lines = 0;
	bool ok = true;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		if (is_parquet(in->files[i])) {
			parquet = in->files[i];
		} else if (!ingest_ends(in->files[i], ".json")) {
			lines++;
			ok = read_details(in, i, answers, e);
		}
	}
	if (ok && !lines)
		ok = parquet ? refuse_parquet(parquet, e)
			     : err_set(e, ERR_DATA,
				   "%s: figures of whole tasks, without answers: those are in "
				   "details/ (--save-details)",
				   in->path);
	else if (ok && parquet)
		ingest_remark(in, REMARK_LEFT_OUT, "files of Parquet, as %s", parquet);
	ok = ok && answers_metric_found(answers, e) && answers_stage(answers, e);
	answers_free(answers);
	return ok;
}

static int score_lighteval(const struct ingest_head *h)
{
	if (is_parquet(h->path))
		return !strncmp(file_base(h->path), "details_", 8) ? SCORE_FAIR : SCORE_NONE;
	return is_details(h) ? SCORE_FAIR + 20 : is_results(h) ? SCORE_FAIR : SCORE_NONE;
}

const struct importer importer_lighteval = {
    .name = "lighteval",
    .about = "details_TASK_TIME.jsonl of LightEval, converted from its Parquet",
    .many = true,
    .score = score_lighteval,
    .read = read_lighteval,
};
