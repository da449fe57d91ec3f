#include "text/sentence.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/parallel.h"
#include "num/vec.h"
#include "text/checkpoint.h"
#include "text/transformer.h"
#include "text/wordpiece.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Tokens that go through the transformer together: enough rows for its products to run at full
 * speed, few enough for what is between two of them to stay in the second-level cache. */
#define GROUP 160

struct sentence {
	struct encoder base;
	struct checkpoint c;
	struct wordpiece *words;
	struct transformer *transformer;
};

/* A text of a call by its tokens. */
struct item {
	size_t text, n; /* which, and how many tokens */
	uint32_t *ids;
};

/* Texts that go through the transformer together. */
struct group {
	size_t first, n; /* of the sorted items */
	size_t tokens;
};

struct job {
	const struct sentence *s;
	const char *const *text;
	struct mat *rows;
	struct item *item;   /* (texts) longest first */
	struct group *group; /* (groups) */
	size_t first;        /* group that block 0 is */
	size_t threads;      /* in one group */
};

static size_t tokens(const struct encoder *enc, const char *text, uint32_t *ids, size_t max)
{
	const struct sentence *s = (const struct sentence *)(const void *)enc;

	return wordpiece_encode(
	    s->words, text, strlen(text), ids, max < s->c.max_tokens ? max : s->c.max_tokens);
}

static void tokenise(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct job *j = arg;
	size_t most = j->s->c.max_tokens;
	uint32_t *ids = mem_array(most, sizeof(*ids));

	(void)worker;
	for (size_t i = begin; i < end; i++) {
		struct item *it = &j->item[i];

		it->text = i;
		it->n = tokens(&j->s->base, j->text[i], ids, most);
		it->ids = mem_array(it->n, sizeof(*ids));
		memcpy(it->ids, ids, it->n * sizeof(*ids));
	}
	mem_free(ids);
}

static int longest_first(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	if (x->n != y->n)
		return x->n > y->n ? -1 : 1;
	return x->text < y->text ? -1 : 1;
}

/* Groups of about equal size, each of at least one item and about GROUP tokens at most, as many for
 * every thread; returns how many. */
static size_t make_groups(const struct item *item, size_t n, size_t threads, struct group *group)
{
	size_t total = 0, rounds, target, count = 0;

	for (size_t i = 0; i < n; i++)
		total += item[i].n;
	rounds = (total + threads * GROUP - 1) / (threads * GROUP);
	target = (total + rounds * threads - 1) / (rounds * threads);
	for (size_t i = 0; i < n; i++) {
		if (!i || group[count - 1].tokens + item[i].n / 2 >= target)
			group[count++] = (struct group){.first = i};
		group[count - 1].n++;
		group[count - 1].tokens += item[i].n;
	}
	return count;
}

/* x (n, width) of a text's tokens to its vector. */
static void pool(const struct sentence *s, const float *x, size_t n, size_t width, float *out)
{
	size_t dims = s->base.dims;

	memcpy(out, x, dims * sizeof(*out));
	if (s->c.pooling == CHECKPOINT_MEAN) {
		for (size_t i = 1; i < n; i++)
			vec_axpby(dims, 1, x + i * width, 1, out);
		for (size_t i = 0; i < dims; i++)
			out[i] /= (float)n;
	}
	if (s->c.normalise)
		vec_normalise(dims, out);
}

static void encode_group(const struct job *j, const struct group *g)
{
	size_t width = transformer_width(j->s->transformer), at = 0;
	uint32_t *ids = mem_array(g->tokens, sizeof(*ids));
	size_t *start = mem_array(g->n + 1, sizeof(*start));
	float *x = mem_floats(g->tokens * width);

	for (size_t i = 0; i < g->n; i++) {
		const struct item *it = &j->item[g->first + i];

		start[i] = at;
		memcpy(ids + at, it->ids, it->n * sizeof(*ids));
		at += it->n;
	}
	start[g->n] = at;
	transformer_run(j->s->transformer, ids, start, g->n, j->threads, x);
	for (size_t i = 0; i < g->n; i++) {
		const struct item *it = &j->item[g->first + i];

		pool(j->s, x + start[i] * width, it->n, width, mat_row(j->rows, it->text));
	}
	mem_free(x);
	mem_free(start);
	mem_free(ids);
}

static void encode_groups(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct job *j = arg;

	(void)worker;
	for (size_t i = begin; i < end; i++)
		encode_group(j, &j->group[j->first + i]);
}

/* Where there are groups for all threads, each takes whole ones, which needs no waiting; else all
 * work on the same one. */
