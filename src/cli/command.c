#include "config.h"

#include "cli/command.h"

#include "base/err.h"
#include "base/guard.h"
#include "base/mem.h"
#include "base/spelling.h"
#include "cli/cli.h"
#include "cli/live.h"
#include "cli/usage.h"

#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The verb that is meant where none is named. */
static const char default_verb[] = "explore";

bool command_wants(int argc, char **argv, enum command_flag flag)
{
	struct commands_globals g = {.json = false};
	const struct option_table table = {commands_globals, &g};
	struct arena a = ARENA_INIT;
	const struct command *c = NULL;
	int at, words;

	if (option_parse(&table, 1, true, argc, argv, &a, &at, NULL))
		c = at < argc ? commands_find(argv[at], at + 1 < argc ? argv[at + 1] : NULL, &words)
			      : commands_find(default_verb, NULL, &words);
	arena_clear(&a);
	return c && (c->flags & flag);
}

static bool unknown_verb(const char *word, struct arena *a, struct err *e)
{
	const char *names[128], *near, *family = commands_family(word, a);
	size_t n = 0;

	if (family)
		return err_set(e, ERR_USAGE, "%s: say what: %s", word, family);
	for (size_t i = 0; i < commands_count && n < 128; i++)
		if (!(commands[i]->flags & COMMAND_HIDDEN))
			names[n++] = commands[i]->name;
	near = spelling_nearest(word, names, n);
	if (near)
		return err_set(e, ERR_USAGE, "unknown verb '%s'; did you mean '%s'?", word, near);
	return err_set(e, ERR_USAGE, "unknown verb '%s'; 'embedllm help' lists them", word);
}

/* Running */

static bool is_ascii_locale(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static bool wants_color(int when, int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (when != COLOR_AUTO)
		return when == COLOR_ALWAYS;
	return isatty(fd) && !(no && *no) && !(term && !strcmp(term, "dumb"));
}

static size_t terminal_width(void)
{
	struct winsize w;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col >= 20 ? w.ws_col : 80;
}

static bool check_operands(const struct command *c, int n, char **v, struct arena *a, struct err *e)
{
	const char *family = n == 1 && c->max_operands == 0 ? commands_family(c->name, a) : NULL;

	if (family)
		return err_set(e, ERR_USAGE, "there is no verb '%s %s'; of %s there are: %s",
		    c->name, v[0], c->name, family);
	if (n < c->min_operands)
		return err_set(e, ERR_USAGE, "%s: %s is missing; usage: embedllm %s %s", c->name,
		    n == 0 ? c->synopsis : "an operand", c->name, c->synopsis);
	if (c->max_operands >= 0 && n > c->max_operands)
		return err_set(e, ERR_USAGE, "%s: '%s' is one too many; usage: embedllm %s %s",
		    c->name, v[c->max_operands], c->name, c->synopsis);
	return true;
}

static bool parse(struct cli *c, struct commands_globals *g, int argc, char **argv, struct err *e)
{
	const struct option_table tables[] = {
	    {commands_globals, g},
	    {c->command->options, c->options},
	};
	int first;

	if (c->command->defaults)
		c->command->defaults(c->options);
	if (!option_parse(tables, 2, false, argc, argv, &c->arena, &first, e))
		return false;
	if (c->command->rebase && c->command->rebase(c->options) &&
	    !option_parse(tables, 2, false, argc, argv, &c->arena, &first, e))
		return false;
	c->argc = argc - first;
	c->argv = argv + first;
	return true;
}

static bool run(struct cli *c, const struct commands_globals *g, struct err *e)
{
	struct out_style style = {
	    .format = g->json  ? OUT_JSON
		      : g->tsv ? OUT_TSV
			       : OUT_PLAIN,
	    .width = terminal_width(),
	    .color = wants_color(g->color, STDOUT_FILENO),
	};
	unsigned flags = c->command->flags;
	bool ok;

	if (g->json && g->tsv)
		return err_set(e, ERR_USAGE, "--json and --tsv: choose one");
	if (!check_operands(c->command, c->argc, c->argv, &c->arena, e))
		return false;
	c->quiet = g->quiet;
	c->color = (enum color_when)g->color;
	c->ascii = style.ascii = is_ascii_locale();
	c->path = session_path(g->database);
	c->path_given = g->database != NULL;
	guard_add(c->path); /* whether the verb opens it or not */
	if ((flags & (COMMAND_READ | COMMAND_WRITE)) &&
	    !cli_open(c, flags & COMMAND_WRITE ? SESSION_WRITE : SESSION_READ, e))
		return false;
	c->out = out_new(&style);
	ok = c->command->run(c, e);
	live_clear();
	if (ok)
		return c->printed || out_print(c->out, stdout, e);
	if (c->keep_out)
		out_print(c->out, stdout, NULL);
	return false;
}

static bool find_and_run(
    struct cli *c, struct commands_globals *g, int argc, char **argv, struct err *e)
{
	const struct option_table table = {commands_globals, g};
	int at, words = 0;

	if (!option_parse(&table, 1, true, argc, argv, &c->arena, &at, e))
		return false;
	if (g->version) {
		puts("embedllm " PACKAGE_VERSION);
		return true;
	}
	if (at == argc && g->help) {
		usage_all(stdout);
		return true;
	}
	c->command = at < argc
			 ? commands_find(argv[at], at + 1 < argc ? argv[at + 1] : NULL, &words)
			 : commands_find(default_verb, NULL, &words);
	if (!c->command && at + 1 < argc &&
	    (!strcmp(argv[at + 1], "--help") || !strcmp(argv[at + 1], "-h")) &&
	    usage_family(argv[at], stdout))
		return true;
	if (!c->command)
		return unknown_verb(at < argc ? argv[at] : default_verb, &c->arena, e);
	if (at == argc)
		words = 0;

	c->options = arena_alloc(&c->arena, 1, c->command->size + 1);
	/* The last word of the verb stands where getopt expects the program's name. */
	at += words > 0 ? words - 1 : -1;
	if (!parse(c, g, argc - at, argv + at, e)) {
		err_wrap(e, "%s", c->command->name);
		return false;
	}
	if (g->help) {
		usage_command(c->command, stdout);
		return true;
	}
	return run(c, g, e);
}

int command_run(int argc, char **argv)
{
	struct cli c = {.arena = ARENA_INIT};
	struct commands_globals g = {.json = false};
	struct err e = ERR_INIT;

	signal(SIGPIPE, SIG_IGN);
	find_and_run(&c, &g, argc, argv, &e);
	out_free(c.out);
	session_close(c.db);
	mem_free(c.path);
	if (e.kind == ERR_NONE && fflush(stdout) && errno != EPIPE)
		err_errno(&e, ERR_FAILED, "standard output");
	if (e.kind != ERR_NONE) {
		bool color = wants_color(g.color, STDERR_FILENO);

		fflush(stdout);
		fprintf(stderr, "%sembedllm:%s %s\n", color ? "\033[1;31m" : "",
		    color ? "\033[m" : "", e.msg);
		if (e.kind == ERR_USAGE && c.command)
			fprintf(stderr, "embedllm: 'embedllm %s --help' explains it\n",
			    c.command->name);
	}
	arena_clear(&c.arena);
	return err_exit_status(e.kind);
}
