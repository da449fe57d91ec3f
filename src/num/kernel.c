#include "config.h"

#include "num/kernel.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "num/blas.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* OpenBLAS takes its kernel while it is being loaded, so another one means another process. */
#define ENV_KERNEL "OPENBLAS_CORETYPE"
#define ENV_TRIAL "EMBEDLLM_BLAS_TRIAL"   /* set in the child of a trial */
#define ENV_CHOSEN "EMBEDLLM_BLAS_CHOSEN" /* set across the one re-execution: the kernel chosen */

#define TRIAL_SECONDS 5
static const double WORTH = 1.1; /* how much faster another kernel must be */
static const char CACHE_HEAD[] = "embedllm BLAS kernel 1";

static char chosen[32];  /* by us, before the re-execution */
static char **arguments; /* of main: a trial starts with the same, to get to the same place */

static const char *const isa_name[KERNEL_ISA_COUNT] = {
    [KERNEL_OTHER] = "other",
    [KERNEL_SSE3] = "sse3",
    [KERNEL_AVX] = "avx",
    [KERNEL_AVX2] = "avx2",
    [KERNEL_AVX512] = "avx512",
};

enum kernel_isa kernel_cpu(void)
{
#if defined(__x86_64__)
	__builtin_cpu_init();
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
		return KERNEL_AVX512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
		return KERNEL_AVX2;
	if (__builtin_cpu_supports("avx"))
		return KERNEL_AVX;
	if (__builtin_cpu_supports("sse3"))
		return KERNEL_SSE3;
#endif
	return KERNEL_OTHER;
}

enum kernel_isa kernel_isa_of(const char *name)
{
	static const struct {
		const char *name;
		enum kernel_isa isa;
	} known[] = {
	    {"Katmai", KERNEL_OTHER},
	    {"Coppermine", KERNEL_OTHER},
	    {"Northwood", KERNEL_OTHER},
	    {"Banias", KERNEL_OTHER},
	    {"Athlon", KERNEL_OTHER},
	    {"Opteron", KERNEL_OTHER},
	    {"Generic", KERNEL_OTHER},
	    {"Prescott", KERNEL_SSE3},
	    {"Atom", KERNEL_SSE3},
	    {"Core2", KERNEL_SSE3},
	    {"Penryn", KERNEL_SSE3},
	    {"Dunnington", KERNEL_SSE3},
	    {"Nehalem", KERNEL_SSE3},
	    {"Opteron_SSE3", KERNEL_SSE3},
	    {"Barcelona", KERNEL_SSE3},
	    {"Nano", KERNEL_SSE3},
	    {"Bobcat", KERNEL_SSE3},
	    {"Sandybridge", KERNEL_AVX},
	    {"Bulldozer", KERNEL_AVX},
	    {"Piledriver", KERNEL_AVX},
	    {"Steamroller", KERNEL_AVX},
	    {"Excavator", KERNEL_AVX2},
	    {"Haswell", KERNEL_AVX2},
	    {"Zen", KERNEL_AVX2},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcasecmp(name, known[i].name))
			return known[i].isa;
	return KERNEL_AVX512;
}

/* Kernels worth a trial, by what the processor must have. */
static const struct {
	const char *name;
	enum kernel_isa needs;
} candidate[] = {
    {"SkylakeX", KERNEL_AVX512},
    {"Haswell", KERNEL_AVX2},
    {"Sandybridge", KERNEL_AVX},
    {"Nehalem", KERNEL_SSE3},
};
enum { CANDIDATES = sizeof(candidate) / sizeof(*candidate) };

/* Our own file, so that a process list shows our name; "/proc/self/exe" where that is gone. */
static const char *self_path(char *space, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", space, size - 1);

	if (n <= 0)
		return "/proc/self/exe";
	space[n] = '\0';
	return access(space, X_OK) ? "/proc/self/exe" : space;
}

/* The environment with the kernel's variable set, or taken out, and ENV_TRIAL set. The array is
 * the caller's (mem_free), and `setting`'s storage is in use for as long. */
