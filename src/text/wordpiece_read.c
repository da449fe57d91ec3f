/* wordpiece_read.c - a tokenizer from the files of a checkpoint. */
#include "text/wordpiece.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/hashtable.h"
#include "text/wordpiece_internal.h"

#include <string.h>

#define MAX_FILE ((size_t)64 << 20)
#define MAX_CHARS 1000 /* of a word */
#define MAX_ADDED 1024

static struct wordpiece *wordpiece_new(void)
{
	struct wordpiece *w = mem_zero_array(1, sizeof(*w));

	w->vocabulary = hashtable_new();
	w->prefix[0] = w->prefix[1] = '#';
	w->prefix_len = 2;
	w->max_chars = 100;
	w->clean = w->split_chinese = w->strip_accents = w->lower = true;
	return w;
}

static bool fail(struct err *e, const char *where, const char *what)
{
	return err_set(e, ERR_DATA,
	    "%s: %s; this program reads the tokenizers of BERT and MPNet (WordPiece)", where, what);
}

static void add_piece(struct wordpiece *w, const char *piece, size_t len, uint32_t id)
{
	if (len > w->longest)
		w->longest = len;
	if (id >= w->ids)
		w->ids = (size_t)id + 1;
	w->pieces += hash_fast(piece, len, id);
	hashtable_put(w->vocabulary, piece, len, id);
}

/* One that is looked for in normalised text is normalised, too. */
static void add_token(struct wordpiece *w, const struct wordpiece_added *a)
{
	struct wordpiece_added *to = &w->added[w->n_added];
	struct buf b = BUF_INIT;

	*to = *a;
	if (a->normalised)
		wordpiece_normalise(w, a->text, a->len, &b);
	else
		buf_add(&b, a->text, a->len);
	to->text = arena_strndup(&w->arena, buf_str(&b), b.len);
	to->len = b.len;
	buf_clear(&b);
	if (to->len) {
		w->starts_added[(unsigned char)to->text[0]] = true;
		w->n_added++;
	}
	if (a->id >= w->ids)
		w->ids = (size_t)a->id + 1;
}

static bool read_id(const json_t *v, uint32_t *id)
{
	json_int_t n = json_integer_value(v);

	if (!json_is_integer(v) || n < 0 || n >= WORDPIECE_MAX_ID)
		return false;
	*id = (uint32_t)n;
	return true;
}

static bool is_type(const json_t *o, const char *type)
{
	const char *s = json_get_string(o, "type");

	return s && !strcmp(s, type);
}

/* {"type": "WordPiece", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word",
 * "vocab": {piece: id}} */
static bool read_model(struct wordpiece *w, const json_t *model, const char *where, struct err *e)
{
	const json_t *vocab = json_object_get(model, "vocab"), *v;
	const char *unknown = json_get_string(model, "unk_token");
	const char *prefix = json_get_string(model, "continuing_subword_prefix"), *piece;
	double max = 100;
	uint64_t id;

	if (json_object_get(model, "type") && !is_type(model, "WordPiece"))
		return fail(e, where, "its model is not WordPiece");
	if (!json_is_object(vocab) || !unknown)
		return fail(e, where, "it has no vocabulary, or no unknown token");
	if (prefix) {
		w->prefix_len = strlen(prefix);
		if (w->prefix_len > WORDPIECE_PREFIX)
			return fail(e, where, "its prefix of pieces inside a word is too long");
		memcpy(w->prefix, prefix, w->prefix_len);
	}
	if (json_get_number(model, "max_input_chars_per_word", &max) &&
	    !(max >= 1 && max <= MAX_CHARS))
		return fail(e, where, "its limit of characters a word makes no sense");
	w->max_chars = (size_t)max;
	json_object_foreach((json_t *)(uintptr_t)vocab, piece, v)
	{
		uint32_t n;

		if (!read_id(v, &n))
			return err_set(e, ERR_DATA, "%s: piece \"%s\" has no id from 0 to %u",
			    where, piece, WORDPIECE_MAX_ID - 1);
		add_piece(w, piece, strlen(piece), n);
	}
	id = hashtable_get(w->vocabulary, unknown, strlen(unknown));
	if (id == HASHTABLE_NONE)
		return fail(e, where, "its unknown token is not in its vocabulary");
	w->unknown = (uint32_t)id;
	return true;
}

