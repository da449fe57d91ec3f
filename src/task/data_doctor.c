#include "task/data_doctor.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "store/contradiction.h"
#include "task/atlas.h"
#include "task/data_doctor_checks.h"

#include <string.h>

/* What each check is called, what its count means, and what to do. */
static const struct data_finding blank[DATA_CHECKS] = {
    [DATA_REPEATED] = {"repeated prompts", "questions whose text another one has too",
	"count each once: import them as one benchmark, or leave one source out"},
    [DATA_CONTRADICTING] = {"contradicting labels",
	"pairs of model and question with answers that differ",
	"choose the rule that settles them: embedllm resolve --rule"},
    [DATA_LEAK] = {"near-duplicates across parts",
	"held-out questions that are all but in the training part",
	"figures on them are too good: put them into one part, or leave them out"},
    [DATA_COPIES] = {"identical answer sheets", "pairs of models that answer alike beyond chance",
	"one model under two names is merged by 'embedllm models merge'; a copy counts twice"},
    [DATA_CEILING] = {"ceiling", "benchmarks that the middle model has all but solved",
	"they tell models apart no more: leave them out of comparisons"},
    [DATA_FLOOR] = {"floor", "benchmarks that the middle model cannot do",
	"see whether answers were cut off or read wrongly before believing it"},
    [DATA_NEGATIVE] = {"negative discrimination",
	"questions that weak models get right more often than strong ones",
	"read them: an ambiguous question, a trick, or a wrong key"},
    [DATA_WRONG_KEY] = {"likely wrong key",
	"of these, questions that the strong models agree to miss",
	"compare the key with what the strong models answer"},
    [DATA_FLIPPED_MODEL] = {"inverted model", "models that are right where all others are wrong",
	"see whether right and wrong were swapped in their file"},
    [DATA_FLIPPED_BENCHMARK] = {"inverted benchmark",
	"benchmarks on which the strong models are the weak ones",
	"see whether right and wrong were swapped, or a lower score is better there"},
};

static bool check_contradictions(struct db *db, struct data_doctor *d, struct err *e)
{
	struct contradictions c;

	if (!contradiction_find(db, &c, e))
		return false;
	d->v[DATA_CONTRADICTING].n = c.n;
	d->v[DATA_CONTRADICTING].of = c.repeated;
	for (size_t i = 0; i < c.n && i < sizeof(c.v) / sizeof(*c.v); i++)
		data_finding_example(d, DATA_CONTRADICTING, c.v[i].question, c.v[i].model,
		    arena_printf(&d->arena, "%lld answers, from %g to %g", (long long)c.v[i].rows,
			c.v[i].low, c.v[i].high));
	return true;
}

/* Examples by check, each check's in the order they came. */
static void sort_examples(struct data_doctor *d)
{
	struct data_example *sorted =
	    arena_array(&d->arena, struct data_example, d->n_examples + 1);
	size_t n = 0;

	for (int check = 0; check < DATA_CHECKS; check++)
		for (size_t i = 0; i < d->n_examples; i++)
			if ((int)d->examples[i].check == check)
				sorted[n++] = d->examples[i];
	d->examples = sorted;
}

bool task_data_doctor(struct db *db, const struct atlas *a, const struct progress *p,
    struct data_doctor *out, struct err *e)
{
	struct data_doctor d = {.n_examples = 0};
	bool ok;

	arena_init(&d.arena);
	memcpy(d.v, blank, sizeof(blank));
	d.examples =
	    arena_array(&d.arena, struct data_example, (size_t)DATA_CHECKS * DATA_EXAMPLES);
	ok = data_doctor_texts(a, p, &d, e);
	if (ok && !progress_tick(p, "comparing labels", 1, 2, "steps"))
		ok = err_set(e, ERR_CANCELLED, "stopped while comparing labels");
	if (ok)
		data_doctor_labels(a, &d);
	ok = ok && (!db || check_contradictions(db, &d, e));
	if (!ok) {
		arena_clear(&d.arena);
		return false;
	}
	sort_examples(&d);
	for (int check = 0; check < DATA_CHECKS; check++)
		d.found += d.v[check].n > 0;
	*out = d;
	return true;
}

void data_doctor_clear(struct data_doctor *d)
{
	arena_clear(&d->arena);
	*d = (struct data_doctor){.n_examples = 0};
}

/* Tables */

