#include "ingest/files.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/walk.h"

#include <string.h>

struct stream *files_peek(struct ingest *in, size_t i, struct ingest_head *h, struct err *e)
{
	struct stream *s = ingest_open(in, i, e);

	*h = (struct ingest_head){.path = in->files[i]};
	if (s && stream_peek(s, INGEST_HEAD_SIZE, &h->p, &h->n, e))
		return s;
	stream_close(s);
	return NULL;
}

json_t *files_document(struct stream *s, struct err *e)
{
	struct buf text;
	json_t *v = NULL;
	const char *p;
	size_t n = 1;
	bool ok = true;

	buf_init(&text, WALK_VALUE_LIMIT);
	while (ok && n) {
		ok = stream_read(s, &p, &n, e);
		if (ok && !buf_add(&text, p, n))
			ok = err_set(e, ERR_DATA, "%s: over %zu MiB, which no file of this kind is",
			    stream_name(s), WALK_VALUE_LIMIT >> 20);
	}
	if (ok)
		v = json_read(buf_str(&text), text.len, stream_name(s), e);
	buf_clear(&text);
	return v;
}

static const char *const packed[] = {"", ".gz", ".zst", ".xz"};

/* The folder `up` levels above that of the file; mem_free. */
static char *folder_above(const char *path, unsigned up)
{
	char *dir = file_dir(path);

	for (; up; up--) {
		char *above = file_dir(dir);

		mem_free(dir);
		dir = above;
	}
	return dir;
}

const char *files_beside(struct ingest *in, const char *path, unsigned up, const char *name)
{
	char *dir = folder_above(path, up);
	const char *found = NULL;

	for (size_t i = 0; !found && i < sizeof(packed) / sizeof(packed[0]); i++) {
		const char *at = arena_printf(&in->arena, "%s/%s%s", dir, name, packed[i]);

		if (file_exists(at) && !file_is_dir(at))
			found = at;
	}
	mem_free(dir);
	return found;
}

const char *files_folder(struct ingest *in, const char *path, unsigned up)
{
	char *dir = folder_above(path, up);
	const char *name = file_base(dir);

	name = strcmp(name, ".") && strcmp(name, "..") ? arena_strdup(&in->arena, name) : "";
	mem_free(dir);
	return name;
}
