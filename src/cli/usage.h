/* usage.h - help texts, made from the command table. */
#ifndef CLI_USAGE_H
#define CLI_USAGE_H

#include <stdbool.h>
#include <stdio.h>

struct command;

/* --help of one verb. */
void usage_command(const struct command *c, FILE *f);
/* The verbs that begin with a word ("export"), a line each; false where there are none. */
bool usage_family(const char *first, FILE *f);
/* The list of all verbs. */
void usage_all(FILE *f);
/* Verbs, operands and options as TSV, for the check of the man page. */
void usage_dump(FILE *f);

#endif
