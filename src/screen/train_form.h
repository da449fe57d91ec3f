/* train_form.h - the settings of a new run, to be changed before it starts. */
#ifndef SCREEN_TRAIN_FORM_H
#define SCREEN_TRAIN_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "task/train.h"
#include "tui/cells.h"
#include "tui/line.h"

struct err;

#define TRAIN_FORM_FIELDS (TRAINER_SETTINGS + 2)

struct train_form {
	struct train_options options; /* what the preset says; the fields change them */
	bool paper;                   /* the published preset */
	int at;                       /* the field being edited; 0 is the preset */
	struct line field[TRAIN_FORM_FIELDS];
};

enum train_form_event { FORM_NONE, FORM_START, FORM_CANCEL };

void train_form_init(struct train_form *f);
void train_form_clear(struct train_form *f);
enum train_form_event train_form_key(struct train_form *f, uint32_t key);
/* The options as they stand in the fields; an error names the field. The encoder's name is that of
 * the field and lives as long as it is not edited. */
bool train_form_options(const struct train_form *f, struct train_options *out, struct err *e);
void train_form_draw(struct train_form *f, struct cells *c, struct area a);

#endif
