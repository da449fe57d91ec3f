/* benchmarks.h - the benchmarks: how many questions and models, and how well those do. */
#ifndef TASK_BENCHMARKS_H
#define TASK_BENCHMARKS_H

#include "base/arena.h"
#include "base/table.h"
#include "store/catalog.h"

struct benchmark_row {
	const char *name;
	size_t questions, models; /* models with a label */
	double accuracy;          /* mean of the models', NaN if there are none */
	double right;             /* share right of all labels */
	double best;              /* the accuracy of ... */
	size_t best_model;        /* ... the most accurate model, SIZE_MAX if there is none */
};

struct benchmarks {
	struct arena arena;
	size_t n;                /* 1 + n_benchmarks: the first row is all of them together */
	struct benchmark_row *v; /* then by name */
};
void task_benchmarks(const struct catalog *c, struct benchmarks *out);
void benchmarks_clear(struct benchmarks *b);

enum {
	BENCHMARKS_NAME,
	BENCHMARKS_QUESTIONS,
	BENCHMARKS_MODELS,
	BENCHMARKS_RIGHT,
	BENCHMARKS_ACCURACY,
	BENCHMARKS_BEST,
	BENCHMARKS_BEST_MODEL,
	BENCHMARKS_COLUMNS
};
/* The first row is a total, which only a screen shows (table.totals). */
struct table benchmarks_table(const struct benchmarks *b, const struct catalog *c);

#endif
