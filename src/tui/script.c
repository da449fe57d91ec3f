#include "tui/script.h"

#include "base/err.h"
#include "base/stream.h"
#include "tui/key.h"

#include <stdio.h>
#include <string.h>

#define LINE_LIMIT (1 << 20)

bool script_parse_size(const char *s, int *rows, int *columns)
{
	unsigned w, h;
	char end;

	if (sscanf(s, "%ux%u%c", &w, &h, &end) != 2 || !w || !h || w > 1000 || h > 1000)
		return false;
	*columns = (int)w;
	*rows = (int)h;
	return true;
}

bool script_open(struct script *s, const char *path, struct err *e)
{
	*s = (struct script){.path = path};
	s->in = stream_open(path, e);
	return s->in != NULL;
}

void script_close(struct script *s)
{
	stream_close(s->in);
	*s = (struct script){0};
}

static bool next_line(struct script *s, bool *got, struct err *e)
{
	do {
		if (!stream_line(s->in, LINE_LIMIT, &s->line, &s->n, got, e))
			return false;
	} while (*got && s->n > 0 && s->line[0] == '#');
	s->at = 0;
	return true;
}

bool script_next(struct script *s, uint32_t *key, struct err *e)
{
	char name[32];
	size_t left, n;

	while (s->at >= s->n) {
		bool got;

		if (!next_line(s, &got, e))
			return false;
		if (!got) {
			*key = K_NONE;
			return true;
		}
	}
	left = s->n - s->at;
	memcpy(name, s->line + s->at, left < sizeof(name) - 1 ? left : sizeof(name) - 1);
	name[left < sizeof(name) - 1 ? left : sizeof(name) - 1] = '\0';
	n = key_parse(name, key);
	if (n == SIZE_MAX || n == 0)
		return err_set(e, ERR_DATA, "%s:%llu: no key '%s'; '<' itself is <lt>", s->path,
		    (unsigned long long)stream_line_no(s->in), name);
	s->at += n;
	return true;
}
