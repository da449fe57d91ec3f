/* Samples of lm-evaluation-harness: an error, or a database that is sound. */
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

static void import(struct db *db, const char *path, bool skip_bad)
{
	struct arena a = ARENA_INIT;
	struct import_options o;
	struct err e = ERR_INIT;
	const char **problems;
	size_t n;

	import_options_default(&o);
	o.format = "lm_eval";
	o.model = "m";
	o.benchmark = "b";
	o.filter = "2";
	o.skip_bad = skip_bad;
	if (!task_import(db, &path, 1, &o, NULL, &e))
		assert(e.kind == ERR_DATA || e.kind == ERR_USAGE);
	assert(utf8_check(e.msg, strlen(e.msg)) == strlen(e.msg) && !strchr(e.msg, '\x1b'));
	assert(check_database(db, &a, &problems, &n, &e) && n == 0);
	arena_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct db *db = db_open(":memory:", DB_CREATE, NULL);
	int fd = memfd_create("fuzz", 0);
	char *path;

	assert(db && fd >= 0 && write(fd, data, size) == (ssize_t)size);
	path = mem_printf("/proc/self/fd/%d", fd);
	import(db, path, false);
	import(db, path, true);
	mem_free(path);
	close(fd);
	db_close(db);
	return 0;
}
