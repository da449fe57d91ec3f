/* sql_complete.h - what may follow in a query: names of tables and columns, and SQL's words. */
#ifndef SCREEN_SQL_COMPLETE_H
#define SCREEN_SQL_COMPLETE_H

#include <stddef.h>

#include "base/buf.h"
#include "task/sql.h"

/* The word that ends at byte `at` of `text`. `more` gets what all that fits continues it with,
 * `offers` what fits where it is more than one, parted by blanks. After "table." only its columns
 * fit. Case does not matter; what is typed stays as it is. */
void sql_complete(
    const struct sql_schema *s, const char *text, size_t at, struct buf *more, struct buf *offers);

#endif
