/* What lm-evaluation-harness's task templates put together, put together again from the dataset row
 * (`doc`): the prompt itself also holds few shots and chat templates, which differ from run to run.
 *
 * lm_eval_tasks.def says by task which members make the text. For other tasks, and where a document
 * lacks them, members are known by what they are usually called. */
#include "ingest/lm_eval_doc.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ingest/python_list.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct task {
	const char *names, *members, *options;
};

static const struct task tasks[] = {
#define TASK(names, members, options) {names, members, options},
#include "ingest/lm_eval_tasks.def"
#undef TASK
};

/* Usual names, in the order of the text; of each line the first that is there. */
static const char usual_members[] =
    "context|passage|paragraph|narrative|flores_passage|article|story|body|Body|Context|support|"
    "background|document|document_str|abstract|preamble|startphrase|scenario|situation|CONTEXTS|,"
    "premise|,word|,sentence1|,sentence2|,hypothesis|,"
    "question|query|goal|Problem|problem|Question|instruction|question_stem|qtext|question_str|"
    "QUESTION|prompt|input|inputs|text|sentence|ctx|content|";
static const char usual_options[] =
    "choices|choices.text|options|endings|answer_options|multiple_choice_targets|sol1,sol2|"
    "answerA,answerB,answerC,answerD|opa,opb,opc,opd|"
    "mc_answer1,mc_answer2,mc_answer3,mc_answer4|choice1,choice2,choice3,choice4,choice5|"
    "option1,option2,option3,option4,option5|op1,op2,op3,op4,op5|"
    "option_a,option_b,option_c,option_d,option_e|ending0,ending1,ending2,ending3|"
    "ending_1,ending_2,ending_3,ending_4|ans0,ans1,ans2|A,B,C,D,E,F,G,H,I,J|"
    "Option 1,Option 2,Option 3,Option 4,Option 5|answer_a,answer_b,answer_c,answer_d|"
    "sentence_good,sentence_bad|sent_more,sent_less|alternative_1,alternative_2|"
    "sentence_quiz1,sentence_quiz2|candidates|classes|"
    "option_0,option_1,option_2,option_3,option_4,option_5,option_6,option_7,option_8,option_9|"
    "Option A,Option B,Option C,Option D,Option E";

/* Members that tell what the answer is, or which row it was: no part of a question. */
static const char *const untelling[] = {"label", "labels", "answer", "answers", "answerkey",
    "answer_*", "*_answer", "answer?idx", "target", "targets", "gold", "gold_*", "correct*",
    "*correct*", "solution*", "rationale*", "explanation*", "cot*", "final_decision", "code",
    "canonical_solution", "idx", "id", "*_id", "*id", "index", "uid", "hash", "split", "source",
    "src", "link", "url", "*metadata*", "best_answer", "mc?_targets", "ra", "aid", "year"};

/* Member `name` (n bytes) of the document, or b of a in "a.b"; the elements' where a is a list. */
static json_t *find(const json_t *doc, const char *name, size_t n)
{
	const char *dot;
	char key[64];
	json_t *v, *list, *part;
	size_t i;

	if (n >= sizeof(key))
		return NULL;
	snprintf(key, sizeof(key), "%.*s", (int)n, name);
	v = json_object_get(doc, key);
	if (v)
		return json_incref(v);
	dot = memchr(name, '.', n);
	if (!dot)
		return NULL;
	snprintf(key, sizeof(key), "%.*s", (int)(dot - name), name);
	v = json_object_get(doc, key);
	snprintf(key, sizeof(key), "%.*s", (int)(n - (size_t)(dot - name) - 1), dot + 1);
	if (!json_is_array(v))
		return json_incref(json_object_get(v, key));
	list = json_array();
	json_array_foreach(v, i, part)
	{
		if (json_object_get(part, key))
			json_array_append(list, json_object_get(part, key));
	}
	return list;
}

static bool add_text(const char *s, size_t n, struct buf *out)
{
	if (!n)
		return false;
	if (out->len)
		buf_addc(out, '\n');
	return buf_add(out, s, n);
}

/* A value as text: a string, the strings of a list a line each, anything else as JSON. */
static bool add_value(const json_t *v, struct buf *out)
{
	size_t i, before = out->len;
	const json_t *part;
	char *text;

	if (json_is_null(v))
		return false;
	if (json_is_string(v))
		return add_text(json_string_value(v), json_string_length(v), out);
	if (json_is_array(v)) {
		json_array_foreach(v, i, part)
		{
			if (json_is_string(part))
				add_text(json_string_value(part), json_string_length(part), out);
			else if (!json_is_null(part)) {
				text = json_compact(part);
				add_text(text, strlen(text), out);
				mem_free(text);
			}
		}
		return out->len > before;
	}
	text = json_compact(v);
	add_text(text, strlen(text), out);
	mem_free(text);
	return true;
}

static void add_option(struct buf *out, size_t i, const char *text, size_t n)
{
	if (out->len)
		buf_addc(out, '\n');
	if (i < 26)
		buf_printf(out, "%c. ", (char)('A' + i));
	else
		buf_printf(out, "%zu. ", i + 1);
	buf_add(out, text, n);
}

