#include "ingest/columns.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "ingest/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 32
#define NAME_MAX_LEN 64

struct role_names {
	const char *name;
	const char *known[NAMES_MAX]; /* by preference; folded (see fold) */
};

static const struct role_names roles[ROLE_COUNT] = {
    [ROLE_LABEL] = {"label",
	/* The first three go before `label`, which beside them is the right answer. */
	{"iscorrect", "correct", "correctness", "label", "isright", "right", "score", "acc",
	    "accuracy", "pass@1", "pass1", "passed", "ispassed", "pass", "result", "outcome",
	    "success", "successful", "solved", "resolved", "exactmatch", "em", "accnorm", "verdict",
	    "grade", "value", "reward", "performance", "rating", "f1"}},
    [ROLE_TEXT] = {"question",
	{"question", "questiontext", "prompt", "prompttext", "query", "problem", "problemstatement",
	    "input", "inputtext", "instruction", "text", "goal", "statement", "taskdescription"}},
    [ROLE_MODEL] = {"model", {"modelname", "model", "llm", "llmname", "system", "systemname",
				 "engine", "candidate", "agent"}},
    [ROLE_BENCHMARK] = {"benchmark",
	{"benchmark", "benchmarkname", "dataset", "datasetname", "task", "taskname", "evalname",
	    "testset", "suite", "category", "subject", "topic"}},
    [ROLE_KEY] = {"id", {"promptid", "questionid", "itemid", "item", "taskid", "sampleid",
			    "instanceid", "exampleid", "problemid", "queryid", "docid", "qid",
			    "testid", "caseid", "id", "uid", "uuid", "key", "index", "idx"}},
    [ROLE_MODEL_KEY] = {"model_id", {"modelid", "systemid", "llmid"}},
    [ROLE_PART] = {"part", {"part", "split", "partition"}},
    [ROLE_TRIALS] = {"trials",
	{"trials", "ntrials", "numtrials", "attempts", "nattempts", "numattempts", "nsamples",
	    "numsamples", "repeats", "n", "total"}},
    [ROLE_COST] = {"cost",
	{"cost", "totalcost", "costusd", "usd", "dollars", "inferencecost", "price"}},
    [ROLE_TOKENS_IN] = {"tokens_in",
	{"tokensin", "inputtokens", "prompttokens", "ninputtokens", "numinputtokens"}},
    [ROLE_TOKENS_OUT] = {"tokens_out",
	{"tokensout", "outputtokens", "completiontokens", "noutputtokens", "numoutputtokens"}},
    [ROLE_SECONDS] = {"latency",
	{"latency", "latencys", "latencyms", "seconds", "responsetime", "responsetimems",
	    "duration", "durationms", "elapsed", "timetaken"}},
};

/* Columns that say how many of the tries were right. */
static const char *const count_names[] = {"successes", "nsuccesses", "ncorrect", "numcorrect",
    "correctcount", "npassed", "numpassed", "passes", "k", "c"};

/* Columns that look like labels and are none. */
static const char *const other_names[] = {"answer", "gold", "target", "groundtruth", "reference",
    "expected", "prediction", "predicted", "response", "output", "difficulty", "level", "length",
    "index", "idx", "no", "nr", "seed", "fewshot", "shots", "year", "date", "timestamp", "average",
    "avg", "mean", "sum", "comment", "notes", "url", "source", "metric", "choices", "options",
    "oraclemodeltorouteto"};

/* Without case, blanks and punctuation; "" where it is too long to be a known name. */
static void fold(const char *p, size_t n, char out[NAME_MAX_LEN])
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (strchr(" \t_-.?:%()[]", p[i]) && p[i])
			continue;
		if (i + 1 < n && !memcmp(p + i, "\xc2\xa0", 2)) { /* a blank that does not break */
			i++;
			continue;
		}
		if (k == NAME_MAX_LEN - 1) {
			k = 0;
			break;
		}
		out[k++] = utf8_lower_ascii(p[i]);
	}
	out[k] = '\0';
}

static bool is_among(const char *folded, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n && names[i]; i++)
		if (!strcmp(folded, names[i]))
			return true;
	return false;
}

const char *role_name(enum role c)
{
	return roles[c].name;
}

bool role_is(enum role c, const char *name, size_t n)
{
	char folded[NAME_MAX_LEN];

	fold(name, n, folded);
	return is_among(folded, roles[c].known, NAMES_MAX);
}

bool columns_is_other(const char *name, size_t n)
{
	char folded[NAME_MAX_LEN];

	fold(name, n, folded);
	return is_among(folded, other_names, sizeof(other_names) / sizeof(other_names[0]));
}

bool columns_is_prediction(const char *name, size_t n)
{
	static const char *const names[] = {"prediction", "predicted", "pred", "predictedlabel",
	    "predlabel", "modelprediction", "predictedanswer"};
	char folded[NAME_MAX_LEN];

	fold(name, n, folded);
	return is_among(folded, names, sizeof(names) / sizeof(names[0]));
}

const char *columns_list(const struct csv_row *header, struct arena *a)
{
	struct buf list = BUF_INIT;
	const char *text;

	list.max = 400;
	for (size_t i = 0; i < header->n; i++)
		if (!buf_printf(&list, "%s\"%.40s\"", i ? ", " : "", header->v[i].p)) {
			text = arena_printf(a, "%s and %zu more", buf_str(&list), header->n - i);
			buf_clear(&list);
			return text;
		}
	text = arena_strdup(a, buf_str(&list));
	buf_clear(&list);
	return text;
}

