/* ex.c - the commands as one table. */
#include "ui/ex.h"

#include "base/file.h"
#include "base/mem.h"
#include "screen/screens.h"
#include "tui/list.h"
#include "tui/script.h"
#include "ui/act.h"
#include "ui/export.h"
#include "ui/guide.h"
#include "ui/load.h"
#include "view/host.h"
#include "view/preferences.h"
#include "view/stack.h"
#include "view/view.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum ex_argument { NO_ARGUMENT, ANY_TEXT, MODEL, EX_FILE, IMPORT_FILE, A_SETTING };

/* What it does: an action, or one of the functions. */
struct ex_command {
	const char *name;
	enum ex_argument argument;
	bool needed;
	enum action action;
	void (*call)(struct host *h);
	void (*take)(struct host *h, const char *arg);
	bool (*run)(struct host *h, const char *arg, struct err *e);
};

static void train(struct host *h)
{
	train_open_form(stack_front(h));
}

static void messages(struct host *h)
{
	view_push(stack_front(h), &screen_messages, NULL);
}

static void cost(struct host *h)
{
	view_push(stack_front(h), &screen_cost, NULL);
}

static void data_doctor(struct host *h)
{
	view_push(stack_front(h), &screen_data_doctor, NULL);
}

static void memory(struct host *h)
{
	host_say(h, MESSAGE_INFO, "heap %zu bytes in use", mem_in_use());
}

static void route(struct host *h, const char *text)
{
	route_ask(stack_front(h), text);
}

static void sql(struct host *h, const char *text)
{
	sql_ask(stack_front(h), text);
}

static bool find_model(struct host *h, const char *name, int64_t *id, struct err *e)
{
	const struct catalog *r = data_catalog(h->data);
	size_t m = catalog_find_model(r, name, e);

	if (m == SIZE_MAX)
		return false;
	*id = r->models[m].id;
	return true;
}

static bool ex_near(struct host *h, const char *arg, struct err *e)
{
	int64_t id;

	if (!find_model(h, arg, &id, e))
		return false;
	near_look(stack_front(h), id);
	return true;
}

static bool ex_model(struct host *h, const char *arg, struct err *e)
{
	int64_t id;

	if (!find_model(h, arg, &id, e))
		return false;
	model_open(view_go(stack_front(h), TAB_MODELS), id);
	return true;
}

static bool ex_set(struct host *h, const char *arg, struct err *e)
{
	char name[32] = "", choice[32] = "";
	enum setting s;

	if (!*arg) {
		view_push(stack_front(h), &screen_settings, NULL);
		return true;
	}
	if (sscanf(arg, "%31s %31s", name, choice) < 2) {
		char now[SETTING_CHOICE_SIZE];

		s = setting_find(name);
		if (s == SETTING_COUNT)
			return settings_set(&h->settings, name, "", e);
		setting_choice(s, h->settings.v[s], now);
		host_say(h, MESSAGE_INFO, "%s is %s, of %s: %s", name, now,
		    setting_info(s)->choices, setting_info(s)->help);
		return true;
	}
	return preferences_set(h, name, choice, e);
}

#define IMPORT "import "

static bool ex_models(struct host *h, const char *arg, struct err *e)
{
	size_t n = strlen(IMPORT);

	if (strncmp(arg, IMPORT, n) != 0 || !arg[n + strspn(arg + n, " ")])
		return err_set(e, ERR_USAGE,
		    ":models import FILE.csv reads prices and tags, in columns such as model, "
		    "price_in, price_out");
	load_models(h, arg + n + strspn(arg + n, " "));
	return true;
}

static bool ex_size(struct host *h, const char *arg, struct err *e)
{
	int rows, columns;

	if (!h->scripted)
		return err_set(e, ERR_USAGE, "that is for scripts: embedllm explore --script FILE");
	if (!script_parse_size(arg, &rows, &columns))
		return err_set(e, ERR_USAGE, "'%s' is not WxH, such as 80x24", arg);
	cells_erase(&h->cells, rows, columns);
	h->dirty = true;
	return true;
}

