/* transformer_read.c - the weights of a transformer from a safetensors file. */
#include "text/transformer.h"

#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "text/safetensors.h"
#include "text/transformer_weights.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_DISTANCE 128 /* MPNet: tokens farther apart share their bucket */

struct reading {
	struct transformer *t;
	struct safetensors *file;
	const char *path;
	const char *prefix; /* of all names: "", "bert.", "mpnet." */
	char name[256];
};

/* A name in r->name, good until the next. */
__attribute__((format(printf, 2, 3))) static const char *name_of(
    struct reading *r, const char *fmt, ...)
{
	size_t n = (size_t)snprintf(r->name, sizeof(r->name), "%s", r->prefix);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->name + n, sizeof(r->name) - n, fmt, ap);
	va_end(ap);
	return r->name;
}

/* A tensor of rows by cols numbers; a vector is one row. */
static const struct safetensors_tensor *find(
    struct reading *r, const char *name, size_t rows, size_t cols, struct err *e)
{
	const struct safetensors_tensor *t = safetensors_find(r->file, name);

	if (!t)
		err_set(
		    e, ERR_DATA, "%s: no tensor \"%s\", which config.json asks for", r->path, name);
	else if (t->type == SAFETENSORS_OTHER)
		err_set(e, ERR_DATA, "%s: tensor \"%s\" is not of type F32, F16 or BF16", r->path,
		    name);
	else if (t->count != rows * cols || (rows > 1 && (t->n_dims != 2 || t->dims[0] != rows)))
		err_set(e, ERR_DATA,
		    "%s: tensor \"%s\" has not the shape %zu by %zu of config.json", r->path, name,
		    rows, cols);
	else
		return t;
	return NULL;
}

/* The tensor's bytes, which enter the checksum; mem_free. */
static void *read_bytes(struct reading *r, const struct safetensors_tensor *t, struct err *e)
{
	size_t size = t->count * safetensors_size(t->type), skip = strlen(r->prefix);
	void *p = mem_floats((size + 3) / 4);
	uint64_t h;

	if (!safetensors_read(r->file, t, 0, t->count, p, e)) {
		mem_free(p);
		return NULL;
	}
	h = hash_fast(t->name + skip, strlen(t->name) - skip, r->t->checksum + (uint64_t)t->type);
	r->t->checksum = hash_fast(p, size, h);
	return p;
}

static void to_floats(const struct safetensors_tensor *t, const void *in, float *out)
{
	if (t->type == SAFETENSORS_F32)
		memcpy(out, in, t->count * sizeof(*out));
	else if (t->type == SAFETENSORS_F16)
		packed_from_half(t->count, in, out);
	else
		packed_from_bfloat(t->count, in, out);
}

/* Small tensors as floats in the arena; NULL with an error. */
static float *read_floats(
    struct reading *r, const char *name, size_t rows, size_t cols, struct err *e)
{
	const struct safetensors_tensor *t = find(r, name, rows, cols, e);
	void *p = t ? read_bytes(r, t, e) : NULL;
	float *v = NULL;

	if (p) {
		v = arena_array(&r->t->arena, float, t->count);
		to_floats(t, p, v);
	}
	mem_free(p);
	return v;
}

/* A table stays as it is in the file where that is half precision. */
static bool read_table(
    struct reading *r, const char *name, size_t rows, struct transformer_table *out, struct err *e)
{
	size_t cols = r->t->c.hidden;
	const struct safetensors_tensor *t = find(r, name, rows, cols, e);
	void *p = t ? read_bytes(r, t, e) : NULL;

	if (!p)
		return false;
	*out = (struct transformer_table){.rows = rows, .cols = cols};
	if (t->type == SAFETENSORS_F16) {
		out->half = p;
	} else if (t->type == SAFETENSORS_F32) {
		out->full = p;
	} else {
		out->full = mem_floats(t->count);
		to_floats(t, p, out->full);
		mem_free(p);
	}
	return true;
}

