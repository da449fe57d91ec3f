/* err.h - one error object, filled where the error happens.
 *
 * src/base is the lowest layer: it knows nothing of language models and includes nothing of ours
 * outside base/.
 *
 * Three kinds of trouble, three idioms: a bug is an assert(); exhausted memory dies (mem.h); the
 * outside world (file, database, input, user) is returned in a struct err and explained.
 *
 * A fallible function is `bool f(args, struct out *o, struct err *e)`. On false `*o` is untouched
 * and `e` says what, where and why. Messages are lower case, without a full stop, and name the
 * thing, the cause and the remedy; for input data the place comes first: "FILE:LINE:COLUMN: ...".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_kind {
	ERR_NONE,
	ERR_FAILED,    /* the work itself failed: disk full, no convergence          exit 1 */
	ERR_USAGE,     /* the caller asked for something that makes no sense         exit 2 */
	ERR_DATA,      /* the input file or the database is unusable                 exit 3 */
	ERR_CANCELLED, /* the user stopped it; what was finished is kept             exit 130 */
	ERR_KIND_COUNT
};

#define ERR_MSG_SIZE 1024

struct err {
	enum err_kind kind;
	char msg[ERR_MSG_SIZE]; /* UTF-8, printable: control characters are shown escaped */
};

#define ERR_INIT                                                                                   \
	{                                                                                          \
		ERR_NONE, ""                                                                       \
	}

/* Fill `e` (which may be NULL) and return false, so that `return err_set(e, ...)` reads well.
 * A message too long for its space ends in "...". Control characters and malformed UTF-8 in the
 * arguments are escaped: the message is safe to print on a terminal. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Put "fmt: " in front of the message that is there; keeps the kind. Returns false. */
bool err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Like err_set with strerror(errno) appended after ": ". */
bool err_errno(struct err *e, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

void err_clear(struct err *e);

/* The process exit status for a kind: 0, 1, 2, 3 or 130. */
int err_exit_status(enum err_kind kind);

#endif
