/* Judgments of LiveBench (livebench/gen_ground_truth_judgment.py): model_judgment/
 * ground_truth_judgment.jsonl, a line an answer of any model; the questions are in question.jsonl of the
 * folder above. Like LiveBench itself, the last line of a question and model counts, since the file is
 * appended to. */
#include "ingest/importer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/answers.h"
#include "ingest/files.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct judgment {
	struct answer a;
	const char *place;
};

struct reading {
	struct ingest *in;
	struct answers *answers;
	struct hashtable *texts; /* question_id: index in text */
	const char **text;
	size_t n_texts, cap_texts;
	struct hashtable *seen; /* question, turn and model: index in judgments */
	struct judgment *judgments;
	size_t n, cap;
	uint64_t without_text;
};

/* The turns of a question, which are prompts that follow one another. */
static bool take_question(
    void *arg, json_t *row, const char *place, const char *raw, size_t n, struct err *e)
{
	struct reading *g = arg;
	const char *id = json_get_string(row, "question_id");
	const json_t *turns = json_object_get(row, "turns"), *turn;
	struct buf text = BUF_INIT;
	size_t i;

	(void)raw;
	(void)n;
	json_array_foreach(turns, i, turn)
	{
		if (text.len)
			buf_adds(&text, "\n\n");
		buf_adds(&text, json_is_string(turn) ? json_string_value(turn) : "");
	}
	if (!id || !text.len) {
		buf_clear(&text);
		return ingest_bad(g->in, e, place, "no question_id or no turns");
	}
	g->text = mem_grow(g->text, &g->cap_texts, g->n_texts + 1, sizeof(*g->text));
	g->text[g->n_texts] = arena_strndup(&g->in->arena, text.s, text.len);
	hashtable_put(g->texts, id, strlen(id), g->n_texts++);
	buf_clear(&text);
	return true;
}

static bool read_questions(struct reading *g, struct stream *s, struct err *e)
{
	struct ingest_values values = {.value = take_question, .arg = g, .skip = "ground_truth"};

	return ingest_values_of(g->in, s, &values, e);
}

/* The answer's row, or the one that it replaces. */
static struct judgment *find_judgment(
    struct reading *g, const char *model, const char *id, double turn)
{
	char *key = mem_printf("%s\n%s\n%.0f", model, id, turn);
	uint64_t at = hashtable_get(g->seen, key, strlen(key));

	if (at == HASHTABLE_NONE) {
		at = g->n;
		g->judgments = mem_grow(g->judgments, &g->cap, g->n + 1, sizeof(*g->judgments));
		g->judgments[g->n++] = (struct judgment){0};
		hashtable_put(g->seen, key, strlen(key), at);
	}
	mem_free(key);
	return &g->judgments[at];
}

static bool take_judgment(
    void *arg, json_t *row, const char *place, const char *raw, size_t n, struct err *e)
{
	struct reading *g = arg;
	struct arena *a = &g->in->arena;
	const char *id = json_get_string(row, "question_id"),
		   *model = json_get_string(row, "model");
	const char *task = json_get_string(row, "task");
	const char *category = json_get_string(row, "category");
	const char *status = json_get_string(row, "eval_status");
	double turn = answers_number(row, "turn"), score = NAN;
	struct judgment *j;

	(void)raw;
	(void)n;
	if (!id || !*id || !model || !*model || !task || !*task)
		return ingest_bad(g->in, e, place, "no question_id, model or task");
	if (!json_is_null(json_object_get(row, "score")) && !json_get_number(row, "score", &score))
		return ingest_bad(g->in, e, place, "score is no number");
	if (!ingest_wants(g->in, task))
		return true;
	j = find_judgment(g, model, id, turn > 1 ? turn : 1);
	*j = (struct judgment){
	    .a = {.task = arena_strdup(a, task),
		.benchmark =
		    category && *category ? arena_printf(a, "livebench_%s", category) : "livebench",
		.key = turn > 1 ? arena_printf(a, "%s-%.0f", id, turn) : arena_strdup(a, id),
		.text = arena_strdup(a, id),
		.label = status && !strcmp(status, "eval_error") ? NAN : score,
		.usage = RESPONSE_USAGE_NONE},
	    .place = arena_strdup(a, place),
	};
	return ingest_run(g->in, model, "", NULL, &j->a.model, e);
}

