#include "tui/term.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "tui/key_reader.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define COPY_MAX 74994 /* xterm's limit of an OSC 52 sequence, after base64 */

static atomic_bool open_now; /* any thread and handlers: whoever clears it restores */
static struct termios saved; /* written once, before open_now */
static char leave[256];      /* what term_restore writes; written once, before open_now */
static size_t leave_len;
static struct {
	struct key_reader reader;
	char bytes[256];
	size_t n, at; /* bytes read, and those the reader has */
	double last;  /* clock of the last ones */
	uint32_t keys[KEY_READER_KEYS];
	unsigned n_keys; /* that wait */
} input;
static bool mouse_on;
static bool started; /* initscr was called */
static int colors;
static struct cell *shown; /* (h, w) what curses was last told */
static int shown_h, shown_w;

bool term_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

static void add_leave(const char *s)
{
	size_t n = s && s != (char *)-1 ? strlen(s) : 0;

	/* Padding ("$<5>") is for terminals that are long gone; such a string is left out. */
	if (n && !strchr(s, '$') && leave_len + n < sizeof(leave)) {
		memcpy(leave + leave_len, s, n);
		leave_len += n;
	}
}

static void write_all(const char *s, size_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, s, n);

		if (done < 0 && errno != EINTR)
			return;
		if (done > 0) {
			s += done;
			n -= (size_t)done;
		}
	}
}

void term_restore(void)
{
	if (!atomic_exchange(&open_now, false))
		return;
	write_all(leave, leave_len);
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

void term_close(void)
{
	if (!atomic_exchange(&open_now, false))
		return;
	write_all(PASTE_OFF MOUSE_OFF, strlen(PASTE_OFF MOUSE_OFF));
	endwin();
	tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	mem_free(shown);
	shown = NULL;
}

/* Keys of our own kind on top of what curses set: ^C and ^S are keys, ^Z and ^\ stay signals. */
static void raw_modes(void)
{
	struct termios t;

	cbreak();
	noecho();
	nonl();
	if (tcgetattr(STDIN_FILENO, &t) == 0) {
		t.c_cc[VINTR] = _POSIX_VDISABLE;
		t.c_iflag &= ~(tcflag_t)IXON;
		tcsetattr(STDIN_FILENO, TCSANOW, &t);
	}
	def_prog_mode();
	write_all(PASTE_ON, strlen(PASTE_ON));
}

static bool can_place_cursor(const char *name)
{
	bool can;
	int code;

	if (!name || !*name || !strcmp(name, "dumb") || setupterm(name, STDOUT_FILENO, &code) != OK)
		return false;
	can = cursor_address != NULL;
	del_curterm(cur_term); /* initscr reads it again, for itself */
	return can;
}

static void learn_key(const char *capability, uint32_t key)
{
	const char *s = tigetstr(capability);

	if (s && s != (char *)-1)
		key_reader_add(&input.reader, s, key);
}

/* What this terminal's description says, beside the sequences that the reader knows. */
static void learn_keys(void)
{
	static const struct {
		const char *capability;
		uint32_t key;
	} keys[] = {{"kcuu1", K_UP}, {"kcud1", K_DOWN}, {"kcub1", K_LEFT}, {"kcuf1", K_RIGHT},
	    {"khome", K_HOME}, {"kend", K_END}, {"kpp", K_PGUP}, {"knp", K_PGDN},
	    {"kich1", K_INSERT}, {"kdch1", K_DELETE}, {"kcbt", K_BACKTAB}, {"kent", K_ENTER}};

	key_reader_init(&input.reader, term_is_utf8());
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		learn_key(keys[i].capability, keys[i].key);
	for (uint32_t f = 0; K_F1 + f <= K_F12; f++) {
		char capability[8];

		snprintf(capability, sizeof(capability), "kf%u", (unsigned)f + 1);
		learn_key(capability, K_F1 + f);
	}
}

bool term_open(struct err *e)
{
	const char *name = getenv("TERM");

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_USAGE,
		    "the explorer needs a terminal; without one use the commands, e.g. 'embedllm "
		    "models' ('embedllm --help' lists them)");
	if (!can_place_cursor(name))
		return err_set(e, ERR_USAGE,
		    "the terminal type TERM=%s cannot show the explorer; use the commands, e.g. "
		    "'embedllm models' ('embedllm --help' lists them)",
		    name ? name : "");
	tcgetattr(STDIN_FILENO, &saved);
	if (!started) {
		initscr();
		started = true;
		atexit(term_close);
		mem_on_die(term_restore);
	} else {
		refresh();
	}
	leave_len = 0;
	add_leave(PASTE_OFF);
	add_leave(MOUSE_OFF);
	add_leave(tigetstr("rmkx"));
	add_leave(tigetstr("sgr0"));
	add_leave(tigetstr("op"));
	add_leave(tigetstr("cnorm"));
	add_leave(tigetstr("rmcup"));
	raw_modes();
	keypad(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	learn_keys();
	colors = 0;
	if (has_colors() && start_color() == OK) {
		use_default_colors();
		colors = COLORS;
	}
	atomic_store(&open_now, true);
	return true;
}

/* Colour pair r + 1 is role r. */
static attr_t role_attr[ROLE_COUNT];

void term_theme(const struct theme *t)
{
	for (int r = 0; r < ROLE_COUNT; r++) {
		struct ink k = theme_ink(t, colors, (enum role)r);

		role_attr[r] = (k.flags & STYLE_BOLD ? A_BOLD : 0) |
			       (k.flags & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
			       (k.flags & STYLE_REVERSE ? A_REVERSE : 0);
		if (colors >= 8)
			init_pair((short)(r + 1), (short)k.fg, (short)k.bg);
	}
	term_redraw();
}

void term_size(int *h, int *w)
{
	getmaxyx(stdscr, *h, *w);
}

void term_resize(void)
{
	struct winsize s;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &s) == 0 && s.ws_row > 0 && s.ws_col > 0)
		resizeterm(s.ws_row, s.ws_col);
}

