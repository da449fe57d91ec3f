#include "task/models.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/plural.h"
#include "base/share.h"
#include "base/stream.h"
#include "base/utf8.h"
#include "ingest/csv.h"
#include "store/db.h"
#include "store/model.h"
#include "store/naming.h"
#include "store/staging.h"
#include "task/model_name.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names are given as files have them, too. */
static const char *stored_name(struct arena *a, const char *name)
{
	return naming_model(a, name, strlen(name));
}

/* The name in the database of a model that must be there; in the arena. */
static const char *known_name(struct db *db, const char *name, struct arena *a, struct err *e)
{
	struct catalog c;
	size_t m;

	if (!catalog_load(db, a, &c, e))
		return NULL;
	m = catalog_find_exact_model(&c, name, e);
	return m < SIZE_MAX ? c.models[m].name : NULL;
}

/* The model went away between looking it up and changing it. */
static bool vanished(const char *name, struct err *e)
{
	return err_set(e, ERR_FAILED, "%s is gone: another program changed the database", name);
}

bool task_models_set(struct db *db, const char *name, const struct catalog_tag *tags, size_t n_tags,
    double price_in, double price_out, struct err *e)
{
	struct arena a = ARENA_INIT;
	const char *known;
	bool found, ok;

	for (size_t i = 0; i < n_tags; i++)
		if (utf8_check(tags[i].key, strlen(tags[i].key)) < strlen(tags[i].key) ||
		    (tags[i].value &&
			utf8_check(tags[i].value, strlen(tags[i].value)) < strlen(tags[i].value)))
			return err_set(e, ERR_USAGE, "a tag is not UTF-8 text");
	known = known_name(db, name, &a, e);
	ok = known && model_set(db, known, tags, n_tags, price_in, price_out, &found, e) &&
	     (found || vanished(name, e));
	arena_clear(&a);
	return ok;
}

enum csv_column { COL_MODEL, COL_PRICE_IN, COL_PRICE_OUT, COL_TAG };

struct reading {
	struct db *db;
	const char *file;
	struct arena *a;
	size_t n;                 /* columns, 0 before the header */
	enum csv_column *kind;    /* (n) */
	struct catalog_tag *tags; /* (n): keys are the header's names */
	struct models_imported out;
	size_t cap_unknown;
};

static bool read_header(struct reading *g, const struct csv_row *row, struct err *e)
{
	static const struct {
		const char *name;
		enum csv_column kind;
	} known[] = {
	    {"model", COL_MODEL},
	    {"model_name", COL_MODEL},
	    {"name", COL_MODEL},
	    {"price_in", COL_PRICE_IN},
	    {"price_out", COL_PRICE_OUT},
	};
	size_t models = 0;

	g->kind = arena_array(g->a, enum csv_column, row->n);
	g->tags = arena_array(g->a, struct catalog_tag, row->n);
	for (size_t i = 0; i < row->n; i++) {
		g->kind[i] = COL_TAG;
		g->tags[i].key = arena_strdup(g->a, row->v[i].p);
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (!strcmp(row->v[i].p, known[k].name))
				g->kind[i] = known[k].kind;
		models += g->kind[i] == COL_MODEL;
	}
	g->n = row->n;
	if (models != 1)
		return err_set(e, ERR_DATA,
		    "%s:%llu: one column must be called model, and only one", g->file,
		    (unsigned long long)row->line);
	return true;
}

