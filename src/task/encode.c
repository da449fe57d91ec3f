#include "task/encode.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/part.h"
#include "base/progress.h"
#include "num/mat.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/split.h"
#include "task/encode_kinds.h"
#include "text/installed.h"
#include "text/lsa.h"
#include "text/pair.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Questions a transaction: a second's work or so. */
#define BATCH 1024        /* of the built-in encoder */
#define BATCH_SENTENCE 64 /* of a transformer */

/* By mean validation accuracy, AUC and log-loss on real tables (`make quality`, README.md). */
const char *encode_default(void)
{
	return installed_is_there("minilm") ? "minilm+builtin" : ENCODE_BUILTIN;
}

/* What an encoder may be fitted on, and what is to be encoded. */
struct work {
	struct db *db;
	const struct catalog_question *q;
	size_t n;
	const char **train; /* (n_train) texts */
	size_t n_train;
	const char *note;
	const struct progress *p;
};

/* The stored encoder whose identity starts with this key: 0 if none. */
static bool find_fitted(struct db *db, const char *key, int64_t *id, struct err *e)
{
	struct arena a = {0};
	struct encoding_encoder *v;
	char prefix[sizeof("builtin:-") + LSA_KEY_SIZE];
	size_t n;
	bool ok;

	snprintf(prefix, sizeof(prefix), "builtin:%s-", key);
	ok = encoding_list_encoders(db, &a, &v, &n, e);
	*id = 0;
	for (size_t i = 0; ok && i < n && !*id; i++)
		if (!strncmp(v[i].identity, prefix, strlen(prefix)))
			*id = v[i].id;
	arena_clear(&a);
	return ok;
}

static bool save_encoder(struct db *db, const struct encoder *enc, const char *note,
    const void *data, size_t size, int64_t *id, struct err *e)
{
	struct encoding_encoder stored = {
	    .identity = enc->identity,
	    .kind = enc->kind,
	    .note = note,
	    .dims = enc->dims,
	    .blob = data,
	    .size = size,
	};

	if (!encoding_save_encoder(db, &stored, e))
		return false;
	*id = stored.id;
	return true;
}

static struct encoder *fit(
    const struct work *w, const struct lsa_options *o, int64_t *id, struct err *e)
{
	struct encoder *enc = lsa_fit(w->train, w->n_train, o, w->p, e);
	struct buf blob = BUF_INIT;
	bool ok;

	if (!enc)
		return NULL;
	ok = lsa_save(enc, &blob) || err_set(e, ERR_FAILED, "the encoder is too large to store");
	ok = ok && save_encoder(w->db, enc, w->note, blob.s, blob.len, id, e);
	buf_clear(&blob);
	if (!ok) {
		encoder_free(enc);
		return NULL;
	}
	return enc;
}

/* The encoder for these training texts: the stored one, else fitted and stored. */
static struct encoder *fitted_encoder(const struct work *w, struct encode_result *r, struct err *e)
{
	struct lsa_options o;
	char key[LSA_KEY_SIZE];

	lsa_options_default(&o);
	lsa_key(w->train, w->n_train, &o, key);
	if (!find_fitted(w->db, key, &r->encoder, e))
		return NULL;
	r->fitted = !r->encoder;
	r->fitted_on = w->n_train;
	if (r->encoder)
		return encode_open(w->db, r->encoder, e);
	return fit(w, &o, &r->encoder, e);
}

/* An installed one; a folder is kept by its full path, so that it is found from anywhere. */
static struct encoder *installed_encoder(
    const struct work *w, const char *name, struct encode_result *r, struct err *e)
{
	struct encoder *enc = installed_open(name, e);
	char *dir = enc ? installed_dir(name, e) : NULL, *full, *data;
	bool known = installed_find(name) != NULL, ok;

	if (!enc)
		return NULL;
	full = known ? NULL : realpath(dir, NULL);
	data = known ? mem_strdup(name) : mem_printf("path:%s", full ? full : dir);
	ok = save_encoder(w->db, enc,
	    known  ? installed_find(name)->model
	    : full ? full
		   : dir,
	    data, strlen(data), &r->encoder, e);
	mem_free(full);
	mem_free(data);
	mem_free(dir);
	if (!ok) {
		encoder_free(enc);
		return NULL;
	}
	return enc;
}

