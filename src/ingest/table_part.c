#include "ingest/table_part.h"

#include "base/arena.h"
#include "base/buf.h"
#include "ingest/columns.h"
#include "ingest/importer.h"
#include "ingest/label.h"
#include "ingest/rows.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define SAMPLE 50 /* records that are looked at */

const char *table_part_name(enum table_part part)
{
	static const char *const names[TABLE_PARTS] = {
	    "", "labels", "questions", "models", "names"};

	return names[part];
}

bool table_is_model(const char *name)
{
	static const char *const families[] = {"gpt", "llama", "claude", "mistral", "mixtral",
	    "qwen", "gemma", "gemini", "falcon", "deepseek", "vicuna", "bloom", "pythia", "opus",
	    "sonnet", "haiku", "grok", "olmo", "phi-", "phi_", "command-r", "wizardlm", "internlm",
	    "baichuan", "chatglm", "model"};
	size_t n = strlen(name);

	if (strchr(name, '/') || (n > 4 && strstr(name + 1, "__")))
		return n < 200 && !strchr(name, ' ');
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strcasestr(name, families[i]))
			return n < 200;
	/* A size: -7b, -1.5B, -160m. */
	for (size_t i = 1; i < n; i++)
		if (isdigit((unsigned char)name[i - 1]) && strchr("bBmM", name[i]) &&
		    !isalnum((unsigned char)name[i + 1]))
			return n < 200;
	return false;
}

static bool is_label_row(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (!row->v[i].n || !label_is_one(row->v[i].p, row->v[i].n))
			return false;
	return row->n > 1;
}

enum table_wide table_wide_header(const struct csv_row *header, const struct columns *c)
{
	bool model = c->at[ROLE_MODEL] != SIZE_MAX || c->at[ROLE_MODEL_KEY] != SIZE_MAX;

	if (c->at[ROLE_LABEL] != SIZE_MAX && !c->n_models)
		return WIDE_NONE;
	if (c->at[ROLE_TEXT] != SIZE_MAX)
		return model ? WIDE_NONE : WIDE_TEXTS;
	if (model)
		return c->at[ROLE_KEY] != SIZE_MAX ? WIDE_NONE : WIDE_MODELS;
	if (c->at[ROLE_KEY] != SIZE_MAX && !c->weak_key)
		return WIDE_IDS;
	if (is_label_row(header))
		return WIDE_MATRIX;
	return WIDE_NAMES;
}

/* Columns whose cells are all labels, among those that may hold them. */
static size_t label_columns(
    const struct csv_row *rows, size_t n, const struct columns *c, enum table_wide wide)
{
	size_t count = 0;

	for (size_t k = wide == WIDE_NAMES ? 1 : 0; k < rows[0].n; k++) {
		const struct csv_field *name = &rows[0].v[k];
		bool role = false, all = wide == WIDE_MATRIX || name->n > 0;
		size_t labels = 0;

		for (int i = 0; i < ROLE_COUNT; i++)
			role = role || c->at[i] == k;
		if ((role || columns_is_other(name->p, name->n)) && wide != WIDE_MATRIX)
			continue;
		for (size_t r = 1; all && r < n; r++) {
			const struct csv_field *f = k < rows[r].n ? &rows[r].v[k] : NULL;

			all = !f || label_is_one(f->p, f->n);
			labels += f && f->n;
		}
		count += all && labels;
	}
	return count;
}

/* Of JSON that is one object the names alone are in sight. */
static bool names_models(const struct csv_row *header)
{
	bool some = false;

	for (size_t i = 0; i < header->n; i++)
		some = some || table_is_model(header->v[i].p);
	return some;
}

enum table_wide table_wide(const struct ingest_head *h)
{
	struct arena a = ARENA_INIT;
	struct csv_row *rows = arena_array(&a, struct csv_row, SAMPLE);
	enum table_wide wide = WIDE_NONE;
	struct columns c;
	bool json;
	size_t n, wanted;

	if (rows_header(h, &a, &rows[0], &json) && columns_find(&rows[0], NULL, "", &a, &c, NULL))
		wide = table_wide_header(&rows[0], &c);
	if (wide != WIDE_NONE) {
		n = rows_head(h, &a, rows, SAMPLE);
		n -= n > 2 && !h->whole; /* the last may be cut off */
		wanted = wide == WIDE_MATRIX ? rows[0].n : wide == WIDE_TEXTS ? 1 : 2;
		if (n < 2 ? !json || !names_models(&rows[0])
			  : label_columns(rows, n, &c, wide) < wanted)
			wide = WIDE_NONE;
	}
	arena_clear(&a);
	return wide;
}

static enum table_part part_of(const struct csv_row *header, const struct columns *c)
{
	bool has[ROLE_COUNT];
	bool model;

	for (int i = 0; i < ROLE_COUNT; i++)
		has[i] = c->at[i] != SIZE_MAX;
	model = has[ROLE_MODEL] || has[ROLE_MODEL_KEY];
	if (has[ROLE_LABEL] && has[ROLE_KEY] && model && !has[ROLE_TEXT])
		return TABLE_LABELS;
	if (has[ROLE_LABEL] && has[ROLE_TEXT] && has[ROLE_MODEL])
		return TABLE_ALONE;
	if (has[ROLE_KEY] && has[ROLE_TEXT] && !model)
		return TABLE_QUESTIONS;
	if (has[ROLE_MODEL_KEY] && has[ROLE_MODEL] && !has[ROLE_KEY] && !has[ROLE_TEXT] &&
	    !has[ROLE_LABEL])
		return TABLE_MODELS;
	return header->n == 1 ? TABLE_NAMES : TABLE_ALONE;
}

enum table_part table_part(const struct ingest_head *h)
{
	struct arena a = ARENA_INIT;
	enum table_part part = TABLE_ALONE;
	enum table_wide wide;
	struct csv_row row;
	struct columns c;
	bool json;

	if (rows_header(h, &a, &row, &json) && columns_find(&row, NULL, "", &a, &c, NULL))
		part = part_of(&row, &c);
	arena_clear(&a);
	if (part != TABLE_ALONE && part != TABLE_QUESTIONS)
		return part;
	wide = table_wide(h);
	return wide == WIDE_NONE ? part : wide == WIDE_TEXTS ? TABLE_ALONE : TABLE_LABELS;
}
