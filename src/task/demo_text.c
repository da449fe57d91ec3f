#include "task/demo_text.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/stream.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 256, LINE = 1000 }; /* of anything in these files; bytes a line */

struct reader {
	struct demo_text *t;
	const char *path;
	uint64_t line;
	struct err *e;
};

static bool bad(const struct reader *r, const char *what, const char *word)
{
	return err_set(
	    r->e, ERR_DATA, "%s:%llu: %s '%s'", r->path, (unsigned long long)r->line, what, word);
}

static bool number(const char *s, double *v)
{
	char *end;

	*v = strtod(s, &end);
	return s != end && !*end;
}

/* Appends to an arena array of MAX; false where it is full. */
#define GROW(array, n) ((n) < MAX ? &(array)[(n)++] : NULL)

/* "easy 0.5 code -1" added to vector; the words are consumed. */
static bool add_loadings(const struct reader *r, char *s, double *vector)
{
	char *save, *name, *value;

	for (name = strtok_r(s, " \t", &save); name; name = strtok_r(NULL, " \t", &save)) {
		double v, *at = NULL;

		if (!strcmp(name, "easy"))
			at = &vector[1];
		for (size_t k = 0; k < DEMO_SKILLS; k++)
			if (r->t->skills[k] && !strcmp(name, r->t->skills[k]))
				at = &vector[2 + k];
		value = strtok_r(NULL, " \t", &save);
		if (!at)
			return bad(r, "unknown skill", name);
		if (!value || !number(value, &v))
			return bad(r, "no number after", name);
		*at += v;
	}
	return true;
}

static bool model_line(const struct reader *r, char *s)
{
	struct demo_text *t = r->t;
	char *word[4 + DEMO_SKILLS + 2], *save, *kind;
	size_t n = 0;
	double v[DEMO_SKILLS + 2];

	kind = strtok_r(s, " \t", &save);
	while (n < sizeof(word) / sizeof(*word) && (word[n] = strtok_r(NULL, " \t", &save)))
		n++;
	if (!strcmp(kind, "skills") && n == DEMO_SKILLS) {
		for (size_t k = 0; k < n; k++)
			t->skills[k] = arena_strdup(&t->arena, word[k]);
		return true;
	}
	if (!strcmp(kind, "size") && n == 3 && number(word[1], &v[0]) && number(word[2], &v[1])) {
		struct demo_size *size = GROW(t->sizes, t->n_sizes);

		if (!size)
			return bad(r, "too many sizes at", word[0]);
		*size = (struct demo_size){arena_strdup(&t->arena, word[0]), v[0], v[1]};
		return true;
	}
	if (!strcmp(kind, "line") && n == 4 + DEMO_SKILLS && number(word[2], &v[0])) {
		struct demo_line *line = GROW(t->lines, t->n_lines);

		if (!line)
			return bad(r, "too many lines at", word[0]);
		line->family = arena_strdup(&t->arena, word[0]);
		line->speciality = arena_strdup(&t->arena, word[1]);
		line->suffix = strcmp(word[3], "-") ? arena_strdup(&t->arena, word[3]) : "";
		line->ability = v[0];
		for (size_t k = 0; k < DEMO_SKILLS; k++)
			if (!number(word[4 + k], &line->skills[k]))
				return bad(r, "not a number:", word[4 + k]);
		return true;
	}
	return bad(r, "not a skills, size or line entry:", kind);
}

/* Splits "TEXT | LOADINGS"; the second part is "" where there is none. */
static char *split_bar(char *s)
{
	char *bar = strstr(s, " | ");

	if (!bar)
		return s + strlen(s);
	*bar = '\0';
	return bar + 3;
}

static bool word_line(const struct reader *r, char *s)
{
	struct demo_text *t = r->t;
	struct demo_list *list;
	struct demo_word *word;
	char *loadings;

	if (!strncmp(s, "list ", 5)) {
		list = GROW(t->lists, t->n_lists);
		if (!list)
			return bad(r, "too many lists at", s);
		list->name = arena_strdup(&t->arena, s + 5);
		list->words = arena_array(&t->arena, struct demo_word, MAX);
		return true;
	}
	if (!t->n_lists)
		return bad(r, "a word before any list:", s);
	list = &t->lists[t->n_lists - 1];
	word = GROW(list->words, list->n);
	if (!word)
		return bad(r, "too many words at", s);
	loadings = split_bar(s);
	word->text = arena_strdup(&t->arena, s);
	return add_loadings(r, loadings, word->vector);
}