/* One whose rows came from a file: the last, or that of this identity. */
static struct encoder *imported_encoder(
    const struct work *w, const char *name, struct encode_result *r, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encoding_encoder *v;
	size_t n;

	if (encoding_list_encoders(w->db, &a, &v, &n, e)) {
		for (size_t i = 0; i < n && !r->encoder; i++)
			if (!strcmp(v[i].kind, ENCODE_IMPORTED) &&
			    (!strcmp(name, ENCODE_IMPORTED) || !strcmp(name, v[i].identity)))
				r->encoder = v[i].id;
		if (!r->encoder)
			err_set(e, ERR_USAGE,
			    "there are no encodings \"%s\"; embedllm encode --from FILE brings "
			    "some in",
			    name);
	}
	arena_clear(&a);
	return r->encoder ? encode_open(w->db, r->encoder, e) : NULL;
}

/* A transformer takes texts of similar length together, long ones first: the rate that is shown
 * only rises. */
struct order {
	size_t index, len;
};

static int longest_first(const void *a, const void *b)
{
	const struct order *x = a, *y = b;

	if (x->len != y->len)
		return x->len > y->len ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* Progress within a batch as progress of the whole. */
struct within {
	const struct progress *p;
	size_t before, total;
};

static bool tick_within(void *arg, const struct tick *t)
{
	const struct within *w = arg;

	return progress_tick(
	    w->p, "encoding", (double)w->before + t->done, (double)w->total, "questions");
}

static bool encode_batch(const struct work *w, const struct encoder *enc, int64_t id,
    const struct order *order, size_t m, struct within *within, struct err *e)
{
	struct mat rows = mat_new(m, enc->dims);
	struct catalog_question *q = mem_array(m, sizeof(*q));
	const char **text = mem_array(m, sizeof(*text));
	const struct progress p = {tick_within, within};
	bool ok;

	for (size_t i = 0; i < m; i++) {
		q[i] = w->q[order[i].index];
		text[i] = q[i].text;
	}
	ok = encoder_encode(enc, text, m, &rows, &p, e) && encoding_save(w->db, id, q, m, &rows, e);
	mem_free(text);
	mem_free(q);
	mat_free(&rows);
	return ok;
}

static bool encode_missing(
    const struct work *w, const struct encoder *enc, struct encode_result *r, struct err *e)
{
	bool *have = mem_array(w->n + 1, sizeof(*have)), ok;
	struct order *order = mem_array(w->n + 1, sizeof(*order));
	size_t missing = 0, n = 0, batch = enc->max_tokens ? BATCH_SENTENCE : BATCH;
	struct within within = {.p = w->p};

	ok = encoding_have(w->db, r->encoder, w->q, w->n, have, &missing, e);
	for (size_t i = 0; i < w->n && ok; i++)
		if (!have[i])
			order[n++] = (struct order){i, w->q[i].len};
	if (enc->max_tokens)
		qsort(order, n, sizeof(*order), longest_first);
	r->known = w->n - n;
	within.total = n;
	while (ok && within.before < n) {
		size_t m = n - within.before < batch ? n - within.before : batch;

		ok = encode_batch(w, enc, r->encoder, order + within.before, m, &within, e);
		if (ok)
			within.before += m;
	}
	r->encoded = within.before;
	if (!ok && e && e->kind == ERR_CANCELLED)
		err_set(e, ERR_CANCELLED,
		    "stopped after encoding %zu of %zu questions; the next time goes on from there",
		    r->encoded, n);
	mem_free(order);
	mem_free(have);
	return ok;
}

/* One encoder, not a pair. */
static bool ensure_one(
    const struct work *w, const char *name, struct encode_result *r, struct err *e)
{
	struct encoder *enc;
	bool ok;

	if (!strcmp(name, ENCODE_BUILTIN))
		enc = fitted_encoder(w, r, e);
	else if (!strncmp(name, ENCODE_IMPORTED, strlen(ENCODE_IMPORTED)))
		enc = imported_encoder(w, name, r, e);
	else
		enc = installed_encoder(w, name, r, e);
	if (!enc)
		return false;
	snprintf(r->identity, sizeof(r->identity), "%s", enc->identity);
	r->dims = enc->dims;
	ok = encode_missing(w, enc, r, e);
	encoder_free(enc);
	return ok;
}

/* Both halves, and a row that names them. */
static bool ensure_pair(
    const struct work *w, const char *name, size_t split, struct encode_result *r, struct err *e)
{
	char *first = mem_strndup(name, split), *data;
	struct encode_result half[2] = {{0}, {0}};
	struct encoding_encoder stored = {.kind = ENCODE_PAIR, .note = w->note};
	bool ok = ensure_one(w, first, &half[0], e) && ensure_one(w, name + split + 1, &half[1], e);

	mem_free(first);
	if (!ok)
		return false;
	if (!strcmp(half[0].identity, half[1].identity))
		return err_set(e, ERR_USAGE, "%s: the same encoder twice", name);
	if ((size_t)snprintf(r->identity, sizeof(r->identity), "%s+%s", half[0].identity,
		half[1].identity) >= sizeof(r->identity))
		return err_set(e, ERR_USAGE, "%s: the names are too long", name);
	data = mem_printf("%s\n%s", half[0].identity, half[1].identity);
	r->dims = half[0].dims + half[1].dims;
	stored.identity = r->identity;
	stored.dims = r->dims;
	stored.blob = data;
	stored.size = strlen(data);
	ok = encoding_save_encoder(w->db, &stored, e);
	mem_free(data);
	r->encoder = stored.id;
	r->fitted = half[0].fitted || half[1].fitted;
	r->fitted_on = half[0].fitted_on + half[1].fitted_on;
	r->known = half[0].known < half[1].known ? half[0].known : half[1].known;
	r->encoded = w->n - r->known;
	return ok;
}

bool encode_ensure(struct db *db, const char *encoder, const struct catalog_question *q, size_t n,
    const uint8_t *part, const char *note, const struct progress *p, struct encode_result *out,
    struct err *e)
{
	struct work w = {.db = db, .q = q, .n = n, .note = note, .p = p};
	const char *name = encoder ? encoder : encode_default();
	struct encode_result r = {0};
	size_t split = pair_split(name);
	double start = clock_now();
	bool ok;

	w.train = mem_array(n + 1, sizeof(*w.train));
	for (size_t i = 0; i < n; i++)
		if (!part || part[i] == PART_TRAIN)
			w.train[w.n_train++] = q[i].text;
	ok = split ? ensure_pair(&w, name, split, &r, e) : ensure_one(&w, name, &r, e);
	mem_free(w.train);
	if (ok) {
		r.seconds = clock_now() - start;
		*out = r;
	}
	return ok;
}

bool task_encode(struct db *db, const char *encoder, const char *split, const struct progress *p,
    struct encode_result *out, struct err *e)
{
	struct arena a = {0};
	struct catalog catalog;
	struct catalog_question *q;
	struct split s;
	uint8_t *part = NULL;
	char note[256];
	bool found, ok = false;

	if (!catalog_load(db, &a, &catalog, e) || !catalog_load_questions(db, &catalog, &a, &q, e))
		goto cleanup;
	if (!catalog.n_questions) {
		err_set(e, ERR_DATA, "%s: no questions to encode; import some first", db_path(db));
		goto cleanup;
	}
	if (!split_find(db, &a, split, &s, &found, e))
		goto cleanup;
	if (split && !found) {
		err_set(e, ERR_USAGE, "no split \"%s\"; 'embedllm split --list' lists them", split);
		goto cleanup;
	}
	if (found) {
		part = arena_array(&a, uint8_t, catalog.n_questions);
		if (!split_load(db, s.id, q, catalog.n_questions, part, e))
			goto cleanup;
		snprintf(note, sizeof(note), "training questions of split %s", s.name);
	} else {
		snprintf(note, sizeof(note), "all questions");
	}
	ok = encode_ensure(db, encoder, q, catalog.n_questions, part, note, p, out, e);
cleanup:
	arena_clear(&a);
	return ok;
}
