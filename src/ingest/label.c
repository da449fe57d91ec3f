#include "ingest/label.h"

#include "base/arena.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LATE_P (-1.0) /* the letter P: partly, or passed */

struct word {
	const char *word;
	double score;
};

static const struct word words[] = {
    {"true", 1},
    {"false", 0},
    {"yes", 1},
    {"no", 0},
    {"correct", 1},
    {"incorrect", 0},
    {"not correct", 0},
    {"right", 1},
    {"wrong", 0},
    {"pass", 1},
    {"passed", 1},
    {"fail", 0},
    {"failed", 0},
    {"success", 1},
    {"failure", 0},
    {"ok", 1},
    {"not ok", 0},
    {"solved", 1},
    {"unsolved", 0},
    {"resolved", 1},
    {"unresolved", 0},
    /* As spreadsheets write them elsewhere. */
    {"wahr", 1},
    {"falsch", 0},
    {"ja", 1},
    {"nein", 0},
    {"richtig", 1},
    {"vrai", 1},
    {"faux", 0},
    {"oui", 1},
    {"non", 0},
    {"verdadero", 1},
    {"verdadeiro", 1},
    {"falso", 0},
    {"vero", 1},
    {"\xe2\x9c\x93", 1}, /* check mark */
    {"\xe2\x9c\x94", 1},
    {"\xe2\x9c\x97", 0}, /* ballot x */
    {"\xe2\x9c\x98", 0},
    {"\xe2\x9c\x85", 1},
    {"\xe2\x9d\x8c", 0},
};
static const char *const missing[] = {"", "na", "n/a", "nan", "null", "none", "-", "<na>"};
static const char letters[] = "CIYNTFP";
static const double letter_scores[] = {1, 0, 1, 0, 1, 0, LATE_P};
enum { LETTER_C = 1, LETTER_I = 2, LETTER_F = 32 };

static bool same(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && !strncasecmp(p, word, n);
}

static bool is_missing(const char *p, size_t n)
{
	for (size_t i = 0; i < sizeof(missing) / sizeof(missing[0]); i++)
		if (same(p, n, missing[i]))
			return true;
	return false;
}

/* A number with a point or a comma, and a % sign or none. strtod also reads hexadecimal, infinity and
 * NaN(...): digits decide. */
static bool parse_number(const char *p, size_t n, double *v, bool *percent)
{
	char text[40], *end, *comma;

	*percent = n && p[n - 1] == '%';
	for (n -= *percent; n && p[n - 1] == ' ';)
		n--;
	if (!n || n >= sizeof(text) || strspn(p, "0123456789.,eE+-") < n)
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	comma = strchr(text, ',');
	if (comma)
		*comma = '.';
	*v = strtod(text, &end);
	if (*end || !isfinite(*v))
		return false;
	*v = *v == 0 ? 0 : *v; /* no -0 */
	return true;
}

/* --right: is it among the words? Numbers are compared as numbers. */
static bool is_right(const char *list, const char *p, size_t n)
{
	double a, b;
	bool ignored;
	size_t k;

	for (; *list; list += k + (list[k] == ',')) {
		k = strcspn(list, ",");
		if ((k == n && !strncasecmp(list, p, n)) ||
		    (parse_number(list, k, &a, &ignored) && parse_number(p, n, &b, &ignored) &&
			a == b))
			return true;
	}
	return false;
}

static enum label_taken take_by_words(
    struct label_column *c, const char *p, size_t n, double *score)
{
	size_t len = strlen(c->wrong);

	*score = is_right(c->right, p, n);
	c->n++;
	if (*score > 0) {
		c->right_words++;
	} else if (n < 40) {
		char word[48];

		snprintf(word, sizeof(word), "\"%.*s\"", (int)n, p);
		if (!strstr(c->wrong, word))
			snprintf(c->wrong + len, sizeof(c->wrong) - len, "%s%s", len ? ", " : "",
			    len + n + 8 < sizeof(c->wrong) ? word : "");
	}
	return LABEL_TAKEN;
}

static enum label_taken take_number(struct label_column *c, double v, bool percent, double *score)
{
	double top = percent ? 100 : isnan(c->scale) ? 1 : c->scale;

