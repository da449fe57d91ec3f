/* What geometry found, as tables. */
#include "task/geometry.h"

#define NEAREST(k, words)                                                                          \
	[GEOMETRY_FIRST + (k)-1] = {"agreement_" #k, words, NULL, COLUMN_SHARE, 1,                 \
	    .about = "Of the held-out questions, on how many a model does as well as its "         \
		     "neighbour number " #k " in this space, in percent: the mean over models."}

static const struct column columns[GEOMETRY_COLUMNS] = {
    [GEOMETRY_SPACE] = {"space", "distance in", NULL, COLUMN_TEXT,
	.about = "Whose distances these are."},
    [GEOMETRY_PEARSON] = {"pearson", "Pearson", NULL, COLUMN_REAL, 3,
	.about = "Correlation of distance and disagreement over the pairs of models."},
    [GEOMETRY_SPEARMAN] = {"spearman", "Spearman", NULL, COLUMN_REAL, 3,
	.about = "The same of their ranks."},
    [GEOMETRY_KENDALL] = {"kendall", "Kendall", NULL, COLUMN_REAL, 3, .about = "Tau-b of them."},
    [GEOMETRY_P] = {"mantel_p", "Mantel p", NULL, COLUMN_REAL, 3,
	.about = "Share of permutations of the models whose correlation is as high."},
    NEAREST(1, "nearest agrees"),
    NEAREST(2, NULL),
    NEAREST(3, "3rd"),
    NEAREST(4, NULL),
    NEAREST(5, NULL),
    NEAREST(6, NULL),
    NEAREST(7, NULL),
    NEAREST(8, NULL),
    NEAREST(9, NULL),
    NEAREST(10, "10th"),
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct geometry_fit *f = &((const struct geometry *)t->rows)->fit[row];

	(void)scratch;
	switch (column) {
	case GEOMETRY_SPACE:
		return value_text(geometry_space_name[row]);
	case GEOMETRY_PEARSON:
		return value_real(f->pearson);
	case GEOMETRY_SPEARMAN:
		return value_real(f->spearman);
	case GEOMETRY_KENDALL:
		return value_real(f->kendall);
	case GEOMETRY_P:
		return value_real(f->p);
	default:
		return value_real(f->agreement[column - GEOMETRY_FIRST]);
	}
}

struct table geometry_table(const struct geometry *g)
{
	return (struct table){.name = "geometry",
	    .columns = columns,
	    .n_columns = GEOMETRY_COLUMNS,
	    .value = value,
	    .n = SPACE_COUNT,
	    .rows = g};
}

#define SPACE(space, key, within, between, words)                                                  \
	[GROUPS_SPACES +                                                                           \
	    3 * (space)] = {"within" key, within, NULL, COLUMN_REAL, 3,                            \
	    .about = "Mean distance of two models of the group, " words "."},                      \
		[GROUPS_SPACES + 3 * (space) + 1] = {"between" key, between, NULL, COLUMN_REAL, 3, \
		    .about = "Mean distance of one of the group and one that is not, " words "."}, \
		[GROUPS_SPACES + 3 * (space) + 2] = {"p" key, "p " words, NULL, COLUMN_REAL, 3,    \
		    .about = "Share of permuted groups that are as close, " words                  \
			     ", corrected for the number of groups (Holm)."}

static const struct column group_columns[GROUPS_COLUMNS] = {
    [GROUPS_TAG] = {"tag", "tag", NULL, COLUMN_TEXT, .about = "What the models have in common."},
    [GROUPS_VALUE] = {"value", "value", NULL, COLUMN_CLIP, .about = "Its value."},
    [GROUPS_MODELS] = {"models", "models", NULL, COLUMN_INT, .about = "How many they are."},
    SPACE(SPACE_RUN, "", "within", "between", "by vectors"),
    SPACE(SPACE_APART, "_apart", NULL, NULL, "apart"),
    SPACE(SPACE_NOISE, "_noise", NULL, NULL, "by noise"),
    SPACE(SPACE_PROFILE, "_profile", NULL, NULL, "by accuracies"),
};

static struct value group_value(
    const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct geometry_group *v = &((const struct geometry *)t->rows)->group[row];
	size_t space = (column - GROUPS_SPACES) / 3;

	(void)scratch;
	switch (column) {
	case GROUPS_TAG:
		return value_text(v->tag);
	case GROUPS_VALUE:
		return value_text(v->value);
	case GROUPS_MODELS:
		return value_int((int64_t)v->n);
	default:
		switch ((column - GROUPS_SPACES) % 3) {
		case 0:
			return value_real(v->within[space]);
		case 1:
			return value_real(v->between[space]);
		default:
			return value_real(v->p[space]);
		}
	}
}

struct table geometry_groups_table(const struct geometry *g)
{
	return (struct table){.name = "groups",
	    .columns = group_columns,
	    .n_columns = GROUPS_COLUMNS,
	    .value = group_value,
	    .n = g->n_groups,
	    .rows = g};
}
