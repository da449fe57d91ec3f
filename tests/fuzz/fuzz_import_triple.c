/* A triple of CSV files: an error, or a database that is sound. The input is the three files, parted
 * by lines of one "=". */
#include "fuzz.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/check.h"
#include "store/db.h"
#include "task/import.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILES = 3 };

struct files {
	int fd[FILES];
	char *path[FILES];
};

static void put(struct files *f, const char *data, size_t size)
{
	for (size_t i = 0; i < FILES; i++) {
		const char *end = i + 1 < FILES ? memmem(data, size, "\n=\n", 3) : NULL;
		size_t n = end ? (size_t)(end - data) + 1 : size, skip = end ? n + 2 : n;

		f->fd[i] = memfd_create("fuzz", 0);
		assert(f->fd[i] >= 0 && write(f->fd[i], data, n) == (ssize_t)n);
		f->path[i] = mem_printf("/proc/self/fd/%d", f->fd[i]);
		data += skip;
		size -= skip;
	}
}

static void import(const struct files *f, const char *format, bool skip_bad)
{
	const char *paths[FILES] = {f->path[0], f->path[1], f->path[2]};
	struct db *db = db_open(":memory:", DB_CREATE, NULL);
	struct arena a = ARENA_INIT;
	struct import_options o;
	struct err e = ERR_INIT;
	const char **problems;
	size_t n;

	assert(db);
	import_options_default(&o);
	o.format = format;
	o.skip_bad = skip_bad;
	if (!task_import(db, paths, FILES, &o, NULL, &e))
		assert(e.kind == ERR_DATA || e.kind == ERR_USAGE);
	assert(utf8_check(e.msg, strlen(e.msg)) == strlen(e.msg) && !strchr(e.msg, '\x1b'));
	assert(check_database(db, &a, &problems, &n, &e) && n == 0);
	arena_clear(&a);
	db_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct files f;

	put(&f, (const char *)data, size);
	import(&f, NULL, false);
	import(&f, "triple", true);
	for (size_t i = 0; i < FILES; i++) {
		close(f.fd[i]);
		mem_free(f.path[i]);
	}
	return 0;
}
