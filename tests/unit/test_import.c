/* Files into the database: what each format takes, what it refuses and where, and that a refused file
 * changes nothing. */
#include "test.h"

#include "help.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/rng.h"
#include "store/catalog.h"
#include "store/db.h"
#include "store/label.h"
#include "store/response.h"
#include "store/split.h"
#include "task/export.h"
#include "task/import.h"
#include "task/models.h"
#include "task/split.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The last report, with its strings. */
static struct arena kept;
static struct response_report last;
static const char *remarks;
static size_t imports;

static void keep_report(void *arg, const struct response_report *r)
{
	(void)arg;
	last = *r;
	remarks = "";
	for (size_t i = 0; i < r->n_remarks; i++)
		remarks = arena_printf(&kept, "%s%s: %s\n", remarks,
		    remark_kind_name(r->remarks[i].kind), r->remarks[i].text);
	last.skips = arena_array(&kept, struct response_skip, r->n_skips + 1);
	for (size_t i = 0; i < r->n_skips; i++)
		last.skips[i] = (struct response_skip){arena_strdup(&kept, r->skips[i].place),
		    arena_strdup(&kept, r->skips[i].reason)};
	imports++;
}

static bool try(struct db *db, const char *path, const struct import_options *o, struct err *e)
{
	struct import_watch w = {.done = keep_report};
	struct import_options plain;

	import_options_default(&plain);
	err_clear(e);
	return task_import(db, &path, 1, o ? o : &plain, &w, e);
}

static void must(struct db *db, const char *path, const struct import_options *o)
{
	struct err e = ERR_INIT;

	if (!try(db, path, o, &e))
		fail_msg("%s", e.msg);
}

/* The label of a model on the question with that text. */
static double label(struct db *db, const char *model, const char *text)
{
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct catalog_question *q;
	struct catalog c;
	double v = -1;
	float *score;
	bool weighted;

	assert_true(catalog_load(db, &a, &c, &e) && catalog_load_questions(db, &c, &a, &q, &e));
	score = arena_array(&a, float, c.n_models *c.n_questions + 1);
	assert_true(label_load(db, &c, q, score, NULL, &weighted, &e));
	for (size_t i = 0; i < c.n_questions; i++)
		for (size_t m = 0; m < c.n_models; m++)
			if (!strcmp(q[i].text, text) && !strcmp(c.models[m].name, model))
				v = (double)score[i * c.n_models + m];
	arena_clear(&a);
	return v;
}

static struct catalog load(struct db *db, struct arena *a)
{
	struct err e = ERR_INIT;
	struct catalog c;

	assert_true(catalog_load(db, a, &c, &e));
	return c;
}

TEST(embedllm_csv)
{
	struct db *db = help_db();
	struct arena a = ARENA_INIT;

	/* Columns in an order of their own, a byte order mark, CRLF, quotes, line breaks in a prompt,
	 * a blank line, no end of line at the end. */
	help_write_text("x.csv",
	    "\xef\xbb\xbfprompt,label,model_name,category,prompt_id,model_id,other\r\n"
	    "\"a \"\"b\"\",\r\nc\",1,org__m,mmlu_law,7,3,x\r\n"
	    "\r\n"
	    "\"a \"\"b\"\",\r\nc\",0.75,n,mmlu_law,7,4,\r\n"
	    " lead,,n,social_iqa,8,4,\r\n"
	    " lead,false,org__m,social_iqa,8,3,");
	must(db, "x.csv", NULL);
	assert_int_equal(last.rows, 4);
	assert_int_equal(last.missing, 1);
	assert_int_equal(last.questions, 2);
	assert_true(label(db, "org/m", "a \"b\",\r\nc") == 1);
	assert_true(label(db, "n", "a \"b\",\r\nc") == 1);
	assert_true(isnan(label(db, "n", " lead")));
	assert_true(label(db, "org/m", " lead") == 0);
	struct catalog c = load(db, &a);

	assert_string_equal(c.benchmarks[0].name, "mmlu");
	assert_string_equal(c.benchmarks[1].name, "socialqa");
	arena_clear(&a);
	db_close(db);
}

