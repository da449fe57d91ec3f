#include "text/lsa.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/progress.h"
#include "num/parallel.h"
#include "num/vec.h"
#include "text/lsa_blob.h"
#include "text/vocabulary.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define MAX_DIMS 4096
#define MAX_SCALE 1e4f /* of direction and scale: far above any fit, far below overflow */

struct lsa {
	struct encoder base;
	unsigned char *blob; /* owned */
	size_t size;
	struct lsa_parts parts; /* in blob */
	struct vocabulary vocabulary;
	float weight[SPARSE_MAX_COUNT + 1];
};

void lsa_options_default(struct lsa_options *o)
{
	*o = (struct lsa_options){
	    .dims = 256,
	    .max_features = 32768,
	    .max_texts = 100000,
	    .word_weight = 4,
	    .iterations = 2,
	    .seed = 1,
	};
}

void lsa_key(const char *const *text, size_t n, const struct lsa_options *o, char key[LSA_KEY_SIZE])
{
	unsigned char digest[HASH_SIZE];
	char hex[2 * HASH_SIZE + 1], head[160];
	struct hash_state h;
	int len;

	/* The number is of this code: raise it when a fit would come out differently. */
	len = snprintf(head, sizeof(head),
	    "lsa 1 dims %zu features %zu texts %zu word %.9g "
	    "iterations %zu seed %llu n %zu",
	    o->dims, o->max_features, o->max_texts, (double)o->word_weight, o->iterations,
	    (unsigned long long)o->seed, n);
	assert(len > 0 && (size_t)len < sizeof(head));
	hash_init(&h);
	hash_add(&h, head, (size_t)len + 1);
	for (size_t i = 0; i < n; i++)
		hash_add(&h, text[i], strlen(text[i]) + 1);
	hash_final(&h, digest);
	hash_hex(digest, hex);
	memcpy(key, hex, LSA_KEY_SIZE - 1);
	key[LSA_KEY_SIZE - 1] = '\0';
}

uint64_t lsa_blob_size(uint32_t dims, uint32_t features)
{
	/* At most 2^64 - 2^33: no overflow. */
	return sizeof(struct lsa_head) + sizeof(float) * (uint64_t)dims +
	       (uint64_t)features * (sizeof(float) + sizeof(uint32_t)) + (uint64_t)features * dims;
}

struct lsa_parts lsa_blob_parts(unsigned char *blob)
{
	struct lsa_head head;
	struct lsa_parts p;

	memcpy(&head, blob, sizeof(head));
	p.direction = (float *)(void *)(blob + sizeof(head));
	p.scale = p.direction + head.dims;
	p.bucket = (uint32_t *)(void *)(p.scale + head.features);
	p.level = (int8_t *)(p.bucket + head.features);
	return p;
}

uint64_t lsa_blob_checksum(const unsigned char *blob, size_t size)
{
	size_t skip = offsetof(struct lsa_head, key);

	return hash_fast(blob + skip, size - skip, 0);
}

/* out += w * level, as floats. */
NUM_VECTOR
static void add_level(size_t n, float w, const int8_t *restrict level, float *restrict out)
{
	for (size_t j = 0; j < n; j++)
		out[j] += w * (float)level[j];
}

static void encode_one(
    const struct lsa *l, struct vocabulary_counter *c, const char *text, float *row)
{
	size_t dims = l->base.dims;

	vocabulary_counter_read(c, text, strlen(text));
	memset(row, 0, dims * sizeof(*row));
	for (size_t k = 0; k < c->n; k++) {
		size_t i = sparse_col(c->entry[k]);
		float w = l->weight[sparse_count(c->entry[k])] * l->parts.scale[i];

		add_level(dims, w, l->parts.level + i * dims, row);
	}
	for (size_t j = 0; j < dims; j++)
		row[j] *= l->parts.direction[j];
	vec_normalise(dims, row);
}

struct encode_job {
	const struct lsa *lsa;
	const char *const *text;
	struct mat *rows;
	size_t first;
	struct vocabulary_counter *counter; /* (parallel_threads()) */
};

static void encode_block(void *arg, size_t begin, size_t end, size_t worker)
{
	const struct encode_job *j = arg;

	for (size_t i = j->first + begin; i < j->first + end; i++)
		encode_one(j->lsa, &j->counter[worker], j->text[i], mat_row(j->rows, i));
}

