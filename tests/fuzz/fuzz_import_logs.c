/* Evaluation logs: the format's name, a line end, then files of a folder, each after a line
 * "=== NAME" (without such a line, one file). An error, or a database that is sound. */
#include "fuzz.h"

#include "fuzz_import.h"

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const formats[] = {"deepeval", "evalscope", "every_eval_ever", "helm", "inspect",
    "lighteval", "livebench", "livecodebench", "openai_evals", "opencompass", "promptfoo"};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))
#define FILES_MAX 6

static void import(struct db *db, const char *path, const char *format, bool skip_bad)
{
	struct import_options o;

	import_options_default(&o);
	o.format = format;
	o.skip_bad = o.accept = skip_bad;
	o.model = skip_bad ? "m" : NULL;
	fuzz_import(db, &path, 1, &o);
}

/* A name below the folder: letters, digits and what logs have in theirs; at most one folder deep. */
static char *file_path(const char *dir, const char *name, size_t n)
{
	char *path = mem_printf("%s/%.*s", dir, (int)(n < 100 ? n : 100), name);
	bool folder = false;

	for (char *p = path + strlen(dir) + 1; *p; p++) {
		bool slash = *p == '/' && !folder && p[1] && p[-1] != '/';

		folder = folder || slash;
		if (!slash && (*p == '/' || (unsigned char)*p < ' ' || *p == '.') &&
		    strncmp(p, ".json", 5) && strncmp(p, ".eval", 5))
			*p = '_';
		if (slash) {
			*p = '\0';
			file_mkdirs(path, NULL);
			*p = '/';
		}
	}
	return path;
}

static void write_file(const char *path, const void *data, size_t n)
{
	FILE *f = fopen(path, "wb");

	if (f) {
		fwrite(data, 1, n, f);
		fclose(f);
	}
}

/* Cut the files apart and write them; returns their number. */
static size_t write_files(const char *dir, const char *p, size_t size, char *paths[FILES_MAX])
{
	const char *end = p + size;
	size_t n = 0;

	while (p < end && n < FILES_MAX) {
		const char *line = end - p > 4 && !memcmp(p, "=== ", 4)
				       ? memchr(p, '\n', (size_t)(end - p))
				       : NULL;
		const char *next;

		if (line)
			paths[n] = file_path(dir, p + 4, (size_t)(line - p - 4));
		else
			paths[n] = mem_printf("%s/log.json", dir);
		p = line ? line + 1 : p;
		next = memmem(p, (size_t)(end - p), "\n=== ", 5);
		write_file(paths[n++], p, next ? (size_t)(next + 1 - p) : (size_t)(end - p));
		p = next ? next + 1 : end;
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = size ? memchr(data, '\n', size) : NULL;
	const char *base = getenv("TMPDIR"), *format;
	char *dir, *paths[FILES_MAX];
	struct db *db;
	size_t n;

	if (!line)
		return 0;
	dir = mem_printf("%s/fuzz-logs.XXXXXX", base ? base : "/tmp");
	db = db_open(":memory:", DB_CREATE, NULL);
	assert(db && mkdtemp(dir));
	size -= (size_t)(line + 1 - data);
	n = write_files(dir, (const char *)line + 1, size, paths);
	format = fuzz_format(formats, FORMATS, data, (size_t)(line - data));
	import(db, n == 1 ? paths[0] : dir, format, false);
	import(db, n == 1 ? paths[0] : dir, format, true);
	while (n) {
		char *folder = file_dir(paths[--n]);

		unlink(paths[n]);
		rmdir(folder);
		mem_free(folder);
		mem_free(paths[n]);
	}
	rmdir(dir);
	mem_free(dir);
	db_close(db);
	return 0;
}
