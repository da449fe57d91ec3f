/* The rows of a file are put in order in memory (two counting sorts) before the database sees them:
 * by question, to number the repeats and to resolve the labels without a query; by item and model,
 * so that the inserts are appends. */
#include "store/response.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "store/answer.h"
#include "store/db.h"
#include "store/handle.h"
#include "store/split.h"
#include "store/staging.h"
#include "store/stmt.h"
#include "store/usage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct import {
	struct db *db;
	const struct staging *s;
	const struct progress *progress;
	struct policy policy;
	struct response_report report;
	struct answer_outcome outcome;
	int64_t id;
	int64_t first_item;        /* database id of item 0 */
	int64_t *model, *question; /* database ids */
	bool *known;               /* per question: other imports have it too */
	uint32_t *n;               /* per row: its number within question and model */
	uint32_t *by_item;         /* rows by item, then model, then n */
	uint32_t *item_start;      /* (n_items + 1) into by_item */
};

/* order: 0..n by key, stable; start (keys + 1): where each key begins. New arrays. */
static uint32_t *sort_by(const uint32_t *key, size_t n, size_t keys, uint32_t **start)
{
	uint32_t *order = mem_array(n + 1, sizeof(*order));
	uint32_t *at = mem_zero_array(keys + 2, sizeof(*at));

	for (size_t i = 0; i < n; i++)
		at[key[i] + 2]++;
	for (size_t k = 2; k < keys + 2; k++)
		at[k] += at[k - 1];
	for (size_t i = 0; i < n; i++)
		order[at[key[i] + 1]++] = (uint32_t)i;
	*start = at;
	return order;
}

/* Number the rows of each question and model in the order of the file. */
static void number_rows(struct import *im)
{
	const struct staging *s = im->s;
	uint32_t *question = mem_array(s->n_rows + 1, sizeof(*question));
	uint32_t *count = mem_zero_array(s->n_models + 1, sizeof(*count));
	uint32_t *start, *order;

	for (size_t i = 0; i < s->n_rows; i++)
		question[i] = s->items[s->row_item[i]].question;
	order = sort_by(question, s->n_rows, s->n_questions, &start);
	for (size_t q = 0; q < s->n_questions; q++) {
		for (uint32_t k = start[q]; k < start[q + 1]; k++)
			im->n[order[k]] = ++count[s->row_model[order[k]]];
		for (uint32_t k = start[q]; k < start[q + 1]; k++)
			count[s->row_model[order[k]]] = 0;
	}
	mem_free(order);
	mem_free(start);
	mem_free(count);
	mem_free(question);
}

struct sort_row {
	int64_t model;
	uint32_t n, row;
};

static int compare_rows(const void *a, const void *b)
{
	const struct sort_row *x = a, *y = b;

	if (x->model != y->model)
		return x->model < y->model ? -1 : 1;
	return x->n < y->n ? -1 : x->n > y->n;
}

static void order_rows(struct import *im)
{
	const struct staging *s = im->s;
	struct sort_row *v = NULL;
	size_t cap = 0;

	im->by_item = sort_by(s->row_item, s->n_rows, s->n_items, &im->item_start);
	for (size_t i = 0; i < s->n_items; i++) {
		uint32_t *row = im->by_item + im->item_start[i];
		size_t n = im->item_start[i + 1] - im->item_start[i];
		bool sorted = true;

		v = mem_grow(v, &cap, n + 1, sizeof(*v));
		for (size_t k = 0; k < n; k++) {
			v[k] = (struct sort_row){
			    im->model[s->row_model[row[k]]], im->n[row[k]], row[k]};
			sorted = sorted && (k == 0 || compare_rows(&v[k - 1], &v[k]) < 0);
		}
		if (sorted) /* the usual case */
			continue;
		qsort(v, n, sizeof(*v), compare_rows);
		for (size_t k = 0; k < n; k++)
			row[k] = v[k].row;
	}
	mem_free(v);
}

static bool choose_policy(
    struct import *im, const enum policy_rule *dup, double threshold, struct err *e)
{
	bool set;

	return policy_choose(im->db, dup, threshold, &im->policy, &set, e) &&
	       (set || policy_set(im->db, &im->policy, e));
}