static bool read_price(
    const struct reading *g, const struct csv_row *row, size_t col, double *price, struct err *e)
{
	const char *text = row->v[col].p;
	char *end;

	if (!*text)
		return true;
	*price = strtod(text, &end);
	if (*end || !isfinite(*price) || *price < 0)
		return err_set(e, ERR_DATA,
		    "%s:%llu:%s: \"%.40s\" is no price: wanted are dollars per million tokens",
		    g->file, (unsigned long long)row->line, g->tags[col].key, text);
	return true;
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct reading *g = arg;
	struct catalog_tag *tags;
	const char *name = "", *stored;
	double price_in = NAN, price_out = NAN;
	size_t n_tags = 0;
	bool found, ok = true;

	if (!g->n)
		return read_header(g, row, e);
	if (row->n != g->n)
		return err_set(e, ERR_DATA, "%s:%llu: %zu field%s, but the header has %zu column%s",
		    g->file, (unsigned long long)row->line, row->n, plural(row->n), g->n,
		    plural(g->n));
	tags = arena_array(g->a, struct catalog_tag, g->n);
	for (size_t i = 0; ok && i < row->n; i++) {
		if (staging_text_check(row->v[i].p, row->v[i].n) < row->v[i].n)
			ok = err_set(e, ERR_DATA, "%s:%llu:%s: not UTF-8 text", g->file,
			    (unsigned long long)row->line, g->tags[i].key);
		else if (g->kind[i] == COL_MODEL)
			name = row->v[i].p;
		else if (g->kind[i] == COL_PRICE_IN)
			ok = read_price(g, row, i, &price_in, e);
		else if (g->kind[i] == COL_PRICE_OUT)
			ok = read_price(g, row, i, &price_out, e);
		else if (row->v[i].n && g->tags[i].key[0])
			tags[n_tags++] = (struct catalog_tag){g->tags[i].key, row->v[i].p};
	}
	if (!ok)
		return false;
	stored = stored_name(g->a, name);
	if (!model_set(g->db, stored, tags, n_tags, price_in, price_out, &found, e))
		return false;
	g->out.rows++;
	if (found) {
		g->out.changed++;
		return true;
	}
	g->out.unknown =
	    mem_grow(g->out.unknown, &g->cap_unknown, g->out.n_unknown + 1, sizeof(char *));
	g->out.unknown[g->out.n_unknown++] = stored;
	return true;
}

static bool on_bad(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	const struct reading *g = arg;

	(void)column;
	return err_set(e, ERR_DATA, "%s:%llu: %s", g->file, (unsigned long long)line, reason);
}

bool task_models_import(
    struct db *db, const char *path, struct arena *a, struct models_imported *out, struct err *e)
{
	struct reading g = {.db = db, .a = a};
	struct csv_reader r = {on_row, on_bad, &g};
	struct stream *s = stream_open(path, e);
	const char **unknown;
	bool ok;

	if (!s)
		return false;
	stream_as_text(s);
	g.file = stream_name(s);
	ok = db_begin(db, e);
	if (ok) {
		ok = csv_read(s, &r, NULL, e);
		if (ok && !g.n)
			ok = err_set(e, ERR_DATA, "%s: empty", g.file);
		ok = db_end(db, ok, e);
	}
	stream_close(s);
	if (ok) {
		unknown = arena_array(a, const char *, g.out.n_unknown + 1);
		if (g.out.n_unknown)
			memcpy(unknown, g.out.unknown, g.out.n_unknown * sizeof(*unknown));
		*out = g.out;
		out->unknown = unknown;
	}
	mem_free(g.out.unknown);
	return ok;
}

/* The header alone: where it is read, the reading ends. */
static bool on_header(void *arg, const struct csv_row *row, struct err *e)
{
	bool *table = arg, model = false, price = false, label = false;

	for (size_t i = 0; i < row->n; i++) {
		const char *name = row->v[i].p;

		model |=
		    !strcmp(name, "model") || !strcmp(name, "model_name") || !strcmp(name, "name");
		price |= !strcmp(name, "price_in") || !strcmp(name, "price_out");
		label |= !strcmp(name, "label") || !strcmp(name, "score") ||
			 !strcmp(name, "question") || !strcmp(name, "prompt");
	}
	*table = model && price && !label;
	return err_set(e, ERR_CANCELLED, "read enough");
}

