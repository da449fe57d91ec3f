/* columns.h - which column of a table holds what: by the names that are in use, or as the user says.
 *
 * Names are compared without case, blanks, `_`, `-` and `.`: "Is Correct" is is_correct.
 */
#ifndef INGEST_COLUMNS_H
#define INGEST_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct csv_row;
struct err;

enum role {
	ROLE_LABEL,
	ROLE_TEXT,  /* the question */
	ROLE_MODEL, /* its name */
	ROLE_BENCHMARK,
	ROLE_KEY,       /* an id of the question */
	ROLE_MODEL_KEY, /* an id of the model */
	ROLE_PART,
	ROLE_TRIALS, /* of how many tries the label is the mean, or the count */
	ROLE_COST,
	ROLE_TOKENS_IN,
	ROLE_TOKENS_OUT,
	ROLE_SECONDS,
	ROLE_COUNT
};

struct columns {
	size_t at[ROLE_COUNT]; /* SIZE_MAX = there is none */
	bool named;            /* the user named some */
	bool counts;           /* the label's column says how many tries were right */
	bool milliseconds;     /* ROLE_SECONDS is in them */
	bool weak_key;         /* a key that may number the rows as well: id, index */
	size_t rival;          /* another column that might hold the label, or SIZE_MAX */
	size_t *models;        /* wide: columns of models that the user named */
	size_t n_models;
};

/* `spec` is the user's "model=MODEL,label=CORRECT", or NULL; `#3` is the third column, and nothing
 * says that there is none. `where` is "FILE:LINE" for errors: a role or a column that is not there.
 * Missing columns are no error here. */
bool columns_find(const struct csv_row *header, const char *spec, const char *where,
    struct arena *a, struct columns *out, struct err *e);

/* The role's name, as in spec: "label", "question", "model" ... */
const char *role_name(enum role c);
/* Is it a name that tables give to that column? */
bool role_is(enum role c, const char *name, size_t n);
/* Is it a name of something that is no label though it may look like one: a gold answer, an index? */
bool columns_is_other(const char *name, size_t n);
/* Is it what a model answered, beside which a label is the right answer? */
bool columns_is_prediction(const char *name, size_t n);
/* The header's names, quoted and parted by commas, as long as there is room: for messages. */
const char *columns_list(const struct csv_row *header, struct arena *a);

#endif