/* The id of each model by name, made where it is new. */
static bool put_models(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *find = stmt_new(im->db, "SELECT id FROM model WHERE name = ?1", e);
	sqlite3_stmt *add = stmt_new(im->db, "INSERT INTO model (name) VALUES (?1)", e);
	sqlite3_stmt *source = stmt_new(im->db, "INSERT INTO source_model VALUES (?1, ?2, ?3)", e);
	bool row, ok = find && add && source;

	for (size_t i = 0; ok && i < s->n_models; i++) {
		stmt_bind_text(find, 1, s->models[i].name);
		ok = stmt_step(im->db, find, &row, e);
		if (ok && row) {
			im->model[i] = sqlite3_column_int64(find, 0);
		} else if (ok) {
			stmt_bind_text(add, 1, s->models[i].name);
			ok = stmt_done(im->db, add, e);
			im->model[i] = sqlite3_last_insert_rowid(im->db->handle);
			im->report.models_new++;
		}
		sqlite3_reset(find);
		if (ok && (im->model[i] < 1 || im->model[i] > ANSWER_MODELS_MAX))
			ok = err_set(e, ERR_DATA, "%s: over %lld models", db_path(im->db),
			    (long long)ANSWER_MODELS_MAX);
		sqlite3_bind_int64(source, 1, im->id);
		sqlite3_bind_int64(source, 2, im->model[i]);
		stmt_bind_text(source, 3, s->models[i].key);
		ok = ok && stmt_done(im->db, source, e);
	}
	sqlite3_finalize(find);
	sqlite3_finalize(add);
	sqlite3_finalize(source);
	return ok;
}

/* The benchmark's id; consecutive questions mostly share it. */
static bool put_benchmark(struct import *im, const char *name, int64_t *id, struct err *e)
{
	sqlite3_stmt *s = stmt_new(im->db,
	    "INSERT INTO benchmark (name) VALUES (?1) ON CONFLICT DO UPDATE "
	    "SET name = name RETURNING id",
	    e);
	bool row, ok = s != NULL;

	if (ok) {
		stmt_bind_text(s, 1, name);
		ok = stmt_step(im->db, s, &row, e);
		if (ok && row)
			*id = sqlite3_column_int64(s, 0);
	}
	sqlite3_finalize(s);
	return ok;
}

static bool put_questions(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *find =
	    stmt_new(im->db, "SELECT id FROM question WHERE benchmark = ?1 AND hash = ?2", e);
	sqlite3_stmt *add =
	    stmt_new(im->db, "INSERT INTO question (benchmark, hash, text) VALUES (?1, ?2, ?3)", e);
	const char *last = NULL;
	int64_t benchmark = 0;
	bool row, ok = find && add;

	for (size_t i = 0; ok && i < s->n_questions; i++) {
		const struct staging_question *q = &s->questions[i];

		if (!last || strcmp(last, q->benchmark))
			ok = put_benchmark(im, q->benchmark, &benchmark, e);
		last = q->benchmark;
		sqlite3_bind_int64(find, 1, benchmark);
		stmt_bind_blob(find, 2, q->hash, HASH_SIZE);
		ok = ok && stmt_step(im->db, find, &row, e);
		if (!ok)
			break;
		im->known[i] = row;
		if (row) {
			im->question[i] = sqlite3_column_int64(find, 0);
		} else {
			sqlite3_bind_int64(add, 1, benchmark);
			stmt_bind_blob(add, 2, q->hash, HASH_SIZE);
			sqlite3_bind_text64(add, 3, q->text, q->len, SQLITE_STATIC, SQLITE_UTF8);
			ok = stmt_done(im->db, add, e);
			im->question[i] = sqlite3_last_insert_rowid(im->db->handle);
			im->report.questions_new++;
		}
		sqlite3_reset(find);
	}
	sqlite3_finalize(find);
	sqlite3_finalize(add);
	return ok;
}

static bool put_items(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *add =
	    stmt_new(im->db, "INSERT INTO item VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)", e);
	bool ok =
	    add && stmt_int(im->db, "SELECT max(id) + 1 FROM item", 0, 0, 1, &im->first_item, e);

	for (size_t i = 0; ok && i < s->n_items; i++) {
		const struct staging_item *it = &s->items[i];

		sqlite3_bind_int64(add, 1, im->first_item + (int64_t)i);
		sqlite3_bind_int64(add, 2, im->id);
		sqlite3_bind_int64(add, 3, im->question[it->question]);
		stmt_bind_text(add, 4, it->key);
		stmt_bind_text(add, 5, it->category);
		stmt_bind_text(add, 6, it->part ? part_name(it->part) : NULL);
		stmt_bind_text(add, 7, it->variant);
		ok = stmt_done(im->db, add, e);
	}
	sqlite3_finalize(add);
	return ok;
}

