/* What lm-evaluation-harness's task templates put together, put together again from the dataset row
 * (`doc`): the prompt itself also holds the few shots, which differ from run to run. */
#include "ingest/lm_eval_doc.h"

#include "base/buf.h"

#include <string.h>

static bool add_member(const json_t *doc, const char *key, struct buf *out)
{
	const char *s = json_get_string(doc, key);

	if (!s || !*s)
		return false;
	if (out->len)
		buf_addc(out, '\n');
	buf_adds(out, s);
	return true;
}

static void add_option(struct buf *out, size_t i, const char *text)
{
	if (i < 26)
		buf_printf(out, "\n%c. ", (char)('A' + i));
	else
		buf_printf(out, "\n%zu. ", i + 1);
	buf_adds(out, text);
}

static bool add_array(const json_t *options, struct buf *out)
{
	const json_t *v;
	size_t i;

	if (!json_is_array(options) || !json_array_size(options))
		return false;
	json_array_foreach(options, i, v) if (json_is_string(v))
	    add_option(out, i, json_string_value(v));
	return true;
}

static void add_members_as_options(
    const json_t *doc, const char *const *keys, size_t n, struct buf *out)
{
	const char *s;

	for (size_t i = 0; i < n; i++) {
		s = json_get_string(doc, keys[i]);
		if (s)
			add_option(out, i, s);
	}
}

static void add_options(const json_t *doc, struct buf *out)
{
	/* piqa, social_iqa, medmcqa, winogrande */
	static const char *const sets[][4] = {
	    {"sol1", "sol2"},
	    {"answerA", "answerB", "answerC"},
	    {"opa", "opb", "opc", "opd"},
	    {"option1", "option2"},
	};
	const json_t *choices = json_object_get(doc, "choices");
	const json_t *options = json_object_get(doc, "options");

	/* mmlu and hellaswag: a list; arc: {"text": [...], "label": [...]}; logiqa: options */
	if (add_array(choices, out) || add_array(json_object_get(choices, "text"), out) ||
	    add_array(options, out))
		return;
	if (json_is_string(options)) { /* mathqa: "a ) 1 , b ) 2 ..." */
		buf_addc(out, '\n');
		buf_adds(out, json_string_value(options));
		return;
	}
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		size_t n = 0;

		while (n < 4 && sets[i][n])
			n++;
		if (json_get_string(doc, sets[i][0])) {
			add_members_as_options(doc, sets[i], n, out);
			return;
		}
	}
}

static bool add_document(const json_t *doc, struct buf *out)
{
	static const char *const before[] = {"context", "passage", "body"};
	static const char *const names[] = {
	    "question", "query", "goal", "Problem", "problem", "Question", "prompt", "sentence"};

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
		if (add_member(doc, before[i], out))
			break;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (add_member(doc, names[i], out)) {
			add_options(doc, out);
			return true;
		}
	}
	buf_reset(out);
	return false;
}

/* The prompt of the first request: {"gen_args_0": {"arg_0": prompt}} since 0.4.3, before that
 * [[prompt, continuation], ...]. */
static const char *first_prompt(const json_t *sample)
{
	const json_t *arguments = json_object_get(sample, "arguments");
	const json_t *first = json_is_array(arguments) ? json_array_get(arguments, 0)
						       : json_object_get(arguments, "gen_args_0");

	return json_string_value(
	    json_is_array(first) ? json_array_get(first, 0) : json_object_get(first, "arg_0"));
}

bool lm_eval_text(const json_t *sample, struct buf *out)
{
	const char *prompt, *block, *next;

	if (add_document(json_object_get(sample, "doc"), out))
		return true;
	prompt = first_prompt(sample);
	if (!prompt)
		return false;
	block = prompt;
	while ((next = strstr(block, "\n\n")) && next[2])
		block = next + 2;
	return *block && buf_adds(out, block);
}
