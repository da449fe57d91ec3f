/* What views ask of the explorer: jobs that come home, or not; stacks; panes. */
#include "test.h"

#include "base/mem.h"
#include "tui/list.h"
#include "view/host.h"
#include "view/stack.h"
#include "view/view.h"

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

static atomic_bool gate; /* jobs of wait_ops run until it opens */
static int freed;

struct count_job {
	struct view_job base;
	int number;
	bool fails;
};

struct count_view {
	struct view view;
	int done, last;
};

static bool count_run(struct job *j, struct err *e)
{
	return !((struct count_job *)j)->fails || err_set(e, ERR_DATA, "it failed");
}

static bool wait_run(struct job *j, struct err *e)
{
	while (!atomic_load(&gate) && !worker_cancelled(j->worker))
		usleep(1000);
	return count_run(j, e);
}

static void count_done(void *owner, struct job *j)
{
	struct count_view *v = owner;

	v->done++;
	v->last = ((struct count_job *)j)->number;
}

static void count_free(struct job *j)
{
	freed++;
	view_job_free(j);
}

static const struct job_ops count_ops = {"count", count_run, count_done, count_free};
static const struct job_ops other_ops = {"other", count_run, count_done, count_free};
static const struct job_ops wait_ops = {"wait", wait_run, count_done, count_free};
static const struct view_class class = {.title = "", .size = sizeof(struct count_view)};

static struct host host;
static struct count_view *view;

static int setup(void **state)
{
	(void)state;
	host = (struct host){.db = "none", .scripted = true};
	host.data = mem_zero_array(1, sizeof(*host.data));
	host.data->refs = 1;
	freed = 0;
	atomic_store(&gate, false);
	jobs_start(&host.jobs, host.db);
	for (int t = 0; t < TAB_COUNT; t++)
		stack_open(&host, (enum tab)t, &class, NULL);
	view = (struct count_view *)stack_front(&host);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	jobs_stop(&host.jobs);
	stack_clear(&host);
	data_unref(host.data);
	messages_clear(&host.messages);
	return 0;
}

static struct count_job *job(const struct job_ops *ops, int number, bool on_data)
{
	struct count_job *j = view_job_new(&view->view, sizeof(*j), ops, on_data);

	j->number = number;
	return j;
}

/* Opens the gate, and hands over all that comes. */
static void finish(void)
{
	atomic_store(&gate, true);
	while (jobs_any_busy(&host.jobs))
		usleep(1000);
	view_deliver(&host);
}

/* Until the short queue's worker is at the job. */
static void wait_until_runs(const struct job_ops *ops, enum queue_name queue)
{
	while (jobs_status(&host.jobs, queue).ops != ops)
		usleep(1000);
}

TEST(a_newer_job_replaces_one_of_its_kind_that_waits)
{
	view_submit(&view->view, QUEUE_SHORT, job(&wait_ops, 1, false));
	wait_until_runs(&wait_ops, QUEUE_SHORT);
	view_submit(&view->view, QUEUE_SHORT, job(&other_ops, 2, false));
	view_submit(&view->view, QUEUE_SHORT, job(&count_ops, 3, false));
	view_submit(&view->view, QUEUE_SHORT, job(&count_ops, 4, false));
	assert_int_equal(freed, 1);
	finish();
	assert_int_equal(view->done, 3);
	assert_int_equal(view->last, 4);
	assert_int_equal(freed, 4);
}

TEST(only_the_newest_reading_comes_home)
{
	view_read(&view->view, job(&wait_ops, 1, false));
	wait_until_runs(&wait_ops, QUEUE_SHORT);
	view_read(&view->view, job(&count_ops, 2, false));
	assert_true(view->view.reading);
	finish();
	assert_int_equal(view->done, 1);
	assert_int_equal(view->last, 2);
	assert_false(view->view.reading);
	assert_int_equal(view->view.error.kind, ERR_NONE);
}

