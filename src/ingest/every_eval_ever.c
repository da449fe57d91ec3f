/* Every Eval Ever, the interchange schema of the EvalEval coalition (schemas eval and
 * instance_level_eval 0.2 and 0.3, github.com/evaleval/every_eval_ever): one JSON file a run with the
 * figures of its evaluations, UUID.json, and beside it UUID_samples.jsonl with a row for each answer
 * and each of these figures.
 *
 * A row names its run (evaluation_id), its evaluation and, where the run has several figures of it,
 * which of them (evaluation_result_id). One figure an evaluation is taken. */
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
#include "ingest/run_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What rows are of; see find_figure. */
struct figure {
	bool known;
	const struct run_file *run; /* NULL: no file of the run is there */
	struct buf task, id;
	const json_t *result; /* of the run's file, or NULL */
	bool taken;           /* the evaluation is taken by it */
	bool correct;         /* by is_correct, not by score */
};

struct reading {
	struct ingest *in;
	struct answers *answers;
	struct run_file *runs;
	size_t n_runs, cap_runs;
	struct hashtable *by_id;  /* evaluation_id: index in runs */
	struct hashtable *models; /* evaluation_id and model_id: number of the model */
	struct hashtable *claims; /* model and evaluation, once claimed */
	struct hashtable *other;  /* rows of figures that were not taken, by task */
	struct figure figure;     /* of the row read last */
};

/* Which figure rows of this run, evaluation and evaluation_result_id are of, and whether their
 * evaluation is taken by it. */
static bool choose_figure(struct reading *g, const struct run_file *run, const json_t *row,
    const char *task, const char *id, struct err *e)
{
	const char *asked = g->in->o->metric, *metric = NULL;
	json_t *figures = run_file_figures(run, task);
	bool named = json_object_size(figures) > 0, ok = true;
	struct figure *f = &g->figure;

	f->result = run_file_result(run, row, task);
	f->taken = !named && !id && !asked; /* nothing tells figures apart: there is one */
	f->correct = false;
	if (!named && id)
		json_object_set_new(figures, id, json_integer(1));
	if (asked && !strcmp(asked, "is_correct"))
		json_object_set_new(figures, "is_correct", json_true());
	if (!f->taken && json_object_size(figures))
		ok = answers_metric(g->answers, task, figures, NULL, &metric, e);
	if (ok && metric && !strcmp(metric, "is_correct")) {
		f->result = NULL;
		f->taken = f->correct = true;
	} else if (ok && metric) {
		f->taken = named ? f->result && !strcmp(run_file_metric(f->result), metric)
				 : id && !strcmp(id, metric);
	}
	json_decref(figures);
	return ok;
}

static bool same(const struct buf *kept, const char *s)
{
	return !strcmp(buf_str(kept), s ? s : "");
}

/* The same of a row: rows of one figure follow one another. */
static bool find_figure(struct reading *g, const struct run_file *run, const json_t *row,
    const char *task, struct err *e)
{
	const char *id = json_get_string(row, "evaluation_result_id");
	struct figure *f = &g->figure;

	if (f->known && f->run == run && same(&f->task, task) && same(&f->id, id))
		return true;
	f->known = choose_figure(g, run, row, task, id, e);
	f->run = run;
	buf_reset(&f->task);
	buf_adds(&f->task, task);
	buf_reset(&f->id);
	buf_adds(&f->id, id ? id : "");
	return f->known;
}

/* The row's label by the figure at hand. */
static double label_of(const struct figure *f, const json_t *row)
{
	const json_t *evaluation = json_object_get(row, "evaluation");
	double score = answers_number(evaluation, f->correct ? "is_correct" : "score");

	return f->result ? run_file_label(f->result, score) : score;
}

