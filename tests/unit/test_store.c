/* The database: rules against a naive reference, undo and merge against a database that never knew,
 * splits, runs, encodings, files that are no database. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/label.h"
#include "store/model.h"
#include "store/naming.h"
#include "store/response.h"
#include "store/run.h"
#include "store/run_bin.h"
#include "store/split.h"
#include "store/staging.h"
#include "store/stmt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MODELS = 5, QUESTIONS = 9, ROWS = 160 };

/* A random file of few models and questions, so that everything repeats: each question listed under
 * two categories of one benchmark. */
struct file {
	struct {
		int model, question, variant;
		double score;
	} row[ROWS];
};

static void draw_file(struct file *f, struct rng *r, int first_model, int first_question)
{
	static const double scores[] = {0, 0, .25, .5, 1, 1, NAN};

	for (int i = 0; i < ROWS; i++) {
		f->row[i].model = first_model + (int)rng_below(r, MODELS);
		f->row[i].question = first_question + (int)rng_below(r, QUESTIONS);
		f->row[i].variant = (int)rng_below(r, 2);
		f->row[i].score = scores[rng_below(r, 7)];
	}
}

enum { PRICE_IN = 2, PRICE_OUT = 5 }; /* dollars per million tokens */

static double usage_cost(int i)
{
	return (PRICE_IN * (100 + i * 7 % 50) + PRICE_OUT * (10 + i * 11 % 30)) * 1e-6;
}

static void stage(struct staging *s, const struct file *f, enum part part, const char *rename_from,
    const char *rename_to)
{
	char model[32], text[64], key[32], category[32];
	uint32_t item, id;

	staging_init(s, "file", "test");
	for (int i = 0; i < ROWS; i++) {
		int q = f->row[i].question;
		struct staging_listing l;

		snprintf(model, sizeof(model), "org__m%d", f->row[i].model);
		if (rename_from && !strcmp(model, rename_from))
			snprintf(model, sizeof(model), "%s", rename_to);
		snprintf(text, sizeof(text), "question %d?", q);
		snprintf(key, sizeof(key), "%d", 100 + q);
		snprintf(category, sizeof(category), "%s_%d", q % 2 ? "mmlu" : "gpqa",
		    f->row[i].variant);
		l = (struct staging_listing){.key = key,
		    .key_len = strlen(key),
		    .category = category,
		    .category_len = strlen(category),
		    .text = text,
		    .text_len = strlen(text),
		    .part = part};
		assert_int_equal(staging_item(s, &l, &item), STAGING_OK);
		assert_true(staging_model(s, model, strlen(model), key, &id));
		staging_row(s, item, id, f->row[i].score);
		if (i % 3 == 0)
			staging_usage(s, &(struct response_usage){.trials = (uint32_t)i % 4,
					     .cost = usage_cost(i),
					     .tokens_in = 100 + i * 7 % 50,
					     .tokens_out = 10 + i * 11 % 30,
					     .seconds = NAN});
		staging_set(s, id, category, "shots", "5");
	}
	staging_remark(s, REMARK_CHOICE, "said");
	staging_remark(s, REMARK_CHOICE, "said");
}

static struct response_report import_renamed(struct db *db, const struct file *f, enum part part,
    const enum policy_rule *rule, const char *from, const char *to)
{
	struct response_report r;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct staging s;

	stage(&s, f, part, from, to);
	if (!response_import(db, &s, rule, NAN, false, NULL, &a, &r, &e))
		fail_msg("%s", e.msg);
	staging_clear(&s);
	arena_clear(&a);
	return r;
}

static struct response_report import(
    struct db *db, const struct file *f, enum part part, const enum policy_rule *rule)
{
	return import_renamed(db, f, part, rule, NULL, NULL);
}

