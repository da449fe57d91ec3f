#include "store/staging.h"

#include "base/mem.h"
#include "base/hashtable.h"
#include "base/utf8.h"
#include "store/naming.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void staging_init(struct staging *s, const char *file, const char *format)
{
	*s = (struct staging){.file = file, .format = format};
	buf_init(&s->key, BUF_DEFAULT_MAX);
	s->model_names = hashtable_new();
	s->question_keys = hashtable_new();
	s->item_keys = hashtable_new();
	s->remark_keys = hashtable_new();
}

void staging_clear(struct staging *s)
{
	hashtable_free(s->model_names);
	hashtable_free(s->question_keys);
	hashtable_free(s->item_keys);
	hashtable_free(s->remark_keys);
	mem_free(s->models);
	mem_free(s->questions);
	mem_free(s->items);
	mem_free(s->row_item);
	mem_free(s->row_model);
	mem_free(s->row_score);
	mem_free(s->usage);
	mem_free(s->settings);
	mem_free(s->remarks);
	mem_free(s->claims);
	buf_clear(&s->key);
	arena_clear(&s->arena);
	*s = (struct staging){0};
}

size_t staging_text_check(const char *p, size_t n)
{
	const char *nul = n ? memchr(p, '\0', n) : NULL;
	size_t bad = utf8_check(p, n);

	return nul && (size_t)(nul - p) < bad ? (size_t)(nul - p) : bad;
}

uint32_t staging_find_model(const struct staging *s, const char *name, size_t len)
{
	uint64_t id = hashtable_get(s->model_names, name, len);

	return id == HASHTABLE_NONE ? UINT32_MAX : (uint32_t)id;
}

bool staging_model(
    struct staging *s, const char *name, size_t len, const char *key, uint32_t *model)
{
	uint64_t id = hashtable_get(s->model_names, name, len);
	const char *stored;

	if (id == HASHTABLE_NONE) {
		if (!len || staging_text_check(name, len) < len)
			return false;
		stored = naming_model(&s->arena, name, len);
		id = hashtable_get(s->model_names, stored, strlen(stored));
		if (id == HASHTABLE_NONE) {
			id = s->n_models;
			s->models = mem_grow(
			    s->models, &s->cap_models, s->n_models + 1, sizeof(*s->models));
			s->models[s->n_models++] = (struct staging_model){.name = stored};
			hashtable_put(s->model_names, stored, strlen(stored), id);
		}
		hashtable_put(s->model_names, name, len, id);
	}
	if (key && !s->models[id].key)
		s->models[id].key = arena_strdup(&s->arena, key);
	*model = (uint32_t)id;
	return true;
}

bool staging_run(struct staging *s, const char *name, size_t len, const char *run, const char *when,
    uint32_t *model)
{
	const char *stored;
	uint64_t id;

	if (!len || staging_text_check(name, len) < len)
		return false;
	stored = naming_model(&s->arena, name, len);
	buf_reset(&s->key); /* a name holds no NUL, so that no run is taken for a name */
	buf_adds(&s->key, stored);
	buf_addc(&s->key, '\0');
	buf_adds(&s->key, run);
	id = hashtable_get(s->model_names, s->key.s, s->key.len);
	if (id == HASHTABLE_NONE) {
		id = s->n_models;
		s->models =
		    mem_grow(s->models, &s->cap_models, s->n_models + 1, sizeof(*s->models));
		s->models[s->n_models++] = (struct staging_model){
		    .name = stored,
		    .run = arena_strdup(&s->arena, run),
		    .when = when ? arena_strdup(&s->arena, when) : NULL,
		};
		hashtable_put(s->model_names, s->key.s, s->key.len, id);
	}
	*model = (uint32_t)id;
	return true;
}

void staging_set(
    struct staging *s, uint32_t model, const char *category, const char *key, const char *value)
{
	s->settings =
	    mem_grow(s->settings, &s->cap_settings, s->n_settings + 1, sizeof(*s->settings));
	s->settings[s->n_settings++] = (struct staging_setting){
	    .model = model,
	    .run = 1,
	    .category = category ? arena_strdup(&s->arena, category) : "",
	    .key = arena_strdup(&s->arena, key),
	    .value = arena_strdup(&s->arena, value),
	};
}

/* The question of a benchmark and a text; the text is copied when it is new. */
static uint32_t find_question(
    struct staging *s, const char *benchmark, const char *text, size_t len)
{
	unsigned char hash[HASH_SIZE];
	size_t n = strlen(benchmark), key_len = HASH_SIZE + n;
	char *key = mem_alloc(key_len);
	struct staging_question *q;
	uint64_t id;

