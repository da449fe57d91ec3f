/* cmd_questions.c - questions; question ID */
#include "cli/cli.h"

#include "base/err.h"
#include "base/spelling.h"
#include "task/questions.h"

#include <stdlib.h>
#include <string.h>

struct options {
	const char *benchmark;
	int part;
	size_t limit;
};

#define AT(field) offsetof(struct options, field)
static const struct option_row rows[] = {
    {"benchmark", 0, OPTION_TEXT, "NAME", AT(benchmark), .help = "of one benchmark"},
    {"part", 0, OPTION_CHOICE, "PART", AT(part), .help = "of one part", .choices = cli_parts},
    {"limit", 0, OPTION_SIZE, "N", AT(limit), .help = "at most N; 0 lists all"},
    {.name = NULL},
};

static void defaults(void *options)
{
	((struct options *)options)->limit = 50;
}

static bool find_benchmark(
    struct cli *c, const struct catalog *r, const char *name, size_t *at, struct err *e)
{
	const char **names = arena_array(&c->arena, const char *, r->n_benchmarks + 1), *near;

	for (size_t b = 0; b < r->n_benchmarks; b++) {
		names[b] = r->benchmarks[b].name;
		if (!strcmp(names[b], name)) {
			*at = b;
			return true;
		}
	}
	near = spelling_nearest(name, names, r->n_benchmarks);
	return err_set(e, ERR_USAGE, "there is no benchmark '%s'; %s%s%s", name,
	    near ? "did you mean '" : "'embedllm benchmarks' lists them", near ? near : "",
	    near ? "'?" : "");
}

static void add_rows(struct out *out, const struct atlas *a, const struct questions *q)
{
	static const struct column columns[] = {
	    {.key = "question_id", .title = "id", .kind = COLUMN_INT},
	    {.key = "benchmark", .title = "benchmark", .kind = COLUMN_CLIP},
	    {.key = "part", .title = "part", .kind = COLUMN_TEXT},
	    {.key = "models", .title = "models", .kind = COLUMN_INT},
	    {.key = "right", .title = "right", .kind = COLUMN_SHARE},
	    {.key = "predicted", .title = "predicted", .kind = COLUMN_SHARE},
	    {.key = "discrimination", .title = "discr.", .kind = COLUMN_REAL, .decimals = 2},
	    {.key = "text", .title = "text", .kind = COLUMN_CLIP},
	};

	out_table(out, NULL, NULL, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < q->n; i++) {
		const struct questions_row *v = &q->v[i];
		const struct catalog_question *question = &a->questions[v->question];
		enum part part = a->split ? a->data.part[v->question] : PART_NONE;

		out_row(out);
		out_int(out, question->id);
		out_text(out, a->catalog.benchmarks[question->benchmark].name);
		out_text(out, part == PART_NONE ? NULL : part_name(part));
		out_int(out, (int64_t)v->seen);
		out_real(out, v->right);
		out_real(out, v->predicted);
		out_real(out, v->discrimination);
		out_text(out, question->text);
	}
}

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, cli_progress(c), e);
	struct questions_filter f;
	struct questions q;
	bool ok;

	if (!a)
		return false;
	questions_filter_default(&f);
	f.text = c->argc ? c->argv[0] : NULL;
	f.part = (enum part)o->part;
	f.limit = o->limit;
	ok = (!o->benchmark || find_benchmark(c, &a->catalog, o->benchmark, &f.benchmark, e)) &&
	     task_questions(a, &f, true, &q, e);
	if (ok) {
		add_rows(c->out, a, &q);
		if (q.n < q.matches)
			cli_note(c, "%zu of %zu; --limit 0 lists all", q.n, q.matches);
		questions_clear(&q);
	}
	atlas_free(a);
	return ok;
}

