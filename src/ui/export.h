/* export.h - the focused table, or the plot on screen, into a file that is asked for. */
#ifndef UI_EXPORT_H
#define UI_EXPORT_H

struct host;

void export_table(struct host *h);
void export_plot(struct host *h);

#endif
