/* command.h - one run of the program: find the command, parse, open, run, print. main.c alone calls
 * it. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

#include "cli/commands.h"

/* Whether the arguments name a verb with the flag: for main, which must choose the BLAS kernel
 * before anything else. */
bool command_wants(int argc, char **argv, enum command_flag flag);

/* Parse, open, run, print. Returns the exit status. */
int command_run(int argc, char **argv);

#endif