/* "['Ada', 'Bruno']", a list of Python as a string. False where it is none. */
static bool add_python_list(const char *p, size_t n, struct buf *out)
{
	struct buf all = BUF_INIT;
	size_t k = 0;
	bool ok = n && *p == '[' && python_list(p, n, '\0', &all) && all.len;

	for (const char *one = buf_str(&all); ok && one < all.s + all.len; one += strlen(one) + 1)
		add_option(out, k++, one, strlen(one));
	buf_clear(&all);
	return ok;
}

/* The options in one member: a list, an object by letter, a list of Python, or a text. */
static bool add_option_list(const json_t *v, struct buf *out)
{
	const json_t *part;
	const char *key;
	size_t i, n = 0;

	if (json_is_string(v))
		return add_python_list(json_string_value(v), json_string_length(v), out) ||
		       add_text(json_string_value(v), json_string_length(v), out);
	if (json_is_array(v)) {
		json_array_foreach(v, i, part)
		{
			char *text = json_is_string(part) ? NULL : json_compact(part);

			if (text)
				add_option(out, i, text, strlen(text));
			else
				add_option(
				    out, i, json_string_value(part), json_string_length(part));
			mem_free(text);
			n++;
		}
		return n > 0;
	}
	json_object_foreach((json_t *)v, key, part)
	{
		if (!json_is_string(part))
			return n > 0;
		add_option(out, n++, json_string_value(part), json_string_length(part));
	}
	return n > 0;
}

/* The members of one alternative, "sol1,sol2", as options; a single one is a list of them. */
static bool add_alternative(const json_t *doc, const char *p, size_t n, struct buf *out)
{
	size_t count = 0, from = 0;

	if (!memchr(p, ',', n)) {
		json_t *v = find(doc, p, n);
		bool added = v && add_option_list(v, out);

		json_decref(v);
		return added;
	}
	for (size_t to = 0; to <= n; to++) {
		json_t *v;

		if (to < n && p[to] != ',')
			continue;
		v = find(doc, p + from, to - from);
		if (!count && !json_is_string(v)) { /* the first must be there */
			json_decref(v);
			return false;
		}
		if (json_is_string(v) && json_string_length(v))
			add_option(out, count++, json_string_value(v), json_string_length(v));
		else if (json_is_number(v)) {
			char *text = json_compact(v);

			add_option(out, count++, text, strlen(text));
			mem_free(text);
		}
		json_decref(v);
		from = to + 1;
	}
	return count > 0;
}

static bool add_options(const json_t *doc, const char *list, struct buf *out)
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, "|");

		if (add_alternative(doc, p, n, out))
			return true;
		p += n + (p[n] == '|');
	}
	return false;
}

/* Each group "a|b|c" in turn: the first of it that the document has. A group that ends in '|' may be
 * lacking. False where one lacks that may not. */
static bool add_members(const json_t *doc, const char *list, struct buf *out)
{
	for (const char *p = list; *p;) {
		size_t n = strcspn(p, ","), from = 0;
		bool added = false;

		for (size_t to = 0; to <= n && !added; to++) {
			json_t *v;

			if (to < n && p[to] != '|')
				continue;
			v = to > from ? find(doc, p + from, to - from) : NULL;
			added = v && add_value(v, out);
			added = added || (to == n && to > 0 && p[to - 1] == '|');
			json_decref(v);
			from = to + 1;
		}
		if (!added)
			return false;
		p += n + (p[n] == ',');
	}
	return true;
}

static bool fits(const char *globs, const char *task)
{
	char glob[64];

	for (const char *p = globs; *p;) {
		size_t n = strcspn(p, " ");

		snprintf(glob, sizeof(glob), "%.*s", (int)n, p);
		if (utf8_glob(glob, task))
			return true;
		p += n + (p[n] == ' ');
	}
	return false;
}

static const struct task *find_task(const char *task)
{
	static const char *const fronts[] = {"leaderboard_", "metabench_", "tiny"};

	for (size_t i = 0; i < sizeof(fronts) / sizeof(fronts[0]); i++)
		if (!strncasecmp(task, fronts[i], strlen(fronts[i])))
			task += strlen(fronts[i]);
	for (size_t i = 0; i < sizeof(tasks) / sizeof(tasks[0]); i++)
		if (fits(tasks[i].names, task))
			return &tasks[i];
	return NULL;
}

bool lm_eval_is_task(const char *name)
{
	return find_task(name) != NULL;
}

static bool is_telling(const char *member)
{
	for (size_t i = 0; i < sizeof(untelling) / sizeof(untelling[0]); i++)
		if (utf8_glob(untelling[i], member))
			return false;
	return true;
}

/* Is the text whole lines of the other? */
static bool has_lines(const struct buf *text, const struct buf *lines)
{
	const char *at = buf_str(text), *end = at + text->len;

	while ((at = memmem(at, (size_t)(end - at), lines->s, lines->len))) {
		if ((at == text->s || at[-1] == '\n') &&
		    (at + lines->len == end || at[lines->len] == '\n'))
			return true;
		at++;
	}
	return false;
}

