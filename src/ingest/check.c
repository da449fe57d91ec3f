/* Do the rows come to what their source says of them? */
#include "ingest/importer.h"

#include "base/err.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "store/staging.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Half a unit of the fourth digit, to which the coarsest of the sources round (or percent to two). */
#define ROUNDING 5.1e-5
#define LINES_MAX 40 /* of mismatches in the report */

struct ingest_claim {
	uint32_t model;
	const char *task, *metric, *source;
	double n, mean;
	/* What came: */
	double rows, labels, sum;
};

void ingest_aggregate(struct ingest *in, uint32_t model, const char *task, const char *metric,
    double n, double mean, const char *source)
{
	in->claims = mem_grow(in->claims, &in->cap_claims, in->n_claims + 1, sizeof(*in->claims));
	in->claims[in->n_claims++] = (struct ingest_claim){
	    .model = model,
	    .task = arena_strdup(&in->arena, task),
	    .metric = arena_strdup(&in->arena, metric),
	    .source = arena_strdup(&in->arena, source),
	    .n = n,
	    .mean = mean,
	};
}

/* Model and task as one key: where the claims of both are. */
static size_t claim_key(uint32_t model, const char *task, char *key, size_t size)
{
	int n = snprintf(key, size, "%u %s", model, task);

	return (size_t)n < size ? (size_t)n : size - 1;
}

/* Add every row to the claim of its model and task, if there is one; the first of several counts. */
static void count_rows(struct ingest *in)
{
	const struct staging *s = in->s;
	struct hashtable *at = hashtable_new();
	char key[512];

	for (size_t i = in->n_claims; i-- > 0;) {
		const struct ingest_claim *c = &in->claims[i];

		hashtable_put(at, key, claim_key(c->model, c->task, key, sizeof(key)), i);
	}
	for (size_t i = 0; i < s->n_rows; i++) {
		const char *task = s->items[s->row_item[i]].category;
		uint64_t id =
		    hashtable_get(at, key, claim_key(s->row_model[i], task, key, sizeof(key)));
		struct ingest_claim *c = id == HASHTABLE_NONE ? NULL : &in->claims[id];

		if (!c)
			continue;
		c->rows++;
		if (!isnan(s->row_score[i])) {
			c->labels++;
			c->sum += s->row_score[i];
		}
	}
	hashtable_free(at);
}

enum verdict { VERDICT_NONE, VERDICT_MATCH, VERDICT_PART, VERDICT_MISMATCH };

static enum verdict judge(const struct ingest_claim *c)
{
	double mean = c->labels ? c->sum / c->labels : NAN;

	if (!c->rows)
		return VERDICT_NONE;
	if (c->n > 0 && c->rows < c->n)
		return VERDICT_PART;
	if (c->n > 0 && c->rows > c->n)
		return VERDICT_MISMATCH;
	return isnan(c->mean) || fabs(mean - c->mean) <= ROUNDING ? VERDICT_MATCH
								  : VERDICT_MISMATCH;
}

/* "sums of acme/alpha by acc: 3 rows with mean 1 here, 100 with .41 in results.json" */
static void describe(const struct ingest *in, const struct ingest_claim *c, char *out, size_t size)
{
	char claimed[64] = "", mean[32] = "";

	if (c->n > 0)
		snprintf(claimed, sizeof(claimed), "%.0f ", c->n);
	if (!isnan(c->mean))
		snprintf(mean, sizeof(mean), "%smean %.4g", c->n > 0 ? "with " : "", c->mean);
	snprintf(out, size,
	    "%.100s of %.200s by %.60s: %.0f rows with mean %.4g here, %s%s in %.300s", c->task,
	    in->s->models[c->model].name, c->metric, c->rows, c->labels ? c->sum / c->labels : NAN,
	    claimed, mean, c->source);
}

bool ingest_check_aggregates(struct ingest *in, struct err *e)
{
	size_t matches = 0, mismatches = 0, parts = 0, listed = 0;
	char text[900], first[900] = "";

	if (in->n_claims)
		count_rows(in);
	for (size_t i = 0; i < in->n_claims; i++) {
		enum verdict v = judge(&in->claims[i]);

		matches += v == VERDICT_MATCH;
		parts += v == VERDICT_PART;
		mismatches += v == VERDICT_MISMATCH;
		if (v == VERDICT_NONE || (v == VERDICT_MATCH && in->n_claims > 8))
			continue;
		describe(in, &in->claims[i], text, sizeof(text));
		if (v == VERDICT_MISMATCH && !*first)
			snprintf(first, sizeof(first), "%s", text);
		if (listed++ < LINES_MAX)
			ingest_remark(in, REMARK_CHECK, "%s: %s",
			    v == VERDICT_MATCH  ? "match"
			    : v == VERDICT_PART ? "part of a run"
						: "mismatch",
			    text);
	}
	if (matches + mismatches + parts > 8 || listed > LINES_MAX)
		ingest_remark(in, REMARK_CHECK,
		    "of %zu figures in the results files %zu match, %zu are of larger runs, %zu do "
		    "not match",
		    matches + mismatches + parts, matches, parts, mismatches);
	if (!mismatches || in->o->accept)
		return true;
	return err_set(e, ERR_DATA,
	    "%s: the labels are not what their source says: %s%s; see --metric, --filter; --accept "
	    "imports them all the same",
	    in->path, first, mismatches > 1 ? " (and others)" : "");
}
