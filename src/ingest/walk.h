/* walk.h - chosen values of one JSON document, one after the other, in bounded memory. */
#ifndef INGEST_WALK_H
#define INGEST_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"

struct err;
struct ingest;
struct stream;

/* The largest value that is handed over. */
#define WALK_VALUE_LIMIT ((size_t)64 << 20)

struct walk_value {
	size_t which;      /* index of the path that leads to it */
	const char *key;   /* the member's name; "" of an element */
	uint64_t index;    /* which member or element it is, from 0 */
	const json_t *v;   /* borrowed, for the call */
	const char *place; /* FILE:LINE:NAME or FILE:LINE:INDEX, for messages */
};
/* False, with e set, to stop. */
typedef bool walk_fn(void *arg, const struct walk_value *w, struct err *e);

/* What is wanted of a document. A path is names of members parted by dots, `*` for any member or
 * element, "" the document itself: "eval", "samples.*"; at most 16 paths of 8 names. Where one path
 * ends at an object that another leads into, the object is entered and not handed over. */
struct walk_plan {
	const char *const *paths;
	size_t n;
	/* Members of the wanted objects that need not be parsed, parted by blanks, or NULL: they come as
	 * null. Large outputs cost no memory so. */
	const char *skip;
	walk_fn *take;
	void *arg;
};

/* Every value at one of the paths, in the order of the document. All else is passed over, whatever
 * its size: its brackets are matched, no more. A value that is no sound JSON goes to ingest_bad; a
 * document that is cut off is an error. */
bool walk_document(
    struct ingest *in, struct stream *s, const struct walk_plan *plan, struct err *e);

#endif