static bool read_norm(
    struct reading *r, const char *name, struct transformer_norm *out, struct err *e)
{
	size_t h = r->t->c.hidden;
	float *gain = read_floats(r, name_of(r, "%s.weight", name), 1, h, e), *offset = NULL;

	if (gain)
		offset = read_floats(r, name_of(r, "%s.bias", name), 1, h, e);
	*out = (struct transformer_norm){gain, offset};
	return offset != NULL;
}

/* The linear maps `name` (n, k) + bias, `count` of them one below the other. */
static bool read_product(struct reading *r, size_t count, const char *const *name, size_t n,
    size_t k, struct transformer_product *out, struct err *e)
{
	size_t width = (count * n + PACKED_COLS - 1) / PACKED_COLS * PACKED_COLS;

	for (size_t i = 0; i < count; i++) {
		const struct safetensors_tensor *t =
		    find(r, name_of(r, "%s.weight", name[i]), n, k, e);
		bool half = t && t->type == SAFETENSORS_F16;
		void *p = t ? read_bytes(r, t, e) : NULL;
		float *wide, *bias;

		if (!p)
			return false;
		if (!i)
			out->w = packed_new(count * n, k, half);
		if (half != (out->w.half != NULL)) {
			mem_free(p);
			return err_set(e, ERR_DATA,
			    "%s: tensor \"%s\" is of another type than the one it goes with",
			    r->path, r->name);
		}
		if (half) {
			packed_set_half(&out->w, i * n, n, p);
		} else if (t->type == SAFETENSORS_F32) {
			packed_set(&out->w, i * n, n, p);
		} else {
			wide = mem_floats(t->count);
			to_floats(t, p, wide);
			packed_set(&out->w, i * n, n, wide);
			mem_free(wide);
		}
		mem_free(p);
		bias = read_floats(r, name_of(r, "%s.bias", name[i]), 1, n, e);
		if (!bias)
			return false;
		if (!i)
			out->bias = arena_array(&r->t->arena, float, width);
		memcpy(out->bias + i * n, bias, n * sizeof(*bias));
	}
	return true;
}

/* Names within encoder.layer.N. */
struct names {
	const char *query, *key, *value, *out, *attention_norm;
};

static bool read_layer(struct reading *r, size_t i, const struct names *names, struct err *e)
{
	const char *tail[] = {names->query, names->key, names->value, names->out,
	    "intermediate.dense", "output.dense", names->attention_norm, "output.LayerNorm"};
	struct transformer_layer *l = &r->t->layer[i];
	size_t h = r->t->c.hidden, inner = r->t->c.inner;
	char name[8][96];
	const char *full[8];

	for (size_t k = 0; k < 8; k++) {
		snprintf(name[k], sizeof(name[k]), "encoder.layer.%zu.%s", i, tail[k]);
		full[k] = name[k];
	}
	return read_product(r, 3, full, h, h, &l->qkv, e) &&
	       read_product(r, 1, full + 3, h, h, &l->out, e) &&
	       read_product(r, 1, full + 4, inner, h, &l->inner, e) &&
	       read_product(r, 1, full + 5, h, inner, &l->outer, e) &&
	       read_norm(r, full[6], &l->attention_norm, e) && read_norm(r, full[7], &l->norm, e);
}

/* The bucket of a distance key - query: half of them for keys that follow; in each half the near
 * distances have one each, the far ones share them in logarithmic steps (T5, Raffel et al. 2019),
 * rounded as the reference does, in single precision. */
static size_t bucket_of(long distance, size_t buckets)
{
	size_t half = buckets / 2, exact = half / 2, n, at;

	n = (size_t)(distance < 0 ? -distance : distance);
	if (n < exact) {
		at = n;
	} else {
		at = exact + (size_t)(logf((float)n / (float)exact) /
				      (float)log((double)MAX_DISTANCE / (double)exact) *
				      (float)(half - exact));
		if (at > half - 1)
			at = half - 1;
	}
	return at + (distance > 0 ? half : 0);
}

