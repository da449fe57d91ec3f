/* A table with a label in each cell: a column a model, or a row a model. Every cell of a column that
 * may hold labels is read as one; which columns do, on which scale, and what the rows are, is told by
 * the whole table. */
#include "ingest/importer.h"

#include "base/err.h"
#include "base/mem.h"
#include "ingest/columns.h"
#include "ingest/figure_name.h"
#include "ingest/label.h"
#include "ingest/rows.h"
#include "ingest/table_aggregate.h"
#include "ingest/table_join.h"
#include "ingest/table_names.h"
#include "store/staging.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CELL_BAD (-3.0) /* no label in any way */

struct column {
	bool may, asked; /* it may hold labels; the user says so */
	bool takes;      /* it does */
	bool aggregate;  /* its name is that of a sum or mean of the others */
	struct label_column labels;
	double *v; /* by row: a score, what label_late takes, NaN = missing, CELL_BAD */
	size_t cap;
	uint64_t bad, bad_line;
	char bad_text[48];
};

struct line {
	const char *name; /* the model's or question's, by the table's kind */
	size_t n;
	const char *key, *benchmark; /* or NULL */
	size_t benchmark_n;
	enum part part;
	uint64_t line;
	bool aggregate; /* as of a column */
};

struct reading {
	struct ingest *in;
	const char *file;
	enum table_wide kind;
	struct columns c;
	struct csv_row header;
	size_t name; /* the column that names the rows, or SIZE_MAX */
	struct column *columns;
	struct line *lines;
	size_t n_lines, cap_lines;
	struct label_column all; /* of all columns that take part */
	struct join join;
};

static bool has(const struct reading *g, enum role c)
{
	return g->c.at[c] != SIZE_MAX;
}

static void place_of(const struct reading *g, uint64_t line, size_t column, char *out, size_t n)
{
	snprintf(out, n, "%s:%llu%s%s", g->file, (unsigned long long)line,
	    column < g->header.n ? ":" : "", column < g->header.n ? g->header.v[column].p : "");
}

static bool on_bad(void *arg, uint64_t line, size_t column, const char *reason, struct err *e)
{
	struct reading *g = arg;
	char place[1024];

	if (!g->header.n)
		return err_set(
		    e, ERR_DATA, "%s:%llu: %s", g->file, (unsigned long long)line, reason);
	place_of(g, line, column, place, sizeof(place));
	return ingest_bad(g->in, e, place, "%s", reason);
}

/* Is it "X|total_cost", "X_response" for a column X? */
static bool is_beside(const struct reading *g, size_t column)
{
	const struct csv_field *f = &g->header.v[column];

	for (size_t i = 0; i < g->header.n; i++) {
		const struct csv_field *x = &g->header.v[i];

		if (x->n && x->n + 1 < f->n && !memcmp(x->p, f->p, x->n) &&
		    strchr("|:", f->p[x->n]))
			return true;
		if (x->n && x->n + 1 < f->n && !memcmp(x->p, f->p, x->n) &&
		    strchr("_ .-", f->p[x->n]) &&
		    (columns_is_other(f->p + x->n + 1, f->n - x->n - 1) ||
			role_is(ROLE_COST, f->p + x->n + 1, f->n - x->n - 1) ||
			role_is(ROLE_TOKENS_IN, f->p + x->n + 1, f->n - x->n - 1) ||
			role_is(ROLE_TOKENS_OUT, f->p + x->n + 1, f->n - x->n - 1) ||
			role_is(ROLE_SECONDS, f->p + x->n + 1, f->n - x->n - 1)))
			return true;
	}
	return false;
}

