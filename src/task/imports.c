#include "task/imports.h"

#include "base/mem.h"
#include "store/db.h"

bool task_imports(struct db *db, struct imports *out, struct err *e)
{
	struct imports l = {.n = 0};
	struct response_import_row *rows;
	size_t n;
	bool ok;

	arena_init(&l.arena);
	if (!db_begin_read(db, e))
		return false;
	ok = response_list_imports(db, &l.arena, &rows, &n, e);
	ok = db_end(db, ok, e);
	if (!ok) {
		arena_clear(&l.arena);
		return false;
	}
	l.v = mem_grow(l.v, &l.cap, n + 1, sizeof(*l.v));
	for (size_t i = 0; i < n; i++)
		l.v[l.n++] = rows[i];
	*out = l;
	return true;
}

void imports_clear(struct imports *l)
{
	mem_free(l->v);
	arena_clear(&l->arena);
	*l = (struct imports){.n = 0};
}

static const char *copy(struct arena *a, const char *s)
{
	return s ? arena_strdup(a, s) : NULL;
}

void imports_add(struct imports *l, const struct response_import_row *row)
{
	struct arena *a = &l->arena;
	struct response_remark *remarks =
	    arena_copy(a, row->remarks, row->n_remarks, sizeof(*remarks));
	struct response_claim *claims = arena_copy(a, row->claims, row->n_claims, sizeof(*claims));
	struct response_import_row *new;

	for (size_t i = 0; i < row->n_remarks; i++)
		remarks[i].text = arena_strdup(a, remarks[i].text);
	for (size_t i = 0; i < row->n_claims; i++) {
		claims[i].model = arena_strdup(a, claims[i].model);
		claims[i].task = arena_strdup(a, claims[i].task);
		claims[i].metric = arena_strdup(a, claims[i].metric);
		claims[i].source = arena_strdup(a, claims[i].source);
	}
	l->v = mem_grow(l->v, &l->cap, l->n + 1, sizeof(*l->v));
	new = &l->v[l->n++];
	*new = *row;
	new->when = copy(a, row->when);
	new->file = arena_strdup(a, row->file);
	new->format = arena_strdup(a, row->format);
	new->remarks = remarks;
	new->claims = claims;
}

void imports_add_report(struct imports *l, const struct response_report *r)
{
	struct response_import_row row = {
	    .id = r->import,
	    .file = r->file,
	    .format = r->format,
	    .rows = r->rows,
	    .missing = r->missing,
	    .repeats = r->repeats,
	    .conflicts = r->conflicts,
	    .skipped = r->skipped,
	    .models = r->models,
	    .questions = r->questions,
	    .n_remarks = r->n_remarks,
	    .remarks = r->remarks,
	    .n_claims = r->n_claims,
	    .claims = r->claims,
	};

	for (int p = PART_TRAIN; p < PART_COUNT; p++) {
		if (r->per_part[p] == r->questions)
			row.part = (enum part)p;
		row.has_parts = row.has_parts || r->per_part[p];
	}
	imports_add(l, &row);
}

const struct response_import_row *imports_find(const struct imports *l, int64_t id)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i].id == id)
			return &l->v[i];
	return NULL;
}

