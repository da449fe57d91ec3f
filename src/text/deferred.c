#include "text/deferred.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "num/vec.h"
#include "text/installed.h"

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

/* Cosine of a vector with one of the same encoder on another machine, in half precision even. */
#define SAME 0.999f

struct deferred {
	struct encoder base;
	struct arena arena;
	char *name;
	struct deferred_proof proof;
	pthread_mutex_t lock;  /* guards what follows */
	struct encoder *inner; /* NULL until the first text; then it stays */
};

static bool check_proof(const struct deferred *d, const struct encoder *inner, struct err *e)
{
	struct mat rows = mat_new(d->proof.n, inner->dims);
	bool ok = encoder_encode(inner, d->proof.text, d->proof.n, &rows, NULL, e);

	for (size_t i = 0; i < d->proof.n && ok; i++) {
		const float *a = mat_row(&rows, i), *b = mat_row(&d->proof.rows, i);
		float scale = sqrtf(vec_dot(inner->dims, a, a) * vec_dot(inner->dims, b, b));

		if (!(vec_dot(inner->dims, a, b) >= SAME * scale))
			ok = err_set(e, ERR_DATA,
			    "the installed encoder %s gives other vectors than those that were "
			    "imported: a text can only go through the one that made them",
			    d->name);
	}
	mat_free(&rows);
	return ok;
}

static struct encoder *open_checked(const struct deferred *d, struct err *e)
{
	struct encoder *inner;
	bool ok;

	if (!*d->name) {
		err_set(e, ERR_DATA,
		    "the questions' vectors (%s) were made elsewhere, by an encoder that is not "
		    "known: to send a text through it, bring them in again with embedllm encode "
		    "--from FILE --encoder NAME and train on that",
		    d->base.identity);
		return NULL;
	}
	inner = installed_open(d->name, e);
	if (!inner) {
		err_wrap(e, "the questions were encoded by %s", d->base.identity);
		return NULL;
	}
	if (!d->proof.n)
		ok =
		    !strcmp(inner->identity, d->base.identity) ||
		    err_set(e, ERR_DATA,
			"the installed encoder %s is %s, but the questions were encoded by %s: put "
			"back the files that were there, or train anew: embedllm train --encoder "
			"%s",
			d->name, inner->identity, d->base.identity, d->name);
	else if (inner->dims != d->base.dims)
		ok = err_set(e, ERR_DATA,
		    "the installed encoder %s gives %zu dims, the vectors that were imported have "
		    "%zu: a text can only go through the one that made them",
		    d->name, inner->dims, d->base.dims);
	else
		ok = check_proof(d, inner, e);
	if (!ok) {
		encoder_free(inner);
		return NULL;
	}
	return inner;
}

static const struct encoder *inner_of(const struct encoder *enc, struct err *e)
{
	struct deferred *d = (struct deferred *)(uintptr_t)enc;
	const struct encoder *inner;

	pthread_mutex_lock(&d->lock);
	if (!d->inner)
		d->inner = open_checked(d, e);
	inner = d->inner;
	pthread_mutex_unlock(&d->lock);
	return inner;
}

static bool encode(const struct encoder *enc, const char *const *text, size_t n, struct mat *rows,
    const struct progress *p, struct err *e)
{
	const struct encoder *inner = inner_of(enc, e);

	return inner && encoder_encode(inner, text, n, rows, p, e);
}

static bool prepare(const struct encoder *enc, struct err *e)
{
	return inner_of(enc, e) != NULL;
}

static void deferred_free(struct encoder *enc)
{
	struct deferred *d = (struct deferred *)(void *)enc;

	encoder_free(d->inner);
	pthread_mutex_destroy(&d->lock);
	arena_clear(&d->arena);
	mem_free(d->name);
	mem_free(d);
}

static const struct encoder_ops deferred_ops = {
    .encode = encode, .prepare = prepare, .free = deferred_free};

struct encoder *deferred_new(const char *name, const char *identity, const char *kind, size_t dims,
    const struct deferred_proof *proof)
{
	struct deferred *d = mem_zero_array(1, sizeof(*d));

	d->base = (struct encoder){.ops = &deferred_ops, .kind = kind, .dims = dims};
	snprintf(d->base.identity, sizeof(d->base.identity), "%s", identity);
	d->name = mem_strdup(name);
	pthread_mutex_init(&d->lock, NULL);
	if (proof) {
		const char **text = arena_array(&d->arena, const char *, proof->n + 1);
		size_t count = proof->n * dims;

		for (size_t i = 0; i < proof->n; i++)
			text[i] = arena_strdup(&d->arena, proof->text[i]);
		d->proof = (struct deferred_proof){.n = proof->n, .text = text};
		d->proof.rows = mat_view(arena_array(&d->arena, float, count + 1), proof->n, dims);
		memcpy(d->proof.rows.v, proof->rows.v, count * sizeof(float));
	}
	return &d->base;
}
