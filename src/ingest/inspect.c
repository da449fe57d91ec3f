/* Logs of Inspect (inspect.aisi.org.uk; log version 2, as inspect_ai/log/_log.py and
 * _recorders/eval.py write them): .json, one document, or .eval, a zip archive with header.json,
 * summaries.json and samples/ID_epoch_N.json, packed with deflate or zstd. A run that did not end has no
 * header.json: _journal/start.json and _journal/summaries/N.json say the same.
 *
 * The summaries are read, which are small; they cut long inputs, and those samples are read whole. */
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
#include "ingest/walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What a sample has that no label needs, and may be large. */
#define SKIP                                                                                       \
	"messages output store events attachments timelines explanation events_data metadata "     \
	"setup "                                                                                   \
	"files sandbox"

enum pass {
	PASS_HEADER,    /* header.json, or _journal/start.json */
	PASS_SUMMARIES, /* summaries.json, or _journal/summaries/ */
	PASS_SAMPLES,   /* those that the summaries cut, or all where there are no summaries */
};

/* One log. */
struct log {
	struct ingest *in;
	struct answers *answers;
	const char *path;
	json_t *spec, *results; /* of the header */
	const char *status;
	bool named; /* model and task are known */
	uint32_t model;
	const char *name, *task, *metric;
	/* Of an archive: */
	enum pass pass;
	bool has_header, has_summaries, has_journal;
	struct hashtable *cut;  /* "ID_epoch_N" of inputs that are cut; with `all`, not asked */
	struct hashtable *seen; /* the same, of a journal, where a retry logs samples again */
	bool all;
};

/* C, P, I and N are Inspect's grades: correct, partial, incorrect, no answer. */
static bool label_of(const json_t *v, double *label)
{
	static const struct {
		const char *word;
		double label;
	} words[] = {{"C", 1}, {"P", .5}, {"I", 0}, {"N", 0}, {"yes", 1}, {"no", 0}};
	const char *s = json_string_value(v);

	for (size_t i = 0; s && i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(s, words[i].word) || (i > 3 && !strcasecmp(s, words[i].word))) {
			*label = words[i].label;
			return true;
		}
	}
	if (json_is_number(v)) { /* one out of range is told apart from a word */
		*label = json_number_value(v);
		return true;
	}
	return ingest_json_label(v, label);
}

static void add_figure(json_t *figures, const char *name, const json_t *value)
{
	double x;

	if (label_of(value, &x))
		json_object_set_new(figures, name, isnan(x) ? json_null() : json_real(x));
}

/* The values of the scorers, by name; of one that gives several, "scorer/value". */
static json_t *figures_of(const json_t *scores)
{
	json_t *figures = json_object(), *score, *part;
	const char *scorer, *key;

	json_object_foreach((json_t *)scores, scorer, score)
	{
		json_t *value = json_object_get(score, "value");

		if (!json_is_object(value))
			add_figure(figures, scorer, value);
		json_object_foreach(value, key, part)
		{
			char *name = mem_printf("%s/%s", scorer, key);

			add_figure(figures, name, part);
			mem_free(name);
		}
	}
	return figures;
}

/* Settings that are nobody's business. */
static bool is_secret(const char *key)
{
	return strcasestr(key, "api_key") || strcasestr(key, "secret") ||
	       strcasestr(key, "password") || strcasestr(key, "credential");
}

static void set(struct log *l, const char *key, const json_t *v)
{
	char *text;

	if (!v || json_is_null(v) || json_is_object(v) || is_secret(key))
		return;
	text = json_is_string(v) ? mem_strdup(json_string_value(v)) : json_compact(v);
	ingest_setting(l->in, l->model, NULL, key, text);
	mem_free(text);
}

static void add_settings(struct log *l)
{
	static const char *const objects[] = {"model_args", "model_generate_config", "task_args"};
	const char *key;
	json_t *v;

	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		json_object_foreach(json_object_get(l->spec, objects[i]), key, v) set(
		    l, !strcmp(key, "fewshot") || !strcmp(key, "num_fewshot") ? "shots" : key, v);
	}
	set(l, "limit", json_object_get(json_object_get(l->spec, "config"), "limit"));
}

/* The part of a task's name that is not the package it comes from. */
static const char *task_name(const char *task)
{
	const char *slash = task ? strrchr(task, '/') : NULL;

	return slash && slash[1] ? slash + 1 : task;
}

