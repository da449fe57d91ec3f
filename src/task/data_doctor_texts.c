/* Repeated texts, and near-duplicates across parts.
 *
 * A text is the set of its pairs of neighbouring words, folded. Minima of hashes over a set (MinHash,
 * Broder 1997) are equal with the probability of the sets' Jaccard similarity; texts that share a band
 * of four of them are compared in full. A band that very many share is a template: of its members only
 * neighbours in the order of hashes are compared, so that the time is bounded. */
#include "task/data_doctor_checks.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/part.h"
#include "base/progress.h"
#include "base/utf8.h"
#include "task/atlas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BANDS 16
#define ROWS 4     /* minima a band: the chance to meet is half at a similarity of .5 */
#define REACH 16   /* members of a band that one is compared with */
#define ALIKE 0.8  /* Jaccard similarity */
#define SHINGLES 4 /* a text with fewer is too short to be like another one */

struct text {
	uint64_t whole; /* hash of the folded text */
	size_t n;
	uint64_t *shingle; /* (n) ascending, each once */
	uint64_t band[BANDS];
};

struct texts {
	size_t n;
	struct text *v;
	struct arena arena;
};

static int by_value(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return (a > b) - (a < b);
}

/* Hashes of the pairs of words of a folded text, whose words are parted by one space. */
static void shingle(struct texts *t, const char *s, size_t n, struct text *out)
{
	size_t words = 1, k = 0;
	uint64_t before = 0;

	for (size_t i = 0; i < n; i++)
		words += s[i] == ' ';
	out->shingle = arena_array(&t->arena, uint64_t, words + 1);
	for (size_t i = 0; i < n;) {
		size_t end = i;
		uint64_t pair[2] = {before};

		while (end < n && s[end] != ' ')
			end++;
		pair[1] = hash_fast(s + i, end - i, 1);
		if (i)
			out->shingle[k++] = hash_fast(pair, sizeof(pair), 2);
		before = pair[1];
		i = end + 1;
	}
	qsort(out->shingle, k, sizeof(*out->shingle), by_value);
	for (size_t i = 0; i < k; i++)
		if (!i || out->shingle[i] != out->shingle[out->n - 1])
			out->shingle[out->n++] = out->shingle[i];
}

static uint64_t mix(uint64_t x, uint64_t key)
{
	x = (x ^ key) * 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 32)) * 0xd6e8feb86659fd93u;
	return x ^ (x >> 32);
}

static void sign(struct text *t)
{
	for (uint64_t b = 0; b < BANDS; b++) {
		uint64_t least[ROWS];

		for (uint64_t r = 0; r < ROWS; r++) {
			least[r] = UINT64_MAX;
			for (size_t i = 0; i < t->n; i++) {
				uint64_t h = mix(t->shingle[i], b * ROWS + r + 1);

				least[r] = h < least[r] ? h : least[r];
			}
		}
		t->band[b] = hash_fast(least, sizeof(least), b);
	}
}

static bool read_texts(
    const struct atlas *a, const struct progress *p, struct texts *t, struct err *e)
{
	struct buf folded = BUF_INIT;
	bool ok = true;

	t->n = a->data.n_questions;
	t->v = arena_array(&t->arena, struct text, t->n + 1);
	for (size_t q = 0; q < t->n && ok; q++) {
		buf_reset(&folded);
		utf8_fold(&folded, a->questions[q].text, a->questions[q].len);
		t->v[q] = (struct text){.whole = hash_fast(buf_str(&folded), folded.len, 0)};
		shingle(t, buf_str(&folded), folded.len, &t->v[q]);
		sign(&t->v[q]);
		ok = q % 256 ||
		     progress_tick(p, "reading texts", (double)q, (double)t->n, "questions");
	}
	buf_clear(&folded);
	return ok || err_set(e, ERR_CANCELLED, "stopped while reading texts");
}

struct keyed {
	uint64_t key;
	uint32_t question;
};

static int by_key(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return (a->question > b->question) - (a->question < b->question);
}

