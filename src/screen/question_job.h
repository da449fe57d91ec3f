/* question_job.h - the work behind a question in detail, which two views show. */
#ifndef SCREEN_QUESTION_JOB_H
#define SCREEN_QUESTION_JOB_H

#include "task/questions.h"
#include "view/view.h"

struct question_job {
	struct view_job base;
	size_t question; /* index in the data the job was made with */
	size_t n_like;   /* questions like it that are wanted */
	struct question_detail detail;
};

/* A job with these two and the view's own `done`, which takes the detail; ready to be submitted. */
bool question_job_run(struct job *job, struct err *e);
void question_job_free(struct job *job);
void *question_job_new(struct view *v, const struct job_ops *ops, size_t question, size_t n_like);

#endif
