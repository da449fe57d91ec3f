/* soak - hours of a careless user, in a terminal of their own.
 *
 * usage: soak [-s SEED] [-t SECONDS] [-n EVENTS] -- COMMAND [ARG ...]
 *
 * Starts COMMAND, the explorer, on a pseudo-terminal and sends it random keys, words, commands,
 * pastes, broken input and window sizes until the time or the events are over. What is sent is a
 * function of SEED alone, so that -n replays a finding. Leaves by Q. Fails where the command ends
 * by itself, ends badly, does not answer for half a minute, or holds more memory at the end than a
 * while after the start, as its own ":memory" says.
 *
 * Prints TAP; the last screen of a failure is left in the file soak.screen. */
#include "pty.h"

#include "base/clock.h"

#include <ctype.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_SECONDS 30
#define ESC_MS 150      /* after which an Esc is a key by itself, not the beginning of a sequence */
#define GROWTH 1.10     /* of the heap from the end of the warming up */
#define SLACK (2 << 20) /* bytes it may grow in any case: results on screen differ in size */

static uint64_t state;
static struct pty pty;
static char tail[1 << 16]; /* the latest output, for what is looked for in it */
static size_t n_tail;
static unsigned long events;

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t next_random(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static unsigned below(unsigned n)
{
	return (unsigned)(next_random() % n);
}

static _Noreturn void fail(const char *what)
{
	int status = 0;
	FILE *f;

	printf("not ok 1 - the explorer survives\n# after event %lu: %s\n", events, what);
	usleep(500000);
	if (waitpid(pty.pid, &status, WNOHANG) == pty.pid) {
		printf("# it ended with wait status %d\n", status);
	} else {
		kill(pty.pid, SIGKILL);
		waitpid(pty.pid, &status, 0);
	}
	/* To be looked at in a terminal of 100x31: cat soak.screen */
	f = fopen("soak.screen", "w");
	if (f) {
		fwrite(tail, 1, n_tail, f);
		fclose(f);
	}
	puts("1..1");
	exit(1);
}

/* Take what was printed; false once the other side is closed. */
static bool drain(int ms)
{
	char buf[8192];
	ssize_t n;

	while ((n = pty_read(&pty, ms, buf, sizeof(buf)))) {
		if (n < 0)
			return false;
		if (n_tail + (size_t)n > sizeof(tail)) {
			size_t keep = sizeof(tail) / 2;

			memmove(tail, tail + n_tail - keep, keep);
			n_tail = keep;
		}
		memcpy(tail + n_tail, buf, (size_t)n);
		n_tail += (size_t)n;
		ms = 0;
	}
	return true;
}

/* Nothing is sent for so long. */
static void settle(int ms)
{
	for (double until = clock_now() + ms / 1000.0; clock_now() < until;)
		drain((int)(1000 * (until - clock_now())) + 1);
}

static void send_bytes(const char *s, size_t n)
{
	double until = clock_now() + ANSWER_SECONDS;

	while (n > 0) {
		struct pollfd p = {.fd = pty.fd, .events = POLLIN | POLLOUT};
		ssize_t done = 0;

		if (clock_now() > until)
			fail("it does not read its keys");
		poll(&p, 1, 100);
		if (p.revents & POLLIN && !drain(0))
			fail("it ended by itself");
		/* Little by little: a terminal's queue is 4 kB, and what does not fit is lost. */
		if (p.revents & POLLOUT)
			done = write(pty.fd, s, n > 256 ? 256 : n);
		if (done > 0) {
			s += done;
			n -= (size_t)done;
		}
	}
}

static void send_text(const char *s)
{
	send_bytes(s, strlen(s));
}

static void send_key(void)
{
	static const char keys[] =
	    "jjjjkkkkhlgGsSf/nNx  ccaamdC+-0ttpXKLorvPHiiw<>OouDyyYzeE?11223344"
	    "55667\t\t\t\r\r\r\r\r\033\033\033\033qqqqq[]RTUM\x0c\x04\x15";
	static const char *const named[] = {"\033[A", "\033[B", "\033[C", "\033[D", "\033[5~",
	    "\033[6~", "\033[H", "\033[F", "\033[3~", "\033[Z", "\x7f", "\033OP"};

	if (below(6) == 0)
		send_text(named[below(sizeof(named) / sizeof(*named))]);
	else
		send_bytes(&keys[below(sizeof(keys) - 1)], 1);
}

static void send_word(void)
{
	static const char *const words[] = {"train", "garnet", "sim_", "acc.>50", "how many eggs ",
	    "日本", "e\xcc\x81", "\xf0\x9f\x98\x80", "0.5", "zzzz", "text:the", "x.csv", "plot.svg",
	    "y", "-1"};

	send_text(words[below(sizeof(words) / sizeof(*words))]);
}

static void send_command(void)
{
	static const char *const commands[] = {":set theme mono", ":set theme light",
	    ":set glyphs ascii", ":set glyphs braille", ":set mouse on", ":set mouse off",
	    ":messages", ":help", ":7", ":999", ":near Garnet-7B", ":model Aster-70B",
	    ":route how many eggs", ":reload", ":stop", ":nonsense", ":sql SELECT * FROM model",
	    ":sql SELEC", ":sql", ":set", ":train", ":guide"};

	send_text("\033");
	settle(ESC_MS);
	send_text(commands[below(sizeof(commands) / sizeof(*commands))]);
	send_text("\r");
}

static void send_paste(void)
{
	unsigned n = 1 + below(below(4) ? 200 : 10000);

	send_text("\033[200~");
	while (n-- > 0) {
		char c = (char)(below(20) ? 32 + below(95) : below(4) ? '\n' : 1 + below(255));

		/* Not what would stop or end the process by the terminal's own hand. */
		if (c != 3 && c != 26 && c != 28 && c != 27)
			send_bytes(&c, 1);
	}
	send_text("\033[201~");
}

static void send_garbage(void)
{
	char s[16];
	unsigned n = 1 + below(sizeof(s) - 1);

	for (unsigned i = 0; i < n; i++) {
		s[i] = (char)below(256);
		if (s[i] == 3 || s[i] == 26 || s[i] == 28 || s[i] == ':' || s[i] == 'Q')
			s[i] = '\033';
	}
	send_bytes(s, n);
}

/* The number after the last "heap " it said. */
static double heap(void)
{
	double until = clock_now() + ANSWER_SECONDS, bytes = -1;

	/* A paste whose end was lost ends in silence. */
	settle(1500);
	/* Out of whatever field, question or prompt it is in. */
	for (int i = 0; i < 4; i++) {
		send_text("\033");
		settle(ESC_MS);
	}
	n_tail = 0;
	while (bytes < 0 && clock_now() < until) {
		/* Another size, and all of the screen is sent again: no part of the words is left out. */
		pty_resize(&pty, 30, 100);
		drain(60);
		send_text(":memory\r");
		drain(100);
		pty_resize(&pty, 31, 100);
		for (int i = 0; i < 20 && bytes < 0; i++) {
			if (!drain(100))
				fail("it ended by itself");
			for (size_t k = 0; k + 30 < n_tail; k++)
				if (!memcmp(tail + k, "heap ", 5) &&
				    isdigit((unsigned char)tail[k + 5]))
					bytes = atof(tail + k + 5);
		}
		send_text("\033");
		settle(ESC_MS);
	}
	if (bytes < 0)
		fail("it does not answer");
	return bytes;
}

static void event(void)
{
	unsigned kind = below(100);

	events++;
	if (kind < 72)
		send_key();
	else if (kind < 84)
		send_word();
	else if (kind < 90)
		pty_resize(&pty, 3 + below(below(3) ? 40 : 100), 10 + below(below(3) ? 120 : 300));
	else if (kind < 94)
		send_command();
	else if (kind < 97)
		send_paste();
	else
		send_garbage();
	if (!drain(below(8) ? 2 : 30))
		fail("it ended by itself");
}

int main(int argc, char **argv)
{
	double seconds = 60, start, warm = 0, bytes;
	unsigned long limit = 0;
	uint64_t seed = 1;
	int opt, status;
	bool grew;

	while ((opt = getopt(argc, argv, "+s:t:n:")) != -1) {
		if (opt == 's')
			seed = strtoull(optarg, NULL, 10);
		else if (opt == 't')
			seconds = atof(optarg);
		else if (opt == 'n')
			limit = strtoul(optarg, NULL, 10);
		else
			return 2;
	}
	if (optind >= argc)
		return 2;
	state = seed;
	printf("# seed %llu\n", (unsigned long long)seed);
	fflush(stdout);
	if (!pty_start(&pty, 24, 80, argv + optind))
		return 1;
	drain(3000);
	start = clock_now();
	while (limit ? events < limit : clock_now() < start + seconds) {
		event();
		if (events % 500 == 0) {
			bytes = heap();
			/* Everything that is allocated once has been by then. */
			if (warm == 0 &&
			    clock_now() > start + (seconds / 4 > 60 ? 60 : seconds / 4))
				warm = bytes;
		}
	}
	bytes = heap();
	send_text("Q");
	drain(200);
	send_text("k"); /* where work goes on, it asks */
	for (int i = 0; i < ANSWER_SECONDS * 10; i++) {
		if (!drain(100))
			usleep(100000); /* it has closed the terminal and is about to end */
		if (waitpid(pty.pid, &status, WNOHANG) == pty.pid)
			break;
		if (i == ANSWER_SECONDS * 10 - 1)
			fail("it does not leave");
	}
	printf("%s 1 - the explorer survives %lu events\n", status == 0 ? "ok" : "not ok", events);
	if (status)
		printf("# wait status %d\n", status);
	grew = warm > 0 && bytes > warm * GROWTH + SLACK;
	printf("%s 2 - and its heap does not grow\n# %.0f bytes, %.0f at the end of the warming "
	       "up\n1..2\n",
	    grew ? "not ok" : "ok", bytes, warm);
	return status != 0 || grew;
}
