/* All files of a task are read before a row is made of them. First pass: of each line its document,
 * its filter and every figure. Then one filter and one figure are chosen for all; and where two
 * documents of one file would be one question, their files are read again for more of those
 * documents, until they differ. */
#include "ingest/lm_eval_task.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/importer.h"
#include "ingest/lm_eval_doc.h"
#include "ingest/lm_eval_figure.h"
#include "store/naming.h"
#include "store/staging.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FILTERS_LIMIT 64

/* One line of a file. */
struct sample {
	uint32_t doc, line;
	uint16_t filter; /* index in samples.filters */
};

/* One file. */
struct samples {
	struct lm_eval_file *f;
	struct sample *v;
	size_t n, cap;
	struct figures figures;
	const char *filters[FILTERS_LIMIT]; /* names, or "#1", "#2" */
	size_t n_filters, filter;           /* filter: the one chosen */
	bool named;                         /* lines carry a filter key */
	const char *prompts;                /* hash of the first prompt, or NULL */
	struct hashtable *seen; /* doc_id and filter; or doc_id, with how often it came */
};

/* A document of the task, the same in all files. */
struct doc {
	const char *text, *key; /* key: its doc_hash, or NULL */
	size_t len;
	uint32_t item; /* of the staging, UINT32_MAX before it has one */
	uint8_t depth; /* how much of it makes the text */
	bool alike;    /* another document of a file has its text: more is wanted */
};

struct task {
	struct ingest *in;
	const char *name;
	struct samples *file;
	size_t n_files;
	struct doc *docs;
	size_t n_docs, cap_docs;
	struct hashtable *keys; /* of documents */
	struct arena texts;
	struct buf scratch;
	struct samples *at;    /* the file being read */
	const char *benchmark; /* or NULL: the one that the task belongs to */
	enum lm_eval_depth depth;
};

/* The members a sample need not be parsed for, unless its document is empty. */
static const char unread[] = "arguments resps filtered_resps target";

/* The line's filter: by name, or as how many-th line of its document it is. */
static bool find_filter(
    struct task *t, const json_t *line, json_int_t doc, uint16_t *filter, const char **why)
{
	struct samples *f = t->at;
	const char *name = json_get_string(line, "filter");
	char key[300], number[24];
	uint64_t count;
	size_t i;

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
	for (i = 0; i < f->n_filters && strcmp(f->filters[i], name);)
		i++;
	if (i == FILTERS_LIMIT) {
		*why = "over 64 lines of one doc_id";
		return false;
	}
	if (i == f->n_filters)
		f->filters[f->n_filters++] = arena_strdup(&t->in->arena, name);
	*filter = (uint16_t)i;
	return true;
}

/* What the document is known by: its doc_hash, else its content, else its prompt. */
static void doc_key(struct task *t, const json_t *line)
{
	const json_t *doc = json_object_get(line, "doc");
	const char *hash = json_get_string(line, "doc_hash");
	char *text;

	buf_reset(&t->scratch);
	if (hash && *hash) {
		buf_printf(&t->scratch, "h%s", hash);
	} else if (json_object_size(doc) || json_is_string(doc)) {
		text = json_compact(doc);
		buf_printf(&t->scratch, "d%s", text);
		mem_free(text);
	} else {
		lm_eval_text(t->name, NULL, json_object_get(line, "arguments"), LM_EVAL_TEMPLATE,
		    &t->scratch);
		buf_adds(&t->scratch, "\np");
	}
}

/* The sample with all its members, for a document that is empty; json_decref. */
static json_t *whole_line(const json_t *line, const char *text, size_t n)
{
	const json_t *doc = json_object_get(line, "doc");

	if (json_object_size(doc) || (json_is_string(doc) && json_string_length(doc)))
		return json_incref((json_t *)line);
	if (!text)
		return json_incref((json_t *)line);
	return json_read(text, n, "", NULL);
}

/* Give the document its text at this depth. */
static bool set_text(struct task *t, struct doc *d, const json_t *line, const char **why)
{
	struct buf text = BUF_INIT;
	bool ok = lm_eval_text(t->name, json_object_get(line, "doc"),
	    json_object_get(line, "arguments"), t->depth, &text);

	if (!ok)
		*why = "no question in doc or arguments";
	if (ok && staging_text_check(text.s, text.len) < text.len) {
		*why = "the question is no text";
		ok = false;
	}
	if (ok) {
		d->text = arena_strndup(&t->texts, text.s, text.len);
		d->len = text.len;
		d->depth = (uint8_t)t->depth;
	}
	buf_clear(&text);
	return ok;
}

