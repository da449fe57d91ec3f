#include "view/settings.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "tui/column_choice.h"

#include <stdio.h>
#include <string.h>

#define LINE_LIMIT 4096

static struct setting_info infos[SETTING_COUNT] = {
#define SETTING(id, name, choices, help) [SETTING_##id] = {name, choices, help},
#include "view/settings.def"
#undef SETTING
};

static char extended[SETTING_COUNT][1024]; /* choices with more of them */

void setting_more_choices(enum setting s, const char *choices)
{
	static const char *const given[SETTING_COUNT] = {
#define SETTING(id, name, choices, help) [SETTING_##id] = choices,
#include "view/settings.def"
#undef SETTING
	};
	int n = snprintf(
	    extended[s], sizeof(extended[s]), "%s%s%s", given[s], *choices ? "|" : "", choices);

	/* What does not fit is left out whole. */
	if (n >= (int)sizeof(extended[s]))
		*strrchr(extended[s], '|') = '\0';
	infos[s].choices = extended[s];
}

const struct setting_info *setting_info(enum setting s)
{
	return &infos[s];
}

enum setting setting_find(const char *name)
{
	int s = 0;

	while (s < SETTING_COUNT && strcmp(infos[s].name, name))
		s++;
	return (enum setting)s;
}

bool setting_choice(enum setting s, int i, char out[SETTING_CHOICE_SIZE])
{
	const char *p = infos[s].choices;
	size_t n;

	for (; i > 0; i--) {
		p = strchr(p, '|');
		if (!p)
			return false;
		p++;
	}
	n = strcspn(p, "|");
	snprintf(out, SETTING_CHOICE_SIZE, "%.*s", (int)n, p);
	return true;
}

static bool unknown(const char *name, struct err *e)
{
	struct buf b = BUF_INIT;

	for (int s = 0; s < SETTING_COUNT; s++)
		buf_printf(&b, "%s%s", s ? ", " : "", infos[s].name);
	err_set(e, ERR_USAGE, "there is no setting '%s': %s", name, buf_str(&b));
	buf_clear(&b);
	return false;
}

bool settings_set(struct settings *s, const char *name, const char *choice, struct err *e)
{
	enum setting which = setting_find(name);
	char known[SETTING_CHOICE_SIZE];

	if (which == SETTING_COUNT)
		return unknown(name, e);
	for (int i = 0; setting_choice(which, i, known); i++) {
		if (!strcmp(known, choice)) {
			s->v[which] = i;
			return true;
		}
	}
	return err_set(
	    e, ERR_USAGE, "%s is one of %s, not '%s'", name, infos[which].choices, choice);
}

/* A line of the file: "name = value". */
struct pair {
	char name[64];
	char value[LINE_LIMIT];
};

#define COLUMNS "columns." /* what a name begins with that is of a table's columns */

static bool is_columns(const char *name)
{
	return !strncmp(name, COLUMNS, strlen(COLUMNS));
}

/* False where it is none; an empty name is a blank line or a comment. A value is one word, but for
 * columns, which are many. */
static bool split_line(const char *line, size_t n, struct pair *out)
{
	char copy[LINE_LIMIT], *end;

	out->name[0] = out->value[0] = '\0';
	snprintf(copy, sizeof(copy), "%.*s", (int)n, line);
	copy[strcspn(copy, "#")] = '\0';
	for (end = copy + strlen(copy); end > copy && strchr(" \t\r", end[-1]);)
		*--end = '\0';
	if (!copy[strspn(copy, " \t")])
		return true;
	return sscanf(copy, " %63[a-z_.-] = %[^\n]", out->name, out->value) == 2 &&
	       (is_columns(out->name) || !strpbrk(out->value, " \t"));
}

static bool take_line(struct settings *s, const struct pair *p, struct buf *columns, struct err *e)
{
	if (!is_columns(p->name))
		return settings_set(s, p->name, p->value, e);
	buf_printf(columns, "%s=%s\n", p->name + strlen(COLUMNS), p->value);
	return true;
}

/* "table=words" lines. */
static void take_columns(struct buf *columns)
{
	char *rest, *line = columns->s;

	for (line = line ? strtok_r(line, "\n", &rest) : NULL; line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *equals = strchr(line, '=');

		*equals = '\0';
		column_choice_set(line, equals + 1);
	}
}

bool settings_load(struct settings *s, const char *path, struct err *e)
{
	struct settings new = *s;
	struct stream *in;
	const char *line;
	size_t n;
	struct buf columns = BUF_INIT;
	bool got = false, ok;

	if (!path || !file_exists(path))
		return true;
	in = stream_open(path, e);
	if (!in)
		return false;
	while ((ok = stream_line(in, LINE_LIMIT, &line, &n, &got, e)) && got) {
		struct pair p;

		ok = split_line(line, n, &p) ||
		     err_set(e, ERR_DATA, "not of the form 'NAME = CHOICE'");
		if (ok && p.name[0])
			ok = take_line(&new, &p, &columns, e);
		if (!ok) {
			err_wrap(e, "%s:%llu", path, (unsigned long long)stream_line_no(in));
			break;
		}
	}
	stream_close(in);
	if (ok) {
		*s = new;
		take_columns(&columns);
	}
	buf_clear(&columns);
	return ok;
}

/* The file's text with the line of the setting replaced, or added at its end. */
static bool replace_line(
    const char *path, const char *name, const char *text, struct buf *out, struct err *e)
{
	struct buf old = BUF_INIT;
	const char *p;
	bool done = false;

	if (file_exists(path) && !stream_read_all(path, &old, e)) {
		buf_clear(&old);
		return false;
	}
	for (p = buf_str(&old); *p;) {
		struct pair old_line;
		size_t n = strcspn(p, "\n");

		if (split_line(p, n, &old_line) && !strcmp(old_line.name, name)) {
			if (!done)
				buf_adds(out, text);
			done = true;
		} else {
			buf_add(out, p, n);
			buf_addc(out, '\n');
		}
		p += n + (p[n] == '\n');
	}
	if (!done)
		buf_adds(out, text);
	buf_clear(&old);
	return true;
}

static bool save_line(const char *name, const char *value, const char *path, struct err *e)
{
	struct buf b = BUF_INIT, line = BUF_INIT;
	struct file_out o;
	char *dir = file_dir(path);
	bool ok;

	if (value)
		buf_printf(&line, "%s = %s\n", name, value);
	ok = file_mkdirs(dir, e) && replace_line(path, name, buf_str(&line), &b, e) &&
	     file_create(&o, path, e);
	if (ok) {
		fputs(buf_str(&b), o.f);
		ok = file_commit(&o, e);
	}
	buf_clear(&b);
	buf_clear(&line);
	mem_free(dir);
	return ok;
}

bool settings_save(const struct settings *s, enum setting which, const char *path, struct err *e)
{
	char choice[SETTING_CHOICE_SIZE];

	setting_choice(which, s->v[which], choice);
	return save_line(infos[which].name, choice, path, e);
}

bool settings_save_columns(const char *table, const char *path, struct err *e)
{
	char *name = mem_printf(COLUMNS "%s", table);
	bool ok = save_line(name, column_choice(table), path, e);

	mem_free(name);
	return ok;
}
