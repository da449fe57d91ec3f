#include "ingest/importer.h"

#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/utf8.h"
#include "store/staging.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct importer *const importers[] = {
#define IMPORTER(x) &importer_##x,
#include "ingest/importers.def"
#undef IMPORTER
};
const size_t n_importers = sizeof(importers) / sizeof(importers[0]);

const struct importer *importer_find(const char *name)
{
	for (size_t i = 0; i < n_importers; i++)
		if (!strcmp(importers[i]->name, name))
			return importers[i];
	return NULL;
}

const struct importer *importer_surest(const struct ingest_head *h)
{
	const struct importer *best = NULL;
	bool no_text = ingest_is_no_text(h);
	int most = SCORE_NONE;

	for (size_t i = 0; i < n_importers; i++) {
		int score = importers[i]->table && no_text ? SCORE_NONE : importers[i]->score(h);

		if (score > most) {
			most = score;
			best = importers[i];
		}
	}
	return best;
}

bool ingest_head_has(const struct ingest_head *h, const char *text)
{
	return h->n && memmem(h->p, h->n, text, strlen(text)) != NULL;
}

bool ingest_ends(const char *path, const char *ending)
{
	static const char *const packed[] = {"", ".gz", ".zst", ".xz"};
	size_t n = strlen(path), k = strlen(ending);

	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		size_t p = strlen(packed[i]);

		if (n >= k + p && !strcasecmp(path + n - p, packed[i]) &&
		    !strncasecmp(path + n - p - k, ending, k))
			return true;
	}
	return false;
}

struct stream *ingest_open(struct ingest *in, size_t i, struct err *e)
{
	struct stream *s = i == 0 ? in->first : NULL;

	in->first = i == 0 ? NULL : in->first;
	if (!s) {
		s = stream_open(in->files[i], e);
		if (s)
			stream_as_text(s);
	}
	return s;
}

bool ingest_bad(struct ingest *in, struct err *e, const char *place, const char *fmt, ...)
{
	char reason[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	if (in->o->skip_bad) {
		staging_skip(in->s, place, reason);
		return true;
	}
	return err_set(e, ERR_DATA,
	    "%s: %s; mend the file, or import with --skip-bad to leave such lines out", place,
	    reason);
}

static bool matches(const struct ingest_list *l, const char *task)
{
	for (size_t i = 0; i < l->n; i++)
		if (utf8_glob(l->v[i], task))
			return true;
	return false;
}

bool ingest_wants(struct ingest *in, const char *task)
{
	bool only = !in->o->only.n || matches(&in->o->only, task);
	bool wanted = only && !matches(&in->o->except, task);

	if (!wanted)
		ingest_remark(in, REMARK_LEFT_OUT, "%s, by --%s", task, only ? "except" : "only");
	return wanted;
}

void ingest_remark(struct ingest *in, enum remark_kind kind, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(text)) { /* never half a character */
		size_t end = sizeof(text) - 4;

		end = utf8_check(text, end);
		memcpy(text + end, "...", 4);
	}
	staging_remark(in->s, kind, text);
}

/* Is it one of the words, whatever its case? */
static bool is_word(const char *p, size_t n, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(words[i]) == n && !strncasecmp(p, words[i], n))
			return true;
	return false;
}

bool ingest_label(const char *p, size_t n, double *score)
{
	static const char *const missing[] = {"", "na", "n/a", "nan", "null", "none"};
	char text[40], *end;
	double v;

	if (n == 1 && (*p == '0' || *p == '1')) {
		*score = *p - '0';
		return true;
	}
	while (n && (p[0] == ' ' || p[0] == '\t')) {
		p++;
		n--;
	}
	while (n && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	if (is_word(p, n, missing, sizeof(missing) / sizeof(missing[0]))) {
		*score = NAN;
		return true;
	}
	if (is_word(p, n, (const char *const[]){"true"}, 1)) {
		*score = 1;
		return true;
	}
	if (is_word(p, n, (const char *const[]){"false"}, 1)) {
		*score = 0;
		return true;
	}
	/* strtod also reads hexadecimal, infinity and NaN(...): digits decide. */
	if (n >= sizeof(text) || strspn(p, "0123456789.eE+-") < n)
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	v = strtod(text, &end);
	if (*end || !(v >= 0 && v <= 1))
		return false;
	*score = fabs(v); /* no -0 */
	return true;
}

bool ingest_json_label(const json_t *v, double *score)
{
	double x;

	if (json_is_string(v))
		return ingest_label(json_string_value(v), json_string_length(v), score);
	if (json_is_boolean(v)) {
		*score = json_is_true(v);
		return true;
	}
	if (json_is_null(v)) {
		*score = NAN;
		return true;
	}
	x = json_number_value(v);
	if (!json_is_number(v) || !(x >= 0 && x <= 1))
		return false;
	*score = fabs(x);
	return true;
}

void ingest_end(struct ingest *in)
{
	mem_free(in->claims);
	hashtable_free(in->earlier_at);
	arena_clear(&in->arena);
	stream_close(in->first);
	in->first = NULL;
	in->claims = NULL;
	in->earlier_at = NULL;
}
