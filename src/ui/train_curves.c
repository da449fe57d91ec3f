/* train_curves.c - see train_curves.h */
#include "ui/train_curves.h"

#include "base/mem.h"
#include "ui/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum what { TRAIN_LOSS, VAL_LOSS, TRAIN_ACCURACY, VAL_ACCURACY };

void curve_add(struct curve *k, const struct trainer_epoch *t)
{
	k->v = mem_grow(k->v, &k->cap, k->n + 1, sizeof *k->v);
	k->v[k->n++] = *t;
}

void curve_clear(struct curve *k)
{
	mem_free(k->v);
	*k = (struct curve){.v = NULL};
}

static double get(const struct trainer_epoch *t, enum what what)
{
	switch (what) {
	case TRAIN_LOSS:
		return t->train_loss;
	case VAL_LOSS:
		return t->val_loss;
	case TRAIN_ACCURACY:
		return t->train_accuracy;
	case VAL_ACCURACY:
		return t->val_accuracy;
	}
	return NAN;
}

/* The range of a figure over all curves, out to round numbers so that the lines do not jump with
 * every epoch. */
static bool range(const struct curve *k, size_t n, enum what train, enum what val, double base,
    double *low, double *high)
{
	double step;

	*low = isnan(base) ? INFINITY : base;
	*high = isnan(base) ? -INFINITY : base;
	for (size_t i = 0; i < n; i++) {
		for (size_t t = 0; t < k[i].n; t++) {
			double a = get(&k[i].v[t], val), b = i == 0 ? get(&k[i].v[t], train) : a;

			*low = fmin(*low, fmin(a, b));
			*high = fmax(*high, fmax(a, b));
		}
	}
	if (!(*high >= *low) || isinf(*low) || isinf(*high))
		return false;
	step = plot_nice_up(fmax(*high - *low, 1e-3) / 5);
	*low = floor(*low / step) * step;
	*high = fmax(ceil(*high / step) * step, *low + step);
	return true;
}

/* One point a column of dots: the mean of the epochs that fall in it. */
static void draw_line(struct plot *p, const struct curve *k, enum what what, bool log_axis,
    unsigned class)
{
	double columns = p->a.w * p->dots_x, x0 = NAN, y0 = NAN;
	size_t t = 0;

	while (t < k->n) {
		double x = 0, y = 0, n = 0;
		long column = lround((double)t * columns / (p->x1 > 1 ? p->x1 : 1));

		while (t < k->n && lround((double)t * columns / (p->x1 > 1 ? p->x1 : 1)) == column) {
			double v = get(&k->v[t], what);

			if (!isnan(v)) {
				x += (double)k->v[t].epoch;
				y += log_axis ? log10(v) : v;
				n++;
			}
			t++;
		}
		if (n == 0)
			continue;
		x /= n;
		y /= n;
		if (isnan(x0))
			plot_dot(p, x, y, class);
		else
			plot_line(p, x0, y0, x, y, class);
		x0 = x;
		y0 = y;
	}
}

static void draw_one(const struct curve *k, size_t n, enum what train, enum what val, double base,
    bool log_axis, const char *title, struct cells *c, struct area a)
{
	char y_low[16], y_high[16], x_high[16];
	double low, high, last = 1;
	struct area in;
	struct plot p;

	cells_rule(c, a.y, a.x, a.w, title, false);
	for (size_t i = 0; i < n; i++)
		if (k[i].n)
			last = fmax(last, (double)k[i].v[k[i].n - 1].epoch);
	if (a.h < 5 || !range(k, n, train, val, base, &low, &high))
		return;
	snprintf(y_low, sizeof y_low, "%.3g", low);
	snprintf(y_high, sizeof y_high, "%.3g", high);
	snprintf(x_high, sizeof x_high, "%.0f", last);
	in = plot_axes(c, (struct area){a.y + 1, a.x, a.h - 1, a.w}, 5, y_low, y_high, "1", "epoch",
	    x_high);
	if (log_axis) {
		low = log10(fmax(low, 1e-6));
		high = log10(high);
	}
	plot_init(&p, c, in, 1, fmax(last, 2), low, high);
	if (!isnan(base)) {
		double y = log_axis ? log10(base) : base;

		for (int x = 0; x < in.w; x += 2)
			plot_dot(&p, 1 + (fmax(last, 2) - 1) * x / in.w, y, 7);
	}
	for (size_t i = n; i > 1; i--)
		draw_line(&p, &k[i - 1], val, log_axis, (unsigned)i);
	draw_line(&p, &k[0], train, log_axis, 1);
	draw_line(&p, &k[0], val, log_axis, 0);
	plot_finish(&p);
}

/* "valid -- train -- run 3 valid -- model rate ..": which colour is what. */
static void draw_legend(const struct curve *k, size_t n, bool base, struct cells *c, struct area a)
{
	static const char *const dash[] = {"──", "──", "··"};
	int x = a.x + 1;

	x += cells_printf(c, a.y, x, a.w, theme_series(0), "%s ", dash[0]);
	x += cells_printf(c, a.y, x, a.w, ROLE_DEFAULT, "run %lld valid  ", (long long)k[0].run);
	x += cells_printf(c, a.y, x, a.w, theme_series(1), "%s ", dash[1]);
	x += cells_text(c, a.y, x, a.w, ROLE_DEFAULT, "train  ");
	for (size_t i = 1; i < n && x < a.x + a.w - 16; i++) {
		x += cells_printf(c, a.y, x, a.w, theme_series((unsigned)i + 1), "%s ", dash[0]);
		x += cells_printf(c, a.y, x, a.w, ROLE_DEFAULT, "run %lld valid  ", (long long)k[i].run);
	}
	if (base && x < a.x + a.w - 16) {
		x += cells_printf(c, a.y, x, a.w, theme_series(7), "%s ", dash[2]);
		cells_text(c, a.y, x, a.w, ROLE_DEFAULT, "model rate");
	}
}

void curves_draw(const struct curve *k, size_t n, double base_loss, double base_accuracy,
    bool log_axis, struct cells *c, struct area a)
{
	int half = a.w / 2;
	struct area left = {a.y, a.x, a.h - 1, half}, right = {a.y, a.x + half, a.h - 1, a.w - half};

	if (!n || a.h < 6)
		return;
	draw_one(k, n, TRAIN_LOSS, VAL_LOSS, base_loss, log_axis, log_axis ? "Loss (log)" : "Loss", c,
	    left);
	draw_one(k, n, TRAIN_ACCURACY, VAL_ACCURACY, base_accuracy, false, "Accuracy", c, right);
	draw_legend(k, n, !isnan(base_loss), c, (struct area){a.y + a.h - 1, a.x, 1, a.w});
}
