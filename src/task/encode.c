#include "task/encode.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/part.h"
#include "base/progress.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/split.h"
#include "text/lsa.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define BATCH 1024 /* questions a transaction */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct encoder *encode_open(struct db *db, int64_t id, struct err *e)
{
	struct arena a = {0};
	struct encoding_encoder stored;
	struct encoder *enc = NULL;
	bool found;

	if (!encoding_load_encoder(db, id, NULL, &a, &stored, &found, e))
		goto cleanup;
	if (!found)
		err_set(e, ERR_DATA, "%s: no encoder %lld", db_path(db), (long long)id);
	else if (strcmp(stored.kind, "builtin"))
		err_set(e, ERR_DATA,
		    "%s: encoder %lld is of kind \"%s\", which this program does "
		    "not know",
		    db_path(db), (long long)id, stored.kind);
	else
		enc = lsa_load(stored.blob, stored.size, e);
	/* Rows would be read by the wrong length, or belong to another encoder. */
	if (enc && (enc->dims != stored.dims || strcmp(enc->identity, stored.identity))) {
		err_set(e, ERR_DATA, "%s: encoder %lld does not hold what its row says",
		    db_path(db), (long long)id);
		encoder_free(enc);
		enc = NULL;
	}
cleanup:
	arena_clear(&a);
	return enc;
}

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

static struct encoder *fit(struct db *db, const char *const *text, size_t n,
    const struct lsa_options *o, const char *note, const struct progress *p, int64_t *id,
    struct err *e)
{
	struct encoder *enc = lsa_fit(text, n, o, p, e);
	struct encoding_encoder stored;
	struct buf blob = BUF_INIT;
	bool ok;

	if (!enc)
		return NULL;
	ok = lsa_save(enc, &blob) || err_set(e, ERR_FAILED, "the encoder is too large to store");
	stored = (struct encoding_encoder){
	    .identity = enc->identity,
	    .kind = enc->kind,
	    .note = note,
	    .dims = enc->dims,
	    .blob = blob.s,
	    .size = blob.len,
	};
	ok = ok && encoding_save_encoder(db, &stored, e);
	buf_clear(&blob);
	if (!ok) {
		encoder_free(enc);
		return NULL;
	}
	*id = stored.id;
	return enc;
}

/* The encoder for these training texts: the stored one, else fitted and stored. */
static struct encoder *fitted_encoder(struct db *db, const char *const *text, size_t n,
    const char *note, const struct progress *p, struct encode_result *r, struct err *e)
{
	struct lsa_options o;
	char key[LSA_KEY_SIZE];

	lsa_options_default(&o);
	lsa_key(text, n, &o, key);
	if (!find_fitted(db, key, &r->encoder, e))
		return NULL;
	r->fitted = !r->encoder;
	r->fitted_on = n;
	if (r->encoder)
		return encode_open(db, r->encoder, e);
	return fit(db, text, n, &o, note, p, &r->encoder, e);
}

/* The next questions without an encoding, at most BATCH, from *at on; returns how many. */
static size_t next_batch(const bool *have, size_t n, size_t *at, size_t index[BATCH])
{
	size_t m = 0;

	for (; *at < n && m < BATCH; ++*at)
		if (!have[*at])
			index[m++] = *at;
	return m;
}

static bool encode_missing(struct db *db, const struct encoder *enc,
    const struct catalog_question *q, size_t n, const struct progress *p, struct encode_result *r,
    struct err *e)
{
	struct mat rows = mat_new(n, enc->dims), part = mat_new(BATCH, enc->dims);
	bool *have = mem_array(n ? n : 1, sizeof(*have)), ok;
	struct catalog_question *batch = mem_array(BATCH, sizeof(*batch));
	const char **text = mem_array(BATCH, sizeof(*text));
	size_t index[BATCH], missing = 0, at = 0, m;

	ok = encoding_load(db, r->encoder, q, n, &rows, have, &missing, e);
	r->known = n - missing;
	while (ok && (m = next_batch(have, n, &at, index))) {
		for (size_t i = 0; i < m; i++) {
			batch[i] = q[index[i]];
			text[i] = q[index[i]].text;
		}
		part.rows = m;
		ok = encoder_encode(enc, text, m, &part, NULL, e) &&
		     encoding_save(db, r->encoder, batch, m, &part, e);
		if (!ok)
			break;
		r->encoded += m;
		if (!progress_tick(p, "encoding", (double)r->encoded, (double)missing, "questions"))
			ok = err_set(e, ERR_CANCELLED,
			    "stopped after encoding %zu of %zu "
			    "questions; the next time goes on from there",
			    r->encoded, missing);
	}
	mem_free(text);
	mem_free(batch);
	mem_free(have);
	mat_free(&part);
	mat_free(&rows);
	return ok;
}

bool encode_ensure(struct db *db, const struct catalog_question *q, size_t n, const uint8_t *part,
    const char *note, const struct progress *p, struct encode_result *out, struct err *e)
{
	struct encode_result r = {0};
	const char **text = mem_array(n ? n : 1, sizeof(*text));
	struct encoder *enc;
	double start = now();
	size_t train = 0;
	bool ok = false;

	for (size_t i = 0; i < n; i++)
		if (!part || part[i] == PART_TRAIN)
			text[train++] = q[i].text;
	enc = fitted_encoder(db, text, train, note, p, &r, e);
	if (!enc)
		goto cleanup;
	snprintf(r.identity, sizeof(r.identity), "%s", enc->identity);
	r.dims = enc->dims;
	ok = encode_missing(db, enc, q, n, p, &r, e);
	if (ok) {
		r.seconds = now() - start;
		*out = r;
	}
cleanup:
	encoder_free(enc);
	mem_free(text);
	return ok;
}

bool task_encode(struct db *db, const char *split, const struct progress *p,
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
	ok = encode_ensure(db, q, catalog.n_questions, part, note, p, out, e);
cleanup:
	arena_clear(&a);
	return ok;
}
