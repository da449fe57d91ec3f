/* ex.h - commands typed after `:`. */
#ifndef UI_EX_H
#define UI_EX_H

#include <stdio.h>

struct buf;
struct host;

void ex_dump(FILE *f); /* names of the commands, for app_dump */
void ex_run(struct host *h, const char *line);
/* The text with its last word completed, or NULL where nothing fits; mem_free. What fits is added to
 * `choices`, as far as that takes it. */
char *ex_complete(struct host *h, const char *line, struct buf *choices);

#endif
