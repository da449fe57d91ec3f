/* help.h - what several unit tests need: files in a folder of their own, databases, near numbers. A
 * helper that cannot do its work fails the test. */
#ifndef UNIT_HELP_H
#define UNIT_HELP_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

struct db;

#define assert_near(a, b, tolerance)                                                               \
	do {                                                                                       \
		double got_ = (double)(a), want_ = (double)(b);                                    \
		if (!(fabs(got_ - want_) <= (tolerance)))                                          \
			fail_msg("%s = %.17g, not %.17g", #a, got_, want_);                        \
	} while (0)

/* Whether this is `make check-long`: as many seeds and rounds as it takes, not the fewest. */
bool help_is_long(void);

/* A new, empty folder becomes the current one; leaving removes it with all that is in it. Also setup
 * and teardown of a group: they return 0, and take no notice of the state. */
int help_enter_folder(void **state);
int help_leave_folder(void **state);

void help_write(const char *path, const void *p, size_t n);
void help_write_text(const char *path, const char *text);

/* The path of a file of the source tree; the caller frees it. */
char *help_source(const char *name);

/* A new database in memory. */
struct db *help_db(void);
/* Fails where `embedllm doctor` would find something in it. */
void help_assert_sound(struct db *db);
/* The digest of its labels. The caller frees it. */
char *help_digest(struct db *db);

#endif