static bool on_bad_header(
    void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	(void)arg;
	(void)line;
	(void)column;
	return err_set(e, ERR_DATA, "%s", reason);
}

bool task_models_is_table(const char *path)
{
	bool table = false;
	struct csv_reader r = {on_header, on_bad_header, &table};
	struct err e = ERR_INIT;
	struct stream *s = stream_open(path, &e);

	if (!s)
		return false;
	stream_as_text(s);
	csv_read(s, &r, NULL, &e);
	stream_close(s);
	return table;
}

bool task_models_rename(struct db *db, const char *from, const char *to, struct err *e)
{
	struct arena a = ARENA_INIT;
	const char *known;
	bool found, ok;

	if (!*to || utf8_check(to, strlen(to)) < strlen(to))
		return err_set(
		    e, ERR_USAGE, "the new name is %s", *to ? "not UTF-8 text" : "empty");
	known = known_name(db, from, &a, e);
	ok = known && model_rename(db, known, stored_name(&a, to), &found, e) &&
	     (found || vanished(from, e));
	arena_clear(&a);
	return ok;
}

bool task_models_merge(struct db *db, const char *from, const char *into, struct err *e)
{
	struct arena a = ARENA_INIT;
	const char *known = known_name(db, from, &a, e);
	const char *target = known ? known_name(db, into, &a, e) : NULL;
	bool found, ok = target && model_merge(db, known, target, &found, e) &&
			 (found || vanished(from, e));

	arena_clear(&a);
	return ok;
}

bool task_models_delete(struct db *db, const char *name, struct err *e)
{
	struct arena a = ARENA_INIT;
	const char *known = known_name(db, name, &a, e);
	bool found,
	    ok = known && model_delete(db, known, &found, e) && (found || vanished(name, e));

	arena_clear(&a);
	return ok;
}

/* The table */

static const struct column columns[MODELS_COLUMNS] = {
    [MODELS_RANK] = {"rank", NULL, "#", COLUMN_INT, .width = 4, .drop = 4,
	.about =
	    "Place by accuracy among all models, the most accurate first; equal ones share it."},
    [MODELS_NAME] = {"name", "model", "Name", COLUMN_CLIP, .width = 22, .grow = 44,
	.about = "The model, as the data names it (org__name is org/name)."},
    [MODELS_SIZE] = {"size", NULL, "Size", COLUMN_REAL, -3, .width = 5, .drop = 5, .unit = "B",
	.about = "Parameters in billions: of the tag size, else of the name; 8x7B is 56, all "
		 "experts."},
    [MODELS_ACCURACY] = {"accuracy", "accuracy", "Acc.", COLUMN_SHARE, 1, .width = 5,
	.about = "Of all its answers, how many are right, in percent."},
    [MODELS_HALF_WIDTH] = {"half_width", "±", "±", COLUMN_SHARE, 1, .width = 4, .drop = 3,
	.about = "Half the 95 % interval of the accuracy (Wilson's score), in points."},
    [MODELS_ADJUSTED] = {"adjusted", NULL, "Adjusted", COLUMN_SHARE_PM, 1, .width = 10, .drop = 2,
	.about = "The accuracy on all questions, in percent: its answers, and the forecasts of the "
		 "run in use for those it lacks; with half the 95 % interval, which counts the "
		 "forecasts' errors. This one can be compared. – without a run."},
    [MODELS_RANK_LOW] = {"rank_low", NULL, "Place", COLUMN_INT, .width = 7, .drop = 3,
	.about = "Between which places it is by the adjusted accuracy, in 95 % of resamples of the "
		 "questions: the best of them."},
    [MODELS_RANK_HIGH] = {"rank_high", NULL, "to", COLUMN_INT, .width = 4, .drop = 3,
	.hidden = true, .about = "The last of these places."},
    [MODELS_BENCHMARKS] = {"benchmarks", NULL, "Bench.", COLUMN_INT, .width = 6, .drop = 4,
	.about = "How many of the benchmarks it has answers to."},
    [MODELS_QUESTIONS] = {"questions", "questions", "Labels", COLUMN_INT, .width = 8, .drop = 6,
	.about = "Questions it has an answer to."},
    [MODELS_PRICE_IN] = {"price_in", "$/M in", "$/M in", COLUMN_MONEY, .drop = 7,
	.about = "Dollars per million tokens read."},
    [MODELS_PRICE_OUT] = {"price_out", "$/M out", "$/M out", COLUMN_MONEY, .drop = 8,
	.about = "Dollars per million tokens written."},
    [MODELS_TOKENS_IN] = {"tokens_in", NULL, "Tokens in", COLUMN_REAL, 0, .drop = 8, .hidden = true,
	.about = "Mean of the tokens read a question, as its evaluations say."},
    [MODELS_TOKENS_OUT] = {"tokens_out", NULL, "Tokens out", COLUMN_REAL, 0, .drop = 8,
	.hidden = true, .about = "Mean of the tokens written a question, as its evaluations say."},
    [MODELS_TAGS] = {"tags", "tags", "Tags", COLUMN_MAP, .width = 10, .grow = 60, .drop = 9,
	.about = "What 'models set' and 'models import' told about it, as key=value."},
    [MODELS_PROFILE] = {NULL, "profile", "Profile", COLUMN_SHARE, .width = 10, .drop = 1,
	.about = "The accuracy on each benchmark as a bar, in the order of the line below."},
};