static bool find_doc(
    struct task *t, const json_t *part, const char *text, size_t n, uint32_t *doc, const char **why)
{
	json_t *line = whole_line(part, text, n);
	uint64_t id;
	bool ok = line != NULL;

	doc_key(t, line);
	id = hashtable_get(t->keys, buf_str(&t->scratch), t->scratch.len);
	if (ok && id == HASHTABLE_NONE) {
		const char *hash = json_get_string(line, "doc_hash");
		struct doc d = {.item = UINT32_MAX};

		if (hash && *hash && staging_text_check(hash, strlen(hash)) == strlen(hash))
			d.key = arena_strdup(&t->texts, hash);
		ok = set_text(t, &d, line, why);
		if (ok) {
			id = t->n_docs;
			t->docs = mem_grow(t->docs, &t->cap_docs, t->n_docs + 1, sizeof(*t->docs));
			t->docs[t->n_docs++] = d;
			hashtable_put(t->keys, buf_str(&t->scratch), t->scratch.len, id);
		}
	}
	*doc = (uint32_t)id;
	json_decref(line);
	return ok;
}

static bool take_sample(
    void *arg, json_t *line, const char *place, const char *text, size_t n, struct err *e)
{
	struct task *t = arg;
	struct samples *f = t->at;
	const json_t *doc_id = json_object_get(line, "doc_id");
	const char *why = NULL, *colon = strrchr(place, ':');
	struct sample s = {.line = colon ? (uint32_t)strtoul(colon + 1, NULL, 10) : 0};

	if (!json_is_object(line))
		return ingest_bad(t->in, e, place, "no JSON object");
	if (!json_is_integer(doc_id))
		return ingest_bad(
		    t->in, e, place, "no doc_id: is it a sample of lm-evaluation-harness?");
	if (!find_doc(t, line, text, n, &s.doc, &why) ||
	    !find_filter(t, line, json_integer_value(doc_id), &s.filter, &why))
		return ingest_bad(t->in, e, place, "%s", why ? why : "no JSON object");
	if (!f->n && json_get_string(line, "prompt_hash"))
		f->prompts = arena_strdup(&t->in->arena, json_get_string(line, "prompt_hash"));
	figures_add(&f->figures, line, text, n);
	f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
	f->v[f->n++] = s;
	return true;
}

/* More of the documents that are alike. */
static bool take_more(
    void *arg, json_t *line, const char *place, const char *text, size_t n, struct err *e)
{
	struct task *t = arg;
	json_t *whole = json_is_object(line) ? whole_line(line, text, n) : NULL;
	const char *why;
	uint64_t id = HASHTABLE_NONE;
	bool ok = true;

	if (whole) {
		doc_key(t, whole);
		id = hashtable_get(t->keys, buf_str(&t->scratch), t->scratch.len);
	}
	if (id != HASHTABLE_NONE && t->docs[id].alike && t->docs[id].depth < t->depth)
		ok = set_text(t, &t->docs[id], whole, &why) ||
		     err_set(e, ERR_DATA, "%s: %s", place, why);
	json_decref(whole);
	return ok;
}

static bool each_sample(struct task *t, struct samples *f,
    bool (*take)(void *, json_t *, const char *, const char *, size_t, struct err *), struct err *e)
{
	struct ingest_values r = {.value = take, .arg = t, .skip = unread};
	char place[1024];
	json_t *v;
	size_t i;

	t->at = f;
	if (!f->f->dump)
		return ingest_each_value(t->in, f->f->index, &r, e);
	json_array_foreach(f->f->dump, i, v)
	{
		snprintf(place, sizeof(place), "%.600s: samples.%.200s:%zu", f->f->source.path,
		    t->name, i + 1);
		if (!take(t, v, place, NULL, 0, e))
			return false;
	}
	return true;
}

/* Each document must have been there once a filter. */
static bool check_counts(const struct task *t, const struct samples *f, struct err *e)
{
	size_t count[FILTERS_LIMIT] = {0};

	for (size_t i = 0; i < f->n; i++)
		count[f->v[i].filter]++;
	for (size_t k = 1; !f->named && !t->in->o->skip_bad && k < f->n_filters; k++)
		if (count[k] != count[0])
			return err_set(e, ERR_DATA,
			    "%s: %zu documents stand there once more than others: the file is cut "
			    "off, or a second run was appended to it",
			    f->f->source.path, count[k]);
	return true;
}

