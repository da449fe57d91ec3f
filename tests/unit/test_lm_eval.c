/* What a document of lm-evaluation-harness asks: every row of the table of tasks, what tasks without
 * one are known by, and prompts. */
#include "test.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/mem.h"
#include "ingest/lm_eval_doc.h"

#include <stdio.h>
#include <string.h>

struct row {
	const char *names, *members, *options;
};
static const struct row rows[] = {
#define TASK(names, members, options) {names, members, options},
#include "ingest/lm_eval_tasks.def"
#undef TASK
};

static char *text_of(
    const char *task, const json_t *doc, const json_t *arguments, enum lm_eval_depth depth)
{
	struct buf b = BUF_INIT;

	if (!lm_eval_text(task, doc, arguments, depth, &b)) {
		buf_clear(&b);
		return NULL;
	}
	return buf_take(&b);
}

/* Put `value` at "a" or "a.b". */
static void put(json_t *doc, const char *name, size_t n, json_t *value)
{
	char key[80];
	char *dot;

	snprintf(key, sizeof(key), "%.*s", (int)n, name);
	dot = json_object_get(doc, key) ? NULL : strchr(key, '.');
	if (!dot) {
		json_object_set_new(doc, key, value);
		return;
	}
	*dot = '\0';
	if (!json_object_get(doc, key))
		json_object_set_new(doc, key, json_object());
	json_object_set_new(json_object_get(doc, key), dot + 1, value);
}

/* A document with the first alternative of each member, "<NAME>", and its options; what the text must
 * be goes to `wanted`. */
static json_t *document(const struct row *r, struct buf *wanted)
{
	json_t *doc = json_object();
	size_t n, letter = 0;

	json_object_set_new(doc, "answer_key_of_no_use", json_string("x"));
	for (const char *p = r->members; *p; p += n + (p[n] == ',')) {
		size_t k = strcspn(p, "|,");

		n = strcspn(p, ",");
		buf_printf(wanted, "%s<%.*s>", wanted->len ? "\n" : "", (int)k, p);
		char *value = mem_printf("<%.*s>", (int)k, p);

		put(doc, p, k, json_string(value));
		mem_free(value);
	}
	n = strcspn(r->options, "|");
	if (!n)
		return doc;
	if (memchr(r->options, ',', n)) {
		for (const char *p = r->options; p < r->options + n;) {
			size_t k = strcspn(p, ",|");
			char *value = mem_printf("[%.*s]", (int)k, p);

			put(doc, p, k, json_string(value));
			buf_printf(wanted, "\n%c. %s", (char)('A' + letter++), value);
			mem_free(value);
			p += k + 1;
		}
		return doc;
	}
	json_t *list = json_array();

	json_array_append_new(list, json_string("yes"));
	json_array_append_new(list, json_string("no"));
	put(doc, r->options, n, list);
	buf_adds(wanted, "\nA. yes\nB. no");
	return doc;
}

TEST(every_task_of_the_table)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf wanted = BUF_INIT;
		json_t *doc = document(&rows[i], &wanted);

		for (const char *p = rows[i].names; *p;) {
			size_t n = strcspn(p, " ");
			char *task = mem_printf("%.*s", (int)n, p), *text;

			for (char *q = task; *q; q++)
				*q = *q == '*' || *q == '?' ? 'x' : *q;
			text = text_of(task, doc, NULL, LM_EVAL_TEMPLATE);
			if (!text || strcmp(text, buf_str(&wanted)))
				fail_msg("%s\ngot:    %s\nwanted: %s", task,
				    text ? text : "nothing", buf_str(&wanted));
			mem_free(text);
			mem_free(task);
			p += n + (p[n] == ' ');
		}
		json_decref(doc);
		buf_clear(&wanted);
	}
}