const struct command cmd_questions = {
    .name = "questions",
    .synopsis = "[WORDS]",
    .summary = "list questions, with how many models are right",
    .description =
	"With WORDS, those whose text holds all of them. Discrimination is the correlation of "
	"being right on the question with accuracy on all others.",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .max_operands = 1,
    .options = rows,
    .size = sizeof(struct options),
    .defaults = defaults,
    .run = run,
};

/* question */

#define ALIKE 10

static void add_detail(struct out *out, const struct atlas *a, const struct question_detail *d)
{
	static const struct column answer_columns[] = {
	    {.key = "name", .title = "model", .kind = COLUMN_CLIP},
	    {.key = "score", .title = "score", .kind = COLUMN_REAL, .decimals = 2},
	    {.key = "predicted", .title = "p(right)", .kind = COLUMN_REAL, .decimals = 3},
	};
	static const struct column alike_columns[] = {
	    {.key = "similarity", .title = "cosine", .kind = COLUMN_REAL, .decimals = 2},
	    {.key = "right", .title = "right", .kind = COLUMN_SHARE},
	    {.key = "same", .title = "same", .kind = COLUMN_SHARE},
	    {.key = "question_id", .title = "id", .kind = COLUMN_INT},
	    {.key = "benchmark", .title = "benchmark", .kind = COLUMN_CLIP},
	    {.key = "text", .title = "like it", .kind = COLUMN_CLIP},
	};
	const struct catalog_question *q = &a->questions[d->row.question];
	enum part part = a->split ? a->data.part[d->row.question] : PART_NONE;

	out_fact_int(out, "question_id", "question", q->id);
	out_fact_text(out, "benchmark", "benchmark", a->catalog.benchmarks[q->benchmark].name);
	out_fact_text(out, "part", "part", part == PART_NONE ? NULL : part_name(part));
	out_fact_int(out, "models", "models that answered", (int64_t)d->row.seen);
	out_fact_share(out, "right", "right", 0, d->row.right);
	out_fact_share(out, "predicted", "predicted", 0, d->row.predicted);
	out_fact_real(out, "discrimination", "discrimination", 2, d->row.discrimination);
	out_fact_text(out, "text", "text", q->text);
	out_table(out, "answers", "", answer_columns, 3);
	for (size_t i = 0; i < d->n_answers; i++) {
		out_row(out);
		out_text(out, a->catalog.models[d->answers[i].model].name);
		out_real(out, d->answers[i].score);
		out_real(out, d->answers[i].predicted);
	}
	if (d->n_like == 0 && out_format(out) != OUT_JSON)
		return;
	out_table(out, "alike", "", alike_columns, sizeof(alike_columns) / sizeof(*alike_columns));
	for (size_t i = 0; i < d->n_like; i++) {
		const struct catalog_question *like = &a->questions[d->like[i].question];

		out_row(out);
		out_real(out, d->like[i].similarity);
		out_real(out, d->like[i].right);
		out_real(out, d->like[i].same);
		out_int(out, like->id);
		out_text(out, a->catalog.benchmarks[like->benchmark].name);
		out_text(out, like->text);
	}
}

static bool question(struct cli *c, struct err *e)
{
	struct question_detail d;
	struct atlas *a;
	size_t at;
	char *end;
	long long id = strtoll(c->argv[0], &end, 10);

	if (*end || id < 1)
		return err_set(e, ERR_USAGE, "'%s' is not the id of a question", c->argv[0]);
	a = atlas_open(c->db, 0, cli_progress(c), e);
	if (!a)
		return false;
	at = questions_find(a, id, e);
	if (at == SIZE_MAX || !task_question(a, at, ALIKE, &d, e)) {
		atlas_free(a);
		return false;
	}
	add_detail(c->out, a, &d);
	question_detail_clear(&d);
	atlas_free(a);
	return true;
}

const struct command cmd_question = {
    .name = "question",
    .synopsis = "ID",
    .summary = "one question: who is right on it, and the questions like it",
    .group = COMMAND_EXPLORE,
    .flags = COMMAND_READ,
    .min_operands = 1,
    .max_operands = 1,
    .run = question,
};
