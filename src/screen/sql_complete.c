#include "screen/sql_complete.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define OFFERS_MAX 400 /* bytes */

static const char *const words[] = {"SELECT", "FROM", "WHERE", "GROUP BY", "ORDER BY", "LIMIT",
    "HAVING", "JOIN", "LEFT JOIN", "USING", "ON", "AS", "AND", "OR", "NOT", "NULL", "IN", "LIKE",
    "BETWEEN", "IS", "DISTINCT", "DESC", "ASC", "WITH", "UNION", "EXCEPT", "INTERSECT", "CASE",
    "WHEN", "THEN", "ELSE", "END", "EXISTS", "VALUES", "OVER", "PARTITION BY", "EXPLAIN QUERY PLAN",
    "count(", "sum(", "avg(", "min(", "max(", "round(", "length(", "printf(", "group_concat("};

struct search {
	const char *typed;
	size_t n;          /* bytes of it */
	const char *first; /* that fits */
	size_t same;       /* bytes of it that all share */
	int found;
	struct buf *offers;
};

static void offer(struct search *s, const char *name)
{
	size_t same = 0;
	char padded[128];

	if (strncasecmp(name, s->typed, s->n))
		return;
	/* A name that several tables have is one offer. */
	snprintf(padded, sizeof(padded), " %s ", name);
	if (s->found && strstr(buf_str(s->offers), padded))
		return;
	if (!s->found) {
		buf_addc(s->offers, ' ');
		s->first = name;
		s->same = strlen(name);
	}
	while (same < s->same && name[same] && !strncasecmp(name + same, s->first + same, 1))
		same++;
	s->same = same;
	s->found++;
	if (s->offers->len < OFFERS_MAX)
		buf_printf(s->offers, "%s ", name);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static const struct query_table *find_table(const struct sql_schema *s, const char *name, size_t n)
{
	for (size_t i = 0; i < s->n; i++)
		if (strlen(s->v[i].name) == n && !strncasecmp(s->v[i].name, name, n))
			return &s->v[i];
	return NULL;
}

static void offer_columns(struct search *s, const struct query_table *t)
{
	for (size_t j = 0; j < t->n_columns; j++)
		offer(s, t->columns[j].name);
}

/* Whether the query names the table anywhere: its columns are then likelier than others'. */
static bool is_named(const char *text, const struct query_table *t)
{
	size_t n = strlen(t->name);

	for (const char *p = text; *p; p++)
		if (!strncasecmp(p, t->name, n) && !is_word(p[n]) && (p == text || !is_word(p[-1])))
			return true;
	return false;
}

void sql_complete(const struct sql_schema *schema, const char *text, size_t at, struct buf *more,
    struct buf *offers)
{
	struct search s = {.offers = offers};
	const struct query_table *of = NULL;
	size_t from = at;

	while (from > 0 && is_word(text[from - 1]))
		from--;
	s.typed = text + from;
	s.n = at - from;
	if (from > 0 && text[from - 1] == '.') {
		size_t end = from - 1, begin = end;

		while (begin > 0 && is_word(text[begin - 1]))
			begin--;
		of = find_table(schema, text + begin, end - begin);
	}
	if (of) {
		offer_columns(&s, of);
	} else {
		for (size_t i = 0; i < schema->n; i++)
			offer(&s, schema->v[i].name);
		for (size_t i = 0; i < schema->n; i++)
			if (is_named(text, &schema->v[i]))
				offer_columns(&s, &schema->v[i]);
		for (size_t i = 0; i < sizeof(words) / sizeof(*words) && s.n; i++)
			offer(&s, words[i]);
		/* Of no table that is named yet. */
		for (size_t i = 0; i < schema->n && !s.found && s.n; i++)
			offer_columns(&s, &schema->v[i]);
	}
	if (s.found && s.same > s.n)
		buf_add(more, s.first + s.n, s.same - s.n);
	if (s.found < 2)
		buf_reset(offers);
}
