/* Files that are there are told by device and inode; one that is not, by its folder's and its name. */
#include "base/guard.h"

#include "base/err.h"
#include "base/mem.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
	char **v;
	size_t n, cap;
} guarded; /* under the lock */

void guard_add(const char *path)
{
	pthread_mutex_lock(&lock);
	guarded.v = mem_grow(guarded.v, &guarded.cap, guarded.n + 1, sizeof(*guarded.v));
	guarded.v[guarded.n++] = mem_strdup(path);
	pthread_mutex_unlock(&lock);
}

void guard_drop(const char *path)
{
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < guarded.n; i++) {
		if (!strcmp(guarded.v[i], path)) {
			mem_free(guarded.v[i]);
			guarded.v[i] = guarded.v[--guarded.n];
			break;
		}
	}
	if (!guarded.n) {
		mem_free(guarded.v);
		guarded.v = NULL;
		guarded.cap = 0;
	}
	pthread_mutex_unlock(&lock);
}

static bool same_inode(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static bool same_folder(const char *a, size_t n_a, const char *b, size_t n_b)
{
	char *x = n_a ? mem_strndup(a, n_a) : mem_strdup(".");
	char *y = n_b ? mem_strndup(b, n_b) : mem_strdup(".");
	bool same = same_inode(x, y);

	mem_free(x);
	mem_free(y);
	return same;
}

static bool same_file(const char *a, const char *b)
{
	const char *slash_a = strrchr(a, '/'), *slash_b = strrchr(b, '/');
	size_t n_a = slash_a ? (size_t)(slash_a - a) + 1 : 0;
	size_t n_b = slash_b ? (size_t)(slash_b - b) + 1 : 0;

	return same_inode(a, b) || (!strcmp(a + n_a, b + n_b) && same_folder(a, n_a, b, n_b));
}

/* `path` against one database. SQLite names the files beside it by where a link leads to. */
static bool check_one(const char *path, const char *database, struct err *e)
{
	static const char *const beside[] = {"-wal", "-shm", "-journal"};
	char *real = realpath(database, NULL);
	bool ok = true;

	if (same_file(path, database))
		ok = err_set(
		    e, ERR_USAGE, "%s: that is the database itself; name another file", path);
	for (size_t i = 0; ok && i < sizeof(beside) / sizeof(*beside); i++) {
		char *name = mem_printf("%s%s", real ? real : database, beside[i]);

		if (same_file(path, name))
			ok = err_set(e, ERR_USAGE,
			    "%s: that is a part of the database %s; name another file", path,
			    database);
		mem_free(name);
	}
	free(real);
	return ok;
}

bool guard_check(const char *path, struct err *e)
{
	bool ok = true;

	pthread_mutex_lock(&lock);
	for (size_t i = 0; ok && i < guarded.n; i++)
		ok = check_one(path, guarded.v[i], e);
	pthread_mutex_unlock(&lock);
	return ok;
}