static bool find_model(struct reading *g, const char *evaluation, const char *name,
    const struct run_file *run, uint32_t *model, struct err *e)
{
	char *key = mem_printf("%s\n%s", evaluation, name);
	uint64_t id = hashtable_get(g->models, key, strlen(key));
	bool ok = true;

	if (id != HASHTABLE_NONE) {
		*model = (uint32_t)id;
	} else {
		ok = ingest_run(
		    g->in, name, evaluation, run ? run_file_date(g->in, run->doc) : NULL, model, e);
		if (ok) {
			hashtable_put(g->models, key, strlen(key), *model);
			run_file_settings(g->in, run, *model);
		}
	}
	mem_free(key);
	return ok;
}

/* What the run's file says the rows of the evaluation come to, once. */
static void add_claim(struct reading *g, const struct run_file *run, const json_t *result,
    uint32_t model, const char *task)
{
	const json_t *score = json_object_get(result, "score_details");
	const json_t *detailed =
	    run ? json_object_get(run->doc, "detailed_evaluation_results") : NULL;
	double mean = answers_number(score, "score");
	double n = json_array_size(run_file_results(run)) == 1
		       ? answers_number(detailed, "total_rows")
		       : 0;
	char *key;

	if (!result)
		return;
	key = mem_printf("%u %s", model, task);
	if (hashtable_put(g->claims, key, strlen(key), 1) == HASHTABLE_NONE) {
		ingest_aggregate(g->in, model, task, run_file_metric(result), isnan(n) ? 0 : n,
		    run_file_label(result, mean), run->path);
	}
	mem_free(key);
}

/* Values of metadata are strings. What the schema has no place for, our export writes there. */
static double metadata_number(const json_t *metadata, const char *key)
{
	const char *text = json_get_string(metadata, key);
	char *end;
	double v = text && *text ? strtod(text, &end) : NAN;

	return isnan(v) || *end ? NAN : v;
}

static void add_usage(const json_t *row, struct response_usage *u)
{
	const json_t *tokens = json_object_get(row, "token_usage");
	const json_t *performance = json_object_get(row, "performance");
	const json_t *metadata = json_object_get(row, "metadata");
	double ms = answers_number(performance, "latency_ms"), trials;

	if (isnan(ms))
		ms = answers_number(performance, "generation_time_ms");
	u->tokens_in = answers_number(tokens, "input_tokens");
	u->tokens_out = answers_number(tokens, "output_tokens");
	if (!tokens) {
		u->tokens_in = metadata_number(metadata, "tokens_in");
		u->tokens_out = metadata_number(metadata, "tokens_out");
	}
	u->seconds = ms / 1000;
	u->cost = metadata_number(metadata, "cost_usd");
	trials = metadata_number(metadata, "trials");
	if (trials >= 1 && trials < 1e9)
		u->trials = (uint32_t)trials;
}

/* The question: what was asked, its options, and what the model saw around it. */
static void add_question(const json_t *row, struct buf *text, struct buf *more)
{
	const json_t *input = json_object_get(row, "input");
	const char *formatted = json_get_string(input, "formatted");

	question_messages(json_object_get(input, "raw"), text, more);
	question_options(json_object_get(input, "choices"), text);
	if (formatted && *formatted) {
		buf_reset(more);
		buf_adds(more, formatted);
	}
}

