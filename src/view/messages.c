#include "view/messages.h"

#include "base/mem.h"

#include <string.h>

void messages_clear(struct messages *m)
{
	for (size_t i = 0; i < m->n; i++)
		mem_free(m->v[i].text);
	mem_free(m->v);
	*m = (struct messages){0};
}

void messages_add(struct messages *m, enum message_level level, char *text)
{
	if (m->n == MESSAGES_MAX) {
		mem_free(m->v[0].text);
		memmove(m->v, m->v + 1, (MESSAGES_MAX - 1) * sizeof(*m->v));
		m->n--;
	}
	m->v = mem_grow(m->v, &m->cap, m->n + 1, sizeof(*m->v));
	m->v[m->n++] = (struct message){level, time(NULL), text};
	m->said++;
}

char messages_sign(enum message_level level)
{
	static const char sign[] = {
	    [MESSAGE_INFO] = 'i', [MESSAGE_WARN] = '!', [MESSAGE_ERROR] = 'E'};

	return sign[level];
}