TEST(one_prompt_under_two_tasks)
{
	struct db *db = help_db();
	struct response_undone u;
	struct err e = ERR_INIT;

	help_write_text("x.csv", "prompt_id,model_id,category_id,label,prompt,model_name,category\n"
				 "1,0,0,1,Q,a,gpqa_main_zeroshot\n"
				 "1,1,0,1,Q,b,gpqa_main_zeroshot\n"
				 "1,0,1,0,Q,a,gpqa_main_n_shot\n"
				 "1,1,1,1,Q,b,gpqa_main_n_shot\n"
				 "1,0,2,1,Q,a,piqa\n");
	must(db, "x.csv", NULL);
	assert_int_equal(last.rows, 5);
	assert_int_equal(last.questions, 2); /* of gpqa and of piqa */
	assert_int_equal(last.repeats, 2);
	assert_int_equal(last.conflicts, 1);
	assert_int_equal(last.to_missing, 1);
	assert_true(response_undo(db, 1, &u, &e));
	assert_int_equal(u.questions, 2);
	assert_int_equal(u.models, 2);
	db_close(db);
}

TEST(a_bad_line_stops_the_file_and_changes_nothing)
{
	static const char head[] = "prompt_id,model_id,label,prompt,model_name,category\n"
				   "1,1,1,one,m,c\n"
				   "2,1,0,\"two\nlines\",m,c\n";
	static const struct {
		const char *line, *message; /* of the file's line 5 */
	} cases[] = {
	    {"3,1,2,three,m,c\n", "bad.csv:5:label: \"2\" is no label"},
	    {"3,1,-1,three,m,c\n", "bad.csv:5:label: \"-1\" is no label"},
	    {"3,1,maybe,three,m,c\n", "bad.csv:5:label: \"maybe\" is no label"},
	    {"3,1,0x1,three,m,c\n", "bad.csv:5:label: \"0x1\" is no label"},
	    {"3,1,1,three,,c\n", "bad.csv:5:model_name: empty"},
	    {"3,1,1,three,m,\n", "bad.csv:5:category: empty"},
	    {"3,1,1,,m,c\n", "bad.csv:5:prompt: empty"},
	    {"3,1,1,thr\xff"
	     "ee,m,c\n",
		"bad.csv:5:prompt: byte 4 is not UTF-8 text"},
	    {"3,1,1,three,\xc3(,c\n", "bad.csv:5:model_name: byte 1 is not UTF-8 text"},
	    {"3,1,1,three,m,c,extra\n", "bad.csv:5: more fields than the header has columns"},
	    {"3,1,1,three\n", "bad.csv:5:model_name: fewer fields than the header has columns"},
	    {"1,1,1,other text,m,c\n", "bad.csv:5:prompt: prompt_id 1 had another text above"},
	    {"3,1,1,three,another,c\n",
		"bad.csv:5:model_id: model_id 1 is another here and m above"},
	    {"3,1,1,\"three\" and,m,c\n", "bad.csv:5:prompt: a quote inside a field"},
	    {"3,1,1,thr\"ee,m,c\n", "bad.csv:5:prompt: a quote inside a field"},
	};
	struct import_options skip;
	struct err e = ERR_INIT;

	import_options_default(&skip);
	skip.skip_bad = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = mem_printf("%s%s4,2,1,four,other,c\n", head, cases[i].line);
		struct db *db = help_db();
		struct arena a = ARENA_INIT;

		help_write_text("bad.csv", text);
		assert_false(try(db, "bad.csv", NULL, &e));
		if (strncmp(e.msg, cases[i].message, strlen(cases[i].message)))
			fail_msg("got: %s\nwanted: %s", e.msg, cases[i].message);
		assert_int_equal(e.kind, ERR_DATA);
		assert_non_null(strstr(e.msg, "--skip-bad"));
		struct catalog c = load(db, &a);

		assert_int_equal(c.n_models + c.n_questions + c.n_benchmarks, 0);
		must(db, "bad.csv", &skip);
		assert_int_equal(last.rows, 3);
		assert_int_equal(last.skipped, 1);
		assert_int_equal(last.n_skips, 1);
		assert_true(!strncmp(last.skips[0].place, "bad.csv:5", 9));
		c = load(db, &a);
		assert_int_equal(c.n_questions, 3);
		assert_int_equal(c.n_models, 2);
		arena_clear(&a);
		mem_free(text);
		db_close(db);
	}
}

