#include "ingest/question.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

void question_content(const json_t *content, struct buf *out)
{
	const json_t *v;
	size_t i;

	if (json_is_string(content))
		buf_adds(out, json_string_value(content));
	json_array_foreach(content, i, v)
	{
		const char *text = json_get_string(v, "text"), *kind = json_get_string(v, "type");

		if (!text)
			text = json_string_value(v);
		if (i)
			buf_addc(out, '\n');
		if (text)
			buf_adds(out, text);
		else if (kind)
			buf_printf(out, "(%s)", kind);
	}
}

static const json_t *content_of(const json_t *message)
{
	const json_t *v = json_object_get(message, "content");

	return v ? v : json_object_get(message, "prompt");
}

static bool is_role(const json_t *message, const char *const *roles, size_t n)
{
	const char *role = json_get_string(message, "role");

	for (size_t i = 0; role && i < n; i++)
		if (!strcasecmp(role, roles[i]))
			return true;
	return false;
}

static bool is_user(const json_t *message)
{
	static const char *const roles[] = {"user", "human"};

	return is_role(message, roles, 2);
}

static bool is_answer(const json_t *message)
{
	static const char *const roles[] = {"assistant", "bot", "ai", "model", "tool"};

	return is_role(message, roles, 5);
}

/* How many messages lead up to the question: those after it are answers. */
static size_t prompt_length(const json_t *messages)
{
	size_t n = json_array_size(messages), end = n;

	while (end && !is_user(json_array_get(messages, end - 1)))
		end--;
	if (end)
		return end;
	for (end = n; end && is_answer(json_array_get(messages, end - 1));)
		end--;
	return end;
}

static void add_conversation(const json_t *messages, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *m = json_array_get(messages, i);
		const char *role = json_get_string(m, "role");

		buf_printf(out, "%s%s: ", i ? "\n\n" : "", role ? role : "?");
		question_content(content_of(m), out);
	}
}

bool question_messages(const json_t *prompt, struct buf *out, struct buf *more)
{
	size_t n = prompt_length(prompt), before = out->len;

	if (json_is_string(prompt)) {
		buf_adds(out, json_string_value(prompt));
		return out->len > before;
	}
	/* Some logs wrap one chat into a list of chats. */
	if (json_array_size(prompt) == 1 && json_is_array(json_array_get(prompt, 0)))
		return question_messages(json_array_get(prompt, 0), out, more);
	if (!n)
		return false;
	question_content(content_of(json_array_get(prompt, n - 1)), out);
	if (out->len == before)
		return false;
	if (more && n > 1)
		add_conversation(prompt, n, more);
	return true;
}

void question_options(const json_t *options, struct buf *out)
{
	bool there = true;
	const json_t *v;
	size_t i;

	json_array_foreach(options, i, v)
	{
		const char *s = json_string_value(v);

		there = there && s && strstr(buf_str(out), s);
	}
	if (there)
		return;
	json_array_foreach(options, i, v)
	{
		if (out->len)
			buf_addc(out, '\n');
		if (i < 26)
			buf_printf(out, "%c. ", (char)('A' + i));
		else
			buf_printf(out, "%zu. ", i + 1);
		if (json_is_string(v)) /* continuations begin with a blank */
			buf_adds(out, json_string_value(v) + strspn(json_string_value(v), " "));
		else
			question_content(v, out);
	}
}
