#include "task/route_file.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/stream.h"

#include <math.h>
#include <string.h>

static bool route_line(const struct atlas *a, struct stream *s, const char *text,
    const struct route_options *o,
    bool (*each)(void *arg, size_t line, const struct route *r, struct err *e), void *arg,
    struct err *e)
{
	struct route r;
	bool ok;

	if (!task_route(a, text, o, &r, e)) {
		err_wrap(e, "%s:%llu", stream_name(s), (unsigned long long)stream_line_no(s));
		return false;
	}
	ok = each(arg, (size_t)stream_line_no(s), &r, e);
	route_clear(&r);
	return ok;
}

/* Route every line of the file that is not empty and hand each result to `each`, which borrows it and
 * returns false to stop (with `e` set). */
static bool route_lines(const struct atlas *a, const char *path, const struct route_options *o,
    const struct progress *p,
    bool (*each)(void *arg, size_t line, const struct route *r, struct err *e), void *arg,
    struct err *e)
{
	struct stream *s = stream_open(path, e);
	struct buf text = BUF_INIT;
	const char *line;
	size_t n;
	bool got, ok = s != NULL;

	while (ok && (ok = stream_line(s, ROUTE_TEXT_MAX, &line, &n, &got, e)) && got) {
		double done = stream_fraction(s);

		if (n == 0)
			continue;
		buf_reset(&text);
		buf_add(&text, line, n);
		if (strlen(text.s) != n)
			ok = err_set(e, ERR_DATA, "%s:%llu: a NUL byte in the question",
			    stream_name(s), (unsigned long long)stream_line_no(s));
		else if (!progress_tick(
			     p, "routing", done < 0 ? 0 : done, done < 0 ? 0 : 1, "file"))
			ok = err_set(e, ERR_CANCELLED, "stopped while routing %s", path);
		else
			ok = route_line(a, s, text.s, o, each, arg, e);
	}
	buf_clear(&text);
	stream_close(s);
	return ok;
}

static bool keep(void *arg, size_t line, const struct route *r, struct err *e)
{
	struct routed *b = arg;
	const struct route_candidate *top = &r->v[0], *second = r->n > 1 ? &r->v[1] : NULL;

	(void)e;
	b->v = mem_grow(b->v, &b->cap, b->n + 1, sizeof(*b->v));
	b->v[b->n++] = (struct routed_line){line, top->model, top->p, top->low, top->high,
	    top->cost, second ? second->model : SIZE_MAX, second ? second->p : NAN, r->novelty,
	    arena_strdup(&b->arena, r->text)};
	b->p += top->p;
	b->single_p += r->best_single_p;
	return true;
}

bool task_routed(const struct atlas *a, const char *path, const struct route_options *o,
    const struct progress *p, struct routed *out, struct err *e)
{
	*out = (struct routed){.n = 0};
	arena_init(&out->arena);
	return route_lines(a, path, o, p, keep, out, e);
}

void routed_clear(struct routed *r)
{
	arena_clear(&r->arena);
	mem_free(r->v);
	*r = (struct routed){.v = NULL};
}

static const struct column columns[ROUTED_COLUMNS] = {
    [ROUTED_LINE] = {"line", "line", "Line", COLUMN_INT, .width = 6, .drop = 6,
	.about = "The line of the file."},
    [ROUTED_MODEL] = {"model", "goes to", "Goes to", COLUMN_CLIP, .width = 18, .grow = 36,
	.about = "The model that the question goes to: the one of most utility."},
    [ROUTED_P] = {"p", "p(right)", "p(right)", COLUMN_REAL, 3, .width = 8,
	.about = "The calibrated probability, 0 to 1, that it answers rightly."},
    [ROUTED_LOW] = {"low", "low", "low", COLUMN_REAL, 3, .width = 5, .drop = 4,
	.about = "Lower end of the 90 % interval of that probability."},
    [ROUTED_HIGH] = {"high", "high", "high", COLUMN_REAL, 3, .width = 5, .drop = 4,
	.about = "Upper end of the 90 % interval."},
    [ROUTED_COST] = {"cost", "$/1k", "$/1k", COLUMN_MONEY, .width = 7, .drop = 3,
	.about = "Dollars a thousand such questions."},
    [ROUTED_SECOND] = {"second", NULL, "Second", COLUMN_CLIP, .width = 18, .grow = 36, .drop = 7,
	.hidden = true, .about = "The next best model."},
    [ROUTED_SECOND_P] = {"second_p", NULL, "p 2nd", COLUMN_REAL, 3, .drop = 7, .hidden = true,
	.about = "Its probability of a right answer, 0 to 1."},
    [ROUTED_NOVELTY] = {"novelty", NULL, "Novel", COLUMN_REAL, 2, .width = 5, .drop = 5,
	.about = "Share of training questions, 0 to 1, that lie nearer to another one than this "
		 "one does to any: above .95 it is unlike all that is known."},
    [ROUTED_TEXT] = {"text", "question", "Question", COLUMN_CLIP, .width = 16, .grow = 300,
	.drop = 1, .about = "What the line asks."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct routed_line *r = &((const struct routed *)t->rows)->v[row];
	const struct catalog_model *m = ((const struct catalog *)t->world)->models;

	(void)scratch;
	switch (column) {
	case ROUTED_LINE:
		return value_int((int64_t)r->line);
	case ROUTED_MODEL:
		return value_text(m[r->model].name);
	case ROUTED_P:
		return value_real(r->p);
	case ROUTED_LOW:
		return value_real(r->low);
	case ROUTED_HIGH:
		return value_real(r->high);
	case ROUTED_COST:
		return value_real(r->cost);
	case ROUTED_SECOND:
		return value_text(r->second == SIZE_MAX ? NULL : m[r->second].name);
	case ROUTED_SECOND_P:
		return value_real(r->second_p);
	case ROUTED_NOVELTY:
		return value_real(r->novelty);
	default:
		return value_text(r->text);
	}
}

struct table routed_table(const struct routed *r, const struct catalog *c)
{
	return (struct table){.name = "route_file",
	    .columns = columns,
	    .n_columns = ROUTED_COLUMNS,
	    .value = value,
	    .n = r ? r->n : 0,
	    .rows = r,
	    .world = c};
}
