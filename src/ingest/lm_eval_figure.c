/* A label is a share: right or wrong, or part of the points. Figures that are only right over a whole
 * task (perplexity, corpus BLEU) stand beside it, and are never one by accident. */
#include "ingest/lm_eval_figure.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/figure_name.h"
#include "ingest/importer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FIGURES_LIMIT 64
#define BYTES_LIMIT 1000

/* By preference: one of them for all models of a task. */
static const char *const known[] = {"acc", "exact_match", "acc_norm", "pass@1", "pass_at_1", "em",
    "prompt_level_strict_acc", "math_verify", "mc1", "bleu_acc", "rouge1_acc", "rougeL_acc",
    "rouge2_acc", "f1", "mc2"};

/* Never a label, whatever its values happen to be; see figure_is_of_wrong too. */
static const char *const never[] = {"*_max", "*_diff", "*stderr*", "chrf*", "bleu", "rouge?",
    "*length*", "*_tokens", "*time*", "*count"};

static const char *const members[] = {"doc_id", "doc", "target", "arguments", "resps",
    "filtered_resps", "filter", "metrics", "doc_hash", "prompt_hash", "target_hash", "task_name",
    "idx", "repeats", "schema", "native_id", "model_name", "task", "request_type"};

static struct figure *find(const struct figures *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].name, name))
			return &f->v[i];
	return NULL;
}

static void put(struct figure *g, size_t sample, double v)
{
	g->v = mem_grow(g->v, &g->cap, sample + 1, sizeof(*g->v));
	while (g->n < sample)
		g->v[g->n++] = FIGURE_ABSENT;
	g->v[sample] = v;
	g->n = sample + 1;
}

/* Where in the line the member `key` stands, counted from 1 as json_read counts: its last place, since
 * what a document says comes before its figures. */
static size_t byte_of(const char *text, size_t n, const char *key)
{
	char quoted[128];
	const char *at = NULL, *next = text;
	size_t k = (size_t)snprintf(quoted, sizeof(quoted), "\"%.100s\"", key);

	while (text && (next = memmem(next, n - (size_t)(next - text), quoted, k)))
		at = next++;
	return at ? (size_t)(at - text) + 1 : 0;
}

static void add(
    struct figures *f, const char *name, const json_t *value, const char *text, size_t n)
{
	struct figure *g = find(f, name);
	double v = json_is_null(value)      ? NAN
		   : json_is_boolean(value) ? json_is_true(value)
		   : json_is_number(value)  ? json_number_value(value)
					    : FIGURE_NONE;

	if (!g) {
		if (f->n == FIGURES_LIMIT)
			return;
		f->v = mem_grow(f->v, &f->cap, f->n + 1, sizeof(*f->v));
		g = &f->v[f->n++];
		*g = (struct figure){.name = mem_strdup(name)};
	}
	put(g, f->samples, v);
	if (!isnan(v) && !(v >= 0 && v <= 1) && f->n_bytes < BYTES_LIMIT) {
		f->bytes = mem_grow(f->bytes, &f->cap_bytes, f->n_bytes + 1, sizeof(*f->bytes));
		f->bytes[f->n_bytes++] = (struct figure_byte){
		    (uint32_t)f->samples, (uint32_t)(g - f->v), (uint32_t)byte_of(text, n, name)};
	}
}

static bool is_member(const char *name)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (!strcmp(members[i], name))
			return true;
	return false;
}

void figures_add(struct figures *f, const json_t *line, const char *text, size_t n)
{
	const json_t *list = json_object_get(line, "metrics"), *v;
	const char *key;
	size_t i;

	if (json_is_array(list)) {
		json_array_foreach(list, i, v)
		{
			key = json_string_value(v);
			if (key && json_object_get(line, key))
				add(f, key, json_object_get(line, key), text, n);
		}
	} else {
		json_object_foreach((json_t *)line, key, v)
		{
			if (!is_member(key))
				add(f, key, v, text, n);
		}
	}
	f->samples++;
}

void figures_clear(struct figures *f)
{
	for (size_t i = 0; i < f->n; i++) {
		mem_free(f->v[i].name);
		mem_free(f->v[i].v);
	}
	mem_free(f->v);
	mem_free(f->bytes);
	*f = (struct figures){0};
}

double figures_get(const struct figures *f, size_t sample, const char *name)
{
	const struct figure *g = find(f, name);

	return g && sample < g->n ? g->v[sample] : FIGURE_ABSENT;
}

size_t figures_byte(const struct figures *f, size_t sample, const char *name)
{
	for (size_t i = 0; i < f->n_bytes; i++)
		if (f->bytes[i].sample == sample && !strcmp(f->v[f->bytes[i].figure].name, name))
			return f->bytes[i].byte;
	return 0;
}

void figures_set_wrong(struct figures *f, const char *name)
{
	struct figure *g = find(f, name);

	if (g)
		g->wrong = true;
}

