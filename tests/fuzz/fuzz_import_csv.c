/* A CSV of labels: the import ends in an error or in a database that is sound; what was imported can
 * be exported, and comes back as the same labels. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "store/check.h"
#include "store/db.h"
#include "store/label.h"
#include "task/export.h"
#include "task/import.h"
#include "task/models.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A file without a name; *path to open it by. */
static int put(const uint8_t *data, size_t size, char **path)
{
	int fd = memfd_create("fuzz", 0);

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	*path = mem_printf("/proc/self/fd/%d", fd);
	return fd;
}

static bool import(struct db *db, const char *path, bool skip_bad)
{
	struct import_options o;
	struct err e = ERR_INIT;
	bool ok;

	import_options_default(&o);
	o.skip_bad = skip_bad;
	ok = task_import(db, &path, 1, &o, NULL, &e);
	assert(ok || e.kind == ERR_DATA);
	assert(utf8_check(e.msg, strlen(e.msg)) == strlen(e.msg) && !strchr(e.msg, '\x1b'));
	return ok;
}

static void assert_sound(struct db *db)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const char **problems;
	size_t n;

	assert(check_database(db, &a, &problems, &n, &e) && n == 0);
	arena_clear(&a);
}

static void check_round_trip(struct db *db)
{
	char *out = mem_printf("/tmp/fuzz_import_csv.%ld", (long)getpid()), one[65], two[65];
	struct db *back = db_open(":memory:", DB_CREATE, NULL);
	struct export_labels_report r;
	struct err e = ERR_INIT;

	assert(back && task_export_labels(db, out, PART_NONE, NULL, &r, &e));
	assert(import(back, out, false));
	assert(label_digest(db, one, &e) && label_digest(back, two, &e));
	assert(!strcmp(one, two));
	unlink(out);
	mem_free(out);
	db_close(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct db *db = db_open(":memory:", DB_CREATE, NULL);
	struct models_imported models;
	struct arena a = ARENA_INIT;
	char *path;
	int fd = put(data, size, &path);

	assert(db);
	if (import(db, path, false) || import(db, path, true)) {
		assert_sound(db);
		check_round_trip(db);
		task_models_import(db, path, &a, &models, NULL);
		assert_sound(db);
	}
	arena_clear(&a);
	mem_free(path);
	close(fd);
	db_close(db);
	return 0;
}