/* A list by the name in a slot, which may end in a digit. */
static const struct demo_list *find_list(const struct demo_text *t, const char *name, size_t len)
{
	if (len && name[len - 1] >= '2' && name[len - 1] <= '9')
		len--;
	for (size_t i = 0; i < t->n_lists; i++)
		if (strlen(t->lists[i].name) == len && !memcmp(t->lists[i].name, name, len))
			return &t->lists[i];
	return NULL;
}

/* {a:2-9} or {a:10-90/5}: true, and the range; false for {name} and {a}. */
static bool range_slot(const char *slot, size_t len, long *low, long *high, long *step)
{
	char s[32];
	int n;

	if (len < 3 || len >= sizeof(s) || slot[1] != ':')
		return false;
	memcpy(s, slot, len);
	s[len] = '\0';
	*step = 1;
	n = sscanf(s + 2, "%ld-%ld/%ld", low, high, step);
	return n >= 2 && *low >= 0 && *low <= *high && *step > 0;
}

static bool check_slots(const struct reader *r, const char *text)
{
	bool set[128] = {false};
	long low, high, step;

	for (const char *at = text; (at = strchr(at, '{')); at++) {
		const char *end = strchr(at, '}');
		size_t len = end ? (size_t)(end - at) - 1 : 0;
		unsigned char c = (unsigned char)at[1];

		if (len && c < 128 && range_slot(at + 1, len, &low, &high, &step))
			set[c] = true;
		else if (!(len == 1 && c < 128 && set[c]) && !find_list(r->t, at + 1, len))
			return bad(r, "a slot that nothing fills at", at);
	}
	return true;
}

static bool question_line(const struct reader *r, char *s)
{
	struct demo_text *t = r->t;
	struct demo_benchmark *benchmark;
	struct demo_template *template;
	char *text, *name, *save;

	if (!strncmp(s, "benchmark ", 10)) {
		name = strtok_r(s + 10, " \t", &save);
		benchmark = GROW(t->benchmarks, t->n_benchmarks);
		if (!name || !benchmark)
			return bad(r, "no name, or too many benchmarks:", s);
		benchmark->name = arena_strdup(&t->arena, name);
		benchmark->first = t->n_templates;
		/* Its loadings wait where its first template will be, and are copied to the others. */
		memset(&t->templates[t->n_templates], 0, sizeof(*t->templates));
		return add_loadings(r, save, t->templates[t->n_templates].vector);
	}
	if (strncmp(s, "- ", 2) != 0 || !t->n_benchmarks)
		return bad(r, "neither a benchmark nor one of its templates:", s);
	text = split_bar(s);
	if (!*text)
		return bad(r, "no text after ' | ' in", s);
	template = &t->templates[t->n_templates];
	if (t->n_templates + 1 >= MAX)
		return bad(r, "too many templates at", text);
	t->n_templates++;
	benchmark = &t->benchmarks[t->n_benchmarks - 1];
	benchmark->n_templates++;
	template[1] = template[0];
	template->benchmark = t->n_benchmarks - 1;
	template->text = arena_strdup(&t->arena, text);
	return check_slots(r, text) && add_loadings(r, s + 2, template->vector);
}

static bool read_file(struct demo_text *t, const char *dir, const char *name,
    bool (*take)(const struct reader *, char *), struct err *e)
{
	char *path = file_join(dir, name), line[LINE];
	struct stream *in = stream_open(path, e);
	struct reader r = {t, path, 0, e};
	bool ok = in != NULL, more = ok;
	const char *p;
	size_t n;

	while (ok && more) {
		ok = stream_line(in, sizeof(line) - 1, &p, &n, &more, e);
		if (!ok || !more || !n || *p == '#')
			continue;
		memcpy(line, p, n);
		line[n] = '\0';
		r.line = stream_line_no(in);
		ok = take(&r, line);
	}
	if (in)
		stream_close(in);
	mem_free(path);
	return ok;
}