static bool get_bool(const json_t *o, const char *key, bool unset)
{
	const json_t *v = json_object_get(o, key);

	return json_is_boolean(v) ? json_is_true(v) : unset;
}

static bool read_normaliser(
    struct wordpiece *w, const json_t *root, const char *where, struct err *e)
{
	const json_t *o = json_object_get(root, "normalizer");

	if (!is_type(o, "BertNormalizer"))
		return fail(e, where, "its normalizer is not BertNormalizer");
	if (!is_type(json_object_get(root, "pre_tokenizer"), "BertPreTokenizer"))
		return fail(e, where, "its pre-tokenizer is not BertPreTokenizer");
	w->clean = get_bool(o, "clean_text", true);
	w->split_chinese = get_bool(o, "handle_chinese_chars", true);
	w->lower = get_bool(o, "lowercase", true);
	w->strip_accents = get_bool(o, "strip_accents", w->lower);
	return true;
}

static bool read_added(struct wordpiece *w, const json_t *list, const char *where, struct err *e)
{
	size_t n = json_array_size(list);

	if (n > MAX_ADDED)
		return fail(e, where, "it has too many added tokens");
	w->added = arena_array(&w->arena, struct wordpiece_added, n + 1);
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);
		struct wordpiece_added a = {.text = json_get_string(o, "content")};

		if (!a.text || !a.text[0] || !read_id(json_object_get(o, "id"), &a.id))
			return fail(e, where, "an added token has no text or no id");
		a.len = strlen(a.text);
		a.single_word = get_bool(o, "single_word", false);
		a.normalised = get_bool(o, "normalized", !get_bool(o, "special", false));
		add_token(w, &a);
	}
	return true;
}

/* "single": [{"SpecialToken": {"id": NAME}}..., {"Sequence": ...}, ...]; the ids of NAME are under
 * "special_tokens". */
static bool read_template(struct wordpiece *w, const json_t *post)
{
	const json_t *single = json_object_get(post, "single");
	const json_t *tokens = json_object_get(post, "special_tokens");
	size_t sequences = 0;

	for (size_t i = 0; i < json_array_size(single); i++) {
		const json_t *part = json_array_get(single, i);
		const char *name = json_get_string(json_object_get(part, "SpecialToken"), "id");
		const json_t *ids = json_object_get(json_object_get(tokens, name), "ids");

		if (json_object_get(part, "Sequence")) {
			sequences++;
			continue;
		}
		if (!json_array_size(ids))
			return false;
		for (size_t j = 0; j < json_array_size(ids); j++) {
			size_t *n = sequences ? &w->n_after : &w->n_before;

			if (*n == WORDPIECE_AROUND || !read_id(json_array_get(ids, j),
							  &(sequences ? w->after : w->before)[*n]))
				return false;
			++*n;
		}
	}
	return sequences == 1;
}

/* "cls": [TOKEN, ID], "sep": [TOKEN, ID] */
static bool read_pair(struct wordpiece *w, const json_t *post)
{
	w->n_before = w->n_after = 1;
	return read_id(json_array_get(json_object_get(post, "cls"), 1), &w->before[0]) &&
	       read_id(json_array_get(json_object_get(post, "sep"), 1), &w->after[0]);
}

static bool read_around(struct wordpiece *w, const json_t *post, const char *where, struct err *e)
{
	bool ok;

	if (!post || json_is_null(post))
		return true;
	if (is_type(post, "TemplateProcessing"))
		ok = read_template(w, post);
	else if (is_type(post, "BertProcessing") || is_type(post, "RobertaProcessing"))
		ok = read_pair(w, post);
	else
		return fail(e, where, "its post-processor is of an unknown type");
	return ok || fail(e, where, "its post-processor does not say which tokens it adds");
}

/* What is around a text has an id that the model must have a row for. */
static void count_around(struct wordpiece *w)
{
	for (size_t i = 0; i < w->n_before; i++)
		if (w->before[i] >= w->ids)
			w->ids = (size_t)w->before[i] + 1;
	for (size_t i = 0; i < w->n_after; i++)
		if (w->after[i] >= w->ids)
			w->ids = (size_t)w->after[i] + 1;
}

struct wordpiece *wordpiece_from_json(const char *s, size_t n, const char *where, struct err *e)
{
	json_t *root = json_read(s, n, where, e);
	struct wordpiece *w;
	bool ok;

