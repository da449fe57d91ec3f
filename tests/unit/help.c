#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/check.h"
#include "store/db.h"
#include "store/label.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[64], before[4096];

bool help_is_long(void)
{
	const char *s = getenv("TEST_LONG");

	return s && *s;
}

int help_enter_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/embedllm-unit.XXXXXX");
	return getcwd(before, sizeof(before)) && mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

int help_leave_folder(void **state)
{
	char *command = mem_printf("rm -r %s", folder);
	int status = chdir(before) || system(command);

	(void)state;
	mem_free(command);
	return status;
}

void help_write(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

void help_write_text(const char *path, const char *text)
{
	help_write(path, text, strlen(text));
}

char *help_source(const char *name)
{
	const char *top = getenv("top_srcdir");

	return file_join(top ? top : ".", name);
}

struct db *help_db(void)
{
	struct err e = ERR_INIT;
	struct db *db = db_open(":memory:", DB_CREATE, &e);

	if (!db)
		fail_msg("%s", e.msg);
	return db;
}

void help_assert_sound(struct db *db)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	const char **problem;
	size_t n;

	if (!check_database(db, &a, &problem, &n, &e))
		fail_msg("%s", e.msg);
	if (n)
		fail_msg("%s", problem[0]);
	arena_clear(&a);
}

char *help_digest(struct db *db)
{
	struct err e = ERR_INIT;
	char hex[65];

	if (!label_digest(db, hex, &e))
		fail_msg("%s", e.msg);
	return mem_strdup(hex);
}
