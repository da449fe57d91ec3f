#include "task/split.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/hash.h"
#include "base/mem.h"
#include "store/catalog.h"
#include "store/db.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void split_options_default(struct split_options *o)
{
	*o = (struct split_options){.test = 20, .val = 10, .seed = 1};
}

/* A question's place in the drawing order: a seeded hash of its text, then the text itself, so that
 * identical texts are neighbours and the order of imports does not matter. */
struct place {
	uint64_t key;
	const struct catalog_question *q;
	uint32_t index;
};

static int compare_text(const struct catalog_question *x, const struct catalog_question *y)
{
	int order = memcmp(x->text, y->text, x->len < y->len ? x->len : y->len);

	return order ? order : x->len < y->len ? -1 : x->len > y->len;
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return compare_text(x->q, y->q);
}

static struct place *drawing_order(const struct catalog_question *q, size_t n, uint64_t seed)
{
	struct place *v = mem_array(n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		v[i] = (struct place){hash_fast(q[i].text, q[i].len, seed), &q[i], (uint32_t)i};
	qsort(v, n, sizeof(*v), compare_places);
	return v;
}

static size_t count_benchmarks(const struct catalog_question *q, size_t n)
{
	size_t count = 1;

	for (size_t i = 0; i < n; i++)
		if (q[i].benchmark >= count)
			count = q[i].benchmark + 1;
	return count;
}

/* Move whole groups of identical text from one part to the other, in drawing order, while every
 * benchmark of the group still wants some; want (benchmarks) is counted down. A group has at most
 * one question of a benchmark, because a question is a benchmark and a text. */
static size_t take(
    const struct place *v, size_t n, uint8_t *part, enum part from, enum part to, size_t *want)
{
	size_t moved = 0, end;

	for (size_t i = 0; i < n; i = end) {
		bool fits = true;

		for (end = i; end < n && compare_places(&v[i], &v[end]) == 0; end++)
			fits = fits && part[v[end].index] == from && want[v[end].q->benchmark] > 0;
		for (size_t k = i; fits && k < end; k++) {
			want[v[k].q->benchmark]--;
			part[v[k].index] = (uint8_t)to;
			moved++;
		}
	}
	return moved;
}

/* round(percent) of each benchmark's questions that are in the part. */
static size_t *shares(
    const struct catalog_question *q, size_t n, const uint8_t *part, enum part of, double percent)
{
	size_t benchmarks = count_benchmarks(q, n);
	size_t *want = mem_zero_array(benchmarks, sizeof(*want));

	for (size_t i = 0; i < n; i++)
		want[q[i].benchmark] += part[i] == of;
	for (size_t b = 0; b < benchmarks; b++)
		want[b] = (size_t)lround((double)want[b] * percent / 100);
	return want;
}

void split_draw(const struct catalog_question *q, size_t n, double test, double val, uint64_t seed,
    uint8_t *part)
{
	struct place *v = drawing_order(q, n, seed);
	size_t *want_test, *want_val;

	if (n)
		memset(part, PART_TRAIN, n);
	/* Both are shares of all questions, so they are counted before any moves. */
	want_test = shares(q, n, part, PART_TRAIN, test);
	want_val = shares(q, n, part, PART_TRAIN, val);
	take(v, n, part, PART_TRAIN, PART_TEST, want_test);
	take(v, n, part, PART_TRAIN, PART_VAL, want_val);
	mem_free(want_test);
	mem_free(want_val);
	mem_free(v);
}

size_t split_set_aside(
    const struct catalog_question *q, size_t n, double percent, uint64_t seed, uint8_t *part)
{
	struct place *v = drawing_order(q, n, seed);
	size_t *want = shares(q, n, part, PART_TRAIN, percent);
	size_t moved = take(v, n, part, PART_TRAIN, PART_VAL, want);

	mem_free(want);
	mem_free(v);
	return moved;
}

static bool check_options(const struct split_options *o, struct err *e)
{
	if (!(o->test >= 0 && o->val >= 0 && o->test + o->val < 100))
		return err_set(e, ERR_USAGE,
		    "test and validation are percents that leave some for training, not %g and %g",
		    o->test, o->val);
	if (o->name && !o->name[0])
		return err_set(e, ERR_USAGE, "a split's name cannot be empty");
	if (o->name && utf8_check(o->name, strlen(o->name)) < strlen(o->name))
		return err_set(e, ERR_USAGE, "%s: the name is not UTF-8 text", o->name);
	return true;
}

/* The stored split of that name is used again where it is what would be drawn. */
static bool reuse(struct db *db, const struct split *old, const struct catalog_question *q,
    size_t n, const uint8_t *part, struct err *e)
{
	uint8_t *stored = mem_zero_array(n + 1, 1);
	bool ok = split_load(db, old->id, q, n, stored, e);

	if (ok && memcmp(stored, part, n))
		ok = err_set(e, ERR_USAGE,
		    "there is a split \"%s\" already, of other settings or from before the last "
		    "import; give another --name",
		    old->name);
	mem_free(stored);
	return ok && split_use(db, old->name, e);
}

static bool draw_and_save(
    struct db *db, const struct split_options *o, struct arena *a, struct split *out, struct err *e)
{
	struct split s = {.name = o->name, .seed = o->seed, .test = o->test, .val = o->val}, old;
	struct arena scratch = ARENA_INIT;
	struct catalog_question *q;
	struct catalog c;
	uint8_t *part = NULL;
	bool found, ok;

	if (!s.name)
		s.name = arena_printf(
		    a, "test%g-val%g-seed%llu", o->test, o->val, (unsigned long long)o->seed);
	ok = catalog_load(db, &scratch, &c, e) && catalog_load_questions(db, &c, &scratch, &q, e);
	if (ok && !c.n_questions)
		ok = err_set(e, ERR_DATA, "no questions to split: 'embedllm import FILE' first");
	ok = ok && split_find(db, a, s.name, &old, &found, e);
	if (ok) {
		part = mem_zero_array(c.n_questions, 1);
		split_draw(q, c.n_questions, o->test, o->val, o->seed, part);
		ok = found ? reuse(db, &old, q, c.n_questions, part, e)
			   : split_save(db, &s, q, c.n_questions, part, e);
	}
	if (ok)
		*out = found ? old : s;
	mem_free(part);
	arena_clear(&scratch);
	return ok;
}

bool task_split(
    struct db *db, const struct split_options *o, struct arena *a, struct split *out, struct err *e)
{
	if (!check_options(o, e) || !db_begin(db, e))
		return false;
	return db_end(db, draw_and_save(db, o, a, out, e), e);
}
