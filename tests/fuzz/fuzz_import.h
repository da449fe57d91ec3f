/* fuzz_import.h - what the targets of importers share: a file in memory, an import, and what must hold
 * after it whatever the input was. */
#ifndef FUZZ_FUZZ_IMPORT_H
#define FUZZ_FUZZ_IMPORT_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/check.h"
#include "store/db.h"
#include "task/import.h"

/* A file without a name; *path (mem_free) to open it by. */
static inline int fuzz_file(const void *data, size_t size, char **path)
{
	int fd = memfd_create("fuzz", 0);

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	*path = mem_printf("/proc/self/fd/%d", fd);
	return fd;
}

static inline void fuzz_assert_sound(struct db *db)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const char **problems;
	size_t n;

	assert(check_database(db, &a, &problems, &n, &e) && n == 0);
	arena_clear(&a);
}

/* Whether all came in; where not, the error is of the data or of the options, and can be shown. */
static inline bool fuzz_import(
    struct db *db, const char *const *paths, size_t n, const struct import_options *o)
{
	struct err e = ERR_INIT;
	bool ok = task_import(db, paths, n, o, NULL, &e);

	assert(ok || e.kind == ERR_DATA || e.kind == ERR_USAGE);
	assert(utf8_check(e.msg, strlen(e.msg)) == strlen(e.msg) && !strchr(e.msg, '\x1b'));
	fuzz_assert_sound(db);
	return ok;
}

/* The one of the formats that the line names; damaged, it is one all the same. */
static inline const char *fuzz_format(
    const char *const *formats, size_t n, const uint8_t *line, size_t size)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++)
		if (size == strlen(formats[i]) && !memcmp(line, formats[i], size))
			return formats[i];
	for (size_t i = 0; i < size; i++)
		sum += line[i];
	return formats[sum % n];
}

#endif