	if (!root)
		return NULL;
	w = wordpiece_new();
	ok = read_model(w, json_object_get(root, "model"), where, e) &&
	     read_normaliser(w, root, where, e) &&
	     read_added(w, json_object_get(root, "added_tokens"), where, e) &&
	     read_around(w, json_object_get(root, "post_processor"), where, e);
	json_decref(root);
	if (!ok) {
		wordpiece_free(w);
		return NULL;
	}
	count_around(w);
	return w;
}

/* BERT's special tokens, or MPNet's: [CLS] or <s> first. */
static bool choose_specials(struct wordpiece *w, const char *where, struct err *e)
{
	static const char *const tokens[][5] = {
	    {"[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]"},
	    {"<s>", "</s>", "[UNK]", "<pad>", "<mask>"},
	};
	w->added = arena_array(&w->arena, struct wordpiece_added, 5);
	for (size_t kind = 0; kind < 2; kind++) {
		uint64_t id[5];

		for (size_t i = 0; i < 5; i++)
			id[i] =
			    hashtable_get(w->vocabulary, tokens[kind][i], strlen(tokens[kind][i]));
		if (id[0] == HASHTABLE_NONE || id[1] == HASHTABLE_NONE || id[2] == HASHTABLE_NONE)
			continue;
		w->before[0] = (uint32_t)id[0];
		w->after[0] = (uint32_t)id[1];
		w->n_before = w->n_after = 1;
		w->unknown = (uint32_t)id[2];
		for (size_t i = 0; i < 5; i++)
			if (id[i] != HASHTABLE_NONE)
				add_token(w, &(struct wordpiece_added){.text = tokens[kind][i],
						 .len = strlen(tokens[kind][i]),
						 .id = (uint32_t)id[i]});
		return true;
	}
	return fail(e, where, "it has neither [CLS], [SEP] and [UNK] nor <s>, </s> and [UNK]");
}

struct wordpiece *wordpiece_from_list(const char *s, size_t n, const char *where, struct err *e)
{
	struct wordpiece *w = wordpiece_new();
	const char *end = s + n;

	/* A piece a line; its number is its id. */
	for (uint32_t id = 0; s < end; id++) {
		const char *stop = memchr(s, '\n', (size_t)(end - s));
		size_t len = (size_t)((stop ? stop : end) - s);

		if (id == WORDPIECE_MAX_ID) {
			fail(e, where, "it has too many lines");
			wordpiece_free(w);
			return NULL;
		}
		while (len && strchr(" \t\r\v\f", s[len - 1]) && s[len - 1])
			len--;
		if (len)
			add_piece(w, s, len, id);
		s = stop ? stop + 1 : end;
	}
	if (!choose_specials(w, where, e)) {
		wordpiece_free(w);
		return NULL;
	}
	return w;
}

static bool read_config(struct wordpiece *w, const char *path, struct err *e)
{
	struct buf b;
	json_t *root;
	bool ok;

	buf_init(&b, MAX_FILE);
	ok = stream_read_all(path, &b, e);
	root = ok ? json_read(buf_str(&b), b.len, path, e) : NULL;
	if (root) {
		w->lower = get_bool(root, "do_lower_case", true);
		w->strip_accents = get_bool(root, "strip_accents", w->lower);
		w->split_chinese = get_bool(root, "tokenize_chinese_chars", true);
	}
	json_decref(root);
	buf_clear(&b);
	return root != NULL;
}

struct wordpiece *wordpiece_open(const char *dir, struct err *e)
{
	char *json = file_join(dir, "tokenizer.json"), *list = file_join(dir, "vocab.txt");
	char *config = file_join(dir, "tokenizer_config.json");
	struct wordpiece *w = NULL;
	struct buf b;

	buf_init(&b, MAX_FILE);
	if (file_exists(json)) {
		if (stream_read_all(json, &b, e))
			w = wordpiece_from_json(buf_str(&b), b.len, json, e);
	} else if (file_exists(list)) {
		if (stream_read_all(list, &b, e))
			w = wordpiece_from_list(buf_str(&b), b.len, list, e);
		if (w && file_exists(config) && !read_config(w, config, e)) {
			wordpiece_free(w);
			w = NULL;
		}
	} else {
		err_set(e, ERR_DATA, "%s: neither tokenizer.json nor vocab.txt is there", dir);
	}
	buf_clear(&b);
	mem_free(json);
	mem_free(list);
	mem_free(config);
	return w;
}
