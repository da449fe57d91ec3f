/* main.c - locale, the choice of the BLAS kernel, exit status. Nothing else: the verbs, their
 * options and the database are cli/command's. */
#include "cli/command.h"
#include "num/blas.h"

#include <locale.h>

int main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* a point in every number we read or write */
	/* Before any thread of ours: this may execute the program anew (num/blas.h). */
	if (command_wants(argc, argv, COMMAND_MATH))
		blas_choose_kernel(argv);
	return command_run(argc, argv);
}
