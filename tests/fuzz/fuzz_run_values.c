/* A run whose stored values are not what this program writes: opening, judging and routing end in an
 * error or in a result, never in a crash. The first byte of the input chooses the value, the rest
 * is what stands in its place. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "store/db.h"
#include "store/staging.h"
#include "task/atlas.h"
#include "task/evaluate.h"
#include "task/import.h"
#include "task/neighbours.h"
#include "task/probe.h"
#include "task/route.h"
#include "task/runs.h"
#include "task/train.h"

#include <assert.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MODELS = 24, QUESTIONS = 90 };

static char path[64], copy[64];

static void remove_files(void)
{
	static const char *const endings[] = {"", "-wal", "-shm"};

	for (size_t i = 0; i < 3; i++) {
		char *a = mem_printf("%s%s", path, endings[i]),
		     *b = mem_printf("%s%s", copy, endings[i]);

		unlink(a);
		unlink(b);
		mem_free(a);
		mem_free(b);
	}
}

/* In memory where that can be: every input is a new file, written through to the disk. */
static void name_files(void)
{
	const char *dir = access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm";

	snprintf(path, sizeof(path), "%s/fuzz_run.%ld", dir, (long)getpid());
	snprintf(copy, sizeof(copy), "%s/fuzz_run_copy.%ld", dir, (long)getpid());
	atexit(remove_files);
}

static const char *const values[] = {
    "UPDATE run SET settings = CAST(?1 AS TEXT) WHERE id = 1",
    "UPDATE run SET calibration = CAST(?1 AS TEXT) WHERE id = 1",
    "UPDATE run SET summary = CAST(?1 AS TEXT) WHERE id = 1",
    "UPDATE vector SET data = ?1 WHERE kind = 'model' AND owner = 3",
    "UPDATE vector SET data = ?1 WHERE kind = 'question'",
    "UPDATE vector SET data = ?1 WHERE kind = 'head' AND owner = 3",
    "UPDATE vector SET data = ?1 WHERE kind = 'near'",
    "UPDATE encoder SET data = ?1",
    "UPDATE encoding SET data = ?1 WHERE question = 3",
    "UPDATE cache SET value = CAST(?1 AS TEXT)",
    "UPDATE checkpoint SET data = ?1",
    "UPDATE answer SET scores = ?1, weights = NULL WHERE question = 3",
    "DELETE FROM vector WHERE kind = CAST(?1 AS TEXT)",
};
#define VALUES (sizeof(values) / sizeof(values[0]))

static void fill(struct staging *s)
{
	for (uint32_t q = 0; q < QUESTIONS; q++)
		for (uint32_t m = 0; m < MODELS; m++) {
			char text[64], model[16];
			struct staging_listing l = {
			    .category = q % 2 ? "odd" : "even", .text = text, .part = PART_NONE};
			uint32_t item, of;

			l.category_len = strlen(l.category);
			snprintf(text, sizeof(text), "how much is %u and %u words", q, q * q);
			snprintf(model, sizeof(model), "model %u", m);
			l.text_len = strlen(text);
			assert(staging_item(s, &l, &item) == STAGING_OK);
			assert(staging_model(s, model, strlen(model), NULL, &of));
			staging_row(s, item, of, (q * m + m) % 3 == 0);
		}
}

/* A run that is done, with a kept probe, and one that was stopped. */
static void make_sound(void)
{
	struct response_report report;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct probe_options po;
	struct train_options o;
	struct train_result r;
	struct staging s;
	struct probe probe;
	struct atlas *atlas;
	struct db *db;

	name_files();
	db = db_open(path, DB_CREATE, &e);
	assert(db);
	staging_init(&s, "f", "x");
	fill(&s);
	assert(response_import(db, &s, NULL, NAN, false, NULL, &a, &report, &e));
	staging_clear(&s);
	train_options_default(&o);
	o.trainer.epochs = 2;
	o.trainer.dim = 4;
	assert(task_train(db, &o, NULL, &r, &e));
	atlas = atlas_open(db, 0, NULL, NULL, &e);
	assert(atlas);
	probe_options_default(&po);
	po.seen = true;
	po.bootstrap = 4;
	assert(task_probe(db, atlas, &po, false, NULL, &probe, &e));
	probe_clear(&probe);
	atlas_free(atlas);
	arena_clear(&a);
	db_close(db);
}

static void put_value(size_t which, const uint8_t *data, size_t size)
{
	sqlite3_stmt *st;
	sqlite3 *db;

	assert(sqlite3_open(copy, &db) == SQLITE_OK);
	if (sqlite3_prepare_v2(db, values[which], -1, &st, NULL) != SQLITE_OK)
		die("%s: %s", values[which], sqlite3_errmsg(db));
	sqlite3_exec(db, "SAVEPOINT whole", NULL, NULL, NULL);
	sqlite3_bind_blob(st, 1, data, (int)size, SQLITE_STATIC);
	sqlite3_step(st); /* a CHECK may refuse it */
	sqlite3_finalize(st);
	sqlite3_exec(db, "RELEASE whole", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void read_everything(struct db *db, const struct atlas *a)
{
	struct evaluate_options eo;
	struct evaluation evaluation;
	struct neighbours near;
	struct probe_options po;
	struct probe probe;
	struct route_options ro;
	struct route route;

	evaluate_options_default(&eo);
	eo.bootstrap = 2;
	if (task_evaluate(a, &eo, NULL, &evaluation, NULL))
		evaluation_clear(&evaluation);
	if (task_neighbours(a, 0, &(struct neighbours_options){.k = 3}, &near, NULL))
		neighbours_clear(&near);
	route_options_default(&ro);
	if (task_route(a, "how much is it", &ro, &route, NULL))
		route_clear(&route);
	probe_options_default(&po);
	po.seen = true;
	po.bootstrap = 4;
	if (task_probe(db, a, &po, false, NULL, &probe, NULL))
		probe_clear(&probe);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct db *sound;
	struct err e = ERR_INIT;
	struct runs runs;
	struct atlas *a;
	struct db *db;

	if (!sound) {
		make_sound();
		sound = db_open(path, DB_READ, &e);
		assert(sound);
	}
	if (!size)
		return 0;
	assert(db_backup(sound, copy, NULL, &e));
	put_value(data[0] % VALUES, data + 1, size - 1);
	db = db_open(copy, DB_WRITE, &e);
	assert(db);
	if (task_runs(db, &runs, NULL))
		runs_clear(&runs);
	a = atlas_open(db, 1, NULL, NULL, &e);
	if (a)
		read_everything(db, a);
	else
		assert(e.kind != ERR_NONE && *e.msg);
	atlas_free(a);
	db_close(db);
	return 0;
}
