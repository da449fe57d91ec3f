/* sequences - what terminals send, typed into a field of the explorer on a pseudo-terminal.
 *
 * usage: sequences COMMAND [ARG ...]
 *
 * Starts COMMAND, the explorer. For every sequence it types a text, the sequence and a letter into
 * the question of Route, writes the screen to the file sequences.txt and looks what the question is.
 * Each is sent at once, and then torn into its bytes. Prints TAP. */
#include "pty.h"

#include "base/clock.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHOT "sequences.txt"
#define PAUSE_US 20000 /* below the 100 ms of an Esc alone */
#define TRIES 4        /* of what is torn: a busy machine makes pauses longer */
#define WAIT_SECONDS 20

static struct pty pty;
static int n_tests, n_failed;

static const struct {
	const char *name, *bytes, *question; /* afterwards; of "hello" and "W" */
} sent[] = {
    {"Home of the cursor mode", "\033[H", "Whello"},
    {"Home of PuTTY and tmux", "\033[1~", "Whello"},
    {"End of PuTTY and tmux", "\033[4~", "helloW"},
    {"Home of rxvt", "\033[7~", "Whello"},
    {"Shift-Home of rxvt", "\033[7$", "Whello"},
    {"Home of the application mode", "\033OH", "Whello"},
    {"Left with Ctrl", "\033[1;5D", "hellWo"},
    {"Left with Alt, of rxvt", "\033\033[D", "hellWo"},
    {"Right of old terminals", "\033[5C", "helloW"},
    {"F1 of the Linux console", "\033[[A", "helloW"},
    {"F5", "\033[15~", "helloW"},
    {"Enter of the keypad", "\033OM", "hello"},
    {"7 of the keypad", "\033Ow", "hello7W"},
    {"Alt-b", "\033b", "Whello"},
    {"Alt-q", "\033q", "helloW"},
    {"Alt-Backspace", "\033\177", "W"},
    {"CSI u with Ctrl", "\033[97;5u", "helloW"},
    {"CSI u", "\033[97u", "helloaW"},
    {"modifyOtherKeys with Ctrl", "\033[27;5;97~", "helloW"},
    {"focus", "\033[I\033[O", "helloW"},
    {"a mouse report", "\033[<35;11;6M\033[<0;11;6m", "helloW"},
    {"a mouse report of the first kind", "\033[M#tq", "helloW"},
    {"a mouse report of urxvt", "\033[35;11;6M", "helloW"},
    {"what the terminal is", "\033[?62;4c\033[>0;276;0c", "helloW"},
    {"where the cursor is", "\033[12;40R", "helloW"},
    {"a colour", "\033]11;rgb:0000/0000/0000\a", "helloW"},
    {"a colour, ended by ST", "\033]11;rgb:0000/0000/0000\033\\", "helloW"},
    {"a setting", "\033P1$r0m\033\\", "helloW"},
    {"a name", "\033P>|tmux 3.3a\033\\", "helloW"},
    {"APC, PM and SOS", "\033_Gi=1;OK\033\\\033^j\033\\\033Xt\033\\", "helloW"},
    {"a character of four bytes", "\xf0\x9f\x98\x80", "hello\xf0\x9f\x98\x80W"},
    {"a paste", "\033[200~jq\rt\033[201~", "hellojq tW"},
};

static void drain(int ms)
{
	char buf[8192];

	while (pty_read(&pty, ms, buf, sizeof(buf)) > 0)
		ms = 0;
}

static void type(const char *s, unsigned pause)
{
	for (; *s; s++) {
		if (write(pty.fd, s, 1) != 1)
			return;
		if (pause) {
			usleep(pause);
			drain(0);
		}
	}
}

/* The question, from the fourth line of the screen; "" where it is not to be had. */
static void read_question(char *s, size_t size)
{
	double until = clock_now() + WAIT_SECONDS;
	FILE *f = NULL;
	size_t n;

	type(":screen " SHOT "\r", 0);
	*s = '\0';
	while (!(f = fopen(SHOT, "r")) && clock_now() < until)
		drain(20);
	if (!f)
		return;
	for (int i = 0; i < 4; i++)
		if (!fgets(s, (int)size, f))
			*s = '\0';
	fclose(f);
	unlink(SHOT);
	n = strlen(s);
	while (n > 0 && strchr(" \n", s[n - 1]))
		s[--n] = '\0';
	memmove(s, s + strspn(s, " "), n + 1 - strspn(s, " "));
}

static void check(const char *name, const char *how, const char *got, const char *wanted)
{
	bool good = !strcmp(got, wanted);

	printf("%s %d - %s%s\n", good ? "ok" : "not ok", ++n_tests, name, how);
	if (!good)
		printf("# the question is '%s', not '%s'\n", got, wanted);
	n_failed += !good;
}

static void begin(void)
{
	type("6i\001\013hello", 0); /* ^A ^K clear the field */
	drain(50);
}

static void try(const char *name, const char *bytes, unsigned pause, const char *wanted)
{
	char got[512];

	for (int i = 0; i < (pause ? TRIES : 1) && (!i || strcmp(got, wanted)); i++) {
		begin();
		type(bytes, pause);
		type("W\r", 0); /* Enter leaves the field; or else is the answer to the stray W */
		read_question(got, sizeof(got));
	}
	check(name, pause ? ", torn" : "", got, wanted);
}

/* What never comes to its end is given up after a second, and the rest of a late one is not keys. */
static void try_pauses(void)
{
	char got[512];

	begin();
	type("\033]11;rgb:00", 0);
	usleep(400000);
	type("00/q/t\aW\r", 0);
	read_question(got, sizeof(got));
	check("a colour that pauses for 400 ms", "", got, "helloW");
	begin();
	type("\033[1;", 0);
	usleep(1500000);
	type("W\r", 0);
	read_question(got, sizeof(got));
	check("a sequence that is never ended", "", got, "helloW");
	begin();
	type("\033]0;jt", 0);
	usleep(1500000);
	type("W\r", 0);
	read_question(got, sizeof(got));
	check("a string that is never ended", "", got, "helloW");
	begin();
	type("\033", 0);
	usleep(400000);
	type("6", 0); /* a key, now that Esc has left the field */
	read_question(got, sizeof(got));
	check("Esc alone", "", got, "hello");
}

int main(int argc, char **argv)
{
	char got[512] = "";
	int status = 0;

	if (argc < 2)
		return 2;
	unlink(SHOT);
	if (!pty_start(&pty, 24, 80, argv + 1))
		return 1;
	for (int i = 0; i < WAIT_SECONDS && strcmp(got, "hello");
	     i++) { /* until it has read its data */
		drain(1000);
		begin();
		type("\r", 0);
		read_question(got, sizeof(got));
	}
	for (size_t i = 0; i < sizeof(sent) / sizeof(*sent); i++) {
		try(sent[i].name, sent[i].bytes, 0, sent[i].question);
		try(sent[i].name, sent[i].bytes, PAUSE_US, sent[i].question);
	}
	try_pauses();
	printf("1..%d\n", n_tests);
	kill(pty.pid, SIGTERM);
	drain(500);
	close(pty.fd);
	waitpid(pty.pid, &status, 0);
	return n_failed > 0;
}