/* Model and task, once the header is known. */
static bool find_run(struct log *l, struct err *e)
{
	const char *model = json_get_string(l->spec, "model");
	const char *when = json_get_string(l->spec, "created");
	const char *id = json_get_string(l->spec, "run_id");
	const char *task_id = json_get_string(l->spec, "task_id");
	char *run;
	bool ok;

	if (l->named)
		return true;
	l->task = task_name(json_get_string(l->spec, "task"));
	if (!l->task || !*l->task || !model || !*model)
		return err_set(e, ERR_DATA,
		    "%s: no eval with model and task before the samples: is it a log of Inspect?",
		    l->path);
	if (!strcmp(model, "none") || !strcmp(model, "none/none"))
		model = l->in->o->model;
	if (!model)
		return err_set(e, ERR_DATA, "%s: the log names no model; give --model", l->path);
	run = mem_printf("%s %s", id ? id : l->path, task_id ? task_id : "");
	ok = ingest_run(l->in, model, run, when, &l->model, e);
	mem_free(run);
	l->name = model;
	l->named = ok;
	if (ok)
		add_settings(l);
	return ok;
}

static void add_usage(const struct log *l, const json_t *sample, struct response_usage *u)
{
	const json_t *all = json_object_get(sample, "model_usage");
	const json_t *own = json_object_get(all, json_get_string(l->spec, "model"));

	if (!own && json_object_size(all) == 1)
		own = json_object_iter_value(json_object_iter((json_t *)all));
	u->tokens_in = answers_number(own, "input_tokens");
	u->tokens_out = answers_number(own, "output_tokens");
	u->cost = answers_number(own, "total_cost");
	u->seconds = answers_number(sample, "working_time");
	if (isnan(u->seconds))
		u->seconds = answers_number(sample, "total_time");
}

/* "ID_epoch_N", as the archive names samples. */
static char *sample_name(const json_t *sample)
{
	const json_t *id = json_object_get(sample, "id");
	double epoch = answers_number(sample, "epoch");

	if (isnan(epoch))
		epoch = 1;
	return json_is_string(id) ? mem_printf("%s_epoch_%.0f", json_string_value(id), epoch)
	       : json_is_integer(id)
		   ? mem_printf("%lld_epoch_%.0f", (long long)json_integer_value(id), epoch)
		   : NULL;
}

/* The label, by the figure that the task is taken by; an error leaves the sample without one. */
static bool sample_label(struct log *l, const json_t *sample, double *label, struct err *e)
{
	const json_t *error = json_object_get(sample, "error");
	json_t *figures;
	bool ok = true;

	*label = NAN;
	if (error && !json_is_null(error))
		return true;
	figures = figures_of(json_object_get(sample, "scores"));
	if (json_object_size(figures)) {
		ok = answers_metric(l->answers, l->task, figures, NULL, &l->metric, e);
		*label = ok && l->metric ? answers_number(figures, l->metric) : NAN;
	}
	json_decref(figures);
	return ok;
}

static bool is_cut(const struct buf *text)
{
	static const char tail[] = "...\n(content truncated)";

	return text->len && memmem(text->s, text->len, tail, sizeof(tail) - 1);
}

static bool take_sample(struct log *l, const json_t *sample, const char *place, struct err *e)
{
	struct buf text = BUF_INIT, more = BUF_INIT;
	char *name = sample_name(sample), *end = name ? strstr(name, "_epoch_") : NULL;
	struct answer a = {.usage = RESPONSE_USAGE_NONE};
	double epoch = answers_number(sample, "epoch");
	bool ok = find_run(l, e);

	if (!ok) {
		mem_free(name);
		return false;
	}
	question_messages(json_object_get(sample, "input"), &text, &more);
	question_options(json_object_get(sample, "choices"), &text);
	if (!name) {
		ok = ingest_bad(l->in, e, place, "a sample without an id");
	} else if (l->pass == PASS_SUMMARIES && !l->has_summaries &&
		   hashtable_put(l->seen, name, strlen(name), 1) != HASHTABLE_NONE) {
		ok = true;
	} else if (l->pass == PASS_SUMMARIES && (is_cut(&text) || is_cut(&more))) {
		hashtable_put(l->cut, name, strlen(name), 1);
	} else {
		*end = '\0';
		a.model = l->model;
		a.task = l->task;
		a.key = name;
		a.text = buf_str(&text);
		a.more = more.len ? more.s : NULL;
		a.epoch = epoch >= 0 && epoch < 1e9 ? (uint64_t)epoch : 0;
		add_usage(l, sample, &a.usage);
		ok = sample_label(l, sample, &a.label, e) && answers_add(l->answers, &a, place, e);
	}
	mem_free(name);
	buf_clear(&text);
	buf_clear(&more);
	return ok;
}

