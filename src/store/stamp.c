#include "store/stamp.h"

#include "base/err.h"
#include "base/mem.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

char *stamp_immutable_uri(const char *path)
{
	static const char plain[] = "/._-";
	char *uri = mem_alloc(3 * strlen(path) + 32), *p = uri;

	p += snprintf(p, 6, "file:");
	for (const char *s = path; *s; s++) {
		unsigned char c = (unsigned char)*s;
		bool keep = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			    (c >= 'A' && c <= 'Z') || strchr(plain, c);

		p += snprintf(p, 4, keep ? "%c" : "%%%02X", c);
	}
	snprintf(p, 13, "?immutable=1");
	return uri;
}

static int64_t nanoseconds(const struct timespec *t)
{
	return (int64_t)t->tv_sec * 1000000000 + t->tv_nsec;
}

/* Through SQLite and never by a descriptor of our own: closing that would end its locks. Immutable
 * means past the log and the pages that other connections hold. */
static bool read_meta(const char *path, struct stamp *s)
{
	static const char sql[] = "SELECT (SELECT value FROM meta WHERE key = 'identity'),"
				  "(SELECT value FROM meta WHERE key = 'changes')";
	char *uri = stamp_immutable_uri(path);
	sqlite3_stmt *q = NULL;
	sqlite3 *db = NULL;
	bool ok =
	    sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) == SQLITE_OK &&
	    sqlite3_prepare_v2(db, sql, -1, &q, NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW;

	if (ok) {
		const unsigned char *identity = sqlite3_column_text(q, 0);

		snprintf(
		    s->identity, sizeof(s->identity), "%s", identity ? (const char *)identity : "");
		s->changes = sqlite3_column_int64(q, 1);
	}
	sqlite3_finalize(q);
	sqlite3_close(db);
	mem_free(uri);
	return ok;
}

void stamp_look(const char *path, struct stamp *s)
{
	struct stat st;
	struct stamp now = {.there = true};

	if (!strcmp(path, ":memory:")) {
		*s = now;
		return;
	}
	if (stat(path, &st) != 0) {
		*s = (struct stamp){.there = false};
		return;
	}
	now.device = st.st_dev;
	now.inode = st.st_ino;
	now.size = st.st_size;
	now.times[0] = nanoseconds(&st.st_mtim);
	now.times[1] = nanoseconds(&st.st_ctim);
	if (s->readable && now.device == s->device && now.inode == s->inode &&
	    now.size == s->size && !memcmp(now.times, s->times, sizeof(now.times)))
		return;
	now.readable = read_meta(path, &now);
	*s = now;
}

bool stamp_is_same(
    const char *path, const struct stamp *then, const struct stamp *now, struct err *e)
{
	if (then->there && !now->there)
		return err_set(
		    e, ERR_DATA, "%s: was removed or moved away since it was opened", path);
	if (!then->there && now->there)
		return err_set(e, ERR_DATA, "%s: was made by another process meanwhile", path);
	if (then->device != now->device || then->inode != now->inode)
		return err_set(
		    e, ERR_DATA, "%s: was replaced by another file since it was opened", path);
	if (then->readable && !now->readable)
		return err_set(e, ERR_DATA,
		    "%s: is no database any more: it is being replaced, or was damaged", path);
	if (*then->identity && strcmp(then->identity, now->identity) != 0)
		return err_set(
		    e, ERR_DATA, "%s: was replaced by another database since it was opened", path);
	if (then->changes > now->changes)
		return err_set(e, ERR_DATA,
		    "%s: was replaced by an earlier state of it since it was opened", path);
	return true;
}