static bool read_files(struct task *t, struct err *e)
{
	for (size_t i = 0; i < t->n_files; i++) {
		struct samples *f = &t->file[i];
		bool ok;

		f->seen = hashtable_new();
		ok = each_sample(t, f, take_sample, e) && check_counts(t, f, e);
		hashtable_free(f->seen);
		f->seen = NULL;
		if (!ok)
			return false;
	}
	return true;
}

/* Mark documents that have one text within a file, and say how many there are. */
static size_t find_alike(struct task *t)
{
	size_t found = 0;

	for (size_t i = 0; i < t->n_files; i++) {
		struct hashtable *texts = hashtable_new();

		for (size_t k = 0; k < t->file[i].n; k++) {
			uint32_t d = t->file[i].v[k].doc;
			const struct doc *doc = &t->docs[d];
			uint64_t other;

			other = hashtable_get(texts, doc->text, doc->len);
			if (other == HASHTABLE_NONE) {
				hashtable_put(texts, doc->text, doc->len, d);
			} else if (other != d) {
				t->docs[d].alike = t->docs[other].alike = true;
				found++;
			}
		}
		hashtable_free(texts);
	}
	return found;
}

/* A document that another file asks with the text of two of this one's is alike too. */
static void spread_alike(struct task *t)
{
	struct hashtable *texts = hashtable_new();

	for (size_t d = 0; d < t->n_docs; d++)
		if (t->docs[d].alike)
			hashtable_put(texts, t->docs[d].text, t->docs[d].len, 1);
	for (size_t d = 0; d < t->n_docs; d++)
		if (hashtable_get(texts, t->docs[d].text, t->docs[d].len) != HASHTABLE_NONE)
			t->docs[d].alike = true;
	hashtable_free(texts);
}

static bool tell_apart(struct task *t, struct err *e)
{
	size_t first = find_alike(t), left = first;

	for (int depth = LM_EVAL_TELLING; left && depth < LM_EVAL_DEPTHS; depth++) {
		spread_alike(t);
		t->depth = (enum lm_eval_depth)depth;
		for (size_t i = 0; i < t->n_files; i++) {
			if (!t->file[i].f->dump && !strcmp(t->in->files[t->file[i].f->index], "-"))
				return err_set(e, ERR_DATA,
				    "<stdin>: documents of task %s look alike, and must be read "
				    "again to be told apart: name the file",
				    t->name);
			if (!each_sample(t, &t->file[i], take_more, e))
				return false;
		}
		for (size_t d = 0; d < t->n_docs; d++)
			t->docs[d].alike = false;
		left = find_alike(t);
	}
	if (left)
		return err_set(e, ERR_DATA,
		    "%s: %zu documents of task %s have the text of another one and another "
		    "doc_hash: they cannot be told apart; leave the task out with --except %s",
		    t->file[0].f->source.path, left, t->name, t->name);
	if (first)
		ingest_remark(t->in, REMARK_CHOICE,
		    "%s: %zu documents would have had the text of another; more of each is taken",
		    t->name, first);
	return true;
}

static bool add_name(struct buf *list, const char *name)
{
	return (!list->len || buf_adds(list, ", ")) && buf_adds(list, name);
}

static bool is_filter(const char *asked, const char *name)
{
	return !strcmp(asked, name) || (name[0] == '#' && !strcmp(asked, name + 1));
}

static size_t filter_of(const struct samples *f, const char *name)
{
	size_t k = 0;

	while (k < f->n_filters && !is_filter(name, f->filters[k]))
		k++;
	return k;
}

static bool is_only(const struct samples *f)
{
	return f->n_filters == 1 && (!strcmp(f->filters[0], "none") || f->filters[0][0] == '#');
}

static void list_filters(const struct task *t, struct buf *out)
{
	struct hashtable *seen = hashtable_new();

	for (size_t i = 0; i < t->n_files; i++)
		for (size_t k = 0; k < t->file[i].n_filters; k++) {
			const char *name = t->file[i].filters[k];

			if (hashtable_put(seen, name, strlen(name), 1) == HASHTABLE_NONE)
				add_name(out, name);
		}
	hashtable_free(seen);
}

