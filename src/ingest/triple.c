/* Three CSV files that are one table: questions (prompt_id, category, prompt), models (model_id,
 * model_name) and labels (prompt_id, model_id, label), known by their headers. */
#include "ingest/importer.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/hashtable.h"
#include "ingest/csv.h"
#include "ingest/triple.h"
#include "store/staging.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX 3

/* One of the files: its columns in the order that take() wants the fields. */
struct kind {
	const char *what;
	const char *columns[COLUMNS_MAX];
	size_t n;
};
static const struct kind kinds[TRIPLE_COUNT] = {
    [TRIPLE_QUESTIONS] = {"questions", {"prompt_id", "category", "prompt"}, 3},
    [TRIPLE_MODELS] = {"models", {"model_id", "model_name", NULL}, 2},
    [TRIPLE_LABELS] = {"labels", {"prompt_id", "model_id", "label"}, 3},
};

struct reading {
	struct ingest *in;
	enum triple_file which;
	const char *file;
	bool header;
	size_t at[COLUMNS_MAX], columns;
	struct hashtable *items, *models; /* prompt_id and model_id to staging's numbers */
};

static bool find_columns(const struct csv_row *row, const struct kind *k, size_t *at)
{
	for (size_t c = 0; c < k->n; c++) {
		at[c] = SIZE_MAX;
		for (size_t i = 0; i < row->n; i++)
			if (!strcmp(row->v[i].p, k->columns[c]) &&
			    row->v[i].n == strlen(row->v[i].p))
				at[c] = i;
		if (at[c] == SIZE_MAX)
			return false;
	}
	return true;
}

bool triple_recognise(const struct ingest_head *h, enum triple_file *which)
{
	size_t at[COLUMNS_MAX], more[COLUMNS_MAX];
	struct arena a = ARENA_INIT;
	struct csv_row row;
	bool got = !h->is_dir && csv_header(h->p, h->n, &a, &row);
	bool questions = got && find_columns(&row, &kinds[TRIPLE_QUESTIONS], at);
	bool models = got && find_columns(&row, &kinds[TRIPLE_MODELS], more);
	bool labels = got && find_columns(&row, &kinds[TRIPLE_LABELS], at);

	arena_clear(&a);
	*which = questions ? TRIPLE_QUESTIONS : models ? TRIPLE_MODELS : TRIPLE_LABELS;
	/* A file with the columns of two is no part of a triple. */
	return questions + models + labels == 1;
}

static bool bad(struct reading *g, const struct csv_row *row, size_t col, struct err *e,
    const char *why, const struct csv_field *f)
{
	char place[1024];

	snprintf(place, sizeof(place), "%s:%llu:%s", g->file, (unsigned long long)row->line,
	    kinds[g->which].columns[col]);
	return ingest_bad(g->in, e, place, f ? "%s: \"%.60s\"" : "%s", why, f ? f->p : "");
}

static bool take_question(
    struct reading *g, const struct csv_row *row, const struct csv_field *const *f, struct err *e)
{
	const char *benchmark = g->in->o->benchmark;
	struct staging_listing t = {
	    .key = f[0]->p,
	    .key_len = f[0]->n,
	    .category = benchmark ? benchmark : f[1]->p,
	    .category_len = benchmark ? strlen(benchmark) : f[1]->n,
	    .text = f[2]->p,
	    .text_len = f[2]->n,
	    .part = g->in->o->part,
	};
	uint32_t item;

	if (hashtable_get(g->items, f[0]->p, f[0]->n) != HASHTABLE_NONE)
		return bad(g, row, 0, e, "listed twice", f[0]);
	switch (staging_item(g->in->s, &t, &item)) {
	case STAGING_OK:
		hashtable_put(g->items, f[0]->p, f[0]->n, item);
		return true;
	case STAGING_BAD_KEY:
		return bad(g, row, 0, e, "not UTF-8 text", NULL);
	case STAGING_BAD_CATEGORY:
		return bad(g, row, 1, e, f[1]->n ? "not UTF-8 text" : "empty", NULL);
	case STAGING_BAD_TEXT:
	case STAGING_OTHER_TEXT:
	default:
		return bad(g, row, 2, e, f[2]->n ? "not UTF-8 text" : "empty", NULL);
	}
}