/* Every row of every table, as text. */
static char *dump(struct db *db)
{
	struct err e = ERR_INIT;
	struct buf out = BUF_INIT;
	sqlite3_stmt *tables, *s;
	bool more, row;

	tables =
	    stmt_new(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", &e);
	while (stmt_step(db, tables, &more, &e) && more) {
		const char *name = (const char *)sqlite3_column_text(tables, 0);
		char *sql = mem_printf("SELECT * FROM \"%s\"%s ORDER BY 1, 2", name,
		    strcmp(name, "meta") ? "" : " WHERE key <> 'changes'");

		s = stmt_new(db, sql, &e);
		assert_non_null(s);
		while (stmt_step(db, s, &row, &e) && row) {
			buf_printf(&out, "%s:", (const char *)sqlite3_column_text(tables, 0));
			for (int i = 0; i < sqlite3_column_count(s); i++) {
				const unsigned char *p = sqlite3_column_blob(s, i);

				buf_addc(&out, '|');
				for (int k = 0; k < sqlite3_column_bytes(s, i); k++)
					buf_printf(&out, "%02x", p[k]);
			}
			buf_addc(&out, '\n');
		}
		sqlite3_finalize(s);
		mem_free(sql);
	}
	sqlite3_finalize(tables);
	assert_int_equal(e.kind, ERR_NONE);
	return buf_take(&out);
}

/* One label the slow way: all its rows in the order they came. */
static double naive_label(const struct file *f, size_t files, int model, int question,
    enum policy_rule rule, double *weight)
{
	double score[2 * ROWS], sum = 0, right = 0;
	int n = 0;

	for (size_t k = 0; k < files; k++)
		for (int i = 0; i < ROWS; i++)
			if (f[k].row[i].model == model && f[k].row[i].question == question &&
			    !isnan(f[k].row[i].score))
				score[n++] = f[k].row[i].score;
	*weight = rule == POLICY_ROWS && n ? n : 1;
	if (!n)
		return NAN;
	for (int i = 0; i < n; i++) {
		sum += score[i];
		right += score[i] >= .5;
	}
	switch (rule) {
	case POLICY_MAJORITY:
		return right > n - right ? 1 : right < n - right ? 0 : NAN;
	case POLICY_MAX:
		return right > 0;
	case POLICY_FIRST:
		return score[0] >= .5;
	case POLICY_LAST:
		return score[n - 1] >= .5;
	default:
		return sum / n;
	}
}

static void check_labels(struct db *db, const struct file *f, size_t files, enum policy_rule rule)
{
	struct catalog_question *q;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct catalog c;
	float *score, *weight;
	bool weighted;
	size_t labels = 0;
	double seen = 0, w;
	int model, question;

	assert_true(catalog_load(db, &a, &c, &e));
	assert_true(catalog_load_questions(db, &c, &a, &q, &e));
	score = arena_array(&a, float, c.n_models *c.n_questions);
	weight = arena_array(&a, float, c.n_models *c.n_questions);
	assert_true(label_load(db, &c, q, score, weight, &weighted, &e));
	assert_int_equal(weighted, rule == POLICY_ROWS);
	for (size_t i = 0; i < c.n_questions; i++) {
		assert_int_equal(sscanf(q[i].text, "question %d?", &question), 1);
		assert_string_equal(
		    c.benchmarks[q[i].benchmark].name, question % 2 ? "mmlu" : "gpqa");
		for (size_t m = 0; m < c.n_models; m++) {
			size_t at = i * c.n_models + m;

			assert_int_equal(sscanf(c.models[m].name, "org/m%d", &model), 1);
			double want = naive_label(f, files, model, question, rule, &w);

			if (isnan(want)) {
				assert_true(isnan(score[at]));
				continue;
			}
			assert_true(fabs((double)score[at] - want) < 1e-6);
			assert_true(fabs((double)weight[at] - w) < 1e-6);
			labels++;
			seen += w;
		}
	}
	for (size_t i = 0; i < c.n_models * c.n_benchmarks; i++) {
		labels -= c.labels[i];
		seen -= c.seen[i];
	}
	assert_int_equal(labels, 0);
	assert_true(fabs(seen) < 1e-6);
	arena_clear(&a);
}

TEST(every_rule_over_two_imports)
{
	struct file f[2];
	struct rng r;

	for (enum policy_rule rule = 0; rule < POLICY_RULE_COUNT; rule++) {
		struct db *db = help_db();

		rng_init(&r, 7, rule);
		draw_file(&f[0], &r, 0, 0);
		draw_file(&f[1], &r, 2, 4); /* half of it known */
		import(db, &f[0], PART_NONE, &rule);
		struct response_report rep = import(db, &f[1], PART_NONE, NULL);

		assert_int_equal(rep.rows, ROWS);
		assert_int_equal(rep.models, MODELS);
		assert_int_equal(rep.models_new, 2);
		assert_int_equal(rep.questions, QUESTIONS);
		assert_int_equal(rep.questions_new, 4);
		assert_true(rep.conflicts > 0 && rep.missing > 0);
		assert_int_equal(rep.conflicts, rep.to_right + rep.to_wrong + rep.to_missing);
		check_labels(db, f, 2, rule);
		help_assert_sound(db);
		db_close(db);
	}
}

TEST(resolve_is_importing_under_that_rule)
{
	struct err e = ERR_INIT;
	struct file f;
	struct rng r;

	rng_init(&r, 8, 0);
	draw_file(&f, &r, 0, 0);
	for (enum policy_rule rule = 0; rule < POLICY_RULE_COUNT; rule++) {
		struct db *direct = help_db(), *turned = help_db();
		struct policy policy = {rule, .5};
		enum policy_rule other = POLICY_MEAN;

		import(direct, &f, PART_NONE, &rule);
		import(turned, &f, PART_NONE, &other);
		assert_true(label_resolve(turned, &policy, &e));
		char *a = help_digest(direct), *b = help_digest(turned);

		assert_string_equal(a, b);
		help_assert_sound(turned);
		mem_free(a);
		mem_free(b);
		db_close(direct);
		db_close(turned);
	}
}

TEST(another_rule_is_refused)
{
	enum policy_rule rule = POLICY_MAX, other = POLICY_MEAN;
	struct response_report rep;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct staging s;
	struct db *db = help_db();
	struct file f;
	struct rng r;

	rng_init(&r, 9, 0);
	draw_file(&f, &r, 0, 0);
	import(db, &f, PART_NONE, &rule);
	char *before = dump(db);

	stage(&s, &f, PART_NONE, NULL, NULL);
	assert_false(response_import(db, &s, &other, NAN, false, NULL, &a, &rep, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_non_null(strstr(e.msg, "embedllm resolve --dup mean"));
	assert_false(response_import(db, &s, NULL, .75, false, NULL, &a, &rep, &e));
	char *after = dump(db);

	assert_string_equal(before, after);
	mem_free(before);
	mem_free(after);
	staging_clear(&s);
	arena_clear(&a);
	db_close(db);
}

static bool always_stop(void *arg, const struct tick *t)
{
	(void)arg;
	return t->done < t->total; /* at the very end */
}

TEST(undo_and_cancel_leave_no_trace)
{
	struct response_undone u;
	struct response_report rep;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct progress stop = {always_stop, NULL};
	enum policy_rule rule = POLICY_ROWS;
	struct db *db = help_db();
	struct staging s;
	struct file f[3];
	struct rng r;

	rng_init(&r, 10, 0);
	char *empty = dump(db);

	draw_file(&f[0], &r, 0, 0);
	import(db, &f[0], PART_TRAIN, &rule);
	char *before = dump(db);

	draw_file(&f[1], &r, 3, 5);
	stage(&s, &f[1], PART_TEST, NULL, NULL);
	assert_false(response_import(db, &s, NULL, NAN, false, &stop, &a, &rep, &e));
	assert_int_equal(e.kind, ERR_CANCELLED);
	char *cancelled = dump(db);

	assert_string_equal(before, cancelled);
	rep = import(db, &f[1], PART_TEST, NULL);
	assert_int_equal(rep.leaks, 4);
	help_assert_sound(db);
	assert_true(response_undo(db, rep.import, &u, &e));
	assert_int_equal(u.rows, ROWS);
	assert_int_equal(u.models, 3);
	assert_int_equal(u.questions, 5);
	char *undone = dump(db);

	assert_string_equal(before, undone);
	assert_false(response_undo(db, 77, &u, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	assert_true(response_undo(db, 1, &u, &e));
	char *nothing = dump(db);

	assert_string_equal(empty, nothing);
	mem_free(empty);
	mem_free(before);
	mem_free(cancelled);
	mem_free(undone);
	mem_free(nothing);
	staging_clear(&s);
	arena_clear(&a);
	db_close(db);
}

TEST(undo_in_the_middle)
{
	struct response_undone u;
	struct err e = ERR_INIT;
	struct db *with = help_db(), *without = help_db();
	struct file f[3];
	struct rng r;

	rng_init(&r, 11, 0);
	for (int i = 0; i < 3; i++) {
		draw_file(&f[i], &r, 2 * i, 3 * i);
		import(with, &f[i], PART_NONE, NULL);
		if (i != 1)
			import(without, &f[i], PART_NONE, NULL);
	}
	assert_true(response_undo(with, 2, &u, &e));
	help_assert_sound(with);
	char *a = help_digest(with), *b = help_digest(without);

	assert_string_equal(a, b);
	mem_free(a);
	mem_free(b);
	db_close(with);
	db_close(without);
}

TEST(merge_rename_delete)
{
	enum policy_rule rules[] = {POLICY_MAJORITY, POLICY_MEAN, POLICY_MAX};
	struct err e = ERR_INIT;
	struct file f;
	struct rng r;
	bool found;

	for (size_t i = 0; i < 3; i++) {
		struct db *merged = help_db(), *direct = help_db();

		rng_init(&r, 12, i);
		draw_file(&f, &r, 0, 0);
		import(merged, &f, PART_NONE, &rules[i]);
		import_renamed(direct, &f, PART_NONE, &rules[i], "org__m1", "org__m3");
		assert_true(model_merge(merged, "org/m1", "org/m3", &found, &e) && found);
		help_assert_sound(merged);
		char *a = help_digest(merged), *b = help_digest(direct);

		assert_string_equal(a, b);
		mem_free(a);
		mem_free(b);
		assert_true(model_merge(merged, "nobody", "org/m3", &found, &e) && !found);
		assert_false(model_merge(merged, "org/m3", "nobody", &found, &e));
		assert_false(model_merge(merged, "org/m3", "org/m3", &found, &e));
		assert_false(model_rename(merged, "org/m3", "org/m0", &found, &e));
		assert_true(model_rename(merged, "org/m3", "other/name", &found, &e) && found);
		assert_true(model_delete(merged, "other/name", &found, &e) && found);
		assert_true(model_delete(merged, "other/name", &found, &e) && !found);
		help_assert_sound(merged);
		db_close(merged);
		db_close(direct);
	}
}

TEST(tags_and_prices)
{
	struct catalog_tag set[] = {{"size", "7B"}, {"family", "x"}}, drop[] = {{"size", NULL}};
	struct db *db = help_db();
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct catalog c;
	struct file f;
	struct rng r;
	bool found;

	rng_init(&r, 13, 0);
	draw_file(&f, &r, 0, 0);
	import(db, &f, PART_NONE, NULL);
	assert_true(model_set(db, "org/m2", set, 2, .5, NAN, &found, &e) && found);
	assert_true(model_set(db, "org/m2", drop, 1, NAN, 2, &found, &e) && found);
	assert_true(model_set(db, "nobody", set, 2, 1, 1, &found, &e) && !found);
	assert_false(model_set(db, "org/m2", NULL, 0, -1, NAN, &found, &e));
	assert_true(catalog_load(db, &a, &c, &e));
	assert_string_equal(c.models[2].name, "org/m2");
	assert_int_equal(c.models[2].n_tags, 1);
	assert_string_equal(c.models[2].tags[0].key, "family");
	assert_true(
	    fabs(c.models[2].price_in - .5) < 1e-12 && fabs(c.models[2].price_out - 2) < 1e-12);
	assert_true(fabs(c.models[1].price_in - PRICE_IN) < 1e-6 && !c.models[1].n_tags);
	arena_clear(&a);
	db_close(db);
}

TEST(splits)
{
	struct split s = {.name = "mine", .seed = 3, .test = 20, .val = 10}, got, *list;
	struct catalog_question *q;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct db *db = help_db();
	uint8_t part[2 * QUESTIONS], back[2 * QUESTIONS];
	struct catalog c;
	struct file f;
	struct rng r;
	bool found;
	size_t n;

	rng_init(&r, 14, 0);
	draw_file(&f, &r, 0, 0);
	import(db, &f, PART_TRAIN, NULL);
	assert_true(split_find(db, &a, NULL, &got, &found, &e) && found);
	assert_true(got.imported && got.count[PART_TRAIN] == QUESTIONS);
	assert_true(catalog_load(db, &a, &c, &e) && catalog_load_questions(db, &c, &a, &q, &e));
	for (size_t i = 0; i < c.n_questions; i++)
		part[i] = (uint8_t)(i % PART_COUNT);
	assert_true(split_save(db, &s, q, c.n_questions, part, &e));
	assert_false(split_save(db, &s, q, c.n_questions, part, &e));
	assert_true(split_find(db, &a, NULL, &got, &found, &e) && found);
	assert_string_equal(got.name, "mine");
	assert_int_equal(got.count[PART_NONE], s.count[PART_NONE]);
	assert_true(split_load(db, got.id, q, c.n_questions, back, &e));
	assert_memory_equal(part, back, c.n_questions);
	assert_true(split_list(db, &a, &list, &n, &e) && n == 2);
	assert_true(split_use(db, SPLIT_IMPORTED, &e));
	assert_true(split_delete(db, "mine", &e));
	assert_false(split_use(db, "mine", &e));
	s.name = SPLIT_IMPORTED;
	assert_false(split_save(db, &s, q, c.n_questions, part, &e));
	arena_clear(&a);
	db_close(db);
}

TEST(runs_and_encodings)
{
	struct run run = {.method = "mf",
		       .settings = "{\"k\":1}",
		       .seed = UINT64_MAX,
		       .threads = 2,
		       .kernel = "Haswell",
		       .data_digest = "d",
		       .state = RUN_RUNNING},
		   got, *list;
	struct encoding_encoder enc = {.identity = "builtin:1",
				    .kind = "builtin",
				    .dims = 3,
				    .blob = "abc",
				    .size = 3},
				enc_got;
	struct epoch t = {.epoch = 1,
			 .train_loss = .5,
			 .train_accuracy = .6,
			 .val_loss = NAN,
			 .val_accuracy = NAN},
		     *curve;
	struct mat rows = mat_new(QUESTIONS, 3), back = mat_new(QUESTIONS, 3);
	struct run_vector *v;
	struct catalog_question *q;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct db *db = help_db();
	bool found, have[QUESTIONS];
	struct run again;
	int64_t ticket, back_as;
	const char *cached;
	const void *blob;
	struct catalog c;
	struct file f;
	struct rng r;
	size_t n, epoch, missing;

	rng_init(&r, 15, 0);
	draw_file(&f, &r, 0, 0);
	import(db, &f, PART_NONE, NULL);
	assert_true(catalog_load(db, &a, &c, &e) && catalog_load_questions(db, &c, &a, &q, &e));

	assert_true(encoding_save_encoder(db, &enc, &e) && enc.id);
	assert_true(encoding_load_encoder(db, 0, "builtin:1", &a, &enc_got, &found, &e) && found);
	assert_true(enc_got.id == enc.id && enc_got.size == 3 && !memcmp(enc_got.blob, "abc", 3));
	for (size_t i = 0; i < rows.rows * rows.cols; i++)
		rows.v[i] = (float)i;
	struct mat part = mat_view(mat_row(&rows, 2), QUESTIONS - 2, 3);

	assert_true(encoding_save(db, enc.id, q + 2, QUESTIONS - 2, &part, &e));
	assert_true(encoding_load(db, enc.id, q, QUESTIONS, &back, have, &missing, &e));
	assert_int_equal(missing, 2);
	assert_true(!have[1] && have[2]);
	assert_memory_equal(mat_row(&back, 2), part.v, (QUESTIONS - 2) * 3 * sizeof(float));

	run.encoder = enc.id;
	assert_true(run_create(db, &run, &a, &e));
	assert_true(run_save_epoch(db, run.id, &t, "last1", 5, "best1", 5, &e));
	t.epoch = 2;
	assert_true(run_save_epoch(db, run.id, &t, "last2", 5, NULL, 0, &e));
	assert_true(run_load_checkpoint(db, run.id, RUN_BEST, &a, &blob, &n, &epoch, &e));
	assert_true(epoch == 1 && n == 5 && !memcmp(blob, "best1", 5));
	assert_true(run_reopen(db, run.id, 1, &e));
	assert_true(run_load_curve(db, run.id, &a, &curve, &n, &e));
	assert_true(n == 1 && isnan(curve[0].val_loss) && fabs(curve[0].train_loss - .5) < 1e-12);
	assert_true(run_find(db, 0, &a, &got, &found, &e) && !found);
	run.state = RUN_DONE;
	run.summary = "{}";
	assert_true(run_finish(db, &run, &e));
	assert_true(run_load_checkpoint(db, run.id, RUN_LAST, &a, &blob, &n, &epoch, &e) && !blob);
	assert_true(run_find(db, 0, &a, &got, &found, &e) && found);
	assert_true(got.seed == UINT64_MAX && got.state == RUN_DONE && got.encoder == enc.id);
	assert_true(run_list(db, &a, &list, &n, &e) && n == 1);

	for (size_t m = 0; m < c.n_models; m++)
		assert_true(run_save_vector(db, run.id, "model", c.models[m].id, rows.v, 4, &e));
	assert_true(run_save_vector(db, run.id, "bias", 0, rows.v, 1, &e));
	assert_true(model_delete(db, c.models[0].name, &found, &e) && found);
	assert_true(run_load_vectors(db, run.id, "model", &a, &v, &n, &e));
	assert_true(n == c.n_models - 1 && v[0].n == 4 && (uintptr_t)v[0].v % 64 == 0);
	assert_true(run_cache_set(db, run.id, "probe", "x", &e) &&
		    run_cache_set(db, run.id, "probe", "y", &e));
	assert_true(run_cache_get(db, run.id, "probe", &a, &cached, &e));
	assert_string_equal(cached, "y");
	help_assert_sound(db);

	/* Deleted, back, and back under another number where a new run has its own. */
	assert_true(run_use(db, run.id, &e));
	assert_true(run_bin_put(db, run.id, &ticket, &e));
	assert_false(run_use(db, run.id, &e));
	help_assert_sound(db);
	assert_true(run_bin_restore(db, ticket, &back_as, &e) && back_as == run.id);
	assert_false(run_bin_restore(db, ticket, &back_as, &e));
	help_assert_sound(db);
	again = got;
	assert_true(run_find(db, 0, &a, &got, &found, &e) && found && got.id == run.id);
	assert_true(
	    got.seed == again.seed && got.encoder == again.encoder && got.state == RUN_DONE);
	assert_true(run_load_vectors(db, run.id, "model", &a, &v, &n, &e) && n == c.n_models - 1);
	assert_memory_equal(v[0].v, rows.v, 4 * sizeof(float));
	assert_true(run_cache_get(db, run.id, "probe", &a, &cached, &e));
	assert_string_equal(cached, "y");
	assert_true(run_bin_put(db, run.id, &ticket, &e));
	again.id = 0;
	assert_true(run_create(db, &again, &a, &e) && again.id == run.id);
	assert_true(model_delete(db, c.models[1].name, &found, &e) && found);
	assert_true(run_bin_restore(db, ticket, &back_as, &e) && back_as == run.id + 1);
	assert_true(run_load_vectors(db, back_as, "model", &a, &v, &n, &e) && n == c.n_models - 2);
	assert_true(run_load_curve(db, back_as, &a, &curve, &n, &e) && n > 0);
	help_assert_sound(db);
	assert_true(run_delete(db, run.id, &e) && run_delete(db, back_as, &e));
	assert_false(run_use(db, run.id, &e));
	help_assert_sound(db);
	mat_free(&rows);
	mat_free(&back);
	arena_clear(&a);
	db_close(db);
}

TEST(files_that_are_no_database)
{
	struct err e = ERR_INIT;
	sqlite3 *other;

	assert_int_equal(help_enter_folder(NULL), 0);
	assert_null(db_open("missing.db", DB_READ, &e));
	assert_non_null(strstr(e.msg, "missing.db: no such database"));
	assert_int_equal(err_exit_status(e.kind), 3);

	static const char csv[] = "model,benchmark,question,label\na,b,c,1\n";
	char long_csv[5000];

	memset(long_csv, 'x', sizeof(long_csv));
	memcpy(long_csv, csv, sizeof(csv) - 1);
	help_write("labels.csv", long_csv, sizeof(long_csv));
	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		assert_null(db_open("labels.csv", mode, &e));
		assert_non_null(strstr(e.msg, "labels.csv: not a database"));
		assert_null(db_open(".", mode, &e));
	}
	assert_int_equal(sqlite3_open("other.db", &other), SQLITE_OK);
	sqlite3_exec(other, "CREATE TABLE t (x)", NULL, NULL, NULL);
	sqlite3_close(other);
	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		assert_null(db_open("other.db", mode, &e));
		assert_non_null(strstr(e.msg, "other.db: a SQLite database of another program"));
	}

	struct db *db = db_open("sub/dir/new.db", DB_CREATE, &e);

	assert_non_null(db);
	assert_true(db_backup(db, "copy.db", NULL, &e));
	assert_false(db_backup(db, "sub/dir/new.db", NULL, &e));
	assert_true(stmt_exec(db, "PRAGMA user_version = 99", &e));
	db_close(db);
	assert_null(db_open("sub/dir/new.db", DB_WRITE, &e));
	assert_non_null(strstr(e.msg, "newer embedllm"));
	db = db_open("copy.db", DB_READ, &e);
	assert_non_null(db);
	help_assert_sound(db);
	db_close(db);
	assert_int_equal(help_leave_folder(NULL), 0);
}

TEST(names_and_categories)
{
	struct arena a = ARENA_INIT;
	static const char *const model[][2] = {
	    {"org__name", "org/name"},
	    {"org__a__b", "org/a__b"},
	    {"org/a__b", "org/a__b"},
	    {"plain", "plain"},
	    {"__x", "__x"},
	    {"x__", "x__"},
	    {"a__b", "a/b"},
	    {"__home__user__models__x-7b", "/home/user/models/x-7b"},
	};
	static const char *const category[][2] = {
	    {"mmlu_anatomy", "mmlu"},
	    {"mmlu", "mmlu"},
	    {"gpqa_main_n_shot", "gpqa"},
	    {"truthfulqa_mc1", "truthfulqa"},
	    {"social_iqa", "socialqa"},
	    {"mathqa", "mathqa"},
	    {"mmlu_pro_law", "mmlu_pro_law"},
	    {"mmlu_professional_law", "mmlu"},
	    {"mmlu_prox_lite_fr_law", "mmlu_prox_lite_fr_law"},
	    {"mmlu_redux_law_generative", "mmlu_redux_law_generative"},
	    {"mmlu_flan_cot_fewshot_law", "mmlu"},
	    {"truthfulqa_mc2", "truthfulqa_mc2"},
	    {"truthfulqa_gen", "truthfulqa_gen"},
	};

	for (size_t i = 0; i < sizeof(model) / sizeof(model[0]); i++)
		assert_string_equal(
		    naming_model(&a, model[i][0], strlen(model[i][0])), model[i][1]);
	for (size_t i = 0; i < sizeof(category) / sizeof(category[0]); i++)
		assert_string_equal(
		    naming_benchmark(&a, category[i][0], strlen(category[i][0])), category[i][1]);
	arena_clear(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_and_categories),
	    cmocka_unit_test(every_rule_over_two_imports),
	    cmocka_unit_test(resolve_is_importing_under_that_rule),
	    cmocka_unit_test(another_rule_is_refused),
	    cmocka_unit_test(undo_and_cancel_leave_no_trace),
	    cmocka_unit_test(undo_in_the_middle),
	    cmocka_unit_test(merge_rename_delete),
	    cmocka_unit_test(tags_and_prices),
	    cmocka_unit_test(splits),
	    cmocka_unit_test(runs_and_encodings),
	    cmocka_unit_test(files_that_are_no_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
