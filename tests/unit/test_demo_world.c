/* The demo world: its data files, the same everywhere, labels as planted, files as the release's. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "base/hashtable.h"
#include "task/demo.h"
#include "task/demo_world.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *share;

static int setup(void **state)
{
	(void)state;
	share = file_share("demo", NULL);
	return share == NULL;
}

static int teardown(void **state)
{
	(void)state;
	mem_free(share);
	return 0;
}

static struct demo_world make(enum demo_scale scale, uint64_t seed, bool long_prompts)
{
	struct err e = ERR_INIT;
	struct demo_world w;

	if (!demo_world_new(share, scale, seed, long_prompts, &w, &e))
		fail_msg("%s", e.msg);
	return w;
}

TEST(small_world)
{
	struct demo_world w = make(DEMO_SMALL, 0, false), again = make(DEMO_SMALL, 0, false);
	struct demo_world other = make(DEMO_SMALL, 1, false);
	struct hashtable *seen = hashtable_new();
	size_t per[64] = {0}, same = 0;

	assert_int_equal(w.n_models, 60);
	assert_int_equal(w.n_questions, 4000);
	assert_int_equal(w.n_listings, 4000);
	assert_int_equal(w.n_benchmarks, 10);
	for (size_t i = 0; i < w.n_questions; i++) {
		const struct demo_world_question *q = &w.questions[i];

		assert_int_equal(
		    hashtable_put(seen, q->text, q->len, i), HASHTABLE_NONE); /* all differ */
		assert_int_equal(q->len, strlen(q->text));
		assert_null(strpbrk(q->text, "{}|")); /* every slot is filled */
		assert_string_equal(q->text, again.questions[i].text);
		assert_true(q->part == PART_NONE);
		per[q->benchmark]++;
		same += !strcmp(q->text, other.questions[i].text);
	}
	assert_true(same < 40);
	for (size_t b = 0; b < w.n_benchmarks; b++) {
		assert_int_equal(per[b], 400);
		assert_memory_equal(w.benchmarks[b], "sim_", 4);
	}
	for (size_t m = 0; m < w.n_models; m++) {
		assert_memory_equal(w.models[m].name, "sim/", 4);
		assert_int_equal(hashtable_put(seen, w.models[m].name, strlen(w.models[m].name), m),
		    HASHTABLE_NONE);
		assert_true(w.models[m].price_out > w.models[m].price_in);
	}
	hashtable_free(seen);
	demo_world_clear(&other);
	demo_world_clear(&again);
	demo_world_clear(&w);
}

/* Labels are draws of the planted probabilities: in each tenth of probability, the share of right
 * answers is the mean probability, within five standard errors. */
TEST(labels_follow_the_truth)
{
	struct demo_world w = make(DEMO_SMALL, 3, false);
	double n[10] = {0}, right[10] = {0}, sum[10] = {0};
	unsigned char label[60];

	for (size_t l = 0; l < w.n_listings; l++) {
		demo_world_labels(&w, l, label);
		for (size_t m = 0; m < w.n_models; m++) {
			double p =
			    demo_world_probability(w.models[m].planted, w.questions[l].planted);
			size_t bin = (size_t)fmin(p * 10, 9);

			n[bin]++;
			right[bin] += label[m];
			sum[bin] += p;
		}
	}
	for (size_t b = 0; b < 10; b++) {
		double p = sum[b] / n[b];

		assert_true(n[b] > 1000); /* hard, easy and all between */
		assert_true(fabs(right[b] / n[b] - p) < 5 * sqrt(p * (1 - p) / n[b]));
	}
	demo_world_clear(&w);
}

TEST(published_scale)
{
	struct demo_world w = make(DEMO_PAPER, 0, false);
	size_t part[PART_COUNT] = {0}, rows[PART_COUNT] = {0}, repeats = 0;
	double differ = 0, all = 0;
	unsigned char a[112], b[112];

	assert_int_equal(w.n_models, 112);
	assert_int_equal(w.n_questions, 35673);
	for (size_t i = 0; i < w.n_questions; i++)
		part[w.questions[i].part]++;
	assert_int_equal(part[PART_TRAIN], 29673);
	assert_int_equal(part[PART_VAL], 3000);
	assert_int_equal(part[PART_TEST], 3000);
	for (size_t l = 0; l < w.n_listings; l++) {
		uint32_t q = w.listings[l].question;
		size_t first;

		rows[w.questions[q].part]++;
		if (!w.listings[l].repeat)
			continue;
		/* the question's own listing: questions of a part come first, in order */
		first = q + (w.questions[q].part > PART_TRAIN ? 34056 - 29673 : 0) +
			(w.questions[q].part > PART_VAL ? 469 : 0);
		assert_int_equal(w.listings[first].question, q);
		assert_false(w.listings[first].repeat);
		if (++repeats % 10)
			continue;
		demo_world_labels(&w, first, a);
		demo_world_labels(&w, l, b);
		for (size_t m = 0; m < w.n_models; m++, all++)
			differ += a[m] != b[m];
	}
	assert_int_equal(rows[PART_TRAIN], 34056);
	assert_int_equal(rows[PART_TEST], 3469);
	assert_true(differ / all > 0.02 && differ / all < 0.12);
	demo_world_clear(&w);
}

