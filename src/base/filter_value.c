#include "base/filter_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* 1000 of "k"; 0 of what is no such unit. */
static double scale(const char *unit)
{
	static const struct {
		char name;
		double v;
	} units[] = {{'k', 1e3}, {'m', 1e6}, {'b', 1e9}, {'t', 1e12}};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if ((unit[0] | 32) == units[i].name && !unit[1])
			return units[i].v;
	return 0;
}

/* "1:30", "1:02:03", "90", "90s", "2m", "1.5h". */
static bool parse_seconds(const char *text, double *out)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86400}};
	char *end;
	double v = strtod(text, &end);

	if (end == text)
		return false;
	for (int parts = 0; *end == ':' && parts < 2; parts++) {
		const char *next = end + 1;

		v = 60 * v + strtod(next, &end);
		if (end == next)
			return false;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (!strcasecmp(end, units[i].unit)) {
			*out = v * units[i].seconds;
			return isfinite(v);
		}
	return false;
}

static double start_of_day(time_t now, int days)
{
	struct tm t;

	localtime_r(&now, &t);
	t.tm_hour = t.tm_min = t.tm_sec = 0;
	t.tm_mday += days;
	t.tm_isdst = -1;
	return (double)mktime(&t);
}

/* A year, month, day, hour or minute in local time, as it is shown: from its start to its end. */
static bool parse_date(const char *text, struct filter_value *out)
{
	time_t now = time(NULL);
	int year = 0, month = 1, day = 1, hour = 0, minute = 0, used = 0, n;
	struct tm from = {.tm_isdst = -1}, to;

	if (!strcasecmp(text, "today") || !strcasecmp(text, "yesterday")) {
		int before = strcasecmp(text, "today") ? -1 : 0;

		*out = (struct filter_value){
		    .low = start_of_day(now, before), .high = start_of_day(now, before + 1)};
		return true;
	}
	if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) == 2 && !text[used]) {
		out->low = start_of_day(now, 0) + 3600 * hour + 60 * minute;
		out->high = out->low + 60;
		return true;
	}
	hour = minute = 0;
	n = sscanf(text, "%4d-%2d-%2d%*1[T ]%2d:%2d", &year, &month, &day, &hour, &minute);
	if (n < 1 || n == 4 || !strchr("0123456789Z", text[strlen(text) - 1]) || year < 1970 ||
	    month < 1 || month > 12 || day < 1 || day > 31 ||
	    strspn(text, "0123456789-T :Z") < strlen(text))
		return false;
	from.tm_year = year - 1900;
	from.tm_mon = month - 1;
	from.tm_mday = day;
	from.tm_hour = hour;
	from.tm_min = minute;
	to = from;
	*(n == 1 ? &to.tm_year : n == 2 ? &to.tm_mon : n == 3 ? &to.tm_mday : &to.tm_min) += 1;
	*out = (struct filter_value){.low = (double)mktime(&from), .high = (double)mktime(&to)};
	return true;
}

double filter_value_date(const char *iso)
{
	struct tm t = {0};
	const char *end = strptime(iso, "%Y-%m-%dT%H:%M:%SZ", &t);

	return end && !*end ? (double)timegm(&t) : NAN;
}

static bool is_share(const struct column *c)
{
	return c->kind == COLUMN_SHARE || c->kind == COLUMN_SHARE_FIGURE ||
	       c->kind == COLUMN_SHARE_PM;
}

static bool parse_number(const struct column *c, const char *text, struct filter_value *out)
{
	const char *start = text + (c->kind == COLUMN_MONEY && *text == '$');
	char *end;
	double v = strtod(start, &end), unit;

	if (end == start || !isfinite(v) || strpbrk(start, "xXnN"))
		return false;
	*out = (struct filter_value){.low = v};
	if (is_share(c)) {
		if (*end && strcmp(end, "%") != 0)
			return false;
		/* A difference of half a point is shown, and meant, as 0.5. */
		out->share = !*end && !c->plus && strchr(start, '.') && fabs(v) < 1 && v != 0;
		out->low *= out->share ? 100 : 1;
	} else if (!strcmp(end, "%") && c->kind == COLUMN_REAL && !c->unit) {
		out->low /= 100;
	} else if (*end) {
		unit = scale(end);
		if (!unit)
			return false;
		out->low = out->low * unit / (c->unit ? scale(c->unit) : 1);
	}
	out->high = out->low;
	return true;
}

bool filter_value_parse(const struct column *c, const char *text, struct filter_value *out)
{
	double v;

	if (c->kind == COLUMN_DATE)
		return parse_date(text, out);
	if (c->kind != COLUMN_SECONDS)
		return parse_number(c, text, out);
	if (!parse_seconds(text, &v))
		return false;
	*out = (struct filter_value){.low = v, .high = v};
	return true;
}

const char *filter_value_example(const struct column *c)
{
	switch (c->kind) {
	case COLUMN_SHARE:
	case COLUMN_SHARE_FIGURE:
	case COLUMN_SHARE_PM:
		return "30%";
	case COLUMN_MONEY:
		return "0.05";
	case COLUMN_DATE:
		return "2026-11-30 or today";
	case COLUMN_SECONDS:
		return "90 or 1:30";
	case COLUMN_INT:
		return "30";
	default:
		return c->unit ? "7" : "0.5";
	}
}
