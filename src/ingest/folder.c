#include "ingest/folder.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_LIMIT 64

struct listing {
	struct arena *a;
	const char **v;
	size_t n, cap;
	struct stat above[DEPTH_LIMIT]; /* the folders that lead here */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Does a link lead back to a folder above? */
static bool leads_back(const struct listing *l, int depth, const struct stat *st)
{
	for (int i = 0; i < depth; i++)
		if (l->above[i].st_dev == st->st_dev && l->above[i].st_ino == st->st_ino)
			return true;
	return false;
}

static bool list_below(struct listing *l, const char *dir, int depth, struct err *e)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	struct stat st;
	bool ok = true;

	if (!d || stat(dir, &l->above[depth])) {
		err_errno(e, ERR_DATA, "%s", dir);
		if (d)
			closedir(d);
		return false;
	}
	while (ok && (entry = readdir(d))) {
		const char *slash = dir[strlen(dir) - 1] == '/' ? "" : "/";
		char *path;

		if (entry->d_name[0] == '.')
			continue;
		path = arena_printf(l->a, "%s%s%s", dir, slash, entry->d_name);
		if (stat(path, &st)) /* a link to nothing: the reader says so, if it is wanted */
			continue;
		if (S_ISDIR(st.st_mode)) {
			if (depth + 1 == DEPTH_LIMIT)
				ok = err_set(
				    e, ERR_DATA, "%s: over %d folders deep", path, DEPTH_LIMIT);
			else if (!leads_back(l, depth + 1, &st))
				ok = list_below(l, path, depth + 1, e);
		} else {
			l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
			l->v[l->n++] = path;
		}
	}
	closedir(d);
	return ok;
}

bool folder_list(
    const char *dir, struct arena *a, const char *const **files, size_t *n, struct err *e)
{
	struct listing *l = mem_zero_array(1, sizeof(*l));
	bool ok;

	l->a = a;
	ok = list_below(l, dir, 0, e);
	if (ok) {
		if (l->n)
			qsort(l->v, l->n, sizeof(*l->v), by_name);
		*files = arena_copy(a, l->v, l->n, sizeof(*l->v));
		*n = l->n;
	}
	mem_free(l->v);
	mem_free(l);
	return ok;
}
