/* train_form.c - see train_form.h */
#include "screen/train_form.h"

#include "base/err.h"
#include "base/mem.h"
#include "task/encode.h"
#include "tui/key.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { WHOLE, SEED, REAL, ENCODER };

static const struct field {
	const char *label;
	enum kind kind;
	size_t at; /* in struct trainer_options */
	const char *help;
} fields[TRAIN_FORM_FIELDS] = {
#define AT(x) offsetof(struct trainer_options, x)
    {"dim", WHOLE, AT(dim),
	"length K of the model vectors; more holds more, and overfits small tables"},
    {"lr", REAL, AT(lr), "Adam's step"},
    {"epochs", WHOLE, AT(epochs), "passes over the training questions, at most"},
    {"patience", WHOLE, AT(patience),
	"stop after so many epochs without a better validation loss; 0 = never"},
    {"sigma", REAL, AT(sigma), "Gaussian noise on the encodings in training"},
    {"decay", REAL, AT(weight_decay), "L2 penalty on all parameters"},
    {"batch", WHOLE, AT(batch), "questions a step; 0 = as many as make 2,048 answers"},
    {"seed", SEED, AT(seed), "the same seed, data and machine give the same vectors"},
#undef AT
    {"encoder", ENCODER, 0, "what reads the questions: builtin, minilm, minilm+builtin, path:DIR"},
};

static void *place(struct trainer_options *o, const struct field *f)
{
	return (char *)o + f->at;
}

static void print_field(const struct trainer_options *o, const struct field *f, struct line *l)
{
	const void *p = (const char *)o + f->at;
	char *text;

	if (f->kind == ENCODER)
		text = mem_strdup(encode_default());
	else if (f->kind == REAL)
		text = mem_printf("%g", *(const double *)p);
	else if (f->kind == SEED)
		text = mem_printf("%llu", (unsigned long long)*(const uint64_t *)p);
	else
		text = mem_printf("%zu", *(const size_t *)p);
	line_set(l, text);
	mem_free(text);
}

static void fill(struct train_form *f)
{
	train_options_default(&f->options);
	if (f->paper)
		train_options_paper(&f->options);
	for (int i = 0; i < TRAIN_FORM_FIELDS; i++)
		print_field(&f->options.trainer, &fields[i], &f->field[i]);
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
	if (f->at > 0) {
		line_key(&f->field[f->at - 1], key);
	} else if (key == K_LEFT || key == K_RIGHT || key == ' ') {
		f->paper = !f->paper;
		fill(f);
	}
	return FORM_NONE;
}

static bool parse(const struct field *f, const char *s, struct trainer_options *o)
{
	char *end;

	errno = 0;
	if (f->kind == REAL)
		*(double *)place(o, f) = strtod(s, &end);
	else if (f->kind == SEED)
		*(uint64_t *)place(o, f) = strtoull(s, &end, 10);
	else
		*(size_t *)place(o, f) = strtoull(s, &end, 10);
	return *s && *s != '-' && !*end && !errno;
}

bool train_form_options(const struct train_form *f, struct train_options *out, struct err *e)
{
	struct train_options o = f->options;
	const char *why;

	for (int i = 0; i < TRAIN_FORM_FIELDS; i++) {
		if (fields[i].kind == ENCODER)
			o.encoder = line_text(&f->field[i]);
		else if (!parse(&fields[i], line_text(&f->field[i]), &o.trainer))
			return err_set(e, ERR_USAGE, "%s: '%s' is not a %s", fields[i].label,
			    line_text(&f->field[i]),
			    fields[i].kind == REAL ? "number" : "whole number");
	}
	why = trainer_options_check(&o.trainer);
	if (why)
		return err_set(e, ERR_USAGE, "%s", why);
	*out = o;
	return true;
}

void train_form_draw(struct train_form *f, struct cells *c, struct area a)
{
	bool on = f->at == 0;
	int x = a.x + 2, y = a.y;

	cells_rule(
	    c, y++, a.x, a.w, "New run: Enter starts it, ↑ ↓ choose a setting, Esc leaves", true);
	cells_put(c, y, x, ROLE_DEFAULT, on ? '>' : ' ');
	cells_text(c, y, x + 2, 10, ROLE_HEADER, "preset");
	cells_text(c, y, x + 12, a.w - x - 12, on ? ROLE_DEFAULT | STYLE_REVERSE : ROLE_DEFAULT,
	    f->paper ? " paper " : " default ");
	cells_fit(c, y, x + 28, a.w - x - 28, ROLE_DIM,
	    f->paper ? "the values of the published recipe"
		     : "chosen on validation parts of real tables");
	if (on) {
		c->cursor_y = y;
		c->cursor_x = x + 12;
	}
	y++;
	for (int i = 0; i < TRAIN_FORM_FIELDS && y < a.y + a.h; i++, y++) {
		on = f->at == i + 1;
		cells_put(c, y, x, ROLE_DEFAULT, on ? '>' : ' ');
		cells_text(c, y, x + 2, 10, ROLE_HEADER, fields[i].label);
		line_draw(&f->field[i], c, y, x + 12, fields[i].kind == ENCODER ? 15 : 11,
		    on ? ROLE_DEFAULT | STYLE_UNDERLINE : ROLE_DEFAULT, on);
		cells_fit(c, y, x + 28, a.w - x - 28, ROLE_DIM, fields[i].help);
	}
}