static void choose_columns(struct reading *g)
{
	g->columns = mem_zero_array(g->header.n, sizeof(*g->columns));
	for (size_t i = 0; i < g->header.n; i++) {
		const struct csv_field *f = &g->header.v[i];
		struct column *c = &g->columns[i];
		bool role = i == g->name;

		/* "total" is no number of tries here. */
		for (int k = 0; k < ROLE_COUNT; k++)
			role = role || (g->c.at[k] == i && k != ROLE_TRIALS);
		for (size_t k = 0; k < g->c.n_models; k++)
			c->asked = c->asked || g->c.models[k] == i;
		c->aggregate = !c->asked && !role && !g->c.n_models && g->kind != WIDE_MATRIX &&
			       aggregate_is_name(f->p);
		c->may = c->asked || c->aggregate || g->kind == WIDE_MATRIX ||
			 (!g->c.n_models && !role && g->c.at[ROLE_TRIALS] != i && f->n &&
			     !columns_is_other(f->p, f->n) && !is_beside(g, i));
		c->labels.right = g->in->o->right;
		c->labels.scale = g->in->o->scale;
	}
}

static bool take_row(struct reading *g, const struct csv_row *row, struct err *e);

static bool take_header(struct reading *g, const struct csv_row *row, struct err *e)
{
	char where[1024];

	g->header = csv_row_copy(&g->in->arena, row);
	snprintf(where, sizeof(where), "%s:%llu", g->file, (unsigned long long)row->line);
	if (!columns_find(&g->header, g->in->o->columns, where, &g->in->arena, &g->c, e))
		return false;
	g->kind = table_wide_header(&g->header, &g->c);
	if (g->kind == WIDE_NONE)
		return err_set(e, ERR_DATA,
		    "%s: neither a column a model nor a row a model; there are %s; --columns "
		    "question=NAME,models=NAME,models=NAME says which are",
		    where, columns_list(&g->header, &g->in->arena));
	g->name = g->kind == WIDE_TEXTS ? g->c.at[ROLE_TEXT]
		  : g->kind == WIDE_IDS ? g->c.at[ROLE_KEY]
		  : g->kind == WIDE_MODELS
		      ? has(g, ROLE_MODEL) ? g->c.at[ROLE_MODEL] : g->c.at[ROLE_MODEL_KEY]
		  : g->kind == WIDE_NAMES ? 0
					  : SIZE_MAX;
	choose_columns(g);
	return g->kind != WIDE_MATRIX || take_row(g, row, e);
}

static void take_cell(
    struct reading *g, struct column *c, const struct csv_field *f, uint64_t line, bool aggregate)
{
	struct label_column aside = c->labels; /* a row of sums tells nothing of the labels */
	double score = NAN;

	if (f && label_take(aggregate ? &aside : &c->labels, f->p, f->n, &score) == LABEL_BAD) {
		score = CELL_BAD;
		if (!aggregate && !c->bad++) {
			c->bad_line = line;
			snprintf(c->bad_text, sizeof(c->bad_text), "%s", f->p);
		}
		/* A column of something else. */
		if (!c->asked && c->bad > 20 && c->bad > c->labels.n) {
			c->may = false;
			mem_free(c->v);
			c->v = NULL;
			return;
		}
	}
	c->v = mem_grow(c->v, &c->cap, g->n_lines + 1, sizeof(*c->v));
	c->v[g->n_lines] = score;
}

static bool take_row(struct reading *g, const struct csv_row *row, struct err *e)
{
	struct arena *a = &g->in->arena;
	struct line l = {.line = row->line, .name = ""};
	size_t part = g->c.at[ROLE_PART], key = g->c.at[ROLE_KEY];

	for (size_t i = g->header.n; i < row->n; i++)
		if (row->v[i].n)
			return on_bad(
			    g, row->line, row->n, "more fields than the header has columns", e);
	for (size_t i = row->n; i < g->header.n; i++)
		if (g->header.v[i].n)
			return on_bad(
			    g, row->line, row->n, "fewer fields than the header has columns", e);
	if (g->name != SIZE_MAX) {
		const struct csv_field *f = &row->v[g->name];

		if (!f->n || staging_text_check(f->p, f->n) < f->n)
			return on_bad(g, row->line, g->name, f->n ? "not UTF-8 text" : "empty", e);
		l.name = arena_strndup(a, f->p, f->n);
		l.n = f->n;
		l.aggregate = aggregate_is_name(l.name);
	}
	if (part < row->n && row->v[part].n && !part_parse(row->v[part].p, &l.part))
		return on_bad(g, row->line, part,
		    "none of train, val and test; --columns part= leaves the column out", e);
	if (key < row->n && row->v[key].n &&
	    staging_text_check(row->v[key].p, row->v[key].n) == row->v[key].n)
		l.key = arena_strndup(a, row->v[key].p, row->v[key].n);
	if (has(g, ROLE_BENCHMARK)) {
		l.benchmark_n = row->v[g->c.at[ROLE_BENCHMARK]].n;
		l.benchmark = arena_strndup(a, row->v[g->c.at[ROLE_BENCHMARK]].p, l.benchmark_n);
	}
	for (size_t i = 0; i < g->header.n; i++)
		if (g->columns[i].may)
			take_cell(g, &g->columns[i], i < row->n ? &row->v[i] : NULL, row->line,
			    l.aggregate);
	g->lines = mem_grow(g->lines, &g->cap_lines, g->n_lines + 1, sizeof(*g->lines));
	g->lines[g->n_lines++] = l;
	return true;
}

