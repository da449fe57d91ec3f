/* split.h - draw training, validation and test questions. */
#ifndef TASK_SPLIT_H
#define TASK_SPLIT_H

#include "store/split.h"

struct arena;
struct catalog_question;
struct db;
struct err;

struct split_options {
	double test, val; /* percent of all questions: 20, 10 */
	uint64_t seed;    /* 1 */
	const char *name; /* NULL = made from the settings, e.g. "test20-val10-seed1" */
};
void split_options_default(struct split_options *o);

/* Draw, store and use a split. One of the same name and settings is used again as long as its parts
 * are still what would be drawn; otherwise it is an error that says what to do. Strings of `out` are
 * in the arena. */
bool task_split(struct db *db, const struct split_options *o, struct arena *a, struct split *out,
    struct err *e);

/* The draw itself, stratified by benchmark: of each benchmark's questions round(test %) become
 * PART_TEST, round(val %) of all of them PART_VAL out of the rest, the others PART_TRAIN. Questions
 * of identical text, whatever their benchmark, stay together. The order is a seeded hash of the
 * text, so it does not depend on the order of imports. part (n). */
void split_draw(const struct catalog_question *q, size_t n, double test, double val, uint64_t seed,
    uint8_t *part);
/* Move `percent` of each benchmark's PART_TRAIN questions to PART_VAL in the same way: for imported
 * parts without a validation part. Returns how many moved. */
#define SPLIT_ASIDE 10 /* percent that training sets aside */
size_t split_set_aside(
    const struct catalog_question *q, size_t n, double percent, uint64_t seed, uint8_t *part);

#endif
