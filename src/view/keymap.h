/* keymap.h - keys to actions: the defaults of action.def, changed by the user's `keys` file. */
#ifndef VIEW_KEYMAP_H
#define VIEW_KEYMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "view/action.h"

struct err;
struct buf;

struct keymap_entry {
	uint32_t key;
	enum scope scope;
	enum action action;
};

#define KEYMAP_MAX 256

struct keymap {
	struct keymap_entry v[KEYMAP_MAX];
	int n;
};

void keymap_default(struct keymap *k);
/* Lines `bind SCOPE KEY ACTION` ("bind models a alike"), `#` comments. Any mistake is an error with
 * "FILE:LINE: ", and nothing is changed. A file that is not there is fine. */
bool keymap_load(struct keymap *k, const char *path, struct err *e);
/* Of the scope, else global, else ACTION_NONE. */
enum action keymap_find(const struct keymap *k, enum scope s, uint32_t key);
/* The labels of an action's keys, separated by spaces; at most `max` of them. */
void keymap_labels(const struct keymap *k, enum action a, int max, struct buf *out);

#endif
