/* lsa_fit.c - from training texts to the projection that lsa.c applies.
 *
 * Two passes over the texts: in how many each bucket occurs, then the counts of the buckets kept.
 * Features are ordered by falling document frequency, which keeps the rows that most non-zeros
 * refer to close together in the caches. The weighted matrix is never formed: it is
 *   diag(length) * weight(counts) * diag(gain),
 * gain = idf (times the word weight), length = 1 / the row's norm, and the two diagonals are
 * applied to the dense operands. */
#include "text/lsa.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/parallel.h"
#include "num/sparse.h"
#include "num/tsvd.h"
#include "text/lsa_blob.h"
#include "text/ngram.h"
#include "text/vocabulary.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 1024, /* texts between two ticks */
	BLOCK = 16,   /* texts a thread takes at a time */
	OVERSAMPLE = 16,
};

struct fit {
	const struct lsa_options *o;
	const struct progress *progress;
	const char **text; /* (n) */
	size_t n;
	size_t first; /* of the chunk in work */

	atomic_uint *df;                /* (NGRAM_BUCKETS) texts with it */
	uint32_t *last[PARALLEL_MAX];   /* (NGRAM_BUCKETS) a thread's: 1 + last text with it */
	uint32_t reading[PARALLEL_MAX]; /* 1 + text in work */

	uint32_t *bucket; /* (features) */
	float *gain;      /* (features) */
	struct vocabulary vocabulary;
	struct vocabulary_counter counter[PARALLEL_MAX];
	uint32_t **row; /* (n) entries of a text, until they are joined */
	size_t *row_n;

	struct sparse counts, transposed; /* (n, features) and its transpose */
	float *length;                    /* (n) */
	float weight[SPARSE_MAX_COUNT + 1];
	struct mat scratch; /* a scaled operand */
};

static bool each_chunk(struct fit *f, const char *phase, parallel_fn *fn, struct err *e)
{
	for (f->first = 0; f->first < f->n;) {
		size_t m = f->n - f->first < CHUNK ? f->n - f->first : CHUNK;

		parallel_for(m, BLOCK, fn, f);
		f->first += m;
		if (!progress_tick(f->progress, phase, (double)f->first, (double)f->n, "questions"))
			return err_set(e, ERR_CANCELLED, "stopped while fitting the encoder");
	}
	return true;
}

struct df_reader {
	struct fit *fit;
	size_t worker;
};

static void see_bucket(void *arg, uint32_t bucket)
{
	const struct df_reader *r = arg;
	struct fit *f = r->fit;

	if (f->last[r->worker][bucket] == f->reading[r->worker])
		return;
	f->last[r->worker][bucket] = f->reading[r->worker];
	atomic_fetch_add_explicit(&f->df[bucket], 1, memory_order_relaxed);
}

static void see_block(void *arg, size_t begin, size_t end, size_t worker)
{
	struct fit *f = arg;
	struct df_reader r = {f, worker};

	if (!f->last[worker])
		f->last[worker] = mem_zero_array(NGRAM_BUCKETS, sizeof(*f->last[worker]));
	for (size_t i = f->first + begin; i < f->first + end; i++) {
		f->reading[worker] = (uint32_t)i + 1;
		ngram_each(f->text[i], strlen(f->text[i]), see_bucket, &r);
	}
}

struct candidate {
	uint32_t bucket, df;
};

static int by_df(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->df != y->df)
		return x->df > y->df ? -1 : 1;
	return x->bucket < y->bucket ? -1 : x->bucket > y->bucket;
}

