/* data_doctor.h - what is odd about the questions and labels themselves: `doctor --data`.
 *
 * Each check is a row, also where nothing is found. Checks that test many things (items, models,
 * benchmarks, pairs) report what stands after Holm's correction at 1 %, so that a sound table has no
 * finding by chance more often than in one of a hundred for each check.
 */
#ifndef TASK_DATA_DOCTOR_H
#define TASK_DATA_DOCTOR_H

#include <stdbool.h>

#include "base/table.h"
#include "task/data_finding.h"

struct atlas;
struct db;
struct err;
struct progress;

/* db may be NULL: then contradictions are not looked for. Seconds at the published scale. */
bool task_data_doctor(struct db *db, const struct atlas *a, const struct progress *p,
    struct data_doctor *out, struct err *e);
void data_doctor_clear(struct data_doctor *d);

enum { DATA_CHECK, DATA_FOUND, DATA_OF, DATA_WHAT, DATA_REMEDY, DATA_COLUMNS };
struct table data_doctor_table(const struct data_doctor *d);
enum {
	EXAMPLE_CHECK,
	EXAMPLE_SAYS,
	EXAMPLE_MODEL,
	EXAMPLE_QUESTION,
	EXAMPLE_TEXT,
	EXAMPLE_COLUMNS
};

/* Examples, with the names and texts that belong to them. */
struct data_examples {
	const struct data_doctor *doctor;
	const struct atlas *atlas;
	size_t n;
	size_t *row; /* (n) of doctor->examples */
};
/* Of one check, or of all (DATA_CHECKS); in the arena. */
void data_examples_of(const struct data_doctor *d, const struct atlas *a, enum data_check check,
    struct arena *arena, struct data_examples *out);
struct table data_examples_table(const struct data_examples *e);

#endif
