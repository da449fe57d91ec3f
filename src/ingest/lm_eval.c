/* lm-evaluation-harness --log_samples, in its three generations: 0.4.0 to 0.4.2 write
 * ARGUMENTS_TASK.jsonl, with prompts as arrays and without hashes; since 0.4.3
 * MODEL/samples_TASK_DATE.jsonl with hashes; since 0.4.7 with `filter` and `metrics` on each line.
 *
 * A document stands there once a filter. A file is read whole before one filter's rows are taken,
 * so that filters are never mixed. */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/stream.h"
#include "base/hashtable.h"
#include "ingest/lm_eval_doc.h"
#include "ingest/lm_eval_files.h"
#include "store/staging.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define LINE_LIMIT ((size_t)64 << 20)
#define FILTERS_LIMIT 64

/* One line of a file, kept until the filter is chosen. */
struct sample {
	uint32_t item;
	uint16_t filter; /* index in file.filters */
	double score;
};

/* One task of one model. */
struct file {
	struct ingest *in;
	const char *path; /* for messages */
	const char *task;
	uint32_t model;
	const char *metric; /* of every line; NULL before the first */
	bool *metric_found; /* some file has the metric asked for */
	struct sample *samples;
	size_t n, cap;
	const char *filters[FILTERS_LIMIT]; /* names, or "#1", "#2" */
	size_t n_filters;
	bool named;             /* lines carry a filter key */
	struct hashtable *seen; /* doc_id and filter; or doc_id, with how often it came */
};

/* Metrics by preference; a line may have others beside them. */
static const char *const known_metrics[] = {
    "exact_match", "acc", "acc_norm", "pass@1", "em", "f1", "mc2"};

static bool add_name(struct buf *list, const char *name)
{
	return (!list->len || buf_adds(list, ", ")) && buf_adds(list, name);
}

/* Has the line a figure of that name? It may be missing (null, NaN), which is a missing label. */
static bool has_metric(const json_t *line, const char *name)
{
	double x;

	return json_is_null(json_object_get(line, name)) || json_get_number(line, name, &x);
}

/* Which metric the file's lines are taken by, from its first line: the one asked for, else the first
 * that is known. A task without the one asked for is taken by its own, and the report says so. */
static bool choose_metric(struct file *f, const json_t *line, const char *place, struct err *e)
{
	const char *asked = f->in->o->metric;
	const json_t *list = json_object_get(line, "metrics"), *v;
	size_t i;

	if (asked && has_metric(line, asked)) {
		*f->metric_found = true;
		f->metric = asked;
		return true;
	}
	for (i = 0; i < sizeof(known_metrics) / sizeof(known_metrics[0]); i++) {
		if (has_metric(line, known_metrics[i])) {
			f->metric = known_metrics[i];
			return true;
		}
	}
	json_array_foreach(list, i, v)
	{
		const char *name = json_string_value(v);

		if (name && has_metric(line, name)) {
			f->metric = arena_strdup(&f->in->arena, name);
			return true;
		}
	}
	return err_set(e, ERR_DATA, "%s: no metric that is known; name one with --metric", place);
}

/* The line's filter: by name, or as how many-th line of its document it is. */
static bool find_filter(
    struct file *f, const json_t *line, json_int_t doc, size_t *filter, const char **why)
{
	const char *name = json_get_string(line, "filter");
	char key[300], number[24];
	uint64_t count;

	if (f->n && (name != NULL) != f->named) {
		*why = "some lines have a filter and some have none: files of two versions in one";
		return false;
	}
	f->named = name != NULL;
	snprintf(key, sizeof(key), "%lld %.200s", (long long)doc, name ? name : "");
	count = hashtable_get(f->seen, key, strlen(key));
	count = count == HASHTABLE_NONE ? 1 : count + 1;
	if (name && count > 1) {
		*why = "this doc_id and filter stood above already: a second run was appended to "
		       "the file";
		return false;
	}
	hashtable_put(f->seen, key, strlen(key), count);
	if (!name) {
		snprintf(number, sizeof(number), "#%llu", (unsigned long long)count);
		name = number;
	}
	for (*filter = 0; *filter < f->n_filters; ++*filter)
		if (!strcmp(f->filters[*filter], name))
			return true;
	if (f->n_filters == FILTERS_LIMIT) {
		*why = "over 64 lines of one doc_id";
		return false;
	}
	f->filters[f->n_filters++] = arena_strdup(&f->in->arena, name);
	return true;
}