static void find_repeated(const struct atlas *a, const struct texts *t, struct data_doctor *d)
{
	struct keyed *v = mem_array(t->n + 1, sizeof(*v));
	size_t end, n = 0;

	for (size_t q = 0; q < t->n; q++)
		v[q] = (struct keyed){t->v[q].whole, (uint32_t)q};
	qsort(v, t->n, sizeof(*v), by_key);
	for (size_t i = 0; i < t->n; i = end) {
		for (end = i + 1; end < t->n && v[end].key == v[i].key;)
			end++;
		if (end - i < 2)
			continue;
		n += end - i - 1;
		data_finding_example(d, DATA_REPEATED, a->questions[v[i].question].id, 0,
		    arena_printf(&d->arena, "%zu times, also as question %lld of %s", end - i,
			(long long)a->questions[v[i + 1].question].id,
			a->catalog.benchmarks[a->data.benchmark[v[i + 1].question]].name));
	}
	d->v[DATA_REPEATED].n = n;
	d->v[DATA_REPEATED].of = t->n;
	mem_free(v);
}

static double similarity(const struct text *x, const struct text *y)
{
	size_t i = 0, j = 0, both = 0;

	while (i < x->n && j < y->n) {
		uint64_t u = x->shingle[i], v = y->shingle[j];

		both += u == v;
		i += u <= v;
		j += v <= u;
	}
	return (double)both / (double)(x->n + y->n - both);
}

struct twin {
	uint32_t of; /* the training question that is most like it */
	double alike;
};

static void compare(
    const struct atlas *a, const struct texts *t, uint32_t x, uint32_t y, struct twin *twin)
{
	uint32_t train = a->data.part[x] == PART_TRAIN ? x : y, other = train == x ? y : x;
	double alike;

	if (a->data.part[train] != PART_TRAIN || a->data.part[other] == PART_TRAIN ||
	    a->data.part[other] == PART_NONE)
		return;
	alike = similarity(&t->v[train], &t->v[other]);
	if (alike >= ALIKE && alike > twin[other].alike)
		twin[other] = (struct twin){train, alike};
}

static void compare_band(
    const struct atlas *a, const struct texts *t, int band, struct keyed *v, struct twin *twin)
{
	size_t n = 0;

	for (size_t q = 0; q < t->n; q++)
		if (t->v[q].n >= SHINGLES)
			v[n++] = (struct keyed){t->v[q].band[band], (uint32_t)q};
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n && j <= i + REACH && v[j].key == v[i].key; j++)
			compare(a, t, v[i].question, v[j].question, twin);
}

static void find_leaks(const struct atlas *a, const struct texts *t, struct data_doctor *d)
{
	struct keyed *v = mem_array(t->n + 1, sizeof(*v));
	struct twin *twin = mem_zero_array(t->n + 1, sizeof(*twin));
	static const double steps[] = {1, 0.95, 0.9, ALIKE};

	for (int b = 0; b < BANDS; b++)
		compare_band(a, t, b, v, twin);
	for (size_t q = 0; q < t->n; q++) {
		d->v[DATA_LEAK].of += a->data.part[q] == PART_VAL || a->data.part[q] == PART_TEST;
		d->v[DATA_LEAK].n += twin[q].alike > 0;
	}
	for (size_t s = 0; s < sizeof(steps) / sizeof(*steps); s++)
		for (size_t q = 0; q < t->n; q++)
			if (twin[q].alike >= steps[s] && (!s || twin[q].alike < steps[s - 1]))
				data_finding_example(d, DATA_LEAK, a->questions[q].id, 0,
				    arena_printf(&d->arena,
					"%s: %.0f %% the same as training question %lld",
					part_name(a->data.part[q]), 100 * twin[q].alike,
					(long long)a->questions[twin[q].of].id));
	mem_free(v);
	mem_free(twin);
}

bool data_doctor_texts(
    const struct atlas *a, const struct progress *p, struct data_doctor *d, struct err *e)
{
	struct texts t = {.n = 0};
	bool ok;

	arena_init(&t.arena);
	ok = read_texts(a, p, &t, e);
	if (ok) {
		find_repeated(a, &t, d);
		find_leaks(a, &t, d);
	}
	arena_clear(&t.arena);
	return ok;
}
