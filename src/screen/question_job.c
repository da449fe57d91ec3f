#include "screen/question_job.h"

bool question_job_run(struct job *job, struct err *e)
{
	struct question_job *j = (struct question_job *)job;

	return task_question(j->base.data->atlas, j->question, j->n_like, &j->detail, e);
}

void question_job_free(struct job *job)
{
	struct question_job *j = (struct question_job *)job;

	question_detail_clear(&j->detail);
	view_job_free(&j->base.job);
}

void *question_job_new(struct view *v, const struct job_ops *ops, size_t question, size_t n_like)
{
	struct question_job *j = view_job_new(v, sizeof(*j), ops, true);

	j->question = question;
	j->n_like = n_like;
	return j;
}