/* The column of that exact name, else of that folded one; "#3" is the third. */
static size_t find_named(const struct csv_row *header, const char *name, size_t n)
{
	char wanted[NAME_MAX_LEN], folded[NAME_MAX_LEN], *end;

	for (size_t i = 0; i < header->n; i++)
		if (header->v[i].n == n && !memcmp(header->v[i].p, name, n))
			return i;
	if (n > 1 && name[0] == '#') {
		unsigned long at = strtoul(name + 1, &end, 10);

		if (end == name + n && at >= 1 && at <= header->n)
			return at - 1;
	}
	fold(name, n, wanted);
	for (size_t i = 0; *wanted && i < header->n; i++) {
		fold(header->v[i].p, header->v[i].n, folded);
		if (!strcmp(wanted, folded))
			return i;
	}
	return SIZE_MAX;
}

/* One "role=column" of n bytes. */
static bool take_named(const struct csv_row *header, const char *p, size_t n, const char *where,
    struct arena *a, struct columns *out, struct err *e)
{
	const char *eq = memchr(p, '=', n), *name;
	size_t role_n = eq ? (size_t)(eq - p) : n, at, c = 0, name_n;

	while (
	    c < ROLE_COUNT && (strlen(roles[c].name) != role_n || memcmp(roles[c].name, p, role_n)))
		c++;
	if (!eq || (c == ROLE_COUNT && (role_n != 6 || memcmp(p, "models", 6))))
		return err_set(e, ERR_USAGE,
		    "--columns %.*s: wanted is ROLE=COLUMN; roles are model, model_id, benchmark, "
		    "question, id, label, part, trials, cost, tokens_in, tokens_out, latency, and "
		    "models for each column of a wide table",
		    (int)n, p);
	name = eq + 1;
	name_n = n - role_n - 1;
	at = name_n ? find_named(header, name, name_n) : SIZE_MAX;
	if (name_n && at == SIZE_MAX)
		return err_set(e, ERR_USAGE, "%s: --columns %.*s: no such column; there are %s",
		    where, (int)n, p, columns_list(header, a));
	if (c < ROLE_COUNT)
		out->at[c] = at;
	else if (at != SIZE_MAX)
		out->models[out->n_models++] = at;
	return true;
}

/* The best known name's column; *rival, where not NULL, the next best's. Two of the same name are as
 * an error. */
static bool find_known(const struct csv_row *header, enum role c, const char *where, size_t *at,
    size_t *rival, struct err *e)
{
	char folded[NAME_MAX_LEN];
	size_t rank = NAMES_MAX, second = NAMES_MAX;

	for (size_t i = 0; i < header->n; i++) {
		fold(header->v[i].p, header->v[i].n, folded);
		for (size_t k = 0; *folded && k < NAMES_MAX && roles[c].known[k]; k++) {
			if (strcmp(folded, roles[c].known[k]))
				continue;
			if (k == rank)
				return err_set(e, ERR_DATA,
				    "%s: two columns are called %s; --columns %s=#%zu takes the "
				    "second",
				    where, header->v[i].p, roles[c].name, i + 1);
			if (k < rank) {
				if (rival)
					*rival = *at;
				second = rank;
				rank = k;
				*at = i;
			} else if (k < second && rival) {
				second = k;
				*rival = i;
			}
		}
	}
	return true;
}

static void find_counts(const struct csv_row *header, struct columns *out)
{
	char folded[NAME_MAX_LEN];

	for (size_t i = 0; i < header->n; i++) {
		fold(header->v[i].p, header->v[i].n, folded);
		if (is_among(folded, count_names, sizeof(count_names) / sizeof(count_names[0]))) {
			out->at[ROLE_LABEL] = i;
			out->counts = true;
			return;
		}
	}
}

bool columns_find(const struct csv_row *header, const char *spec, const char *where,
    struct arena *a, struct columns *out, struct err *e)
{
	bool named[ROLE_COUNT] = {0};
	char folded[NAME_MAX_LEN];
	size_t n;

	*out = (struct columns){.rival = SIZE_MAX, .named = spec != NULL};
	out->models = arena_array(a, size_t, (spec ? strlen(spec) : 0) / 2 + 1);
	for (int c = 0; c < ROLE_COUNT; c++)
		out->at[c] = SIZE_MAX - 1;
	for (const char *p = spec; p && *p; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		if (n && !take_named(header, p, n, where, a, out, e))
			return false;
	}
	for (int c = 0; c < ROLE_COUNT; c++) {
		named[c] = out->at[c] != SIZE_MAX - 1;
		if (named[c])
			continue;
		out->at[c] = SIZE_MAX;
		if (!find_known(header, (enum role)c, where, &out->at[c],
			c == ROLE_LABEL ? &out->rival : NULL, e))
			return false;
	}
	if (!named[ROLE_LABEL] && out->at[ROLE_LABEL] == SIZE_MAX &&
	    out->at[ROLE_TRIALS] != SIZE_MAX)
		find_counts(header, out);
	if (out->at[ROLE_LABEL] == SIZE_MAX && !named[ROLE_TRIALS])
		out->at[ROLE_TRIALS] = SIZE_MAX;
	if (out->at[ROLE_SECONDS] != SIZE_MAX) {
		const struct csv_field *f = &header->v[out->at[ROLE_SECONDS]];

		fold(f->p, f->n, folded);
		n = strlen(folded);
		out->milliseconds = n > 2 && !strcmp(folded + n - 2, "ms");
	}
	if (out->at[ROLE_KEY] != SIZE_MAX && !named[ROLE_KEY]) {
		const struct csv_field *f = &header->v[out->at[ROLE_KEY]];

		fold(f->p, f->n, folded);
		out->weak_key = is_among(
		    folded, (const char *const[]){"id", "uid", "uuid", "key", "index", "idx"}, 6);
	}
	return true;
}