static bool on_row(void *arg, const struct csv_row *row, struct err *e)
{
	struct reading *g = arg;

	return g->header.n ? take_row(g, row, e) : take_header(g, row, e);
}

/* The cell that is to blame, as an error or (--skip-bad) left out. */
static bool bad_cell(
    struct reading *g, size_t column, uint64_t line, const char *why, struct err *e)
{
	char place[1024];

	place_of(g, line, column, place, sizeof(place));
	return ingest_bad(g->in, e, place, "%s", why);
}

/* A cell or two of a column of labels that are none. */
static bool drop_strays(struct reading *g, size_t column, struct err *e)
{
	struct column *c = &g->columns[column];

	for (size_t r = 0; r < g->n_lines; r++) {
		const char *text = c->bad_text;
		char number[32];

		if (c->v[r] > 1) {
			snprintf(number, sizeof(number), "%.10g", c->v[r]);
			text = number;
		} else if (c->v[r] != CELL_BAD) {
			continue;
		} else if (g->lines[r].line != c->bad_line) {
			text = "this";
		}
		if (!bad_cell(
			g, column, g->lines[r].line, label_why(&c->labels, text, &g->in->arena), e))
			return false;
		c->v[r] = CELL_BAD;
	}
	return true;
}

static void leave_out(struct reading *g, size_t column, const char *why)
{
	g->columns[column].takes = false;
	ingest_remark(g->in, REMARK_LEFT_OUT, "column %.80s: %s; --columns models=... takes it",
	    g->header.v[column].p, why);
}

static void add_counts(struct label_column *all, const struct label_column *c)
{
	all->n += c->n;
	all->small += c->small;
	all->ones += c->ones;
	all->late += c->late;
	all->percent += c->percent;
	all->words += c->words;
	all->right_words += c->right_words;
	all->letters |= c->letters;
	all->max = c->max > all->max ? c->max : all->max;
	if (!*all->wrong)
		snprintf(all->wrong, sizeof(all->wrong), "%s", c->wrong);
}

