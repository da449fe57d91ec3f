#include "chart/map_color.h"

#include "base/mem.h"
#include "tui/theme.h"
#include "task/model_name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t ramp_roles[PLOT_CLASSES] = {ROLE_RAMP0, ROLE_RAMP0 + 1, ROLE_RAMP0 + 2,
    ROLE_RAMP0 + 3, ROLE_RAMP0 + 4, ROLE_RAMP5, ROLE_DIM, ROLE_DIM};
/* None is an @ in ASCII: that is the anchor. */
static const uint32_t signs[PLOT_CLASSES] = {U'●', U'○', U'▲', U'△', U'■', U'▽', U'◆', U'◇'};

void map_color_clear(struct map_color *k)
{
	mem_free(k->class);
	mem_free(k->digit);
	for (int i = 0; i < MAP_FAMILIES; i++)
		mem_free(k->family[i]);
	*k = (struct map_color){0};
}

int map_color_next(const struct catalog *r, int by)
{
	return by + 1 < MAP_COLOR_BENCHMARK + (int)r->n_benchmarks ? by + 1 : MAP_COLOR_ACCURACY;
}

void map_color_name(const struct catalog *r, int by, struct buf *out)
{
	static const char *const names[] = {"accuracy", "family", "size"};

	if (by < MAP_COLOR_BENCHMARK)
		buf_adds(out, names[by]);
	else
		buf_printf(out, "accuracy on %s", r->benchmarks[by - MAP_COLOR_BENCHMARK].name);
}

static double quantity(const struct catalog *r, size_t m, int by)
{
	double seen = r->models[m].seen, right = r->models[m].right;

	if (by == MAP_COLOR_SIZE)
		return log(model_name_size(&r->models[m]));
	if (by >= MAP_COLOR_BENCHMARK) {
		size_t i = m * r->n_benchmarks + (size_t)(by - MAP_COLOR_BENCHMARK);

		seen = r->seen[i];
		right = r->right[i];
	}
	return seen > 0 ? right / seen : NAN;
}

static void set_quantity(struct map_color *k, const struct catalog *r, const bool *in)
{
	double *v = mem_array(k->n + 1, sizeof(*v));

	k->low = k->high = NAN;
	for (size_t m = 0; m < k->n; m++) {
		v[m] = in[m] ? quantity(r, m, k->by) : NAN;
		k->unknown |= in[m] && isnan(v[m]);
		k->low = fmin(k->low, v[m]);
		k->high = fmax(k->high, v[m]);
	}
	for (size_t m = 0; m < k->n; m++) {
		double t = k->high > k->low ? (v[m] - k->low) / (k->high - k->low) : 0.5;
		int digit = isnan(v[m]) ? 0 : (int)(t * 10);

		k->class[m] = isnan(v[m]) ? MAP_NONE : (uint8_t)(theme_ramp(t) - ROLE_RAMP0);
		k->digit[m] = (uint8_t)(digit > 9 ? 9 : digit);
	}
	mem_free(v);
}

struct kin {
	char *family;
	size_t model, members;
};

static int by_family(const void *pa, const void *pb)
{
	return strcmp(((const struct kin *)pa)->family, ((const struct kin *)pb)->family);
}

static int by_members(const void *pa, const void *pb)
{
	const struct kin *a = pa, *b = pb;

	if (a->members != b->members)
		return a->members < b->members ? 1 : -1;
	return by_family(pa, pb);
}

static void set_families(struct map_color *k, const struct catalog *r, const bool *in)
{
	struct kin *all = mem_array(k->n + 1, sizeof(*all));
	size_t n = 0, class = 0;

	for (size_t m = 0; m < k->n; m++) {
		struct buf b = BUF_INIT;

		if (!in[m])
			continue;
		model_name_family(&r->models[m], &b);
		all[n++] = (struct kin){buf_take(&b), m, 0};
	}
	qsort(all, n, sizeof(*all), by_family);
	for (size_t i = 0, j; i < n; i = j) {
		for (j = i; j < n && !strcmp(all[j].family, all[i].family); j++)
			;
		for (size_t l = i; l < j; l++)
			all[l].members = j - i;
	}
	qsort(all, n, sizeof(*all), by_members);
	for (size_t i = 0; i < n; i++) {
		bool same = i && !strcmp(all[i].family, all[i - 1].family);

		class += i && !same && class < MAP_FAMILIES;
		if (!same && class < MAP_FAMILIES)
			k->family[class] = mem_strdup(all[i].family);
		k->class[all[i].model] = (uint8_t) class;
		k->members[class]++;
	}
	for (size_t i = 0; i < n; i++)
		mem_free(all[i].family);
	mem_free(all);
}

