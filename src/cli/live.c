#include "cli/live.h"

#include "base/clock.h"
#include "base/temporary.h"
#include "base/utf8.h"

#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DRAW_EVERY 0.1 /* seconds */
#define ETA_AFTER 3.0  /* seconds into a phase: earlier guesses jump about */

static volatile sig_atomic_t stopped; /* written by the handler alone */

static struct {
	bool draws, shown;
	const char *phase;
	double phase_start, phase_done, drawn;
	char said[120];
} live;

static void on_interrupt(int sig)
{
	if (stopped) /* asked for twice */
		temporary_end(sig);
	stopped = 1;
}

static size_t screen_width(void)
{
	struct winsize w;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 1 ? w.ws_col : 80;
}

static void draw(const struct tick *t)
{
	char line[512];
	double gone = clock_now() - live.phase_start, rate = (t->done - live.phase_done) / gone;
	size_t n = (size_t)snprintf(line, sizeof(line), "%s", t->phase);
	size_t cells;

	if (t->total > 0) {
		double left = (t->total - t->done) / rate;

		n += (size_t)snprintf(
		    line + n, sizeof(line) - n, " %.0f%%", 100 * t->done / t->total);
		if (gone > ETA_AFTER && rate > 0)
			n += (size_t)snprintf(
			    line + n, sizeof(line) - n, ", %.3g %s/s", rate, t->unit);
		if (gone > ETA_AFTER && isfinite(left) && left >= 1)
			n += (size_t)snprintf(line + n, sizeof(line) - n, ", about %d:%02d left",
			    (int)left / 60, (int)left % 60);
	} else if (t->done > 0) {
		n += (size_t)snprintf(line + n, sizeof(line) - n, " %.0f %s", t->done, t->unit);
	}
	if (*live.said)
		snprintf(line + n, sizeof(line) - n, "  %s", live.said);
	n = utf8_clip(line, screen_width() - 1, &cells);
	fprintf(stderr, "\r%.*s\033[K", (int)n, line);
	fflush(stderr);
	live.shown = true;
}

static bool tick(void *arg, const struct tick *t)
{
	double at = clock_now();

	(void)arg;
	if (stopped)
		return false;
	if (!live.phase || strcmp(live.phase, t->phase) || t->done < live.phase_done) {
		live.phase = t->phase;
		live.phase_start = at;
		live.phase_done = t->done;
	}
	if (live.draws && at - live.drawn >= DRAW_EVERY) {
		live.drawn = at;
		draw(t);
	}
	return true;
}

const struct progress *live_progress(bool quiet)
{
	static const struct progress progress = {tick, NULL};
	struct sigaction act = {.sa_handler = on_interrupt};

	sigemptyset(&act.sa_mask);
	sigaction(SIGINT, &act, NULL);
	live.draws = !quiet && isatty(STDERR_FILENO);
	return &progress;
}

bool live_on_screen(void)
{
	return live.draws;
}

void live_say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(live.said, sizeof(live.said), fmt, ap);
	va_end(ap);
}

void live_clear(void)
{
	if (live.shown)
		fputs("\r\033[K", stderr);
	live.shown = false;
}
