/* action.h - what keys and key files can name; made from action.def. */
#ifndef VIEW_ACTION_H
#define VIEW_ACTION_H

#include <stdio.h>

/* Where an action works. A view's own keys never redefine a global one. */
enum scope {
	SCOPE_GLOBAL,
	SCOPE_MODELS,
	SCOPE_MODEL,
	SCOPE_VERSUS,
	SCOPE_QUESTIONS,
	SCOPE_NEAR,
	SCOPE_TRAIN,
	SCOPE_PROBE,
	SCOPE_ROUTE,
	SCOPE_COST,
	SCOPE_RUNS,
	SCOPE_SQL,
	SCOPE_IMPORTS,
	SCOPE_COLUMNS,
	SCOPE_COUNT
};

enum action_group {
	ACTION_GROUP_MOVE,
	ACTION_GROUP_VIEW,
	ACTION_GROUP_FIND,
	ACTION_GROUP_GO,
	ACTION_GROUP_OTHER,
	ACTION_GROUP_COUNT
};

enum action {
	ACTION_NONE,
#define ACTION(id, scope, group, name, keys, hint, help) ACTION_##id,
#include "view/action.def"
#undef ACTION
	ACTION_COUNT
};

struct action_info {
	enum scope scope;
	enum action_group group;
	const char *name, *keys, *hint, *help;
};

const struct action_info *action_info(enum action a);
const char *action_group_title(enum action_group g);
/* ACTION_NONE where the scope has no action of that name. */
enum action action_find(enum scope s, const char *name);
/* SCOPE_COUNT if unknown. */
enum scope action_find_scope(const char *name);
/* The default keys as mdoc list items, a list a scope. */
void action_print_man(FILE *f);

#endif
