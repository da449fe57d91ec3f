#include "view/preferences.h"

#include "base/file.h"
#include "base/mem.h"
#include "tui/term.h"
#include "tui/theme_file.h"
#include "view/host.h"

static void apply(struct host *h)
{
	char theme[SETTING_CHOICE_SIZE], glyphs[SETTING_CHOICE_SIZE];
	struct err e = ERR_INIT;
	enum glyphs g;

	setting_choice(SETTING_THEME, h->settings.v[SETTING_THEME], theme);
	setting_choice(SETTING_GLYPHS, h->settings.v[SETTING_GLYPHS], glyphs);
	if (h->colorless)
		theme_builtin("mono", &h->theme);
	else if (!theme_file_load(theme, &h->theme, &e)) {
		theme_builtin("auto", &h->theme);
		host_error(h, &e);
	}
	if (!cells_parse_glyphs(glyphs, &g))
		g = term_is_utf8() ? GLYPHS_BRAILLE : GLYPHS_ASCII;
	h->cells.glyphs = g;
	if (!h->scripted) {
		term_theme(&h->theme);
		term_mouse(h->settings.v[SETTING_MOUSE] == 1);
	}
	h->dirty = true;
}

void preferences_load(struct host *h, const char *glyphs)
{
	char *dir = file_config_dir(), *keys = dir ? file_join(dir, "keys") : NULL;
	struct err e = ERR_INIT;
	struct buf themes = BUF_INIT;

	theme_file_list(&themes);
	setting_more_choices(SETTING_THEME, buf_str(&themes));
	buf_clear(&themes);
	h->settings_path = dir ? file_join(dir, "settings") : NULL;
	if (!settings_load(&h->settings, h->settings_path, &e))
		host_error(h, &e);
	err_clear(&e);
	if (glyphs)
		settings_set(&h->settings, "glyphs", glyphs, NULL);
	keymap_default(&h->keymap);
	if (keys && !keymap_load(&h->keymap, keys, &e))
		host_error(h, &e);
	mem_free(keys);
	mem_free(dir);
	apply(h);
}

static bool keep(const struct host *h, enum setting s, struct err *e)
{
	return h->scripted || !h->settings_path ||
	       settings_save(&h->settings, s, h->settings_path, e);
}

bool preferences_set(struct host *h, const char *name, const char *choice, struct err *e)
{
	if (!settings_set(&h->settings, name, choice, e))
		return false;
	apply(h);
	return keep(h, setting_find(name), e);
}

void preferences_next(struct host *h, enum setting s)
{
	struct err e = ERR_INIT;
	char choice[SETTING_CHOICE_SIZE];

	if (!setting_choice(s, ++h->settings.v[s], choice)) {
		h->settings.v[s] = 0;
		setting_choice(s, 0, choice);
	}
	apply(h);
	host_say(h, MESSAGE_INFO, "%s %s%s", setting_info(s)->name, choice,
	    s == SETTING_THEME && h->colorless ? ", once colour is not off (NO_COLOR, --color)"
					       : "");
	if (!keep(h, s, &e))
		host_error(h, &e);
}

void preferences_keep_columns(struct host *h, const char *table)
{
	struct err e = ERR_INIT;

	if (!h->scripted && h->settings_path && !settings_save_columns(table, h->settings_path, &e))
		host_error(h, &e);
}
