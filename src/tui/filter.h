/* filter.h - what a typed filter or search means for a row of a list.
 *
 * Words are ANDed. "word" occurs in any column, "col:word" in that one, "col>0.5", "col<3" and
 * "col=7" compare its value; a column is named by the start of its title. Where that names
 * none, "tag:word" matches what is written tag=word, as tags are. Capitals in a word make it exact
 * (smart case).
 */
#ifndef TUI_FILTER_H
#define TUI_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct list_column;
struct list_source;

bool filter_match(const char *filter, const struct list_column *columns, int n_columns,
    const struct list_source *source, void *arg, size_t row);

#endif
