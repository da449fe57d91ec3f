/* verb.h - what the verbs share: the database, progress, remarks, the atlas. */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "cli/command.h"
#include "task/session.h"

struct atlas;
struct atlas_model;
struct chart;
struct progress;
struct train_options;

/* Choices that several verbs have: parts (by enum part), rules for repeats (by enum label_rule). */
extern const char *const verb_parts[], *const verb_rules[];

/* Open c->db, for a verb that has no flag for it: one that needs it only sometimes. */
bool verb_open(struct cli *c, enum session_mode mode, struct err *e);
/* The progress of this verb (live.h); from now on ^C stops it cooperatively. */
const struct progress *verb_progress(struct cli *c);
/* A remark on stderr, unless --quiet. */
void verb_note(struct cli *c, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The atlas of a run (0 = the run in use), which must be there: "train first". NULL with an error;
 * atlas_free. */
struct atlas *verb_atlas(struct cli *c, int64_t run, struct err *e);
/* Which run a result is of: its id, for people with its name. */
void verb_run(struct cli *c, const struct atlas *a);
/* The tags of a model as a cell. */
void verb_tags(struct cli *c, const struct atlas_model *m);
/* Write a plot, saying so. */
bool verb_plot(struct cli *c, const struct chart *f, const char *path, struct err *e);
/* Train, telling the epochs on stderr and the result as facts. Stopped by ^C it is ERR_CANCELLED,
 * with the facts all the same. */
bool verb_train(struct cli *c, const struct train_options *o, struct err *e);

#endif