static bool find_item(struct file *f, const json_t *line, uint32_t *item, const char **why)
{
	const char *key = json_get_string(line, "doc_hash"), *benchmark = f->in->o->benchmark;
	struct buf text = BUF_INIT;
	struct staging_listing t = {
	    .key = key,
	    .key_len = key ? strlen(key) : 0,
	    .category = f->task,
	    .category_len = strlen(f->task),
	    .benchmark = benchmark,
	    .part = f->in->o->part,
	};
	enum staging_result r;

	if (!lm_eval_text(line, &text)) {
		buf_clear(&text);
		*why = "no question in doc or arguments";
		return false;
	}
	t.text = text.s;
	t.text_len = text.len;
	r = staging_item(f->in->s, &t, item);
	if (r == STAGING_OTHER_TEXT)
		*why = "this doc_hash had another question above";
	else if (r != STAGING_OK)
		*why = "the question or its key is no text";
	buf_clear(&text);
	return r == STAGING_OK;
}

/* Where in the line the member `key` stands, counted from 1 as json_read counts: its last place, since
 * what a document says comes before its figures. */
static size_t byte_of(const char *text, size_t n, const char *key)
{
	char quoted[128];
	const char *at = NULL, *next = text;
	size_t k = (size_t)snprintf(quoted, sizeof(quoted), "\"%.100s\"", key);

	while ((next = memmem(next, n - (size_t)(next - text), quoted, k)))
		at = next++;
	return at ? (size_t)(at - text) + 1 : 1;
}

/* `line` was parsed from text (n). */
static bool take_line(struct file *f, const json_t *line, const char *text, size_t n,
    const char *place, struct err *e)
{
	const json_t *doc_id = json_object_get(line, "doc_id");
	struct sample s = {.score = NAN};
	const char *why = NULL;
	size_t filter;

	if (!json_is_integer(doc_id))
		return ingest_bad(
		    f->in, e, place, "no doc_id: is it a sample of lm-evaluation-harness?");
	if (!f->metric && !choose_metric(f, line, place, e))
		return false;
	if (!json_is_null(json_object_get(line, f->metric)) &&
	    !json_get_number(line, f->metric, &s.score))
		return ingest_bad(f->in, e, place, "byte %zu: %s is no number",
		    byte_of(text, n, f->metric), f->metric);
	if (!isnan(s.score) && !(s.score >= 0 && s.score <= 1))
		return ingest_bad(f->in, e, place, "byte %zu: %s is %g: a label is between 0 and 1",
		    byte_of(text, n, f->metric), f->metric, s.score);
	if (!find_filter(f, line, json_integer_value(doc_id), &filter, &why) ||
	    !find_item(f, line, &s.item, &why))
		return ingest_bad(f->in, e, place, "%s", why);
	s.filter = (uint16_t)filter;
	f->samples = mem_grow(f->samples, &f->cap, f->n + 1, sizeof(*f->samples));
	f->samples[f->n++] = s;
	return true;
}

/* json_read's message begins with the place, and says the byte. */
static bool bad_json(struct file *f, const json_t *line, const char *place, struct err *e)
{
	struct err why = *e;
	size_t n = strlen(place) + 2;

	if (line)
		return ingest_bad(f->in, e, place, "no JSON object");
	err_clear(e);
	return ingest_bad(f->in, e, place, "%s", strlen(why.msg) > n ? why.msg + n : why.msg);
}

static bool read_lines(struct file *f, struct stream *s, struct err *e)
{
	char place[1024];
	const char *p;
	json_t *line;
	size_t n;
	bool got;

	for (;;) {
		if (!stream_line(s, LINE_LIMIT, &p, &n, &got, e))
			return false;
		if (!got)
			return true;
		if (stream_line_no(s) % 64 == 0 &&
		    !progress_tick(f->in->progress, "reading", stream_fraction(s) * 100,
			stream_fraction(s) < 0 ? 0 : 100, "%"))
			return err_set(
			    e, ERR_CANCELLED, "%s: stopped; nothing was changed", f->path);
		if (!n)
			continue;
		snprintf(place, sizeof(place), "%s:%llu", f->path,
		    (unsigned long long)stream_line_no(s));
		line = json_read(p, n, place, e);
		if (!line || !json_is_object(line)) {
			got = bad_json(f, line, place, e);
		} else {
			got = take_line(f, line, p, n, place, e);
		}
		json_decref(line);
		if (!got)
			return false;
	}
}