/* The filter of earlier imports, where every file has it. */
static bool earlier_filter(struct task *t, const char **name, struct err *e)
{
	if (!ingest_earlier(t->in, t->name, "filter", name, e))
		return false;
	for (size_t i = 0; *name && i < t->n_files; i++)
		if (t->file[i].n_filters && filter_of(&t->file[i], *name) == t->file[i].n_filters)
			*name = NULL;
	return true;
}

/* One filter for all files: the one asked for, else that of earlier imports, else the only one. */
static bool choose_filter(struct task *t, struct lm_eval_choices *c, struct err *e)
{
	const char *asked = t->in->o->filter, *name = NULL;
	struct buf list = BUF_INIT;
	bool lacking = false, several = false;

	if (!asked && !earlier_filter(t, &asked, e))
		return false;

	for (size_t i = 0; i < t->n_files; i++) {
		struct samples *f = &t->file[i];

		f->filter = 0;
		if (!f->n_filters)
			continue;
		if (asked && filter_of(f, asked) < f->n_filters) {
			f->filter = filter_of(f, asked);
			c->filter_found = true;
		} else if (asked) {
			lacking = lacking || !is_only(f);
		} else {
			several = several || f->n_filters > 1 ||
				  (name && strcmp(name, f->filters[0]) && !is_only(f));
			name = f->filters[0];
		}
	}
	list_filters(t, &list);
	if (asked && !c->filters)
		c->filters =
		    arena_printf(&t->in->arena, "task %s has: %s", t->name, buf_str(&list));
	if (lacking)
		err_set(e, ERR_USAGE, "%s: no filter %s; task %s has: %s",
		    t->file[0].f->source.path, asked, t->name, buf_str(&list));
	else if (several)
		err_set(e, ERR_DATA,
		    "%s: task %s has several filters for each document: %s%s; choose one with "
		    "--filter",
		    t->file[0].f->source.path, t->name, buf_str(&list),
		    t->file[0].named ? "" : " (in the order of the file)");
	buf_clear(&list);
	return !lacking && !several;
}

/* The staging's item of a document, made with its first row. */
static bool find_item(struct task *t, struct doc *d, struct err *e)
{
	struct staging_listing listing = {
	    .key = d->key,
	    .key_len = d->key ? strlen(d->key) : 0,
	    .category = t->name,
	    .category_len = strlen(t->name),
	    .benchmark = t->benchmark,
	    .text = d->text,
	    .text_len = d->len,
	    .part = t->in->o->part,
	};

	if (d->item != UINT32_MAX)
		return true;
	return staging_item(t->in->s, &listing, &d->item) == STAGING_OK ||
	       err_set(e, ERR_DATA, "%s: task %s: a document cannot be stored",
		   t->file[0].f->source.path, t->name);
}

static bool bad_figure(const struct task *t, const struct samples *f, size_t i, const char *metric,
    double v, struct err *e)
{
	char place[1024], byte[40] = "";
	size_t at = figures_byte(&f->figures, i, metric);

	snprintf(place, sizeof(place), "%.900s:%u", f->f->source.path, f->v[i].line);
	if (at)
		snprintf(byte, sizeof(byte), "byte %zu: ", at);
	if (v == FIGURE_ABSENT)
		return ingest_bad(t->in, e, place, "it has no %s", metric);
	if (v == FIGURE_NONE)
		return ingest_bad(t->in, e, place, "%s%s is no number", byte, metric);
	return ingest_bad(
	    t->in, e, place, "%s%s is %g: a label is between 0 and 1", byte, metric, v);
}

static bool add_rows(struct task *t, struct samples *f, const char *metric, struct err *e)
{
	const char *filter = f->named && f->n_filters ? f->filters[f->filter] : NULL;

	if (!lm_eval_source_stage(t->in, &f->f->source, f->prompts, e))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		struct doc *d = &t->docs[f->v[i].doc];
		double v;

		if (f->v[i].filter != f->filter)
			continue;
		v = figures_get(&f->figures, i, metric);
		if (!isnan(v) && !(v >= 0 && v <= 1)) {
			if (!bad_figure(t, f, i, metric, v, e))
				return false;
			continue;
		}
		if (!find_item(t, d, e))
			return false;
		staging_row(t->in->s, d->item, f->f->source.slot, v);
	}
	ingest_setting(t->in, f->f->source.slot, t->name, "metric", metric);
	if (filter && strcmp(filter, "none"))
		ingest_setting(t->in, f->f->source.slot, t->name, "filter", filter);
	if (f->named || f->n_filters <= 1)
		lm_eval_source_claim(t->in, &f->f->source, metric, filter);
	return true;
}

