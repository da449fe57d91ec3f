/* A file is told to be left behind by its lock, which ends with its process however that ends. Names
 * are kept in a fixed table, so that a signal handler may read them. */
#include "base/temporary.h"

#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SLOTS 16 /* more at once are written, but stay when a signal ends the process */
#define NAME_BYTES 4096

enum { FREE, FILLING, USED };
static struct {
	atomic_int state;
	char name[NAME_BYTES];
} slots[SLOTS];

static void note(const char *name)
{
	size_t n = strlen(name) + 1;

	for (int i = 0; i < SLOTS && n <= NAME_BYTES; i++) {
		int expected = FREE;

		if (atomic_compare_exchange_strong(&slots[i].state, &expected, FILLING)) {
			memcpy(slots[i].name, name, n);
			atomic_store(&slots[i].state, USED);
			return;
		}
	}
}

void temporary_keep(const char *name)
{
	for (int i = 0; i < SLOTS; i++) {
		if (atomic_load(&slots[i].state) == USED && !strcmp(slots[i].name, name)) {
			atomic_store(&slots[i].state, FREE);
			return;
		}
	}
}

void temporary_remove(const char *name)
{
	unlink(name);
	temporary_keep(name);
}

static void remove_all(void)
{
	for (int i = 0; i < SLOTS; i++)
		if (atomic_load(&slots[i].state) == USED)
			unlink(slots[i].name);
}

void temporary_end(int sig)
{
	remove_all();
	signal(sig, SIG_DFL);
	raise(sig);
}

void temporary_on_signals(void)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGTERM, SIGXCPU, SIGQUIT};
	struct sigaction act = {.sa_handler = temporary_end}, old;

	sigemptyset(&act.sa_mask);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		if (!sigaction(ending[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(ending[i], &act, NULL);
	mem_on_die(remove_all);
}

/* Whether `name` is one that temporary_open makes for `base`: BASE.PID.N.tmp */
static bool is_ours(const char *name, const char *base)
{
	size_t n = strlen(base), digits;

	if (strncmp(name, base, n))
		return false;
	for (int i = 0; i < 2; i++) {
		if (name[n] != '.')
			return false;
		digits = strspn(name + n + 1, "0123456789");
		if (!digits)
			return false;
		n += 1 + digits;
	}
	return !strcmp(name + n, ".tmp");
}

/* A file whose writer lives is locked. */
static void remove_dead(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	    !flock(fd, LOCK_EX | LOCK_NB))
		unlinkat(folder, name, 0);
	close(fd);
}

static void remove_left(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup(".");
	DIR *d = opendir(folder);
	struct dirent *at;

	while (d && (at = readdir(d)))
		if (is_ours(at->d_name, slash ? slash + 1 : path))
			remove_dead(dirfd(d), at->d_name);
	if (d)
		closedir(d);
	mem_free(folder);
}

/* Locked, and not taken for a dead one between its making and its lock. */
static bool lock(int fd)
{
	struct stat st;

	if (flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
		return false;
	return !fstat(fd, &st) && st.st_nlink > 0;
}

int temporary_open(const char *path, const struct stat *old, char **name)
{
	remove_left(path);
	for (unsigned i = 0;; i++) {
		char *tmp = mem_printf("%s.%ld.%u.tmp", path, (long)getpid(), i);
		int fd;

		note(tmp); /* before it is there: a signal may come at once */
		fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, old ? 0600 : 0666);
		if (fd >= 0 && lock(fd)) {
			/* who may not give a file away keeps what is written */
			if (old && !fchown(fd, old->st_uid, old->st_gid))
				errno = 0;
			if (old)
				fchmod(fd, old->st_mode & 07777);
			*name = tmp;
			return fd;
		}
		temporary_keep(tmp);
		mem_free(tmp);
		if (fd >= 0)
			close(fd);
		else if (errno != EEXIST)
			return -1;
	}
}
