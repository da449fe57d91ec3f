/* stamp.h - what tells one database file from another, and a state of it from an earlier one.
 *
 * Every database has an identity, drawn when it is made and kept by its copies, and counts the changes
 * that are committed (table meta). A stamp is what the file at a path says of itself, log aside, which
 * a connection that was opened before does not see where the file was replaced meanwhile.
 */
#ifndef STORE_STAMP_H
#define STORE_STAMP_H

#include <stdbool.h>
#include <stdint.h>

struct err;

#define STAMP_IDENTITY 33

struct stamp {
	bool there;                    /* a file, or ":memory:" */
	bool readable;                 /* it was a database when it was looked at */
	uint64_t device, inode;        /* of the file */
	int64_t size, times[2];        /* in bytes; last change of its bytes and its state, ns */
	char identity[STAMP_IDENTITY]; /* "" for one that an older program made */
	int64_t changes;               /* in the file itself */
};

/* A look at the file. `s` is zero or an earlier look, which is kept where nothing has changed. */
void stamp_look(const char *path, struct stamp *s);
/* Whether what is there now is the database of `then`, perhaps changed since. If not ERR_DATA names the
 * file, and how it came about: removed, replaced, put back to an earlier state, damaged. */
bool stamp_is_same(
    const char *path, const struct stamp *then, const struct stamp *now, struct err *e);

/* The file as a URI under which SQLite reads it past its log. New string, mem_free. */
char *stamp_immutable_uri(const char *path);

#endif