/* Presses alone, in the form that has no limit of columns. */
void term_mouse(bool on)
{
	mouse_on = on;
	write_all(on ? MOUSE_ON : MOUSE_OFF, strlen(on ? MOUSE_ON : MOUSE_OFF));
}

static bool fill_input(void)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	ssize_t n = 0;

	if (poll(&in, 1, 0) > 0 && in.revents & POLLIN)
		n = read(STDIN_FILENO, input.bytes, sizeof(input.bytes));
	input.n = n > 0 ? (size_t)n : 0;
	input.at = 0;
	if (n > 0)
		input.last = clock_now();
	return n > 0;
}

int term_patience(void)
{
	int ms = key_reader_patience(&input.reader),
	    gone = (int)(1000 * (clock_now() - input.last));

	if (input.n_keys > 0 || input.at < input.n)
		return 0;
	return ms == 0 ? -1 : gone < ms ? ms - gone : 0;
}

uint32_t term_read(void)
{
	uint32_t key;

	while (input.n_keys == 0) {
		if (input.at < input.n || fill_input())
			input.n_keys = key_reader_feed(
			    &input.reader, (unsigned char)input.bytes[input.at++], input.keys);
		else if (term_patience() != 0)
			return K_NONE;
		else
			input.n_keys = key_reader_timeout(&input.reader, input.keys);
	}
	key = input.keys[0];
	memmove(input.keys, input.keys + 1, sizeof(input.keys) - sizeof(*input.keys));
	input.n_keys--;
	return key;
}