	if (v < 0 || ((percent || !isnan(c->scale)) && v > top))
		return LABEL_BAD;
	c->n++;
	c->percent += percent;
	c->small += !percent && v > 0 && v <= 1;
	c->ones += !percent && v == 1;
	c->max = !percent && v > c->max ? v : c->max;
	*score = v <= top ? v / top : v;
	c->late += v > top;
	return v <= top ? LABEL_TAKEN : LABEL_LATE;
}

static enum label_taken take_word(struct label_column *c, const char *p, size_t n, double *score)
{
	const char *letter =
	    n == 1 ? strchr(letters, *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p) : NULL;

	if (letter && *letter) {
		*score = letter_scores[letter - letters];
		c->letters |= 1u << (letter - letters);
		c->n++;
		c->words++;
		c->late += *score < 0;
		return *score < 0 ? LABEL_LATE : LABEL_TAKEN;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (same(p, n, words[i].word)) {
			*score = words[i].score;
			c->n++;
			c->words++;
			return LABEL_TAKEN;
		}
	return LABEL_BAD;
}

enum label_taken label_take(struct label_column *c, const char *p, size_t n, double *score)
{
	double v;
	bool percent;

	if (n == 1 && (*p == '0' || *p == '1') && !c->right && isnan(c->scale)) {
		*score = *p - '0';
		c->small += *p == '1';
		c->ones += *p == '1';
		c->n++;
		return LABEL_TAKEN;
	}
	while (n && (p[0] == ' ' || p[0] == '\t')) {
		p++;
		n--;
	}
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	if (c->right && is_right(c->right, p, n))
		return take_by_words(c, p, n, score);
	if (is_missing(p, n)) {
		*score = NAN;
		return LABEL_TAKEN;
	}
	if (c->right)
		return take_by_words(c, p, n, score);
	if (parse_number(p, n, &v, &percent))
		return take_number(c, v, percent, score);
	return take_word(c, p, n, score);
}

static bool is_percent(const struct label_column *c)
{
	return c->max == 100 && !c->small && !c->words && !c->percent;
}

bool label_late(const struct label_column *c, double late, double *score)
{
	bool graded = c->letters & (LETTER_C | LETTER_I), passed = c->letters & LETTER_F;

	if (late < 0) { /* Inspect's P is half right; beside F it is a pass */
		*score = graded ? .5 : 1;
		return graded || passed;
	}
	*score = late / 100;
	return is_percent(c);
}

bool label_settles(const struct label_column *c)
{
	double ignored;

	return !c->late || (c->max > 1 ? is_percent(c) : label_late(c, LATE_P, &ignored));
}

bool label_is_one(const char *p, size_t n)
{
	struct label_column c = {.scale = NAN};
	double score;

	return label_take(&c, p, n, &score) != LABEL_BAD;
}

bool label_is_stray(const struct label_column *c)
{
	return c->n > c->late && (c->late <= 1 || c->late <= c->n / 10);
}

const char *label_why(const struct label_column *c, const char *text, struct arena *a)
{
	char *end;
	double v = strtod(text, &end);

	if (!isnan(c->scale))
		return arena_printf(
		    a, "\"%.40s\" is no label: by --scale they go from 0 to %g", text, c->scale);
	if (end != text && !*end && v > 1)
		return arena_printf(a,
		    "\"%.40s\" is no label: they go from 0 to 1 (%llu of %llu are over it); where "
		    "another number is wholly right, --scale NUMBER says which, and where some "
		    "values are right and the others wrong, --right VALUE,...",
		    text, (unsigned long long)c->late, (unsigned long long)c->n);
	return arena_printf(a,
	    "\"%.40s\" is no label: wanted is 0 to 1, true, false, correct, incorrect, yes, no, "
	    "pass, "
	    "fail and the like, or nothing; --right WORD,... says which words are right",
	    text);
}

const char *label_remark(const struct label_column *c, struct arena *a)
{
	if (c->right)
		return arena_printf(a, "labels by --right: %llu of %llu right%s%s",
		    (unsigned long long)c->right_words, (unsigned long long)c->n,
		    *c->wrong ? ", taken as wrong: " : "", c->wrong);
	if (c->late && c->max > 1 && is_percent(c))
		return "labels are percent: 100 is right, divided by 100";
	return NULL;
}
