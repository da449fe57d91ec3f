/* params.h - what a fitted method is: matrices of float32 by name.
 *
 * Every method keeps all it has learned in one of these, so that storing, loading and freeing are
 * written once. A single number is a 1 by 1 matrix.
 */
#ifndef METHOD_PARAMS_H
#define METHOD_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "num/mat.h"

struct buf;
struct err;

#define PARAMS_MAX 64 /* matrices in one */

struct param {
	char name[32];
	struct mat m; /* owned */
};

struct params {
	size_t n;
	struct param v[PARAMS_MAX];
};

void params_clear(struct params *p);

/* A new matrix of zeros. The name is new, short and in lower case; it stays where it is until
 * params_clear. */
struct mat *params_add(struct params *p, const char *name, size_t rows, size_t cols);
void params_set(struct params *p, const char *name, double v);

/* The matrix of that name, or NULL; an empty one has v == NULL. */
const struct mat *params_find(const struct params *p, const char *name);
/* One that must be there: a method asks for what its own fit has put in. */
const struct mat *params_get(const struct params *p, const char *name);
double params_number(const struct params *p, const char *name, double unless_there);

/* All of `from`, which is empty after. */
void params_move(struct params *to, struct params *from);
/* All of `from` as "PREFIX/name": copies. And those of that prefix under their own names: a view,
 * which owns nothing. */
void params_embed(struct params *p, const char *prefix, const struct params *from);
struct params params_view(const struct params *p, const char *prefix);

/* As bytes, little-endian, and back. Damaged bytes are ERR_DATA and leave *p empty. */
bool params_save(const struct params *p, struct buf *out);
bool params_load(struct params *p, const void *bytes, size_t n, struct err *e);

#endif