static bool add_answer(struct reading *g, const json_t *row, const struct answer *like,
    const char *place, struct err *e)
{
	const char *error = json_get_string(row, "error");
	const json_t *metadata = json_object_get(row, "metadata");
	double epoch = metadata_number(metadata, "epoch");
	const char *part = json_get_string(metadata, "part");
	struct buf text = BUF_INIT, more = BUF_INIT;
	struct answer a = *like;
	bool ok;

	add_question(row, &text, &more);
	a.text = buf_str(&text);
	a.more = more.len ? more.s : NULL;
	a.epoch = epoch >= 0 && epoch < 1e15 ? (uint64_t)epoch : 0;
	a.benchmark = json_get_string(metadata, "benchmark");
	if (part)
		part_parse(part, &a.part);
	a.usage = (struct response_usage)RESPONSE_USAGE_NONE;
	add_usage(row, &a.usage);
	if (error && *error)
		a.label = NAN;
	ok = answers_add(g->answers, &a, place, e);
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

static bool take_row(
    void *arg, json_t *row, const char *place, const char *raw, size_t n, struct err *e)
{
	struct reading *g = arg;
	const char *evaluation = json_get_string(row, "evaluation_id");
	const char *model = json_get_string(row, "model_id");
	const char *task = json_get_string(row, "evaluation_name");
	struct answer a = {.task = task, .key = json_get_string(row, "sample_id")};
	struct run_file *run;
	uint64_t id;

	(void)raw;
	(void)n;
	if (!evaluation || !model || !*model || !task || !*task)
		return ingest_bad(g->in, e, place,
		    "no evaluation_id, model_id or evaluation_name: is it a row of Every Eval "
		    "Ever?");
	if (!json_is_object(json_object_get(row, "evaluation")))
		return ingest_bad(g->in, e, place, "no evaluation with score and is_correct");
	if (!ingest_wants(g->in, task))
		return true;
	id = hashtable_get(g->by_id, evaluation, strlen(evaluation));
	run = id == HASHTABLE_NONE ? NULL : &g->runs[id];
	if (!find_figure(g, run, row, task, e))
		return false;
	if (!g->figure.taken) {
		if (hashtable_put(g->other, task, strlen(task), 1) == HASHTABLE_NONE)
			ingest_remark(g->in, REMARK_LEFT_OUT,
			    "%s: rows of its other figures; --metric takes another", task);
		return true;
	}
	a.label = label_of(&g->figure, row);
	if (isnan(a.label) && !json_get_string(row, "error"))
		return ingest_bad(g->in, e, place, "its score is no number that can be a label");
	if (!find_model(g, evaluation, model, run, &a.model, e))
		return false;
	if (run)
		run->used = true;
	add_claim(g, run, g->figure.result, a.model, task);
	return add_answer(g, row, &a, place, e);
}

static bool add_run(struct reading *g, const char *path, json_t *doc, struct err *e)
{
	const char *id = json_get_string(doc, "evaluation_id");

	if (!run_file_check(doc, path, e)) {
		json_decref(doc);
		return false;
	}
	hashtable_put(g->by_id, id, strlen(id), g->n_runs);
	g->runs = mem_grow(g->runs, &g->cap_runs, g->n_runs + 1, sizeof(*g->runs));
	g->runs[g->n_runs++] = (struct run_file){arena_strdup(&g->in->arena, path), doc, false};
	return true;
}

static bool is_run_head(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"evaluation_results\"") &&
	       ingest_head_has(h, "\"evaluation_id\"");
}

static bool is_rows_head(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"evaluation_id\"") && ingest_head_has(h, "\"model_id\"") &&
	       ingest_head_has(h, "\"evaluation_name\"") && ingest_head_has(h, "\"sample_id\"");
}

/* The run's file of a file of rows, by name: UUID.json of UUID_samples.jsonl. */
static bool add_run_beside(struct reading *g, const char *path, struct err *e)
{
	const char *base = file_base(path), *end = strstr(base, "_samples.jsonl");
	bool there = false;
	char *beside;
	json_t *doc;

	if (!end)
		return true;
	beside = mem_printf("%.*s.json", (int)(end - path), path);
	doc = ingest_beside(beside, e, &there);
	if (there && doc && run_file_is(doc))
		there = add_run(g, beside, doc, e);
	else
		json_decref(doc);
	mem_free(beside);
	return !there || doc;
}

static bool read_rows(struct reading *g, struct stream *s, struct err *e)
{
	struct ingest_values values = {
	    .value = take_row, .arg = g, .skip = "output messages answer_attribution"};

	return ingest_values_of(g->in, s, &values, e);
}

