/* screens.h - the screens, and what one opens of another; in one place, since they open each other. */
#ifndef SCREEN_SCREENS_H
#define SCREEN_SCREENS_H

#include "view/class.h"

struct imports;
struct job_ops;
struct list;
struct panes;

/* What lies at the bottom of each tab. */
extern const struct view_class *const screen_tabs[TAB_COUNT];

extern const struct job_ops train_ops; /* the training job's */

extern const struct view_class screen_columns, screen_cost, screen_data_doctor, screen_help,
    screen_import, screen_messages, screen_models, screen_near, screen_probe, screen_questions,
    screen_route, screen_route_file, screen_runs, screen_settings, screen_train,
    screen_versus_flips;

/* Compare the models of the marked rows, `model` says which that of a row is (id); where they are fewer
 * than two, `with` (id, 0 = none) and that of the row under the cursor come to them. Says what to
 * do where that is not enough, or too many. */
void versus_of(struct view *from, const struct list *l,
    int64_t (*model)(struct view *v, size_t row), int64_t with);

/* Opened from other views. `arg` of their init: */
struct versus_flips_arg {
	int64_t one, other; /* ids of two models */
	int64_t benchmark;  /* id, 0 = all */
};
struct columns_arg {
	struct list *list; /* of the view below, of a table that has a name */
};
struct help_arg {
	enum scope scope;
	const struct panes *panes; /* of the view below, whose columns are explained */
};
struct route_file_arg { /* copied */
	const char *path;
	double cost_weight;
	bool *pool; /* (n_models) */
};
struct imports_arg {
	int64_t import;         /* for the cursor, 0 = the newest */
	struct imports *looked; /* NULL: the database's; else these, which are taken */
};
struct cost_arg {           /* copied */
	const int64_t *out; /* (n_out) ids of models that are no candidates */
	size_t n_out;
};
/* One in full, by its id. */
void model_open(struct view *from, int64_t model);
void question_open(struct view *from, int64_t question);
/* Move the cursor of screen_questions; the id it comes to, 0 = none. */
int64_t questions_step(struct view *questions, bool forward);
void questions_of(struct view *from, int64_t benchmark); /* the questions of a benchmark, 0 = all */
void imports_show(
    struct view *from, struct imports_arg arg);      /* or the list on screen moves there */
void near_look(struct view *from, int64_t model);    /* neighbours of a model */
void route_ask(struct view *from, const char *text); /* route this question */
void route_weigh(struct view *from, double weight);  /* route with this weight of cost */
void sql_ask(struct view *from, const char *sql);    /* run it; "" = let one be typed */
void train_open_form(struct view *from);             /* the form for a new run */
void train_discard(struct view *train);              /* stop training and delete its run */

#endif
