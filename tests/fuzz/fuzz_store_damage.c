/* A damaged database: the input is a list of edits (three bytes of place, one of value) to a sound
 * file, and opening and reading what comes of it ends in an error or in data, never in a crash. */
#include "fuzz.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/db.h"
#include "store/encoding.h"
#include "store/label.h"
#include "store/response.h"
#include "store/run.h"
#include "store/split.h"
#include "store/staging.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char path[64];
static struct buf sound;

/* A little of everything, once. */
static void make_sound(void)
{
	struct encoding_encoder enc = {
	    .identity = "i", .kind = "k", .dims = 2, .blob = "b", .size = 1};
	struct run run = {
	    .method = "mf", .settings = "{}", .kernel = "", .data_digest = "", .state = RUN_DONE};
	struct split split = {.name = "s"};
	struct response_report report;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct catalog_question *q;
	struct staging s;
	struct catalog c;
	struct db *db;
	uint8_t part[8];
	float v[16] = {0};

	snprintf(path, sizeof(path), "/tmp/fuzz_store.%ld", (long)getpid());
	db = db_open(path, DB_CREATE, &e);
	assert(db);
	staging_init(&s, "f", "x");
	for (uint32_t i = 0; i < 8; i++) {
		char text[16], model[16];
		struct staging_listing l = {
		    .category = "c", .category_len = 1, .text = text, .part = PART_TRAIN};
		uint32_t item, m;

		snprintf(text, sizeof(text), "text %u", i);
		snprintf(model, sizeof(model), "model %u", i % 3);
		l.text_len = strlen(text);
		assert(staging_item(&s, &l, &item) == STAGING_OK);
		assert(staging_model(&s, model, strlen(model), NULL, &m));
		staging_row(&s, item, m, i % 2);
	}
	assert(response_import(db, &s, NULL, NAN, false, NULL, &a, &report, &e));
	staging_clear(&s);
	assert(catalog_load(db, &a, &c, &e) && catalog_load_questions(db, &c, &a, &q, &e));
	memset(part, PART_TEST, sizeof(part));
	assert(split_save(db, &split, q, 8, part, &e) && encoding_save_encoder(db, &enc, &e));
	struct mat rows = mat_view(v, 8, 2);

	assert(encoding_save(db, enc.id, q, 8, &rows, &e) && run_create(db, &run, &a, &e));
	assert(run_save_vector(db, run.id, "model", 1, v, 4, &e));
	db_close(db);
	buf_init(&sound, BUF_DEFAULT_MAX);
	assert(stream_read_all(path, &sound, &e));
	arena_clear(&a);
}

static bool skip_line(void *arg, const struct response_line *l, struct err *e)
{
	(void)arg, (void)l, (void)e;
	return true;
}

static void read_everything(struct db *db)
{
	struct encoding_encoder *enc;
	struct response_import_row *imports;
	struct catalog_question *q;
	struct run_vector *v;
	struct epoch *curve;
	struct split *splits;
	struct run *runs;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct catalog c;
	const char **problems;
	bool *have, weighted;
	size_t n, missing;

	if (catalog_load(db, &a, &c, &e) && catalog_load_questions(db, &c, &a, &q, &e) &&
	    c.n_models < 1000) {
		float *score = arena_array(&a, float, c.n_models *c.n_questions + 1);
		uint8_t *part = arena_array(&a, uint8_t, c.n_questions + 1);
		struct mat rows = mat_new(c.n_questions + 1, 2);

		rows.rows = c.n_questions;
		have = arena_array(&a, bool, c.n_questions + 1);
		label_load(db, &c, q, score, NULL, &weighted, &e);
		encoding_load(db, 1, q, c.n_questions, &rows, have, &missing, &e);
		if (split_list(db, &a, &splits, &n, &e))
			for (size_t i = 0; i < n; i++)
				split_load(db, splits[i].id, q, c.n_questions, part, &e);
		mat_free(&rows);
	}
	encoding_list_encoders(db, &a, &enc, &n, &e);
	response_list_imports(db, &a, &imports, &n, &e);
	response_read(db, PART_NONE, skip_line, NULL, &e);
	if (run_list(db, &a, &runs, &n, &e) && n) {
		run_load_curve(db, runs[0].id, &a, &curve, &n, &e);
		run_load_vectors(db, runs[0].id, "model", &a, &v, &n, &e);
	}
	check_database(db, &a, &problems, &n, &e);
	arena_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct response_undone undone;
	struct policy policy = {POLICY_MEAN, .5};
	struct err e = ERR_INIT;
	struct db *db;
	char *copy;
	FILE *f;

	if (!sound.len)
		make_sound();
	copy = mem_alloc(sound.len);
	memcpy(copy, sound.s, sound.len);
	for (size_t i = 0; i + 4 <= size; i += 4)
		copy[((size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2]) % sound.len] =
		    (char)data[i + 3];
	f = fopen(path, "wb");
	assert(f && fwrite(copy, 1, sound.len, f) == sound.len);
	fclose(f);
	mem_free(copy);
	db = db_open(path, DB_READ, &e);
	if (db)
		read_everything(db);
	db_close(db);
	db = db_open(path, DB_WRITE, &e);
	if (db && label_resolve(db, &policy, &e))
		response_undo(db, 1, &undone, &e);
	db_close(db);
	unlink(path);
	return 0;
}
