/* models.h - all models as a table, and what is known about them beside their answers: tags, prices,
 * names. */
#ifndef TASK_MODELS_H
#define TASK_MODELS_H

#include "base/arena.h"
#include "base/table.h"
#include "store/catalog.h"
#include "task/adjusted.h"

struct models {
	struct arena arena;
	const struct catalog *catalog; /* its rows */
	struct adjusted adjusted;      /* n = 0: there is no run, or it is not known yet */
	uint32_t *by_accuracy;  /* (n_models) the most accurate first, those without labels last */
	uint32_t *rank;         /* (n_models) place in it, from 1; equal ones share it */
	struct column *columns; /* (n_columns) the MODELS_COLUMNS, then one for each benchmark */
	size_t n_columns;
	bool sizes, prices, tags; /* any model has one */
	bool gaps;                /* any model lacks answers: accuracies cannot just be compared */
};
/* The catalog must stay; `adjusted` (of the same models) is copied, NULL = not known. */
void task_models(const struct catalog *r, const struct adjusted *adjusted, struct models *out);
/* They are known now. */
void models_adjust(struct models *m, const struct adjusted *adjusted);
void models_clear(struct models *m);

enum {
	MODELS_RANK,
	MODELS_NAME,
	MODELS_SIZE,
	MODELS_ACCURACY,
	MODELS_HALF_WIDTH,
	MODELS_ADJUSTED,
	MODELS_RANK_LOW,
	MODELS_RANK_HIGH,
	MODELS_BENCHMARKS,
	MODELS_QUESTIONS,
	MODELS_PRICE_IN,
	MODELS_PRICE_OUT,
	MODELS_TOKENS_IN,
	MODELS_TOKENS_OUT,
	MODELS_TAGS,
	MODELS_PROFILE, /* drawn: a bar for each benchmark */
	MODELS_COLUMNS
};
struct table models_table(const struct models *m);

/* Tags and prices of one model, by exact name (`__` read as `/`); an unknown name is an error. A
 * NULL tag value removes the tag; NaN leaves a price as it is. */
bool task_models_set(struct db *db, const char *name, const struct catalog_tag *tags, size_t n_tags,
    double price_in, double price_out, struct err *e);

struct models_imported {
	size_t rows, changed;
	const char **unknown; /* names that are not in the database; nothing is made of them */
	size_t n_unknown;
};
/* A CSV with a column model (or model_name, name), and any of price_in, price_out; every other
 * column with a value is a tag. One transaction. Strings are in the arena. */
bool task_models_import(
    struct db *db, const char *path, struct arena *a, struct models_imported *out, struct err *e);

/* Whether the file is such a table of prices, by its header: no labels. */
bool task_models_is_table(const char *path);

/* Names as above; a new name too is stored with `/` for `__`. */
bool task_models_rename(struct db *db, const char *from, const char *to, struct err *e);
bool task_models_merge(struct db *db, const char *from, const char *into, struct err *e);
bool task_models_delete(struct db *db, const char *name, struct err *e);

#endif