TEST(files_that_cannot_be_read)
{
	static const struct {
		const char *text;
		size_t n;
		const char *message;
	} cases[] = {
	    {"", 0, "odd.csv: an empty file"},
	    {"hello\n", 6, "odd.csv: a text without the columns of a table of labels"},
	    {"model,benchmark,question,label\n", 31, "odd.csv: no labels in it"},
	    {"question,label\nb,1\n", 19, "odd.csv:1: no column model in the header"},
	    {"model,benchmark,question\na,b,c\n", 31, "odd.csv:1: no column label in the header"},
	    {"label,category,model_name\n1,b,c\n", 32,
		"odd.csv:1: no column question in the header"},
	    {"model,benchmark,question,label,label\na,b,c,1,1\n", 47,
		"odd.csv:1: two columns are called label"},
	    {"model,benchmark,question,label\na,b,\"c,1\nx,y", 43,
		"odd.csv:2: the file ends inside a quoted field"},
	    {"model,benchmark,question,label\na,b,c\0d,1\n", 41,
		"odd.csv:2:question: byte 2 is not UTF-8 text"},
	    {"SQLite format 3\0 and more than that", 35,
		"odd.csv: a SQLite database, not a file of labels"},
	    {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03 broken", 17, "odd.csv: "},
	};
	struct db *db = help_db();
	struct err e = ERR_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		help_write("odd.csv", cases[i].text, cases[i].n);
		assert_false(try(db, "odd.csv", NULL, &e));
		if (strncmp(e.msg, cases[i].message, strlen(cases[i].message)))
			fail_msg("got: %s\nwanted: %s", e.msg, cases[i].message);
		assert_int_equal(e.kind, ERR_DATA);
	}
	assert_false(try(db, "no-such-file.csv", NULL, &e));
	assert_int_equal(e.kind, ERR_DATA);
	assert_false(try(db, ".", NULL, &e));
	assert_int_equal(e.kind, ERR_DATA);
	db_close(db);
}

TEST(large_fields)
{
	static const char head[] = "model,benchmark,question,label\nm,b,\"", tail[] = "\",1\n";
	size_t sizes[] = {(size_t)10 << 20, (size_t)17 << 20, (size_t)80 << 20};
	struct err e = ERR_INIT;

	for (int i = 0; i < 3; i++) {
		size_t n = sizeof(head) - 1 + sizes[i] + sizeof(tail) - 1;
		struct db *db = help_db();
		char *text = mem_alloc(n + 1);

		memset(text, 'x', n);
		memcpy(text, head, sizeof(head) - 1);
		memcpy(text + n - sizeof(tail) + 1, tail, sizeof(tail) - 1);
		help_write("large.csv", text, n);
		if (i == 0) {
			must(db, "large.csv", NULL);
			assert_int_equal(last.rows, 1);
		} else {
			assert_false(try(db, "large.csv", NULL, &e));
			assert_non_null(strstr(e.msg, "a field of over 16 MiB"));
			assert_non_null(strstr(e.msg, "large.csv:2"));
		}
		mem_free(text);
		db_close(db);
	}
	assert_int_equal(unlink("large.csv"), 0);
}

TEST(names_with_escape_sequences_are_kept)
{
	struct db *db = help_db();
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;

	help_write_text(
	    "x.csv", "model,benchmark,question,label\n\x1b[31mred,b\x07,\x1b]0;t\x07,1\n");
	must(db, "x.csv", NULL);
	struct catalog c = load(db, &a);

	assert_string_equal(c.models[0].name, "\x1b[31mred");
	help_write_text("x.csv", "model,benchmark,question,label\n\x1b[31mred,b,c,\x1b[2J\n");
	assert_false(try(db, "x.csv", NULL, &e));
	assert_null(strchr(e.msg, '\x1b'));
	arena_clear(&a);
	db_close(db);
}