static bool encode(const struct encoder *enc, const char *const *text, size_t n, struct mat *rows,
    const struct progress *p, struct err *e)
{
	const struct lsa *l = (const struct lsa *)(const void *)enc;
	const size_t chunk = 1024; /* texts between two looks at whether to stop */
	size_t threads = n > 1 ? parallel_threads() : 1;
	struct encode_job job = {l, text, rows, 0, mem_array(threads, sizeof(*job.counter))};
	bool ok = true;

	for (size_t i = 0; i < threads; i++)
		vocabulary_counter_init(&job.counter[i], &l->vocabulary);
	while (ok && job.first < n) {
		size_t m = n - job.first < chunk ? n - job.first : chunk;

		parallel_for(m, 8, encode_block, &job);
		job.first += m;
		if (!progress_tick(p, "encoding", (double)job.first, (double)n, "questions"))
			ok = err_set(e, ERR_CANCELLED, "stopped while encoding");
	}
	for (size_t i = 0; i < threads; i++)
		vocabulary_counter_clear(&job.counter[i]);
	mem_free(job.counter);
	return ok;
}

static void lsa_free(struct encoder *enc)
{
	struct lsa *l = (struct lsa *)(void *)enc;

	vocabulary_clear(&l->vocabulary);
	mem_free(l->blob);
	mem_free(l);
}

static const struct encoder_ops lsa_ops = {.encode = encode, .free = lsa_free};

static bool all_sane(const float *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!(v[i] >= 0 && v[i] <= MAX_SCALE))
			return false;
	return true;
}

/* Why the blob cannot be used, or NULL. */
static const char *blob_complaint(unsigned char *blob, size_t size)
{
	struct lsa_head head;
	struct lsa_parts parts;

	if (size < sizeof(head))
		return "it is cut short";
	memcpy(&head, blob, sizeof(head));
	if (memcmp(head.magic, LSA_MAGIC, sizeof(head.magic)))
		return "it is of another kind or version";
	for (size_t i = 0; i < sizeof(head.key); i++)
		if (!isxdigit((unsigned char)head.key[i]))
			return "its key is damaged";
	if (head.dims < 1 || head.dims > MAX_DIMS || head.features < 1 ||
	    head.features > SPARSE_MAX_COLS || lsa_blob_size(head.dims, head.features) != size)
		return "its size is not what its head says";
	if (lsa_blob_checksum(blob, size) != head.checksum)
		return "its checksum is wrong";
	parts = lsa_blob_parts(blob);
	if (!all_sane(parts.direction, head.dims) || !all_sane(parts.scale, head.features))
		return "its scales make no sense";
	return NULL;
}

struct encoder *lsa_from_blob(unsigned char *blob, size_t size, struct err *e)
{
	const char *complaint = blob_complaint(blob, size);
	struct lsa_head head;
	struct lsa *l;

	if (complaint) {
		err_set(e, ERR_DATA, "the stored encoder cannot be used: %s", complaint);
		mem_free(blob);
		return NULL;
	}
	memcpy(&head, blob, sizeof(head));
	l = mem_zero_array(1, sizeof(*l));
	*l = (struct lsa){
	    .base = {.ops = &lsa_ops, .kind = "builtin", .dims = head.dims},
	    .blob = blob,
	    .size = size,
	    .parts = lsa_blob_parts(blob),
	};
	snprintf(l->base.identity, sizeof(l->base.identity), "builtin:%.16s-%08x", head.key,
	    (unsigned)(head.checksum >> 32));
	lsa_weights(l->weight);
	if (!vocabulary_init(&l->vocabulary, l->parts.bucket, head.features)) {
		err_set(e, ERR_DATA, "the stored encoder cannot be used: its features are damaged");
		lsa_free(&l->base);
		return NULL;
	}
	return &l->base;
}

bool lsa_save(const struct encoder *enc, struct buf *out)
{
	const struct lsa *l = (const struct lsa *)(const void *)enc;

	assert(enc->ops == &lsa_ops);
	return buf_add(out, l->blob, l->size);
}

struct encoder *lsa_load(const void *p, size_t n, struct err *e)
{
	size_t floats = n / sizeof(float) + 1;
	unsigned char *blob = (unsigned char *)mem_floats(floats); /* aligned, whatever p is */

	if (n)
		memcpy(blob, p, n);
	return lsa_from_blob(blob, n, e);
}
