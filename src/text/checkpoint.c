#include "text/checkpoint.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stream.h"

#include <dirent.h>
#include <string.h>

#define MAX_FILE ((size_t)1 << 20)
/* Far beyond any encoder that this is for, and what keeps every product of sizes from overflowing. */
#define MAX_SIZE 65536
#define MAX_LAYERS 256

/* A file of the folder; NULL without an error where it is not there and need not be. */
static json_t *read_file(const char *dir, const char *name, bool needed, bool *ok, struct err *e)
{
	char *path = file_join(dir, name);
	json_t *v = NULL;
	struct buf b;

	buf_init(&b, MAX_FILE);
	if (needed || file_exists(path)) {
		*ok = stream_read_all(path, &b, e);
		if (*ok)
			v = json_read(buf_str(&b), b.len, path, e);
		*ok = v != NULL;
	}
	buf_clear(&b);
	mem_free(path);
	return v;
}

static bool read_size(
    const json_t *o, const char *dir, const char *key, size_t max, size_t *out, struct err *e)
{
	double v;

	if (!json_get_number(o, key, &v) || !(v >= 1 && v <= (double)max) || v != (double)(size_t)v)
		return err_set(e, ERR_DATA, "%s/config.json: %s is no whole number from 1 to %zu",
		    dir, key, max);
	*out = (size_t)v;
	return true;
}

static bool read_kind(const json_t *o, const char *dir, struct checkpoint *c, struct err *e)
{
	const char *type = json_get_string(o, "model_type");
	const char *act = json_get_string(o, "hidden_act");
	const char *position = json_get_string(o, "position_embedding_type");

	if (type && !strcmp(type, "bert"))
		c->kind = CHECKPOINT_BERT;
	else if (type && !strcmp(type, "mpnet"))
		c->kind = CHECKPOINT_MPNET;
	else
		return err_set(e, ERR_DATA,
		    "%s/config.json: model_type is \"%s\"; this program runs \"bert\" and "
		    "\"mpnet\"",
		    dir, type ? type : "");
	if (act && strcmp(act, "gelu"))
		return err_set(e, ERR_DATA,
		    "%s/config.json: hidden_act is \"%s\"; this program computes \"gelu\"", dir,
		    act);
	if (position && strcmp(position, "absolute"))
		return err_set(e, ERR_DATA,
		    "%s/config.json: position_embedding_type is \"%s\"; this program computes "
		    "\"absolute\"",
		    dir, position);
	return true;
}

static bool read_sizes(const json_t *o, const char *dir, struct checkpoint *c, struct err *e)
{
	bool mpnet = c->kind == CHECKPOINT_MPNET;
	double v;

	c->eps = mpnet ? 1e-5f : 1e-12f;
	c->buckets = 32;
	c->padding = mpnet;
	if (!read_size(o, dir, "num_hidden_layers", MAX_LAYERS, &c->layers, e) ||
	    !read_size(o, dir, "hidden_size", MAX_SIZE, &c->hidden, e) ||
	    !read_size(o, dir, "num_attention_heads", MAX_SIZE, &c->heads, e) ||
	    !read_size(o, dir, "intermediate_size", MAX_SIZE, &c->inner, e) ||
	    !read_size(o, dir, "max_position_embeddings", MAX_SIZE, &c->positions, e) ||
	    !read_size(o, dir, "vocab_size", (size_t)1 << 24, &c->vocabulary, e))
		return false;
	if (mpnet && json_object_get(o, "relative_attention_num_buckets") &&
	    !read_size(o, dir, "relative_attention_num_buckets", MAX_SIZE, &c->buckets, e))
		return false;
	if (json_get_number(o, "pad_token_id", &v) && v >= 0 && v < (double)c->vocabulary)
		c->padding = (uint32_t)v;
	if (json_get_number(o, "layer_norm_eps", &v)) {
		if (!(v > 0 && v < 1))
			return err_set(e, ERR_DATA,
			    "%s/config.json: layer_norm_eps is not between 0 and 1", dir);
		c->eps = (float)v;
	}
	if (c->hidden % c->heads)
		return err_set(e, ERR_DATA,
		    "%s/config.json: hidden_size %zu is not divisible by num_attention_heads %zu",
		    dir, c->hidden, c->heads);
	if (mpnet && c->positions <= (size_t)c->padding + 1)
		return err_set(
		    e, ERR_DATA, "%s/config.json: no positions after the padding's", dir);
	if (mpnet && c->buckets % 4)
		return err_set(e, ERR_DATA,
		    "%s/config.json: relative_attention_num_buckets %zu is not divisible by 4", dir,
		    c->buckets);
	return true;
}