/* Every member, or every telling one, as "name: value", but what `out` says already; a lone one
 * without its name. */
static void add_rest(const json_t *doc, bool all, struct buf *out)
{
	bool alone = out->len == 0;
	const char *key;
	const json_t *v;
	size_t n = 0;

	json_object_foreach((json_t *)doc, key, v) n += all || is_telling(key);
	json_object_foreach((json_t *)doc, key, v)
	{
		struct buf one = BUF_INIT;

		if ((all || is_telling(key)) && add_value(v, &one) &&
		    !(is_telling(key) && has_lines(out, &one))) {
			if (out->len)
				buf_addc(out, '\n');
			if (n > 1 || !alone)
				buf_printf(out, "%s: ", key);
			buf_add(out, one.s, one.len);
		}
		buf_clear(&one);
	}
}

static bool add_template(const char *task, const json_t *doc, struct buf *out)
{
	const struct task *t = find_task(task);

	if (t && add_members(doc, t->members, out) && out->len) {
		add_options(doc, t->options, out);
		return true;
	}
	buf_reset(out);
	add_members(doc, usual_members, out);
	add_options(doc, usual_options, out);
	if (!out->len)
		add_rest(doc, false, out);
	return out->len > 0;
}

/* The prompt of the first request: {"gen_args_0": {"arg_0": prompt}} since 0.4.3, before that
 * [[prompt, continuation], ...]; a prompt may be a list of messages, or that as a string. */
static void last_message(const json_t *messages, struct buf *out)
{
	const json_t *last = json_array_get(messages, json_array_size(messages) - 1);
	const json_t *content = json_object_get(last, "content");

	if (json_is_string(content))
		buf_adds(out, json_string_value(content));
	else
		add_value(json_object_get(json_array_get(content, 0), "text"), out);
}

static void first_prompt(const json_t *arguments, struct buf *out)
{
	const json_t *first = json_is_array(arguments) ? json_array_get(arguments, 0)
						       : json_object_get(arguments, "gen_args_0");
	const json_t *prompt =
	    json_is_array(first) ? json_array_get(first, 0) : json_object_get(first, "arg_0");
	const char *text = json_string_value(prompt);
	json_t *parsed = NULL;

	if (json_is_array(prompt)) {
		last_message(prompt, out);
		return;
	}
	if (text && !strncmp(text, "[{\"", 3))
		parsed = json_read(text, strlen(text), "prompt", NULL);
	if (json_is_array(parsed))
		last_message(parsed, out);
	else if (text)
		buf_adds(out, text);
	json_decref(parsed);
}

/* Marks that chat templates put around what is said. */
static const char *const marks[] = {"<|im_start|>", "<|im_end|>", "<|eot_id|>",
    "<|start_header_id|>", "<|end_header_id|>", "<|begin_of_text|>", "<start_of_turn>",
    "<end_of_turn>", "[INST]", "[/INST]", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>",
    "<bos>", "<s>", "</s>", "<|endoftext|>", "<|User|>", "<|Assistant|>"};

static size_t mark_at(const char *p)
{
	for (size_t i = 0; *p && strchr("<[", *p) && i < sizeof(marks) / sizeof(marks[0]); i++)
		if (!strncmp(p, marks[i], strlen(marks[i])))
			return strlen(marks[i]);
	return 0;
}

/* The last block of the prompt that says something: without marks, and without the roles alone on
 * the line between them. */
static bool add_prompt(const json_t *arguments, struct buf *out)
{
	struct buf prompt = BUF_INIT, plain = BUF_INIT;
	const char *block, *next;
	bool ok;

	first_prompt(arguments, &prompt);
	for (const char *p = buf_str(&prompt); *p;) {
		size_t n = mark_at(p);

		if (n) {
			p += n;
			n = strcspn(p, "\n<");
			if ((n == 4 && !strncmp(p, "user", 4)) ||
			    (n == 9 && !strncmp(p, "assistant", 9)) ||
			    (n == 5 && !strncmp(p, "model", 5)) ||
			    (n == 6 && !strncmp(p, "system", 6)))
				p += n;
			continue;
		}
		buf_addc(&plain, *p++);
	}
	while (plain.len && strchr(" \n\t", plain.s[plain.len - 1]))
		plain.s[--plain.len] = '\0';
	block = buf_str(&plain);
	while ((next = strstr(block, "\n\n")) && next[2])
		block = next + 2;
	block += strspn(block, " \n\t");
	ok = *block && buf_adds(out, block);
	buf_clear(&prompt);
	buf_clear(&plain);
	return ok;
}

bool lm_eval_text(const char *task, const json_t *doc, const json_t *arguments,
    enum lm_eval_depth depth, struct buf *out)
{
	if (json_is_string(doc))
		return add_value(doc, out);
	if (!json_object_size(doc) || !add_template(task, doc, out)) {
		add_rest(doc, true, out);
		if (!out->len)
			return add_prompt(arguments, out);
	}
	if (depth != LM_EVAL_TEMPLATE)
		add_rest(doc, depth == LM_EVAL_WHOLE, out);
	return true;
}