/* Sums and means are no models and no questions: they go before anything is told by the columns. */
static void drop_aggregates(struct reading *g)
{
	struct arena *a = &g->in->arena;
	enum aggregate *rows = arena_array(a, enum aggregate, g->n_lines + 1);
	enum aggregate *columns = arena_array(a, enum aggregate, g->header.n + 1);
	const double **v = arena_array(a, const double *, g->header.n + 1);
	size_t kept = 0;

	if (g->kind == WIDE_MATRIX)
		return;
	for (size_t r = 0; r < g->n_lines; r++)
		rows[r] = g->lines[r].aggregate ? AGGREGATE_NAME : AGGREGATE_NOT;
	for (size_t i = 0; i < g->header.n; i++) {
		v[i] = g->columns[i].v;
		columns[i] = g->columns[i].aggregate ? AGGREGATE_NAME : AGGREGATE_NOT;
	}
	aggregates_find(v, g->n_lines, g->header.n, rows, columns);
	for (size_t i = 0; i < g->header.n; i++)
		if (columns[i] != AGGREGATE_NOT && v[i] && !g->columns[i].asked) {
			ingest_remark(g->in, REMARK_LEFT_OUT,
			    "column %.80s: %s; --columns models=... takes it", g->header.v[i].p,
			    aggregate_words(columns[i]));
			mem_free(g->columns[i].v);
			g->columns[i].v = NULL;
		}
	for (size_t r = 0; r < g->n_lines; r++) {
		if (rows[r] != AGGREGATE_NOT) {
			ingest_remark(g->in, REMARK_LEFT_OUT, "line %llu, %.80s: %s",
			    (unsigned long long)g->lines[r].line, g->lines[r].name,
			    aggregate_words(rows[r]));
			continue;
		}
		for (size_t i = 0; i < g->header.n; i++)
			if (g->columns[i].v)
				g->columns[i].v[kept] = g->columns[i].v[r];
		g->lines[kept++] = g->lines[r];
	}
	g->n_lines = kept;
}

/* Two models of one name would come in as repeats of one. */
static bool check_twice(struct reading *g, struct err *e)
{
	for (size_t i = 0; i < g->header.n; i++)
		for (size_t k = 0; g->columns[i].takes && k < i; k++)
			if (g->columns[k].takes && g->kind != WIDE_MATRIX &&
			    !strcmp(g->header.v[i].p, g->header.v[k].p))
				return err_set(e, ERR_DATA,
				    "%s:%llu: columns %zu and %zu are both called \"%.80s\": call "
				    "one otherwise, or --columns models=#%zu takes that alone",
				    g->file, (unsigned long long)g->header.line, k + 1, i + 1,
				    g->header.v[i].p, k + 1);
	return true;
}

/* Which columns hold labels, by their cells alone. */
static bool choose_by_cells(struct reading *g, struct err *e)
{
	for (size_t i = 0; i < g->header.n; i++) {
		struct column *c = &g->columns[i];
		bool stray = c->labels.n && c->bad * 10 <= c->labels.n;

		if (!c->v)
			continue;
		c->takes = c->labels.n > 0 && (!c->bad || stray || c->asked);
		if (!c->takes && c->labels.n)
			leave_out(g, i, "holds more than labels");
		else if (c->takes && !c->asked && (g->kind == WIDE_TEXTS || g->kind == WIDE_IDS) &&
			 figure_is_of_wrong(g->header.v[i].p) && !table_is_model(g->header.v[i].p))
			leave_out(g, i, "says what is wrong, by its name");
		if (c->takes && c->bad && !drop_strays(g, i, e))
			return false;
	}
	return true;
}

/* All columns are on one scale: one that holds larger numbers among others from 0 to 1 is none of
 * labels. */
static bool choose_by_scale(struct reading *g, struct err *e)
{
	size_t shares = 0, over = 0;

	for (size_t i = 0; i < g->header.n; i++)
		if (g->columns[i].takes) {
			add_counts(&g->all, &g->columns[i].labels);
			over += g->columns[i].labels.max > 1;
			shares += g->columns[i].labels.max <= 1;
		}
	if (label_settles(&g->all))
		return true;
	for (size_t i = 0; i < g->header.n; i++) {
		struct column *c = &g->columns[i];
		char text[32], place[1024];
		size_t r = 0;

		if (!c->takes || c->labels.max <= 1)
			continue;
		if (shares >= over && !label_is_stray(&c->labels)) {
			leave_out(g, i, "holds numbers over 1");
			continue;
		}
		if (shares >= over) {
			if (!drop_strays(g, i, e))
				return false;
			continue;
		}
		while (r < g->n_lines && !(c->v[r] > 1))
			r++;
		snprintf(text, sizeof(text), "%.10g", r < g->n_lines ? c->v[r] : c->labels.max);
		place_of(g, r < g->n_lines ? g->lines[r].line : 0, i, place, sizeof(place));
		return err_set(
		    e, ERR_DATA, "%s: %s", place, label_why(&g->all, text, &g->in->arena));
	}
	return true;
}

