/* filter.h - what a typed filter or search means for a row of a list.
 *
 * Words are ANDed. "word" occurs in any column that is not hidden, "col:word" in that one; "col>75.8",
 * "col<3" and "col=7" compare its number in the unit that is shown, and a % after it changes nothing;
 * = is also true of what is shown as that number. A column is named by the start of its heading or
 * its key, hidden or not. Where that names none, "tag:word" matches what is written tag=word, as
 * tags are. Capitals in a word make it exact (smart case).
 */
#ifndef TUI_FILTER_H
#define TUI_FILTER_H

#include <stdbool.h>
#include <stddef.h>

struct list;

bool filter_match(const char *filter, const struct list *l, size_t row);

#endif