TEST(a_reading_that_fails_says_so_in_its_place)
{
	struct count_job *j = job(&count_ops, 1, false);

	j->fails = true;
	view_read(&view->view, j);
	finish();
	assert_int_equal(view->done, 0);
	assert_false(view->view.reading);
	assert_string_equal(view->view.error.msg, "it failed");
	view_read(&view->view, job(&count_ops, 2, false));
	assert_int_equal(view->view.error.kind, ERR_NONE);
	finish();
	assert_int_equal(view->done, 1);
}

TEST(what_is_said_to_be_gone_is_not_read_after_all)
{
	view_read(&view->view, job(&count_ops, 1, false));
	view_fail(&view->view, "Gone.");
	finish();
	assert_int_equal(view->done, 0);
	assert_string_equal(view->view.error.msg, "Gone.");
}

TEST(results_of_other_data_are_dropped_unseen)
{
	struct data *before = host.data;

	view_submit(&view->view, QUEUE_SHORT, job(&wait_ops, 1, true));
	host.data = mem_zero_array(1, sizeof(*host.data));
	host.data->refs = 1;
	assert_int_equal(before->refs, 2);
	data_unref(before);
	finish();
	assert_int_equal(view->done, 0);
	assert_int_equal(freed, 1);
}

TEST(results_for_a_view_that_was_closed_are_dropped)
{
	struct view *bottom = &view->view;

	view_push(bottom, &class, NULL);
	view = (struct count_view *)stack_front(&host);
	view_submit(&view->view, QUEUE_SHORT, job(&wait_ops, 1, false));
	stack_close(&host, &view->view);
	finish();
	assert_ptr_equal(stack_front(&host), bottom);
	assert_int_equal(((struct count_view *)bottom)->done, 0);
	assert_int_equal(freed, 1);
}

TEST(idle_work_gives_way_and_other_work_does_not)
{
	view_submit_idle(&view->view, job(&wait_ops, 1, false));
	wait_until_runs(&wait_ops, QUEUE_LONG);
	assert_true(view_long_free(&view->view));
	finish();
	atomic_store(&gate, false);
	host.jobs.idle = NULL;
	view_submit(&view->view, QUEUE_LONG, job(&wait_ops, 2, false));
	assert_false(view_long_free(&view->view));
	assert_int_equal(host.messages.n, 1);
	finish();
}

TEST(the_bottom_of_a_stack_stays)
{
	struct view *v = stack_front(&host);

	stack_close(&host, v);
	assert_ptr_equal(stack_front(&host), v);
	view_push(v, &class, NULL);
	view_push(stack_front(&host), &class, NULL);
	assert_ptr_equal(stack_bottom(&host, host.tab), v);
	assert_ptr_equal(view_go(v, host.tab), v);
	assert_ptr_equal(stack_front(&host), v);
}

TEST(panes_that_are_not_there_have_no_focus)
{
	struct list a = {.n_columns = 1}, b = {.n_columns = 1}, none = {.n_columns = 0};
	struct panes p = {.n = 0};

	assert_null(panes_list(&p));
	panes_add(&p, &a);
	panes_add(&p, &b);
	panes_add(&p, &none);
	panes_step(&p, false);
	assert_null(panes_list(&p)); /* it has no columns */
	panes_step(&p, true);
	assert_ptr_equal(panes_list(&p), &a);
	panes_step(&p, true);
	assert_ptr_equal(panes_list(&p), &b);
	panes_limit(&p, 1);
	assert_ptr_equal(panes_list(&p), &a);
	panes_step(&p, true);
	assert_ptr_equal(panes_list(&p), &a);
}

#define IN_HOST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_HOST(a_newer_job_replaces_one_of_its_kind_that_waits),
	    IN_HOST(only_the_newest_reading_comes_home),
	    IN_HOST(a_reading_that_fails_says_so_in_its_place),
	    IN_HOST(what_is_said_to_be_gone_is_not_read_after_all),
	    IN_HOST(results_of_other_data_are_dropped_unseen),
	    IN_HOST(results_for_a_view_that_was_closed_are_dropped),
	    IN_HOST(idle_work_gives_way_and_other_work_does_not),
	    IN_HOST(the_bottom_of_a_stack_stays),
	    cmocka_unit_test(panes_that_are_not_there_have_no_focus),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