static bool choose_takers(struct reading *g, struct err *e)
{
	size_t n = 0;

	g->all.scale = g->in->o->scale;
	g->all.right = g->in->o->right;
	drop_aggregates(g);
	if (!choose_by_cells(g, e) || !choose_by_scale(g, e) || !check_twice(g, e))
		return false;
	for (size_t i = 0; i < g->header.n; i++)
		n += g->columns[i].takes;
	if (!n)
		return err_set(e, ERR_DATA,
		    "%s: no column holds labels; there are %s; --columns models=NAME,models=NAME "
		    "says which do",
		    g->file, columns_list(&g->header, &g->in->arena));
	/* A leaderboard: averages of models on benchmarks. */
	if ((g->all.small - g->all.ones) * 2 > g->all.n && isnan(g->all.scale))
		return err_set(e, ERR_DATA,
		    "%s: most of its numbers are neither 0 nor 1: averages, as of a leaderboard, "
		    "are "
		    "no labels of single questions; --scale 1 takes them as such",
		    g->file);
	return true;
}

/* The names tell what a row is: models look like models, and questions may be numbered. */
static bool choose_kind(struct reading *g, struct err *e)
{
	const char **rows = arena_array(&g->in->arena, const char *, g->n_lines + 1);
	const char **columns = arena_array(&g->in->arena, const char *, g->header.n + 1);
	size_t n = 0, row_models = 0, column_models = 0;
	bool by_row, by_column;

	if (g->kind != WIDE_NAMES)
		return true;
	for (size_t i = 0; i < g->n_lines; i++) {
		rows[i] = g->lines[i].name;
		row_models += table_is_model(rows[i]);
	}
	for (size_t i = 0; i < g->header.n; i++)
		if (g->columns[i].takes) {
			columns[n++] = g->header.v[i].p;
			column_models += table_is_model(g->header.v[i].p);
		}
	by_row = row_models * 2 >= g->n_lines;
	by_column = column_models * 2 >= n;
	if (by_row == by_column) {
		by_row = table_numbered(&g->in->arena, columns, n) != NULL;
		by_column = table_numbered(&g->in->arena, rows, g->n_lines) != NULL;
	}
	if (by_row == by_column)
		return err_set(e, ERR_DATA,
		    "%s: is a row a model or a question? --columns model=#1 or --columns id=#1 "
		    "says; "
		    "there are %s",
		    g->file, columns_list(&g->header, &g->in->arena));
	;
	g->kind = by_row ? WIDE_MODELS : WIDE_IDS;
	if (g->kind == WIDE_IDS)
		g->c.at[ROLE_KEY] = g->name;
	return true;
}

/* The names of one side of the table. */
struct side {
	const char **names;
	size_t n;
};

static struct side row_names(struct reading *g)
{
	struct side s = {arena_array(&g->in->arena, const char *, g->n_lines + 1), g->n_lines};

	for (size_t i = 0; i < s.n; i++)
		s.names[i] = g->lines[i].name;
	return s;
}

static struct side column_names(struct reading *g)
{
	struct side s = {arena_array(&g->in->arena, const char *, g->header.n + 1), 0};

	for (size_t i = 0; i < g->header.n; i++)
		if (g->columns[i].takes)
			s.names[s.n++] = g->header.v[i].p;
	return s;
}