	hash_of(text, len, hash);
	memcpy(key, hash, HASH_SIZE);
	memcpy(key + HASH_SIZE, benchmark, n);
	id = hashtable_get(s->question_keys, key, key_len);
	if (id == HASHTABLE_NONE) {
		id = s->n_questions;
		s->questions = mem_grow(
		    s->questions, &s->cap_questions, s->n_questions + 1, sizeof(*s->questions));
		q = &s->questions[s->n_questions++];
		*q = (struct staging_question){
		    benchmark, arena_strndup(&s->arena, text, len), len, {0}};
		memcpy(q->hash, hash, HASH_SIZE);
		hashtable_put(s->question_keys, key, key_len, id);
	}
	mem_free(key);
	return (uint32_t)id;
}

static uint64_t add_item(struct staging *s, const struct staging_listing *l)
{
	const char *benchmark = l->benchmark;
	struct staging_item *it;

	if (!benchmark)
		benchmark = naming_benchmark(&s->arena, l->category, l->category_len);
	else
		benchmark = arena_strdup(&s->arena, benchmark);
	s->items = mem_grow(s->items, &s->cap_items, s->n_items + 1, sizeof(*s->items));
	it = &s->items[s->n_items];
	*it = (struct staging_item){
	    .question = find_question(s, benchmark, l->text, l->text_len),
	    .part = l->part,
	    .key = l->key ? arena_strndup(&s->arena, l->key, l->key_len) : NULL,
	    .category = arena_strndup(&s->arena, l->category, l->category_len),
	    .variant = l->variant ? arena_strdup(&s->arena, l->variant) : NULL,
	};
	return s->n_items++;
}

static bool same_text(const struct staging *s, uint64_t id, const struct staging_listing *l)
{
	const struct staging_question *q = &s->questions[s->items[id].question];

	return q->len == l->text_len && !memcmp(q->text, l->text, q->len);
}

static enum staging_result check_listing(const struct staging_listing *l)
{
	if (l->key && staging_text_check(l->key, l->key_len) < l->key_len)
		return STAGING_BAD_KEY;
	if (!l->category_len || staging_text_check(l->category, l->category_len) < l->category_len)
		return STAGING_BAD_CATEGORY;
	if (!l->text_len || staging_text_check(l->text, l->text_len) < l->text_len)
		return STAGING_BAD_TEXT;
	return STAGING_OK;
}

/* part, category, benchmark, variant, name. The first four hold no NUL, so that one ends them: a
 * hostile category with one can only look like another listing, whose text differs or is its own. */
static void listing_key(const struct staging_listing *l, struct buf *key)
{
	buf_reset(key);
	buf_addc(key, (char)l->part);
	buf_add(key, l->category, l->category_len);
	buf_addc(key, '\0');
	buf_adds(key, l->benchmark ? l->benchmark : "");
	buf_addc(key, '\0');
	buf_adds(key, l->variant ? l->variant : "");
	buf_addc(key, '\0');
	buf_add(key, l->key ? l->key : l->text, l->key ? l->key_len : l->text_len);
}

enum staging_result staging_item(struct staging *s, const struct staging_listing *l, uint32_t *item)
{
	enum staging_result result = STAGING_OK;
	uint64_t id;

	listing_key(l, &s->key);
	id = hashtable_get(s->item_keys, s->key.s, s->key.len);
	if (id == HASHTABLE_NONE) {
		result = check_listing(l);
		if (result == STAGING_OK) {
			id = add_item(s, l);
			hashtable_put(s->item_keys, s->key.s, s->key.len, id);
		}
	} else if (l->key && !same_text(s, id, l)) {
		result = STAGING_OTHER_TEXT;
	}
	if (result == STAGING_OK)
		*item = (uint32_t)id;
	return result;
}

void staging_row(struct staging *s, uint32_t item, uint32_t model, double score)
{
	size_t n = s->n_rows + 1;

	assert(isnan(score) || (score >= 0 && score <= 1));
	if (n > s->cap_item)
		s->row_item = mem_grow(s->row_item, &s->cap_item, n, sizeof(*s->row_item));
	if (n > s->cap_model)
		s->row_model = mem_grow(s->row_model, &s->cap_model, n, sizeof(*s->row_model));
	if (n > s->cap_score)
		s->row_score = mem_grow(s->row_score, &s->cap_score, n, sizeof(*s->row_score));
	s->row_item[s->n_rows] = item;
	s->row_model[s->n_rows] = model;
	s->row_score[s->n_rows++] = score;
	s->missing += isnan(score) ? 1 : 0;
}

void staging_usage(struct staging *s, const struct response_usage *u)
{
	assert(s->n_rows);
	if (!u->trials && isnan(u->cost) && isnan(u->tokens_in) && isnan(u->tokens_out) &&
	    isnan(u->seconds))
		return;
	s->usage = mem_grow(s->usage, &s->cap_usage, s->n_usage + 1, sizeof(*s->usage));
	s->usage[s->n_usage++] = (struct staging_usage){(uint32_t)(s->n_rows - 1), *u};
}

