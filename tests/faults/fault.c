/* Loaded before the C library (LD_PRELOAD), makes system calls of the program fail, one at a time.
 *
 *	FAULT_PATH    only files whose name holds this are looked at; memory always
 *	FAULT_CALL    open, read, write, sync, truncate, rename, unlink, lock, flush, map, memory; or cut
 *	FAULT_AT      the number of the call that fails, from 1; 0 for none
 *	FAULT_ERRNO   with this number (default ENOSPC); "short": half is written, or read, and no error
 *	FAULT_STAY    all later calls fail too
 *	FAULT_LOSE    seed: what a cut loses of the writes that were not synced; 0 = nothing, 1 = all
 *	FAULT_COUNT   a file that gets the number of calls there were
 *
 * "cut" ends the process after its write, truncate, rename or unlink FAULT_AT, as losing power does:
 * what was written to a database since its last fsync may be there in part.
 * Calls are counted from setlocale() on, which is where main begins. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FILES 1024 /* descriptors that are looked at */

/* A write since the last sync of its file: what was there before, to be put back. */
struct undo {
	struct undo *next;
	int fd;
	off_t at, size; /* size of the file before */
	size_t n;
	char old[];
};

static struct {
	bool on, stays, shortens, cuts;
	const char *path, *call;
	long at, error;
	unsigned long lose;
	bool watched[FILES];
	struct undo *undo;
} fault;
static long calls; /* by all threads */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static bool watched_fd(int fd)
{
	return fault.on && fd >= 0 && fd < FILES && fault.watched[fd];
}

static bool watched_path(const char *path)
{
	return fault.on && path && fault.path && strstr(path, fault.path);
}

/* Whether this call is one that fails. */
static bool fails(const char *call)
{
	long n;

	if (!fault.on || strcmp(call, fault.call) != 0)
		return false;
	n = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
	return fault.at && (n == fault.at || (fault.stays && n > fault.at));
}

static int failed(void)
{
	errno = (int)fault.error;
	return -1;
}

/* The next of its name: the C library's. */
#define REAL(name) ((__typeof__(name) *)real(#name))
static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Memory of the undo list is not the program's. */
static void *map_bytes(size_t n)
{
	return (void *)syscall(
	    SYS_mmap, NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void remember(int fd, off_t at, size_t n)
{
	struct undo *u;
	struct stat st;
	ssize_t got;

	if (!fault.cuts || !fault.lose || fstat(fd, &st))
		return;
	u = map_bytes(sizeof(*u) + n);
	*u = (struct undo){fault.undo, fd, at, st.st_size, 0};
	got = syscall(SYS_pread64, fd, u->old, n, at);
	u->n = got > 0 ? (size_t)got : 0;
	fault.undo = u;
}

static void forget(int fd)
{
	for (struct undo *u = fault.undo; u; u = u->next)
		if (u->fd == fd)
			u->fd = -1;
}

/* After something has reached the disk. Where it is the call to cut at, the power goes. */
static void reached(void)
{
	unsigned long x = fault.lose;

	if (!fault.cuts || !fails("cut"))
		return;
	for (struct undo *u = fault.undo; u; u = u->next) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		if (u->fd < 0 || (fault.lose > 1 && (x >> 40) % 2))
			continue;
		syscall(SYS_pwrite64, u->fd, u->old, u->n, u->at);
		if (fault.lose == 1)
			syscall(SYS_ftruncate, u->fd, u->size);
	}
	_exit(77);
}

char *setlocale(int category, const char *locale)
{
	const char *at = getenv("FAULT_AT"), *error = getenv("FAULT_ERRNO"),
		   *lose = getenv("FAULT_LOSE");

	if (!fault.call) {
		fault.path = getenv("FAULT_PATH");
		fault.call = getenv("FAULT_CALL");
		fault.at = at ? strtol(at, NULL, 10) : 0;
		fault.shortens = error && !strcmp(error, "short");
		fault.error = error ? strtol(error, NULL, 10) : ENOSPC;
		fault.stays = getenv("FAULT_STAY") != NULL;
		fault.lose = lose ? strtoul(lose, NULL, 10) : 0;
		fault.cuts = fault.call && !strcmp(fault.call, "cut");
		fault.on = fault.call != NULL;
	}
	return REAL(setlocale)(category, locale);
}

__attribute__((destructor)) static void tell(void)
{
	const char *file = getenv("FAULT_COUNT");
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", calls), fd;

	if (!file || !fault.on)
		return;
	fault.on = false;
	fd = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	syscall(SYS_write, fd, text, n);
	syscall(SYS_close, fd);
}

/* Files */

static int opened(const char *path, int fd)
{
	if (fd >= 0 && fd < FILES)
		fault.watched[fd] = watched_path(path);
	return fd;
}

static int open_any(int dir, const char *path, int flags, mode_t mode)
{
	if (watched_path(path) && fails("open"))
		return failed();
	return opened(path, (int)syscall(SYS_openat, dir, path, flags, mode));
}

#define MODE(flags, mode)                                                                          \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, flags);                                                               \
		mode = (flags) & (O_CREAT | O_TMPFILE) ? va_arg(ap, mode_t) : 0;                   \
		va_end(ap);                                                                        \
	} while (0)