/* One question; `line` is that of a row, NULL of a column, whose name is its id. */
static bool stage_question(struct reading *g, const char *name, const struct line *line,
    const char *benchmark, uint32_t *item, struct err *e)
{
	const char *id = line && g->kind == WIDE_TEXTS ? line->key : name;
	const struct join_text *t = id && g->join.keys ? join_text(&g->join, id) : NULL;
	struct staging_listing l = {
	    .key = id,
	    .key_len = id ? strlen(id) : 0,
	    .category = benchmark,
	    .text = t ? t->text : name,
	    .text_len = t ? t->n : strlen(name),
	    .part = g->in->o->part       ? g->in->o->part
		    : line && line->part ? line->part
		    : t                  ? t->part
					 : PART_NONE,
	};

	if (g->join.keys && !t)
		return err_set(e, ERR_DATA, "%s: id %.80s is not in the questions file %s", g->file,
		    id ? id : "(none)", g->join.questions);
	if (!g->in->o->benchmark && line && line->benchmark)
		l.category = line->benchmark;
	else if (!g->in->o->benchmark && t && t->benchmark)
		l.category = t->benchmark;
	l.category_len = l.category ? strlen(l.category) : 0;
	*item = UINT32_MAX;
	if (l.category && !ingest_wants(g->in, l.category))
		return true;
	if (staging_item(g->in->s, &l, item) == STAGING_OK)
		return true;
	*item = UINT32_MAX;
	return bad_cell(g, g->name, line ? line->line : g->header.line,
	    !l.category_len ? "no benchmark; --benchmark NAME gives one"
			    : "a name or text that is no UTF-8, or an id with two texts",
	    e);
}

static bool stage_model(struct reading *g, const char *name, uint32_t *model, struct err *e)
{
	return staging_model(g->in->s, name, strlen(name), NULL, model) ||
	       err_set(e, ERR_DATA, "%s: \"%.80s\" is no name of a model: not UTF-8 text, or empty",
		   g->file, name);
}

static void stage_cell(struct reading *g, uint32_t item, uint32_t model, double v)
{
	double score = v;

	if (v == CELL_BAD)
		return;
	if ((v < 0 || v > 1) && !label_late(&g->all, v, &score))
		return; /* choose_by_scale left none */
	staging_row(g->in->s, item, model, score);
}

static bool stage(
    struct reading *g, struct side rows, struct side columns, const char *benchmark, struct err *e)
{
	bool by_row = g->kind == WIDE_MODELS; /* a row is a model */
	uint32_t *of_column = arena_array(&g->in->arena, uint32_t, g->header.n + 1), of_row;
	size_t k = 0;
	bool ok = true;

	for (size_t i = 0; ok && i < g->header.n; i++)
		if (g->columns[i].takes) {
			const char *name = columns.names[k++];

			ok = by_row ? stage_question(g, name, NULL, benchmark, &of_column[i], e)
				    : stage_model(g, name, &of_column[i], e);
		}
	for (size_t r = 0; ok && r < g->n_lines; r++) {
		ok = by_row ? stage_model(g, rows.names[r], &of_row, e)
			    : stage_question(g, rows.names[r], &g->lines[r], benchmark, &of_row, e);
		for (size_t i = 0; ok && i < g->header.n; i++) {
			uint32_t item = by_row ? of_column[i] : of_row;

			if (g->columns[i].takes && item != UINT32_MAX)
				stage_cell(
				    g, item, by_row ? of_row : of_column[i], g->columns[i].v[r]);
		}
	}
	return ok;
}

/* The texts by id, named with the table or beside it; a file beside it that knows none of the ids is
 * another table's. */
static bool find_texts(struct reading *g, const struct side *ids, struct err *e)
{
	bool found = false;

	if (!join_others(&g->join, g->in,
		g->kind == WIDE_MODELS || g->kind == WIDE_IDS ? 1u << TABLE_QUESTIONS : 0, e))
		return false;
	for (size_t i = 0; g->join.beside && !found && i < ids->n; i++)
		found = join_text(&g->join, ids->names[i]) != NULL;
	if (g->join.beside && !found)
		join_clear(&g->join);
	join_remark(&g->join, g->in);
	return true;
}

