/* handle.h - private to src/store: what a connection is. */
#ifndef STORE_HANDLE_H
#define STORE_HANDLE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "store/stamp.h"

struct db {
	sqlite3 *handle;
	char *path;
	const char *note;   /* db_note */
	unsigned depth;     /* of nested transactions */
	bool bulk;          /* foreign keys are off until the outermost end */
	bool counts;        /* its changes, as the outermost transaction ends */
	int changed;        /* rows, before that began */
	struct stamp stamp; /* when it was opened, or last written to */
};

#endif