int open(const char *path, int flags, ...)
{
	mode_t mode;

	MODE(flags, mode);
	return open_any(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	mode_t mode;

	MODE(flags, mode);
	return open_any(AT_FDCWD, path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode;

	MODE(flags, mode);
	return open_any(dir, path, flags, mode);
}

int close(int fd)
{
	if (watched_fd(fd)) {
		fault.watched[fd] = false;
		forget(fd); /* what it lost could no longer be put back */
	}
	return (int)syscall(SYS_close, fd);
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (watched_fd(fd) && fails("write")) {
		if (!fault.shortens)
			return failed();
		n -= n / 2;
	}
	return syscall(SYS_write, fd, p, n);
}

static ssize_t pwrite_any(int fd, const void *p, size_t n, off_t at)
{
	ssize_t done;

	if (!watched_fd(fd))
		return syscall(SYS_pwrite64, fd, p, n, at);
	if (fails("write")) {
		if (!fault.shortens)
			return failed();
		n -= n / 2;
	}
	pthread_mutex_lock(&lock);
	remember(fd, at, n);
	done = syscall(SYS_pwrite64, fd, p, n, at);
	reached();
	pthread_mutex_unlock(&lock);
	return done;
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite_any(fd, p, n, at);
}

ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return pwrite_any(fd, p, n, at);
}

ssize_t read(int fd, void *p, size_t n)
{
	if (watched_fd(fd) && fails("read")) {
		if (!fault.shortens)
			return failed();
		n -= n / 2;
	}
	return syscall(SYS_read, fd, p, n);
}

static ssize_t pread_any(int fd, void *p, size_t n, off_t at)
{
	if (watched_fd(fd) && fails("read")) {
		if (!fault.shortens)
			return failed();
		n -= n / 2;
	}
	return syscall(SYS_pread64, fd, p, n, at);
}

ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	return pread_any(fd, p, n, at);
}

ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
	return pread_any(fd, p, n, at);
}

static int sync_any(long call, int fd)
{
	if (watched_fd(fd) && fails("sync"))
		return failed();
	pthread_mutex_lock(&lock);
	forget(fd);
	pthread_mutex_unlock(&lock);
	return (int)syscall(call, fd);
}

int fsync(int fd)
{
	return sync_any(SYS_fsync, fd);
}

int fdatasync(int fd)
{
	return sync_any(SYS_fdatasync, fd);
}

static int truncate_any(int fd, off_t size)
{
	int done;

	if (watched_fd(fd) && fails("truncate"))
		return failed();
	done = (int)syscall(SYS_ftruncate, fd, size);
	if (watched_fd(fd))
		reached();
	return done;
}

int ftruncate(int fd, off_t size)
{
	return truncate_any(fd, size);
}

int ftruncate64(int fd, off_t size)
{
	return truncate_any(fd, size);
}

int rename(const char *old, const char *new)
{
	int done;

	if (watched_path(new) && fails("rename"))
		return failed();
	done = (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
	if (watched_path(new))
		reached();
	return done;
}

int unlink(const char *path)
{
	int done;

	if (watched_path(path) && fails("unlink"))
		return failed();
	done = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
	if (watched_path(path))
		reached();
	return done;
}

static int fcntl_any(int fd, int command, void *arg)
{
	if ((command == F_SETLK || command == F_SETLKW) && watched_fd(fd) && fails("lock"))
		return failed();
	return (int)syscall(SYS_fcntl, fd, command, arg);
}

#define ARGUMENT(last, arg)                                                                        \
	do {                                                                                       \
		va_list ap;                                                                        \
		va_start(ap, last);                                                                \
		arg = va_arg(ap, void *);                                                          \
		va_end(ap);                                                                        \
	} while (0)

int fcntl(int fd, int command, ...)
{
	void *arg;

	ARGUMENT(command, arg);
	return fcntl_any(fd, command, arg);
}

int fcntl64(int fd, int command, ...)
{
	void *arg;

	ARGUMENT(command, arg);
	return fcntl_any(fd, command, arg);
}

/* The C library's own calls of write() do not come by here. */
int fflush(FILE *f)
{
	if (f && f != stderr && (watched_fd(fileno(f)) || f == stdout) && fails("flush"))
		return failed();
	return REAL(fflush)(f);
}

static void *map_any(void *p, size_t n, int protection, int flags, int fd, off_t at)
{
	if (watched_fd(fd) && fails("map")) {
		failed();
		return MAP_FAILED;
	}
	return (void *)syscall(SYS_mmap, p, n, protection, flags, fd, at);
}

void *mmap(void *p, size_t n, int protection, int flags, int fd, off_t at)
{
	return map_any(p, n, protection, flags, fd, at);
}

void *mmap64(void *p, size_t n, int protection, int flags, int fd, off_t at)
{
	return map_any(p, n, protection, flags, fd, at);
}

/* Memory. The C library's allocator has these names too, so that none needs dlsym. */
extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void *__libc_memalign(size_t alignment, size_t n);

static bool no_memory(void)
{
	if (!fails("memory"))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return no_memory() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return no_memory() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return no_memory() ? NULL : __libc_realloc(p, n);
}

int posix_memalign(void **p, size_t alignment, size_t n)
{
	if (no_memory())
		return ENOMEM;
	*p = __libc_memalign(alignment, n);
	return *p ? 0 : ENOMEM;
}
