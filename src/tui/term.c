#include "tui/term.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "tui/key.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define COPY_MAX 74994 /* xterm's limit of an OSC 52 sequence, after base64 */

enum { CODE_PASTE_BEGIN = KEY_MAX + 1, CODE_PASTE_END };

static atomic_bool open_now; /* any thread and handlers: whoever clears it restores */
static struct termios saved; /* written once, before open_now */
static char leave[256];      /* what term_restore writes; written once, before open_now */
static size_t leave_len;
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
	write_all(PASTE_OFF, strlen(PASTE_OFF));
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
	set_escdelay(25);
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
	nodelay(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	define_key("\033[200~", CODE_PASTE_BEGIN);
	define_key("\033[201~", CODE_PASTE_END);
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

static uint32_t mouse_event(void)
{
	MEVENT m;

	if (getmouse(&m) != OK || m.y < 0 || m.x < 0 || m.y >= 2048 || m.x >= 2048)
		return K_OTHER;
	if (m.bstate & BUTTON1_PRESSED)
		return KEY_CLICK(m.y, m.x);
	if (m.bstate & BUTTON4_PRESSED)
		return K_WHEEL_UP;
	return m.bstate & BUTTON5_PRESSED ? K_WHEEL_DOWN : K_OTHER;
}

static uint32_t function_key(wint_t c)
{
	switch (c) {
	case KEY_UP:
		return K_UP;
	case KEY_DOWN:
		return K_DOWN;
	case KEY_LEFT:
		return K_LEFT;
	case KEY_RIGHT:
		return K_RIGHT;
	case KEY_HOME:
		return K_HOME;
	case KEY_END:
		return K_END;
	case KEY_PPAGE:
		return K_PGUP;
	case KEY_NPAGE:
		return K_PGDN;
	case KEY_DC:
		return K_DELETE;
	case KEY_BTAB:
		return K_BACKTAB;
	case KEY_BACKSPACE:
		return K_BACKSPACE;
	case KEY_ENTER:
		return K_ENTER;
	case KEY_F(1):
		return K_F1;
	case KEY_MOUSE:
		return mouse_event();
	case CODE_PASTE_BEGIN:
		return K_PASTE_BEGIN;
	case CODE_PASTE_END:
		return K_PASTE_END;
	default:
		return K_OTHER;
	}
}

void term_mouse(bool on)
{
	/* Presses alone: no waiting for a release or a second click. */
	mouseinterval(0);
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

uint32_t term_read(void)
{
	wint_t c;

	switch (wget_wch(stdscr, &c)) {
	case OK:
		if (c == '\n')
			return K_ENTER;
		return c == 8 ? K_BACKSPACE : (uint32_t)c;
	case KEY_CODE_YES:
		return function_key(c);
	default:
		return K_NONE;
	}
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
	write_all(PASTE_OFF, strlen(PASTE_OFF));
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &saved);
	sigemptyset(&stop.sa_mask);
	sigaction(SIGTSTP, &stop, &old);
	kill(0, SIGTSTP); /* stops here; the shell's fg goes on below */
	sigaction(SIGTSTP, &old, NULL);
	tcgetattr(STDIN_FILENO, &saved);
	reset_prog_mode();
	write_all(PASTE_ON, strlen(PASTE_ON));
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
