/* imports.h - the imports that the database holds, or that were only looked at, with what each had to
 * say; and taking one out again. */
#ifndef TASK_IMPORTS_H
#define TASK_IMPORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/table.h"
#include "store/response.h"

struct db;
struct err;

struct imports {
	struct arena arena;
	size_t n, cap;
	struct response_import_row *v; /* (n) by id; id 0: only looked at (import --check) */
};

bool task_imports(struct db *db, struct imports *out, struct err *e);
void imports_clear(struct imports *l);
/* Add one to a list that began empty; everything is copied. */
void imports_add(struct imports *l, const struct response_import_row *row);
void imports_add_report(struct imports *l, const struct response_report *r);
/* NULL where there is none of that id. */
const struct response_import_row *imports_find(const struct imports *l, int64_t id);

enum {
	IMPORTS_ID,
	IMPORTS_WHEN,
	IMPORTS_FILE,
	IMPORTS_FORMAT,
	IMPORTS_PART,
	IMPORTS_MODELS,
	IMPORTS_QUESTIONS,
	IMPORTS_LABELS,
	IMPORTS_ROWS,
	IMPORTS_MISSING,
	IMPORTS_REPEATS,
	IMPORTS_CONFLICTS,
	IMPORTS_SKIPPED,
	IMPORTS_REMARKS,
	IMPORTS_CHECK,
	IMPORTS_REPORT,
	IMPORTS_COLUMNS
};
struct table imports_table(const struct imports *l);

/* What one had to say. */
enum { REMARKS_KIND, REMARKS_TEXT, REMARKS_COLUMNS };
struct table remarks_table(const struct response_import_row *row);

/* Its self-check: the labels against what their source says they come to. */
enum {
	CLAIMS_TASK,
	CLAIMS_MODEL,
	CLAIMS_METRIC,
	CLAIMS_ROWS,
	CLAIMS_CLAIMED_ROWS,
	CLAIMS_MEAN,
	CLAIMS_CLAIMED_MEAN,
	CLAIMS_VERDICT,
	CLAIMS_SOURCE,
	CLAIMS_COLUMNS
};
struct table claims_table(const struct response_import_row *row);

/* Take one import out again. */
bool task_import_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e);

#endif
