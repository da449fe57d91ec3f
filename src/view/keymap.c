#include "view/keymap.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/stream.h"
#include "tui/key.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* False where the table is full. */
static bool bind(struct keymap *k, enum scope s, uint32_t key, enum action a)
{
	for (int i = 0; i < k->n; i++) {
		if (k->v[i].scope == s && k->v[i].key == key) {
			k->v[i].action = a;
			return true;
		}
	}
	if (k->n == KEYMAP_MAX)
		return false;
	k->v[k->n++] = (struct keymap_entry){key, s, a};
	return true;
}

void keymap_default(struct keymap *k)
{
	k->n = 0;
	for (int a = 1; a < ACTION_COUNT; a++) {
		const struct action_info *info = action_info((enum action)a);
		const char *s = info->keys;

		while (*s) {
			uint32_t key;
			size_t n = key_parse(s, &key);
			bool fits;

			assert(n != SIZE_MAX);
			fits = bind(k, info->scope, key, (enum action)a);
			assert(fits);
			(void)fits;
			s += n;
			s += *s == ' ';
		}
	}
}

static bool load_line(struct keymap *k, const char *line, const char *place, struct err *e)
{
	char scope_text[32], key_text[32], name[32];
	enum scope s;
	enum action a;
	uint32_t key;
	size_t n;

	if (line[strspn(line, " \t")] == '\0' || line[strspn(line, " \t")] == '#')
		return true;
	if (sscanf(line, " bind %31s %31s %31s", scope_text, key_text, name) != 3)
		return err_set(e, ERR_DATA, "%s: not of the form 'bind SCOPE KEY ACTION'", place);
	s = action_find_scope(scope_text);
	if (s == SCOPE_COUNT)
		return err_set(e, ERR_DATA, "%s: no scope '%s'", place, scope_text);
	n = key_parse(key_text, &key);
	if (n == SIZE_MAX || key_text[n])
		return err_set(e, ERR_DATA, "%s: no key '%s'", place, key_text);
	a = action_find(s, name);
	if (!a)
		a = action_find(SCOPE_GLOBAL, name);
	if (!a)
		return err_set(e, ERR_DATA, "%s: no action '%s' in '%s'", place, name, scope_text);
	if (!bind(k, s, key, a))
		return err_set(e, ERR_DATA, "%s: too many keys", place);
	return true;
}

bool keymap_load(struct keymap *k, const char *path, struct err *e)
{
	struct keymap new = *k;
	struct stream *in;
	const char *p;
	size_t n;
	bool got, ok;

	if (!file_exists(path))
		return true;
	in = stream_open(path, e);
	if (!in)
		return false;
	while ((ok = stream_line(in, 4096, &p, &n, &got, e)) && got) {
		char line[256], place[512];

		snprintf(line, sizeof(line), "%.*s", (int)n, p);
		snprintf(
		    place, sizeof(place), "%s:%llu", path, (unsigned long long)stream_line_no(in));
		ok = load_line(&new, line, place, e);
		if (!ok)
			break;
	}
	stream_close(in);
	if (ok)
		*k = new;
	return ok;
}

enum action keymap_find(const struct keymap *k, enum scope s, uint32_t key)
{
	enum action global = ACTION_NONE;

	for (int i = 0; i < k->n; i++) {
		if (k->v[i].key != key)
			continue;
		if (k->v[i].scope == s)
			return k->v[i].action;
		if (k->v[i].scope == SCOPE_GLOBAL)
			global = k->v[i].action;
	}
	return global;
}

void keymap_labels(const struct keymap *k, enum action a, int max, struct buf *out)
{
	bool first = true;

	for (int i = 0; i < k->n && max > 0; i++) {
		char label[KEY_LABEL_SIZE];

		if (k->v[i].action != a)
			continue;
		if (!first)
			buf_addc(out, ' ');
		buf_adds(out, key_label(k->v[i].key, label));
		first = false;
		max--;
	}
}
