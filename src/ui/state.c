/* state.c - what the explorer remembers between two sessions on one database: the tab, each view's
 * own state, and what was typed. One JSON file in the user's state folder, a member a database. */
#include "ui/state.h"

#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "view/host.h"
#include "view/stack.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define DATABASES_MAX 50 /* remembered; the oldest go */

static const char *const history_name[PROMPT_COUNT] = {[PROMPT_SEARCH] = "search",
    [PROMPT_FILTER] = "filter",
    [PROMPT_COMMAND] = "command",
    [PROMPT_SQL] = "sql"};

static char *database_key(const struct host *h)
{
	char real[PATH_MAX];

	return mem_strdup(realpath(h->db, real) ? real : h->db);
}

/* The whole file, {} where there is none or it is damaged: it holds nothing that is missed. */
static json_t *read_file(const char *path)
{
	struct buf b = BUF_INIT;
	json_t *v = NULL;

	if (path && file_exists(path) && stream_read_all(path, &b, NULL))
		v = json_read(buf_str(&b), b.len, path, NULL);
	buf_clear(&b);
	if (!json_is_object(v)) {
		json_decref(v);
		v = json_object();
	}
	return v;
}

void state_restore(struct host *h)
{
	char *dir = file_state_dir(), *key = database_key(h);
	json_t *all, *mine, *views;

	h->state_path = dir ? file_join(dir, "session.json") : NULL;
	all = read_file(h->state_path);
	mine = json_object_get(json_object_get(all, "databases"), key);
	views = json_object_get(mine, "views");
	for (int t = 0; t < TAB_COUNT; t++) {
		struct view *v = stack_bottom(h, (enum tab)t);
		const json_t *state = json_object_get(views, v->class->title);

		if (!strcmp(v->class->title, json_string_value(json_object_get(mine, "tab")) ?: ""))
			h->tab = (enum tab)t;
		if (v->class->restore && json_is_object(state))
			v->class->restore(v, state);
	}
	for (int k = 0; k < PROMPT_COUNT; k++)
		if (history_name[k])
			line_recall(&h->prompt.line[k],
			    json_object_get(json_object_get(all, "history"), history_name[k]));
	json_decref(all);
	mem_free(key);
	mem_free(dir);
}

static json_t *state_of(const struct host *h)
{
	json_t *views = json_object(), *mine = json_object();

	for (int t = 0; t < TAB_COUNT; t++) {
		const struct view *v = stack_bottom(h, (enum tab)t);
		json_t *state = json_object();

		if (v->class->save)
			v->class->save(v, state);
		json_object_set_new(views, v->class->title, state);
	}
	json_object_set_new(mine, "tab", json_string(stack_bottom(h, h->tab)->class->title));
	json_object_set_new(mine, "views", views);
	return mine;
}

void state_save(struct host *h)
{
	char *key, *dir;
	struct file_out o;
	json_t *all, *history = json_object(), *databases;

	if (!h->state_path) {
		json_decref(history);
		return;
	}
	key = database_key(h);
	dir = file_dir(h->state_path);
	all = read_file(h->state_path);
	databases = json_object_get(all, "databases");
	if (!json_is_object(databases)) {
		databases = json_object();
		json_object_set_new(all, "databases", databases);
	}
	json_object_del(databases, key); /* so that it comes last, as the newest */
	json_object_set_new(databases, key, state_of(h));
	for (int k = 0; k < PROMPT_COUNT; k++)
		if (history_name[k])
			json_object_set_new(
			    history, history_name[k], line_history(&h->prompt.line[k]));
	json_object_set_new(all, "history", history);
	while (json_object_size(databases) > DATABASES_MAX)
		json_object_del(databases, json_object_iter_key(json_object_iter(databases)));
	/* A session that cannot be kept is no reason to keep the user. */
	if (file_mkdirs(dir, NULL) && file_create(&o, h->state_path, NULL)) {
		if (json_write(o.f, all, NULL))
			file_commit(&o, NULL);
		else
			file_abandon(&o);
	}
	json_decref(all);
	mem_free(key);
	mem_free(dir);
}
