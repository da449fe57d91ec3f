#include "text/pair.h"

#include "base/mem.h"
#include "num/vec.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct pair {
	struct encoder base;
	struct encoder *a, *b;
};

static void put_scaled(const struct mat *from, size_t i, float *out)
{
	memcpy(out, mat_row(from, i), from->cols * sizeof(*out));
	vec_normalise(from->cols, out);
	for (size_t j = 0; j < from->cols; j++)
		out[j] *= 0.707106781f; /* half the squared length */
}

void pair_rows(const struct mat *a, const struct mat *b, struct mat *rows)
{
	assert(a->rows == rows->rows && b->rows == rows->rows && a->cols + b->cols == rows->cols);
	for (size_t i = 0; i < rows->rows; i++) {
		put_scaled(a, i, mat_row(rows, i));
		put_scaled(b, i, mat_row(rows, i) + a->cols);
	}
}

static bool encode(const struct encoder *enc, const char *const *text, size_t n, struct mat *rows,
    const struct progress *p, struct err *e)
{
	const struct pair *pair = (const struct pair *)(const void *)enc;
	struct mat a = mat_new(n, pair->a->dims), b = mat_new(n, pair->b->dims);
	bool ok = encoder_encode(pair->a, text, n, &a, p, e) &&
		  encoder_encode(pair->b, text, n, &b, p, e);

	if (ok)
		pair_rows(&a, &b, rows);
	mat_free(&a);
	mat_free(&b);
	return ok;
}

static bool prepare(const struct encoder *enc, struct err *e)
{
	const struct pair *pair = (const struct pair *)(const void *)enc;

	return encoder_prepare(pair->a, e) && encoder_prepare(pair->b, e);
}

static void pair_free(struct encoder *enc)
{
	struct pair *pair = (struct pair *)(void *)enc;

	encoder_free(pair->a);
	encoder_free(pair->b);
	mem_free(pair);
}

static const struct encoder_ops pair_ops = {
    .encode = encode, .prepare = prepare, .free = pair_free};

struct encoder *pair_new(struct encoder *a, struct encoder *b)
{
	struct pair *pair = mem_zero_array(1, sizeof(*pair));
	int n;

	pair->a = a;
	pair->b = b;
	pair->base = (struct encoder){.ops = &pair_ops, .kind = "pair", .dims = a->dims + b->dims};
	n = snprintf(
	    pair->base.identity, sizeof(pair->base.identity), "%s+%s", a->identity, b->identity);
	assert(n > 0 && (size_t)n < sizeof(pair->base.identity));
	return &pair->base;
}

size_t pair_split(const char *name)
{
	static const char *const starts[] = {"builtin", "minilm", "mpnet", "path:", "imported"};

	for (const char *plus = strchr(name, '+'); plus; plus = strchr(plus + 1, '+'))
		for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
			if (!strncmp(plus + 1, starts[i], strlen(starts[i])))
				return (size_t)(plus - name);
	return 0;
}