static char **trial_environment(const char *name, char *setting, size_t size)
{
	static char trial[] = ENV_TRIAL "=1";
	size_t n = 0, kept = 0;
	char **env;

	while (environ[n])
		n++;
	env = mem_array(n + 3, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], ENV_KERNEL "=", sizeof(ENV_KERNEL)) != 0)
			env[kept++] = environ[i];
	env[kept++] = trial;
	if (name) {
		snprintf(setting, size, ENV_KERNEL "=%s", name);
		env[kept++] = setting;
	}
	env[kept] = NULL;
	return env;
}

/* All the child writes until it closes its end, or the time is over. */
static bool read_until(int fd, double deadline, char *text, size_t size)
{
	size_t len = 0;

	for (;;) {
		struct pollfd p = {fd, POLLIN, 0};
		double left = deadline - clock_now();
		ssize_t n;

		if (left <= 0 || len + 1 >= size)
			return false;
		if (poll(&p, 1, (int)ceil(1000 * left)) < 0 && errno != EINTR)
			return false;
		if (!p.revents)
			continue;
		n = read(fd, text + len, size - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	return true;
}

/* Starts this program again with the trial's environment; its output comes through *fd. */
static bool spawn_trial(const char *name, pid_t *pid, int *fd)
{
	char **env, setting[64], path[4096];
	posix_spawn_file_actions_t actions;
	int ends[2];
	bool ok;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	env = trial_environment(name, setting, sizeof(setting));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	/* spawned, not forked: OpenBLAS would stop its threads at a fork */
	ok = !posix_spawn(pid, self_path(path, sizeof(path)), &actions, NULL, arguments, env);
	posix_spawn_file_actions_destroy(&actions);
	mem_free(env);
	close(ends[1]);
	if (!ok)
		close(ends[0]);
	*fd = ends[0];
	return ok;
}

bool kernel_trial(const char *name, struct kernel_speed *s)
{
	struct kernel_speed got = {"", 0, 0};
	char text[128];
	int fd, status;
	pid_t pid;
	bool ok;

	if (!spawn_trial(name, &pid, &fd))
		return false;
	ok = read_until(fd, clock_now() + TRIAL_SECONDS, text, sizeof(text));
	close(fd);
	if (!ok)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	if (!ok || !WIFEXITED(status) || WEXITSTATUS(status) != 0 ||
	    sscanf(text, "right %31s %lf %lf", got.name, &got.sgemm, &got.dgemm) != 3)
		return false;
	if (name && strcasecmp(name, got.name) != 0) /* the library has no such kernel */
		return false;
	*s = got;
	return true;
}

/* The child's side. Ends the process. */
static _Noreturn void trial_run(void)
{
	const struct rlimit none = {0, 0};
	struct kernel_speed s;

	setrlimit(RLIMIT_CORE, &none); /* a crash here is an answer, not an accident */
	if (!kernel_check())
		_exit(1);
	kernel_measure(&s);
	printf("right %s %.2f %.2f\n", s.name, s.sgemm, s.dgemm);
	fflush(stdout);
	_exit(0);
}

/* What the verdict depends on: the processor, the library's version, what it took by itself. */
static void cache_key(const char *current, char *key, size_t size)
{
	char brand[49] = "";

#if defined(__x86_64__)
	for (unsigned i = 0; i < 3; i++) {
		unsigned r[4] = {0, 0, 0, 0};

		if (__get_cpuid(0x80000002u + i, &r[0], &r[1], &r[2], &r[3]))
			memcpy(brand + 16 * i, r, 16);
	}
#endif
	snprintf(
	    key, size, "%s, %s; %s; %s", brand, isa_name[kernel_cpu()], blas_config(), current);
}

static bool is_candidate(const char *name)
{
	for (size_t i = 0; i < CANDIDATES; i++)
		if (!strcasecmp(name, candidate[i].name))
			return candidate[i].needs <= kernel_cpu();
	return false;
}

/* Three lines: the head, the key, the kernel. Anything else is as good as no file. */
static bool cache_read(const char *file, const char *key, const char *current, char best[32])
{
	char want[1200], text[1400], name[32];
	FILE *f = fopen(file, "re");
	int head = snprintf(want, sizeof(want), "%s\n%s\n", CACHE_HEAD, key);
	size_t n;

	if (!f)
		return false;
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	if (strncmp(text, want, (size_t)head) != 0 || sscanf(text + head, "%31s", name) != 1 ||
	    (strcasecmp(name, current) != 0 && !is_candidate(name)))
		return false;
	snprintf(best, 32, "%s", name);
	return true;
}

/* Failing to keep the verdict only costs the next start another trial. */
static void cache_write(const char *file, const char *key, const char *best)
{
	char *dir = file_dir(file);
	struct file_out out;

	if (file_mkdirs(dir, NULL) && file_create(&out, file, NULL)) {
		fprintf(out.f, "%s\n%s\n%s\n", CACHE_HEAD, key, best);
		file_commit(&out, NULL);
	}
	mem_free(dir);
}

static double merit(const struct kernel_speed *s)
{
	return sqrt(s->sgemm * s->dgemm);
}

void kernel_verdict(const char *current, const char *cache_file, char best[32])
{
	struct kernel_speed own, s;
	char key[1024];
	double most;

	snprintf(best, 32, "%s", current);
	cache_key(current, key, sizeof(key));
	if (cache_file && cache_read(cache_file, key, current, best))
		return;
	most = kernel_trial(current, &own) ? WORTH * merit(&own) : 0;
	for (size_t i = 0; i < CANDIDATES; i++) {
		if (candidate[i].needs > kernel_cpu() ||
		    candidate[i].needs <= kernel_isa_of(current))
			continue;
		if (kernel_trial(candidate[i].name, &s) && merit(&s) > most) {
			most = merit(&s);
			snprintf(best, 32, "%s", s.name);
		}
	}
	if (cache_file)
		cache_write(cache_file, key, best);
}

/* Where instructions are interpreted or watched, a trial says nothing and takes long. */
static bool under_a_tool(void)
{
#ifdef WITH_SANITIZERS
	return true;
#else
	const char *preload = getenv("LD_PRELOAD");

	return preload && (strstr(preload, "vgpreload") || strstr(preload, "valgrind"));
#endif
}

static bool set_by_user(void)
{
	const char *name = getenv(ENV_KERNEL);

	return name && *name;
}

static char *cache_file(void)
{
	char *dir = file_cache_dir(), *file = dir ? file_join(dir, "blas-kernel") : NULL;

	mem_free(dir);
	return file;
}

void kernel_choose(char **argv)
{
	const char *before = getenv(ENV_CHOSEN), *current = blas_kernel();
	char best[32], path[4096], *file;

	arguments = argv;
	if (getenv(ENV_TRIAL))
		trial_run();
	if (before) {
		/* we are the re-execution: what we start ourselves shall not inherit our choice */
		if (!strcasecmp(before, current))
			snprintf(chosen, sizeof(chosen), "%s", current);
		unsetenv(ENV_CHOSEN);
		unsetenv(ENV_KERNEL);
		return;
	}
	if (set_by_user() || under_a_tool() || kernel_isa_of(current) >= kernel_cpu())
		return;
	file = cache_file();
	kernel_verdict(current, file, best);
	mem_free(file);
	if (!strcasecmp(best, current))
		return;
	setenv(ENV_KERNEL, best, 1);
	setenv(ENV_CHOSEN, best, 1);
	execv(self_path(path, sizeof(path)), argv);
	unsetenv(ENV_CHOSEN); /* it did not work: go on with the kernel there is */
	unsetenv(ENV_KERNEL);
}

void kernel_report(struct kernel_report *r)
{
	struct kernel_speed s;

	kernel_measure(&s);
	*r = (struct kernel_report){
	    .kernel = blas_kernel(),
	    .why = chosen[0]       ? "chosen: faster than the library's own choice, and checked"
		   : set_by_user() ? "set by " ENV_KERNEL
				   : "the library's own choice",
	    .cpu = isa_name[kernel_cpu()],
	    .threads = blas_threads(),
	    .sgemm_gflops = s.sgemm,
	    .dgemm_gflops = s.dgemm,
	};
}
