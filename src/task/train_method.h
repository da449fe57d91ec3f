/* train_method.h - private to training: fit a method in one go. */
#ifndef TASK_TRAIN_METHOD_H
#define TASK_TRAIN_METHOD_H

#include "method/method.h"
#include "task/trained.h"

struct epoch;

struct train_method {
	const struct method *method;              /* not method_mf */
	const struct dataset *d;                  /* with encodings */
	const struct catalog_question *questions; /* (d->n_questions) */
	bool heads;
	uint64_t seed;
	struct search *search;
	const struct progress *progress;
};

/* Fitted on the training part; its hyper-parameters are chosen and its calibration and intervals found
 * on the validation part. *judged gets seconds, and accuracy and loss on both parts. */
bool train_method(
    const struct train_method *t, struct epoch *judged, struct trained *out, struct err *e);

#endif
