/* contradiction.h - raw answers that say different things of one question and model. */
#ifndef STORE_CONTRADICTION_H
#define STORE_CONTRADICTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct err;

struct contradiction {
	int64_t question, model;
	double low, high; /* least and greatest score */
	int64_t rows;
};

struct contradictions {
	size_t repeated, n;         /* pairs with several answers; of these with different ones */
	struct contradiction v[10]; /* the first of them */
};
bool contradiction_find(struct db *db, struct contradictions *out, struct err *e);

#endif