/* Task, document, depth, text. */
static const struct {
	const char *task, *doc;
	enum lm_eval_depth depth;
	const char *text;
} texts[] = {
    {"new", "{\"question\": \"Q?\", \"choices\": \"['a', \\\"b's\\\"]\"}", 0, "Q?\nA. a\nB. b's"},
    {"new", "{\"question\": \"Q?\", \"options\": {\"A\": \"a\", \"B\": \"b\"}, \"answer\": \"A\"}",
	0, "Q?\nA. a\nB. b"},
    {"new", "{\"question\": \"Q?\", \"options\": [[\"x\"], 2]}", 0, "Q?\nA. [\"x\"]\nB. 2"},
    {"new", "{\"context\": \"C\", \"query\": \"Q\", \"label\": 1}", 0, "C\nQ"},
    {"new", "{\"premise\": \"P\", \"hypothesis\": \"H\"}", 0, "P\nH"},
    {"new", "{\"A\": \"a\", \"B\": \"b\", \"question\": \"Q\", \"C\": \"\"}", 0, "Q\nA. a\nB. b"},
    {"new", "{\"stimulus\": \"S\", \"id\": 3}", 0, "S"},
    {"new", "{\"stimulus\": \"S\", \"probe\": [\"x\", \"y\"], \"gold\": 3}", 0,
	"stimulus: S\nprobe: x\ny"},
    {"new", "{\"id\": 3}", 0, "3"},
    {"new", "\"a document that is a text\"", 0, "a document that is a text"},
    {"new", "{\"question\": \"Q\", \"scene\": \"S\", \"answer\": \"A\"}", LM_EVAL_TELLING,
	"Q\nscene: S"},
    {"new", "{\"question\": \"Q\", \"scene\": \"S\", \"answer\": \"A\"}", LM_EVAL_WHOLE,
	"Q\nscene: S\nanswer: A"},
    {"leaderboard_musr_x", "{\"narrative\": \"N\", \"question\": \"Q\", \"choices\": \"['a']\"}", 0,
	"N\nQ\nA. a"},
    {"tinyMMLU", "{\"question\": \"Q\", \"choices\": [\"a\"], \"input_formatted\": \"F\"}", 0,
	"Q\nA. a"},
    /* A document that lacks what the task's template asks. */
    {"piqa", "{\"question\": \"Q\", \"choices\": [\"a\"]}", 0, "Q\nA. a"},
};

TEST(documents)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		json_t *doc = json_read(texts[i].doc, strlen(texts[i].doc), "doc", NULL);
		char *text = text_of(texts[i].task, doc, NULL, texts[i].depth);

		assert_non_null(doc);
		assert_non_null(text);
		assert_string_equal(text, texts[i].text);
		mem_free(text);
		json_decref(doc);
	}
}

TEST(prompts)
{
	static const char *const prompts[] = {
	    "[[\"Q: one?\\nA: 1\\n\\nQ: two?\\nA:\", \" 2\"]]",
	    "{\"gen_args_0\": {\"arg_0\": \"Q: two?\\nA:\"}}",
	    "{\"gen_args_0\": {\"arg_0\": \"<|im_start|>user\\nQ: two?\\nA:<|im_end|>\\n"
	    "<|im_start|>assistant\\n\"}}",
	    "{\"gen_args_0\": {\"arg_0\": \"[INST] Q: two?\\nA: [/INST]\"}}",
	    "{\"gen_args_0\": {\"arg_0\": \"[{\\\"role\\\": \\\"user\\\", \\\"content\\\": \\\"Q: "
	    "two?\\\\nA:\\\"}]\"}}",
	    "{\"gen_args_0\": {\"arg_0\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", "
	    "\"text\": \"Q: two?\\nA:\"}]}]}}",
	};
	json_t *doc = json_object();

	for (size_t i = 0; i < sizeof(prompts) / sizeof(prompts[0]); i++) {
		json_t *v = json_read(prompts[i], strlen(prompts[i]), "arguments", NULL);
		char *text = text_of("new", doc, v, LM_EVAL_TEMPLATE);

		assert_non_null(text);
		assert_string_equal(text, "Q: two?\nA:");
		mem_free(text);
		json_decref(v);
	}
	assert_null(text_of("new", doc, NULL, LM_EVAL_TEMPLATE));
	assert_null(text_of("new", NULL, NULL, LM_EVAL_WHOLE));
	json_decref(doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_task_of_the_table),
	    cmocka_unit_test(documents),
	    cmocka_unit_test(prompts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
