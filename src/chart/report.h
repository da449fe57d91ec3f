/* report.h - tables, plots and sentences as one HTML file that needs nothing else: no script, no
 * picture beside it, nothing from a network.
 *
 * Every text is escaped: names and questions come from files.
 */
#ifndef CHART_REPORT_H
#define CHART_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"

struct chart;
struct err;

/* The calls add to `out` in the order of the page; report_end closes it. */
void report_begin(struct buf *out, const char *title);
void report_heading(struct buf *out, const char *text);
void report_paragraph(struct buf *out, const char *text);
/* The columns with a title, of the rows `order` (n of them; NULL: the first n). What a column means
 * stands in its heading's tip. */
void report_table(struct buf *out, const struct table *t, const uint32_t *order, size_t n);
/* The chart as SVG within the page; a sentence in its place where there is no cairo. */
void report_chart(struct buf *out, const struct chart *chart);
void report_end(struct buf *out);

/* Written whole or not at all. */
bool report_write(const struct buf *page, const char *path, struct err *e);

#endif