TEST(parts_and_releases)
{
	struct db *db = help_db();
	struct import_options o;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct split s;
	bool found;

	assert_int_equal(mkdir("release", 0777), 0);
	help_write_text("release/train.csv", "prompt_id,model_id,label,prompt,model_name,category\n"
					     "1,1,1,one,m,c\n2,1,0,two,m,c\n3,1,1,three,m,c\n");
	help_write_text("release/test.csv", "prompt_id,model_id,label,prompt,model_name,category\n"
					    "4,1,1,four,m,c\n5,1,0,two,m,d\n");
	imports = 0;
	must(db, "release", NULL);
	assert_int_equal(imports, 2);
	assert_non_null(strstr(remarks, "part test"));
	/* "two" is of another benchmark in test, but the same text: not trained on. */
	assert_int_equal(last.leaks, 1);
	assert_true(split_find(db, &a, NULL, &s, &found, &e) && found);
	assert_true(s.imported);
	assert_int_equal(s.count[PART_TRAIN], 2);
	assert_int_equal(s.count[PART_TEST], 3);

	import_options_default(&o);
	o.part = PART_VAL;
	help_write_text("more.csv", "model,benchmark,question,label\nm,c,five,1\n");
	must(db, "more.csv", &o);
	assert_true(split_find(db, &a, NULL, &s, &found, &e));
	assert_int_equal(s.count[PART_VAL], 1);
	arena_clear(&a);
	db_close(db);
}

TEST(triple)
{
	struct db *db = help_db();
	struct err e = ERR_INIT;

	help_write_text(
	    "t.questions.csv", "prompt_id,category,prompt\n0,arc,zero\n5,gsm8k,\"fi\nve\"\n");
	help_write_text("t.models.csv", "model_id,model_name\n3,a/b\n9,c\n");
	help_write_text("t.labels.csv", "prompt_id,model_id,label\n0,3,1\n0,9,0\n5,3,0.2\n");
	must(db, "t.models.csv", NULL);
	assert_int_equal(last.rows, 3);
	assert_true(label(db, "a/b", "zero") == 1);
	assert_true(label(db, "a/b", "fi\nve") == 0);
	must(db, "t", NULL);
	assert_int_equal(last.repeats, 3);

	const char *three[] = {"t.labels.csv", "t.questions.csv", "t.models.csv"};
	struct import_watch w = {.done = keep_report};
	struct import_options o;

	import_options_default(&o);
	imports = 0;
	assert_true(task_import(db, three, 3, &o, &w, &e));
	assert_int_equal(imports, 1);
	help_write_text("t.labels.csv", "prompt_id,model_id,label\n0,3,1\n7,9,0\n");
	assert_false(try(db, "t", NULL, &e));
	assert_true(!strncmp(e.msg, "t.labels.csv:3:prompt_id: not in the questions file", 51));
	assert_int_equal(unlink("t.models.csv"), 0);
	assert_false(try(db, "t.labels.csv", NULL, &e));
	assert_non_null(strstr(e.msg, "give the models file too"));
	db_close(db);
}

TEST(several_id_spaces)
{
	struct db *db = help_db();

	help_write_text(
	    "one.csv", "prompt_id,model_id,label,prompt,model_name,category\n1,1,1,one,m,c\n");
	help_write_text(
	    "two.csv", "prompt_id,model_id,label,prompt,model_name,category\n1,1,0,two,n,c\n");
	must(db, "one.csv", NULL);
	must(db, "two.csv", NULL);
	assert_true(label(db, "m", "one") == 1);
	assert_true(label(db, "n", "two") == 0);
	assert_true(isnan(label(db, "n", "one")));
	db_close(db);
}

/* lm-evaluation-harness, one sample a line. */
static void put_samples(const char *path, const char *const *lines, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s\n", lines[i]);
	fclose(f);
}

