/* Samples of lm-evaluation-harness: an error, or a database that is sound. The input is a file of
 * samples; with lines "===" in it, a results file and the samples of up to two runs, as a folder. */
#include "fuzz.h"

#include "fuzz_import.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static const char *const names[] = {"acme__m/results_2026-01-01T00-00-00.1.json",
    "acme__m/samples_t_2026-01-01T00-00-00.1.jsonl",
    "acme__m/samples_t_2026-01-02T00-00-00.1.jsonl"};
#define NAMES (sizeof(names) / sizeof(names[0]))

static char dir[64];

static void remove_files(void)
{
	for (size_t i = 0; i < NAMES; i++) {
		char *path = file_join(dir, names[i]);

		unlink(path);
		mem_free(path);
	}
}

static void remove_dir(void)
{
	char *sub = file_join(dir, "acme__m");

	remove_files();
	rmdir(sub);
	rmdir(dir);
	mem_free(sub);
}

static void make_dir(void)
{
	char *sub;

	if (*dir)
		return;
	snprintf(dir, sizeof(dir), "%s/fuzz.XXXXXX", file_is_dir("/dev/shm") ? "/dev/shm" : "/tmp");
	assert(mkdtemp(dir));
	sub = file_join(dir, "acme__m");
	assert(!mkdir(sub, 0700));
	mem_free(sub);
	atexit(remove_dir);
}

static void put(const char *name, const uint8_t *p, size_t n)
{
	char *path = file_join(dir, name);
	FILE *f = fopen(path, "wb");

	assert(f && fwrite(p, 1, n, f) == n && !fclose(f));
	mem_free(path);
}

static void import(struct db *db, const char *path, bool lenient)
{
	struct import_options o;

	import_options_default(&o);
	if (lenient) {
		o.benchmark = "b";
		o.filter = "2";
	}
	o.skip_bad = o.accept = lenient;
	o.runs = lenient ? IMPORT_RUNS_MEAN : IMPORT_RUNS_APART;
	fuzz_import(db, &path, 1, &o);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct db *db = db_open(":memory:", DB_CREATE, NULL);
	const uint8_t *end = data + size, *mark = memmem(data, size, "===\n", 4);

	make_dir();
	if (!mark) {
		put(names[1], data, size);
	} else {
		put(names[0], data, (size_t)(mark - data));
		data = mark + 4;
		mark = memmem(data, (size_t)(end - data), "===\n", 4);
		put(names[1], data, (size_t)((mark ? mark : end) - data));
		if (mark)
			put(names[2], mark + 4, (size_t)(end - mark - 4));
	}
	import(db, dir, false);
	import(db, dir, true);
	remove_files();
	db_close(db);
	return 0;
}
