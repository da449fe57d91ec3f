/* script.h - keys from a file instead of a keyboard.
 *
 * A line is a sequence of keys in the notation of key.h; its end is no key. A line that begins with
 * '#' is a comment. Two keys are for scripts only: <Screen> prints the screen as it is at that point,
 * <Wait> waits until all background work is done; so are the commands ":screen FILE<Enter>" and
 * ":size WxH<Enter>".
 */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct stream;

struct script {
	struct stream *in;
	const char *line; /* of the stream */
	size_t n, at;
	const char *path;
};

/* "WxH", columns by rows, of the screen it draws on. */
bool script_parse_size(const char *s, int *rows, int *columns);
/* "-" is stdin. */
bool script_open(struct script *s, const char *path, struct err *e);
void script_close(struct script *s);
/* *key K_NONE at the end. False: the file cannot be read, or "FILE:LINE: no key '<x>'". */
bool script_next(struct script *s, uint32_t *key, struct err *e);

#endif