static const struct column columns[DATA_COLUMNS] = {
    [DATA_CHECK] = {"check", "check", "Check", COLUMN_TEXT, .width = 28,
	.about = "What was looked for."},
    [DATA_FOUND] = {"found", "found", "Found", COLUMN_INT, .width = 7,
	.about = "How many there are."},
    [DATA_OF] = {"of", "of", "Of", COLUMN_INT, .width = 8, .drop = 2,
	.about = "How many were looked at: some have too few answers for a statement."},
    [DATA_WHAT] = {"what", "what", "What", COLUMN_CLIP, .width = 20, .grow = 64, .drop = 1,
	.about = "What is counted."},
    [DATA_REMEDY] = {"remedy", NULL, "What to do", COLUMN_CLIP, .width = 20, .grow = 80, .drop = 3,
	.about = "What to do about it."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct data_finding *v = &((const struct data_doctor *)t->rows)->v[row];

	(void)scratch;
	switch (column) {
	case DATA_CHECK:
		return value_text(v->check);
	case DATA_FOUND:
		return value_int((int64_t)v->n);
	case DATA_OF:
		return value_int((int64_t)v->of);
	case DATA_WHAT:
		return value_text(v->what);
	default:
		return value_text(v->remedy);
	}
}

struct table data_doctor_table(const struct data_doctor *d)
{
	return (struct table){.name = "data",
	    .columns = columns,
	    .n_columns = DATA_COLUMNS,
	    .value = value,
	    .n = d ? DATA_CHECKS : 0,
	    .rows = d};
}

void data_examples_of(const struct data_doctor *d, const struct atlas *a, enum data_check check,
    struct arena *arena, struct data_examples *out)
{
	*out = (struct data_examples){d, a, 0, arena_array(arena, size_t, d->n_examples + 1)};
	for (size_t i = 0; i < d->n_examples; i++)
		if (check == DATA_CHECKS || d->examples[i].check == check)
			out->row[out->n++] = i;
}

static const struct column example_columns[EXAMPLE_COLUMNS] = {
    [EXAMPLE_CHECK] = {"check", "example of", "Check", COLUMN_TEXT, .width = 20, .drop = 3,
	.hidden = true, .about = "What was looked for."},
    [EXAMPLE_SAYS] = {"says", "what is odd", "What is odd", COLUMN_CLIP, .width = 30, .grow = 64,
	.about = "What is odd about it."},
    [EXAMPLE_MODEL] = {"model", "model", "Model", COLUMN_CLIP, .width = 12, .grow = 32, .drop = 2,
	.about = "The model, where it is about one."},
    [EXAMPLE_QUESTION] = {"question_id", "question", "Id", COLUMN_INT, .width = 6, .drop = 1,
	.about = "The question's number, where it is about one."},
    [EXAMPLE_TEXT] = {"text", "text", "Text", COLUMN_CLIP, .width = 20, .grow = 200,
	.about = "What it asks."},
};

static const struct catalog_question *question_of(const struct atlas *a, int64_t id)
{
	for (size_t q = 0; q < a->data.n_questions && id; q++)
		if (a->questions[q].id == id)
			return &a->questions[q];
	return NULL;
}

static const char *model_of(const struct atlas *a, int64_t id)
{
	for (size_t m = 0; m < a->catalog.n_models && id; m++)
		if (a->catalog.models[m].id == id)
			return a->catalog.models[m].name;
	return NULL;
}

static struct value example_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct data_examples *list = t->rows;
	const struct data_example *v = &list->doctor->examples[list->row[row]];
	const struct catalog_question *q;

	(void)scratch;
	switch (column) {
	case EXAMPLE_CHECK:
		return value_text(list->doctor->v[v->check].check);
	case EXAMPLE_SAYS:
		return value_text(v->says);
	case EXAMPLE_MODEL:
		return value_text(model_of(list->atlas, v->model));
	case EXAMPLE_QUESTION:
		return v->question ? value_int(v->question) : value_missing();
	default:
		q = question_of(list->atlas, v->question);
		return value_text(q ? q->text : NULL);
	}
}

struct table data_examples_table(const struct data_examples *e)
{
	return (struct table){.name = "examples",
	    .columns = example_columns,
	    .n_columns = EXAMPLE_COLUMNS,
	    .value = example_value,
	    .n = e ? e->n : 0,
	    .rows = e};
}