/* Buckets of at least two texts, where enough are: what only one text has links it to no other. */
static bool choose_features(struct fit *f, struct err *e)
{
	size_t count[2] = {0, 0}, n = 0, features;
	struct candidate *c;
	unsigned least;
	bool distinct;

	for (size_t i = 0; i < NGRAM_BUCKETS; i++) {
		count[0] += f->df[i] >= 1;
		count[1] += f->df[i] >= 2;
	}
	if (!count[0])
		return err_set(e, ERR_DATA,
		    "nothing to fit the encoder on: the %zu training "
		    "questions hold no text",
		    f->n);
	least = count[1] >= f->o->dims ? 2 : 1;
	c = mem_array(count[least - 1], sizeof(*c));
	for (uint32_t i = 0; i < NGRAM_BUCKETS; i++)
		if (f->df[i] >= least)
			c[n++] = (struct candidate){i, f->df[i]};
	qsort(c, n, sizeof(*c), by_df);
	features = n < f->o->max_features ? n : f->o->max_features;
	f->bucket = mem_array(features, sizeof(*f->bucket));
	f->gain = mem_array(features, sizeof(*f->gain));
	for (size_t i = 0; i < features; i++) {
		float idf = logf((1 + (float)f->n) / (1 + (float)c[i].df)) + 1;

		f->bucket[i] = c[i].bucket;
		f->gain[i] = idf * (ngram_kind(c[i].bucket) == NGRAM_WORD ? f->o->word_weight : 1);
	}
	mem_free(c);
	distinct = vocabulary_init(&f->vocabulary, f->bucket, features);
	assert(distinct); /* one candidate a bucket */
	(void)distinct;
	return true;
}

static void count_block(void *arg, size_t begin, size_t end, size_t worker)
{
	struct fit *f = arg;
	struct vocabulary_counter *c = &f->counter[worker];

	if (!c->vocabulary)
		vocabulary_counter_init(c, &f->vocabulary);
	for (size_t i = f->first + begin; i < f->first + end; i++) {
		vocabulary_counter_read(c, f->text[i], strlen(f->text[i]));
		f->row_n[i] = c->n;
		if (!c->n)
			continue;
		f->row[i] = mem_array(c->n, sizeof(**f->row));
		memcpy(f->row[i], c->entry, c->n * sizeof(**f->row));
	}
}

static bool count_terms(struct fit *f, struct err *e)
{
	size_t total = 0;

	f->row = mem_zero_array(f->n, sizeof(*f->row));
	f->row_n = mem_zero_array(f->n, sizeof(*f->row_n));
	if (!each_chunk(f, "counting n-grams", count_block, e))
		return false;
	for (size_t i = 0; i < f->n; i++)
		total += f->row_n[i];
	f->counts = (struct sparse){f->n, f->vocabulary.n, mem_array(f->n + 1, sizeof(size_t)),
	    mem_array(total ? total : 1, sizeof(uint32_t))};
	f->length = mem_array(f->n, sizeof(*f->length));
	f->counts.start[0] = 0;
	for (size_t i = 0; i < f->n; i++) {
		size_t at = f->counts.start[i];
		double sum = 0;

		for (size_t k = 0; k < f->row_n[i]; k++) {
			uint32_t x = f->row[i][k];
			double v = f->weight[sparse_count(x)] * f->gain[sparse_col(x)];

			f->counts.entry[at + k] = x;
			sum += v * v;
		}
		f->counts.start[i + 1] = at + f->row_n[i];
		f->length[i] = sum > 0 ? (float)(1 / sqrt(sum)) : 0;
		mem_free(f->row[i]);
		f->row[i] = NULL;
	}
	f->transposed = sparse_transpose(&f->counts);
	return true;
}

static void scale_rows(const struct mat *x, const float *scale, struct mat *out)
{
	for (size_t i = 0; i < x->rows; i++)
		for (size_t j = 0; j < x->cols; j++)
			mat_row(out, i)[j] = scale[i] * mat_row(x, i)[j];
}

static struct mat *scaled(struct fit *f, const struct mat *x, const float *scale)
{
	size_t most = f->n > f->vocabulary.n ? f->n : f->vocabulary.n;

	if (!f->scratch.v)
		f->scratch = mat_new(most, x->cols);
	f->scratch.rows = x->rows;
	scale_rows(x, scale, &f->scratch);
	return &f->scratch;
}

static void times(void *arg, const struct mat *x, struct mat *y)
{
	struct fit *f = arg;

	sparse_multiply(&f->counts, f->weight, scaled(f, x, f->gain), y);
	scale_rows(y, f->length, y);
}

static void transposed(void *arg, const struct mat *x, struct mat *y)
{
	struct fit *f = arg;

	sparse_multiply(&f->transposed, f->weight, scaled(f, x, f->length), y);
	scale_rows(y, f->gain, y);
}

/* Root mean square of the columns of gain * v: what `direction` scales by, so that the small
 * directions of a feature keep as many of the 8 bits as the large ones. */
