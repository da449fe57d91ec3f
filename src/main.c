/* main.c - locale, signals, the choice of the BLAS kernel, exit status. Nothing else: the verbs, their
 * options and the database are cli/command's. */
#include "base/temporary.h"
#include "cli/command.h"
#include "num/kernel.h"
#include "num/limits.h"

#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>

struct arguments {
	int argc;
	char **argv;
	int status;
};

static void *run(void *arg)
{
	struct arguments *a = arg;

	/* Before any thread of ours: this may execute the program anew (num/kernel.h). */
	if (command_wants(a->argc, a->argv, COMMAND_MATH))
		kernel_choose(a->argv);
	a->status = command_run(a->argc, a->argv);
	return NULL;
}

/* Where the stack is limited (ulimit -s) the program runs on one of its own. */
static bool run_on_own_stack(struct arguments *a)
{
	struct rlimit limit;
	pthread_t thread;

	if (getrlimit(RLIMIT_STACK, &limit) || limit.rlim_cur >= LIMITS_STACK ||
	    pthread_create(&thread, NULL, run, a))
		return false;
	pthread_join(thread, NULL);
	return true;
}

int main(int argc, char **argv)
{
	struct arguments a = {argc, argv, 0};

	limits_loaded();
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* a point in every number we read or write */
	signal(SIGXFSZ, SIG_IGN);   /* a file size limit is an error of write() */
	temporary_on_signals();
	if (!run_on_own_stack(&a))
		run(&a);
	return a.status;
}
