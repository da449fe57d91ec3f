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
	struct response_claim c; /* its mean and verdict when all rows are counted */
	uint64_t labels;
	double sum;
};

void ingest_aggregate(struct ingest *in, uint32_t model, const char *task, const char *metric,
    double n, double mean, const char *source)
{
	in->claims = mem_grow(in->claims, &in->cap_claims, in->n_claims + 1, sizeof(*in->claims));
	in->claims[in->n_claims++] = (struct ingest_claim){
	    .model = model,
	    .c = {.task = arena_strdup(&in->arena, task),
		.metric = arena_strdup(&in->arena, metric),
		.source = arena_strdup(&in->arena, source),
		.claimed_rows = n > 0 ? n : NAN,
		.claimed_mean = mean},
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

		hashtable_put(at, key, claim_key(c->model, c->c.task, key, sizeof(key)), i);
	}
	for (size_t i = 0; i < s->n_rows; i++) {
		const char *task = s->items[s->row_item[i]].category;
		uint64_t id =
		    hashtable_get(at, key, claim_key(s->row_model[i], task, key, sizeof(key)));
		struct ingest_claim *c = id == HASHTABLE_NONE ? NULL : &in->claims[id];

		if (!c)
			continue;
		c->c.rows++;
		if (!isnan(s->row_score[i])) {
			c->labels++;
			c->sum += s->row_score[i];
		}
	}
	hashtable_free(at);
}

/* Not of a claim without rows: that is no samples file. */
static enum claim_verdict judge(const struct response_claim *c)
{
	double rows = (double)c->rows;

	if (rows < c->claimed_rows)
		return CLAIM_PART;
	if (rows > c->claimed_rows)
		return CLAIM_MISMATCH;
	return isnan(c->claimed_mean) || fabs(c->mean - c->claimed_mean) <= ROUNDING
		   ? CLAIM_MATCH
		   : CLAIM_MISMATCH;
}

/* "sums of acme/alpha by acc: 3 rows with mean 1 here, 100 with .41 in results.json" */
static void describe(const char *model, const struct response_claim *c, char *out, size_t size)
{
	char claimed[64] = "", mean[32] = "";

	if (!isnan(c->claimed_rows))
		snprintf(claimed, sizeof(claimed), "%.0f ", c->claimed_rows);
	if (!isnan(c->claimed_mean))
		snprintf(
		    mean, sizeof(mean), "%smean %.4g", *claimed ? "with " : "", c->claimed_mean);
	snprintf(out, size,
	    "%.100s of %.200s by %.60s: %llu rows with mean %.4g here, %s%s in %.300s", c->task,
	    model, c->metric, (unsigned long long)c->rows, c->mean, claimed, mean, c->source);
}

bool ingest_check_aggregates(struct ingest *in, struct err *e)
{
	size_t n[CLAIM_VERDICTS] = {0}, all = 0, listed = 0;
	char text[900], first[900] = "";

	if (in->n_claims)
		count_rows(in);
	for (size_t i = 0; i < in->n_claims; i++) {
		struct ingest_claim *claim = &in->claims[i];
		struct response_claim *c = &claim->c;

		if (!c->rows)
			continue;
		c->mean = claim->labels ? claim->sum / (double)claim->labels : NAN;
		c->verdict = judge(c);
		staging_claim(in->s, claim->model, c);
		n[c->verdict]++;
		all++;
		if (c->verdict == CLAIM_MATCH && in->n_claims > 8)
			continue;
		describe(in->s->models[claim->model].name, c, text, sizeof(text));
		if (c->verdict == CLAIM_MISMATCH && !*first)
			snprintf(first, sizeof(first), "%s", text);
		if (listed++ < LINES_MAX)
			ingest_remark(
			    in, REMARK_CHECK, "%s: %s", claim_verdict_name(c->verdict), text);
	}
	if (all > 8 || listed > LINES_MAX)
		ingest_remark(in, REMARK_CHECK,
		    "of %zu figures in the results files %zu match, %zu are of larger runs, %zu do "
		    "not match",
		    all, n[CLAIM_MATCH], n[CLAIM_PART], n[CLAIM_MISMATCH]);
	if (!n[CLAIM_MISMATCH] || in->o->accept)
		return true;
	return err_set(e, ERR_DATA,
	    "%s: the labels are not what their source says: %s%s; see --metric, --filter; --accept "
	    "imports them all the same",
	    in->path, first, n[CLAIM_MISMATCH] > 1 ? " (and others)" : "");
}
