/* The raw rows as Every Eval Ever has them (schemas 0.2.2): a file of rows and a file of figures for each
 * model. What the schema has no member for (part, tries, dollars) goes into metadata, whose values are
 * strings; ingest/every_eval_ever.c reads it back.
 *
 * Rows come by import and question, and are wanted by model: they are kept, small, and their texts once. */
#include "task/export.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/hashtable.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/utf8.h"
#include "store/db.h"
#include "store/policy.h"
#include "store/response.h"
#include "store/naming.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SCHEMA "0.2.2"

/* A question as an import lists it. */
struct item {
	const char *text, *category;
	const char *id;        /* the file's, or one of ours */
	const char *benchmark; /* NULL where the category tells it */
	enum part part;
	uint32_t sample; /* number of category and id */
	char hash[2 * HASH_SIZE + 1];
};

struct row {
	uint32_t item, model, epoch;
	uint32_t usage; /* index + 1; 0 = nothing is known */
	double score;
};

struct export
{
	struct arena arena;
	const char *dir;
	const struct progress *progress;
	double threshold;
	bool keys; /* the files' own ids can be used */
	struct item *items;
	const char **models;
	struct row *rows;
	struct response_usage *usage;
	size_t n_items, n_models, n_rows, n_usage;
	size_t cap_items, cap_models, cap_rows, cap_usage;
	struct hashtable *item_at, *sample_at, *model_at, *epochs;
	struct buf key;
};

/* A string as Python's json.dumps writes it, which is what sample_hash is of. */
static void add_python_string(const char *s, struct buf *out)
{
	static const char plain[] = "\"\\\n\r\t\b\f", letter[] = "\"\\nrtbf";
	size_t n = strlen(s);

	buf_addc(out, '"');
	while (n) {
		const char *special = strchr(plain, *s);
		uint32_t cp;
		size_t used = utf8_decode(s, n, &cp);

		if (special)
			buf_printf(out, "\\%c", letter[special - plain]);
		else if (cp >= 0x10000)
			buf_printf(out, "\\u%04x\\u%04x", 0xd800 + (unsigned)((cp - 0x10000) >> 10),
			    0xdc00 + (unsigned)((cp - 0x10000) & 0x3ff));
		else if (cp < 0x20 || cp > 0x7e)
			buf_printf(out, "\\u%04x", (unsigned)cp);
		else
			buf_addc(out, *s);
		s += used;
		n -= used;
	}
	buf_addc(out, '"');
}

/* The schema's key of a question over models: of its text and its (here no) references. */
static void sample_hash(const char *text, char hex[2 * HASH_SIZE + 1])
{
	unsigned char hash[HASH_SIZE];
	struct buf b = BUF_INIT;

	buf_adds(&b, "{\"raw\":");
	add_python_string(text, &b);
	buf_adds(&b, ",\"reference\":[]}");
	hash_of(b.s, b.len, hash);
	hash_hex(hash, hex);
	buf_clear(&b);
}

/* The number of the category's document of that id: rows of one number are repeats. */
static uint32_t find_sample(struct export *x, const char *category, const char *id)
{
	uint64_t at;

	buf_reset(&x->key);
	buf_adds(&x->key, category);
	buf_addc(&x->key, '\0');
	buf_adds(&x->key, id);
	at = hashtable_get(x->sample_at, x->key.s, x->key.len);
	if (at == HASHTABLE_NONE) {
		at = hashtable_count(x->sample_at);
		hashtable_put(x->sample_at, x->key.s, x->key.len, at);
	}
	return (uint32_t)at;
}

static uint32_t find_item(struct export *x, const struct response_line *l)
{
	struct item *it;
	const char *own;
	uint64_t id;

	buf_reset(&x->key);
	buf_printf(&x->key, "%lld %d %s", (long long)l->question, (int)l->part, l->category);
	buf_addc(&x->key, '\0');
	buf_adds(&x->key, x->keys ? l->prompt_key : "");
	id = hashtable_get(x->item_at, x->key.s, x->key.len);
	if (id != HASHTABLE_NONE)
		return (uint32_t)id;
	hashtable_put(x->item_at, x->key.s, x->key.len, x->n_items);
	x->items = mem_grow(x->items, &x->cap_items, x->n_items + 1, sizeof(*x->items));
	it = &x->items[x->n_items];
	own = naming_benchmark(&x->arena, l->category, strlen(l->category));
	*it = (struct item){
	    .text = arena_strndup(&x->arena, l->text, l->text_len),
	    .category = arena_strdup(&x->arena, l->category),
	    .id = x->keys ? arena_strdup(&x->arena, l->prompt_key)
			  : arena_printf(&x->arena, "q%lld", (long long)l->question),
	    .benchmark = strcmp(own, l->benchmark) ? arena_strdup(&x->arena, l->benchmark) : NULL,
	    .part = l->part,
	};
	it->sample = find_sample(x, it->category, it->id);
	sample_hash(it->text, it->hash);
	return (uint32_t)x->n_items++;
}