static const struct column columns[IMPORTS_COLUMNS] = {
    [IMPORTS_ID] = {"import", "import", "No.", COLUMN_INT, .width = 4,
	.about = "The import's number, for 'import --show' and '--undo'; a dash where it was only "
		 "looked at."},
    [IMPORTS_WHEN] = {"when", "when", "When", COLUMN_TEXT, .width = 15, .drop = 1,
	.about = "When it came in (UTC in files)."},
    [IMPORTS_FILE] = {"file", "file", "File", COLUMN_CLIP, .width = 12, .grow = 60,
	.about = "The file or folder, as it was named."},
    [IMPORTS_FORMAT] = {"format", "format", "Format", COLUMN_TEXT, .width = 8, .grow = 15,
	.drop = 2,
	.about = "What the file was read as; 'import --list-formats' says what each is."},
    [IMPORTS_PART] = {"part", "part", "Part", COLUMN_TEXT, .width = 5, .drop = 8,
	.about = "The part (train, val, test) of all its questions; a dash where it is none or "
		 "several."},
    [IMPORTS_MODELS] = {"models", "models", "Models", COLUMN_INT, .width = 6, .drop = 4,
	.about = "Models that it has answers of."},
    [IMPORTS_QUESTIONS] = {"questions", "questions", "Questions", COLUMN_INT, .width = 9,
	.about = "Questions that it has answers to."},
    [IMPORTS_LABELS] = {"labels", "labels", "Labels", COLUMN_INT, .width = 8, .drop = 1,
	.about = "Rows with a label: right, wrong or a share."},
    [IMPORTS_ROWS] = {"rows", NULL, "Rows", COLUMN_INT, .width = 8, .drop = 9, .hidden = true,
	.about = "All rows that came in, with those without a label."},
    [IMPORTS_MISSING] = {"missing", NULL, "Missing", COLUMN_INT, .drop = 9, .hidden = true,
	.about = "Rows without a label."},
    [IMPORTS_REPEATS] = {"repeats", NULL, "Repeats", COLUMN_INT, .drop = 9, .hidden = true,
	.about = "Rows beyond the first of their model and question, earlier imports included."},
    [IMPORTS_CONFLICTS] = {"conflicts", NULL, "Conflicts", COLUMN_INT, .drop = 9, .hidden = true,
	.about = "Models and questions whose repeats do not agree; the rule made one label of "
		 "them."},
    [IMPORTS_SKIPPED] = {"skipped", "skipped", "Skipped", COLUMN_INT, .width = 7, .drop = 6,
	.about = "Bad lines that were left out (--skip-bad)."},
    [IMPORTS_REMARKS] = {"remarks", "remarks", "Remarks", COLUMN_INT, .width = 7, .drop = 3,
	.about = "How many choices were made and things left out; Enter, or 'import --show', has "
		 "them."},
    [IMPORTS_CHECK] = {"check", "self-check", "Self-check", COLUMN_TEXT, .width = 15, .grow = 28,
	.about = "The labels against what their source says they come to: figures that match, are "
		 "of a larger run, or do not match. A dash: the source says nothing."},
    [IMPORTS_REPORT] = {"report", NULL, "Report", COLUMN_CLIP, .width = 20, .grow = 200, .drop = 9,
	.hidden = true, .about = "All its remarks, a line each."},
};

/* "14 match", "1 of 14 mismatch": the worst that there is. */
static struct value check_value(const struct response_import_row *r, struct buf *scratch)
{
	size_t n[CLAIM_VERDICTS] = {0};

	for (size_t i = 0; i < r->n_claims; i++)
		n[r->claims[i].verdict]++;
	if (!r->n_claims)
		return value_missing();
	if (n[CLAIM_MISMATCH])
		buf_printf(scratch, "%zu of %zu mismatch", n[CLAIM_MISMATCH], r->n_claims);
	else if (n[CLAIM_PART])
		buf_printf(scratch, "%zu of %zu in part", n[CLAIM_PART], r->n_claims);
	else
		buf_printf(scratch, "%zu match", r->n_claims);
	return value_text(buf_str(scratch));
}

static struct value report_value(const struct response_import_row *r, struct buf *scratch)
{
	for (size_t i = 0; i < r->n_remarks; i++)
		buf_printf(scratch, "%s%s: %s", i ? "\n" : "", remark_kind_name(r->remarks[i].kind),
		    r->remarks[i].text);
	return r->n_remarks ? value_text(buf_str(scratch)) : value_missing();
}

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct response_import_row *r = &((const struct imports *)t->rows)->v[row];

	switch (column) {
	case IMPORTS_ID:
		return r->id ? value_int(r->id) : value_missing();
	case IMPORTS_WHEN:
		return value_text(r->when);
	case IMPORTS_FILE:
		return value_text(r->file);
	case IMPORTS_FORMAT:
		return value_text(r->format);
	case IMPORTS_PART:
		return value_text(r->part ? part_name(r->part) : NULL);
	case IMPORTS_MODELS:
		return value_int((int64_t)r->models);
	case IMPORTS_QUESTIONS:
		return value_int((int64_t)r->questions);
	case IMPORTS_LABELS:
		return value_int((int64_t)(r->rows - r->missing));
	case IMPORTS_ROWS:
		return value_int((int64_t)r->rows);
	case IMPORTS_MISSING:
		return value_int((int64_t)r->missing);
	case IMPORTS_REPEATS:
		return value_int((int64_t)r->repeats);
	case IMPORTS_CONFLICTS:
		return value_int((int64_t)r->conflicts);
	case IMPORTS_SKIPPED:
		return value_int((int64_t)r->skipped);
	case IMPORTS_REMARKS:
		return value_int((int64_t)r->n_remarks);
	case IMPORTS_CHECK:
		return check_value(r, scratch);
	default:
		return report_value(r, scratch);
	}
}

