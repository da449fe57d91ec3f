/* A table with one label a row, its columns known by name: the EmbedLLM release's layout, where the
 * prompt stands on every row and prompt_id and model_id tell what is what, and any like it. Labels
 * that only the whole column explains wait to its end. */
#include "ingest/importer.h"

#include "base/err.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "ingest/columns.h"
#include "ingest/label.h"
#include "ingest/rows.h"
#include "ingest/table_join.h"
#include "ingest/table_score.h"
#include "store/staging.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ITEM_LEFT_OUT (UINT32_MAX - 1) /* by --only or --except */

/* A label that waits. */
struct late {
	uint32_t row;   /* of the staging */
	uint32_t tries; /* of how many it is the count or the share; 0 = it does not say */
	uint64_t line;
	double value;
};

struct reading {
	struct ingest *in;
	const char *file;
	struct columns c;
	struct csv_row header; /* n is 0 before it was read */
	const char *benchmark; /* of every row, or NULL */
	struct join join;
	bool names_by_id; /* model_id stands for the names */
	struct hashtable *model_keys;
	bool chooses;             /* there is --only or --except */
	struct hashtable *wanted; /* then, by category */
	struct label_column labels;
	struct late *late;
	size_t n_late, cap_late;
	bool usage;         /* there are columns of it */
	uint64_t bad_usage; /* costs and the like that are no numbers */
};

/* What becomes of a row. */
enum verdict { ROW_TAKE, ROW_LEAVE, ROW_STOP };

static void place_of(const struct reading *g, uint64_t line, size_t column, char *out, size_t n)
{
	snprintf(out, n, "%s:%llu%s%s", g->file, (unsigned long long)line,
	    column < g->header.n ? ":" : "", column < g->header.n ? g->header.v[column].p : "");
}

