#include "screen/train_form.h"

#include "base/buf.h"
#include "base/err.h"
#include "task/encode.h"
#include "task/methods.h"
#include "tui/key.h"

#include <string.h>

/* The method, the settings of the trainer, and the encoder behind them. */
enum { METHOD, SETTING, ENCODER = SETTING + TRAINER_SETTINGS };

/* The trainer's setting of a field, or NULL. */
static const struct trainer_setting *setting_of(int i)
{
	return i >= SETTING && i < ENCODER ? &trainer_settings[i - SETTING] : NULL;
}

static const char *label(int i)
{
	return i == METHOD ? "method" : i == ENCODER ? "encoder" : setting_of(i)->option;
}

static const char *help_of(int i)
{
	if (i == METHOD)
		return "mf, stack, kernel, mlp ...; the settings below are of mf";
	if (i == ENCODER)
		return "what reads the questions: builtin, minilm, minilm+builtin, path:DIR";
	return setting_of(i)->help;
}

static bool is_flag(int i)
{
	return setting_of(i) && setting_of(i)->kind == TRAINER_UNSET;
}

/* A flag is asked for where its setting is false. */
static void print_field(const struct trainer_options *o, int i, struct line *l)
{
	struct buf b = BUF_INIT;

	if (i == METHOD)
		buf_adds(&b, "mf");
	else if (i == ENCODER)
		buf_adds(&b, encode_default());
	else
		trainer_options_print(o, setting_of(i), &b);
	line_set(l, !is_flag(i) ? buf_str(&b) : *buf_str(&b) == '1' ? "no" : "yes");
	buf_clear(&b);
}

static void fill(struct train_form *f)
{
	train_options_default(&f->options);
	if (f->paper)
		train_options_paper(&f->options);
	for (int i = 0; i < TRAIN_FORM_FIELDS; i++)
		print_field(&f->options.trainer, i, &f->field[i]);
}

void train_form_init(struct train_form *f)
{
	*f = (struct train_form){.paper = false};
	for (int i = 0; i < TRAIN_FORM_FIELDS; i++)
		line_init(&f->field[i]);
	fill(f);
}

void train_form_clear(struct train_form *f)
{
	for (int i = 0; i < TRAIN_FORM_FIELDS; i++)
		line_clear(&f->field[i]);
}

static void move(struct train_form *f, int by)
{
	f->at = (f->at + by + TRAIN_FORM_FIELDS + 1) % (TRAIN_FORM_FIELDS + 1);
}

static void turn(struct line *flag)
{
	line_set(flag, strcmp(line_text(flag), "yes") ? "yes" : "no");
}

enum train_form_event train_form_key(struct train_form *f, uint32_t key)
{
	switch (key) {
	case K_ENTER:
		return FORM_START;
	case K_ESC:
		return FORM_CANCEL;
	case K_UP:
	case K_BACKTAB:
		move(f, -1);
		return FORM_NONE;
	case K_DOWN:
	case K_TAB:
		move(f, 1);
		return FORM_NONE;
	default:
		break;
	}
	if (f->at > 0 && !is_flag(f->at - 1)) {
		line_key(&f->field[f->at - 1], key);
	} else if (key == K_LEFT || key == K_RIGHT || key == ' ') {
		if (f->at > 0) {
			turn(&f->field[f->at - 1]);
		} else {
			f->paper = !f->paper;
			fill(f);
		}
	}
	return FORM_NONE;
}

static bool parse(int i, const char *text, struct trainer_options *o, struct err *e)
{
	const struct trainer_setting *s = setting_of(i);
	bool real = s->kind == TRAINER_REAL || s->kind == TRAINER_POSITIVE;

	if (is_flag(i))
		*(bool *)((char *)o + s->offset) = !strcmp(text, "no");
	else if (!trainer_options_parse(o, s, text))
		return err_set(e, ERR_USAGE, "%s: '%s' is not a %s", label(i), text,
		    real ? "number" : "whole number");
	return true;
}

bool train_form_options(const struct train_form *f, struct train_options *out, struct err *e)
{
	struct train_options o = f->options;

	for (int i = SETTING; i < ENCODER; i++)
		if (!parse(i, line_text(&f->field[i]), &o.trainer, e))
			return false;
	if (!trainer_options_check(&o.trainer, e) ||
	    !train_options_method(&o, line_text(&f->field[METHOD]), e))
		return false;
	o.encoder = line_text(&f->field[ENCODER]);
	*out = o;
	return true;
}

#define VALUE_AT 15 /* columns behind the mark */
#define HELP_AT 31

static void draw_row(
    struct cells *c, struct area a, int y, const char *name, bool on, const char *help)
{
	cells_put(c, y, a.x + 2, ROLE_DEFAULT, on ? '>' : ' ');
	cells_text(c, y, a.x + 4, VALUE_AT - 3, ROLE_HEADER, name);
	cells_fit(c, y, a.x + 2 + HELP_AT, a.w - HELP_AT - 4, ROLE_DIM, help);
}

void train_form_draw(struct train_form *f, struct cells *c, struct area a)
{
	int x = a.x + 2 + VALUE_AT, y = a.y, rows = a.h - 2,
	    first = f->at > rows ? f->at - rows : 0;

	cells_rule(
	    c, y++, a.x, a.w, "New run: Enter starts it, ↑ ↓ choose a setting, Esc leaves", true);
	draw_row(c, a, y, "preset", f->at == 0,
	    f->paper ? "the values of the published recipe"
		     : "chosen on validation parts of real tables");
	cells_text(c, y, x, a.w - VALUE_AT - 4,
	    f->at == 0 ? ROLE_DEFAULT | STYLE_REVERSE : ROLE_DEFAULT,
	    f->paper ? " paper " : " default ");
	if (f->at == 0) {
		c->cursor_y = y;
		c->cursor_x = x;
	}
	y++;
	for (int i = first; i < TRAIN_FORM_FIELDS && y < a.y + a.h; i++, y++) {
		bool on = f->at == i + 1;

		draw_row(c, a, y, label(i), on, help_of(i));
		line_draw(&f->field[i], c, y, x, i == ENCODER ? 15 : 11,
		    on ? ROLE_DEFAULT | STYLE_UNDERLINE : ROLE_DEFAULT, on);
	}
}
