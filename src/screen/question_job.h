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

/* Comes back to the view's done as a JOB_QUESTION. */
void question_job_submit(struct view *v, size_t question, size_t n_like);
/* What it found; the caller's (question_detail_clear). */
struct question_detail question_job_take(struct question_job *j);

#endif
