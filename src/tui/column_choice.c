#include "tui/column_choice.h"

#include "base/mem.h"

#include <stddef.h>
#include <string.h>

static struct choice {
	char *table, *text;
} * choices;
static size_t n_choices, cap_choices;
static unsigned changes = 1;

static struct choice *find(const char *table)
{
	for (size_t i = 0; i < n_choices; i++)
		if (!strcmp(choices[i].table, table))
			return &choices[i];
	return NULL;
}

void column_choice_set(const char *table, const char *text)
{
	struct choice *c = find(table);

	changes++;
	if (!c) {
		choices = mem_grow(choices, &cap_choices, n_choices + 1, sizeof(*choices));
		c = &choices[n_choices++];
		*c = (struct choice){mem_strdup(table), NULL};
	}
	mem_free(c->text);
	c->text = text && *text ? mem_strdup(text) : NULL;
}

const char *column_choice(const char *table)
{
	const struct choice *c = table ? find(table) : NULL;

	return c ? c->text : NULL;
}

void column_choice_forget(void)
{
	for (size_t i = 0; i < n_choices; i++) {
		mem_free(choices[i].table);
		mem_free(choices[i].text);
	}
	mem_free(choices);
	choices = NULL;
	n_choices = cap_choices = 0;
	changes++;
}

unsigned column_choice_changes(void)
{
	return changes;
}
