/* encode_stored.c - encoders and rows as the database has them. */
#include "task/encode.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/encoding.h"
#include "task/encode_kinds.h"
#include "text/deferred.h"
#include "text/installed.h"
#include "text/lsa.h"
#include "text/pair.h"

#include <string.h>

#define PROOF 2 /* questions that an encoder of imported rows must reproduce */

static bool damaged(struct db *db, const struct encoding_encoder *stored, struct err *e)
{
	return err_set(e, ERR_DATA,
	    "%s: encoder %lld (%s) does not hold what its row says: train anew", db_path(db),
	    (long long)stored->id, stored->identity);
}

/* What the row holds as text: the name it is opened by, or two identities. NULL: no text. */
static const char *text_of(const struct encoding_encoder *stored, struct arena *a)
{
	if (stored->size > ENCODE_TEXT_MAX ||
	    (stored->size && memchr(stored->blob, 0, stored->size)))
		return NULL;
	return arena_strndup(a, stored->size ? stored->blob : "", stored->size);
}

static bool load_row(struct db *db, int64_t id, const char *identity, struct arena *a,
    struct encoding_encoder *out, struct err *e)
{
	bool found;

	if (!encoding_load_encoder(db, id, identity, a, out, &found, e))
		return false;
	return found || err_set(e, ERR_DATA, "%s: encoder %s is gone: train anew", db_path(db),
			    identity ? identity : "of the run");
}

/* The halves of a pair, which is none itself: pairs are of two. */
static bool load_halves(struct db *db, const struct encoding_encoder *pair, struct arena *a,
    struct encoding_encoder half[2], struct err *e)
{
	const char *text = text_of(pair, a), *end = text ? strchr(text, '\n') : NULL;
	const char *names[2];

	if (!end)
		return damaged(db, pair, e);
	names[0] = arena_strndup(a, text, (size_t)(end - text));
	names[1] = end + 1;
	for (size_t i = 0; i < 2; i++) {
		if (!load_row(db, 0, names[i], a, &half[i], e))
			return false;
		if (!strcmp(half[i].kind, ENCODE_PAIR))
			return damaged(db, pair, e);
	}
	if (half[0].dims + half[1].dims != pair->dims)
		return damaged(db, pair, e);
	return true;
}

static struct encoder *open_imported(struct db *db, const struct encoding_encoder *stored,
    const char *name, struct arena *a, struct err *e)
{
	struct deferred_proof proof = {.n = 0};
	struct catalog_question q[PROOF];
	const char *text[PROOF];
	struct encoder *enc;

	proof.rows = mat_new(PROOF, stored->dims);
	proof.text = text;
	if (!encoding_sample(db, stored->id, PROOF, a, q, &proof.rows, &proof.n, e)) {
		mat_free(&proof.rows);
		return NULL;
	}
	for (size_t i = 0; i < proof.n; i++)
		text[i] = q[i].text;
	enc = deferred_new(name, stored->identity, ENCODE_IMPORTED, stored->dims, &proof);
	mat_free(&proof.rows);
	return enc;
}

static struct encoder *open_row(
    struct db *db, const struct encoding_encoder *stored, struct arena *a, struct err *e)
{
	const struct installed_known *known = installed_find(stored->kind);
	const char *name = text_of(stored, a);
	struct encoder *enc = NULL;

	if (!strcmp(stored->kind, ENCODE_BUILTIN)) {
		enc = lsa_load(stored->blob, stored->size, e);
		/* Rows would be read by the wrong length, or belong to another encoder. */
		if (enc && (enc->dims != stored->dims || strcmp(enc->identity, stored->identity))) {
			damaged(db, stored, e);
			encoder_free(enc);
			enc = NULL;
		}
	} else if (!name) {
		damaged(db, stored, e);
	} else if (known || !strcmp(stored->kind, ENCODE_PATH)) {
		enc = deferred_new(
		    name, stored->identity, known ? known->name : ENCODE_PATH, stored->dims, NULL);
	} else if (!strcmp(stored->kind, ENCODE_IMPORTED)) {
		enc = open_imported(db, stored, name, a, e);
	} else {
		err_set(e, ERR_DATA,
		    "%s: encoder %lld is of kind \"%s\", which this program does not know",
		    db_path(db), (long long)stored->id, stored->kind);
	}
	return enc;
}

