/* Questions that one model answers under several tasks of one benchmark (gpqa_main_n_shot and
 * gpqa_main_zeroshot): they become repeats, and the report says so. */
#include "ingest/importer.h"

#include "base/buf.h"
#include "base/hashtable.h"
#include "base/mem.h"
#include "base/plural.h"
#include "store/staging.h"

#include <string.h>

#define TASKS_LISTED 6

/* One benchmark. */
struct variants {
	const char *benchmark;
	const char *tasks[TASKS_LISTED];
	size_t n_tasks;
	uint64_t rows;
};

struct finding {
	struct variants *v;
	size_t n, cap;
	struct hashtable *at;
};

static void add_task(struct variants *v, const char *task)
{
	for (size_t i = 0; i < v->n_tasks; i++)
		if (!strcmp(v->tasks[i], task))
			return;
	if (v->n_tasks < TASKS_LISTED)
		v->tasks[v->n_tasks++] = task;
}

static void add_repeat(struct finding *f, const char *benchmark, const char *a, const char *b)
{
	uint64_t id = hashtable_get(f->at, benchmark, strlen(benchmark));

	if (id == HASHTABLE_NONE) {
		id = f->n;
		f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
		f->v[f->n++] = (struct variants){.benchmark = benchmark};
		hashtable_put(f->at, benchmark, strlen(benchmark), id);
	}
	add_task(&f->v[id], a);
	add_task(&f->v[id], b);
	f->v[id].rows++;
}

/* The rows of each question, one after the other. */
static void find_repeats(const struct staging *s, struct finding *f)
{
	uint32_t *next = mem_array(s->n_rows + 1, sizeof(*next));
	uint32_t *first = mem_array(s->n_questions + 1, sizeof(*first));
	uint32_t *seen = mem_array(s->n_models + 1, sizeof(*seen));
	uint32_t *of = mem_zero_array(s->n_models + 1, sizeof(*of));

	memset(first, 0xff, (s->n_questions + 1) * sizeof(*first));
	for (size_t i = s->n_rows; i-- > 0;) {
		uint32_t q = s->items[s->row_item[i]].question;

		next[i] = first[q];
		first[q] = (uint32_t)i;
	}
	for (size_t q = 0; q < s->n_questions; q++)
		for (uint32_t i = first[q]; i != UINT32_MAX; i = next[i]) {
			uint32_t m = s->row_model[i], item = s->row_item[i];
			const char *task = s->items[item].category;

			if (of[m] == q + 1 && strcmp(s->items[seen[m]].category, task))
				add_repeat(
				    f, s->questions[q].benchmark, s->items[seen[m]].category, task);
			of[m] = (uint32_t)q + 1;
			seen[m] = item;
		}
	mem_free(next);
	mem_free(first);
	mem_free(seen);
	mem_free(of);
}

void ingest_check_variants(struct ingest *in)
{
	struct finding f = {.at = hashtable_new()};

	find_repeats(in->s, &f);
	for (size_t i = 0; i < f.n; i++) {
		const struct variants *v = &f.v[i];
		struct buf tasks = BUF_INIT;

		for (size_t k = 0; k < v->n_tasks; k++)
			buf_printf(&tasks, "%s%.60s", k ? ", " : "", v->tasks[k]);
		ingest_remark(in, REMARK_RUNS,
		    "%.100s: %llu answer%s to questions that the same model was asked in another "
		    "task "
		    "(%s%s): repeats, by the rule (--dup)",
		    v->benchmark, (unsigned long long)v->rows, plural(v->rows), buf_str(&tasks),
		    v->n_tasks == TASKS_LISTED ? ", ..." : "");
		buf_clear(&tasks);
	}
	hashtable_free(f.at);
	mem_free(f.v);
}