/* Has every file the figure as a number? Are all of them shares? */
static bool in_all(const struct figures *const *f, size_t n, const char *name, bool *shares)
{
	*shares = true;
	for (size_t i = 0; i < n; i++) {
		const struct figure *g = find(f[i], name);
		size_t numbers = 0;

		if (g && g->wrong)
			return false;
		for (size_t k = 0; g && k < g->n; k++) {
			double v = g->v[k];

			if (v == FIGURE_ABSENT || v == FIGURE_NONE)
				continue;
			numbers++;
			*shares = *shares && (isnan(v) || (v >= 0 && v <= 1));
		}
		if (!numbers)
			return false;
	}
	return true;
}

static bool is_never(const char *name)
{
	if (figure_is_of_wrong(name))
		return true;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (utf8_glob(never[i], name))
			return true;
	return false;
}

/* Which figures to list. */
enum listing { LIST_GOOD, LIST_GOOD_SOMEWHERE, LIST_ALL };

static bool is_listed(
    const struct figures *const *f, size_t n, size_t file, const char *name, enum listing which)
{
	bool shares;

	for (size_t i = 0; i < file; i++) /* listed with that file */
		if (find(f[i], name))
			return false;
	if (which == LIST_ALL)
		return true;
	if (is_never(name))
		return false;
	if (which == LIST_GOOD)
		return in_all(f, n, name, &shares) && shares;
	for (size_t i = 0; i < n; i++)
		if (in_all(f + i, 1, name, &shares) && shares)
			return true;
	return false;
}

/* "a, b, c"; how many there are. */
static size_t list(const struct figures *const *f, size_t n, enum listing which, struct buf *out)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < f[i]->n; k++)
			if (is_listed(f, n, i, f[i]->v[k].name, which))
				buf_printf(out, "%s%.80s", count++ ? ", " : "", f[i]->v[k].name);
	return count;
}

static bool choose_asked(const struct figures *const *f, size_t n, const struct ingest *in,
    const char *task, const char **metric, struct err *e)
{
	const char *asked = in->o->metric;
	size_t have = 0;
	bool shares;

	for (size_t i = 0; i < n; i++)
		have += find(f[i], asked) != NULL;
	if (!have)
		return true;
	if (have < n)
		return err_set(e, ERR_DATA,
		    "%s: %zu of the %zu files of task %s have no %s: their labels would be of "
		    "another figure; choose one that all have",
		    in->path, n - have, n, task, asked);
	for (size_t i = 0; i < n; i++)
		if (find(f[i], asked)->wrong || figure_is_of_wrong(asked))
			return err_set(e, ERR_DATA,
			    "%s: %s of task %s is the better the lower: it says what is wrong, and "
			    "is no label",
			    in->path, asked, task);
	if (!in_all(f, n, asked, &shares))
		return err_set(e, ERR_DATA, "%s: %s of task %s is no number in every file",
		    in->path, asked, task);
	*metric = asked;
	return true;
}

bool figures_choose(const struct figures *const *f, size_t n, struct ingest *in, const char *task,
    const char **metric, bool *asked_found, struct err *e)
{
	struct buf names = BUF_INIT;
	const char *earlier;
	bool shares;
	size_t count;

	*metric = NULL;
	if (!ingest_earlier(in, task, "metric", &earlier, e) ||
	    (in->o->metric && !choose_asked(f, n, in, task, metric, e)))
		return false;
	*asked_found = *asked_found || *metric;
	if (!*metric && earlier && in_all(f, n, earlier, &shares) && shares)
		*metric = earlier;
	for (size_t i = 0; !*metric && i < sizeof(known) / sizeof(known[0]); i++)
		if (in_all(f, n, known[i], &shares))
			*metric = known[i];
	if (*metric) {
		if (earlier && strcmp(earlier, *metric))
			ingest_remark(in, REMARK_CHOICE,
			    "%s by %s, while earlier imports took it by %s: those labels are of "
			    "another "
			    "figure",
			    task, *metric, earlier);
		return true;
	}
	count = list(f, n, LIST_GOOD, &names);
	if (count == 1)
		*metric = arena_strdup(&in->arena, buf_str(&names));
	if (count > 1)
		err_set(e, ERR_DATA,
		    "%s: task %s has several figures, and none that is known as the label: %s; "
		    "choose with --metric, or leave the task out with --except %s",
		    in->path, task, buf_str(&names), task);
	if (!count && list(f, n, LIST_GOOD_SOMEWHERE, &names)) {
		err_set(e, ERR_DATA,
		    "%s: the files of task %s have no figure in common that would be the label: "
		    "%s; leave the task out with --except %s",
		    in->path, task, buf_str(&names), task);
		buf_clear(&names);
		return false;
	}
	if (!count) {
		list(f, n, LIST_ALL, &names);
		ingest_remark(in, REMARK_LEFT_OUT,
		    "%s: no figure of its documents is a label from 0 to 1%s%s", task,
		    names.len ? "; there are " : "", buf_str(&names));
	}
	buf_clear(&names);
	return count <= 1;
}
