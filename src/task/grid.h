/* grid.h - the raw rows as one cell a question and model, for formats that hold no more. */
#ifndef TASK_GRID_H
#define TASK_GRID_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/part.h"

struct db;
struct err;
struct progress;

struct grid_question {
	int64_t id;
	const char *text;
	size_t len;
	const char *benchmark, *category; /* category and part of its first row */
	const char *key;                  /* the file's own id, or NULL; see grid.keys */
	enum part part;
};

struct grid_model {
	int64_t id;
	const char *name;
};

struct grid_cell {
	uint32_t question, model; /* indices */
	uint32_t trials;          /* tries of all its rows; 0 = no label */
	double right;             /* how many of them, maybe in parts */
	double cost;              /* dollars a row that says it; NaN = none does */
};

struct grid {
	struct arena arena;
	struct grid_question *questions; /* in the order of the imports */
	struct grid_model *models;
	struct grid_cell *cells; /* by question, then model; each pair once */
	size_t n_questions, n_models, n_cells;
	bool keys;        /* each question has a key that is its own */
	uint64_t rows;    /* that the cells were made of */
	uint64_t several; /* cells of more than one try */
};

/* Every row imported with the part, or all (PART_NONE). ERR_DATA where there is none. */
bool grid_read(
    struct db *db, enum part part, const struct progress *p, struct grid *out, struct err *e);
void grid_clear(struct grid *g);

/* The share of right tries, NaN where there is no label. */
static inline double grid_score(const struct grid_cell *c)
{
	return c->trials ? c->right / c->trials : NAN;
}

#endif
