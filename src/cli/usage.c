#include "cli/usage.h"

#include "base/buf.h"
#include "base/mem.h"
#include "cli/commands.h"

#include <string.h>

#define HELP_COLUMN 28
#define HELP_WIDTH 80

/* Words of `text` wrapped between two columns; `at` is where the cursor is. */
static void print_wrapped(FILE *f, const char *text, size_t at, size_t indent)
{
	bool first = true;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (!first && at + 1 + n > HELP_WIDTH) {
			fprintf(f, "\n%*s", (int)indent, "");
			at = indent;
			first = true;
		}
		fprintf(f, "%s%.*s", first ? "" : " ", (int)n, text);
		at += n + !first;
		first = false;
		text += n + (text[n] == ' ');
	}
	putc('\n', f);
}

/* "--dim=K" or "-d, --database=FILE" */
static void add_option_name(struct buf *b, const struct option_row *r)
{
	if (r->letter)
		buf_printf(b, "-%c, ", r->letter);
	buf_printf(b, "--%s", r->name);
	if (r->argument)
		buf_printf(b, " %s", r->argument);
}

static void print_options(const struct option_row *rows, const void *fields, FILE *f)
{
	struct buf name = BUF_INIT, help = BUF_INIT, value = BUF_INIT;

	for (const struct option_row *r = rows; r && r->name; r++) {
		buf_reset(&name);
		buf_reset(&help);
		buf_reset(&value);
		add_option_name(&name, r);
		buf_adds(&help, r->help);
		if (r->type == OPTION_CHOICE) {
			const char *before = ": ";

			for (size_t i = 0; r->choices[i]; i++) {
				if (!*r->choices[i])
					continue;
				buf_printf(&help, "%s%s", before, r->choices[i]);
				before = ", ";
			}
		}
		option_default(r, fields, &value);
		if (value.len)
			buf_printf(&help, " (default: %s)", value.s);
		if (name.len + 4 <= HELP_COLUMN)
			fprintf(f, "  %-*s", HELP_COLUMN - 2, name.s);
		else
			fprintf(f, "  %s\n%*s", name.s, HELP_COLUMN, "");
		print_wrapped(f, help.s, HELP_COLUMN, HELP_COLUMN);
	}
	buf_clear(&name);
	buf_clear(&help);
	buf_clear(&value);
}

static void usage_line(const struct command *c, FILE *f)
{
	fprintf(
	    f, "usage: embedllm %s [options]%s%s\n", c->name, *c->synopsis ? " " : "", c->synopsis);
}

void usage_command(const struct command *c, FILE *f)
{
	void *fields = mem_zero_array(1, c->size + 1);

	if (c->defaults)
		c->defaults(fields);
	usage_line(c, f);
	putc('\n', f);
	print_wrapped(f, c->summary, 0, 0);
	if (c->description) {
		putc('\n', f);
		print_wrapped(f, c->description, 0, 0);
	}
	if (c->alias)
		fprintf(f, "\nAlso called: %s\n", c->alias);
	if (c->options) {
		fputs("\nOptions:\n", f);
		print_options(c->options, fields, f);
	}
	fputs("\nEvery verb also takes -d FILE, --json, --tsv, --quiet, --color WHEN and --help.\n",
	    f);
	mem_free(fields);
}

/* "train [options]   learn a vector for every model" */
static void print_summary(const struct command *c, struct buf *line, FILE *f)
{
	buf_reset(line);
	buf_printf(line, "%s %s", c->name, c->synopsis);
	fprintf(f, "  %-*s", HELP_COLUMN - 2, line->s);
	if (line->len > HELP_COLUMN - 4)
		fprintf(f, "\n%*s", HELP_COLUMN, "");
	print_wrapped(f, c->summary, HELP_COLUMN, HELP_COLUMN);
}

bool usage_family(const char *first, FILE *f)
{
	size_t n = strlen(first);
	struct buf line = BUF_INIT;
	bool any = false;

	for (size_t i = 0; i < commands_count; i++) {
		const struct command *c = commands[i];

		if (strncmp(c->name, first, n) || (c->name[n] && c->name[n] != ' ') ||
		    (c->flags & COMMAND_HIDDEN))
			continue;
		if (!any)
			fprintf(f, "usage: embedllm %s WHAT [options]\n\n", first);
		any = true;
		print_summary(c, &line, f);
	}
	if (any)
		fprintf(f, "\n'embedllm %s WHAT --help' explains one.\n", first);
	buf_clear(&line);
	return any;
}

void usage_all(FILE *f)
{
	static const char *const titles[COMMAND_GROUP_COUNT] = {
	    [COMMAND_DATA] = "Data",
	    [COMMAND_LEARN] = "Learning",
	    [COMMAND_EXPLORE] = "Exploring",
	    [COMMAND_OTHER] = "Other",
	};
	struct buf line = BUF_INIT;

	fputs("usage: embedllm [-d FILE] [VERB] [options]\n\n"
	      "Learns what each language model can do from a table of right and wrong answers.\n",
	    f);
	for (int g = 0; g < COMMAND_GROUP_COUNT; g++) {
		fprintf(f, "\n%s\n", titles[g]);
		for (size_t i = 0; i < commands_count; i++) {
			const struct command *c = commands[i];

			if (c->group != (enum command_group)g || (c->flags & COMMAND_HIDDEN))
				continue;
			print_summary(c, &line, f);
		}
	}
	fputs("\nOptions of every verb\n", f);
	print_options(commands_globals, &(struct commands_globals){.json = false}, f);
	fputs("\nThe manual is embedllm(1); 'embedllm VERB --help' explains one verb.\n", f);
	buf_clear(&line);
}

static void dump_options(const char *verb, const struct option_row *r, FILE *f)
{
	for (; r && r->name; r++)
		fprintf(f, "option\t%s\t--%s\t%s\n", verb, r->name, r->argument ? r->argument : "");
}

void usage_dump(FILE *f)
{
	dump_options("", commands_globals, f);
	for (size_t i = 0; i < commands_count; i++) {
		fprintf(f, "verb\t%s\t%s\t%s\n", commands[i]->name, commands[i]->synopsis,
		    commands[i]->summary);
		dump_options(commands[i]->name, commands[i]->options, f);
	}
}
