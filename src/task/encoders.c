#include "task/encoders.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/encoding.h"
#include "store/run.h"
#include "task/encode.h"
#include "task/encode_kinds.h"
#include "text/checkpoint.h"
#include "text/encoder.h"
#include "text/installed.h"

#include <stdio.h>
#include <string.h>

/* NULL where the file cannot be read. */
static const char *sha256_of(const char *path, struct arena *a)
{
	unsigned char digest[HASH_SIZE];
	char *hex = arena_array(a, char, 2 * HASH_SIZE + 1);
	struct hash_state h;
	char block[65536];
	FILE *f = fopen(path, "rb");
	bool failed;
	size_t n;

	if (!f)
		return NULL;
	hash_init(&h);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		hash_add(&h, block, n);
	failed = ferror(f);
	fclose(f);
	hash_final(&h, digest);
	hash_hex(digest, hex);
	return failed ? NULL : hex;
}

static void look_at(
    const struct installed_known *known, struct arena *a, struct encoders_installed *r)
{
	struct err e = ERR_INIT;
	char *dir = installed_dir(known->name, &e), *weights;
	struct encoder *enc;

	*r = (struct encoders_installed){
	    .name = known->name, .model = known->model, .licence = known->licence};
	r->dir = dir ? arena_strdup(a, dir) : NULL;
	r->installed = installed_is_there(known->name);
	if (!r->installed)
		r->problem = known->remedy;
	enc = r->installed ? installed_open(known->name, &e) : NULL;
	if (enc) {
		r->identity = arena_strdup(a, enc->identity);
		r->dims = enc->dims;
		r->max_tokens = enc->max_tokens;
		weights = checkpoint_weights(dir, NULL);
		r->sha256 = weights ? sha256_of(weights, a) : NULL;
		mem_free(weights);
	} else if (r->installed) {
		r->problem = arena_strdup(a, e.msg);
	}
	encoder_free(enc);
	mem_free(dir);
}

static const char *runs_of(const struct run *runs, size_t n, int64_t encoder, struct arena *a)
{
	struct buf b = BUF_INIT;
	const char *out;

	for (size_t i = n; i-- > 0;)
		if (runs[i].encoder == encoder)
			buf_printf(&b, "%s%lld", b.len ? " " : "", (long long)runs[i].id);
	out = arena_strdup(a, buf_str(&b));
	buf_clear(&b);
	return out;
}

static bool load_stored(struct db *db, struct encoders *r, struct err *e)
{
	struct arena a = ARENA_INIT;
	struct encoding_encoder *list;
	struct catalog_question *q;
	struct catalog c;
	struct run *runs, used;
	size_t n_runs;
	bool found, ok;

	ok = catalog_load(db, &a, &c, e) && catalog_load_questions(db, &c, &a, &q, e) &&
	     encoding_list_encoders(db, &r->arena, &list, &r->n_stored, e) &&
	     run_list(db, &a, &runs, &n_runs, e) && run_find(db, 0, &a, &used, &found, e);
	if (!ok) {
		arena_clear(&a);
		return false;
	}
	r->stored = arena_array(&r->arena, struct encoders_stored, r->n_stored + 1);
	for (size_t i = 0; i < r->n_stored && ok; i++) {
		size_t missing = c.n_questions;

		ok = encode_have(db, list[i].id, q, c.n_questions, &missing, e);
		r->stored[i] = (struct encoders_stored){
		    .id = list[i].id,
		    .identity = list[i].identity,
		    .kind = list[i].kind,
		    .note = list[i].note,
		    .dims = list[i].dims,
		    .encoded = c.n_questions - missing,
		    .runs = runs_of(runs, n_runs, list[i].id, &r->arena),
		    .in_use = found && used.encoder == list[i].id,
		};
	}
	arena_clear(&a);
	return ok;
}

bool task_encoders(struct db *db, struct encoders *out, struct err *e)
{
	struct encoders r = {.n_installed = installed_known_count + 1};

	arena_init(&r.arena);
	r.installed = arena_array(&r.arena, struct encoders_installed, r.n_installed);
	r.installed[0] = (struct encoders_installed){.name = ENCODE_BUILTIN,
	    .model = "n-grams and a truncated SVD, fitted on the training questions",
	    .installed = true};
	for (size_t i = 0; i < installed_known_count; i++)
		look_at(&installed_known[i], &r.arena, &r.installed[i + 1]);
	if (db && !load_stored(db, &r, e)) {
		arena_clear(&r.arena);
		return false;
	}
	*out = r;
	return true;
}

void encoders_clear(struct encoders *r)
{
	arena_clear(&r->arena);
	*r = (struct encoders){.n_installed = 0};
}