static void direction_scales(const struct fit *f, const struct mat *v, float *direction)
{
	for (size_t j = 0; j < v->cols; j++) {
		double sum = 0;

		for (size_t i = 0; i < v->rows; i++) {
			double x = f->gain[i] * mat_row(v, i)[j];

			sum += x * x;
		}
		direction[j] = (float)sqrt(sum / (double)v->rows);
	}
}

static struct encoder *make_encoder(
    const struct fit *f, const struct mat *v, const char *key, struct err *e)
{
	struct lsa_head head = {.dims = (uint32_t)v->cols, .features = (uint32_t)v->rows};
	size_t size = (size_t)lsa_blob_size(head.dims, head.features);
	unsigned char *blob = (unsigned char *)mem_floats(size / sizeof(float) + 1);
	struct lsa_parts p;

	memcpy(head.magic, LSA_MAGIC, sizeof(head.magic));
	memcpy(head.key, key, sizeof(head.key));
	memcpy(blob, &head, sizeof(head));
	p = lsa_blob_parts(blob);
	direction_scales(f, v, p.direction);
	memcpy(p.bucket, f->bucket, v->rows * sizeof(*p.bucket));
	for (size_t i = 0; i < v->rows; i++) {
		const float *x = mat_row(v, i);
		float largest = 0;

		for (size_t j = 0; j < v->cols; j++)
			largest = fmaxf(largest, fabsf(x[j] / p.direction[j]));
		p.scale[i] = f->gain[i] * largest / 127;
		for (size_t j = 0; j < v->cols; j++)
			p.level[i * v->cols + j] =
			    largest > 0 ? (int8_t)lrintf(x[j] / p.direction[j] / largest * 127) : 0;
	}
	head.checksum = lsa_blob_checksum(blob, size);
	memcpy(blob, &head, sizeof(head));
	return lsa_from_blob(blob, size, e);
}

static void clear(struct fit *f)
{
	mem_free(f->text);
	mem_free(f->df);
	for (size_t i = 0; i < PARALLEL_MAX; i++) {
		mem_free(f->last[i]);
		vocabulary_counter_clear(&f->counter[i]);
	}
	for (size_t i = 0; f->row && i < f->n; i++)
		mem_free(f->row[i]);
	mem_free(f->row);
	mem_free(f->row_n);
	mem_free(f->bucket);
	mem_free(f->gain);
	vocabulary_clear(&f->vocabulary);
	sparse_free(&f->counts);
	sparse_free(&f->transposed);
	mem_free(f->length);
	mat_free(&f->scratch);
}

struct encoder *lsa_fit(const char *const *text, size_t n, const struct lsa_options *o,
    const struct progress *p, struct err *e)
{
	struct fit *f = mem_zero_array(1, sizeof(*f));
	struct tsvd_options svd = {o->dims, OVERSAMPLE, o->iterations, o->seed};
	struct tsvd_operator matrix = {.times = times, .transposed = transposed, .arg = f};
	struct encoder *enc = NULL;
	struct mat v = {0, 0, NULL};
	char key[LSA_KEY_SIZE];
	float *sigma = mem_array(o->dims, sizeof(*sigma));

	assert(o->dims > 0 && o->max_features > 0 && o->max_features <= SPARSE_MAX_COLS);
	assert(o->max_texts > 0 && o->max_texts <= SPARSE_MAX_COLS);
	f->o = o;
	f->progress = p;
	f->n = n < o->max_texts ? n : o->max_texts;
	f->text = mem_array(f->n ? f->n : 1, sizeof(*f->text));
	for (size_t i = 0; i < f->n; i++)
		f->text[i] = text[i * n / f->n];
	f->df = mem_zero_array(NGRAM_BUCKETS, sizeof(*f->df));
	lsa_weights(f->weight);
	if (!each_chunk(f, "reading n-grams", see_block, e) || !choose_features(f, e) ||
	    !count_terms(f, e))
		goto cleanup;
	matrix.rows = f->counts.rows;
	matrix.cols = f->counts.cols;
	if (!tsvd(&matrix, &svd, p, &v, sigma, e))
		goto cleanup;
	lsa_key(text, n, o, key);
	enc = make_encoder(f, &v, key, e);
cleanup:
	mat_free(&v);
	mem_free(sigma);
	clear(f);
	mem_free(f);
	return enc;
}