static bool read_relative(struct reading *r, struct err *e)
{
	struct checkpoint *c = &r->t->c;
	size_t span = 2 * c->max_tokens - 1;
	float *table = read_floats(
	    r, name_of(r, "encoder.relative_attention_bias.weight"), c->buckets, c->heads, e);

	if (!table)
		return false;
	r->t->relative = arena_array(&r->t->arena, float, c->heads *span);
	for (size_t h = 0; h < c->heads; h++)
		for (size_t i = 0; i < span; i++)
			r->t->relative[h * span + i] =
			    table[bucket_of((long)i - (long)(c->max_tokens - 1), c->buckets) *
				      c->heads +
				  h];
	return true;
}

static bool read_all(struct reading *r, struct err *e)
{
	static const struct names bert = {"attention.self.query", "attention.self.key",
	    "attention.self.value", "attention.output.dense", "attention.output.LayerNorm"};
	static const struct names mpnet = {"attention.attn.q", "attention.attn.k",
	    "attention.attn.v", "attention.attn.o", "attention.LayerNorm"};
	struct transformer *t = r->t;
	bool is_bert = t->c.kind == CHECKPOINT_BERT;
	static const char words[] = "embeddings.word_embeddings.weight";

	r->prefix = "";
	if (!safetensors_find(r->file, words))
		r->prefix = is_bert ? "bert." : "mpnet.";
	if (!read_table(r, name_of(r, "%s", words), t->c.vocabulary, &t->words, e) ||
	    !read_table(r, name_of(r, "embeddings.position_embeddings.weight"), t->c.positions,
		&t->positions, e) ||
	    !read_norm(r, "embeddings.LayerNorm", &t->norm, e))
		return false;
	if (is_bert) {
		const char *name = name_of(r, "embeddings.token_type_embeddings.weight");
		const struct safetensors_tensor *types = safetensors_find(r->file, name);
		size_t rows = types && types->n_dims == 2 && types->dims[0] ? types->dims[0] : 1;

		if (types && rows > types->count / t->c.hidden)
			rows = 1; /* `find` says what is wrong */
		t->type = read_floats(r, name, rows, t->c.hidden, e); /* row 0 counts */
		if (!t->type)
			return false;
	} else if (!read_relative(r, e)) {
		return false;
	}
	t->layer = arena_array(&t->arena, struct transformer_layer, t->c.layers);
	for (size_t i = 0; i < t->c.layers; i++)
		if (!read_layer(r, i, is_bert ? &bert : &mpnet, e))
			return false;
	return true;
}

struct transformer *transformer_open(
    const char *safetensors, const struct checkpoint *c, struct err *e)
{
	struct transformer *t = mem_zero_array(1, sizeof(*t));
	struct reading r = {.t = t, .path = safetensors};
	bool ok;

	t->c = *c;
	r.file = safetensors_open(safetensors, e);
	ok = r.file && read_all(&r, e);
	safetensors_close(r.file);
	if (!ok) {
		transformer_free(t);
		return NULL;
	}
	return t;
}

void transformer_free(struct transformer *t)
{
	if (!t)
		return;
	for (size_t i = 0; t->layer && i < t->c.layers; i++) {
		packed_free(&t->layer[i].qkv.w);
		packed_free(&t->layer[i].out.w);
		packed_free(&t->layer[i].inner.w);
		packed_free(&t->layer[i].outer.w);
	}
	mem_free(t->words.full);
	mem_free(t->words.half);
	mem_free(t->positions.full);
	mem_free(t->positions.half);
	arena_clear(&t->arena);
	mem_free(t);
}

uint64_t transformer_checksum(const struct transformer *t)
{
	return t->checksum;
}
