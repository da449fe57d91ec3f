/* What a database holds after its writer was killed, met a full disk, or was not alone. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "store/catalog.h"
#include "store/check.h"
#include "store/db.h"
#include "store/label.h"
#include "store/response.h"
#include "task/import.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MODELS = 40, QUESTIONS = 1500 };

static void make_csv(const char *path, const char *prefix)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "prompt_id,model_id,label,prompt,model_name,category\n");
	for (int q = 0; q < QUESTIONS; q++)
		for (int m = 0; m < MODELS; m++)
			fprintf(f, "%d,%d,%d,%s question %d of some length,model %d,bench %d\n", q,
			    m, (q * m) % 3 == 0, prefix, q, m, q % 10);
	assert_int_equal(fclose(f), 0);
}

static bool import(const char *db_path_, const char *csv, struct err *e)
{
	struct db *db = db_open(db_path_, DB_CREATE, e);
	struct import_options o;
	bool ok;

	import_options_default(&o);
	ok = db && task_import(db, &csv, 1, &o, NULL, e);
	db_close(db);
	return ok;
}

/* Questions in the database, which must be sound. */
static size_t questions(const char *path)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct db *db = db_open(path, DB_WRITE, &e);
	struct catalog c;
	size_t n;

	if (!db)
		fail_msg("%s", e.msg);
	help_assert_sound(db);
	assert_true(catalog_load(db, &a, &c, &e));
	n = c.n_questions;
	arena_clear(&a);
	db_close(db);
	return n;
}

static void pause_for(double s)
{
	struct timespec t = {(time_t)s, (long)((s - (double)(time_t)s) * 1e9)};

	while (nanosleep(&t, &t) && errno == EINTR)
		;
}

static pid_t start_import(const char *db, const char *csv)
{
	struct err e = ERR_INIT;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child)
		return child;
	_exit(import(db, csv, &e) ? 0 : err_exit_status(e.kind));
}

TEST(killed_at_any_moment)
{
	const int kills = help_is_long() ? 60 : 6;
	struct err e = ERR_INIT;
	struct rng r;
	size_t none = 0, all = 0;
	double start, whole;

	start = clock_now();
	assert_true(import("timed.db", "one.csv", &e));
	whole = clock_now() - start;
	assert_true(import("k.db", "one.csv", &e));
	rng_init(&r, (uint64_t)time(NULL), 0);
	for (int i = 0; i < kills; i++) {
		struct response_undone u;
		struct db *db;
		pid_t child = start_import("k.db", "two.csv");
		size_t n;

		pause_for((i + rng_uniform(&r)) / kills * 1.5 * whole);
		kill(child, SIGKILL);
		assert_true(waitpid(child, NULL, 0) == child);
		n = questions("k.db");
		if (n == QUESTIONS) {
			none++;
			continue;
		}
		assert_int_equal(n, 2 * QUESTIONS);
		all++;
		db = db_open("k.db", DB_WRITE, &e);
		assert_true(db && response_undo(db, 2, &u, &e));
		db_close(db);
	}
	print_message("# killed with nothing of the file in: %zu, all of it in: %zu\n", none, all);
	assert_true(none > 0);
}

TEST(full_disk)
{
	/* Files of this process may not grow past a limit: what SQLite sees is a failing write. */
	static const rlim_t limits[] = {40 << 10, 200 << 10, 600 << 10};
	struct err e = ERR_INIT;

	assert_true(import("f.db", "one.csv", &e));
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		int status;
		pid_t child = fork();

		if (!child) {
			struct rlimit limit = {limits[i], limits[i]};
			bool ok;

			signal(SIGXFSZ, SIG_IGN);
			setrlimit(RLIMIT_FSIZE, &limit);
			ok = import("f.db", "two.csv", &e);
			_exit(!ok && e.kind == ERR_FAILED && strstr(e.msg, "f.db") ? 0 : 9);
		}
		assert_true(waitpid(child, &status, 0) == child);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		assert_int_equal(questions("f.db"), QUESTIONS);
	}
	assert_true(import("f.db", "two.csv", &e));
	assert_int_equal(questions("f.db"), 2 * QUESTIONS);
}

TEST(two_writers_and_a_reader)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct catalog c;
	struct db *reader;
	pid_t one, two, done;
	int status;

	one = start_import("w.db", "one.csv");
	two = start_import("w.db", "two.csv");
	for (int left = 2; left > 0;) {
		done = waitpid(-1, &status, WNOHANG);
		if (done == one || done == two) {
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
			left--;
		}
		/* A reader sees whole files only. */
		reader = db_open("w.db", DB_READ, &e);
		if (reader) {
			assert_true(catalog_load(reader, &a, &c, &e));
			assert_int_equal(c.n_questions % QUESTIONS, 0);
			db_close(reader);
		}
	}
	assert_int_equal(questions("w.db"), 2 * QUESTIONS);
	arena_clear(&a);
}

TEST(two_make_the_same_database)
{
	help_write_text("small.csv", "model,benchmark,question,label\nm,b,q,1\n");
	for (int round = 0; round < 40; round++) {
		char *path = mem_printf("n%d.db", round);
		pid_t child[2] = {start_import(path, "small.csv"), start_import(path, "small.csv")};

		for (int i = 0; i < 2; i++) {
			int status;

			assert_true(waitpid(child[i], &status, 0) == child[i]);
			assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		}
		assert_int_equal(questions(path), 1);
		mem_free(path);
	}
}

static int make_files(void **state)
{
	if (help_enter_folder(state))
		return -1;
	make_csv("one.csv", "first");
	make_csv("two.csv", "second");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(killed_at_any_moment),
	    cmocka_unit_test(full_disk),
	    cmocka_unit_test(two_writers_and_a_reader),
	    cmocka_unit_test(two_make_the_same_database),
	};

	return cmocka_run_group_tests(tests, make_files, help_leave_folder);
}
