/* screen - how long a person waits at the terminal, measured from outside through a pty.
 *
 * usage: screen [-s WxH] [-w SECONDS] [-n KEYS] [-g MS] [-p START] [-k CYCLE] -- COMMAND [ARG ...]
 *
 * Starts COMMAND on a pseudo-terminal, waits for its first screen, sends the START keys (\r, \t
 * and \e as in C) and waits SECONDS, then sends KEYS keys, MS apart, taking them from CYCLE in
 * turn, and at last kills the command. Prints, in milliseconds:
 *   first_screen   from exec to the last byte of the first burst of output
 *   key_p50, key_p99, key_max   from a key written to the last byte of the burst that follows it
 *   peak           the command's memory in MiB
 * A burst ends when nothing came for 25 ms. */
#include "../tests/tui/pty.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define QUIET_MS 25
#define MAX_KEYS 10000

static int ending; /* the command was told to end */

static double now_ms(void)
{
	return 1e3 * clock_now();
}

/* Read until it is quiet, or the deadline; the time of the last byte, or 0 where none came.
 * `first_wait` is how long the first byte may take. */
static double drain(const struct pty *pty, double first_wait, double deadline, size_t *bytes)
{
	char buf[65536];
	double last = 0, start = now_ms();

	for (;;) {
		double t = now_ms(), until = last > 0 ? last + QUIET_MS : start + first_wait;
		ssize_t n;

		if (until > deadline)
			until = deadline;
		if (t >= until)
			return last;
		n = pty_read(pty, (int)(until - t) + 1, buf, sizeof(buf));
		if (n == 0)
			continue;
		if (n < 0) {
			if (ending)
				return last;
			fprintf(stderr, "screen: the command ended by itself\n");
			exit(1);
		}
		*bytes += (size_t)n;
		last = now_ms();
	}
}

static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		if (*s == '\\' && s[1]) {
			s++;
			*to++ = (char)(*s == 'r'   ? '\r'
				       : *s == 't' ? '\t'
				       : *s == 'e' ? '\033'
						   : *s);
		} else {
			*to++ = *s;
		}
	}
	*to = '\0';
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	unsigned rows = 40, columns = 120;
	char *start = NULL, *cycle = NULL;
	static double wait[MAX_KEYS];
	double settle = 0, gap = 100, began, first;
	size_t n_keys = 0, n = 0, bytes = 0;
	struct rusage usage;
	struct pty pty;
	int opt;

	while ((opt = getopt(argc, argv, "+s:w:n:g:p:k:")) != -1) {
		switch (opt) {
		case 's':
			if (sscanf(optarg, "%ux%u", &columns, &rows) != 2)
				return 2;
			break;
		case 'w':
			settle = 1e3 * atof(optarg);
			break;
		case 'n':
			n_keys = (size_t)atol(optarg);
			break;
		case 'g':
			gap = atof(optarg);
			break;
		case 'p':
			unescape(start = optarg);
			break;
		case 'k':
			unescape(cycle = optarg);
			break;
		default:
			return 2;
		}
	}
	if (optind >= argc || n_keys > MAX_KEYS || (n_keys && !(cycle && *cycle)))
		return 2;
	began = now_ms();
	if (!pty_start(&pty, rows, columns, argv + optind))
		return 1;
	first = drain(&pty, 10000, began + 20000, &bytes);
	printf("first_screen %.1f\n", first - began);
	for (const char *s = start; s && *s; s++) {
		if (write(pty.fd, s, 1) != 1)
			return 1;
		drain(&pty, 60, now_ms() + 200, &bytes);
	}
	for (double end = now_ms() + settle; now_ms() < end;)
		drain(&pty, 50, end, &bytes);
	bytes = 0;
	for (size_t i = 0; i < n_keys; i++) {
		double sent = now_ms(), last;

		if (write(pty.fd, cycle + i % strlen(cycle), 1) != 1)
			return 1;
		last = drain(&pty, gap, sent + gap, &bytes);
		if (last > 0)
			wait[n++] = last - sent;
		while (now_ms() < sent + gap)
			drain(&pty, sent + gap - now_ms(), sent + gap, &bytes);
	}
	if (n) {
		qsort(wait, n, sizeof(*wait), ascending);
		printf("keys %zu\nkey_p50 %.1f\nkey_p99 %.1f\nkey_max %.1f\nbytes_per_key %.0f\n",
		    n, wait[n / 2], wait[n - 1 - n / 100], wait[n - 1], (double)bytes / (double)n);
	}
	fflush(stdout);
	ending = 1;
	kill(pty.pid, SIGTERM);
	for (int i = 0; i < 50 && waitpid(pty.pid, NULL, WNOHANG) == 0; i++)
		drain(&pty, 20, now_ms() + 20, &(size_t){0});
	kill(pty.pid, SIGKILL);
	waitpid(pty.pid, NULL, 0);
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("peak %.0f\n", (double)usage.ru_maxrss / 1024);
	return 0;
}
