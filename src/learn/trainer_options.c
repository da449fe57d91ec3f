#include "learn/trainer_options.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct trainer_setting trainer_settings[TRAINER_SETTINGS] = {
#define SETTING(field, option, kind, argument, low, high, help)                                    \
	{#field, option, TRAINER_##kind, offsetof(struct trainer_options, field), low, high, help},
#include "learn/trainer_options.def"
#undef SETTING
};

void trainer_options_default(struct trainer_options *o)
{
	*o = (struct trainer_options){
	    .dim = 128,
	    .batch = 128,
	    .epochs = 200,
	    .patience = 10,
	    .lr = 3e-3,
	    .weight_decay = 1e-4,
	    .sigma = 0.05,
	    .shuffle = true,
	    .keep_best = true,
	    .start_at_rates = true,
	    .seed = 1,
	};
}

void trainer_options_paper(struct trainer_options *o)
{
	*o = (struct trainer_options){
	    .dim = 232,
	    .batch = 0,
	    .epochs = 50,
	    .patience = 0,
	    .lr = 1e-4,
	    .weight_decay = 1e-5,
	    .sigma = 0.05,
	    .seed = 42,
	};
}

static void *place(struct trainer_options *o, const struct trainer_setting *s)
{
	return (char *)o + s->offset;
}

/* Any of them as a number: a seed may lose digits. */
static double number(const struct trainer_options *o, const struct trainer_setting *s)
{
	const void *p = (const char *)o + s->offset;

	switch (s->kind) {
	case TRAINER_SIZE:
		return (double)*(const size_t *)p;
	case TRAINER_SEED:
		return (double)*(const uint64_t *)p;
	case TRAINER_UNSET:
		return *(const bool *)p;
	default:
		return *(const double *)p;
	}
}

bool trainer_options_check(const struct trainer_options *o, struct err *e)
{
	for (const struct trainer_setting *s = trainer_settings;
	     s < trainer_settings + TRAINER_SETTINGS; s++) {
		double v = number(o, s);

		if (s->kind == TRAINER_POSITIVE && !(v > 0 && v <= s->high))
			return err_set(
			    e, ERR_USAGE, "%s must be above 0 and at most %g", s->option, s->high);
		if (s->high > s->low && !(v >= s->low && v <= s->high))
			return err_set(e, ERR_USAGE, "%s must be from %g to %.10g", s->option,
			    s->low, s->high);
	}
	return true;
}

void trainer_options_print(
    const struct trainer_options *o, const struct trainer_setting *s, struct buf *out)
{
	if (s->kind == TRAINER_SEED)
		buf_printf(out, "%llu", (unsigned long long)o->seed);
	else
		buf_printf(out, s->kind == TRAINER_SIZE ? "%.0f" : "%g", number(o, s));
}

bool trainer_options_parse(
    struct trainer_options *o, const struct trainer_setting *s, const char *text)
{
	char *end;

	errno = 0;
	if (s->kind == TRAINER_SIZE)
		*(size_t *)place(o, s) = strtoull(text, &end, 10);
	else if (s->kind == TRAINER_SEED)
		*(uint64_t *)place(o, s) = strtoull(text, &end, 10);
	else
		*(double *)place(o, s) = strtod(text, &end);
	return *text && *text != '-' && !*end && !errno;
}

void trainer_options_differ(
    const struct trainer_options *a, const struct trainer_options *b, struct buf *out)
{
	struct buf x = BUF_INIT, y = BUF_INIT;

	for (const struct trainer_setting *s = trainer_settings;
	     s < trainer_settings + TRAINER_SETTINGS; s++) {
		buf_reset(&x);
		buf_reset(&y);
		trainer_options_print(a, s, &x);
		trainer_options_print(b, s, &y);
		if (number(a, s) != number(b, s) || strcmp(buf_str(&x), buf_str(&y)) != 0)
			buf_printf(out, "%s%s %s/%s", out->len ? ", " : "", s->key, buf_str(&x),
			    buf_str(&y));
	}
	buf_clear(&x);
	buf_clear(&y);
}

char *trainer_options_write(const struct trainer_options *o)
{
	json_t *v = json_object();
	char *text;

	for (const struct trainer_setting *s = trainer_settings;
	     s < trainer_settings + TRAINER_SETTINGS; s++) {
		json_t *m;

		if (s->kind == TRAINER_SEED)
			m = json_integer((json_int_t)o->seed);
		else if (s->kind == TRAINER_SIZE)
			m = json_integer((json_int_t)number(o, s));
		else if (s->kind == TRAINER_UNSET)
			m = json_boolean(number(o, s) > 0);
		else
			m = json_real(number(o, s));
		json_object_set_new(v, s->key, m);
	}
	text = json_compact(v);
	json_decref(v);
	return text;
}

bool trainer_options_read(const char *json, struct trainer_options *o, struct err *e)
{
	json_t *v = json_read(json, strlen(json), "settings of the run", e);

	for (size_t i = 0; v && i < TRAINER_SETTINGS; i++) {
		const struct trainer_setting *s = &trainer_settings[i];
		const json_t *m = json_object_get(v, s->key);
		bool whole = json_is_integer(m) && json_integer_value(m) >= 0;

		if (s->kind == TRAINER_SIZE && whole)
			*(size_t *)place(o, s) = (size_t)json_integer_value(m);
		else if (s->kind == TRAINER_SEED && whole)
			*(uint64_t *)place(o, s) = (uint64_t)json_integer_value(m);
		else if (s->kind == TRAINER_UNSET && json_is_boolean(m))
			*(bool *)place(o, s) = json_boolean_value(m);
		else if (s->kind == TRAINER_REAL || s->kind == TRAINER_POSITIVE)
			json_get_number(v, s->key, place(o, s));
	}
	json_decref(v);
	return v != NULL;
}