/* See ANSWER_PAIRS_MAX: a file of as many models as questions has gone wrong. */
static bool check_size(struct import *im, struct err *e)
{
	int64_t models, questions;

	if (!stmt_int(im->db, "SELECT max(id) FROM model", 0, 0, 0, &models, e) ||
	    !stmt_int(im->db, "SELECT count(*) FROM question", 0, 0, 0, &questions, e))
		return false;
	if (models && questions > ANSWER_PAIRS_MAX / models)
		return err_set(e, ERR_DATA,
		    "%s: with it there are %lld models and %lld questions: a database holds up to "
		    "%lld pairs of them; is a column taken for another?",
		    im->s->file, (long long)models, (long long)questions,
		    (long long)ANSWER_PAIRS_MAX);
	return true;
}

static bool put_rows(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *add = stmt_new(im->db, "INSERT INTO response VALUES (?1, ?2, ?3, ?4)", e);
	bool ok = add != NULL;

	for (size_t i = 0; ok && i < s->n_items; i++) {
		if (i % 256 == 0 && !progress_tick(im->progress, "writing", im->item_start[i],
					(double)s->n_rows, "rows"))
			ok = err_set(e, ERR_CANCELLED, "%s: stopped; nothing was changed", s->file);
		if (!ok)
			break;
		sqlite3_bind_int64(add, 1, im->first_item + (int64_t)i);
		for (uint32_t k = im->item_start[i]; ok && k < im->item_start[i + 1]; k++) {
			uint32_t row = im->by_item[k];

			sqlite3_bind_int64(add, 2, im->model[s->row_model[row]]);
			sqlite3_bind_int64(add, 3, im->n[row]);
			stmt_bind_real(add, 4, s->row_score[row]);
			ok = stmt_done(im->db, add, e);
		}
	}
	sqlite3_finalize(add);
	return ok;
}

/* What the rows say besides their labels; staging has it by row. */
static bool put_usage(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *add =
	    stmt_new(im->db, "INSERT INTO usage VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", e);
	bool ok = add != NULL;

	for (size_t i = 0; ok && i < s->n_usage; i++) {
		const struct response_usage *u = &s->usage[i].u;
		uint32_t row = s->usage[i].row;

		sqlite3_bind_int64(add, 1, im->first_item + (int64_t)s->row_item[row]);
		sqlite3_bind_int64(add, 2, im->model[s->row_model[row]]);
		sqlite3_bind_int64(add, 3, im->n[row]);
		stmt_bind_real(add, 4, NAN);
		if (u->trials)
			sqlite3_bind_int64(add, 4, u->trials);
		stmt_bind_real(add, 5, u->cost);
		stmt_bind_real(add, 6, u->tokens_in);
		stmt_bind_real(add, 7, u->tokens_out);
		stmt_bind_real(add, 8, u->seconds);
		ok = stmt_done(im->db, add, e);
	}
	sqlite3_finalize(add);
	return ok && usage_summarise(im->db, e);
}

static bool put_settings(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *add = stmt_new(im->db,
	    "INSERT INTO setting VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET value = "
	    "?6",
	    e);
	bool ok = add != NULL;

	for (size_t i = 0; ok && i < s->n_settings; i++) {
		const struct staging_setting *t = &s->settings[i];

		sqlite3_bind_int64(add, 1, im->id);
		sqlite3_bind_int64(add, 2, im->model[t->model]);
		sqlite3_bind_int64(add, 3, t->run);
		stmt_bind_text(add, 4, t->category);
		stmt_bind_text(add, 5, t->key);
		stmt_bind_text(add, 6, t->value);
		ok = stmt_done(im->db, add, e);
	}
	sqlite3_finalize(add);
	return ok;
}

static bool put_remarks(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *add = stmt_new(im->db, "INSERT INTO remark VALUES (?1, ?2, ?3, ?4)", e);
	bool ok = add != NULL;

	for (size_t i = 0; ok && i < s->n_remarks; i++) {
		sqlite3_bind_int64(add, 1, im->id);
		sqlite3_bind_int64(add, 2, (int64_t)i + 1);
		stmt_bind_text(add, 3, remark_kind_name(s->remarks[i].kind));
		stmt_bind_text(add, 4, s->remarks[i].text);
		ok = stmt_done(im->db, add, e);
	}
	sqlite3_finalize(add);
	return ok;
}

