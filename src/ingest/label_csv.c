/* A CSV with one label a row, its columns known by name: the EmbedLLM release's layout, where the
 * prompt stands on every row and prompt_id and model_id tell what is what, and the long form. */
#include "ingest/importer.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/hashtable.h"
#include "ingest/csv.h"
#include "store/staging.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum column {
	COL_LABEL,
	COL_TEXT,
	COL_MODEL,
	COL_CATEGORY,
	COL_KEY,
	COL_MODEL_KEY,
	COL_PART,
	COL_COUNT,
};

/* Names of the columns by format; those after COL_CATEGORY may be absent. */
static const char *const embedllm_columns[COL_COUNT] = {
    [COL_LABEL] = "label",
    [COL_TEXT] = "prompt",
    [COL_MODEL] = "model_name",
    [COL_CATEGORY] = "category",
    [COL_KEY] = "prompt_id",
    [COL_MODEL_KEY] = "model_id",
    [COL_PART] = "part",
};
static const char *const long_columns[COL_COUNT] = {
    [COL_LABEL] = "label",
    [COL_TEXT] = "question",
    [COL_MODEL] = "model",
    [COL_CATEGORY] = "benchmark",
    [COL_KEY] = "question_id",
    [COL_MODEL_KEY] = "model_id",
    [COL_PART] = "part",
};

struct labels {
	struct ingest *in;
	const char *file;
	const char *const *names;
	size_t at[COL_COUNT]; /* SIZE_MAX = not there */
	size_t columns;       /* 0 before the header */
	char **header;        /* for messages, in the scratch arena */
	struct hashtable *model_keys;
};

/* What becomes of a row. */
enum verdict { ROW_TAKE, ROW_LEAVE, ROW_STOP };

