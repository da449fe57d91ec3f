#include "task/experiments.h"

#include <math.h>

const char *const experiment_names[EXPERIMENT_COUNT] = {
    [EXPERIMENT_FORECAST] = "forecast",
    [EXPERIMENT_ROUTING] = "routing",
    [EXPERIMENT_LATENCY] = "latency",
    [EXPERIMENT_BENCHMARKS] = "benchmarks",
    [EXPERIMENT_CONTRIBUTION] = "contribution",
    [EXPERIMENT_COMMUNITIES] = "communities",
};

const char *const experiment_about[EXPERIMENT_COUNT] = {
    [EXPERIMENT_FORECAST] =
	"Which models answer the test questions, from nested samples of the training questions, "
	"by text alone; beside the rates of the models.",
    [EXPERIMENT_ROUTING] =
	"What the model that each test question is sent to made of it; beside the "
	"best single model on training data.",
    [EXPERIMENT_LATENCY] = "From encoded questions to the model chosen, the best of several times.",
    [EXPERIMENT_BENCHMARKS] =
	"Vectors that never saw the benchmark, by ridge regression to the models' accuracy on it, "
	"on "
	"random splits of the models (80 % and 20 %); beside the mean of the others.",
    [EXPERIMENT_CONTRIBUTION] =
	"Vectors from one benchmark alone, by ridge regression to the models' accuracy on another, "
	"cross-validated over models; beside the mean of the others.",
    [EXPERIMENT_COMMUNITIES] = "Mean cosine distance within models that have a tag or a word of "
			       "the name in common; beside "
			       "that to all others.",
};

void reproduce_options_default(struct reproduce_options *o)
{
	*o = (struct reproduce_options){
	    .methods = "mf,mf-paper,knn,clusters", .splits = 100, .bootstrap = 1000, .seed = 1};
}

void reproduce_clear(struct reproduce *r)
{
	arena_clear(&r->arena);
	*r = (struct reproduce){0};
}

/* The table */

static const struct column columns[REPRODUCE_COLUMNS] = {
    [REPRODUCE_EXPERIMENT] = {"experiment", NULL, NULL, COLUMN_TEXT, .about = "Which experiment."},
    [REPRODUCE_SUBJECT] = {"subject", "of", NULL, COLUMN_CLIP,
	.about = "The method, benchmark or community the figure is of."},
    [REPRODUCE_QUESTIONS] = {"questions", "questions", NULL, COLUMN_INT,
	.about = "Training questions it was learned from."},
    [REPRODUCE_MEASURE] = {"measure", "measure", NULL, COLUMN_TEXT, .about = "What was measured."},
    [REPRODUCE_RULE] = {"labels", "labels", NULL, COLUMN_TEXT,
	.about = "How repeated answers of a model to a question are judged: as rows, each "
		 "counting, or by their majority with ties as right."},
    [REPRODUCE_FIGURE] = {"figure", "figure", NULL, COLUMN_FIGURE, -3,
	.about = "What was found here, with its 95 % interval."},
    [REPRODUCE_BASE] = {"base", "knows nothing", NULL, COLUMN_REAL, -3,
	.about = "The same of what knows no vector: the models' rates, the best single model, the "
		 "mean, the distance to all others."},
    [REPRODUCE_PUBLISHED] = {"published", "published", NULL, COLUMN_REAL, 3,
	.about = "What was published for the same data."},
    [REPRODUCE_SOURCE] = {"source", "by", NULL, COLUMN_TEXT, .about = "Who published that."},
};

static struct value value(const struct table *t, size_t row, size_t column, struct buf *scratch)
{
	const struct reproduce_row *r = &((const struct reproduce *)t->rows)->v[row];

	(void)scratch;
	switch (column) {
	case REPRODUCE_EXPERIMENT:
		return value_text(experiment_names[r->experiment]);
	case REPRODUCE_SUBJECT:
		return value_text(r->subject);
	case REPRODUCE_QUESTIONS:
		return isnan(r->questions) ? value_missing() : value_int((int64_t)r->questions);
	case REPRODUCE_MEASURE:
		return value_text(r->measure);
	case REPRODUCE_RULE:
		return value_text(r->rule);
	case REPRODUCE_FIGURE:
		return value_figure(r->figure.value, r->figure.low, r->figure.high);
	case REPRODUCE_BASE:
		return value_real(r->base);
	case REPRODUCE_PUBLISHED:
		return value_real(r->published);
	default:
		return value_text(r->source);
	}
}

struct table reproduce_table(const struct reproduce *r)
{
	return (struct table){.name = "reproduce",
	    .columns = columns,
	    .n_columns = REPRODUCE_COLUMNS,
	    .value = value,
	    .n = r ? r->n : 0,
	    .rows = r};
}