/* The result that the log has of the figure, and what the samples come to by it. Reducers other than
 * the mean make another figure of repeats. */
static void add_claim(struct log *l)
{
	const json_t *scores = json_object_get(l->results, "scores"), *score;
	double n = answers_number(l->results, "total_samples");
	size_t i;

	json_array_foreach(scores, i, score)
	{
		const char *name = json_get_string(score, "name");
		const char *scorer = json_get_string(score, "scorer");
		const char *reducer = json_get_string(score, "reducer");
		const json_t *metrics = json_object_get(score, "metrics");
		char *full = mem_printf("%s/%s", scorer ? scorer : "", name ? name : "");
		bool same =
		    l->metric && name && (!strcmp(name, l->metric) || !strcmp(full, l->metric));
		double mean;

		mem_free(full);
		if (!same || (reducer && strcmp(reducer, "mean")))
			continue;
		mean = answers_number(json_object_get(metrics, "accuracy"), "value");
		if (isnan(mean))
			mean = answers_number(json_object_get(metrics, "mean"), "value");
		ingest_aggregate(
		    l->in, l->model, l->task, l->metric, isnan(n) ? 0 : n, mean, l->path);
		return;
	}
}

static void remark_status(struct log *l)
{
	if (l->status && strcmp(l->status, "success"))
		ingest_remark(l->in, REMARK_LEFT_OUT,
		    "%s: the run did not end well (%.20s): the samples there are came in", l->path,
		    l->status);
}

static bool check_version(struct log *l, const json_t *version, struct err *e)
{
	return !version || (json_is_integer(version) && json_integer_value(version) <= 3) ||
	       err_set(e, ERR_DATA,
		   "%s: a version of Inspect's logs that is not known: 1 to 3 are; write it again "
		   "with 'inspect log convert'",
		   l->path);
}

/* The document of a .json log. */
static bool take_part(void *arg, const struct walk_value *w, struct err *e)
{
	struct log *l = arg;

	switch (w->which) {
	case 0:
		return check_version(l, w->v, e);
	case 1:
		l->status = json_string_value(w->v)
				? arena_strdup(&l->in->arena, json_string_value(w->v))
				: NULL;
		return true;
	case 2:
		json_decref(l->spec);
		l->spec = json_incref((json_t *)w->v);
		return true;
	case 3:
		json_decref(l->results);
		l->results = json_incref((json_t *)w->v);
		return true;
	default:
		return take_sample(l, w->v, w->place, e);
	}
}

static bool read_json(struct log *l, struct stream *s, struct err *e)
{
	static const char *const paths[] = {"version", "status", "eval", "results", "samples.*"};
	struct walk_plan plan = {paths, 5, SKIP, take_part, l};

	l->pass = PASS_SAMPLES;
	return walk_document(l->in, s, &plan, e) && find_run(l, e);
}

static bool take_header(struct log *l, struct stream *s, struct err *e)
{
	json_t *doc = files_document(s, e);
	bool ok = doc && check_version(l, json_object_get(doc, "version"), e);
	const char *status = json_get_string(doc, "status");

	if (ok) {
		json_decref(l->spec);
		json_decref(l->results);
		l->spec = json_incref(json_object_get(doc, "eval"));
		l->results = json_incref(json_object_get(doc, "results"));
		l->status = arena_strdup(&l->in->arena, status ? status : "started");
	}
	json_decref(doc);
	return ok;
}

static bool take_value(void *arg, const struct walk_value *w, struct err *e)
{
	return take_sample(arg, w->v, w->place, e);
}

static bool is_below(const char *name, const char *folder)
{
	size_t n = strlen(folder), k = strlen(name);

	return k > n + 5 && !strncmp(name, folder, n) && !strcmp(name + k - 5, ".json");
}