/* A folder: first all runs' files, then all rows. */
static bool read_folder(struct reading *g, struct err *e)
{
	struct ingest *in = g->in;
	bool *rows = mem_zero_array(in->n_files + 1, sizeof(*rows)), ok = true;
	size_t figures_only = 0;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		struct ingest_head h;
		struct stream *s = files_peek(in, i, &h, e);

		ok = s != NULL;
		rows[i] = ok && is_rows_head(&h) && !is_run_head(&h);
		if (ok && is_run_head(&h)) {
			json_t *doc = files_document(s, e);

			ok =
			    doc && (run_file_is(doc) ? add_run(g, in->files[i], json_incref(doc), e)
						     : true);
			json_decref(doc);
		}
		stream_close(s);
	}
	for (size_t i = 0; ok && i < in->n_files; i++) {
		struct stream *s = rows[i] ? ingest_open(in, i, e) : NULL;

		if (!rows[i])
			continue;
		ok = s && read_rows(g, s, e);
		stream_close(s);
	}
	for (size_t i = 0; ok && i < g->n_runs; i++)
		figures_only += !g->runs[i].used;
	if (ok && figures_only && answers_count(g->answers))
		ingest_remark(in, REMARK_LEFT_OUT,
		    "%zu file%s with figures of whole evaluations and no answers to single "
		    "questions",
		    figures_only, figures_only == 1 ? "" : "s");
	if (ok && !answers_count(g->answers) && g->n_runs)
		ok = run_file_no_rows(&g->runs[0], e);
	mem_free(rows);
	return ok;
}

/* One file, of rows or of a run. */
static bool read_one(struct reading *g, struct err *e)
{
	struct ingest *in = g->in;
	struct ingest_head h;
	struct stream *s = files_peek(in, 0, &h, e);
	const char *path;
	json_t *doc;
	bool ok;

	if (!s)
		return false;
	if (!is_run_head(&h)) {
		ok = add_run_beside(g, in->files[0], e) && read_rows(g, s, e);
		stream_close(s);
		return ok;
	}
	doc = files_document(s, e);
	stream_close(s);
	if (!doc)
		return false;
	if (!run_file_is(doc)) {
		json_decref(doc);
		return err_set(
		    e, ERR_DATA, "%s: no evaluation_id or evaluation_results in it", in->files[0]);
	}
	if (!add_run(g, in->files[0], doc, e))
		return false;
	path = run_file_rows(in, &g->runs[0]);
	if (!path)
		return run_file_no_rows(&g->runs[0], e);
	s = stream_open(path, e);
	ok = s && read_rows(g, s, e);
	stream_close(s);
	return ok;
}

static bool read_every_eval_ever(struct ingest *in, struct err *e)
{
	struct reading g = {.in = in, .answers = answers_new(in)};
	bool ok;

	buf_init(&g.figure.task, BUF_DEFAULT_MAX);
	buf_init(&g.figure.id, BUF_DEFAULT_MAX);
	g.by_id = hashtable_new();
	g.models = hashtable_new();
	g.claims = hashtable_new();
	g.other = hashtable_new();
	ok = (in->is_dir ? read_folder(&g, e) : read_one(&g, e)) &&
	     answers_metric_found(g.answers, e) && answers_stage(g.answers, e);
	for (size_t i = 0; i < g.n_runs; i++)
		json_decref(g.runs[i].doc);
	mem_free(g.runs);
	buf_clear(&g.figure.task);
	buf_clear(&g.figure.id);
	hashtable_free(g.by_id);
	hashtable_free(g.models);
	hashtable_free(g.claims);
	hashtable_free(g.other);
	answers_free(g.answers);
	return ok;
}

static int score_every_eval_ever(const struct ingest_head *h)
{
	return (is_run_head(h) || is_rows_head(h)) ? SCORE_SURE : SCORE_NONE;
}

const struct importer importer_every_eval_ever = {
    .name = "every_eval_ever",
    .about = "Every Eval Ever: UUID_samples.jsonl with UUID.json beside it, or a folder of them",
    .many = true,
    .score = score_every_eval_ever,
    .read = read_every_eval_ever,
};