static bool complete(const struct demo_text *t, const char *dir, struct err *e)
{
	for (size_t b = 0; b < t->n_benchmarks; b++)
		if (!t->benchmarks[b].n_templates)
			return err_set(e, ERR_DATA,
			    "%s/questions.txt: benchmark %s has no template", dir,
			    t->benchmarks[b].name);
	for (size_t i = 0; i < t->n_lists; i++)
		if (t->lists[i].n < 4)
			return err_set(e, ERR_DATA, "%s/words.txt: list %s has under 4 words", dir,
			    t->lists[i].name);
	if (!t->n_lines || !t->n_sizes || !t->n_benchmarks || !find_list(t, "preamble", 8))
		return err_set(
		    e, ERR_DATA, "%s: no models, no benchmarks or no list 'preamble'", dir);
	return true;
}

bool demo_text_load(const char *dir, struct demo_text *out, struct err *e)
{
	struct demo_text t = {.arena = ARENA_INIT};

	t.sizes = arena_array(&t.arena, struct demo_size, MAX);
	t.lines = arena_array(&t.arena, struct demo_line, MAX);
	t.lists = arena_array(&t.arena, struct demo_list, MAX);
	t.benchmarks = arena_array(&t.arena, struct demo_benchmark, MAX);
	t.templates = arena_array(&t.arena, struct demo_template, MAX + 1);
	if (!read_file(&t, dir, "models.txt", model_line, e) ||
	    !read_file(&t, dir, "words.txt", word_line, e) ||
	    !read_file(&t, dir, "questions.txt", question_line, e) || !complete(&t, dir, e)) {
		arena_clear(&t.arena);
		return false;
	}
	*out = t;
	return true;
}

void demo_text_clear(struct demo_text *t)
{
	arena_clear(&t->arena);
}

/* What the slots of one question were filled with so far. */
struct filling {
	struct {
		const char *slot;
		size_t len;
		const struct demo_word *word;
	} used[16];
	size_t n;
	long number[128];
};

/* A word for the slot: what it had before, or one that no other slot of the question has. */
static const struct demo_word *choose_word(
    const struct demo_text *t, struct filling *f, const char *slot, size_t len, struct rng *rng)
{
	const struct demo_list *list = find_list(t, slot, len);
	const struct demo_word *word;
	bool taken;

	for (size_t i = 0; i < f->n; i++)
		if (f->used[i].len == len && !memcmp(f->used[i].slot, slot, len))
			return f->used[i].word;
	do {
		word = &list->words[rng_below(rng, list->n)];
		taken = false;
		for (size_t i = 0; i < f->n; i++)
			taken = taken || f->used[i].word == word;
	} while (taken);
	assert(f->n < sizeof(f->used) / sizeof(*f->used));
	f->used[f->n].slot = slot;
	f->used[f->n].len = len;
	f->used[f->n++].word = word;
	return word;
}

void demo_text_fill(const struct demo_text *t, const struct demo_template *template,
    struct rng *rng, struct buf *text, double *vector)
{
	struct filling f = {.n = 0};
	const char *at = template->text, *open;

	memcpy(vector, template->vector, sizeof(template->vector));
	vector[0] = 1;
	while ((open = strchr(at, '{'))) {
		size_t len = strcspn(open + 1, "}");
		long low, high, step, *slot = &f.number[(unsigned char)open[1] & 127];

		buf_add(text, at, (size_t)(open - at));
		at = open + len + 2;
		if (range_slot(open + 1, len, &low, &high, &step)) {
			*slot =
			    low + step * (long)rng_below(rng, (uint64_t)((high - low) / step + 1));
			buf_printf(text, "%ld", *slot);
		} else if (len == 1) {
			buf_printf(text, "%ld", *slot);
		} else {
			size_t before = f.n;
			const struct demo_word *word = choose_word(t, &f, open + 1, len, rng);

			buf_adds(text, word->text);
			for (size_t k = 0; f.n > before && k < DEMO_DIMS; k++)
				vector[k] += word->vector[k];
		}
	}
	buf_adds(text, at);
}

const struct demo_list *demo_text_list(const struct demo_text *t, const char *name)
{
	const struct demo_list *list = find_list(t, name, strlen(name));

	assert(list);
	return list;
}