static enum verdict bad(struct labels *l, const struct csv_row *row, enum column col, struct err *e,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static enum verdict bad(struct labels *l, const struct csv_row *row, enum column col, struct err *e,
    const char *fmt, ...)
{
	char place[1024], reason[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	snprintf(place, sizeof(place), "%s:%llu:%s", l->file, (unsigned long long)row->line,
	    l->names[col]);
	return ingest_bad(l->in, e, place, "%s", reason) ? ROW_LEAVE : ROW_STOP;
}

static enum verdict bad_text(struct labels *l, const struct csv_row *row, enum column col,
    const char *p, size_t n, struct err *e)
{
	if (!n)
		return bad(l, row, col, e, "empty");
	return bad(l, row, col, e, "byte %zu is not UTF-8 text", staging_text_check(p, n) + 1);
}

static bool bad_record(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	struct labels *l = arg;
	char place[1024];

	if (!l->columns) /* the header itself: nothing can be read without it */
		return err_set(
		    e, ERR_DATA, "%s:%llu: %s", l->file, (unsigned long long)line, reason);
	if (column < l->columns)
		snprintf(place, sizeof(place), "%s:%llu:%s", l->file, (unsigned long long)line,
		    l->header[column]);
	else
		snprintf(place, sizeof(place), "%s:%llu", l->file, (unsigned long long)line);
	return ingest_bad(l->in, e, place, "%s", reason);
}

static size_t find_column(const struct csv_row *row, const char *name, size_t from)
{
	for (size_t i = from; i < row->n; i++)
		if (row->v[i].n == strlen(name) && !memcmp(row->v[i].p, name, row->v[i].n))
			return i;
	return SIZE_MAX;
}

static bool read_header(struct labels *l, const struct csv_row *row, struct err *e)
{
	const struct ingest_options *o = l->in->o;
	bool replaced[COL_COUNT] = {[COL_MODEL] = o->model, [COL_CATEGORY] = o->benchmark};

	for (int c = 0; c < COL_COUNT; c++) {
		l->at[c] = find_column(row, l->names[c], 0);
		if (l->at[c] != SIZE_MAX && find_column(row, l->names[c], l->at[c] + 1) != SIZE_MAX)
			return err_set(e, ERR_DATA, "%s:%llu: two columns are called %s", l->file,
			    (unsigned long long)row->line, l->names[c]);
		if (l->at[c] == SIZE_MAX && c <= COL_CATEGORY && !replaced[c])
			return err_set(e, ERR_DATA,
			    "%s:%llu: no column %s in the header; wanted are %s, %s, %s and %s%s",
			    l->file, (unsigned long long)row->line, l->names[c],
			    l->names[COL_MODEL], l->names[COL_CATEGORY], l->names[COL_TEXT],
			    l->names[COL_LABEL],
			    c == COL_MODEL      ? ", or --model"
			    : c == COL_CATEGORY ? ", or --benchmark"
						: "");
	}
	l->columns = row->n;
	l->header = arena_array(&l->in->arena, char *, row->n);
	for (size_t i = 0; i < row->n; i++)
		l->header[i] = arena_strndup(&l->in->arena, row->v[i].p, row->v[i].n);
	return true;
}

/* The field of a column, an empty one where there is no such column. */
static const struct csv_field *field(
    const struct labels *l, const struct csv_row *row, enum column c)
{
	static const struct csv_field none = {"", 0};

	return l->at[c] == SIZE_MAX ? &none : &row->v[l->at[c]];
}

/* Name and model_id; a model_id that names two models would put one's answers down to the other.
 * Changes nothing yet: the row may still turn out to be bad. */
static enum verdict check_model(struct labels *l, const struct csv_row *row,
    const struct csv_field *name, const struct csv_field *key, struct err *e)
{
	const struct staging *s = l->in->s;
	uint32_t id = staging_find_model(s, name->p, name->n);
	uint64_t other;

	if (id == UINT32_MAX && (!name->n || staging_text_check(name->p, name->n) < name->n))
		return bad_text(l, row, COL_MODEL, name->p, name->n, e);
	if (!key->n ||
	    (id != UINT32_MAX && s->models[id].key && !strcmp(s->models[id].key, key->p)))
		return ROW_TAKE;
	if (staging_text_check(key->p, key->n) < key->n)
		return bad_text(l, row, COL_MODEL_KEY, key->p, key->n, e);
	other = hashtable_get(l->model_keys, key->p, key->n);
	if (other != HASHTABLE_NONE && other != id)
		return bad(l, row, COL_MODEL_KEY, e, "model_id %s is %.200s here and %.200s above",
		    key->p, name->p, s->models[other].name);
	return ROW_TAKE;
}

static enum verdict find_item(
    struct labels *l, const struct csv_row *row, uint32_t *item, struct err *e)
{
	const char *benchmark = l->in->o->benchmark;
	const struct csv_field *key = field(l, row, COL_KEY), *part = field(l, row, COL_PART);
	const struct csv_field *text = field(l, row, COL_TEXT);
	struct csv_field given = {benchmark, benchmark ? strlen(benchmark) : 0};
	const struct csv_field *category = benchmark ? &given : field(l, row, COL_CATEGORY);
	struct staging_listing t = {
	    .key = key->n ? key->p : NULL,
	    .key_len = key->n,
	    .category = category->p,
	    .category_len = category->n,
	    .text = text->p,
	    .text_len = text->n,
	    .part = l->in->o->part,
	};

	if (!t.part && part->n && !part_parse(part->p, &t.part))
		return bad(
		    l, row, COL_PART, e, "\"%.40s\" is none of train, val and test", part->p);
	switch (staging_item(l->in->s, &t, item)) {
	case STAGING_OTHER_TEXT:
		return bad(l, row, COL_TEXT, e,
		    "%s %.40s had another text above: an id is one prompt within a file",
		    l->names[COL_KEY], t.key);
	case STAGING_BAD_KEY:
		return bad_text(l, row, COL_KEY, t.key, t.key_len, e);
	case STAGING_BAD_CATEGORY:
		return bad_text(l, row, COL_CATEGORY, t.category, t.category_len, e);
	case STAGING_BAD_TEXT:
		return bad_text(l, row, COL_TEXT, t.text, t.text_len, e);
	case STAGING_OK:
	default:
		return ROW_TAKE;
	}
}

static enum verdict take_row(struct labels *l, const struct csv_row *row, struct err *e)
{
	const struct csv_field *label = field(l, row, COL_LABEL),
			       *key = field(l, row, COL_MODEL_KEY);
	struct csv_field given = {l->in->o->model, l->in->o->model ? strlen(l->in->o->model) : 0};
	const struct csv_field *name = given.p ? &given : field(l, row, COL_MODEL);
	struct staging *s = l->in->s;
	enum verdict v;
	uint32_t model, item;
	double score;

	if (!ingest_label(label->p, label->n, &score))
		return bad(l, row, COL_LABEL, e,
		    "\"%.40s\" is no label: wanted is 0 to 1, true, false or nothing", label->p);
	v = check_model(l, row, name, key, e);
	if (v == ROW_TAKE)
		v = find_item(l, row, &item, e);
	if (v != ROW_TAKE)
		return v;
	staging_model(s, name->p, name->n, key->n ? key->p : NULL, &model);
	if (key->n && hashtable_get(l->model_keys, key->p, key->n) == HASHTABLE_NONE)
		hashtable_put(l->model_keys, key->p, key->n, model);
	staging_row(s, item, model, score);
	return ROW_TAKE;
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct labels *l = arg;

	if (!l->columns)
		return read_header(l, row, e);
	if (row->n != l->columns)
		return bad_record(l, row->line, row->n,
		    row->n < l->columns ? "fewer fields than the header has columns"
					: "more fields than the header has columns",
		    e);
	return take_row(l, row, e) != ROW_STOP;
}

static bool read_labels(struct ingest *in, const char *const *names, struct err *e)
{
	struct labels l = {.in = in, .names = names};
	struct csv_reader r = {on_row, bad_record, &l};
	struct stream *s = ingest_open(in, 0, e);
	bool ok;

	if (!s)
		return false;
	l.file = stream_name(s);
	l.model_keys = hashtable_new();
	ok = csv_read(s, &r, in->progress, e);
	if (ok && !l.columns)
		ok = err_set(e, ERR_DATA, "%s: empty", l.file);
	hashtable_free(l.model_keys);
	stream_close(s);
	return ok;
}

static bool read_embedllm(struct ingest *in, struct err *e)
{
	return read_labels(in, embedllm_columns, e);
}

static bool read_long(struct ingest *in, struct err *e)
{
	return read_labels(in, long_columns, e);
}

/* A layout is known by any three of its four columns, so that a header that lacks one is told which,
 * not that the file is of no kind; the options may stand in for model and benchmark. */
static int score_header(const struct ingest_head *h, const char *const *names)
{
	struct arena a = ARENA_INIT;
	struct csv_row row;
	bool has[COL_CATEGORY + 1] = {0};
	int count = 0;

	if (!h->is_dir && csv_header(h->p, h->n, &a, &row))
		for (int c = 0; c <= COL_CATEGORY; c++)
			count += has[c] = find_column(&row, names[c], 0) != SIZE_MAX;
	arena_clear(&a);
	return count > COL_CATEGORY                              ? SCORE_SURE
	       : count >= 3 || (has[COL_LABEL] && has[COL_TEXT]) ? SCORE_FAIR
								 : SCORE_NONE;
}

static int score_embedllm(const struct ingest_head *h)
{
	return score_header(h, embedllm_columns);
}

static int score_long(const struct ingest_head *h)
{
	return score_header(h, long_columns);
}

const struct importer importer_embedllm_csv = {
    .name = "embedllm",
    .about =
	"CSV of the EmbedLLM release: prompt_id, model_id, label, prompt, model_name, category",
    .score = score_embedllm,
    .read = read_embedllm,
};

const struct importer importer_long_csv = {
    .name = "long",
    .about = "CSV with a label a row: model, benchmark, question, label",
    .score = score_long,
    .read = read_long,
};