/* With the questions' texts, where they came. */
static bool end_judgments(struct reading *g, struct err *e)
{
	bool ok = true;

	for (size_t i = 0; ok && i < g->n; i++) {
		struct answer *a = &g->judgments[i].a;
		uint64_t at = hashtable_get(g->texts, a->text, strlen(a->text));

		g->without_text += at == HASHTABLE_NONE;
		if (at != HASHTABLE_NONE)
			a->text = g->text[at];
		ok = answers_add(g->answers, a, g->judgments[i].place, e);
	}
	if (ok && g->without_text)
		ingest_remark(g->in, REMARK_LEFT_OUT,
		    "the texts of %llu judgments: their ids stand for the questions, since no "
		    "question.jsonl lies in the folder above",
		    (unsigned long long)g->without_text);
	return ok;
}

static bool is_questions(const struct ingest_head *h)
{
	return ingest_ends(h->path, "question.jsonl") && ingest_head_has(h, "\"question_id\"") &&
	       ingest_head_has(h, "\"turns\"");
}

static bool is_judgments(const struct ingest_head *h)
{
	return ingest_head_has(h, "\"question_id\"") && ingest_head_has(h, "\"tstamp\"") &&
	       ingest_head_has(h, "\"score\"") && ingest_head_has(h, "\"task\"");
}

/* A file of judgments that came alone: its questions. */
static bool read_beside(struct reading *g, const char *path, struct err *e)
{
	const char *questions = files_beside(g->in, path, 1, "question.jsonl");
	struct stream *s;
	bool ok;

	if (!questions)
		return true;
	s = stream_open(questions, e);
	ok = s && read_questions(g, s, e);
	stream_close(s);
	return ok;
}

static bool read_file(struct reading *g, size_t i, bool *judged, struct err *e)
{
	struct ingest_values values = {.value = take_judgment, .arg = g};
	struct ingest_head h;
	struct stream *s = files_peek(g->in, i, &h, e);
	bool ok;

	if (!s)
		return false;
	if (is_questions(&h)) {
		ok = read_questions(g, s, e);
	} else {
		*judged = true;
		ok = (g->in->is_dir || read_beside(g, g->in->files[i], e)) &&
		     ingest_values_of(g->in, s, &values, e);
	}
	stream_close(s);
	return ok;
}

static bool read_livebench(struct ingest *in, struct err *e)
{
	struct reading g = {.in = in, .answers = answers_new(in)};
	bool ok = true, judged = false;

	g.texts = hashtable_new();
	g.seen = hashtable_new();
	for (size_t i = 0; ok && i < in->n_files; i++)
		ok = read_file(&g, i, &judged, e);
	if (ok && !judged)
		ok = err_set(e, ERR_DATA,
		    "%s: questions alone: the labels are in model_judgment/"
		    "ground_truth_judgment.jsonl",
		    in->path);
	ok = ok && end_judgments(&g, e) && answers_stage(g.answers, e);
	hashtable_free(g.texts);
	hashtable_free(g.seen);
	mem_free(g.text);
	mem_free(g.judgments);
	answers_free(g.answers);
	return ok;
}

static int score_livebench(const struct ingest_head *h)
{
	return is_judgments(h) ? SCORE_SURE : is_questions(h) ? SCORE_FAIR : SCORE_NONE;
}

const struct importer importer_livebench = {
    .name = "livebench",
    .about = "ground_truth_judgment.jsonl of LiveBench, question.jsonl in the folder above it",
    .many = true,
    .score = score_livebench,
    .read = read_livebench,
};
