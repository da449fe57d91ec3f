/* data_doctor_checks.h - private to data_doctor: its checks, by what they look at. */
#ifndef TASK_DATA_DOCTOR_CHECKS_H
#define TASK_DATA_DOCTOR_CHECKS_H

#include "task/data_finding.h"

struct atlas;
struct err;
struct progress;

/* p below this is a finding, after Holm's correction. */
#define DATA_LEVEL 0.01

/* Of the texts: repeated ones, near-duplicates across parts. False: cancelled. */
bool data_doctor_texts(
    const struct atlas *a, const struct progress *p, struct data_doctor *d, struct err *e);
/* Of the labels: copies, ceilings and floors, negative discrimination, flipped models and
 * benchmarks. */
void data_doctor_labels(const struct atlas *a, struct data_doctor *d);
/* Of pairs of models, for data_doctor_labels: ability (n_models) and difficulty (n_questions) in
 * logits. */
void data_doctor_copies(
    const struct atlas *a, const double *ability, const double *difficulty, struct data_doctor *d);

#endif