static bool put_claims(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	sqlite3_stmt *add = stmt_new(
	    im->db, "INSERT INTO claim VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", e);
	bool ok = add != NULL;

	for (size_t i = 0; ok && i < s->n_claims; i++) {
		const struct response_claim *c = &s->claims[i].c;

		sqlite3_bind_int64(add, 1, im->id);
		sqlite3_bind_int64(add, 2, (int64_t)i + 1);
		sqlite3_bind_int64(add, 3, im->model[s->claims[i].model]);
		stmt_bind_text(add, 4, c->task);
		stmt_bind_text(add, 5, c->metric);
		stmt_bind_text(add, 6, c->source);
		stmt_bind_real(add, 7, c->claimed_rows);
		stmt_bind_real(add, 8, c->claimed_mean);
		sqlite3_bind_int64(add, 9, (int64_t)c->rows);
		stmt_bind_real(add, 10, c->mean);
		stmt_bind_text(add, 11, claim_verdict_name(c->verdict));
		ok = stmt_done(im->db, add, e);
	}
	sqlite3_finalize(add);
	return ok;
}

/* The labels of every question of the file, from the rows in memory and those of earlier imports. */
static bool put_answers(struct import *im, struct err *e)
{
	const struct staging *s = im->s;
	uint32_t *question = mem_array(s->n_items + 1, sizeof(*question)), *start, *items;
	struct answer_writer w;
	bool ok = answer_open(&w, im->db, &im->policy, e);

	for (size_t i = 0; i < s->n_items; i++)
		question[i] = s->items[i].question;
	items = sort_by(question, s->n_items, s->n_questions, &start);
	for (size_t q = 0; ok && q < s->n_questions; q++) {
		if (im->known[q])
			ok = answer_load(&w, im->question[q], e);
		for (uint32_t j = start[q]; j < start[q + 1]; j++) {
			uint32_t i = items[j];

			for (uint32_t k = im->item_start[i]; k < im->item_start[i + 1]; k++) {
				uint32_t row = im->by_item[k];

				answer_add(&w, im->model[s->row_model[row]], im->id, im->n[row],
				    s->row_score[row], true);
			}
		}
		ok = ok && answer_put(&w, im->question[q], &im->outcome, e);
	}
	answer_close(&w);
	mem_free(question);
	mem_free(start);
	mem_free(items);
	return ok;
}

/* The part all items share, or PART_NONE; and how many questions came with each. */
static enum part count_parts(struct import *im)
{
	const struct staging *s = im->s;
	uint8_t *part = mem_zero_array(s->n_questions + 1, 1);
	enum part common = s->n_items ? s->items[0].part : PART_NONE;

	for (size_t i = 0; i < s->n_items; i++) {
		const struct staging_item *it = &s->items[i];

		if (it->part > part[it->question])
			part[it->question] = (uint8_t)it->part;
		if (it->part != common)
			common = PART_NONE;
	}
	for (size_t q = 0; q < s->n_questions; q++)
		im->report.per_part[part[q]]++;
	mem_free(part);
	return common;
}

/* The import's own row: reserved first, for the id; filled when all is counted. */
static bool put_import(struct import *im, enum part part, struct err *e)
{
	sqlite3_stmt *s = stmt_new(im->db,
	    "INSERT INTO import VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
	    "ON CONFLICT DO UPDATE SET repeats = ?8, conflicts = ?9",
	    e);
	struct arena a = ARENA_INIT;
	bool ok = s != NULL;

	if (ok) {
		sqlite3_bind_int64(s, 1, im->id);
		stmt_bind_text(s, 2, stmt_now(&a));
		stmt_bind_text(s, 3, im->s->file);
		stmt_bind_text(s, 4, im->s->format);
		stmt_bind_text(s, 5, part ? part_name(part) : NULL);
		sqlite3_bind_int64(s, 6, (int64_t)im->s->n_rows);
		sqlite3_bind_int64(s, 7, (int64_t)im->s->missing);
		sqlite3_bind_int64(s, 8, (int64_t)im->outcome.repeats);
		sqlite3_bind_int64(s, 9, (int64_t)im->outcome.conflicts);
		sqlite3_bind_int64(s, 10, (int64_t)im->s->skipped);
		ok = stmt_done(im->db, s, e);
	}
	sqlite3_finalize(s);
	arena_clear(&a);
	return ok;
}

