/* The number of OpenBLAS's threads can only be set by its environment, before it is loaded. A function
 * of .preinit_array runs before the constructors of all libraries; it executes the program anew with
 * the variable set. It uses system calls alone: the C library has not begun yet either. */
#include "config.h"

#include "num/limits.h"

#include "base/mem.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define ENV_THREADS "OPENBLAS_NUM_THREADS"
#define BUFFER ((size_t)128 << 20) /* what OpenBLAS maps for each call at a time */
#define PER_THREAD                                                                                 \
	((rlim_t)512 << 20) /* with its stack, the arena of malloc, and its share of data */
#define MOST_CALLERS 64
#define OTHER_CALLERS 3 /* workers of the explorer; with the caller of the threads */

/* OpenBLAS's own, which keeps what was freed: https://github.com/OpenMathLib/OpenBLAS memory.c */
extern void *blas_memory_alloc(int procedure) __attribute__((weak));
extern void blas_memory_free(void *buffer) __attribute__((weak));

static void reserve(size_t callers)
{
	void *buffer[MOST_CALLERS];
	struct rlimit space;
	void *trial;

	if (getrlimit(RLIMIT_AS, &space) || space.rlim_cur == RLIM_INFINITY)
		return;
	if (callers > MOST_CALLERS)
		callers = MOST_CALLERS;
	trial = mmap(NULL, (callers + 1) * BUFFER, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (trial == MAP_FAILED)
		die("out of memory: the limit of address space, %zu MB (ulimit -v), leaves no room "
		    "for "
		    "%zu MB of buffers for matrix products; raise it",
		    (size_t)(space.rlim_cur >> 20), (callers + 1) * (BUFFER >> 20));
	munmap(trial, (callers + 1) * BUFFER);
	for (size_t i = 0; blas_memory_alloc && i < callers; i++)
		buffer[i] = blas_memory_alloc(0);
	for (size_t i = 0; blas_memory_free && i < callers; i++)
		blas_memory_free(buffer[i]);
}

void limits_reserve(int threads)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static atomic_bool done;

	if (atomic_load_explicit(&done, memory_order_acquire))
		return;
	pthread_mutex_lock(&lock);
	if (!atomic_load(&done))
		reserve((size_t)threads + OTHER_CALLERS);
	atomic_store_explicit(&done, true, memory_order_release);
	pthread_mutex_unlock(&lock);
}

/* By address space; 0 for as many as there are processors. */
static int threads_allowed(void)
{
	struct rlimit space;

	if (getrlimit(RLIMIT_AS, &space) || space.rlim_cur == RLIM_INFINITY ||
	    space.rlim_cur / PER_THREAD >= MOST_CALLERS)
		return 0;
	return space.rlim_cur < 2 * PER_THREAD ? 1 : (int)(space.rlim_cur / PER_THREAD);
}

static void *wait_for(void *lock)
{
	pthread_mutex_lock(lock);
	pthread_mutex_unlock(lock);
	return NULL;
}

/* Whether `n` more threads can be had, by having them. */
static bool can_start(int n)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_t thread[MOST_CALLERS];
	int started = 0;

	n = n < MOST_CALLERS ? n : MOST_CALLERS;
	pthread_mutex_lock(&lock);
	while (started < n && !pthread_create(&thread[started], NULL, wait_for, &lock))
		started++;
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	return started == n;
}

int limits_threads(int n, int now)
{
	int most = threads_allowed();

	if (most && n > most)
		n = most;
	return n <= now || can_start(n - now) ? n : now;
}

#ifdef WITH_SANITIZERS

void limits_loaded(void)
{
}

#else

/* As getenv, whose environment is not there yet. */
static const char *value_in(char **env, const char *name)
{
	size_t n = strlen(name);

	for (; *env; env++)
		if (!strncmp(*env, name, n) && (*env)[n] == '=')
			return *env + n + 1;
	return NULL;
}

static void start_again(char **argv, char **env, int threads)
{
	static char setting[] = ENV_THREADS "=00";
	static char *with[4096];
	size_t n = 0;

	setting[sizeof(setting) - 3] = (char)('0' + threads / 10);
	setting[sizeof(setting) - 2] = (char)('0' + threads % 10);
	with[n++] = setting;
	for (; *env && n + 1 < sizeof(with) / sizeof(*with); env++)
		if (strncmp(*env, ENV_THREADS "=", sizeof(ENV_THREADS)) != 0)
			with[n++] = *env;
	if (!*env)
		execve("/proc/self/exe", argv, with);
}

static char **arguments;
static struct sigaction before; /* what SIGINT did */

/* OpenBLAS's own signal to a process whose threads cannot be started. */
static void on_no_threads(int sig, siginfo_t *info, void *context)
{
	static const char word[] =
	    "embedllm: threads cannot be started: too many processes, or too "
	    "little memory (ulimit -u, -v)\n";
	const char *threads = getenv(ENV_THREADS);

	(void)context;
	if (info->si_code != SI_TKILL) { /* ^C */
		sigaction(sig, &before, NULL);
		raise(sig);
		return;
	}
	if (!threads || strtol(threads, NULL, 10) != 1)
		start_again(arguments, environ, 1);
	if (write(STDERR_FILENO, word, sizeof(word) - 1))
		_exit(1);
	_exit(1);
}

/* Threads have stacks of the size of the limit (ulimit -s), which OpenBLAS's may overrun. */
static void enlarge_stacks(void)
{
	struct rlimit limit;
	pthread_attr_t attr;

	if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= LIMITS_STACK)
		return;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, LIMITS_STACK);
	pthread_setattr_default_np(&attr);
	pthread_attr_destroy(&attr);
}

static void before_libraries(int argc, char **argv, char **env)
{
	const char *threads = value_in(env, ENV_THREADS);
	struct sigaction act = {.sa_sigaction = on_no_threads, .sa_flags = SA_SIGINFO};
	int most = threads_allowed();

	(void)argc;
	arguments = argv;
	enlarge_stacks();
	if (most && (!threads || strtol(threads, NULL, 10) < 1 || strtol(threads, NULL, 10) > most))
		start_again(argv, env, most);
	sigaction(SIGINT, &act, &before);
}

void limits_loaded(void)
{
	sigaction(SIGINT, &before, NULL);
}

static void (*const early)(int, char **, char **)
    __attribute__((section(".preinit_array"), used)) = before_libraries;

#endif
