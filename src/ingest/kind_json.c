#include "ingest/kind_json.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "ingest/importer.h"

#include <stdio.h>
#include <string.h>

#define LISTED 12 /* members that are named */
#define CUT 40    /* bytes of a name */

/* Members that make a format; the last are NULL. */
static const struct {
	const char *format, *members[8];
} formats[] = {
    {"lm_eval", {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps"}},
    {"rows of a table", {"model", "benchmark", "question", "label", "prompt", "correct"}},
    {"alpaca_eval", {"instruction", "output_1", "output_2", "generator_2", "preference"}},
    {"deepeval", {"testCases", "metricsData", "success", "actualOutput"}},
    {"eval_plus", {"eval", "task_id", "base_status", "plus_status", "solution"}},
    {"evalscope", {"sample_score", "index", "sample_id", "target", "messages"}},
    {"every_eval_ever",
	{"schema_version", "evaluation_id", "model_info", "evaluation_results", "sample_id"}},
    {"helm", {"request_states", "instance_id", "stats", "train_trial_index", "adapter_spec"}},
    {"inspect", {"eval", "plan", "results", "samples", "status"}},
    {"lighteval", {"doc", "metric", "model_response", "config_general"}},
    {"livebench", {"question_id", "task", "model", "score", "turn", "category"}},
    {"livecodebench", {"question_title", "code_list", "graded_list", "pass@1"}},
    {"llm_router_bench", {"records", "model_name", "dataset_name", "performance", "demo"}},
    {"openai_evals", {"spec", "run_id", "event_id", "sample_id", "type", "data"}},
    {"opencompass", {"details", "accuracy", "origin_prompt", "prediction", "gold"}},
    {"promptfoo", {"results", "evalId", "gradingResult", "provider", "testCase", "vars"}},
    {"py_irt", {"subject_id", "responses"}},
    {"router_arena", {"global index", "generated_answer", "accuracy", "model"}},
    {"router_dc", {"question", "scores", "cluster_id"}},
    {"swe_bench", {"resolved_ids", "submitted_ids", "unresolved_ids", "instance_id"}},
    {"verifiers", {"prompt", "completion", "answer", "reward", "example_id"}},
};

struct members {
	struct buf list;
	size_t n;
	unsigned hits[sizeof(formats) / sizeof(formats[0])];
};

static void add(struct members *m, const char *name, size_t n)
{
	char quoted[CUT + 4];
	size_t k = n < CUT ? n : CUT;

	for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++)
		for (size_t i = 0; i < 8 && formats[f].members[i]; i++)
			m->hits[f] += strlen(formats[f].members[i]) == n &&
				      !memcmp(formats[f].members[i], name, n);
	if (m->n++ >= LISTED)
		return;
	k = utf8_check(name, k);
	snprintf(quoted, sizeof(quoted), "%.*s", (int)k, name);
	buf_adds(&m->list, m->list.len ? ", \"" : "\"");
	utf8_printable_add(&m->list, quoted, strlen(quoted));
	buf_adds(&m->list, k < n ? "...\"" : "\"");
}

/* The members of the first object, at its own depth; false where there is none. Strings are passed over
 * as they stand: this is no parser, and what it reads may be broken or cut off. */
static bool scan(const struct ingest_head *h, struct members *m)
{
	const char *end = h->p + h->n, *p = memchr(h->p, '{', h->n), *name = NULL;
	size_t depth = 0, n = 0;

	for (; p && p < end; p++) {
		if (*p == '"') {
			const char *from = ++p;

			while (p < end && *p != '"')
				p += *p == '\\' ? 2 : 1;
			name = depth == 1 && p < end ? from : NULL;
			n = name ? (size_t)(p - from) : 0;
		} else if (*p == ':' && name) {
			add(m, name, n);
			name = NULL;
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if ((*p == '}' || *p == ']') && --depth == 0) {
			break;
		} else if (!strchr(" \t\r\n", *p)) {
			name = NULL;
		}
	}
	return m->n > 0;
}

/* "nearest to lm_eval (3 of its members), verifiers (2)": those with two or more. */
static void add_nearest(const struct members *m, struct buf *out)
{
	const size_t n = sizeof(formats) / sizeof(formats[0]);
	size_t named = 0, last = n;

	for (unsigned hits = 8; hits >= 2; hits--)
		for (size_t f = 0; f < n && named < 2; f++)
			if (m->hits[f] == hits && f != last) {
				buf_printf(out, "%s%s (%u of its members)",
				    named++ ? ", " : "; nearest to ", formats[f].format, hits);
				last = f;
			}
}

const char *kind_json(const struct ingest_head *h, struct arena *a)
{
	struct members m = {.list = BUF_INIT};
	struct buf out = BUF_INIT;
	const char *text;

	if (!scan(h, &m)) {
		buf_clear(&m.list);
		return "JSON without members, as a list of bare values: labels come as an object a "
		       "row, "
		       "or as CSV";
	}
	if (m.n <= 3 && (ingest_head_has(h, "\"error\"") || ingest_head_has(h, "\"message\"")))
		buf_adds(&out, "what a server says in place of the data? ");
	if (ingest_head_has(h, "\"nbformat\""))
		buf_adds(&out, "a notebook (Jupyter): ");
	buf_printf(&out, "JSON whose members are of no format that is known: %s", buf_str(&m.list));
	if (m.n > LISTED)
		buf_printf(&out, " and %zu more", m.n - LISTED);
	add_nearest(&m, &out);
	buf_adds(&out,
	    "; 'embedllm import --list-formats' lists the formats, --format NAME reads it as "
	    "one");
	text = arena_strdup(a, buf_str(&out));
	buf_clear(&out);
	buf_clear(&m.list);
	return text;
}
