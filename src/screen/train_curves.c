/* train_curves.c - see train_curves.h */
#include "screen/train_curves.h"

#include "base/mem.h"

void curve_add(struct curve *k, const struct trainer_epoch *t)
{
	k->v = mem_grow(k->v, &k->cap, k->n + 1, sizeof(*k->v));
	k->v[k->n++] = *t;
}

void curve_clear(struct curve *k)
{
	mem_free(k->v);
	*k = (struct curve){.v = NULL};
}

void curves_chart(const struct curve *k, size_t n, double base_loss, double base_accuracy,
    bool log_axis, struct chart *out)
{
	struct chart_curve v[CURVES_MAX];

	for (size_t i = 0; i < n; i++)
		v[i] = (struct chart_curve){k[i].run, k[i].dim, k[i].seed, k[i].n, k[i].v};
	chart_of_curves(out, v, n, base_loss, base_accuracy, log_axis);
}

void curves_draw(const struct curve *k, size_t n, double base_loss, double base_accuracy,
    bool log_axis, struct cells *c, struct area a)
{
	int half = a.w / 2;
	struct area side[2] = {{a.y, a.x, a.h - 1, half}, {a.y, a.x + half, a.h - 1, a.w - half}};
	struct chart f;
	struct plot plot;

	if (!n || a.h < 6)
		return;
	curves_chart(k, n, base_loss, base_accuracy, log_axis, &f);
	for (size_t i = 0; i < f.n_panels; i++) {
		struct area in = {side[i].y + 1, side[i].x, side[i].h - 1, side[i].w};

		cells_rule(c, side[i].y, side[i].x, side[i].w, f.panel[i].title, false);
		if (f.panel[i].n_series)
			chart_draw(&f.panel[i], c, in, 5, &plot);
	}
	if (f.n_panels)
		chart_draw_legend(&f.panel[0], c, a.y + a.h - 1, a.x + 1, a.w - 1);
	chart_clear(&f);
}
