#include "task/model_name.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Digits with at most one point among them; NaN where s does not begin so. Not strtod: that reads
 * "1e5", "0x7" and "nan" too. */
static double read_number(const char *s, const char **end)
{
	double v = 0, unit = 1;
	bool point = false;

	if (!is_digit(*s))
		return NAN;
	for (; is_digit(*s) || (*s == '.' && !point && is_digit(s[1])); s++) {
		if (*s == '.') {
			point = true;
		} else {
			v = 10 * v + (*s - '0');
			unit *= point ? 10 : 1;
		}
	}
	*end = s;
	return v / unit;
}

/* "7B", "1.5b", "350M", "8x7B" at s, and nothing of a word after it; NaN if it is something else. */
static double read_size(const char *s)
{
	const char *end;
	double v = read_number(s, &end), times = 1;

	if (isnan(v))
		return NAN;
	if (*end == 'x' || *end == 'X') {
		times = v;
		v = read_number(end + 1, &end);
	}
	if (isnan(v) || is_letter(end[*end != '\0']) || is_digit(end[*end != '\0']))
		return NAN;
	switch (*end) {
	case 'b':
	case 'B':
		return times * v;
	case 'm':
	case 'M':
		return times * v / 1000;
	case 't':
	case 'T':
		return times * v * 1000;
	default:
		return NAN;
	}
}

double model_name_size(const struct catalog_model *m)
{
	const char *tag = catalog_model_tag(m, "size");
	const char *end;
	double v = tag ? read_size(tag) : NAN;

	if (tag && isnan(v)) {
		v = read_number(tag, &end);
		v = !isnan(v) && !*end ? v : NAN;
	}
	for (const char *s = m->name; isnan(v) && *s; s++)
		if (is_digit(*s) && (s == m->name || (!is_digit(s[-1]) && s[-1] != '.')))
			v = read_size(s);
	return v > 0 ? v : NAN;
}

const char *model_name_short(const struct catalog_model *m)
{
	const char *slash = strrchr(m->name, '/');

	return slash && slash[1] ? slash + 1 : m->name;
}

void model_name_family(const struct catalog_model *m, struct buf *out)
{
	const char *tag = catalog_model_tag(m, "family"), *s = model_name_short(m);

	if (tag) {
		buf_adds(out, tag);
		return;
	}
	if (!strncasecmp(s, "meta-", 5) || !strncasecmp(s, "meta_", 5))
		s += 5;
	while (*s && !is_letter(*s) && (unsigned char)*s < 0x80)
		s++;
	for (; *s && (is_letter(*s) || (unsigned char)*s >= 0x80); s++)
		buf_addc(out, utf8_lower_ascii(*s));
	if (!out->len)
		buf_adds(out, "–");
}