static const struct ex_command commands[] = {
    {"quit", .action = ACTION_QUIT},
    {"import", EX_FILE, true, .run = load_import},
    {"imports", .action = ACTION_IMPORTS},
    {"models", IMPORT_FILE, true, .run = ex_models},
    {"demo", .call = load_demo},
    {"train", .call = train},
    {"route", ANY_TEXT, true, .take = route},
    {"cost", .call = cost},
    {"near", MODEL, true, .run = ex_near},
    {"model", MODEL, true, .run = ex_model},
    {"set", A_SETTING, .run = ex_set},
    {"stop", .action = ACTION_STOP},
    {"reload", .action = ACTION_RELOAD},
    {"sql", ANY_TEXT, .take = sql},
    {"guide", .call = guide_toggle},
    {"doctor", .call = data_doctor},
    {"messages", .call = messages},
    {"help", .action = ACTION_HELP},
    {"memory", .call = memory},
    {"screen", EX_FILE, true, .run = export_screen},
    {"size", ANY_TEXT, true, .run = ex_size},
};
#define N_COMMANDS (sizeof(commands) / sizeof(*commands))

void ex_dump(FILE *f)
{
	for (size_t i = 0; i < N_COMMANDS; i++)
		fprintf(f, "command\t%s\n", commands[i].name);
}

/* By name, or by a beginning that only one has. */
static const struct ex_command *find_command(const char *name, size_t n, struct err *e)
{
	const struct ex_command *found = NULL;
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < N_COMMANDS; i++) {
		if (strncmp(commands[i].name, name, n))
			continue;
		if (strlen(commands[i].name) == n) {
			buf_clear(&b);
			return &commands[i];
		}
		buf_printf(&b, "%s%s", b.len ? ", " : "", commands[i].name);
		found = strchr(buf_str(&b), ',') ? NULL : &commands[i];
	}
	if (!found && b.len)
		err_set(e, ERR_USAGE, "%.*s may be %s", (int)n, name, buf_str(&b));
	else if (!found)
		err_set(e, ERR_USAGE, "there is no command %.*s; Tab lists them", (int)n, name);
	buf_clear(&b);
	return found;
}

/* ":42": the row of that number. */
static bool go_to_row(struct host *h, const char *line, struct err *e)
{
	struct list *l = stack_list(h);
	unsigned long row = strtoul(line, NULL, 10);

	if (!l || row < 1 || row > list_shown(l))
		return err_set(e, ERR_USAGE, "there is no row %s here", line);
	list_move_to(l, row - 1);
	return true;
}

static bool run_line(struct host *h, const char *line, struct err *e)
{
	size_t n = strcspn(line, " ");
	const char *arg = line + n + strspn(line + n, " ");
	static const char *const what[] = {[MODEL] = "a model's name",
	    [EX_FILE] = "a file's name",
	    [IMPORT_FILE] = "import and a file's name",
	    [ANY_TEXT] = "an argument"};
	const struct ex_command *c;

	if (strspn(line, "0123456789") == strlen(line))
		return go_to_row(h, line, e);
	c = find_command(line, n, e);
	if (!c)
		return false;
	if (c->needed && !*arg)
		return err_set(e, ERR_USAGE, ":%s needs %s", c->name, what[c->argument]);
	if (!c->needed && c->argument == NO_ARGUMENT && *arg)
		return err_set(e, ERR_USAGE, ":%s takes no argument", c->name);
	if (c->run)
		return c->run(h, arg, e);
	if (c->take)
		c->take(h, arg);
	else if (c->call)
		c->call(h);
	else
		act_do(h, c->action);
	return true;
}

void ex_run(struct host *h, const char *line)
{
	struct err e = ERR_INIT;

	line += strspn(line, " ");
	if (!*line || run_line(h, line, &e))
		return;
	host_error(h, &e);
	if (h->scripted && h->end.kind == ERR_NONE)
		fprintf(stderr, "embedllm: :%s: %s\n", line, e.msg);
}

