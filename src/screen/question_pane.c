#include "screen/question_pane.h"

#include "base/mem.h"
#include "base/plural.h"
#include "base/share.h"

#include <math.h>
#include <stdlib.h>

void question_figures(const struct questions_row *r, struct buf *out)
{
	if (r->seen) {
		buf_printf(out, "right %g/%zu ", floor(10 * r->right * (double)r->seen + 0.5) / 10,
		    r->seen);
		share_print(r->right * (double)r->seen, (double)r->seen, 0, out);
	} else {
		buf_adds(out, "no model has answered it");
	}
	if (!isnan(r->predicted))
		buf_printf(out, " · predicted %.0f%%", 100 * r->predicted);
	if (!isnan(r->discrimination))
		buf_printf(out, " · disc. %.2f", r->discrimination);
}

static const char *question_part(const struct atlas *a, size_t question)
{
	enum part p = a->split ? a->data.part[question] : PART_NONE;

	return p == PART_NONE ? "–" : part_name(p);
}

struct ranked {
	double accuracy;
	size_t model;
};

static int by_accuracy(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;

	if (a->accuracy != b->accuracy)
		return a->accuracy < b->accuracy ? 1 : -1;
	return (a->model > b->model) - (a->model < b->model);
}

/* "Right: A  B  C  +40" in w cells. */
static void draw_names(const struct atlas *a, const struct question_detail *d, bool right,
    struct cells *c, int y, int x, int w)
{
	struct ranked *v = mem_array(d->n_answers + 1, sizeof(*v));
	int used = cells_text(c, y, x, w, ROLE_HEADER, right ? "Right:" : "Wrong:");
	size_t n = 0, shown = 0;

	for (size_t i = 0; i < d->n_answers; i++) {
		const struct catalog_model *m = &a->catalog.models[d->answers[i].model];
		double score = d->answers[i].score;

		if (!isnan(score) && (score >= 0.5) == right)
			v[n++] = (struct ranked){catalog_model_accuracy(m), d->answers[i].model};
	}
	qsort(v, n, sizeof(*v), by_accuracy);
	for (; shown < n; shown++) {
		const char *name = a->catalog.models[v[shown].model].name;

		if (used + 2 + cells_width(c, name) + (shown + 1 < n ? 8 : 0) > w)
			break;
		used += 2 + cells_text(c, y, x + used + 2, w - used - 2, ROLE_DEFAULT, name);
	}
	if (shown < n)
		cells_printf(c, y, x + used + 2, w - used - 2, ROLE_DIM,
		    shown ? "+%zu" : "%zu model%s", n - shown, plural(n - shown));
	else if (!n)
		cells_text(c, y, x + used + 2, w - used - 2, ROLE_DIM, "none");
	mem_free(v);
}

static void draw_like(const struct atlas *a, const struct question_detail *d, size_t i,
    struct cells *c, int y, int x, int w)
{
	const struct catalog_question *q = &a->questions[d->like[i].question];
	int used =
	    cells_printf(c, y, x, w, i ? ROLE_DIM : ROLE_HEADER, i ? "        " : "Like it:");

	used += cells_printf(c, y, x + used, w - used, ROLE_DEFAULT, "  %.2f  #%lld %s  ",
	    d->like[i].similarity, (long long)q->id, a->catalog.benchmarks[q->benchmark].name);
	cells_fit(c, y, x + used, w - used, ROLE_DIM, q->text);
}

int question_pane_draw(const struct atlas *a, const struct questions_row *r,
    const struct question_detail *d, struct cells *c, struct area at)
{
	const struct catalog_question *q = &a->questions[r->question];
	/* The text takes what it needs, but leaves room for two lines of names and a question like it. */
	int keep = !d || at.h < 5 ? 0 : at.h < 6 ? 2 : 3, end = at.y + at.h, y;
	struct buf b = BUF_INIT;

	buf_printf(&b, "#%lld %s · %s · ", (long long)q->id,
	    a->catalog.benchmarks[q->benchmark].name, question_part(a, r->question));
	question_figures(r, &b);
	cells_fit(c, at.y, at.x, at.w, ROLE_DIM, buf_str(&b));
	buf_clear(&b);
	y = at.y + 1;
	y += cells_wrap(c, (struct area){y, at.x, at.h - 1 - keep, at.w > 100 ? 100 : at.w},
	    ROLE_DEFAULT, q->text);
	if (d && y < end)
		draw_names(a, d, true, c, y++, at.x, at.w);
	if (d && y < end)
		draw_names(a, d, false, c, y++, at.x, at.w);
	for (size_t i = 0; d && i < d->n_like && y < end; i++)
		draw_like(a, d, i, c, y++, at.x, at.w);
	return y - at.y;
}
