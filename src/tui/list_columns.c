/* list_columns.c - the columns of a list as its user has chosen them: which, in which order, how wide. */
#include "tui/list.h"

#include "tui/column_choice.h"

#include <stdlib.h>
#include <string.h>

#define WIDTH_MAX 400

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       strchr("_-+.", c) || (unsigned char)c >= 0x80;
}

void list_column_word(const struct column *c, struct buf *out)
{
	for (const char *s = c->key ? c->key : column_heading(c); *s; s++)
		buf_addc(out, is_plain(*s) ? *s : '_');
}

static int find_column(const struct list *l, const char *word, size_t n)
{
	struct buf b = BUF_INIT;
	int found = -1;

	for (int i = 0; i < l->n_columns && found < 0; i++) {
		buf_reset(&b);
		list_column_word(&l->table.columns[i], &b);
		if (b.len == n && !memcmp(b.s, word, n))
			found = i;
	}
	buf_clear(&b);
	return found;
}

/* The columns that are named come first, in that order. */
static int take(struct list *l, const char *choice)
{
	int n = 0;

	for (const char *s = choice; *s;) {
		size_t len = strcspn(s, " "), name = strcspn(s, " :");
		int i = find_column(l, s, name);

		if (i >= 0 && l->off[i]) {
			long width = s[name] == ':' ? strtol(s + name + 1, NULL, 10) : 0;

			l->off[i] = false;
			l->columns[i].wide = width > 0 && width < WIDTH_MAX ? (int)width : 0;
			l->place[n++] = i;
		}
		s += len;
		s += strspn(s, " ");
	}
	return n;
}

void list_apply_choice(struct list *l)
{
	const char *choice = column_choice(l->table.name);
	int n = 0;

	if (l->changes == column_choice_changes())
		return;
	l->changes = column_choice_changes();
	for (int i = 0; i < l->n_columns; i++) {
		l->off[i] = true;
		l->columns[i].wide = 0;
	}
	if (choice)
		n = take(l, choice);
	/* A choice of nothing that is there is none. */
	for (int i = 0; i < l->n_columns && !n; i++)
		l->off[i] = l->columns[i].hidden;
	for (int i = 0, at = n; i < l->n_columns; i++)
		if (!n || l->off[i])
			l->place[at++] = i;
}