void map_color_set(struct map_color *k, const struct catalog *r, const bool *in, int by)
{
	map_color_clear(k);
	k->by = by;
	k->n = r->n_models;
	k->class = mem_zero_array(k->n + 1, 1);
	k->digit = mem_zero_array(k->n + 1, 1);
	if (by == MAP_COLOR_FAMILY)
		set_families(k, r, in);
	else
		set_quantity(k, r, in);
}

const uint8_t *map_color_roles(const struct map_color *k)
{
	return k->by == MAP_COLOR_FAMILY ? NULL : ramp_roles;
}

void map_color_sign(const struct map_color *k, size_t model, uint32_t *cp, unsigned *style)
{
	uint8_t class = k->class[model];

	if (k->by == MAP_COLOR_FAMILY) {
		*cp = signs[class];
		*style = theme_series(class);
	} else {
		*cp = class == MAP_NONE ? U'–' : U'0' + k->digit[model];
		*style = ramp_roles[class];
	}
}

static void add_family(const struct map_color *k, unsigned i, bool counts, struct buf *b)
{
	buf_adds(b, i < MAP_FAMILIES ? k->family[i] : "other");
	if (counts)
		buf_printf(b, " %zu", k->members[i]);
}

/* Families that fit into w cells, with room to say how many do not. */
static unsigned families_in(const struct map_color *k, struct cells *c, int w, bool counts)
{
	unsigned n = 0;
	int used = 0, rest = (int)strlen("+99 more");

	for (; n < PLOT_CLASSES && k->members[n]; n++) {
		bool last = n + 1 == PLOT_CLASSES || !k->members[n + 1];
		struct buf b = BUF_INIT;

		add_family(k, n, counts, &b);
		used += 2 + cells_width(c, buf_str(&b)) + (n ? 2 : 0);
		buf_clear(&b);
		if (used + (last ? 0 : 2 + rest) > w)
			break;
	}
	return n;
}

/* All of them, without how many they are where that makes the room; or how many more there are. */
static void legend_families(const struct map_color *k, struct cells *c, int y, int x, int w)
{
	unsigned all = 0, shown;
	int end = x + w;
	bool counts;

	while (all < PLOT_CLASSES && k->members[all])
		all++;
	counts = families_in(k, c, w, true) == all;
	shown = families_in(k, c, w, counts);
	for (unsigned i = 0; i < shown; i++) {
		struct buf b = BUF_INIT;

		add_family(k, i, counts, &b);
		cells_put(c, y, x, theme_series(i), signs[i]);
		x += 4 + cells_fit(c, y, x + 2, end - x - 2, ROLE_DIM, buf_str(&b));
		buf_clear(&b);
	}
	if (shown < all)
		cells_printf(c, y, x, end - x, ROLE_DIM, "+%u more", all - shown);
}

/* An end of the range. */
static void add_value(const struct map_color *k, double v, struct buf *b)
{
	if (k->by == MAP_COLOR_SIZE)
		buf_printf(b, "%.3gB", exp(v));
	else
		buf_printf(b, "%.1f", 100 * v);
}

bool map_color_ends(const struct map_color *k, struct buf *low, struct buf *high)
{
	if (k->by == MAP_COLOR_FAMILY || isnan(k->low))
		return false;
	add_value(k, k->low, low);
	add_value(k, k->high, high);
	return true;
}

void map_color_legend(
    const struct map_color *k, const struct catalog *r, struct cells *c, int y, int x, int w)
{
	struct buf b = BUF_INIT;
	int end = x + w;

	if (k->by == MAP_COLOR_FAMILY) {
		legend_families(k, c, y, x, w);
		return;
	}
	if (k->by >= MAP_COLOR_BENCHMARK)
		buf_adds(&b, r->benchmarks[k->by - MAP_COLOR_BENCHMARK].name);
	else
		map_color_name(r, k->by, &b);
	if (isnan(k->low)) {
		cells_printf(c, y, x, w, ROLE_DIM, "%s: no model has one", buf_str(&b));
		buf_clear(&b);
		return;
	}
	x += 1 + cells_fit(c, y, x, w > 36 ? w - 28 : w, ROLE_DIM, buf_str(&b));
	buf_reset(&b);
	add_value(k, k->low, &b);
	x += 1 + cells_text(c, y, x, end - x, ROLE_DIM, buf_str(&b));
	for (int i = 0; i < 10 && x < end; i++, x++)
		cells_put(c, y, x, theme_ramp((i + 0.5) / 10), (uint32_t)('0' + i));
	buf_reset(&b);
	add_value(k, k->high, &b);
	x += 3 + cells_text(c, y, x + 1, end - x - 1, ROLE_DIM, buf_str(&b));
	if (k->unknown)
		cells_text(c, y, x, end - x, ROLE_DIM, "– unknown");
	buf_clear(&b);
}
