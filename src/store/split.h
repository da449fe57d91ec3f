/* split.h - which question is in which part, by name. Identical text is never in two parts. */
#ifndef STORE_SPLIT_H
#define STORE_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/part.h"

struct arena;
struct catalog_question;
struct db;
struct err;

#define SPLIT_IMPORTED "imported" /* name of the split that follows the imported parts */

struct split {
	int64_t id;
	const char *name;
	bool imported;            /* parts come from the files, not from a seed */
	uint64_t seed;            /* of a drawn one */
	double test, val;         /* percent asked for, of a drawn one */
	size_t count[PART_COUNT]; /* questions; PART_NONE: in no part */
};

/* Bring the imported split up to date with the parts of all imports. Test beats val beats train, for
 * a question and for all questions of the same text, so that nothing of a test question is trained
 * on; *leaks counts the texts that came in several parts. */
bool split_follow_imports(struct db *db, size_t *leaks, struct err *e);

bool split_list(struct db *db, struct arena *a, struct split **out, size_t *n, struct err *e);
/* By name; NULL = the one in use, else the imported one if there is one. *found false (and no
 * error) where there is none. */
bool split_find(struct db *db, struct arena *a, const char *name, struct split *out, bool *found,
    struct err *e);
/* part[i] of question q[i], PART_NONE where it is in none. */
bool split_load(struct db *db, int64_t split, const struct catalog_question *q, size_t n,
    uint8_t *part, struct err *e);
/* Store a drawn split (name, seed, test, val of `s`; id and counts are set) and make it the one in
 * use. An existing split of that name is an error. */
bool split_save(struct db *db, struct split *s, const struct catalog_question *q, size_t n,
    const uint8_t *part, struct err *e);
bool split_use(struct db *db, const char *name, struct err *e);
/* Refused, ERR_USAGE, where runs were trained on it: without their test part they cannot be judged. */
bool split_delete(struct db *db, const char *name, struct err *e);

#endif