static uint32_t find_model(struct export *x, const char *name)
{
	uint64_t id = hashtable_get(x->model_at, name, strlen(name));

	if (id != HASHTABLE_NONE)
		return (uint32_t)id;
	hashtable_put(x->model_at, name, strlen(name), x->n_models);
	x->models = mem_grow(x->models, &x->cap_models, x->n_models + 1, sizeof(*x->models));
	x->models[x->n_models] = arena_strdup(&x->arena, name);
	return (uint32_t)x->n_models++;
}

static bool knows(const struct response_usage *u)
{
	return u->trials || !isnan(u->cost) || !isnan(u->tokens_in) || !isnan(u->tokens_out) ||
	       !isnan(u->seconds);
}

static bool gather(void *arg, const struct response_line *l, struct err *e)
{
	struct export *x = arg;
	struct row r = {find_item(x, l), find_model(x, l->model_name), 0, 0, l->score};
	const uint32_t pair[2] = {x->items[r.item].sample, r.model};
	uint64_t before = hashtable_get(x->epochs, pair, sizeof(pair));

	r.epoch = before == HASHTABLE_NONE ? 1 : (uint32_t)before + 1;
	hashtable_put(x->epochs, pair, sizeof(pair), r.epoch);
	if (knows(&l->usage)) {
		x->usage = mem_grow(x->usage, &x->cap_usage, x->n_usage + 1, sizeof(*x->usage));
		x->usage[x->n_usage++] = l->usage;
		r.usage = (uint32_t)x->n_usage;
	}
	x->rows = mem_grow(x->rows, &x->cap_rows, x->n_rows + 1, sizeof(*x->rows));
	x->rows[x->n_rows++] = r;
	if (x->n_rows % 4096 == 0 &&
	    !progress_tick(x->progress, "reading", (double)x->n_rows, 0, "rows"))
		return err_set(e, ERR_CANCELLED, "%s: stopped; nothing was written", x->dir);
	return true;
}

/* By model, else as they came: by item, since an import's rows come so. */
static int by_model(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->model != y->model)
		return x->model < y->model ? -1 : 1;
	if (x->item != y->item)
		return x->item < y->item ? -1 : 1;
	return (x->epoch > y->epoch) - (x->epoch < y->epoch);
}

/* Writing. */

static void set_text(json_t *o, const char *key, double v)
{
	char text[40];

	snprintf(text, sizeof(text), "%.17g", v);
	if (!isnan(v))
		json_object_set_new(o, key, json_string(text));
}

static bool is_count(double v)
{
	return v >= 0 && v < 9e15 && v == floor(v);
}

static void add_usage(json_t *row, json_t *metadata, const struct response_usage *u)
{
	if (u->trials)
		set_text(metadata, "trials", u->trials);
	set_text(metadata, "cost_usd", u->cost);
	/* The schema wants whole numbers, and both. */
	if (is_count(u->tokens_in) && is_count(u->tokens_out)) {
		json_object_set_new(row, "token_usage",
		    json_pack("{s:I, s:I, s:I}", "input_tokens", (json_int_t)u->tokens_in,
			"output_tokens", (json_int_t)u->tokens_out, "total_tokens",
			(json_int_t)(u->tokens_in + u->tokens_out)));
	} else {
		set_text(metadata, "tokens_in", u->tokens_in);
		set_text(metadata, "tokens_out", u->tokens_out);
	}
	if (!isnan(u->seconds))
		json_object_set_new(
		    row, "performance", json_pack("{s:f}", "latency_ms", u->seconds * 1000));
}

static json_t *row_object(
    const struct export *x, const struct row *r, const char *id, const char *model)
{
	const struct item *it = &x->items[r->item];
	bool missing = isnan(r->score);
	json_t *row = json_object(), *metadata = json_object();

	json_object_set_new(row, "schema_version", json_string(SCHEMA));
	json_object_set_new(row, "evaluation_id", json_string(id));
	json_object_set_new(row, "model_id", json_string(model));
	json_object_set_new(row, "evaluation_name", json_string(it->category));
	json_object_set_new(row, "sample_id", json_string(it->id));
	json_object_set_new(row, "sample_hash", json_string(it->hash));
	json_object_set_new(row, "interaction_type", json_string("single_turn"));
	json_object_set_new(row, "input", json_pack("{s:s, s:[]}", "raw", it->text, "reference"));
	json_object_set_new(row, "output", json_pack("{s:[]}", "raw"));
	json_object_set_new(row, "answer_attribution", json_array());
	json_object_set_new(row, "evaluation",
	    json_pack("{s:f, s:b}", "score", missing ? 0 : r->score, "is_correct",
		!missing && r->score >= x->threshold));
	if (missing)
		json_object_set_new(row, "error", json_string("no label"));
	set_text(metadata, "epoch", r->epoch);
	if (it->part)
		json_object_set_new(metadata, "part", json_string(part_name(it->part)));
	if (it->benchmark)
		json_object_set_new(metadata, "benchmark", json_string(it->benchmark));
	if (r->usage)
		add_usage(row, metadata, &x->usage[r->usage - 1]);
	json_object_set_new(row, "metadata", metadata);
	return row;
}

