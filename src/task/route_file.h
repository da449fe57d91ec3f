/* route_file.h - many questions, a line each, to the models they would go to. */
#ifndef TASK_ROUTE_FILE_H
#define TASK_ROUTE_FILE_H

#include "task/route.h"

#define ROUTE_TEXT_MAX (1 << 20) /* bytes of one question */

/* Route every line of the file that is not empty ("-" is stdin; compressed is fine) and hand each
 * result to `each`, which borrows it and returns false to stop (with `e` set). An error names file
 * and line. */
bool task_route_file(const struct atlas *a, const char *path, const struct route_options *o,
    const struct progress *p,
    bool (*each)(void *arg, size_t line, const struct route *r, struct err *e), void *arg,
    struct err *e);

#endif
