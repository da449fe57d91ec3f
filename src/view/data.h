/* data.h - the database in memory, as the views share it.
 *
 * A `struct data` never changes. Views and their jobs hold references, which the UI thread alone
 * takes and drops: a job's is taken when it is submitted and dropped when it is freed, and both
 * happen there. A reload makes a new one.
 */
#ifndef VIEW_DATA_H
#define VIEW_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "task/atlas.h"
#include "view/connection.h"

struct err;
struct progress;

struct data {
	int refs;             /* UI thread only */
	struct catalog early; /* names and accuracies, until the atlas is there; in the arena */
	struct arena arena;
	/* Labels, and the run in use if there is one; NULL = still being read. */
	struct atlas *atlas;
	const char *note; /* session_note */
	bool other;       /* of another file than the data before, or of an earlier state */
};

struct data *data_ref(struct data *d);
void data_unref(struct data *d); /* NULL is fine */
const struct catalog *data_catalog(const struct data *d);
/* The atlas where it holds a run, else NULL. */
const struct atlas *data_run(const struct data *d);
/* Index of a model by id, SIZE_MAX where it is gone. */
size_t data_find_model(const struct data *d, int64_t id);

/* Read the database. On the worker's thread; *out has one reference. A database that is not there
 * yet is an empty one. data_read_early reads what the first screen shows, in milliseconds. `known` is
 * what was read before, or NULL: what is still true of it is shared, not read again. `asked`: even where it is another database than
 * before, for which that is so of nothing. */
bool data_read_early(struct connection *c, struct data **out, struct err *e);
bool data_read(struct connection *c, const struct data *known, bool asked, const struct progress *p,
    struct data **out, struct err *e);

#endif
