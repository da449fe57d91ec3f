/* Names and questions that a reader would take for one: they differ in spaces, case or Unicode form
 * alone. They stay apart; the report says so. */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/hashtable.h"
#include "base/plural.h"
#include "base/utf8.h"
#include "store/catalog.h"
#include "store/staging.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_LISTED 20

/* By what two texts that fold alike differ. */
static const char *difference(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);

	while (na && nb && *a == *b) {
		a++, b++;
		na--, nb--;
	}
	if (strchr(" \t\n\r", *a) || strchr(" \t\n\r", *b))
		return "a space";
	return (unsigned char)*a < 0x80 && (unsigned char)*b < 0x80 ? "upper and lower case"
								    : "the Unicode form";
}

/* The first `known` names are the database's: the others beside them, and beside each other. */
static void check_models(struct ingest *in, const char *const *names, size_t known, size_t n)
{
	struct hashtable *seen = hashtable_new();
	struct buf folded = BUF_INIT;
	size_t found = 0;

	for (size_t m = 0; m < n; m++) {
		const char *name = names[m], *other;
		uint64_t before;

		buf_reset(&folded);
		utf8_fold(&folded, name, strlen(name));
		before = hashtable_get(seen, buf_str(&folded), folded.len);
		if (before == HASHTABLE_NONE) {
			hashtable_put(seen, buf_str(&folded), folded.len, m);
			continue;
		}
		other = names[before];
		if (m < known || !strcmp(name, other))
			continue;
		if (found++ < NAMES_LISTED)
			ingest_remark(in, REMARK_NAMES,
			    "models \"%.200s\" and \"%.200s\" differ in %s alone; 'embedllm models "
			    "merge \"%.200s\" \"%.200s\"' makes them one",
			    other, name, difference(other, name), name, other);
	}
	if (found > NAMES_LISTED)
		ingest_remark(in, REMARK_NAMES, "%zu more model%s look%s like others",
		    found - NAMES_LISTED, plural(found - NAMES_LISTED),
		    found - NAMES_LISTED == 1 ? "s" : "");
	buf_clear(&folded);
	hashtable_free(seen);
}

static void check_questions(struct ingest *in)
{
	const struct staging *s = in->s;
	struct hashtable *seen = hashtable_new();
	struct buf folded = BUF_INIT;
	const char *example = NULL;
	size_t found = 0;

	for (size_t i = 0; i < s->n_questions; i++) {
		const struct staging_question *q = &s->questions[i];

		buf_reset(&folded);
		buf_adds(&folded, q->benchmark);
		buf_addc(&folded, '\0');
		utf8_fold(&folded, q->text, q->len);
		if (hashtable_put(seen, buf_str(&folded), folded.len, i) == HASHTABLE_NONE)
			continue;
		example = example ? example : q->text;
		found++;
	}
	if (found)
		ingest_remark(in, REMARK_NAMES,
		    "%zu question%s differ%s from another in spaces, case or Unicode form alone "
		    "and "
		    "stay%s apart, e.g. \"%.80s\"",
		    found, found == 1 ? "" : "s", found == 1 ? "s" : "", found == 1 ? "s" : "",
		    example);
	buf_clear(&folded);
	hashtable_free(seen);
}

bool ingest_check_names(struct ingest *in, struct err *e)
{
	const struct staging *s = in->s;
	const char **names;
	struct catalog c;

	if (!catalog_load(in->db, &in->arena, &c, e))
		return false;
	names = arena_array(&in->arena, const char *, c.n_models + s->n_models + 1);
	for (size_t m = 0; m < c.n_models; m++)
		names[m] = c.models[m].name;
	for (size_t m = 0; m < s->n_models; m++)
		names[c.n_models + m] = s->models[m].name;
	check_models(in, names, c.n_models, c.n_models + s->n_models);
	check_questions(in);
	return true;
}
