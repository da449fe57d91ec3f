/* list_filter.c - what a typed filter or search means for a row of a list. */
#include "tui/list.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD_SIZE 256

struct row {
	const struct list *list;
	size_t row;
	struct buf *cell; /* scratch */
};

static int find_column(const struct row *r, const char *name, size_t n)
{
	const struct list *l = r->list;

	for (int i = 0; n > 0 && i < l->n_columns; i++) {
		if (!strncasecmp(l->columns[i].title, name, n))
			return i;
	}
	for (int i = 0; n > 0 && i < l->n_columns; i++) {
		if (l->table.columns[i].key && !strncasecmp(l->table.columns[i].key, name, n))
			return i;
	}
	return -1;
}

static bool in_column(const struct row *r, int column, const char *word)
{
	return utf8_search(list_cell(r->list, r->row, column, r->cell), word) != NULL;
}

static bool compare(const struct row *r, int column, char op, double want)
{
	double v;

	if (!list_number(r->list, r->row, column, &v) || isnan(v))
		return false;
	if (op != '=')
		return op == '>' ? v > want : v < want;
	return v == want || strtod(list_cell(r->list, r->row, column, r->cell), NULL) == want;
}

/* A word without a column. */
static bool in_any(const struct row *r, const char *word)
{
	const struct list *l = r->list;
	const char *more = l->source->more ? l->source->more(l->arg, r->row) : NULL;

	if (more && utf8_search(more, word))
		return true;
	for (int i = 0; i < l->n_columns; i++) {
		if (!l->columns[i].off && in_column(r, i, word))
			return true;
	}
	return false;
}

static bool word_matches(const struct row *r, const char *word)
{
	const char *op = strpbrk(word, ":<>=");
	int column = op ? find_column(r, word, (size_t)(op - word)) : -1;

	/* "col>" while the number is still being typed hides nothing. */
	if (column >= 0 && !op[1])
		return true;
	if (column >= 0 && *op == ':' && in_column(r, column, op + 1))
		return true;
	if (column >= 0 && *op != ':') {
		char *end;
		double want = strtod(op + 1, &end);

		if (end > op + 1 && (!*end || !strcmp(end, "%")))
			return compare(r, column, *op, want);
	}
	/* A tag is written NAME=VALUE. */
	if (op && *op == ':' && op > word) {
		char tag[WORD_SIZE];
		bool tagged;

		snprintf(tag, sizeof(tag), "%.*s=%s", (int)(op - word), word, op + 1);
		tagged = in_any(r, tag);
		if (tagged || column >= 0)
			return tagged;
	}
	return in_any(r, word);
}

bool list_match(const struct list *l, const char *filter, size_t row)
{
	struct buf cell = BUF_INIT;
	struct row r = {l, row, &cell};
	char word[WORD_SIZE];
	bool match = true;

	while (*filter && match) {
		size_t n = strcspn(filter, " "), k = n < sizeof(word) ? n : sizeof(word) - 1;

		if (n > 0) {
			memcpy(word, filter, k);
			word[k] = '\0';
			match = word_matches(&r, word);
		}
		filter += n;
		filter += *filter == ' ';
	}
	buf_clear(&cell);
	return match;
}