struct encoder *encode_open(struct db *db, int64_t id, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encoding_encoder stored, half[2];
	struct encoder *enc = NULL, *first;

	if (!load_row(db, id, NULL, &a, &stored, e))
		goto cleanup;
	if (strcmp(stored.kind, ENCODE_PAIR)) {
		enc = open_row(db, &stored, &a, e);
		goto cleanup;
	}
	if (!load_halves(db, &stored, &a, half, e))
		goto cleanup;
	first = open_row(db, &half[0], &a, e);
	enc = first ? open_row(db, &half[1], &a, e) : NULL;
	if (enc)
		enc = pair_new(first, enc);
	else
		encoder_free(first);
cleanup:
	arena_clear(&a);
	return enc;
}

/* "imported:CHECKSUM", "builtin", or what the row of an installed one holds. */
static const char *name_of(const struct encoding_encoder *stored, struct arena *a)
{
	if (!strcmp(stored->kind, ENCODE_IMPORTED))
		return stored->identity;
	return strcmp(stored->kind, ENCODE_BUILTIN) ? text_of(stored, a) : ENCODE_BUILTIN;
}

bool encode_name(struct db *db, int64_t id, struct arena *a, const char **out, struct err *e)
{
	struct encoding_encoder stored, half[2];
	const char *first, *second;

	if (!load_row(db, id, NULL, a, &stored, e))
		return false;
	if (strcmp(stored.kind, ENCODE_PAIR)) {
		*out = name_of(&stored, a);
		return *out || damaged(db, &stored, e);
	}
	if (!load_halves(db, &stored, a, half, e))
		return false;
	first = name_of(&half[0], a);
	second = name_of(&half[1], a);
	if (!first || !second)
		return damaged(db, &stored, e);
	*out = arena_printf(a, "%s+%s", first, second);
	return true;
}

static bool pair_of_rows(struct db *db, const struct encoding_encoder *half,
    const struct catalog_question *q, size_t n, struct mat *rows, bool *have, size_t *missing,
    struct err *e)
{
	struct mat part[2] = {mat_new(n, half[0].dims), mat_new(n, half[1].dims)};
	bool *both = mem_array(n + 1, sizeof(*both)), ok;

	ok = encoding_load(db, half[0].id, q, n, &part[0], have, missing, e) &&
	     encoding_load(db, half[1].id, q, n, &part[1], both, missing, e);
	if (ok) {
		pair_rows(&part[0], &part[1], rows);
		*missing = 0;
		for (size_t i = 0; i < n; i++) {
			have[i] = have[i] && both[i];
			*missing += !have[i];
			if (!have[i])
				memset(mat_row(rows, i), 0, rows->cols * sizeof(float));
		}
	}
	mem_free(both);
	mat_free(&part[0]);
	mat_free(&part[1]);
	return ok;
}

bool encode_rows(struct db *db, int64_t id, const struct catalog_question *q, size_t n,
    struct mat *rows, bool *have, size_t *missing, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encoding_encoder stored, half[2];
	bool ok = load_row(db, id, NULL, &a, &stored, e);

	if (ok && stored.dims != rows->cols)
		ok = damaged(db, &stored, e);
	else if (ok && !strcmp(stored.kind, ENCODE_PAIR))
		ok = load_halves(db, &stored, &a, half, e) &&
		     pair_of_rows(db, half, q, n, rows, have, missing, e);
	else if (ok)
		ok = encoding_load(db, id, q, n, rows, have, missing, e);
	arena_clear(&a);
	return ok;
}

bool encode_have(struct db *db, int64_t id, const struct catalog_question *q, size_t n,
    size_t *missing, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encoding_encoder stored, half[2];
	bool *have = arena_array(&a, bool, n + 1), *other = arena_array(&a, bool, n + 1);
	bool ok = load_row(db, id, NULL, &a, &stored, e);

	if (ok && strcmp(stored.kind, ENCODE_PAIR)) {
		ok = encoding_have(db, id, q, n, have, missing, e);
	} else if (ok) {
		ok = load_halves(db, &stored, &a, half, e) &&
		     encoding_have(db, half[0].id, q, n, have, missing, e) &&
		     encoding_have(db, half[1].id, q, n, other, missing, e);
		if (ok)
			*missing = 0;
		for (size_t i = 0; i < n && ok; i++)
			*missing += !(have[i] && other[i]);
	}
	arena_clear(&a);
	return ok;
}
