/* main.c - locale, signals, the choice of the BLAS kernel, exit status. Nothing else: the verbs, their
 * options and the database are cli/command's. */
#include "base/temporary.h"
#include "cli/command.h"
#include "num/kernel.h"

#include <locale.h>
#include <signal.h>

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* a point in every number we read or write */
	signal(SIGXFSZ, SIG_IGN);   /* a file size limit is an error of write() */
	temporary_on_signals();
	/* Before any thread of ours: this may execute the program anew (num/kernel.h). */
	if (command_wants(argc, argv, COMMAND_MATH))
		kernel_choose(argv);
	return command_run(argc, argv);
}