static enum verdict bad(struct reading *g, const struct csv_row *row, enum role c, struct err *e,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static enum verdict bad(
    struct reading *g, const struct csv_row *row, enum role c, struct err *e, const char *fmt, ...)
{
	char place[1024], reason[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	place_of(g, row->line, g->c.at[c], place, sizeof(place));
	return ingest_bad(g->in, e, place, "%s", reason) ? ROW_LEAVE : ROW_STOP;
}

static enum verdict bad_text(struct reading *g, const struct csv_row *row, enum role c,
    const char *p, size_t n, struct err *e)
{
	if (!n)
		return bad(g, row, c, e, "empty");
	return bad(g, row, c, e, "byte %zu is not UTF-8 text", staging_text_check(p, n) + 1);
}

/* Where the column is to blame, leaving lines out is no way out. */
static enum verdict bad_label(struct reading *g, uint64_t line, const char *text, struct err *e)
{
	const char *why = label_why(&g->labels, text, &g->in->arena);
	char place[1024];

	place_of(g, line, g->c.at[ROLE_LABEL], place, sizeof(place));
	if (g->in->o->skip_bad || label_is_stray(&g->labels))
		return ingest_bad(g->in, e, place, "%s", why) ? ROW_LEAVE : ROW_STOP;
	err_set(e, ERR_DATA, "%s: %s%s", place, why,
	    g->c.named ? "" : "; --columns label=NAME takes another column");
	return ROW_STOP;
}

static bool on_bad(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	struct reading *g = arg;
	char place[1024];

	if (!g->header.n) /* the header itself: nothing can be read without it */
		return err_set(
		    e, ERR_DATA, "%s:%llu: %s", g->file, (unsigned long long)line, reason);
	place_of(g, line, column, place, sizeof(place));
	return ingest_bad(g->in, e, place, "%s", reason);
}

static bool no_column(
    struct reading *g, enum role c, const char *where, const char *remedy, struct err *e)
{
	return err_set(e, ERR_DATA,
	    "%s: no column %s in the header; there are %s; --columns %s=NAME says which it is%s",
	    where, role_name(c), columns_list(&g->header, &g->in->arena), role_name(c), remedy);
}

static bool has(const struct reading *g, enum role c)
{
	return g->c.at[c] != SIZE_MAX;
}

/* The files that complete this one. */
static bool find_others(struct reading *g, struct err *e)
{
	unsigned wanted = 0;

	if (!has(g, ROLE_TEXT) && has(g, ROLE_KEY))
		wanted |= 1u << TABLE_QUESTIONS;
	if (!has(g, ROLE_MODEL) && has(g, ROLE_MODEL_KEY) && !g->in->o->model)
		wanted |= 1u << TABLE_MODELS;
	if (!join_others(&g->join, g->in, wanted, e))
		return false;
	join_remark(&g->join, g->in);
	return true;
}

/* --benchmark, the columns', or one for all by the ids or the file's name. */
static bool choose_benchmark(struct reading *g, const char *where, struct err *e)
{
	g->benchmark = g->in->o->benchmark;
	if (g->benchmark || has(g, ROLE_BENCHMARK) ||
	    (g->join.n_texts && g->join.texts[0].benchmark))
		return true;
	g->benchmark = table_benchmark(g->in, g->join.ids, g->join.n_texts);
	if (!g->benchmark)
		return no_column(g, ROLE_BENCHMARK, where, ", or --benchmark NAME", e);
	ingest_remark(g->in, REMARK_CHOICE,
	    "no column names a benchmark: %s, from the %s; --benchmark gives another", g->benchmark,
	    g->join.n_texts ? "ids or the file's name" : "file's name");
	return true;
}

/* Beside a prediction, `label` is rather the right answer than a verdict. */
static bool check_label(struct reading *g, const char *where, struct err *e)
{
	const struct csv_field *label = &g->header.v[g->c.at[ROLE_LABEL]];

	if (g->c.named || strcasecmp(label->p, "label"))
		return true;
	for (size_t i = 0; i < g->header.n; i++)
		if (columns_is_prediction(g->header.v[i].p, g->header.v[i].n))
			return err_set(e, ERR_DATA,
			    "%s: beside the column %s, is %s the right answer, or right and wrong? "
			    "--columns label=NAME says which column tells right from wrong",
			    where, g->header.v[i].p, label->p);
	return true;
}

static bool check_columns(struct reading *g, const char *where, struct err *e)
{
	if (!has(g, ROLE_LABEL))
		return no_column(g, ROLE_LABEL, where, "", e);
	if (!check_label(g, where, e))
		return false;
	if (!has(g, ROLE_MODEL) && has(g, ROLE_MODEL_KEY) && !g->join.models) {
		g->c.at[ROLE_MODEL] = g->c.at[ROLE_MODEL_KEY];
		g->names_by_id = true;
	}
	if (!has(g, ROLE_MODEL) && !g->join.models && !g->in->o->model)
		return no_column(
		    g, ROLE_MODEL, where, ", or --model NAME where all rows are one's", e);
	if (!has(g, ROLE_TEXT) && !g->join.questions && has(g, ROLE_KEY))
		return err_set(e, ERR_DATA,
		    "%s: no column question in the header, but %s: name the file with the texts by "
		    "that id after this one, or --columns question=%s to do without texts",
		    where, g->header.v[g->c.at[ROLE_KEY]].p, g->header.v[g->c.at[ROLE_KEY]].p);
	if (!has(g, ROLE_TEXT) && !g->join.questions)
		return no_column(g, ROLE_TEXT, where, "", e);
	if (g->c.weak_key && !g->join.questions)
		g->c.at[ROLE_KEY] = SIZE_MAX; /* it may number the rows */
	if (g->c.rival != SIZE_MAX)
		ingest_remark(g->in, REMARK_CHOICE,
		    "labels from the column %s, not %s: --columns label=NAME takes another",
		    g->header.v[g->c.at[ROLE_LABEL]].p, g->header.v[g->c.rival].p);
	return true;
}

/* --only, --except: by category, each asked once. */
static bool wants(struct reading *g, const struct staging_listing *t)
{
	uint64_t wanted = hashtable_get(g->wanted, t->category, t->category_len);

	if (wanted == HASHTABLE_NONE) {
		wanted = ingest_wants(g->in, t->category);
		hashtable_put(g->wanted, t->category, t->category_len, wanted);
	}
	return wanted;
}

/* Texts and names of files of their own, once each: also those that no label is of. */
static bool stage_joined(struct reading *g, struct err *e)
{
	for (size_t i = 0; i < g->join.n_names && !g->in->o->model; i++) {
		struct join_name *m = &g->join.names[i];

		staging_model(g->in->s, m->name, strlen(m->name), m->key, &m->model);
	}
	for (size_t i = 0; i < g->join.n_texts; i++) {
		struct join_text *t = &g->join.texts[i];
		const char *category = g->benchmark ? g->benchmark : t->benchmark;
		struct staging_listing l = {
		    .key = g->join.ids[i],
		    .key_len = strlen(g->join.ids[i]),
		    .category = category,
		    .category_len = g->benchmark ? strlen(category) : t->benchmark_n,
		    .text = t->text,
		    .text_len = t->n,
		    .part = g->in->o->part ? g->in->o->part : t->part,
		};

		if (!category)
			return true; /* the labels say which */
		if (g->chooses && !wants(g, &l)) {
			t->item = ITEM_LEFT_OUT;
			continue;
		}
		if (staging_item(g->in->s, &l, &t->item) != STAGING_OK)
			return err_set(e, ERR_DATA, "%s: id %.60s: its benchmark is no UTF-8 text",
			    g->join.questions, l.key);
	}
	return true;
}

static bool take_header(struct reading *g, const struct csv_row *row, struct err *e)
{
	char where[1024];

	g->header = csv_row_copy(&g->in->arena, row);
	snprintf(where, sizeof(where), "%s:%llu", g->file, (unsigned long long)row->line);
	if (!columns_find(&g->header, g->in->o->columns, where, &g->in->arena, &g->c, e))
		return false;
	g->usage = has(g, ROLE_COST) || has(g, ROLE_TOKENS_IN) || has(g, ROLE_TOKENS_OUT) ||
		   has(g, ROLE_SECONDS);
	return find_others(g, e) && check_columns(g, where, e) && choose_benchmark(g, where, e) &&
	       stage_joined(g, e);
}

/* The field of a column, an empty one where there is no such column. */
static const struct csv_field *field(
    const struct reading *g, const struct csv_row *row, enum role c)
{
	static const struct csv_field none = {"", 0};

	return g->c.at[c] < row->n ? &row->v[g->c.at[c]] : &none;
}

/* Name and model_id; a model_id that names two models would put one's answers down to the other.
 * Changes nothing yet: the row may still turn out to be bad. */
static enum verdict check_model(struct reading *g, const struct csv_row *row,
    const struct csv_field *name, const struct csv_field *key, struct err *e)
{
	const struct staging *s = g->in->s;
	uint32_t id = staging_find_model(s, name->p, name->n);
	uint64_t other;

	if (id == UINT32_MAX && (!name->n || staging_text_check(name->p, name->n) < name->n))
		return bad_text(g, row, ROLE_MODEL, name->p, name->n, e);
	if (!key->n ||
	    (id != UINT32_MAX && s->models[id].key && !strcmp(s->models[id].key, key->p)))
		return ROW_TAKE;
	if (staging_text_check(key->p, key->n) < key->n)
		return bad_text(g, row, ROLE_MODEL_KEY, key->p, key->n, e);
	other = hashtable_get(g->model_keys, key->p, key->n);
	if (other != HASHTABLE_NONE && other != id)
		return bad(g, row, ROLE_MODEL_KEY, e, "model_id %s is %.200s here and %.200s above",
		    key->p, name->p, s->models[other].name);
	return ROW_TAKE;
}

/* By id, where the texts are in a file of their own. */
static enum verdict find_text(struct reading *g, const struct csv_row *row,
    struct staging_listing *t, uint32_t *item, struct err *e)
{
	uint64_t at = hashtable_get(g->join.keys, t->key, t->key_len);
	const struct join_text *text;

	*item = UINT32_MAX;
	if (at == HASHTABLE_NONE)
		return bad(g, row, ROLE_KEY, e, "not in the questions file %.200s: \"%.60s\"",
		    g->join.questions, t->key);
	text = &g->join.texts[at];
	*item = text->item;
	t->text = text->text;
	t->text_len = text->n;
	if (text->benchmark && !g->benchmark) {
		t->category = text->benchmark;
		t->category_len = text->benchmark_n;
	}
	if (!t->part)
		t->part = text->part;
	return ROW_TAKE;
}

static enum verdict find_item(
    struct reading *g, const struct csv_row *row, uint32_t *item, struct err *e)
{
	const struct csv_field *key = field(g, row, ROLE_KEY), *part = field(g, row, ROLE_PART);
	const struct csv_field *text = field(g, row, ROLE_TEXT);
	const struct csv_field given = {g->benchmark, g->benchmark ? strlen(g->benchmark) : 0};
	const struct csv_field *category = given.p ? &given : field(g, row, ROLE_BENCHMARK);
	struct staging_listing t = {
	    .key = key->n ? key->p : NULL,
	    .key_len = key->n,
	    .category = category->p,
	    .category_len = category->n,
	    .text = text->p,
	    .text_len = text->n,
	    .part = g->in->o->part,
	};

	if (!t.part && part->n && !part_parse(part->p, &t.part))
		return bad(g, row, ROLE_PART, e,
		    "\"%.40s\" is none of train, val and test; --columns part= leaves the column "
		    "out",
		    part->p);
	if (g->join.questions) {
		if (!t.key)
			return bad(g, row, ROLE_KEY, e, "empty");
		if (find_text(g, row, &t, item, e) != ROW_TAKE)
			return g->in->o->skip_bad ? ROW_LEAVE : ROW_STOP;
		if (*item == ITEM_LEFT_OUT)
			return ROW_LEAVE;
		if (*item != UINT32_MAX)
			return ROW_TAKE;
	}
	if (g->chooses && t.category_len && !wants(g, &t))
		return ROW_LEAVE;
	switch (staging_item(g->in->s, &t, item)) {
	case STAGING_OTHER_TEXT:
		return bad(g, row, ROLE_TEXT, e,
		    "%s %.40s had another text above: an id is one prompt within a file",
		    g->header.v[g->c.at[ROLE_KEY]].p, t.key);
	case STAGING_BAD_KEY:
		return bad_text(g, row, ROLE_KEY, t.key, t.key_len, e);
	case STAGING_BAD_CATEGORY:
		return bad_text(g, row, ROLE_BENCHMARK, t.category, t.category_len, e);
	case STAGING_BAD_TEXT:
		return bad_text(g, row, ROLE_TEXT, t.text, t.text_len, e);
	case STAGING_OK:
	default:
		return ROW_TAKE;
	}
}

/* A cost, a count of tokens, seconds; NaN where there is none. */
static double amount(struct reading *g, const struct csv_row *row, enum role c)
{
	const struct csv_field *f = field(g, row, c);
	const char *p = f->p + (f->p[0] == '$');
	char *end;
	double v;

	if (!f->n)
		return NAN;
	v = strtod(p, &end);
	if (end == p || *end || !isfinite(v) || v < 0) {
		g->bad_usage +=
		    strcasecmp(p, "nan") && strcasecmp(p, "none") && strcasecmp(p, "null");
		return NAN;
	}
	return v;
}

static void add_usage(struct reading *g, const struct csv_row *row, uint32_t tries)
{
	struct response_usage u = RESPONSE_USAGE_NONE;

	u.trials = tries;
	u.cost = amount(g, row, ROLE_COST);
	u.tokens_in = amount(g, row, ROLE_TOKENS_IN);
	u.tokens_out = amount(g, row, ROLE_TOKENS_OUT);
	u.seconds = amount(g, row, ROLE_SECONDS) * (g->c.milliseconds ? .001 : 1);
	staging_usage(g->in->s, &u);
}

static void add_late(struct reading *g, uint64_t line, double value, uint32_t tries)
{
	g->late = mem_grow(g->late, &g->cap_late, g->n_late + 1, sizeof(*g->late));
	g->late[g->n_late++] = (struct late){(uint32_t)g->in->s->n_rows, tries, line, value};
}

static enum verdict read_tries(
    struct reading *g, const struct csv_row *row, uint32_t *tries, struct err *e)
{
	const struct csv_field *f = field(g, row, ROLE_TRIALS);
	double v = amount(g, row, ROLE_TRIALS);

	*tries = 0;
	if (isnan(v))
		return ROW_TAKE;
	if (v < 1 || v > 1e9 || v != floor(v))
		return bad(g, row, ROLE_TRIALS, e, "\"%.40s\" is no number of tries", f->p);
	*tries = (uint32_t)v;
	return ROW_TAKE;
}

/* The row's label, or what waits in its place. */
struct found_label {
	double score, late;
	bool waits;
	uint32_t tries;
};

static enum verdict read_label(
    struct reading *g, const struct csv_row *row, struct found_label *l, struct err *e)
{
	const struct csv_field *f = field(g, row, ROLE_LABEL);
	enum label_taken taken = label_take(&g->labels, f->p, f->n, &l->score);

	l->waits = taken == LABEL_LATE;
	l->tries = 0;
	if (taken == LABEL_BAD)
		return bad_label(g, row->line, f->p, e);
	if (has(g, ROLE_TRIALS) && read_tries(g, row, &l->tries, e) != ROW_TAKE)
		return g->in->o->skip_bad ? ROW_LEAVE : ROW_STOP;
	l->waits = l->waits || (l->tries > 1 && l->score >= 1);
	l->late = l->score;
	if (l->waits)
		l->score = NAN;
	return ROW_TAKE;
}

/* Nothing but numbers for names is a models file that was forgotten. */
static bool check_name(struct reading *g, const struct csv_row *row, struct err *e)
{
	const struct csv_field *f = field(g, row, ROLE_MODEL);
	const char *column = g->header.v[g->c.at[ROLE_MODEL]].p;

	return !f->n || strspn(f->p, "0123456789") < f->n ||
	       err_set(e, ERR_DATA,
		   "%s:%llu:%s: \"%.20s\" is a number: give the models file too (model_id, "
		   "model_name), or --columns model=%s where the numbers are the names",
		   g->file, (unsigned long long)row->line, column, f->p, column);
}

/* The model, UINT32_MAX where it is new: then its name and key. */
static enum verdict find_model(struct reading *g, const struct csv_row *row, struct csv_field *name,
    const struct csv_field **key, uint32_t *model, struct err *e)
{
	const char *given = g->in->o->model;
	uint64_t at;

	*key = field(g, row, ROLE_MODEL_KEY);
	*model = UINT32_MAX;
	if (g->join.models && !given) {
		at = hashtable_get(g->join.model_keys, (*key)->p, (*key)->n);
		if (at == HASHTABLE_NONE)
			return bad(g, row, ROLE_MODEL_KEY, e,
			    "not in the models file %.200s: \"%.60s\"", g->join.models, (*key)->p);
		*model = g->join.names[at].model;
		return ROW_TAKE;
	}
	*name = given ? (struct csv_field){given, strlen(given)} : *field(g, row, ROLE_MODEL);
	if (g->names_by_id && !g->in->s->n_models && !check_name(g, row, e))
		return ROW_STOP;
	return check_model(g, row, name, *key, e);
}

static enum verdict take_row(struct reading *g, const struct csv_row *row, struct err *e)
{
	struct staging *s = g->in->s;
	const struct csv_field *key = NULL;
	struct csv_field name = {"", 0};
	struct found_label l;
	uint32_t model, item;
	enum verdict v;

	v = read_label(g, row, &l, e);
	if (v == ROW_TAKE)
		v = find_model(g, row, &name, &key, &model, e);
	if (v == ROW_TAKE)
		v = find_item(g, row, &item, e);
	if (v != ROW_TAKE)
		return v;
	if (model == UINT32_MAX) {
		staging_model(s, name.p, name.n, key->n ? key->p : NULL, &model);
		if (key->n && hashtable_get(g->model_keys, key->p, key->n) == HASHTABLE_NONE)
			hashtable_put(g->model_keys, key->p, key->n, model);
	}
	if (l.waits)
		add_late(g, row->line, l.late, l.tries);
	staging_row(s, item, model, l.score);
	if (l.tries || g->usage)
		add_usage(g, row, l.tries);
	return ROW_TAKE;
}

/* As many fields as columns, but for empty ones at the end, as spreadsheets add them. */
static bool check_fields(struct reading *g, const struct csv_row *row, const char **why)
{
	for (size_t i = g->header.n; i < row->n; i++)
		if (row->v[i].n) {
			*why = "more fields than the header has columns";
			return false;
		}
	for (size_t i = row->n; i < g->header.n; i++)
		if (g->header.v[i].n) {
			*why = "fewer fields than the header has columns";
			return false;
		}
	return true;
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct reading *g = arg;
	const char *why;

	if (!g->header.n)
		return take_header(g, row, e);
	if (row->n != g->header.n && !check_fields(g, row, &why))
		return on_bad(g, row->line, row->n, why, e);
	return take_row(g, row, e) != ROW_STOP;
}

/* What waited, now that the whole column was read; 0 to 1, or false. */
static bool late_score(const struct reading *g, const struct late *l, bool counts, double *score)
{
	if (!counts && l->value >= 0 && l->value <= 1) {
		*score = l->value;
		return true;
	}
	if (!counts)
		return label_late(&g->labels, l->value, score);
	*score = l->value / l->tries;
	return l->value == floor(l->value) && l->value <= l->tries;
}

/* Those that are no labels: an error, or left out with --skip-bad while they are few. */
static bool drop_late(struct reading *g, const struct late *bad_ones, size_t n, struct err *e)
{
	uint32_t *rows;
	bool ok = true;

	if (n > g->labels.n / 2 && g->in->o->skip_bad)
		return err_set(e, ERR_DATA,
		    "%s: %s is no column of labels from 0 to 1: %zu of %llu are over it; --scale "
		    "NUMBER "
		    "says what is wholly right, --right VALUE,... which values are right",
		    g->file, g->header.v[g->c.at[ROLE_LABEL]].p, n,
		    (unsigned long long)g->labels.n);
	rows = mem_array(n, sizeof(*rows));
	for (size_t i = 0; ok && i < n; i++) {
		char text[40];

		snprintf(text, sizeof(text), "%.10g", bad_ones[i].value);
		if (bad_ones[i].value < 0)
			snprintf(text, sizeof(text), "P");
		rows[i] = bad_ones[i].row;
		ok = bad_label(g, bad_ones[i].line, text, e) != ROW_STOP;
	}
	if (ok)
		staging_drop(g->in->s, rows, n);
	mem_free(rows);
	return ok;
}

static bool settle_labels(struct reading *g, struct err *e)
{
	bool counts = g->c.counts || (has(g, ROLE_TRIALS) && g->labels.max > 1), shares = false;
	struct staging *s = g->in->s;
	size_t n = 0;

	for (size_t i = 0; i < g->n_late; i++) {
		const struct late *l = &g->late[i];
		double score;

		if (!late_score(g, l, counts && l->tries, &score)) {
			g->late[n++] = *l;
			continue;
		}
		shares = shares || (!counts && l->tries > 1);
		s->row_score[l->row] = score;
		s->missing--;
	}
	if (shares && g->labels.small == g->labels.ones)
		ingest_remark(g->in, REMARK_CHOICE,
		    "labels are taken as shares of the tries, not as counts of those that were "
		    "right");
	return !n || drop_late(g, g->late, n, e);
}

static void remark(struct reading *g)
{
	const char *labels = label_remark(&g->labels, &g->in->arena);

	if (labels)
		ingest_remark(g->in, REMARK_CHOICE, "%s", labels);
	if (g->bad_usage)
		ingest_remark(g->in, REMARK_LEFT_OUT,
		    "%llu costs, counts of tokens or seconds that are no numbers",
		    (unsigned long long)g->bad_usage);
}

static bool read_long(struct ingest *in, struct err *e)
{
	struct reading g = {.in = in};
	const struct csv_reader r = {on_row, on_bad, &g};
	bool ok;

	g.file = strcmp(in->files[0], "-") ? in->files[0] : "<stdin>";
	g.labels.right = in->o->right;
	g.labels.scale = in->o->scale;
	g.model_keys = hashtable_new();
	g.wanted = hashtable_new();
	g.chooses = in->o->only.n || in->o->except.n;
	ok = rows_read(in, 0, &r, e);
	if (ok && !g.header.n)
		ok = err_set(e, ERR_DATA, "%s: empty", g.file);
	ok = ok && settle_labels(&g, e);
	if (ok)
		remark(&g);
	join_clear(&g.join);
	hashtable_free(g.model_keys);
	hashtable_free(g.wanted);
	mem_free(g.late);
	return ok;
}

const struct importer importer_embedllm = {
    .name = "embedllm",
    .about =
	"CSV of the EmbedLLM release: prompt_id, model_id, label, prompt, model_name, category",
    .table = true,
    .score = table_score_embedllm,
    .read = read_long,
};

const struct importer importer_long = {
    .name = "long",
    .about = "table with a label a row, CSV or JSON: model, benchmark, question, label",
    .table = true,
    .score = table_score_long,
    .read = read_long,
};

const struct importer importer_triple = {
    .name = "triple",
    .about =
	"three tables: questions (prompt_id, category, prompt), models (model_id, model_name), "
	"labels",
    .table = true,
    .score = table_score_triple,
    .read = read_long,
};