struct table imports_table(const struct imports *l)
{
	return (struct table){.name = "imports",
	    .columns = columns,
	    .n_columns = IMPORTS_COLUMNS,
	    .value = value,
	    .n = l ? l->n : 0,
	    .rows = l};
}

static const struct column remark_columns[REMARKS_COLUMNS] = {
    [REMARKS_KIND] = {"kind", "kind", "Kind", COLUMN_TEXT, .width = 8,
	.about = "A choice made, something left out, runs of one model, a check against the "
		 "source's figures, or names that look alike."},
    [REMARKS_TEXT] = {"text", "remark", "Remark", COLUMN_CLIP, .width = 30, .grow = 1000,
	.no_sort = true, .about = "What the import had to say."},
};

static struct value remark_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct response_remark *r =
	    &((const struct response_import_row *)t->rows)->remarks[row];

	(void)scratch;
	return value_text(column == REMARKS_KIND ? remark_kind_name(r->kind) : r->text);
}

struct table remarks_table(const struct response_import_row *row)
{
	return (struct table){.name = "remarks",
	    .columns = remark_columns,
	    .n_columns = REMARKS_COLUMNS,
	    .value = remark_value,
	    .n = row ? row->n_remarks : 0,
	    .rows = row};
}

static const struct column claim_columns[CLAIMS_COLUMNS] = {
    [CLAIMS_TASK] = {"task", "task", "Task", COLUMN_CLIP, .width = 12, .grow = 40,
	.about = "The task, as the source calls it."},
    [CLAIMS_MODEL] = {"model", "model", "Model", COLUMN_CLIP, .width = 12, .grow = 40,
	.about = "The model whose answers they are."},
    [CLAIMS_METRIC] = {"metric", "metric", "Metric", COLUMN_TEXT, .width = 6, .grow = 16, .drop = 2,
	.about = "The figure that is the label."},
    [CLAIMS_ROWS] = {"rows", "rows", "Rows", COLUMN_INT, .width = 6, .drop = 3,
	.about = "Rows that came in."},
    [CLAIMS_CLAIMED_ROWS] = {"claimed_rows", "claimed rows", "Rows said", COLUMN_INT, .width = 9,
	.drop = 4, .about = "Rows that the source speaks of."},
    [CLAIMS_MEAN] = {"mean", "mean", "Mean", COLUMN_REAL, 4, .width = 7,
	.about = "The mean of the labels that came in, 0 to 1."},
    [CLAIMS_CLAIMED_MEAN] = {"claimed_mean", "claimed mean", "Mean said", COLUMN_REAL, 4,
	.width = 9, .about = "The mean as the source has it, 0 to 1."},
    [CLAIMS_VERDICT] = {"verdict", "verdict", "Verdict", COLUMN_TEXT, .width = 13,
	.about = "match; part of a run: the source speaks of more rows; mismatch: rows or mean are "
		 "not what it says."},
    [CLAIMS_SOURCE] = {"source", NULL, "Source", COLUMN_CLIP, .width = 12, .grow = 60, .drop = 9,
	.hidden = true, .about = "Where the source says so."},
};

static struct value claim_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct response_claim *c =
	    &((const struct response_import_row *)t->rows)->claims[row];

	(void)scratch;
	switch (column) {
	case CLAIMS_TASK:
		return value_text(c->task);
	case CLAIMS_MODEL:
		return value_text(c->model);
	case CLAIMS_METRIC:
		return value_text(c->metric);
	case CLAIMS_ROWS:
		return value_int((int64_t)c->rows);
	case CLAIMS_CLAIMED_ROWS:
		/* Of a hostile database: no integer at all. */
		return c->claimed_rows >= 0 && c->claimed_rows < 1e15
			   ? value_int((int64_t)c->claimed_rows)
			   : value_missing();
	case CLAIMS_MEAN:
		return value_real(c->mean);
	case CLAIMS_CLAIMED_MEAN:
		return value_real(c->claimed_mean);
	case CLAIMS_VERDICT:
		return value_text(claim_verdict_name(c->verdict));
	default:
		return value_text(c->source);
	}
}

struct table claims_table(const struct response_import_row *row)
{
	return (struct table){.name = "claims",
	    .columns = claim_columns,
	    .n_columns = CLAIMS_COLUMNS,
	    .value = claim_value,
	    .n = row ? row->n_claims : 0,
	    .rows = row};
}

bool task_import_undo(struct db *db, int64_t import, struct response_undone *out, struct err *e)
{
	return response_undo(db, import, out, e);
}