/* One for each benchmark. Benchmarks' names differ, so do the keys. */
static void benchmark_columns(struct models *m)
{
	const struct catalog *r = m->catalog;

	m->n_columns = MODELS_COLUMNS + r->n_benchmarks;
	m->columns = arena_array(&m->arena, struct column, m->n_columns);
	memcpy(m->columns, columns, sizeof(columns));
	/* As text only what says something: where all have answered all, raw is adjusted. */
	if (m->gaps) {
		m->columns[MODELS_ADJUSTED].title = "adjusted";
		m->columns[MODELS_BENCHMARKS].title =
		    arena_printf(&m->arena, "of %zu benchmarks", r->n_benchmarks);
	}
	if (r->run) {
		m->columns[MODELS_RANK_LOW].title = "place";
		m->columns[MODELS_RANK_HIGH].title = "to";
	}
	for (size_t b = 0; b < r->n_benchmarks; b++) {
		const char *name = arena_strdup(&m->arena, r->benchmarks[b].name);

		m->columns[MODELS_COLUMNS + b] = (struct column){
		    .key = arena_printf(&m->arena, "accuracy_%s", name),
		    .brief = name,
		    .kind = COLUMN_SHARE,
		    .decimals = 1,
		    .drop = 2,
		    .hidden = true,
		    .about = arena_printf(
			&m->arena, "Accuracy on the questions of %s, in percent.", name),
		};
	}
}

static int more_accurate(const void *pa, const void *pb, void *arg)
{
	const struct catalog_model *m = ((const struct catalog *)arg)->models;
	uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
	double x = catalog_model_accuracy(&m[a]), y = catalog_model_accuracy(&m[b]);

	if (isnan(x) || isnan(y))
		return isnan(x) && isnan(y) ? (a > b) - (a < b) : isnan(x) - isnan(y);
	return x != y ? (x < y) - (x > y) : (a > b) - (a < b);
}

static size_t count_benchmarks(const struct catalog *r, size_t model)
{
	size_t n = 0;

	for (size_t b = 0; b < r->n_benchmarks; b++)
		n += r->labels[model * r->n_benchmarks + b] > 0;
	return n;
}