/* Transformer, Pooling and perhaps Normalize, by the last word of their types. */
static bool read_modules(const json_t *list, const char *dir, struct checkpoint *c, struct err *e)
{
	c->normalise = false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *type = json_get_string(json_array_get(list, i), "type"), *last;

		last = type ? strrchr(type, '.') : NULL;
		last = last ? last + 1 : type;
		if (last && !strcmp(last, "Normalize"))
			c->normalise = true;
		else if (!last || (strcmp(last, "Transformer") && strcmp(last, "Pooling")))
			return err_set(e, ERR_DATA,
			    "%s/modules.json: module \"%s\" is not one that this program computes "
			    "(Transformer, Pooling, Normalize)",
			    dir, last ? last : "");
	}
	return true;
}

static bool read_pooling(const json_t *o, const char *dir, struct checkpoint *c, struct err *e)
{
	static const char *const others[] = {"pooling_mode_max_tokens",
	    "pooling_mode_mean_sqrt_len_tokens", "pooling_mode_weightedmean_tokens",
	    "pooling_mode_lasttoken"};
	bool mean = json_is_true(json_object_get(o, "pooling_mode_mean_tokens"));
	bool cls = json_is_true(json_object_get(o, "pooling_mode_cls_token"));
	bool other = false;

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		other = other || json_is_true(json_object_get(o, others[i]));
	if (mean == cls || other)
		return err_set(e, ERR_DATA,
		    "%s/1_Pooling/config.json: neither the mean of the tokens alone nor the CLS "
		    "token alone, which this program computes",
		    dir);
	c->pooling = cls ? CHECKPOINT_CLS : CHECKPOINT_MEAN;
	return true;
}

static bool read_length(const json_t *o, const char *dir, struct checkpoint *c, struct err *e)
{
	size_t most = c->positions;
	double v;

	if (c->kind == CHECKPOINT_MPNET)
		most -= (size_t)c->padding + 1;
	c->max_tokens = most;
	if (!json_get_number(o, "max_seq_length", &v))
		return true;
	if (!(v >= 3 && v <= (double)most))
		return err_set(e, ERR_DATA,
		    "%s/sentence_bert_config.json: max_seq_length is not from 3 to %zu, the "
		    "positions of the model",
		    dir, most);
	c->max_tokens = (size_t)v;
	return true;
}

bool checkpoint_read(const char *dir, struct checkpoint *out, struct err *e)
{
	struct checkpoint c = {.pooling = CHECKPOINT_MEAN};
	json_t *config, *modules = NULL, *pooling = NULL, *length = NULL;
	bool ok = true;

	if (!file_is_dir(dir))
		return err_set(e, ERR_DATA, "%s: no such folder", dir);
	config = read_file(dir, "config.json", true, &ok, e);
	if (ok)
		modules = read_file(dir, "modules.json", false, &ok, e);
	if (ok)
		pooling = read_file(dir, "1_Pooling/config.json", false, &ok, e);
	if (ok)
		length = read_file(dir, "sentence_bert_config.json", false, &ok, e);
	ok = ok && read_kind(config, dir, &c, e) && read_sizes(config, dir, &c, e) &&
	     (!modules || read_modules(modules, dir, &c, e)) &&
	     (!pooling || read_pooling(pooling, dir, &c, e)) && read_length(length, dir, &c, e);
	json_decref(config);
	json_decref(modules);
	json_decref(pooling);
	json_decref(length);
	if (ok)
		*out = c;
	return ok;
}

char *checkpoint_weights(const char *dir, struct err *e)
{
	static const char suffix[] = ".safetensors";
	DIR *d = opendir(dir);
	struct dirent *entry;
	char *found = NULL;
	size_t n = 0;

	if (!d) {
		err_errno(e, ERR_DATA, "%s", dir);
		return NULL;
	}
	while ((entry = readdir(d))) {
		size_t len = strlen(entry->d_name), tail = sizeof(suffix) - 1;

		if (len <= tail || strcmp(entry->d_name + len - tail, suffix) || n++)
			continue;
		found = file_join(dir, entry->d_name);
	}
	closedir(d);
	if (n == 1)
		return found;
	mem_free(found);
	err_set(e, ERR_DATA, "%s: %s", dir,
	    n ? "several *.safetensors files; this program reads models of one"
	      : "no *.safetensors file (a pytorch_model.bin cannot be read; the authors' "
		"repository has both)");
	return NULL;
}