static bool import_all(
    struct import *im, const enum policy_rule *dup, double threshold, struct err *e)
{
	const struct staging *s = im->s;
	enum part part = count_parts(im);

	if (!choose_policy(im, dup, threshold, e) ||
	    !stmt_int(im->db, "SELECT max(id) + 1 FROM import", 0, 0, 1, &im->id, e) ||
	    !put_import(im, part, e) || !put_models(im, e) || !put_questions(im, e) ||
	    !put_items(im, e) || !check_size(im, e))
		return false;
	number_rows(im);
	order_rows(im);
	/* Answers first: they read the earlier rows of a known question. */
	return put_answers(im, e) && put_rows(im, e) && put_usage(im, e) && put_settings(im, e) &&
	       put_remarks(im, e) && put_claims(im, e) && put_import(im, part, e) &&
	       answer_summarise(im->db, e) && split_follow_imports(im->db, &im->report.leaks, e) &&
	       (progress_tick(
		    im->progress, "writing", (double)s->n_rows, (double)s->n_rows, "rows") ||
		   err_set(e, ERR_CANCELLED, "%s: stopped; nothing was changed", s->file));
}

static void fill_report(struct import *im, struct arena *a)
{
	const struct staging *s = im->s;
	struct response_report *r = &im->report;

	r->import = im->id;
	r->file = arena_strdup(a, s->file);
	r->format = arena_strdup(a, s->format);
	r->rows = s->n_rows;
	r->missing = s->missing;
	r->models = s->n_models;
	r->questions = s->n_questions;
	r->repeats = im->outcome.repeats;
	r->conflicts = im->outcome.conflicts;
	r->to_right = im->outcome.to_right;
	r->to_wrong = im->outcome.to_wrong;
	r->to_missing = im->outcome.to_missing;
	r->policy = im->policy;
	r->skipped = s->skipped;
	r->n_skips = s->n_skips;
	r->skips = arena_array(a, struct response_skip, s->n_skips + 1);
	for (size_t i = 0; i < s->n_skips; i++)
		r->skips[i] = (struct response_skip){
		    arena_strdup(a, s->skips[i].place), arena_strdup(a, s->skips[i].reason)};
	r->n_remarks = s->n_remarks;
	r->remarks = arena_array(a, struct response_remark, s->n_remarks + 1);
	for (size_t i = 0; i < s->n_remarks; i++)
		r->remarks[i] = (struct response_remark){
		    s->remarks[i].kind, arena_strdup(a, s->remarks[i].text)};
	r->n_claims = s->n_claims;
	r->claims = arena_array(a, struct response_claim, s->n_claims + 1);
	for (size_t i = 0; i < s->n_claims; i++) {
		r->claims[i] = s->claims[i].c;
		r->claims[i].model = arena_strdup(a, s->models[s->claims[i].model].name);
		r->claims[i].task = arena_strdup(a, r->claims[i].task);
		r->claims[i].metric = arena_strdup(a, r->claims[i].metric);
		r->claims[i].source = arena_strdup(a, r->claims[i].source);
	}
}

bool response_import(struct db *db, const struct staging *s, const enum policy_rule *dup,
    double threshold, bool dry, const struct progress *p, struct arena *a,
    struct response_report *out, struct err *e)
{
	struct import im = {.db = db, .s = s, .progress = p};
	double start = clock_now();
	bool ok;

	if (!db_begin_bulk(db, e))
		return false;
	im.model = mem_zero_array(s->n_models + 1, sizeof(*im.model));
	im.question = mem_zero_array(s->n_questions + 1, sizeof(*im.question));
	im.known = mem_zero_array(s->n_questions + 1, sizeof(*im.known));
	im.n = mem_array(s->n_rows + 1, sizeof(*im.n));
	ok = import_all(&im, dup, threshold, e);
	if (ok && dry)
		db_end(db, false, e);
	else
		ok = db_end(db, ok, e);
	if (ok) {
		fill_report(&im, a);
		if (dry)
			im.report.import = 0;
		im.report.seconds = clock_now() - start;
		*out = im.report;
	}
	mem_free(im.model);
	mem_free(im.question);
	mem_free(im.known);
	mem_free(im.n);
	mem_free(im.by_item);
	mem_free(im.item_start);
	return ok;
}
