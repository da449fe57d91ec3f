#include "ingest/importer.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"
#include "store/staging.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct importer *const importers[] = {
    &importer_embedllm_csv,
    &importer_long_csv,
    &importer_triple,
    &importer_lm_eval,
};
const size_t n_importers = sizeof(importers) / sizeof(importers[0]);

const struct importer *importer_find(const char *name)
{
	for (size_t i = 0; i < n_importers; i++)
		if (!strcmp(importers[i]->name, name))
			return importers[i];
	return NULL;
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

struct stream *ingest_open(struct ingest *in, size_t i, struct err *e)
{
	struct stream *s = i == 0 ? in->first : NULL;

	in->first = i == 0 ? NULL : in->first;
	if (!s) {
		s = stream_open(in->paths[i], e);
		if (s)
			stream_as_text(s);
	}
	return s;
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