void models_adjust(struct models *m, const struct adjusted *adjusted)
{
	if (adjusted->n != m->catalog->n_models)
		return;
	m->adjusted = (struct adjusted){
	    adjusted->n, arena_array(&m->arena, struct adjusted_row, adjusted->n + 1)};
	memcpy(m->adjusted.v, adjusted->v, adjusted->n * sizeof(*adjusted->v));
}

void task_models(const struct catalog *r, const struct adjusted *adjusted, struct models *out)
{
	*out = (struct models){.catalog = r, .gaps = r->n_labels < r->n_models * r->n_questions};
	arena_init(&out->arena);
	if (adjusted)
		models_adjust(out, adjusted);
	out->by_accuracy = arena_array(&out->arena, uint32_t, r->n_models + 1);
	out->rank = arena_array(&out->arena, uint32_t, r->n_models + 1);
	for (size_t m = 0; m < r->n_models; m++) {
		const struct catalog_model *v = &r->models[m];

		out->by_accuracy[m] = (uint32_t)m;
		out->sizes |= !isnan(model_name_size(v));
		out->prices |= !isnan(v->price_in) || !isnan(v->price_out);
		out->tags |= v->n_tags > 0;
	}
	qsort_r(out->by_accuracy, r->n_models, sizeof(*out->by_accuracy), more_accurate, (void *)r);
	for (size_t i = 0; i < r->n_models; i++) {
		uint32_t m = out->by_accuracy[i], before = i ? out->by_accuracy[i - 1] : m;
		bool tie = i && catalog_model_accuracy(&r->models[m]) ==
				    catalog_model_accuracy(&r->models[before]);

		out->rank[m] = tie ? out->rank[before] : (uint32_t)i + 1;
	}
	benchmark_columns(out);
}

void models_clear(struct models *m)
{
	arena_clear(&m->arena);
	*m = (struct models){.n_columns = 0};
}

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct models *models = t->rows;
	const struct catalog *r = models->catalog;
	const struct catalog_model *m = &r->models[row];
	size_t i = row * r->n_benchmarks + (column - MODELS_COLUMNS);
	const struct adjusted_row *v = models->adjusted.n ? &models->adjusted.v[row] : NULL;

	switch (column) {
	case MODELS_RANK:
		return m->seen > 0 ? value_int(models->rank[row]) : value_missing();
	case MODELS_NAME:
		return value_text(m->name);
	case MODELS_SIZE:
		return value_real(model_name_size(m));
	case MODELS_ACCURACY:
		return value_real(catalog_model_accuracy(m));
	case MODELS_HALF_WIDTH:
		return value_real(share_half_width(m->right, m->seen));
	case MODELS_ADJUSTED:
		return v ? value_figure(v->value, v->low, v->high) : value_missing();
	case MODELS_RANK_LOW:
		return v && v->rank_low ? value_int(v->rank_low) : value_missing();
	case MODELS_RANK_HIGH:
		return v && v->rank_low ? value_int(v->rank_high) : value_missing();
	case MODELS_BENCHMARKS:
		return value_int((int64_t)count_benchmarks(r, row));
	case MODELS_QUESTIONS:
		return value_int(llround(m->seen));
	case MODELS_PRICE_IN:
		return value_real(m->price_in);
	case MODELS_PRICE_OUT:
		return value_real(m->price_out);
	case MODELS_TOKENS_IN:
		return value_real(m->tokens_in);
	case MODELS_TOKENS_OUT:
		return value_real(m->tokens_out);
	case MODELS_TAGS:
		for (size_t k = 0; k < m->n_tags; k++)
			value_map_add(scratch, m->tags[k].key, m->tags[k].value);
		return value_map(scratch, m->n_tags);
	default:
		return value_real(r->seen[i] > 0 ? r->right[i] / r->seen[i] : NAN);
	}
}

struct table models_table(const struct models *m)
{
	return (struct table){.name = "models",
	    .columns = m->columns,
	    .n_columns = m->n_columns,
	    .value = value,
	    .n = m->catalog->n_models,
	    .rows = m};
}
