/* cmd_completion.c - completion scripts for shells, from the command table */
#include "cli/cli.h"

#include "base/err.h"

#include <stdio.h>
#include <string.h>

extern const struct command cmd_completion;

static bool is_shown(const struct command *c)
{
	return !(c->flags & COMMAND_HIDDEN);
}

static bool has_file_operand(const struct command *c)
{
	return strstr(c->synopsis, "FILE") != NULL;
}

/* A family's first word that is no verb by itself: of `export labels`, at its first. */
static bool begins_family(size_t i, size_t *n)
{
	const char *space = strchr(commands[i]->name, ' ');

	if (!space)
		return false;
	*n = (size_t)(space - commands[i]->name);
	for (size_t j = 0; j < commands_count; j++) {
		const char *name = commands[j]->name;
		bool same = !strncmp(name, commands[i]->name, *n);

		if (same && (name[*n] == '\0' || (name[*n] == ' ' && j < i)))
			return false;
	}
	return true;
}

/* What follows the first word of a family, n bytes. */
static void print_family(const char *first, size_t n)
{
	for (size_t j = 0; j < commands_count; j++)
		if (!strncmp(commands[j]->name, first, n) && commands[j]->name[n] == ' ')
			printf("%s ", commands[j]->name + n + 1);
}

static void print_verbs(void)
{
	size_t n;

	for (size_t i = 0; i < commands_count; i++)
		if (is_shown(commands[i]) && !strchr(commands[i]->name, ' '))
			printf("%s ", commands[i]->name);
		else if (begins_family(i, &n))
			printf("%.*s ", (int)n, commands[i]->name);
}

static void print_options(const struct option_row *r)
{
	for (; r && r->name; r++)
		printf(" --%s", r->name);
}

/* What may follow an option that takes a value, as cases of the word before the cursor: choices,
 * files, or the encoders; nothing where it is a number or a name. */
static void print_values(const struct command *c, const struct option_row *r)
{
	for (; r && r->name; r++) {
		if (!r->argument)
			continue;
		printf("\t%s'%s --%s'", c ? "" : "*", c ? c->name : "", r->name);
		if (r->letter)
			printf("|%s'%s -%c'", c ? "" : "*", c ? c->name : "", r->letter);
		printf(") ");
		if (r->choices) {
			printf("words='");
			for (size_t i = 0; r->choices[i]; i++)
				printf("%s%s", i ? " " : "", r->choices[i]);
			printf("' ");
		} else if (!strcmp(r->argument, "FILE") || !strcmp(r->argument, "DIR")) {
			printf("files=1 ");
		} else if (!strcmp(r->name, "encoder")) {
			printf("words='builtin minilm mpnet minilm+builtin' ");
		}
		puts(";;");
	}
}

/* One function of both shells: the words that may follow, by the verb and the word before. zsh runs
 * it through its bashcompinit. */
static void print_body(void)
{
	puts("_embedllm()\n{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	     "\tlocal verb= two= files= words= i\n"
	     /* bash takes --part=v for three words */
	     "\t[[ $cur == = ]] && cur= prev==\n"
	     "\t[[ $prev == = ]] && prev=${COMP_WORDS[COMP_CWORD-2]}\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tcase ${COMP_WORDS[i]} in\n"
	     "\t\t-d|--database|--color) ((i++)) ;;\n"
	     "\t\t-*) ;;\n"
	     "\t\t*) verb=${COMP_WORDS[i]}; two=\"$verb ${COMP_WORDS[i+1]-}\"; break ;;\n"
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tcase $two in");
	for (size_t i = 0; i < commands_count; i++)
		if (is_shown(commands[i]) && strchr(commands[i]->name, ' '))
			printf("\t'%s') verb=$two ;;\n", commands[i]->name);
	puts("\tesac\n\tcase \"$verb $prev\" in");
	for (size_t i = 0; i < commands_count; i++)
		print_values(commands[i], commands[i]->options);
	print_values(NULL, commands_globals);
	puts("\t*)\n\tcase $verb in");
	printf("\t'') words='");
	print_verbs();
	print_options(commands_globals);
	puts("' ;;");
	for (size_t i = 0; i < commands_count; i++) {
		const struct command *c = commands[i];
		size_t n;

		if (!is_shown(c))
			continue;
		if (begins_family(i, &n)) {
			printf("\t'%.*s') words='", (int)n, c->name);
			print_family(c->name, n);
			puts("' ;;");
		}
		printf("\t'%s') %swords='", c->name, has_file_operand(c) ? "files=1 " : "");
		print_family(c->name, strlen(c->name));
		if (c == &cmd_completion)
			printf("bash zsh");
		else if (!strcmp(c->name, "help"))
			print_verbs();
		print_options(c->options);
		print_options(commands_globals);
		puts("' ;;");
	}
	puts("\tesac ;;\n"
	     "\tesac\n"
	     "\tCOMPREPLY=()\n"
	     "\t[[ $cur == -* || -z $files ]] && COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\t[[ $cur != -* && -n $files ]] && COMPREPLY+=($(compgen -f -- \"$cur\"))\n"
	     "\treturn 0\n"
	     "}");
}

static bool run(struct cli *c, struct err *e)
{
	if (!strcmp(c->argv[0], "bash")) {
		puts("# bash completion of embedllm, written by: embedllm completion bash");
		print_body();
		puts("complete -o filenames -F _embedllm embedllm");
	} else if (!strcmp(c->argv[0], "zsh")) {
		puts("#compdef embedllm\n"
		     "# zsh completion of embedllm, written by: embedllm completion zsh");
		print_body();
		puts("autoload -U +X bashcompinit && bashcompinit\n"
		     "complete -o filenames -F _embedllm embedllm\n"
		     /* Loaded by the first Tab, which wants its answer. */
		     "if [[ ${funcstack[1]} == _embedllm ]]; then\n"
		     "\t_bash_complete -o filenames -F _embedllm\n"
		     "fi");
	} else {
		return err_set(
		    e, ERR_USAGE, "completion: '%s' is neither bash nor zsh", c->argv[0]);
	}
	return true;
}

const struct command cmd_completion = {
    .name = "completion",
    .synopsis = "bash|zsh",
    .summary = "print a completion script for the shell",
    .group = COMMAND_OTHER,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