/* New numbers of those of n that are used or did not lose anything; the count of them. */
static size_t renumber(uint32_t *number, const bool *lost, const bool *used, size_t n)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		number[i] = lost[i] && !used[i] ? UINT32_MAX : (uint32_t)k++;
	return k;
}

static void drop_rows(struct staging *s, const uint32_t *rows, size_t n)
{
	size_t next = 0, k = 0, from = rows[0];

	for (size_t i = 0; i < s->n_usage; i++) {
		while (next < n && rows[next] < s->usage[i].row)
			next++;
		if (next < n && rows[next] == s->usage[i].row)
			continue;
		s->usage[k] = s->usage[i];
		s->usage[k++].row -= (uint32_t)next;
	}
	s->n_usage = k;
	k = from;
	next = 0;
	for (size_t i = from; i < s->n_rows; i++) {
		if (next < n && rows[next] == i) {
			next++;
			s->missing -= isnan(s->row_score[i]) ? 1 : 0;
			continue;
		}
		s->row_item[k] = s->row_item[i];
		s->row_model[k] = s->row_model[i];
		s->row_score[k++] = s->row_score[i];
	}
	s->n_rows = k;
}

/* The questions that no item has any more. */
static void drop_questions(struct staging *s)
{
	uint32_t *number = mem_array(s->n_questions + 1, sizeof(*number));
	bool *used = mem_zero_array(s->n_questions + 1, sizeof(*used));
	size_t n;

	for (size_t i = 0; i < s->n_items; i++)
		used[s->items[i].question] = true;
	for (size_t i = n = 0; i < s->n_questions; i++) {
		number[i] = (uint32_t)n;
		if (used[i])
			s->questions[n++] = s->questions[i];
	}
	for (size_t i = 0; i < s->n_items; i++)
		s->items[i].question = number[s->items[i].question];
	s->n_questions = n;
	mem_free(number);
	mem_free(used);
}

void staging_drop(struct staging *s, const uint32_t *rows, size_t n)
{
	size_t m = s->n_models + s->n_items + 1, models, items;
	bool *lost = mem_zero_array(m, sizeof(*lost)), *used = mem_zero_array(m, sizeof(*used));
	uint32_t *number = mem_array(m, sizeof(*number));

	for (size_t i = 0; i < n; i++)
		lost[s->row_model[rows[i]]] = lost[s->n_models + s->row_item[rows[i]]] = true;
	if (n)
		drop_rows(s, rows, n);
	for (size_t i = 0; i < s->n_rows; i++)
		used[s->row_model[i]] = used[s->n_models + s->row_item[i]] = true;
	models = renumber(number, lost, used, s->n_models);
	items = renumber(number + s->n_models, lost + s->n_models, used + s->n_models, s->n_items);
	for (size_t i = 0; i < s->n_rows; i++) {
		s->row_item[i] = number[s->n_models + s->row_item[i]];
		s->row_model[i] = number[s->row_model[i]];
	}
	for (size_t i = 0; i < s->n_items; i++)
		if (number[s->n_models + i] != UINT32_MAX)
			s->items[number[s->n_models + i]] = s->items[i];
	for (size_t i = 0; i < s->n_models; i++)
		if (number[i] != UINT32_MAX)
			s->models[number[i]] = s->models[i];
	s->n_models = models;
	s->n_items = items;
	drop_questions(s);
	mem_free(lost);
	mem_free(used);
	mem_free(number);
}

void staging_remark(struct staging *s, enum remark_kind kind, const char *text)
{
	if (hashtable_put(s->remark_keys, text, strlen(text), 1) != HASHTABLE_NONE)
		return;
	s->remarks = mem_grow(s->remarks, &s->cap_remarks, s->n_remarks + 1, sizeof(*s->remarks));
	s->remarks[s->n_remarks++] = (struct response_remark){kind, arena_strdup(&s->arena, text)};
}

void staging_claim(struct staging *s, uint32_t model, const struct response_claim *c)
{
	struct staging_claim *kept;

	s->claims = mem_grow(s->claims, &s->cap_claims, s->n_claims + 1, sizeof(*s->claims));
	kept = &s->claims[s->n_claims++];
	*kept = (struct staging_claim){model, *c};
	kept->c.task = arena_strdup(&s->arena, c->task);
	kept->c.metric = arena_strdup(&s->arena, c->metric);
	kept->c.source = arena_strdup(&s->arena, c->source);
}

void staging_skip(struct staging *s, const char *place, const char *reason)
{
	s->skipped++;
	if (s->n_skips < RESPONSE_SKIPS)
		s->skips[s->n_skips++] = (struct response_skip){
		    arena_strdup(&s->arena, place), arena_strdup(&s->arena, reason)};
}
