#include "task/session.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

static char *in_data_dir(const char *name)
{
	char *dir = file_data_dir();
	char *path = dir ? file_join(dir, name) : mem_strdup(name);

	mem_free(dir);
	return path;
}

char *session_path(const char *given)
{
	const char *env = getenv("EMBEDLLM_DB");

	if (given)
		return mem_strdup(given);
	return env && *env ? mem_strdup(env) : in_data_dir("default.db");
}

char *session_demo_path(void)
{
	return in_data_dir("demo.db");
}

struct db *session_open(const char *path, enum session_mode mode, struct err *e)
{
	static const enum db_mode of[] = {DB_READ, DB_WRITE, DB_CREATE};

	if (mode != SESSION_CREATE && strcmp(path, ":memory:") && !file_exists(path)) {
		err_set(e, ERR_DATA,
		    "%s: there is no database yet; make one with 'embedllm import FILE' or "
		    "'embedllm demo'",
		    path);
		return NULL;
	}
	return db_open(path, of[mode], e);
}

void session_close(struct db *db)
{
	db_close(db);
}

const char *session_note(const struct db *db)
{
	return db_note(db);
}

void session_interrupt(struct db *db)
{
	db_interrupt(db);
}

void session_look(const char *path, struct stamp *s)
{
	stamp_look(path, s);
}

bool session_is_same(
    const char *path, const struct stamp *then, const struct stamp *now, struct err *e)
{
	return stamp_is_same(path, then, now, e);
}

bool session_version(struct db *db, int64_t *out, struct err *e)
{
	return db_version(db, out, e);
}

bool session_backup(struct db *db, const char *path, const struct progress *p, struct err *e)
{
	return db_backup(db, path, p, e);
}
