#include "screen/question_job.h"

static bool run(struct job *job, struct err *e)
{
	struct question_job *j = (struct question_job *)job;

	return task_question(j->base.data->atlas, j->question, j->n_like, &j->detail, e);
}

static void free_job(struct job *job)
{
	struct question_job *j = (struct question_job *)job;

	question_detail_clear(&j->detail);
	view_job_free(&j->base);
}

static const struct job_ops ops = {"question", run, free_job};

void question_job_submit(struct view *v, size_t question, size_t n_like)
{
	struct question_job *j = view_job_new(v, sizeof(*j), JOB_QUESTION, &ops, true);

	j->question = question;
	j->n_like = n_like;
	view_submit(v, LANE_SHORT, j);
}

struct question_detail question_job_take(struct question_job *j)
{
	struct question_detail detail = j->detail;

	j->detail = (struct question_detail){.n_like = 0};
	return detail;
}
