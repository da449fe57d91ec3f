/* pty.h - a program on a pseudo-terminal, driven from outside: what tests/tui/soak sends keys to and
 * bench/screen takes the time of. */
#ifndef TUI_PTY_H
#define TUI_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty {
	pid_t pid;
	int fd;
};

/* Starts argv[0], found as a shell finds it, in a terminal of that size. False, and said on stderr:
 * there is no pseudo-terminal. */
bool pty_start(struct pty *p, unsigned rows, unsigned columns, char **argv);
void pty_resize(const struct pty *p, unsigned rows, unsigned columns);

/* What it printed, up to `size` bytes, waiting for the first for `ms` milliseconds at most: 0 where
 * none came, -1 once the other side is closed. */
ssize_t pty_read(const struct pty *p, int ms, char *s, size_t size);

#endif