static bool stage_all(struct reading *g, struct err *e)
{
	struct side rows = row_names(g), columns = column_names(g);
	const struct side *questions = g->kind == WIDE_MODELS ? &columns : &rows;
	const char *benchmark = g->in->o->benchmark;
	bool by_id = g->kind != WIDE_TEXTS;

	if (!find_texts(g, questions, e))
		return false;
	if (!benchmark && !has(g, ROLE_BENCHMARK) &&
	    !(g->join.n_texts && g->join.texts[0].benchmark)) {
		benchmark = table_benchmark(g->in, questions->names, by_id ? questions->n : 0);
		if (benchmark)
			ingest_remark(g->in, REMARK_CHOICE,
			    "no column names a benchmark: %s, from the %s; --benchmark gives "
			    "another",
			    benchmark, by_id ? "ids or the file's name" : "file's name");
	}
	if (by_id && !g->join.keys)
		ingest_remark(g->in, REMARK_CHOICE,
		    "there are no texts: questions are known by their ids alone");
	ingest_remark(g->in, REMARK_CHOICE, "a row is a %s, a column a %s",
	    g->kind == WIDE_MODELS ? "model" : "question",
	    g->kind == WIDE_MODELS ? "question" : "model");
	return stage(g, rows, columns, benchmark, e);
}

/* The names of both sides are in lists of their own: which is which tell their lengths and, where the
 * matrix is square, what they are called. */
static bool stage_matrix(struct reading *g, struct err *e)
{
	struct ingest *in = g->in;
	struct side rows = {NULL, g->n_lines}, columns = {NULL, g->header.n};
	struct table_names models, questions;
	const char *benchmark = in->o->benchmark;
	bool by_row;

	if (!table_names(in, &models, &questions, e))
		return false;
	by_row = models.n == rows.n && questions.n == columns.n;
	if (!by_row && !(models.n == columns.n && questions.n == rows.n))
		return err_set(e, ERR_DATA,
		    "%s: %zu rows and %zu columns of labels, but %zu models in %s and %zu "
		    "questions in "
		    "%s",
		    g->file, rows.n, columns.n, models.n, models.file, questions.n, questions.file);
	g->kind = by_row ? WIDE_MODELS : WIDE_IDS;
	rows.names = by_row ? models.names : questions.names;
	columns.names = by_row ? questions.names : models.names;
	if (!benchmark) {
		benchmark = table_benchmark(in, questions.names, questions.n);
		ingest_remark(in, REMARK_CHOICE,
		    "benchmark %s, from the ids or the file's name; --benchmark gives another",
		    benchmark ? benchmark : "");
	}
	for (size_t i = 0; i < columns.n; i++)
		if (!g->columns[i].takes)
			return err_set(
			    e, ERR_DATA, "%s: column %zu holds no labels", g->file, i + 1);
	return stage(g, rows, columns, benchmark, e);
}

static bool read_wide(struct ingest *in, struct err *e)
{
	struct reading g = {.in = in};
	const struct csv_reader r = {on_row, on_bad, &g};
	const char *remark;
	bool ok;

	g.file = strcmp(in->files[0], "-") ? in->files[0] : "<stdin>";
	ok = rows_read(in, 0, &r, e);
	if (ok && !g.header.n)
		ok = err_set(e, ERR_DATA, "%s: empty", g.file);
	ok = ok && choose_takers(&g, e) && choose_kind(&g, e) &&
	     (g.kind == WIDE_MATRIX ? stage_matrix(&g, e) : stage_all(&g, e));
	remark = ok ? label_remark(&g.all, &in->arena) : NULL;
	if (remark)
		ingest_remark(in, REMARK_CHOICE, "%s", remark);
	for (size_t i = 0; g.columns && i < g.header.n; i++)
		mem_free(g.columns[i].v);
	mem_free(g.columns);
	mem_free(g.lines);
	join_clear(&g.join);
	return ok;
}

static int score_wide(const struct ingest_head *h)
{
	switch (table_wide(h)) {
	case WIDE_TEXTS:
		return SCORE_WEAK + 10;
	case WIDE_IDS:
	case WIDE_MODELS:
		return SCORE_WEAK + 5;
	case WIDE_NAMES:
	case WIDE_MATRIX:
		return SCORE_WEAK;
	case WIDE_NONE:
	default:
		return SCORE_NONE;
	}
}

const struct importer importer_wide = {
    .name = "wide",
    .about = "table with a column, or a row, for each model: prompt, acme/alpha-7b, acme/beta-7b",
    .table = true,
    .score = score_wide,
    .read = read_wide,
};
