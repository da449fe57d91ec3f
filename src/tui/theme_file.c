#include "tui/theme_file.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_LIMIT 1024
#define SUFFIX ".theme"

/* A colour; false where the word is none. */
static bool parse_color(const char *s, int *out)
{
	static const char *const names[] = {
	    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"};
	char *end;
	unsigned long v;

	for (int i = 0; i < 8; i++) {
		if (!strcmp(s, names[i])) {
			*out = i;
			return true;
		}
	}
	if (!strcmp(s, "default")) {
		*out = -1;
		return true;
	}
	if (*s == '#') {
		v = strtoul(s + 1, &end, 16);
		if (strlen(s) != 7 || *end || s[1] == '-' || s[1] == '+')
			return false;
		*out = theme_nearest((unsigned)v, 256);
		return true;
	}
	if (*s < '0' || *s > '9')
		return false;
	v = strtoul(s, &end, 10);
	*out = v < 256 ? (int)v : 0;
	return !*end && v < 256;
}

static bool parse_flag(const char *s, unsigned *flags)
{
	static const struct {
		const char *name;
		unsigned flag;
	} known[] = {
	    {"bold", STYLE_BOLD}, {"underline", STYLE_UNDERLINE}, {"reverse", STYLE_REVERSE}};
	size_t i = 0, n = sizeof(known) / sizeof(*known);

	while (i < n && strcmp(s, known[i].name))
		i++;
	*flags |= i < n ? known[i].flag : 0;
	return i < n;
}

/* The nearest of the eight colours, for terminals that have no more. */
static int to_few(int color)
{
	return color < 0 || color < 8 ? color : theme_nearest(theme_rgb(color), 8);
}

static bool parse_ink(char *words, struct ink *out, struct err *e)
{
	struct ink k = {-1, -1, 0};
	char *save = NULL;
	int n = 0;

	for (char *w = strtok_r(words, " \t", &save); w; w = strtok_r(NULL, " \t", &save), n++) {
		int *color = n == 0 ? &k.fg : n == 1 ? &k.bg : NULL;

		if (color && parse_color(w, color))
			continue;
		if (n > 0 && parse_flag(w, &k.flags)) {
			n = n < 2 ? 2 : n;
			continue;
		}
		return err_set(e, ERR_DATA,
		    n < 2 ? "'%s' is no colour: 0 to 255, black to white, #rrggbb or default"
			  : "'%s' is no flag: bold, underline or reverse",
		    w);
	}
	if (!n)
		return err_set(e, ERR_DATA, "a colour is missing");
	*out = k;
	return true;
}

static bool parse_line(struct theme *t, char *line, bool *any, struct err *e)
{
	char *key, *equals, *value, *end;
	enum role r;

	/* "# " begins a comment; "#ff0000" is a colour. */
	for (char *p = line; *p; p++)
		if (*p == '#' && (!p[1] || p[1] == ' ' || p[1] == '\t' || p == line))
			*p = '\0';
	key = line + strspn(line, " \t");
	if (!*key)
		return true;
	equals = strchr(key, '=');
	if (!equals)
		return err_set(e, ERR_DATA, "not of the form 'ROLE = TEXT GROUND FLAG...'");
	value = equals + 1 + strspn(equals + 1, " \t");
	for (end = equals; end > key && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	for (end = value + strlen(value); end > value && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	if (!strcmp(key, "base")) {
		if (*any)
			return err_set(e, ERR_DATA, "base comes first");
		return theme_builtin(value, t) ||
		       err_set(e, ERR_DATA, "there is no built-in theme '%s'", value);
	}
	*any = true;
	r = theme_role(key);
	if (r == ROLE_COUNT)
		return err_set(e, ERR_DATA, "there is no role '%s'; embedllm(1) lists them", key);
	if (!parse_ink(value, &t->full[r], e))
		return false;
	t->few[r] = (struct ink){to_few(t->full[r].fg), to_few(t->full[r].bg), t->full[r].flags};
	return true;
}

bool theme_file_read(const char *path, struct theme *out, struct err *e)
{
	const char *base = file_base(path);
	struct theme t;
	struct stream *in;
	const char *p;
	size_t n;
	bool got, ok, any = false;

	theme_builtin("auto", &t);
	in = stream_open(path, e);
	if (!in)
		return false;
	while ((ok = stream_line(in, LINE_LIMIT, &p, &n, &got, e)) && got) {
		char line[LINE_LIMIT + 1];

		snprintf(line, sizeof(line), "%.*s", (int)n, p);
		ok = parse_line(&t, line, &any, e);
		if (!ok) {
			err_wrap(e, "%s:%llu", path, (unsigned long long)stream_line_no(in));
			break;
		}
	}
	stream_close(in);
	if (!ok)
		return false;
	snprintf(t.name, sizeof(t.name), "%.*s", (int)strcspn(base, "."), base);
	*out = t;
	return true;
}

/* The user's folder (may be NULL) and the program's; each mem_free. */
static void folders(char *out[2])
{
	char *config = file_config_dir();
	struct err none = ERR_INIT;

	out[0] = config ? file_join(config, "themes") : NULL;
	out[1] = file_share("themes", &none);
	mem_free(config);
}

bool theme_file_load(const char *name, struct theme *out, struct err *e)
{
	char *dir[2];
	bool found = false, ok = false;

	folders(dir);
	for (int i = 0; i < 2 && !found; i++) {
		char *path = dir[i] ? mem_printf("%s/%s" SUFFIX, dir[i], name) : NULL;

		found = path && file_exists(path);
		if (found)
			ok = theme_file_read(path, out, e);
		mem_free(path);
	}
	if (!found)
		ok = theme_builtin(name, out) ||
		     err_set(e, ERR_USAGE, "there is no theme '%s'", name);
	mem_free(dir[0]);
	mem_free(dir[1]);
	return ok;
}

static bool is_listed(const struct buf *list, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; theme_builtins[i]; i++)
		if (!strcmp(theme_builtins[i], name))
			return true;
	for (const char *p = buf_str(list); *p; p += strcspn(p, "|"), p += *p == '|')
		if (!strncmp(p, name, n) && (p[n] == '|' || !p[n]))
			return true;
	return false;
}

/* NAME of "NAME.theme" where it can be one: it stands in the settings and is typed. */
static bool name_of(const char *file, char name[THEME_NAME_SIZE])
{
	size_t n = strlen(file), end = strlen(SUFFIX);

	if (n <= end || n - end >= THEME_NAME_SIZE || strcmp(file + n - end, SUFFIX))
		return false;
	snprintf(name, THEME_NAME_SIZE, "%.*s", (int)(n - end), file);
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
	       strlen(name);
}

static int keep_themes(const struct dirent *d)
{
	char name[THEME_NAME_SIZE];

	return name_of(d->d_name, name);
}

void theme_file_list(struct buf *out)
{
	char *dir[2], name[THEME_NAME_SIZE];

	folders(dir);
	for (int i = 0; i < 2; i++) {
		struct dirent **v = NULL;
		int n = dir[i] ? scandir(dir[i], &v, keep_themes, alphasort) : 0;

		for (int k = 0; k < n; k++) {
			if (name_of(v[k]->d_name, name) && !is_listed(out, name))
				buf_printf(out, "%s%s", out->len ? "|" : "", name);
			mem_free(v[k]);
		}
		mem_free(v);
		mem_free(dir[i]);
	}
}