/* Completion: the beginning that all candidates share. */

struct completion {
	const char *typed;
	size_t n;        /* length of it */
	struct buf best; /* shared beginning of the candidates so far */
	int candidates;
	struct buf *choices; /* all of them, as far as a line can show */
};

static void offer(struct completion *c, const char *candidate)
{
	size_t same = 0;

	if (strncmp(candidate, c->typed, c->n))
		return;
	buf_printf(c->choices, "%s%s", c->candidates ? "  " : "", candidate);
	if (c->candidates++ == 0) {
		buf_adds(&c->best, candidate);
		return;
	}
	while (same < c->best.len && c->best.s[same] == candidate[same])
		same++;
	/* Whole characters only. */
	while (same > c->n && ((unsigned char)candidate[same] & 0xc0) == 0x80)
		same--;
	c->best.len = same;
	if (c->best.s)
		c->best.s[same] = '\0';
}

static void offer_files(struct completion *c)
{
	char *dir = file_dir(c->typed);
	const char *base = file_base(c->typed);
	size_t lead = (size_t)(base - c->typed);
	DIR *d = opendir(lead ? dir : ".");
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		char *path;

		if (entry->d_name[0] == '.' && *base != '.')
			continue;
		path = mem_printf("%.*s%s", (int)lead, c->typed, entry->d_name);
		if (file_is_dir(path)) {
			char *with_slash = mem_printf("%s/", path);

			offer(c, with_slash);
			mem_free(with_slash);
		} else {
			offer(c, path);
		}
		mem_free(path);
	}
	if (d)
		closedir(d);
	mem_free(dir);
}

static void offer_settings(struct completion *c, const char *arg)
{
	size_t n = strcspn(arg, " ");
	char name[32], choice[SETTING_CHOICE_SIZE];
	enum setting s;

	if (!arg[n]) {
		for (int i = 0; i < SETTING_COUNT; i++)
			offer(c, setting_info((enum setting)i)->name);
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)n, arg);
	s = setting_find(name);
	c->typed = arg + n + strspn(arg + n, " ");
	c->n = strlen(c->typed);
	for (int i = 0; s < SETTING_COUNT && setting_choice(s, i, choice); i++)
		offer(c, choice);
}

static void offer_arguments(struct host *h, struct completion *c, enum ex_argument kind)
{
	const struct catalog *r = data_catalog(h->data);

	switch (kind) {
	case MODEL:
		for (size_t m = 0; m < r->n_models; m++)
			offer(c, r->models[m].name);
		break;
	case EX_FILE:
		load_import_path(c->typed, &c->typed);
		c->n = strlen(c->typed);
		offer_files(c);
		break;
	case IMPORT_FILE:
		if (strncmp(c->typed, IMPORT, strlen(IMPORT)) != 0) {
			offer(c, IMPORT);
			break;
		}
		c->typed += strlen(IMPORT);
		c->n = strlen(c->typed);
		offer_files(c);
		break;
	case A_SETTING:
		offer_settings(c, c->typed);
		break;
	default:
		break;
	}
}

char *ex_complete(struct host *h, const char *line, struct buf *choices)
{
	struct completion c = {.typed = line, .n = strlen(line), .choices = choices};
	const char *space = strchr(line, ' ');
	char *out = NULL;

	buf_init(&c.best, 4096);
	if (!space) {
		for (size_t i = 0; i < N_COMMANDS; i++)
			offer(&c, commands[i].name);
	} else {
		struct err e = ERR_INIT;
		const struct ex_command *cmd = find_command(line, (size_t)(space - line), &e);

		c.typed = space + strspn(space, " ");
		c.n = strlen(c.typed);
		if (cmd)
			offer_arguments(h, &c, cmd->argument);
	}
	if (c.candidates)
		out = mem_printf("%.*s%s%s", (int)(c.typed - line), line, buf_str(&c.best),
		    c.candidates == 1 && !space ? " " : "");
	buf_clear(&c.best);
	return out;
}
