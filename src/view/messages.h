/* messages.h - what the explorer has said, with times; the last one is a toast for a while. */
#ifndef VIEW_MESSAGES_H
#define VIEW_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum message_level { MESSAGE_INFO, MESSAGE_WARN, MESSAGE_ERROR };

struct message {
	enum message_level level;
	time_t when;
	char *text; /* any bytes; made printable when drawn */
};

#define MESSAGES_MAX 500

struct messages {
	struct message *v; /* oldest first */
	size_t n, cap;
	size_t said; /* ever; tells that there is a new one */
};

void messages_clear(struct messages *m);
/* Takes the text (mem_free). The oldest goes once there are too many. */
void messages_add(struct messages *m, enum message_level level, char *text);
/* "i", "!" or "E". */
char messages_sign(enum message_level level);

#endif
