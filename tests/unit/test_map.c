/* What a map of models is drawn from: traits of names, the window on the plane, colours. */
#include "test.h"

#include "help.h"

#include "chart/map_color.h"
#include "tui/viewport.h"
#include "task/model_name.h"

#include <math.h>
#include <string.h>

static double size_of(const char *name)
{
	struct catalog_model m = {.name = name};

	return model_name_size(&m);
}

TEST(size_is_read_from_names)
{
	assert_near(size_of("meta-llama/Llama-2-13b-chat"), 13, 1e-9);
	assert_near(size_of("Mixtral-8x7B-v0.1"), 56, 1e-9);
	assert_near(size_of("Qwen1.5-0.5B"), 0.5, 1e-9);
	assert_near(size_of("pythia-160m"), 0.16, 1e-9);
	assert_true(isnan(size_of("gpt-4o-2024-08-06")));
	assert_true(isnan(size_of("phi-2")));
	assert_true(isnan(size_of("fp8bits")));
	assert_true(isnan(size_of("model-7Base")));
	assert_true(isnan(size_of("")));
}

TEST(tags_go_before_names)
{
	const struct catalog_tag tags[] = {{"family", "Aster"}, {"size", "70B"}};
	struct catalog_model m = {.name = "x/Llama-7B", .tags = tags, .n_tags = 2};
	struct buf b = BUF_INIT;

	assert_near(model_name_size(&m), 70, 1e-9);
	model_name_family(&m, &b);
	assert_string_equal(buf_str(&b), "Aster");
	buf_reset(&b);
	m.n_tags = 0;
	model_name_family(&m, &b);
	assert_string_equal(buf_str(&b), "llama");
	buf_reset(&b);
	m.name = "Meta-Llama-3-70B";
	model_name_family(&m, &b);
	assert_string_equal(buf_str(&b), "llama");
	buf_reset(&b);
	m.name = "123";
	model_name_family(&m, &b);
	assert_string_equal(buf_str(&b), "–");
	buf_clear(&b);
}

static const struct viewport_point cross[] = {{0, 0}, {1, 0}, {-1, 0}, {0, 2}, {0, -2}, {3, 0.1}};

TEST(next_point_lies_in_the_direction)
{
	bool can[6] = {true, true, true, true, true, true};

	assert_int_equal(viewport_next(6, cross, can, 0, 1, 0), 1);
	assert_int_equal(viewport_next(6, cross, can, 0, -1, 0), 2);
	assert_int_equal(viewport_next(6, cross, can, 0, 0, 1), 3);
	assert_int_equal(viewport_next(6, cross, can, 0, 0, -1), 4);
	assert_int_equal(viewport_next(6, cross, can, 5, 1, 0), 5); /* nothing further right */
	can[1] = false;
	assert_int_equal(viewport_next(6, cross, can, 0, 1, 0), 5);
}

/* Whatever the shape of the window, all points are inside, dots are square, and zooming about a
 * point leaves it in its cell. */
TEST(window_shows_all_and_zooms_about_a_point)
{
	static const struct area shapes[] = {{0, 0, 5, 40}, {0, 0, 20, 8}, {0, 0, 10, 20}};

	for (size_t s = 0; s < 3; s++) {
		struct cells c;
		struct viewport p;
		struct plot plot;
		int y, x, ay, ax;

		cells_init(&c, 20, 40, GLYPHS_BRAILLE);
		viewport_fit(&p, 6, cross);
		viewport_plot(&p, &plot, &c, shapes[s]);
		for (size_t i = 0; i < 6; i++)
			assert_true(plot_cell(&plot, cross[i].x, cross[i].y, &y, &x));
		assert_near((plot.x1 - plot.x0) / (shapes[s].w * plot.dots_x),
		    (plot.y1 - plot.y0) / (shapes[s].h * plot.dots_y), 1e-12);
		assert_true(plot_cell(&plot, cross[3].x, cross[3].y, &y, &x));
		plot_finish(&plot);
		viewport_zoom(&p, 3, cross[3].x, cross[3].y);
		viewport_plot(&p, &plot, &c, shapes[s]);
		assert_true(plot_cell(&plot, cross[3].x, cross[3].y, &ay, &ax));
		assert_in_range(ay + 1, y, y + 2);
		assert_in_range(ax + 1, x, x + 2);
		viewport_show(&p, cross[4].x, cross[4].y);
		plot_finish(&plot);
		viewport_plot(&p, &plot, &c, shapes[s]);
		assert_true(plot_cell(&plot, cross[4].x, cross[4].y, &y, &x));
		plot_finish(&plot);
		viewport_zoom(&p, 0, 0, 0); /* never smaller than all of it */
		assert_near(p.zoom, 1, 0);
		cells_clear(&c);
	}
}

/* Three families of which the largest comes first; a quantity on its range; what has none. */
TEST(colours_by_class_and_by_quantity)
{
	struct catalog_model m[] = {{.name = "a/Llama-1b", .seen = 10, .right = 2},
	    {.name = "b/qwen-2b", .seen = 10, .right = 7},
	    {.name = "c/Qwen-4b", .seen = 10, .right = 6}, {.name = "d/yi", .seen = 0}};
	struct catalog r = {.n_models = 4, .models = m};
	const bool in[] = {true, true, true, true};
	struct map_color k = {0};
	uint32_t cp;
	unsigned style;

	map_color_set(&k, &r, in, MAP_COLOR_FAMILY);
	assert_string_equal(k.family[0], "qwen");
	assert_int_equal(k.members[0], 2);
	assert_int_equal(k.class[1], 0);
	assert_int_equal(k.class[2], 0);
	assert_int_not_equal(k.class[0], k.class[3]);
	map_color_set(&k, &r, in, MAP_COLOR_ACCURACY);
	assert_near(k.low, 0.2, 1e-12);
	assert_near(k.high, 0.7, 1e-12);
	assert_true(k.unknown);
	map_color_sign(&k, 0, &cp, &style);
	assert_int_equal(cp, '0');
	map_color_sign(&k, 1, &cp, &style);
	assert_int_equal(cp, '9');
	map_color_sign(&k, 2, &cp, &style);
	assert_int_equal(cp, '8');
	map_color_sign(&k, 3, &cp, &style);
	assert_int_equal(cp, 0x2013);
	assert_int_equal(map_color_next(&r, MAP_COLOR_SIZE), MAP_COLOR_ACCURACY);
	map_color_clear(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(size_is_read_from_names),
	    cmocka_unit_test(tags_go_before_names),
	    cmocka_unit_test(next_point_lies_in_the_direction),
	    cmocka_unit_test(window_shows_all_and_zooms_about_a_point),
	    cmocka_unit_test(colours_by_class_and_by_quantity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
