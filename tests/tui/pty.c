#include "pty.h"

#include "base/clock.h"

#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

bool pty_start(struct pty *p, unsigned rows, unsigned columns, char **argv)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	p->pid = forkpty(&p->fd, NULL, NULL, &size);
	if (p->pid < 0) {
		perror("forkpty");
		return false;
	}
	if (!p->pid) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	return true;
}

void pty_resize(const struct pty *p, unsigned rows, unsigned columns)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};

	ioctl(p->fd, TIOCSWINSZ, &size);
}

ssize_t pty_read(const struct pty *p, int ms, char *s, size_t size)
{
	struct pollfd f = {.fd = p->fd, .events = POLLIN};
	ssize_t n;

	if (poll(&f, 1, ms) <= 0)
		return 0;
	n = read(p->fd, s, size);
	return n > 0 ? n : -1;
}