TEST(long_prompts)
{
	struct demo_world w = make(DEMO_SMALL, 0, true);
	double bytes = 0;

	for (size_t i = 0; i < w.n_questions; i++)
		bytes += (double)w.questions[i].len;
	bytes /= (double)w.n_questions;
	assert_true(bytes > 480 && bytes < 520);
	demo_world_clear(&w);
}

static void check_label_file(const char *path)
{
	struct err e = ERR_INIT;
	struct stream *s = stream_open(path, &e);
	size_t rows = 0, quoted = 0;
	const char *p;
	size_t n;
	bool got = true;

	assert_non_null(s);
	assert_true(stream_line(s, 1 << 16, &p, &n, &got, &e));
	assert_memory_equal(
	    p, "prompt_id,model_id,category_id,label,prompt,model_name,category", n);
	while (stream_line(s, 1 << 16, &p, &n, &got, &e) && got) {
		bool inside = false;
		size_t fields = 1;

		for (size_t i = 0; i < n; i++) {
			if (p[i] == '"')
				inside = !inside;
			else if (p[i] == ',' && !inside)
				fields++;
		}
		assert_false(inside);
		assert_int_equal(fields, 7);
		quoted += memmem(p, n, "\"\"", 2) != NULL;
		rows++;
	}
	assert_int_equal(rows, 60 * 4000);
	assert_true(quoted > 0); /* quotes in prompts were doubled */
	stream_close(s);
}

TEST(files_in_the_layout)
{
	const struct demo_options o = {.scale = DEMO_SMALL};
	struct demo_files f;
	struct err e = ERR_INIT;

	assert_int_equal(help_enter_folder(NULL), 0);
	assert_true(task_demo_csv(".", &o, NULL, &f, &e));
	assert_int_equal(f.rows[PART_NONE], 60 * 4000);
	check_label_file("all.csv");
	assert_true(file_exists("model_order.csv") && file_exists("question_order.csv"));
	assert_int_equal(help_leave_folder(NULL), 0);
}

/* A folder with good files but for one that holds `text`; the error must name the place. */
static void refused(const char *file, const char *text, const char *place)
{
	static const char *const names[] = {"models.txt", "words.txt", "questions.txt"};
	static const char *const good[] = {
	    "skills a b c d e f\nsize 1B 0 1\nline Fam x 0 - 1 1 1 1 1 1\n",
	    "list name\nA\nB\nC\nD\nlist preamble\nA\nB\nC\nD\n",
	    "benchmark t easy 1\n- a 1 | {name} and {name2} have {n:1-9}, {n}.\n"};
	struct err e = ERR_INIT;
	struct demo_text t;
	bool ok;

	assert_int_equal(help_enter_folder(NULL), 0);
	for (size_t i = 0; i < 3; i++)
		help_write_text(names[i], file && !strcmp(file, names[i]) ? text : good[i]);
	ok = demo_text_load(".", &t, &e);
	if (ok)
		demo_text_clear(&t);
	if (file) {
		assert_false(ok);
		if (!strstr(e.msg, place))
			fail_msg("\"%s\" does not name %s", e.msg, place);
	} else {
		assert_true(ok);
	}
	assert_int_equal(help_leave_folder(NULL), 0);
}

TEST(bad_data_files)
{
	refused(NULL, NULL, NULL);
	refused("models.txt", "skills a b c d e f\n", "no models");
	refused("models.txt", "skills a b\n", "models.txt:1");
	refused("models.txt", "skills a b c d e f\nsize 1B zero 1\n", "models.txt:2");
	refused("models.txt", "\n# x\nline F x 0 - 1 1 1 1 1 much\n", "models.txt:3");
	refused("words.txt", "stray\n", "words.txt:1");
	refused("words.txt", "list name\nA | easy\n", "words.txt:2");
	refused("words.txt", "list name\nA | wit 2\n", "words.txt:2");
	refused("words.txt", "list name\nA\nlist preamble\nA\nB\nC\nD\n", "under 4 words");
	refused("questions.txt", "- easy 1 | before any benchmark\n", "questions.txt:1");
	refused("questions.txt", "benchmark t\n- easy 1 no bar\n", "questions.txt:2");
	refused("questions.txt", "benchmark t\n- easy 1 | {nobody}\n", "questions.txt:2");
	refused("questions.txt", "benchmark t\n- easy 1 | {n} before {n:1-9}\n", "questions.txt:2");
	refused("questions.txt", "benchmark t\n- easy 1 | {n:9-1}\n", "questions.txt:2");
	refused("questions.txt", "benchmark t\n- easy 1 | open {name\n", "questions.txt:2");
	refused("questions.txt", "benchmark t\n", "no template");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(small_world),
	    cmocka_unit_test(labels_follow_the_truth),
	    cmocka_unit_test(published_scale),
	    cmocka_unit_test(long_prompts),
	    cmocka_unit_test(files_in_the_layout),
	    cmocka_unit_test(bad_data_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