static bool encode_all(
    struct job *j, size_t n_groups, size_t texts, const struct progress *p, struct err *e)
{
	size_t threads = parallel_threads(), done = 0;

	while (j->first < n_groups) {
		size_t left = n_groups - j->first, m = left >= threads ? threads * 8 : 1;

		if (m > left)
			m = left;
		j->threads = left >= threads ? 1 : threads;
		if (j->threads > 1)
			encode_group(j, &j->group[j->first]);
		else
			parallel_for(m, 1, encode_groups, j);
		for (size_t i = 0; i < m; i++)
			done += j->group[j->first + i].n;
		j->first += m;
		if (!progress_tick(p, "encoding", (double)done, (double)texts, "questions"))
			return err_set(e, ERR_CANCELLED, "stopped while encoding");
	}
	return true;
}

/* Damaged weights are noticed here, at little cost, instead of in whatever is made of the rows. */
static bool check_rows(const struct encoder *enc, const struct mat *rows, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < enc->dims; k++)
			if (!isfinite(mat_row(rows, i)[k]))
				return err_set(e, ERR_DATA,
				    "encoder %s gives what is no finite number: its weights are "
				    "damaged; fetch them anew",
				    enc->identity);
	return true;
}

static bool encode(const struct encoder *enc, const char *const *text, size_t n, struct mat *rows,
    const struct progress *p, struct err *e)
{
	const struct sentence *s = (const struct sentence *)(const void *)enc;
	struct job j = {.s = s, .text = text, .rows = rows};
	bool ok;

	if (!n)
		return true;
	j.item = mem_array(n, sizeof(*j.item));
	j.group = mem_array(n, sizeof(*j.group));
	parallel_for(n, 16, tokenise, &j);
	qsort(j.item, n, sizeof(*j.item), longest_first);
	ok = encode_all(&j, make_groups(j.item, n, parallel_threads(), j.group), n, p, e) &&
	     check_rows(enc, rows, n, e);
	for (size_t i = 0; i < n; i++)
		mem_free(j.item[i].ids);
	mem_free(j.item);
	mem_free(j.group);
	return ok;
}

static void sentence_free(struct encoder *enc)
{
	struct sentence *s = (struct sentence *)(void *)enc;

	transformer_free(s->transformer);
	wordpiece_free(s->words);
	mem_free(s);
}

static const struct encoder_ops sentence_ops = {
    .encode = encode, .tokens = tokens, .free = sentence_free};

static bool open_parts(struct sentence *s, const char *dir, struct err *e)
{
	char *weights = NULL;

	if (!checkpoint_read(dir, &s->c, e))
		return false;
	s->words = wordpiece_open(dir, e);
	if (!s->words)
		return false;
	if (wordpiece_ids(s->words) > s->c.vocabulary)
		return err_set(e, ERR_DATA,
		    "%s: the tokenizer has ids up to %zu, the model embeds %zu: they do not belong "
		    "together",
		    dir, wordpiece_ids(s->words) - 1, s->c.vocabulary);
	if (wordpiece_specials(s->words) >= s->c.max_tokens || !wordpiece_specials(s->words))
		return err_set(e, ERR_DATA,
		    "%s: %zu tokens around every text do not fit a model of %zu tokens", dir,
		    wordpiece_specials(s->words), s->c.max_tokens);
	weights = checkpoint_weights(dir, e);
	if (weights)
		s->transformer = transformer_open(weights, &s->c, e);
	mem_free(weights);
	return s->transformer != NULL;
}

struct encoder *sentence_open(const char *dir, const char *kind, struct err *e)
{
	struct sentence *s = mem_zero_array(1, sizeof(*s));
	uint64_t h;

	s->base.ops = &sentence_ops;
	s->base.kind = kind;
	if (!open_parts(s, dir, e)) {
		sentence_free(&s->base);
		return NULL;
	}
	s->base.dims = s->c.hidden;
	s->base.max_tokens = s->c.max_tokens;
	h = transformer_checksum(s->transformer) ^ wordpiece_checksum(s->words);
	h = hash_fast(&s->c.eps, sizeof(s->c.eps), h);
	h = hash_fast(
	    (uint64_t[]){s->c.kind, s->c.heads, s->c.pooling, s->c.normalise, s->c.max_tokens},
	    5 * sizeof(uint64_t), h);
	snprintf(
	    s->base.identity, sizeof(s->base.identity), "%s:%016llx", kind, (unsigned long long)h);
	return &s->base;
}
