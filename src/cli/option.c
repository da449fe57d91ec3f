#include "cli/option.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/spelling.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LONG_BASE 256 /* getopt values of long options: above every letter */

static bool takes_argument(const struct option_row *row)
{
	return row->type != OPTION_SET && row->type != OPTION_UNSET;
}

/* A row by its running number over all tables; *fields is the struct it belongs to. */
static const struct option_row *row_at(
    const struct option_table *tables, size_t n, size_t at, void **fields)
{
	for (size_t t = 0; t < n; t++) {
		for (const struct option_row *r = tables[t].rows; r && r->name; r++) {
			if (at-- == 0) {
				*fields = tables[t].fields;
				return r;
			}
		}
	}
	return NULL;
}

static const struct option_row *row_of(
    const struct option_table *tables, size_t n, int value, void **fields)
{
	const struct option_row *r;

	if (value >= LONG_BASE)
		return row_at(tables, n, (size_t)(value - LONG_BASE), fields);
	if (value == 0)
		return NULL;
	for (size_t i = 0; (r = row_at(tables, n, i, fields)) != NULL; i++)
		if (r->letter == value)
			return r;
	return NULL;
}

/* Values */

static bool whole(
    const struct option_row *r, const char *s, double min, double max, long long *v, struct err *e)
{
	char *end;
	long long x;

	errno = 0;
	x = strtoll(s, &end, 10);
	if (*s == '\0' || *end || errno || (double)x < min || (double)x > max) {
		if (max < 1e15)
			return err_set(e, ERR_USAGE,
			    "--%s: '%s' is not a whole number from %.0f to %.0f", r->name, s, min,
			    max);
		return err_set(e, ERR_USAGE, "--%s: '%s' is not a whole number of at least %.0f",
		    r->name, s, min);
	}
	*v = x;
	return true;
}

static bool real(
    const struct option_row *r, const char *s, double min, double max, double *v, struct err *e)
{
	char *end;
	double x = strtod(s, &end);

	if (*s == '\0' || *end || !isfinite(x) || x < min || x > max) {
		if (isfinite(max))
			return err_set(e, ERR_USAGE, "--%s: '%s' is not a number from %g to %g",
			    r->name, s, min, max);
		return err_set(
		    e, ERR_USAGE, "--%s: '%s' is not a number of at least %g", r->name, s, min);
	}
	*v = x;
	return true;
}

static bool choice(const struct option_row *r, const char *s, int *v, struct err *e)
{
	struct buf b = BUF_INIT;
	const char *near;
	size_t n = 0;

	for (int i = 0; r->choices[i]; i++, n++) {
		if (*s && !strcmp(r->choices[i], s)) {
			buf_clear(&b);
			*v = i;
			return true;
		}
		if (*r->choices[i])
			buf_printf(&b, "%s%s", b.len ? ", " : "", r->choices[i]);
	}
	near = spelling_nearest(s, r->choices, n);
	err_set(e, ERR_USAGE, "--%s: '%s' is none of %s%s%s%s", r->name, s, buf_str(&b),
	    near && *near ? "; did you mean " : "", near && *near ? near : "",
	    near && *near ? "?" : "");
	buf_clear(&b);
	return false;
}

static void list_add(struct option_list *l, struct arena *a, const char *s, size_t n)
{
	const char **v = arena_array(a, const char *, l->n + 1);

	if (l->n)
		memcpy(v, l->v, l->n * sizeof(*v));
	v[l->n++] = arena_strndup(a, s, n);
	l->v = v;
}

static bool set(
    const struct option_row *r, void *fields, const char *s, struct arena *a, struct err *e)
{
	void *p = (char *)fields + r->offset;
	double most = r->max != 0 ? r->max : INFINITY;
	long long v;

	switch (r->type) {
	case OPTION_SET:
	case OPTION_UNSET:
		*(bool *)p = r->type == OPTION_SET;
		return true;
	case OPTION_TEXT:
		*(const char **)p = s;
		return true;
	case OPTION_LIST:
		list_add(p, a, s, strlen(s));
		return true;
	case OPTION_NAMES:
		for (size_t n; *s; s += n + (s[n] == ',')) {
			n = strcspn(s, ",");
			if (n)
				list_add(p, a, s, n);
		}
		return true;
	case OPTION_CHOICE:
		return choice(r, s, p, e);
	case OPTION_INT:
		if (!whole(r, s, r->min, fmin(most, INT32_MAX), &v, e))
			return false;
		*(int *)p = (int)v;
		return true;
	case OPTION_SIZE:
		if (!whole(r, s, r->min, most, &v, e))
			return false;
		*(size_t *)p = (size_t)v;
		return true;
	case OPTION_SEED:
		if (!whole(r, s, 0, most, &v, e))
			return false;
		*(uint64_t *)p = (uint64_t)v;
		return true;
	case OPTION_ID:
		if (!whole(r, s, 1, most, &v, e))
			return false;
		*(int64_t *)p = v;
		return true;
	case OPTION_REAL:
		return real(r, s, r->min, most, p, e);
	}
	return true;
}

