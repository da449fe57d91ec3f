/* doctor.h - is everything sound: the database, the numbers, the machine. */
#ifndef TASK_DOCTOR_H
#define TASK_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct db;
struct err;

struct doctor_line {
	const char *check; /* e.g. "database", "blas kernel" */
	bool ok;
	const char *found; /* what was seen, or what is wrong and the remedy */
};

struct doctor {
	struct arena arena;
	size_t n;
	struct doctor_line *v;
	bool healthy; /* all ok */
};

/* db NULL: only the machine. Measures the BLAS kernel for about half a second. */
bool task_doctor(struct db *db, struct doctor *out, struct err *e);
void doctor_clear(struct doctor *d);

#endif
