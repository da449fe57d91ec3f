#include "base/file.h"

#include "base/err.h"
#include "base/guard.h"
#include "base/mem.h"
#include "base/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The XDG base directory specification: a variable that is unset, empty or relative is ignored. */
static char *xdg_dir(const char *variable, const char *under_home)
{
	const char *dir = getenv(variable), *home = getenv("HOME");

	if (dir && dir[0] == '/')
		return mem_printf("%s/embedllm", dir);
	if (home && home[0])
		return mem_printf("%s/%s/embedllm", home, under_home);
	return NULL;
}

char *file_data_dir(void)
{
	return xdg_dir("XDG_DATA_HOME", ".local/share");
}

char *file_cache_dir(void)
{
	return xdg_dir("XDG_CACHE_HOME", ".cache");
}

char *file_config_dir(void)
{
	return xdg_dir("XDG_CONFIG_HOME", ".config");
}

char *file_state_dir(void)
{
	return xdg_dir("XDG_STATE_HOME", ".local/state");
}

char *file_share(const char *name, struct err *e)
{
	/* beside the program, as in build/ of the source tree or in the tree itself */
	static const char *const near[] = {"share", "../share", "../../share"};
	const char *share = getenv("EMBEDLLM_SHARE");
	char exe[4096], *dir, *path;
	ssize_t n;

	if (share && *share) {
		path = file_join(share, name);
		if (file_exists(path))
			return path;
		err_set(e, ERR_FAILED, "%s: there is no such file ($EMBEDLLM_SHARE)", path);
		mem_free(path);
		return NULL;
	}
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	exe[n > 0 ? n : 0] = '\0';
	dir = file_dir(exe);
	for (size_t i = 0; n > 0 && i < sizeof(near) / sizeof(*near); i++) {
		path = mem_printf("%s/%s/%s", dir, near[i], name);
		if (file_exists(path)) {
			mem_free(dir);
			return path;
		}
		mem_free(path);
	}
	path = file_join(PKGDATADIR, name);
	if (!file_exists(path)) {
		err_set(e, ERR_FAILED,
		    "%s: there is no such file (nor in share/ beside or above %s); "
		    "install embedllm, or set EMBEDLLM_SHARE to its share folder",
		    path, dir);
		mem_free(path);
		path = NULL;
	}
	mem_free(dir);
	return path;
}

bool file_mkdirs(const char *dir, struct err *e)
{
	char *path = mem_strdup(dir);
	bool ok = true;

	for (char *p = path + 1; ok && *path; p++) {
		char c = *p;

		if (c && c != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0777) && errno != EEXIST)
			ok = err_errno(e, ERR_FAILED, "%s", path);
		*p = c;
		if (!c)
			break;
	}
	mem_free(path);
	if (ok && !file_is_dir(dir))
		return err_set(e, ERR_FAILED, "%s: is not a directory", dir);
	return ok;
}

char *file_join(const char *dir, const char *name)
{
	size_t n = strlen(dir);

	return mem_printf("%s%s%s", dir, n && dir[n - 1] == '/' ? "" : "/", name);
}

const char *file_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *file_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return mem_strdup(".");
	return mem_strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

bool file_is_dir(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

bool file_exists(const char *path)
{
	struct stat st;

	return !stat(path, &st);
}

bool file_create(struct file_out *o, const char *path, struct err *e)
{
	struct file_out new = {NULL, NULL, NULL};
	char *target;
	struct stat st;
	bool old;
	int fd;

	if (!strcmp(path, "-")) {
		*o = (struct file_out){stdout, mem_strdup("<stdout>"), NULL};
		return true;
	}
	if (!guard_check(path, e))
		return false;
	/* Follow a symbolic link rather than replace it. */
	target = realpath(path, NULL);
	new.path = target ? target : mem_strdup(path);
	old = target && !stat(target, &st);
	if (old && !S_ISREG(st.st_mode))
		fd = open(target, O_WRONLY | O_CLOEXEC); /* a pipe or device is written to */
	else
		fd = temporary_open(new.path, old ? &st : NULL, &new.tmp);
	if (fd >= 0)
		new.f = fdopen(fd, "w");
	if (!new.f) {
		err_errno(e, ERR_FAILED, "%s", path);
		if (fd >= 0)
			close(fd);
		if (new.tmp)
			temporary_remove(new.tmp);
		mem_free(new.path);
		mem_free(new.tmp);
		return false;
	}
	*o = new;
	return true;
}

/* Make the rename itself durable. A file system that cannot is no reason to fail. */
static void sync_dir(const char *path)
{
	char *dir = file_dir(path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	mem_free(dir);
}

bool file_commit(struct file_out *o, struct err *e)
{
	bool ok = !ferror(o->f) && !fflush(o->f);

	if (!ok && file_reader_gone(o)) {
		clearerr(o->f);
		ok = true;
	}
	if (ok && o->tmp)
		ok = !fsync(fileno(o->f));
	if (!ok) {
		err_errno(e, ERR_FAILED, "%s", o->path);
		file_abandon(o);
		return false;
	}
	if (o->f != stdout && fclose(o->f))
		ok = err_errno(e, ERR_FAILED, "%s", o->path);
	o->f = NULL;
	if (ok && o->tmp && rename(o->tmp, o->path))
		ok = err_errno(e, ERR_FAILED, "%s", o->path);
	if (ok && o->tmp) {
		temporary_keep(o->tmp);
		sync_dir(o->path);
		mem_free(o->tmp);
		o->tmp = NULL;
	}
	file_abandon(o);
	return ok;
}

bool file_reader_gone(const struct file_out *o)
{
	struct pollfd p = {.fd = STDOUT_FILENO};

	return o->f == stdout && poll(&p, 1, 0) == 1 && (p.revents & POLLERR);
}

void file_abandon(struct file_out *o)
{
	if (o->f && o->f != stdout)
		fclose(o->f);
	if (o->tmp)
		temporary_remove(o->tmp);
	mem_free(o->path);
	mem_free(o->tmp);
	*o = (struct file_out){NULL, NULL, NULL};
}