/* Errors */

static bool unknown(const struct option_table *tables, size_t n, const char *given, struct err *e)
{
	const char *words[64], *near;
	size_t n_words = 0, len = strcspn(given, "=");
	char name[64];
	void *fields;
	const struct option_row *r;

	if (strncmp(given, "--", 2))
		return err_set(e, ERR_USAGE, "unknown option '%s'", given);
	for (size_t i = 0; n_words < 64 && (r = row_at(tables, n, i, &fields)) != NULL; i++)
		words[n_words++] = r->name;
	if (len - 2 >= sizeof(name))
		return err_set(e, ERR_USAGE, "unknown option '%.64s'", given);
	memcpy(name, given + 2, len - 2);
	name[len - 2] = '\0';
	near = spelling_nearest(name, words, n_words);
	if (near)
		return err_set(
		    e, ERR_USAGE, "unknown option '--%s'; did you mean '--%s'?", name, near);
	return err_set(e, ERR_USAGE, "unknown option '--%s'", name);
}

bool option_parse(const struct option_table *tables, size_t n, bool stop, int argc, char **argv,
    struct arena *a, int *first, struct err *e)
{
	struct buf letters = BUF_INIT;
	const struct option_row *r;
	struct option *longs;
	size_t n_rows = 0;
	void *fields = NULL;
	bool ok = true;
	int value;

	while (row_at(tables, n, n_rows, &fields))
		n_rows++;
	longs = arena_array(a, struct option, n_rows + 1);
	buf_adds(&letters, stop ? "+:" : ":");
	for (size_t i = 0; i < n_rows; i++) {
		r = row_at(tables, n, i, &fields);
		longs[i] = (struct option){
		    .name = r->name,
		    .has_arg = takes_argument(r) ? required_argument : no_argument,
		    .val = LONG_BASE + (int)i,
		};
		if (r->letter)
			buf_printf(&letters, takes_argument(r) ? "%c:" : "%c", r->letter);
	}

	opterr = 0;
	optind = 0; /* glibc: forget an earlier parse, the order of operands included */
	while (ok && (value = getopt_long(argc, argv, letters.s, longs, NULL)) != -1) {
		r = row_of(tables, n, value == '?' || value == ':' ? optopt : value, &fields);
		if (value == ':')
			ok = err_set(
			    e, ERR_USAGE, "--%s needs an argument: %s", r->name, r->argument);
		else if (value == '?' && r)
			ok = err_set(e, ERR_USAGE, "--%s takes no argument", r->name);
		else if (value == '?' && optopt)
			ok = err_set(e, ERR_USAGE, "unknown option '-%c'", optopt);
		else if (value == '?')
			ok = unknown(tables, n, argv[optind - 1], e);
		else
			ok = set(r, fields, optarg, a, e);
	}
	buf_clear(&letters);
	if (ok)
		*first = optind;
	return ok;
}

void option_default(const struct option_row *row, const void *fields, struct buf *out)
{
	const void *p = (const char *)fields + row->offset;
	const char *s = "";
	double v = NAN;

	switch (row->type) {
	case OPTION_TEXT:
		s = *(const char *const *)p ? *(const char *const *)p : "";
		break;
	case OPTION_CHOICE:
		s = *(const int *)p >= 0 ? row->choices[*(const int *)p] : "";
		break;
	case OPTION_INT:
		v = *(const int *)p;
		break;
	case OPTION_SIZE:
		v = (double)*(const size_t *)p;
		break;
	case OPTION_SEED:
		v = (double)*(const uint64_t *)p;
		break;
	case OPTION_ID:
		v = (double)*(const int64_t *)p;
		break;
	case OPTION_REAL:
		v = *(const double *)p;
		break;
	case OPTION_SET:
	case OPTION_UNSET:
	case OPTION_LIST:
	case OPTION_NAMES:
		break;
	}
	if (*s)
		buf_adds(out, s);
	else if (isfinite(v) && !(row->unset && v == 0))
		buf_printf(out, "%.9g", v);
	else if (row->unset)
		buf_adds(out, row->unset);
}