/* Each document must have been there once a filter. */
static bool check_counts(const struct file *f, struct err *e)
{
	size_t count[FILTERS_LIMIT] = {0};

	for (size_t i = 0; i < f->n; i++)
		count[f->samples[i].filter]++;
	for (size_t k = 1; !f->named && !f->in->o->skip_bad && k < f->n_filters; k++)
		if (count[k] != count[0])
			return err_set(e, ERR_DATA,
			    "%s: %zu documents stand there once more than others: the file is cut "
			    "off, or a second run was appended to it",
			    f->path, count[k]);
	return true;
}

static bool choose_filter(const struct file *f, size_t *filter, struct err *e)
{
	const char *asked = f->in->o->filter;
	struct buf list = BUF_INIT;

	*filter = 0;
	if (f->n_filters <= 1)
		return true;
	for (size_t i = 0; asked && i < f->n_filters; i++) {
		if (!strcmp(asked, f->filters[i]) ||
		    (f->filters[i][0] == '#' && !strcmp(asked, f->filters[i] + 1))) {
			*filter = i;
			return true;
		}
	}
	for (size_t i = 0; i < f->n_filters; i++)
		add_name(&list, f->filters[i]);
	if (asked)
		err_set(e, ERR_USAGE, "%s: no filter %s; task %s has: %s", f->path, asked, f->task,
		    buf_str(&list));
	else
		err_set(e, ERR_DATA,
		    "%s: task %s has several filters for each document: %s%s; choose one with "
		    "--filter",
		    f->path, f->task, buf_str(&list),
		    f->named ? "" : " (in the order of the file)");
	buf_clear(&list);
	return false;
}

static bool open_file(struct file *f, const char *path, struct err *e)
{
	const char *model;

	if (!lm_eval_files_names(f->in, path, &model, &f->task, e))
		return false;
	return staging_model(f->in->s, model, strlen(model), NULL, &f->model) ||
	       err_set(e, ERR_DATA, "%s: the model's name is no UTF-8 text", f->path);
}

/* Say in the report by what the labels were taken. */
static void note_choice(struct ingest *in, const struct file *f, size_t filter)
{
	if (f->n_filters > 1)
		ingest_remark(in, REMARK_CHOICE, "%s by %s, filter %s", f->task, f->metric,
		    f->filters[filter]);
	else
		ingest_remark(in, REMARK_CHOICE, "%s by %s", f->task, f->metric);
}

static bool read_file(
    struct ingest *in, const char *path, struct stream *s, bool *metric_found, struct err *e)
{
	struct file f = {.in = in, .path = stream_name(s), .metric_found = metric_found};
	size_t filter;
	bool ok;

	f.seen = hashtable_new();
	ok = open_file(&f, path, e) && read_lines(&f, s, e) && check_counts(&f, e) &&
	     choose_filter(&f, &filter, e);
	if (ok && f.n) {
		for (size_t i = 0; i < f.n; i++)
			if (f.samples[i].filter == filter)
				staging_row(in->s, f.samples[i].item, f.model, f.samples[i].score);
		note_choice(in, &f, filter);
	}
	hashtable_free(f.seen);
	mem_free(f.samples);
	return ok;
}

static bool read_lm_eval(struct ingest *in, struct err *e)
{
	bool ok = true, metric_found = false;

	for (size_t i = 0; ok && i < in->n_files; i++) {
		struct stream *s;

		if (in->is_dir && !lm_eval_files_is_sample(in->files[i]))
			continue;
		ingest_take(in, i);
		s = ingest_open(in, i, e);
		ok = s && read_file(in, in->files[i], s, &metric_found, e);
		stream_close(s);
	}
	if (ok && in->o->metric && !metric_found)
		ok = err_set(e, ERR_USAGE, "%s: no task has a metric %s", in->path, in->o->metric);
	return ok;
}

static int score_lm_eval(const struct ingest_head *h)
{
	return !h->is_dir && h->n && h->p[0] == '{' && ingest_head_has(h, "\"doc_id\"")
		   ? SCORE_FAIR
		   : SCORE_NONE;
}

const struct importer importer_lm_eval = {
    .name = "lm_eval",
    .about =
	"samples_*.jsonl of lm-evaluation-harness --log_samples, a file or a directory of them",
    .many = true,
    .score = score_lm_eval,
    .read = read_lm_eval,
};