static void put_cell(int y, int x, const struct cell *k, bool utf8)
{
	wchar_t text[2 + CELL_MARKS] = {(wchar_t)k->cp};
	unsigned role = k->style & STYLE_ROLE;
	attr_t attr = role_attr[role];
	cchar_t c;

	if (!utf8 && k->cp > 0x7e)
		text[0] = L'?';
	else
		for (int i = 0; i < CELL_MARKS && k->mark[i]; i++)
			text[i + 1] = (wchar_t)k->mark[i];
	if (k->style & STYLE_BOLD)
		attr |= A_BOLD;
	if (k->style & STYLE_REVERSE)
		attr |= A_REVERSE;
	if (k->style & STYLE_UNDERLINE)
		attr |= A_UNDERLINE;
	if (setcchar(&c, text, attr, (short)(colors >= 8 ? role + 1 : 0), NULL) == OK)
		mvadd_wch(y, x, &c);
	/* Wide, but the C library thinks it narrow or the locale cannot show it: fill its cells. */
	if (k->width == 2 && (!utf8 || wcwidth(text[0]) != 2))
		mvaddch(y, x + 1, ' ');
}

void term_redraw(void)
{
	mem_free(shown);
	shown = NULL;
	if (started)
		clearok(curscr, TRUE);
}

void term_draw(const struct cells *c)
{
	size_t n = (size_t)c->h * (size_t)c->w;
	bool utf8 = term_is_utf8(), all;

	if (n == 0)
		return;
	all = !shown || c->h != shown_h || c->w != shown_w;
	if (all) {
		mem_free(shown);
		shown = mem_array(n, sizeof(*shown));
		shown_h = c->h;
		shown_w = c->w;
		erase();
	}
	/* Whole rows, so that no half of a wide character is left; curses sends the difference. */
	for (int y = 0; y < c->h; y++) {
		const struct cell *row = c->v + (size_t)y * (size_t)c->w;
		struct cell *old = shown + (size_t)y * (size_t)c->w;

		if (!all && !memcmp(old, row, (size_t)c->w * sizeof(*row)))
			continue;
		for (int x = 0; x < c->w; x++) {
			if (row[x].width > 0)
				put_cell(y, x, &row[x], utf8);
		}
		memcpy(old, row, (size_t)c->w * sizeof(*row));
	}
	if (c->cursor_y >= 0)
		move(c->cursor_y, c->cursor_x);
	curs_set(c->cursor_y >= 0);
	wnoutrefresh(stdscr);
	doupdate();
}

void term_suspend(void)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, old;

	if (!atomic_load(&open_now))
		return;
	write_all(PASTE_OFF MOUSE_OFF, strlen(PASTE_OFF MOUSE_OFF));
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &old);
	kill(0, SIGTSTP); /* stops here; the shell's fg goes on below */
	sigaction(SIGTSTP, &old, NULL);
	tcgetattr(STDIN_FILENO, &saved);
	reset_prog_mode();
	write_all(PASTE_ON, strlen(PASTE_ON));
	if (mouse_on)
		term_mouse(true);
	term_resize();
	term_redraw();
	refresh();
}

static void base64(struct buf *b, const char *s, size_t n)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		unsigned v = (unsigned)(unsigned char)s[i] << 16;

		v |= left > 1 ? (unsigned)(unsigned char)s[i + 1] << 8 : 0;
		v |= left > 2 ? (unsigned)(unsigned char)s[i + 2] : 0;
		buf_addc(b, digit[v >> 18]);
		buf_addc(b, digit[v >> 12 & 63]);
		buf_addc(b, left > 1 ? digit[v >> 6 & 63] : '=');
		buf_addc(b, left > 2 ? digit[v & 63] : '=');
	}
}

bool term_copy(const char *s, size_t n)
{
	bool tmux = getenv("TMUX") != NULL;
	struct buf b = BUF_INIT;

	if (n > COPY_MAX / 4 * 3)
		return false;
	/* tmux takes it itself where set-clipboard is on, and hands it on where allow-passthrough is. */
	for (int wrapped = 0; wrapped <= tmux; wrapped++) {
		buf_adds(&b, wrapped ? "\033Ptmux;\033\033]52;c;" : "\033]52;c;");
		base64(&b, s, n);
		buf_adds(&b, wrapped ? "\a\033\\" : "\a");
	}
	write_all(b.s, b.len);
	buf_clear(&b);
	return true;
}
