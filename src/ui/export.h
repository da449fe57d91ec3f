/* export.h - the focused table, the plot on screen, or the screen, into a file that is asked for; one
 * that is there is asked about before it is replaced. */
#ifndef UI_EXPORT_H
#define UI_EXPORT_H

#include <stdbool.h>

struct err;
struct host;

void export_table(struct host *h);
void export_plot(struct host *h);
bool export_screen(struct host *h, const char *path, struct err *e);

#endif
