/* Results of benchmarks and routers: the format's name, a line end, a file of it. An error, or a
 * database that is sound. */
#include "fuzz.h"

#include "fuzz_import.h"

static const char *const formats[] = {"alpacaeval", "evalplus", "llmrouter", "llmrouterbench",
    "pyirt", "routerarena", "routerbench", "routerdc", "swebench", "verifiers"};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static void import(struct db *db, const char *path, const char *format, bool skip_bad)
{
	struct import_options o;

	import_options_default(&o);
	o.format = format;
	o.skip_bad = o.accept = skip_bad;
	if (skip_bad) {
		o.model = "m";
		o.benchmark = "b";
	}
	fuzz_import(db, &path, 1, &o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	const char *format;
	struct db *db;
	int fd;
	char *path;

	if (!end)
		return 0;
	db = db_open(":memory:", DB_CREATE, NULL);
	assert(db);
	fd = fuzz_file(end + 1, size - (size_t)(end + 1 - data), &path);
	format = fuzz_format(formats, FORMATS, data, (size_t)(end - data));
	import(db, path, format, false);
	import(db, path, format, true);
	mem_free(path);
	close(fd);
	db_close(db);
	return 0;
}
