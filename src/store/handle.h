/* handle.h - private to src/store: what a connection is. */
#ifndef STORE_HANDLE_H
#define STORE_HANDLE_H

#include <sqlite3.h>
#include <stdbool.h>

struct db {
	sqlite3 *handle;
	char *path;
	const char *note; /* db_note */
	unsigned depth;   /* of nested transactions */
	bool bulk;        /* foreign keys are off until the outermost end */
};

#endif
