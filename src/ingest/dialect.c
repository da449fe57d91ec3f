/* The start of the file is read once by each separator that could be meant, as tolerantly as can be:
 * the records are only counted. */
#include "ingest/dialect.h"

#include <string.h>
#include <strings.h>

#define RECORDS_MAX 50

/* What the start of a file looks like by one separator. */
struct look {
	size_t first, records, alike; /* fields of the first; records; those with as many fields */
	size_t separators, spaced;    /* and those that a space follows */
	size_t spaced_quotes;         /* fields that begin with spaces and a quote */
	size_t loose_quotes; /* quotes that are neither at the ends of a field nor doubled */
};

struct scan {
	const char *p, *end;
	char separator, quote;
};

static bool at_end(const struct scan *s, const char *p)
{
	return p == s->end || *p == '\n' || *p == '\r' || *p == s->separator;
}

/* Over one field, to the separator, newline or end behind it. */
static void skip_field(struct scan *s, struct look *l)
{
	const char *p = s->p;

	while (p < s->end && *p == ' ')
		p++;
	if (s->quote && p < s->end && *p == s->quote) {
		l->spaced_quotes += p > s->p;
		for (p++; p < s->end; p++) {
			if (*p != s->quote)
				continue;
			if (p + 1 < s->end && p[1] == s->quote) {
				p++;
				continue;
			}
			p++;
			while (p < s->end && *p == ' ')
				p++;
			if (at_end(s, p))
				break;
			l->loose_quotes++;
			p--;
		}
	}
	while (!at_end(s, p))
		l->loose_quotes += *p++ == '"';
	s->p = p;
}

static void look_at(const char *p, size_t n, char separator, char quote, struct look *l)
{
	struct scan s = {p, p + n, separator, quote};
	size_t fields = 1;

	*l = (struct look){0};
	while (s.p < s.end && l->records < RECORDS_MAX) {
		const char *start = s.p;

		skip_field(&s, l);
		if (s.p == s.end)
			break;
		if (*s.p++ == separator) {
			l->separators++;
			l->spaced += s.p < s.end && *s.p == ' ';
			fields++;
			continue;
		}
		if (fields > 1 || s.p - start > 1) { /* no blank line */
			l->first = l->records ? l->first : fields;
			l->alike += fields == l->first;
			l->records++;
		}
		fields = 1;
	}
	/* The last one counts only where it is the header: others may be cut off. */
	l->first = l->records ? l->first : fields;
}

/* The line sep=X; its length with the newline, or 0. */
static size_t separator_line(const char *p, size_t n, char *separator)
{
	size_t quoted = n && *p == '"', at = quoted, len = at + 5 + quoted;

	if (n < len || strncasecmp(p + at, "sep=", 4) || !strchr(",;\t|", p[at + 4]) ||
	    (quoted && p[at + 5] != '"'))
		return 0;
	*separator = p[at + 4];
	/* A spreadsheet that saved it again puts its separators behind it. */
	while (len < n && p[len] == *separator)
		len++;
	if (len < n && p[len] == '\r')
		len++;
	if (len < n && p[len] == '\n')
		len++;
	return len;
}

void dialect_guess(const char *p, size_t n, struct dialect *out)
{
	static const char separators[] = {',', '\t', ';', '|'};
	struct dialect d = {',', '"', '\n', false, 0};
	struct look best = {0}, l;
	char named = 0;

	d.skip = separator_line(p, n, &named);
	p += d.skip;
	n -= d.skip;
	if (n && !memchr(p, '\n', n) && memchr(p, '\r', n))
		d.newline = '\r';
	for (size_t i = 0; i < sizeof(separators); i++) {
		char quote = '"';

		if (named && separators[i] != named)
			continue;
		look_at(p, n, separators[i], quote, &l);
		if (separators[i] == '\t' && l.loose_quotes) {
			quote = 0;
			look_at(p, n, separators[i], quote, &l);
		}
		/* The greater share of records alike; then the more fields. */
		if (!named && (l.first < 2 ||
				  (best.first && l.alike * best.records < best.alike * l.records) ||
				  (best.first && l.alike * best.records == best.alike * l.records &&
				      l.first <= best.first)))
			continue;
		best = l;
		d.separator = separators[i];
		d.quote = quote;
	}
	d.spaces = best.spaced_quotes || (best.separators && best.spaced == best.separators);
	*out = d;
}
