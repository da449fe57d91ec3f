#include "tui/signals.h"

#include "base/mem.h"
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int told[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};
static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGQUIT};
#define N_TOLD (sizeof(told) / sizeof(*told))
#define N_FAULTS (sizeof(faults) / sizeof(*faults))

/* Written by signals_open only, before any handler is in place. */
static int pipe_fd[2] = {-1, -1};
static struct sigaction old_told[N_TOLD], old_fault[N_FAULTS], old_pipe;

static void tell(int sig)
{
	int keep = errno;
	char c = (char)sig;

	if (write(pipe_fd[1], &c, 1) < 0) {
		/* A full pipe: the reader is awake anyway. */
	}
	errno = keep;
}

static void say(const char *s)
{
	if (write(STDERR_FILENO, s, strlen(s)) < 0) {
		/* nobody to tell */
	}
}

static void fault(int sig)
{
	const char *name = "a signal";

	term_restore();
	switch (sig) {
	case SIGSEGV:
		name = "SIGSEGV";
		break;
	case SIGBUS:
		name = "SIGBUS";
		break;
	case SIGFPE:
		name = "SIGFPE";
		break;
	case SIGILL:
		name = "SIGILL";
		break;
	case SIGABRT:
		name = "SIGABRT";
		break;
	case SIGSYS:
		name = "SIGSYS";
		break;
	case SIGQUIT:
		name = "SIGQUIT";
		break;
	}
	say("embedllm: ended by ");
	say(name);
	say("; what was saved in the database is safe. Please report how it came about.\n");
	for (size_t i = 0; i < N_FAULTS; i++) {
		if (faults[i] == sig)
			sigaction(sig, &old_fault[i], NULL);
	}
	raise(sig);
}

int signals_open(void)
{
	static char stack[64 * 1024]; /* a fault may be an overflow of the usual stack */
	stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
	struct sigaction a;

	if (pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK) < 0)
		die("cannot make a pipe: %s", strerror(errno));
	sigaltstack(&alternate, NULL);
	memset(&a, 0, sizeof(a));
	sigemptyset(&a.sa_mask);
	a.sa_handler = tell;
	a.sa_flags = SA_RESTART;
	for (size_t i = 0; i < N_TOLD; i++)
		sigaction(told[i], &a, &old_told[i]);
	a.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &a, &old_pipe);
	a.sa_handler = fault;
	a.sa_flags = SA_ONSTACK | SA_NODEFER;
	for (size_t i = 0; i < N_FAULTS; i++)
		sigaction(faults[i], &a, &old_fault[i]);
	return pipe_fd[0];
}

void signals_close(void)
{
	if (pipe_fd[0] < 0)
		return;
	for (size_t i = 0; i < N_TOLD; i++)
		sigaction(told[i], &old_told[i], NULL);
	for (size_t i = 0; i < N_FAULTS; i++)
		sigaction(faults[i], &old_fault[i], NULL);
	sigaction(SIGPIPE, &old_pipe, NULL);
	close(pipe_fd[0]);
	close(pipe_fd[1]);
	pipe_fd[0] = pipe_fd[1] = -1;
}

int signals_next(void)
{
	char c;

	return pipe_fd[0] >= 0 && read(pipe_fd[0], &c, 1) == 1 ? c : 0;
}