TEST(lm_eval_generations)
{
	static const char *const newest[] = {
	    "{\"doc_id\":0,\"doc\":{\"question\":\"1+1?\"},\"filter\":\"strict\",\"metrics\":["
	    "\"exact_match\"],\"doc_hash\":\"h0\",\"exact_match\":0.0}",
	    "{\"doc_id\":1,\"doc\":{\"question\":\"2+2?\"},\"filter\":\"strict\",\"metrics\":["
	    "\"exact_match\"],\"doc_hash\":\"h1\",\"exact_match\":1.0}",
	    "{\"doc_id\":0,\"doc\":{\"question\":\"1+1?\"},\"filter\":\"flexible\",\"metrics\":["
	    "\"exact_match\"],\"doc_hash\":\"h0\",\"exact_match\":1.0}",
	    "{\"doc_id\":1,\"doc\":{\"question\":\"2+2?\"},\"filter\":\"flexible\",\"metrics\":["
	    "\"exact_match\"],\"doc_hash\":\"h1\",\"exact_match\":NaN}",
	};
	static const char *const middle[] = {
	    "{\"doc_id\":0,\"doc\":{\"question\":\"Q\",\"choices\":[\"x\",\"y\"]},\"doc_hash\":"
	    "\"g0\",\"acc\":0.0,\"acc_norm\":1.0}",
	};
	static const char *const oldest[] = {
	    "{\"doc_id\":0,\"doc\":{},\"arguments\":[[\"shot one\\n\\nLast question?\",\" "
	    "yes\"]],\"acc\":true}",
	};
	struct db *db = help_db();
	struct import_options o;
	struct err e = ERR_INIT;

	assert_int_equal(
	    mkdir("out", 0777) | mkdir("out/org__new", 0777) | mkdir("out/mid", 0777), 0);
	put_samples("out/org__new/samples_gsm8k_2025-01-01T00-00-00.000000.jsonl", newest, 4);
	put_samples("out/mid/samples_mmlu_law_2024-06-01T00-00-00.000000.jsonl", middle, 1);
	help_write_text("out/mid/results_2024-06-01T00-00-00.000000.json",
	    "{\"model_name\":\"real/name\",\"x\":NaN}");
	import_options_default(&o);
	assert_false(try(db, "out", &o, &e));
	assert_non_null(
	    strstr(e.msg, "task gsm8k has several filters for each document: strict, flexible"));
	o.filter = "other";
	assert_false(try(db, "out", &o, &e));
	assert_non_null(strstr(e.msg, "no filter other"));
	o.filter = "flexible";
	must(db, "out", &o);
	assert_int_equal(last.rows, 3);
	assert_int_equal(last.missing, 1);
	assert_non_null(strstr(remarks, "gsm8k by exact_match, filter flexible"));
	assert_true(label(db, "org/new", "1+1?") == 1);
	assert_true(isnan(label(db, "org/new", "2+2?")));
	assert_true(label(db, "real/name", "Q\nA. x\nB. y") == 0);
	o.metric = "acc_norm";
	db_close(db);
	db = help_db();
	must(db, "out", &o);
	assert_true(label(db, "real/name", "Q\nA. x\nB. y") == 1);
	o.metric = "bleu";
	assert_false(try(db, "out", &o, &e));
	assert_non_null(strstr(e.msg, "no task has a metric bleu"));
	o.metric = NULL;

	assert_int_equal(mkdir("old", 0777), 0);
	put_samples(
	    "old/pretrained__EleutherAI__pythia-70m,dtype__float_lambada_openai.jsonl", oldest, 1);
	put_samples("old/pretrained__EleutherAI__pythia-70m_lambada_openai.jsonl", oldest, 1);
	import_options_default(&o);
	assert_false(try(db, "old", &o, &e));
	assert_non_null(strstr(e.msg, "the task is not in the file's name"));
	assert_int_equal(remove("old/pretrained__EleutherAI__pythia-70m_lambada_openai.jsonl"), 0);
	help_write_text("old/results.json",
	    "{\"results\":{\"openai\":{},\"lambada_openai\":{}},\"config\":{\"model_args\":"
	    "\"dtype=float,pretrained=EleutherAI/pythia-70m\"}}");
	must(db, "old", &o);
	assert_true(label(db, "EleutherAI/pythia-70m", "Last question?") == 1);
	db_close(db);
}

