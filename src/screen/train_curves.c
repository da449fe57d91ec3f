#include "screen/train_curves.h"

void train_curves_draw(
    const struct chart_curve *k, size_t n, bool log_axis, struct cells *c, struct area a)
{
	int half = a.w / 2;
	struct area side[2] = {{a.y, a.x, a.h - 1, half}, {a.y, a.x + half, a.h - 1, a.w - half}};
	struct chart chart;
	struct plot plot;

	if (!n || a.h < 6)
		return;
	chart_of_curves(&chart, k, n, log_axis);
	for (size_t i = 0; i < chart.n_panels; i++) {
		struct area in = {side[i].y + 1, side[i].x, side[i].h - 1, side[i].w};

		cells_rule(c, side[i].y, side[i].x, side[i].w, chart.panel[i].title, false);
		if (chart.panel[i].n_series)
			chart_draw(&chart.panel[i], c, in, 5, &plot);
	}
	if (chart.n_panels)
		chart_draw_legend(&chart.panel[0], c, a.y + a.h - 1, a.x + 1, a.w - 1);
	chart_clear(&chart);
}
