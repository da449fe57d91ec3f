/* catalog.h - what the database is about: models, benchmarks, questions, and the accuracy summary
 * that lets the first screen open without reading a label. */
#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct db;
struct err;

struct catalog_tag {
	const char *key, *value;
};

struct catalog_model {
	int64_t id;
	const char *name;
	double price_in, price_out;     /* dollars per million tokens, NaN unknown */
	double tokens_in, tokens_out;   /* mean of a question, NaN unknown */
	const struct catalog_tag *tags; /* by key */
	size_t n_tags;
};

struct catalog_benchmark {
	int64_t id;
	const char *name;
	size_t n_questions;
};

struct catalog {
	size_t n_models, n_benchmarks, n_questions;
	struct catalog_model *models;         /* by name, bytewise */
	struct catalog_benchmark *benchmarks; /* by name */
	/* (n_models, n_benchmarks), row-major, over the resolved labels: */
	uint32_t *labels;     /* questions with a label */
	double *seen, *right; /* sum of weights; sum of weight * score */
};

struct catalog_question {
	int64_t id;
	uint32_t benchmark; /* index in catalog.benchmarks */
	const char *text;   /* NUL-terminated too; UTF-8 */
	size_t len;
};

/* To read several things of one state, put the calls between db_begin_read and db_end.
 *
 * Everything in the arena; milliseconds. An empty database is not an error. */
bool catalog_load(struct db *db, struct arena *a, struct catalog *out, struct err *e);
/* The questions by id: an array of c->n_questions. */
bool catalog_load_questions(struct db *db, const struct catalog *c, struct arena *a,
    struct catalog_question **out, struct err *e);

#endif