/* A benchmark has one figure: a task of another one (gpqa_main_cot by exact_match beside
 * gpqa_main_zeroshot by acc) is a benchmark of its own. */
static void choose_benchmark(struct task *t, struct lm_eval_choices *c, const char *metric)
{
	const char *benchmark = t->in->o->benchmark;
	uint64_t i;

	t->benchmark = benchmark;
	if (!benchmark)
		benchmark = naming_benchmark(&t->in->arena, t->name, strlen(t->name));
	i = hashtable_get(c->benchmarks, benchmark, strlen(benchmark));
	if (i == HASHTABLE_NONE) {
		for (i = 0; i < c->n_metrics && strcmp(c->metrics[i], metric);)
			i++;
		if (i == sizeof(c->metrics) / sizeof(c->metrics[0]))
			return;
		if (i == c->n_metrics)
			c->metrics[c->n_metrics++] = metric;
		hashtable_put(c->benchmarks, benchmark, strlen(benchmark), i);
		return;
	}
	if (t->benchmark || !strcmp(c->metrics[i], metric) || !strcmp(benchmark, t->name))
		return;
	t->benchmark = t->name;
	ingest_remark(t->in, REMARK_CHOICE,
	    "%s is a benchmark of its own: %s is taken by %s, this task by %s", t->name, benchmark,
	    c->metrics[i], metric);
}

/* What one results file says of a figure goes for all files of the task. */
static void mark_wrong(struct task *t)
{
	for (size_t i = 0; i < t->n_files; i++) {
		const struct figures *f = &t->file[i].figures;

		for (size_t k = 0; k < f->n; k++)
			for (size_t other = 0;
			     lm_eval_source_is_wrong(&t->file[i].f->source, f->v[k].name) &&
			     other < t->n_files;
			     other++)
				figures_set_wrong(&t->file[other].figures, f->v[k].name);
	}
}

static bool add_all(struct task *t, struct lm_eval_choices *c, struct err *e)
{
	const struct figures **all = mem_array(t->n_files + 1, sizeof(*all));
	const struct samples *first = NULL;
	const char *metric;
	size_t n = 0;
	bool ok;

	for (size_t i = 0; i < t->n_files; i++) {
		if (!t->file[i].n)
			continue;
		all[n++] = &t->file[i].figures;
		first = first ? first : &t->file[i];
	}
	if (!first) {
		ingest_remark(t->in, REMARK_LEFT_OUT, "%s: its files hold no sample", t->name);
		mem_free(all);
		return true;
	}
	mark_wrong(t);
	ok = figures_choose(all, n, t->in, t->name, &metric, &c->metric_found, e);
	mem_free(all);
	if (!ok || !metric)
		return ok;
	choose_benchmark(t, c, metric);
	if (!tell_apart(t, e) || !choose_filter(t, c, e))
		return false;
	for (size_t i = 0; i < t->n_files; i++)
		if (t->file[i].n && !add_rows(t, &t->file[i], metric, e))
			return false;
	if (first->n_filters > 1 || (first->named && strcmp(first->filters[0], "none")))
		ingest_remark(t->in, REMARK_CHOICE, "%s by %s, filter %s", t->name, metric,
		    first->filters[first->filter]);
	else
		ingest_remark(t->in, REMARK_CHOICE, "%s by %s", t->name, metric);
	return true;
}

bool lm_eval_read_task(
    struct ingest *in, struct lm_eval_file *f, size_t n, struct lm_eval_choices *c, struct err *e)
{
	struct task t = {.in = in, .name = f[0].source.task, .n_files = n, .scratch = BUF_INIT};
	bool ok;

	t.file = mem_zero_array(n, sizeof(*t.file));
	t.keys = hashtable_new();
	for (size_t i = 0; i < n; i++)
		t.file[i].f = &f[i];
	ok = read_files(&t, e) && add_all(&t, c, e);
	for (size_t i = 0; i < n; i++) {
		figures_clear(&t.file[i].figures);
		mem_free(t.file[i].v);
	}
	mem_free(t.file);
	mem_free(t.docs);
	hashtable_free(t.keys);
	arena_clear(&t.texts);
	buf_clear(&t.scratch);
	return ok;
}