/* A name as a folder: what is portable, and never "..". */
static char *folder_name(struct export *x, const char *s, size_t n)
{
	char *name = n ? arena_strndup(&x->arena, s, n) : arena_strdup(&x->arena, "unknown");

	for (char *p = name; *p; p++)
		if (!strchr("-._", *p) && !(*p >= '0' && *p <= '9') &&
		    !((*p | 32) >= 'a' && (*p | 32) <= 'z'))
			*p = '_';
	if (*name == '.')
		*name = '_';
	return name;
}

/* A UUID (version 4 in form) that is the same for the same model and rows. */
static char *file_id(struct export *x, const char *model, const struct row *rows, size_t n)
{
	struct hash_state h;
	unsigned char b[HASH_SIZE];

	hash_init(&h);
	hash_add(&h, model, strlen(model));
	for (size_t i = 0; i < n; i++) {
		hash_add(&h, &rows[i].score, sizeof(rows[i].score));
		hash_add(&h, x->items[rows[i].item].text, strlen(x->items[rows[i].item].text));
	}
	hash_final(&h, b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	return arena_printf(&x->arena,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1],
	    b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
	    b[15]);
}

static bool write_rows(const struct export *x, const char *path, const char *id, const char *model,
    const struct row *rows, size_t n, char checksum[2 * HASH_SIZE + 1], struct err *e)
{
	unsigned char hash[HASH_SIZE];
	struct hash_state h;
	struct file_out o;

	if (!file_create(&o, path, e))
		return false;
	hash_init(&h);
	for (size_t i = 0; i < n; i++) {
		json_t *row = row_object(x, &rows[i], id, model);
		char *line = json_compact(row);

		fprintf(o.f, "%s\n", line);
		hash_add(&h, line, strlen(line));
		hash_add(&h, "\n", 1);
		mem_free(line);
		json_decref(row);
	}
	hash_final(&h, hash);
	hash_hex(hash, checksum);
	return file_commit(&o, e);
}

/* Labels of a category. */
struct tally {
	const char *category;
	double sum;
	json_int_t labels;
};

static json_t *result_object(const struct tally *t)
{
	return json_pack("{s:s, s:{s:s, s:s}, s:{s:s, s:b, s:s, s:f, s:f}, s:{s:f, s:{s:I}}}",
	    "evaluation_name", t->category, "source_data", "source_type", "other", "dataset_name",
	    t->category, "metric_config", "metric_id", "accuracy", "lower_is_better", 0,
	    "score_type", "continuous", "min_score", 0.0, "max_score", 1.0, "score_details",
	    "score", t->sum / (double)t->labels, "uncertainty", "num_samples", t->labels);
}