/* Was the sample of that member cut in the summaries, or were there none? */
static bool wants_sample(const struct log *l, const char *name)
{
	size_t n = strlen("samples/");

	return is_below(name, "samples/") &&
	       (l->all || hashtable_get(l->cut, name + n, strlen(name) - n - 5) != HASHTABLE_NONE);
}

static bool take_member(void *arg, const char *name, struct stream *s, struct err *e)
{
	static const char *const each[] = {"*"}, *const whole[] = {""};
	struct log *l = arg;
	struct walk_plan plan = {each, 1, SKIP, take_value, l};

	switch (l->pass) {
	case PASS_HEADER:
		l->has_summaries = l->has_summaries || !strcmp(name, "summaries.json");
		l->has_journal = l->has_journal || is_below(name, "_journal/summaries/");
		if (!strcmp(name, "header.json"))
			l->has_header = true;
		else if (strcmp(name, "_journal/start.json") || l->has_header)
			return true;
		return take_header(l, s, e);
	case PASS_SUMMARIES:
		if (l->has_summaries ? strcmp(name, "summaries.json")
				     : !is_below(name, "_journal/summaries/"))
			return true;
		return walk_document(l->in, s, &plan, e);
	case PASS_SAMPLES:
	default:
		plan.paths = whole;
		return !wants_sample(l, name) || walk_document(l->in, s, &plan, e);
	}
}

static bool read_archive(struct log *l, struct err *e)
{
	bool ok;

	if (!strcmp(l->path, "-"))
		return err_set(e, ERR_DATA,
		    "<stdin>: an archive is read from a file: give its name instead of -");
	l->pass = PASS_HEADER;
	if (!stream_members(l->path, take_member, l, e))
		return false;
	if (!l->spec)
		return err_set(e, ERR_DATA,
		    "%s: neither header.json nor _journal/start.json in it: no log of Inspect, or "
		    "cut off",
		    l->path);
	l->all = !l->has_summaries && !l->has_journal;
	l->pass = PASS_SUMMARIES;
	ok = find_run(l, e) && (l->all || stream_members(l->path, take_member, l, e));
	l->pass = PASS_SAMPLES;
	if (ok && (l->all || hashtable_count(l->cut)))
		ok = stream_members(l->path, take_member, l, e);
	return ok;
}

static bool is_archive(const struct ingest_head *h)
{
	return h->n > 4 && !memcmp(h->p, "PK\x03\x04", 4) &&
	       (ingest_ends(h->path, ".eval") || ingest_head_has(h, "_journal/start.json"));
}

static bool is_log(const struct ingest_head *h)
{
	return h->n && h->p[strspn(h->p, " \t\r\n\xef\xbb\xbf")] == '{' &&
	       ingest_head_has(h, "\"eval\"") && ingest_head_has(h, "\"task\"") &&
	       ingest_head_has(h, "\"model\"") && ingest_head_has(h, "\"run_id\"") &&
	       ingest_head_has(h, "\"status\"");
}

static bool read_log(struct ingest *in, size_t i, struct answers *answers, struct err *e)
{
	struct log l = {.in = in, .answers = answers, .path = in->files[i]};
	struct ingest_head h;
	struct stream *s = files_peek(in, i, &h, e);
	bool ok = s != NULL;

	l.cut = hashtable_new();
	l.seen = hashtable_new();
	if (ok && is_archive(&h)) {
		stream_close(s);
		s = NULL;
		ok = read_archive(&l, e);
	} else if (ok) {
		ok = read_json(&l, s, e);
	}
	stream_close(s);
	if (ok) {
		add_claim(&l);
		remark_status(&l);
	}
	hashtable_free(l.cut);
	hashtable_free(l.seen);
	json_decref(l.spec);
	json_decref(l.results);
	return ok;
}

static bool read_inspect(struct ingest *in, struct err *e)
{
	return answers_read(in, read_log, e);
}

static int score_inspect(const struct ingest_head *h)
{
	return (is_archive(h) || is_log(h)) ? SCORE_SURE : SCORE_NONE;
}

const struct importer importer_inspect = {
    .name = "inspect",
    .about = "logs of Inspect, .eval or .json, a file or a folder of them",
    .many = true,
    .score = score_inspect,
    .read = read_inspect,
};
