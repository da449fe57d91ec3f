/* chart_file.h - a chart as a file for a paper: SVG, PDF or PNG, by the suffix. The only door to
 * cairo; built without it, chart_file_write says so. */
#ifndef CHART_CHART_FILE_H
#define CHART_CHART_FILE_H

#include <stdbool.h>

struct buf;
struct chart;
struct err;

/* Whether this could become a file: the suffix is known and cairo is there. */
bool chart_file_check(const char *path, struct err *e);
/* Written whole or not at all. As wide as a page's text (7 inches); a heat map is as high as its
 * rows need. */
bool chart_file_write(const struct chart *chart, const char *path, struct err *e);
/* The same as SVG, for a page around it. */
bool chart_svg(const struct chart *chart, struct buf *out, struct err *e);

#endif