/* It once was no metric at all. */
TEST(lm_eval_first_label_missing)
{
	static const char *const lines[] = {
	    "{\"doc_id\":0,\"doc\":{\"question\":\"a\"},\"acc\":NaN}",
	    "{\"doc_id\":1,\"doc\":{\"question\":\"b\"},\"acc\":1.0}",
	};
	struct db *db = help_db();
	struct import_options o;

	import_options_default(&o);
	assert_int_equal(mkdir("first", 0777) | mkdir("first/org__m", 0777), 0);
	put_samples("first/org__m/samples_t_2025-01-01T00-00-00.000000.jsonl", lines, 2);
	must(db, "first", &o);
	assert_int_equal(last.rows, 2);
	assert_int_equal(last.missing, 1);
	assert_true(isnan(label(db, "org/m", "a")));
	assert_true(label(db, "org/m", "b") == 1);
	db_close(db);
}

TEST(lm_eval_mistakes)
{
	static const struct {
		const char *lines[4];
		const char *message;
	} cases[] = {
	    {{"{\"doc_id\":0,\"filter\":\"f\",\"doc\":{\"question\":\"a\"},\"acc\":1}",
		 "{\"doc_id\":0,\"filter\":\"f\",\"doc\":{\"question\":\"a\"},\"acc\":1}"},
		":2: this doc_id and filter stood above already"},
	    {{"{\"doc_id\":0,\"doc\":{\"question\":\"a\"},\"acc\":1}",
		 "{\"doc_id\":1,\"doc\":{\"question\":\"b\"},\"acc\":1}",
		 "{\"doc_id\":0,\"doc\":{\"question\":\"a\"},\"acc\":1}"},
		": 1 documents stand there once more than others"},
	    {{"{\"doc_id\":0,\"doc\":{\"question\":\"a\"},\"acc\":1}",
		 "{\"doc_id\":1,\"doc\":{\"quest"},
		":2: byte "},
	    {{"{\"doc_id\":0,\"doc\":{\"question\":\"a\"},\"acc\":7}"},
		":1: byte 36: acc is 7: a label is between 0 and 1"},
	    {{"{\"doc_id\":0,\"doc\":{\"question\":\"a\"},\"acc\":\"yes\"}"},
		"no figure of its documents is a label from 0 to 1; there are acc"},
	    {{"{\"doc_id\":0,\"doc\":{},\"acc\":1}"}, ":1: no question in doc or arguments"},
	    {{"{\"doc_id\":\"x\",\"acc\":1}"}, ":1: no doc_id"},
	};
	struct db *db = help_db();
	struct import_options o;
	struct err e = ERR_INIT;

	import_options_default(&o);
	o.format = "lm_eval";
	assert_int_equal(mkdir("bad", 0777), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t n = 0;

		while (n < 4 && cases[i].lines[n])
			n++;
		put_samples("bad/samples_t_1.jsonl", cases[i].lines, n);
		assert_false(try(db, "bad/samples_t_1.jsonl", &o, &e));
		if (!strstr(e.msg, cases[i].message) ||
		    strncmp(e.msg, "bad/samples_t_1.jsonl:", 22))
			fail_msg("got: %s\nwanted: %s", e.msg, cases[i].message);
	}
	/* A cut line can be left out. */
	put_samples("bad/samples_t_1.jsonl", cases[2].lines, 2);
	o.skip_bad = true;
	must(db, "bad", &o);
	assert_int_equal(last.rows, 1);
	assert_int_equal(last.skipped, 1);
	help_write_text("bad/results_1.json", "{\"model_name\": \"m\"");
	assert_false(try(db, "bad", &o, &e));
	assert_true(!strncmp(e.msg, "bad/results_1.json: byte ", 25));
	db_close(db);
}

