/* Results of benchmarks and routers: the format's name, a line end, a file of it. An error, or a
 * database that is sound. */
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

static const char *const formats[] = {"alpacaeval", "evalplus", "llmrouter", "llmrouterbench",
    "pyirt", "routerarena", "routerbench", "routerdc", "swebench", "verifiers"};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static void import(struct db *db, const char *path, const char *format, bool skip_bad)
{
	struct arena a = ARENA_INIT;
	struct import_options o;
	struct err e = ERR_INIT;
	const char **problems;
	size_t n;

	import_options_default(&o);
	o.format = format;
	o.skip_bad = skip_bad;
	o.accept = skip_bad;
	if (skip_bad) {
		o.model = "m";
		o.benchmark = "b";
	}
	if (!task_import(db, &path, 1, &o, NULL, &e))
		assert(e.kind == ERR_DATA || e.kind == ERR_USAGE);
	assert(utf8_check(e.msg, strlen(e.msg)) == strlen(e.msg) && !strchr(e.msg, '\x1b'));
	assert(check_database(db, &a, &problems, &n, &e) && n == 0);
	arena_clear(&a);
}

/* The format that the first line names; damaged, it is one all the same. */
static const char *format_of(const uint8_t *data, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < FORMATS; i++)
		if (n == strlen(formats[i]) && !memcmp(data, formats[i], n))
			return formats[i];
	for (size_t i = 0; i < n; i++)
		sum += data[i];
	return formats[sum % FORMATS];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	struct db *db;
	int fd;
	char *path;

	if (!end)
		return 0;
	db = db_open(":memory:", DB_CREATE, NULL);
	fd = memfd_create("fuzz", 0);
	size -= (size_t)(end + 1 - data);
	assert(db && fd >= 0 && write(fd, end + 1, size) == (ssize_t)size);
	path = mem_printf("/proc/self/fd/%d", fd);
	import(db, path, format_of(data, (size_t)(end - data)), false);
	import(db, path, format_of(data, (size_t)(end - data)), true);
	mem_free(path);
	close(fd);
	db_close(db);
	return 0;
}
