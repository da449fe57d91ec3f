#include "view/action.h"

#include "tui/key.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct action_info infos[ACTION_COUNT] = {
    [ACTION_NONE] = {SCOPE_GLOBAL, ACTION_GROUP_OTHER, "none", "", "", ""},
#define ACTION(id, scope, group, name, keys, hint, help)                                           \
	[ACTION_##id] = {SCOPE_##scope, ACTION_GROUP_##group, name, keys, hint, help},
#include "view/action.def"
#undef ACTION
};

static const char *const scopes[SCOPE_COUNT] = {
    [SCOPE_GLOBAL] = "global",
    [SCOPE_MODELS] = "models",
    [SCOPE_MODEL] = "model",
    [SCOPE_VERSUS] = "compare",
    [SCOPE_QUESTIONS] = "questions",
    [SCOPE_NEAR] = "near",
    [SCOPE_TRAIN] = "train",
    [SCOPE_PROBE] = "probe",
    [SCOPE_ROUTE] = "route",
    [SCOPE_COST] = "cost",
    [SCOPE_RUNS] = "runs",
    [SCOPE_SQL] = "sql",
    [SCOPE_IMPORTS] = "imports",
    [SCOPE_COLUMNS] = "columns",
};

static const char *const groups[ACTION_GROUP_COUNT] = {
    [ACTION_GROUP_MOVE] = "Move",
    [ACTION_GROUP_VIEW] = "This view",
    [ACTION_GROUP_FIND] = "Find",
    [ACTION_GROUP_GO] = "Go",
    [ACTION_GROUP_OTHER] = "Other",
};

const struct action_info *action_info(enum action a)
{
	return &infos[a];
}

const char *action_group_title(enum action_group g)
{
	return groups[g];
}

enum action action_find(enum scope s, const char *name)
{
	for (int a = 1; a < ACTION_COUNT; a++) {
		if (infos[a].scope == s && !strcmp(infos[a].name, name))
			return (enum action)a;
	}
	return ACTION_NONE;
}

enum scope action_find_scope(const char *name)
{
	int s = 0;

	while (s < SCOPE_COUNT && strcmp(scopes[s], name))
		s++;
	return (enum scope)s;
}

/* A key for mdoc: its label, or an escape where roff would read a request or a sign. */
static void print_man_key(FILE *f, uint32_t key)
{
	static const struct {
		uint32_t key;
		const char *roff;
	} special[] = {{K_UP, "Up"}, {K_DOWN, "Down"}, {K_LEFT, "Left"}, {K_RIGHT, "Right"},
	    {'\\', "\\e"}, {'-', "\\-"}, {'^', "\\(ha"}, {'~', "\\(ti"}};
	char label[KEY_LABEL_SIZE];

	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++) {
		if (special[i].key == key) {
			fputs(special[i].roff, f);
			return;
		}
	}
	if (key < 0x20 && key != K_TAB && key != K_ENTER && key != K_ESC)
		fprintf(f, "Ctrl\\-%c", (int)(key + '@'));
	else
		fputs(key_label(key, label), f);
}

static void print_man_keys(FILE *f, const char *keys)
{
	const char *separator = "";
	uint32_t key;
	size_t n;

	while (*keys) {
		n = key_parse(keys, &key);
		fputs(separator, f);
		print_man_key(f, key);
		separator = ", ";
		keys += n;
		keys += *keys == ' ';
	}
}

static bool has_actions(enum scope s)
{
	for (int a = 1; a < ACTION_COUNT; a++)
		if (infos[a].scope == s)
			return true;
	return false;
}

void action_print_man(FILE *f)
{
	for (int s = 0; s < SCOPE_COUNT; s++) {
		if (!has_actions((enum scope)s))
			continue;
		if (s == SCOPE_GLOBAL)
			fputs(".Ss Keys everywhere\n", f);
		else
			fprintf(f, ".Ss Keys in the view %s\n", scopes[s]);
		fputs(".Bl -tag -width Ds -compact\n", f);
		for (int a = 1; a < ACTION_COUNT; a++) {
			if (infos[a].scope != (enum scope)s)
				continue;
			/* Zero-width, so that no key is read as a macro or as punctuation. */
			fputs(".It \\&", f);
			print_man_keys(f, infos[a].keys);
			fprintf(f, "\n.Pq \\&%s\n%s\n", infos[a].name, infos[a].help);
		}
		fputs(".El\n", f);
	}
}
