#include "ingest/record.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "ingest/importer.h"
#include "store/staging.h"

#include <string.h>

bool record_model(
    struct ingest *in, const char *name, const char *place, uint32_t *model, struct err *e)
{
	name = in->o->model ? in->o->model : name;
	if (!name || !*name)
		return err_set(
		    e, ERR_DATA, "%s: it does not say of which model; name it with --model", place);
	return staging_model(in->s, name, strlen(name), NULL, model) ||
	       err_set(e, ERR_DATA, "%s: the model's name is no text; name it with --model", place);
}

static bool bad_item(
    struct ingest *in, struct err *e, const char *place, const char *key, enum staging_result r)
{
	switch (r) {
	case STAGING_OTHER_TEXT:
		return ingest_bad(in, e, place,
		    "%.100s had another text above: an id is one question within a file", key);
	case STAGING_BAD_KEY:
		return ingest_bad(in, e, place, "the question's id is no text");
	case STAGING_BAD_CATEGORY:
		return ingest_bad(in, e, place, "the benchmark's name is empty or no text");
	case STAGING_BAD_TEXT:
	case STAGING_OK:
	default:
		return ingest_bad(in, e, place, "the question is empty or no text");
	}
}

bool record_take(struct ingest *in, const struct record *r, const char *place, struct err *e)
{
	const char *model = in->o->model ? in->o->model : r->model;
	const char *benchmark = in->o->benchmark ? in->o->benchmark : r->benchmark;
	const char *category = r->category ? r->category : benchmark;
	const char *text = r->text ? r->text : r->key;
	struct staging_listing t = {
	    .key = r->key,
	    .benchmark = benchmark,
	    .part = in->o->part ? in->o->part : r->part,
	};
	enum staging_result result;
	uint32_t item, id;

	if (!r->run && (!model || !*model))
		return ingest_bad(in, e, place, "no model; name it with --model");
	if (!category)
		return ingest_bad(in, e, place, "no benchmark; name it with --benchmark");
	if (!text || !*text)
		return ingest_bad(in, e, place, "no question");
	if (!r->run && staging_text_check(model, strlen(model)) < strlen(model))
		return ingest_bad(in, e, place, "the model's name is no text");
	if (!ingest_wants(in, category))
		return true;
	t.key_len = t.key ? strlen(t.key) : 0;
	t.category = category;
	t.category_len = strlen(category);
	t.text = text;
	t.text_len = strlen(text);
	result = staging_item(in->s, &t, &item);
	if (result != STAGING_OK)
		return bad_item(in, e, place, r->key ? r->key : "", result);
	if (r->run)
		id = *r->run;
	else
		staging_model(in->s, model, strlen(model), NULL, &id);
	staging_row(in->s, item, id, r->score);
	staging_usage(in->s, &r->usage);
	return true;
}

bool record_label(struct ingest *in, const json_t *o, const char *key, const char *place,
    double *score, bool *taken, struct err *e)
{
	const json_t *v = json_object_get(o, key);

	*score = NAN;
	*taken = !v || ingest_json_label(v, score);
	if (*taken)
		return true;
	if (json_is_number(v))
		return ingest_bad(in, e, place, "%s is %g: a label is between 0 and 1", key,
		    json_number_value(v));
	if (json_is_string(v))
		return ingest_bad(in, e, place,
		    "%s is \"%.40s\", which is no label: wanted is 0 to 1, true, false or null",
		    key, json_string_value(v));
	return ingest_bad(
	    in, e, place, "%s is no label: wanted is 0 to 1, true, false or null", key);
}

bool record_one_figure(struct ingest *in, const char *figure, struct err *e)
{
	const char *metric = in->o->metric, *filter = in->o->filter;
	bool other = metric && strcmp(metric, figure);

	if (!other && !filter)
		return true;
	if (!in->is_dir)
		return err_set(e, ERR_USAGE, "%s: no %s %s: its one figure is %s", in->path,
		    other ? "metric" : "filter", other ? metric : filter, figure);
	ingest_remark(in, REMARK_CHOICE, "no %s %s here: the labels are %s",
	    other ? "metric" : "filter", other ? metric : filter, figure);
	return true;
}

double record_amount(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	double x = json_is_number(v) ? json_number_value(v) : NAN;

	return x >= 0 && isfinite(x) ? x : NAN;
}

const char *record_text(struct arena *a, const json_t *v)
{
	char *line, *text;

	if (!v || json_is_null(v))
		return NULL;
	if (json_is_string(v))
		return *json_string_value(v) ? json_string_value(v) : NULL;
	line = json_compact(v);
	text = arena_strdup(a, line);
	mem_free(line);
	return text;
}

char *record_stem(struct arena *a, const char *path)
{
	static const char *const packed[] = {".gz", ".zst", ".xz"};
	char *stem = arena_strdup(a, file_base(path)), *dot = strrchr(stem, '.');

	for (size_t i = 0; dot && i < sizeof(packed) / sizeof(packed[0]); i++) {
		if (!strcmp(dot, packed[i])) {
			*dot = '\0';
			dot = strrchr(stem, '.');
			break;
		}
	}
	if (dot && dot > stem)
		*dot = '\0';
	return stem;
}

char *record_folder(struct arena *a, const char *path)
{
	char *dir = file_dir(path), *name = arena_strdup(a, file_base(dir));

	mem_free(dir);
	return strcmp(name, ".") && strcmp(name, "..") ? name : arena_strdup(a, "");
}
