/* A CSV of labels: the import ends in an error or in a database that is sound; what was imported can
 * be exported, and comes back as the same labels. */
#include "fuzz.h"

#include "fuzz_import.h"

#include "store/label.h"
#include "task/export.h"
#include "task/models.h"

static bool import(struct db *db, const char *path, bool skip_bad)
{
	struct import_options o;

	import_options_default(&o);
	o.skip_bad = skip_bad;
	return fuzz_import(db, &path, 1, &o);
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
	int fd = fuzz_file(data, size, &path);

	assert(db);
	if (import(db, path, false) || import(db, path, true)) {
		check_round_trip(db);
		task_models_import(db, path, &a, &models, NULL);
		fuzz_assert_sound(db);
	}
	arena_clear(&a);
	mem_free(path);
	close(fd);
	db_close(db);
	return 0;
}
