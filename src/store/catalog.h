/* catalog.h - what the database is about: models, benchmarks, questions, and the accuracy summary
 * that lets the first screen open without reading a label. */
#ifndef STORE_CATALOG_H
#define STORE_CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/policy.h"

struct arena;
struct db;
struct err;

struct catalog_tag {
	const char *key, *value;
};

struct catalog_model {
	int64_t id;
	const char *name;               /* as stored: print through utf8_printable */
	double price_in, price_out;     /* dollars per million tokens, NaN unknown */
	double tokens_in, tokens_out;   /* mean of a question, NaN unknown */
	const struct catalog_tag *tags; /* by key */
	size_t n_tags;
	double seen, right; /* over all benchmarks: labels (weights counted), and their sum */
};

struct catalog_benchmark {
	int64_t id;
	const char *name;
	size_t n_questions;
};

struct catalog {
	size_t n_models, n_benchmarks, n_questions, n_labels;
	struct catalog_model *models;         /* by name, bytewise */
	struct catalog_benchmark *benchmarks; /* by name */
	/* (n_models, n_benchmarks), row-major, over the resolved labels: */
	uint32_t *labels;     /* questions with a label */
	double *seen, *right; /* sum of weights; sum of weight * score */
	int64_t run;          /* run in use, 0 = none */
	struct policy policy; /* that the labels are resolved by */
	const char *history;  /* of imports, in a line that changes with them */
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

/* Whether the questions and labels behind two catalogs of one database are the same. */
bool catalog_same_labels(const struct catalog *a, const struct catalog *b);

/* Share right of its labels, NaN where it has none. */
double catalog_model_accuracy(const struct catalog_model *m);
/* The value of a tag, NULL where it has none of that key. */
const char *catalog_model_tag(const struct catalog_model *m, const char *key);
/* Index of a model by exact name (`__` read as `/`), else by unique case-insensitive substring;
 * SIZE_MAX with e set, naming the candidates where it is ambiguous or the closest name where there
 * is none. */
size_t catalog_find_model(const struct catalog *c, const char *name, struct err *e);
/* By exact name alone: for what changes a model. */
size_t catalog_find_exact_model(const struct catalog *c, const char *name, struct err *e);

#endif