TEST(export_comes_back)
{
	struct export_labels_report r;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct split s, t;
	bool found;

	for (enum policy_rule rule = 0; rule < POLICY_RULE_COUNT; rule++) {
		struct db *db = help_db(), *back = help_db();
		struct import_options o;

		import_options_default(&o);
		o.dup = &rule;
		o.part = PART_TRAIN;
		help_write_text("x.csv",
		    "prompt_id,model_id,label,prompt,model_name,category\n"
		    "1,1,1,\"one, \"\"1\"\"\",a__b,gpqa_x\n1,2,0.3,\"one, \"\"1\"\"\",c,gpqa_x\n"
		    "1,1,0,\"one, \"\"1\"\"\",a__b,gpqa_y\n1,2,,\"one, \"\"1\"\"\",c,gpqa_y\n"
		    "1,1,0,\"one, \"\"1\"\"\",a__b,gpqa_x\n 2,2,1, two,c,piqa\n");
		must(db, "x.csv", &o);
		o.part = PART_TEST;
		help_write_text("x.csv",
		    "prompt_id,model_id,label,prompt,model_name,category\n3,1,1,"
		    "\"th\nree\",a__b,piqa\n");
		must(db, "x.csv", &o);
		assert_true(task_export_labels(db, "out.csv", PART_NONE, NULL, &r, &e));
		assert_int_equal(r.rows, 7);
		assert_false(r.renumbered);
		o.part = PART_NONE;
		must(back, "out.csv", &o);
		char *one = help_digest(db), *two = help_digest(back);

		assert_string_equal(one, two);
		assert_true(split_find(db, &a, NULL, &s, &found, &e) && found);
		assert_true(split_find(back, &a, NULL, &t, &found, &e) && found);
		assert_memory_equal(s.count, t.count, sizeof(s.count));
		/* Ids that clash are not written out. */
		help_write_text("x.csv",
		    "prompt_id,model_id,label,prompt,model_name,category\n1,1,1,other,a__b,piqa\n");
		must(db, "x.csv", &o);
		assert_true(
		    task_export_labels(db, "out.csv", PART_NONE, NULL, &r, &e) && r.renumbered);
		assert_true(task_export_labels(db, "out.csv", PART_TEST, NULL, &r, &e));
		assert_int_equal(r.rows, 1);
		assert_false(task_export_labels(db, "out.csv", PART_VAL, NULL, &r, &e));
		mem_free(one);
		mem_free(two);
		db_close(db);
		db_close(back);
	}
	arena_clear(&a);
}

TEST(drawn_splits)
{
	enum { N = 2000, BENCHMARKS = 7 };
	struct catalog_question q[N], shuffled[N];
	uint8_t part[N], other[N], back[N];
	struct arena a = ARENA_INIT;
	size_t all[BENCHMARKS] = {0}, test[BENCHMARKS] = {0}, val[BENCHMARKS] = {0}, train = 0,
	       same = 0;
	struct rng r;

	rng_init(&r, 5, 0);
	for (size_t i = 0; i < N; i++) {
		/* A tenth of the texts stands in the benchmark before, too. */
		bool twin = i % 10 == 9;

		q[i] = (struct catalog_question){
		    .id = (int64_t)i + 1,
		    .benchmark = (uint32_t)((twin ? i - 1 : i) % BENCHMARKS + twin) % BENCHMARKS,
		    .text = arena_printf(&a, "question %zu", twin ? i - 1 : i),
		};
		q[i].len = strlen(q[i].text);
	}
	split_draw(q, N, 20, 10, 3, part);
	for (size_t i = 0; i < N; i++) {
		all[q[i].benchmark]++;
		test[q[i].benchmark] += part[i] == PART_TEST;
		val[q[i].benchmark] += part[i] == PART_VAL;
		train += part[i] == PART_TRAIN;
		if (i % 10 == 9)
			assert_int_equal(part[i], part[i - 1]);
	}
	for (size_t b = 0; b < BENCHMARKS; b++) {
		assert_int_equal(test[b], lround(.2 * (double)all[b]));
		assert_int_equal(val[b], lround(.1 * (double)all[b]));
	}
	/* The same whatever the order of the questions; another with another seed. */
	for (size_t i = 0; i < N; i++)
		shuffled[i] = q[N - 1 - i];
	split_draw(shuffled, N, 20, 10, 3, back);
	split_draw(q, N, 20, 10, 4, other);
	for (size_t i = 0; i < N; i++) {
		assert_int_equal(part[i], back[N - 1 - i]);
		same += part[i] == PART_TEST && other[i] == PART_TEST;
	}
	assert_true(same > 40 && same < 130); /* .2 * .2 * 2000 = 80 by chance */
	assert_int_equal(split_set_aside(q, N, 0, 1, part), 0);
	assert_true(
	    fabs((double)split_set_aside(q, N, 10, 1, part) - .1 * (double)train) < BENCHMARKS);
	arena_clear(&a);
}