/* The mean of each category's rows; a category without labels has none. */
static json_t *results_of(const struct export *x, const struct row *rows, size_t n)
{
	struct hashtable *at = hashtable_new();
	struct tally *tallies = NULL;
	size_t count = 0, cap = 0;
	json_t *results = json_array();

	for (size_t i = 0; i < n; i++) {
		const char *category = x->items[rows[i].item].category;
		uint64_t id = hashtable_get(at, category, strlen(category));

		if (id == HASHTABLE_NONE) {
			id = count;
			hashtable_put(at, category, strlen(category), id);
			tallies = mem_grow(tallies, &cap, count + 1, sizeof(*tallies));
			tallies[count++] = (struct tally){category, 0, 0};
		}
		if (!isnan(rows[i].score)) {
			tallies[id].sum += rows[i].score;
			tallies[id].labels++;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (tallies[i].labels)
			json_array_append_new(results, result_object(&tallies[i]));
	hashtable_free(at);
	mem_free(tallies);
	return results;
}

static bool write_figures(const struct export *x, const char *path, const char *id,
    const char *model, const char *developer, const char *rows_path, const char *checksum,
    const struct row *rows, size_t n, struct err *e)
{
	char now[24];
	struct file_out o;
	json_t *doc;
	char *text;

	snprintf(now, sizeof(now), "%lld", (long long)time(NULL));
	doc = json_pack("{s:s, s:s, s:s, s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s, s:s}, s:{s:s, s:s}, "
			"s:o, s:{s:s, s:s, s:s, s:s, s:I}}",
	    "schema_version", SCHEMA, "evaluation_id", id, "retrieved_timestamp", now,
	    "source_metadata", "source_name", "embedllm", "source_type", "evaluation_run",
	    "source_organization_name", "unknown", "evaluator_relationship", "other", "model_info",
	    "name", model, "id", model, "developer", developer, "eval_library", "name", "embedllm",
	    "version", "unknown", "evaluation_results", results_of(x, rows, n),
	    "detailed_evaluation_results", "format", "jsonl", "file_path", rows_path,
	    "hash_algorithm", "sha256", "checksum", checksum, "total_rows", (json_int_t)n);
	if (!file_create(&o, path, e)) {
		json_decref(doc);
		return false;
	}
	text = json_compact(doc);
	fprintf(o.f, "%s\n", text);
	mem_free(text);
	json_decref(doc);
	return file_commit(&o, e);
}

static bool write_model(
    struct export *x, const char *model, const struct row *rows, size_t n, struct err *e)
{
	const char *slash = strchr(model, '/');
	const char *developer = folder_name(x, model, slash ? (size_t)(slash - model) : 0);
	const char *name =
	    folder_name(x, slash ? slash + 1 : model, strlen(slash ? slash + 1 : model));
	const char *uuid = file_id(x, model, rows, n);
	const char *below = arena_printf(&x->arena, "data/embedllm/%s/%s", developer, name);
	const char *folder = arena_printf(&x->arena, "%s/%s", x->dir, below);
	const char *rows_path = arena_printf(&x->arena, "%s/%s_samples.jsonl", below, uuid);
	const char *id = arena_printf(&x->arena, "embedllm/%s_%s/%s", developer, name, uuid);
	char checksum[2 * HASH_SIZE + 1];

	return file_mkdirs(folder, e) &&
	       write_rows(x, arena_printf(&x->arena, "%s/%s_samples.jsonl", folder, uuid), id,
		   model, rows, n, checksum, e) &&
	       write_figures(x, arena_printf(&x->arena, "%s/%s.json", folder, uuid), id, model,
		   developer, rows_path, checksum, rows, n, e);
}

static bool write_all(struct export *x, struct err *e)
{
	bool ok = true;

	qsort(x->rows, x->n_rows, sizeof(*x->rows), by_model);
	for (size_t i = 0, n; ok && i < x->n_rows; i += n) {
		uint32_t model = x->rows[i].model;

		for (n = 1; i + n < x->n_rows && x->rows[i + n].model == model; n++)
			;
		ok = write_model(x, x->models[model], x->rows + i, n, e);
		if (ok && !progress_tick(
			      x->progress, "writing", (double)(i + n), (double)x->n_rows, "rows"))
			ok = err_set(
			    e, ERR_CANCELLED, "%s: stopped; some models are written", x->dir);
	}
	return ok;
}

bool task_export_every_eval_ever(struct db *db, const char *path, enum part part,
    const struct progress *p, struct export_labels_report *out, struct err *e)
{
	struct export x = {.dir = path, .progress = p};
	struct policy policy;
	bool ok, set, models;

	if (!strcmp(path, "-"))
		return err_set(e, ERR_USAGE, "every_eval_ever is a folder: name the one to write");
	buf_init(&x.key, BUF_DEFAULT_MAX);
	x.item_at = hashtable_new();
	x.sample_at = hashtable_new();
	x.model_at = hashtable_new();
	x.epochs = hashtable_new();
	ok = policy_get(db, &policy, &set, e) && response_check_ids(db, part, &x.keys, &models, e);
	x.threshold = ok ? policy.threshold : .5;
	ok = ok && response_read(db, part, gather, &x, e);
	if (ok && !x.n_rows)
		ok = err_set(e, ERR_DATA, "%s: no labels to export%s%s", db_path(db),
		    part ? " of part " : "", part ? part_name(part) : "");
	ok = ok && write_all(&x, e);
	if (ok)
		*out = (struct export_labels_report){.rows = x.n_rows, .renumbered = !x.keys};
	hashtable_free(x.item_at);
	hashtable_free(x.sample_at);
	hashtable_free(x.model_at);
	hashtable_free(x.epochs);
	mem_free(x.items);
	mem_free(x.models);
	mem_free(x.rows);
	mem_free(x.usage);
	buf_clear(&x.key);
	arena_clear(&x.arena);
	return ok;
}
