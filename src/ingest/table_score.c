#include "ingest/table_score.h"

#include "base/arena.h"
#include "ingest/columns.h"
#include "ingest/importer.h"
#include "ingest/rows.h"
#include "ingest/table_part.h"

#include <stdint.h>
#include <string.h>

/* Which of these names has the header, to the letter? A bit each. */
static unsigned exact(const struct ingest_head *h, const char *const *names, size_t n)
{
	struct arena a = ARENA_INIT;
	struct csv_row row;
	unsigned has = 0;
	bool json, any = rows_header(h, &a, &row, &json);

	for (size_t k = 0; k < n && any; k++)
		for (size_t i = 0; i < row.n; i++)
			if (row.v[i].n == strlen(names[k]) && !strcmp(row.v[i].p, names[k]))
				has |= 1u << k;
	arena_clear(&a);
	return has;
}

/* A layout is known by any three of its four columns, so that a header that lacks one is told which,
 * not that the file is of no kind; the options may stand in for model and benchmark. The first two
 * names are the label and the text. */
static int score_exact(const struct ingest_head *h, const char *const names[4])
{
	unsigned has = exact(h, names, 4);

	return has == 15                                        ? SCORE_SURE
	       : __builtin_popcount(has) == 3 || (has & 3) == 3 ? SCORE_FAIR
								: SCORE_NONE;
}

int table_score_embedllm(const struct ingest_head *h)
{
	static const char *const names[] = {"label", "prompt", "model_name", "category"};

	return score_exact(h, names);
}

/* By the usual names: with a label, a model and a question or its id, it is a table of labels; with
 * two of them the reader says what is missing. */
int table_score_long(const struct ingest_head *h)
{
	static const char *const names[] = {"label", "question", "model", "benchmark"};
	int score = score_exact(h, names), n;
	struct arena a = ARENA_INIT;
	struct csv_row row;
	struct columns c;
	bool json, model, question;

	if (!score && (table_part(h) == TABLE_QUESTIONS || table_part(h) == TABLE_MODELS))
		return SCORE_WEAK; /* of no use alone */
	if (score < SCORE_SURE && rows_header(h, &a, &row, &json) &&
	    columns_find(&row, NULL, "", &a, &c, NULL)) {
		model = c.at[ROLE_MODEL] != SIZE_MAX || c.at[ROLE_MODEL_KEY] != SIZE_MAX;
		question = c.at[ROLE_TEXT] != SIZE_MAX || c.at[ROLE_KEY] != SIZE_MAX;
		n = model + question + (c.at[ROLE_LABEL] != SIZE_MAX);
		score = n == 3   ? (json ? SCORE_FAIR - 5 : SCORE_FAIR)
			: score  ? score
			: n == 2 ? SCORE_WEAK
				 : SCORE_NONE;
	}
	arena_clear(&a);
	return score;
}

/* The names of the release's own three files. */
int table_score_triple(const struct ingest_head *h)
{
	static const char *const names[] = {
	    "prompt_id", "category", "prompt", "model_id", "model_name", "label"};
	unsigned has = exact(h, names, 6);

	return has == 7 || has == 24 || has == 41 ? SCORE_SURE : SCORE_NONE;
}