TEST(split_task)
{
	struct split_options o;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct db *db = help_db();
	struct split s;

	split_options_default(&o);
	assert_false(task_split(db, &o, &a, &s, &e));
	help_write_text("x.csv",
	    "model,benchmark,question,label\nm,b,1,1\nm,b,2,1\nm,b,3,1\nm,b,4,1\nm,b,5,0\n");
	must(db, "x.csv", NULL);
	assert_true(task_split(db, &o, &a, &s, &e));
	assert_string_equal(s.name, "test20-val10-seed1");
	assert_int_equal(s.count[PART_TEST], 1);
	assert_true(task_split(db, &o, &a, &s, &e)); /* the same again */
	help_write_text("x.csv", "model,benchmark,question,label\nm,b,6,1\nm,b,7,1\nm,b,8,1\n");
	must(db, "x.csv", NULL);
	assert_false(task_split(db, &o, &a, &s, &e));
	o.name = "again";
	assert_true(task_split(db, &o, &a, &s, &e));
	o.test = 95;
	assert_false(task_split(db, &o, &a, &s, &e));
	assert_int_equal(e.kind, ERR_USAGE);
	arena_clear(&a);
	db_close(db);
}

TEST(models_from_a_table)
{
	struct models_imported m;
	struct arena a = ARENA_INIT;
	struct err e = ERR_INIT;
	struct db *db = help_db();

	help_write_text("x.csv", "model,benchmark,question,label\norg/a,b,1,1\nc,b,1,0\n");
	must(db, "x.csv", NULL);
	help_write_text("models.csv",
	    "model,size,price_in,price_out,org\norg__a,7B,0.5,1,\nnobody,1B,,,x\nc,,2,,y\n");
	assert_true(task_models_import(db, "models.csv", &a, &m, &e));
	assert_int_equal(m.rows, 3);
	assert_int_equal(m.changed, 2);
	assert_int_equal(m.n_unknown, 1);
	assert_string_equal(m.unknown[0], "nobody");
	struct catalog c = load(db, &a);

	assert_int_equal(c.models[0].n_tags, 1);
	assert_string_equal(c.models[1].tags[0].value, "7B");
	assert_true(fabs(c.models[0].price_in - 2) < 1e-12 && isnan(c.models[0].price_out));
	help_write_text("models.csv", "model,price_in\nc,9\norg/a,cheap\n");
	assert_false(task_models_import(db, "models.csv", &a, &m, &e));
	assert_true(!strncmp(e.msg, "models.csv:3:price_in: \"cheap\" is no price", 42));
	c = load(db, &a);
	assert_true(fabs(c.models[0].price_in - 2) < 1e-12);
	assert_false(task_models_rename(db, "nobody", "x", &e));
	assert_false(task_models_set(db, "nobody", NULL, 0, 1, 1, &e));
	assert_true(task_models_merge(db, "c", "org/a", &e));
	arena_clear(&a);
	db_close(db);
}

static int clear(void **state)
{
	arena_clear(&kept);
	return help_leave_folder(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(embedllm_csv),
	    cmocka_unit_test(one_prompt_under_two_tasks),
	    cmocka_unit_test(a_bad_line_stops_the_file_and_changes_nothing),
	    cmocka_unit_test(files_that_cannot_be_read),
	    cmocka_unit_test(large_fields),
	    cmocka_unit_test(names_with_escape_sequences_are_kept),
	    cmocka_unit_test(parts_and_releases),
	    cmocka_unit_test(triple),
	    cmocka_unit_test(several_id_spaces),
	    cmocka_unit_test(lm_eval_generations),
	    cmocka_unit_test(lm_eval_first_label_missing),
	    cmocka_unit_test(lm_eval_mistakes),
	    cmocka_unit_test(export_comes_back),
	    cmocka_unit_test(drawn_splits),
	    cmocka_unit_test(split_task),
	    cmocka_unit_test(models_from_a_table),
	};

	return cmocka_run_group_tests(tests, help_enter_folder, clear);
}