static bool take_model(
    struct reading *g, const struct csv_row *row, const struct csv_field *const *f, struct err *e)
{
	uint32_t model;

	if (hashtable_get(g->models, f[0]->p, f[0]->n) != HASHTABLE_NONE)
		return bad(g, row, 0, e, "listed twice", f[0]);
	if (staging_text_check(f[0]->p, f[0]->n) < f[0]->n)
		return bad(g, row, 0, e, "not UTF-8 text", NULL);
	if (!staging_model(g->in->s, f[1]->p, f[1]->n, f[0]->p, &model))
		return bad(g, row, 1, e, f[1]->n ? "not UTF-8 text" : "empty", NULL);
	hashtable_put(g->models, f[0]->p, f[0]->n, model);
	return true;
}

static bool take_label(
    struct reading *g, const struct csv_row *row, const struct csv_field *const *f, struct err *e)
{
	uint64_t item = hashtable_get(g->items, f[0]->p, f[0]->n);
	uint64_t model = hashtable_get(g->models, f[1]->p, f[1]->n);
	double score;

	if (item == HASHTABLE_NONE)
		return bad(g, row, 0, e, "not in the questions file", f[0]);
	if (model == HASHTABLE_NONE)
		return bad(g, row, 1, e, "not in the models file", f[1]);
	if (!ingest_label(f[2]->p, f[2]->n, &score))
		return bad(
		    g, row, 2, e, "no label: wanted is 0 to 1, true, false or nothing", f[2]);
	staging_row(g->in->s, (uint32_t)item, (uint32_t)model, score);
	return true;
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	static bool (*const take[TRIPLE_COUNT])(struct reading *, const struct csv_row *,
	    const struct csv_field *const *, struct err *) = {
	    [TRIPLE_QUESTIONS] = take_question,
	    [TRIPLE_MODELS] = take_model,
	    [TRIPLE_LABELS] = take_label,
	};
	struct reading *g = arg;
	const struct kind *k = &kinds[g->which];
	const struct csv_field *f[COLUMNS_MAX];

	if (!g->header) {
		g->header = true;
		g->columns = row->n;
		return find_columns(row, k, g->at) ||
		       err_set(e, ERR_DATA,
			   "%s:%llu: the header lacks a column of a %s file: %s, %s%s%s", g->file,
			   (unsigned long long)row->line, k->what, k->columns[0], k->columns[1],
			   k->n > 2 ? ", " : "", k->n > 2 ? k->columns[2] : "");
	}
	if (row->n != g->columns)
		return bad(
		    g, row, 0, e, "another number of fields than the header has columns", NULL);
	for (size_t c = 0; c < k->n; c++)
		f[c] = &row->v[g->at[c]];
	return take[g->which](g, row, f, e);
}

static bool bad_record(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	struct reading *g = arg;
	struct csv_row row = {.line = line};

	(void)column;
	return bad(g, &row, 0, e, reason, NULL);
}

static bool read_file(struct reading *g, size_t path, struct err *e)
{
	struct csv_reader r = {on_row, bad_record, g};
	struct stream *s = ingest_open(g->in, path, e);
	bool ok;

	if (!s)
		return false;
	g->file = stream_name(s);
	g->header = false;
	ok = csv_read(s, &r, g->in->progress, e);
	stream_close(s);
	return ok;
}

static bool read_triple(struct ingest *in, struct err *e)
{
	struct reading g = {.in = in};
	bool ok = true;

	if (in->n_files != TRIPLE_COUNT)
		return err_set(e, ERR_USAGE,
		    "%s: one of three files that belong together: give the questions, models and "
		    "labels files",
		    in->path);
	g.items = hashtable_new();
	g.models = hashtable_new();
	for (int i = 0; ok && i < TRIPLE_COUNT; i++) {
		g.which = (enum triple_file)i;
		ok = read_file(&g, (size_t)i, e);
	}
	hashtable_free(g.items);
	hashtable_free(g.models);
	return ok;
}

static int score_triple(const struct ingest_head *h)
{
	enum triple_file which;

	return triple_recognise(h, &which) ? SCORE_SURE : SCORE_NONE;
}

const struct importer importer_triple = {
    .name = "triple",
    .about = "three CSVs: questions (prompt_id, category, prompt), models (model_id, model_name), "
	     "labels",
    .score = score_triple,
    .read = read_triple,
};
