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

static bool run(struct cli *c, struct err *e)
{
	const struct options *o = c->options;
	struct atlas *a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
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
		struct table t = questions_table(&q, a);

		out_rows(c->out, NULL, NULL, &t, NULL, t.n);
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

struct question_options {
	size_t alike;
};

static const struct option_row question_rows[] = {
    {"alike", 0, OPTION_SIZE, "N", offsetof(struct question_options, alike),
	.help = "questions like it to list"},
    {.name = NULL},
};

static void question_defaults(void *options)
{
	((struct question_options *)options)->alike = 10;
}

static void add_detail(struct out *out, const struct atlas *a, const struct question_detail *d)
{
	const struct catalog_question *q = &a->questions[d->row.question];
	enum part part = a->split ? a->data.part[d->row.question] : PART_NONE;
	struct table t;

	out_fact_int(out, "question_id", "question", q->id);
	out_fact_text(out, "benchmark", "benchmark", a->catalog.benchmarks[q->benchmark].name);
	out_fact_text(out, "part", "part", part == PART_NONE ? NULL : part_name(part));
	out_fact_int(out, "models", "models that answered", (int64_t)d->row.seen);
	out_fact_share(out, "right", "right", 0, d->row.right);
	out_fact_share(out, "predicted", "predicted", 0, d->row.predicted);
	out_fact_real(out, "discrimination", "discrimination", 2, d->row.discrimination);
	out_fact_text(out, "text", "text", q->text);
	t = answers_table(d, a);
	out_rows(out, "answers", "", &t, NULL, t.n);
	t = alike_table(d, a);
	if (t.n || out_format(out) == OUT_JSON)
		out_rows(out, "alike", "", &t, NULL, t.n);
}

static bool question(struct cli *c, struct err *e)
{
	const struct question_options *o = c->options;
	struct question_detail d;
	struct atlas *a;
	size_t at;
	char *end;
	long long id = strtoll(c->argv[0], &end, 10);

	if (*end || id < 1)
		return err_set(e, ERR_USAGE, "'%s' is not the id of a question", c->argv[0]);
	a = atlas_open(c->db, 0, NULL, cli_progress(c), e);
	if (!a)
		return false;
	at = questions_find(a, id, e);
	if (at == SIZE_MAX || !task_question(a, at, o->alike, &d, e)) {
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
    .options = question_rows,
    .size = sizeof(struct question_options),
    .defaults = question_defaults,
    .run = question,
};
