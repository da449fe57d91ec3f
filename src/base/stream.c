/* libarchive's "raw" format is a file of one member: whatever the decompression filters yield. */
#include "base/stream.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 << 10)

struct stream {
	struct archive *archive;
	char *name;
	int fd;
	bool member;        /* of an archive that is another's */
	uint64_t file_size; /* 0 where unknown */
	const char *p;      /* [p, p + n): decompressed, not yet handed out */
	size_t n;
	bool end;         /* the archive has no more */
	struct buf held;  /* what peek looked at */
	struct buf line;  /* a line that spans chunks */
	uint64_t line_no; /* of the line handed out last */
	bool as_text;     /* hand out UTF-8 */
	struct charset_reader charset;
	struct buf decoded; /* a chunk of another encoding */
};

static bool archive_err(struct stream *s, struct err *e)
{
	const char *why = archive_error_string(s->archive);

	return err_set(e, ERR_DATA, "%s: %s", s->name, why ? why : "cannot be decompressed");
}

static bool open_archive(struct stream *s, struct err *e)
{
	struct archive_entry *entry;
	struct archive *a = s->archive;
	int rc;

	/* Not "all" filters: some of those run external programs. */
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_empty(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_fd(a, s->fd, READ_SIZE) != ARCHIVE_OK)
		return archive_err(s, e);
	rc = archive_read_next_header(a, &entry);
	if (rc == ARCHIVE_EOF)
		s->end = true;
	else if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN)
		return archive_err(s, e);
	return true;
}

static struct stream *new_stream(char *name)
{
	struct stream *s = mem_zero_array(1, sizeof(*s));

	s->name = name;
	buf_init(&s->held, BUF_DEFAULT_MAX);
	buf_init(&s->line, BUF_DEFAULT_MAX);
	buf_init(&s->decoded, BUF_DEFAULT_MAX);
	return s;
}

/* A file with nothing read; its archive is new. */
static struct stream *open_file(const char *path, struct err *e)
{
	bool is_stdin = !strcmp(path, "-");
	struct stream *s = new_stream(mem_strdup(is_stdin ? "<stdin>" : path));
	struct stat st;

	s->fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0 || fstat(s->fd, &st)) {
		err_errno(e, ERR_DATA, "%s", s->name);
		goto fail;
	}
	if (S_ISDIR(st.st_mode)) {
		err_set(e, ERR_DATA, "%s: is a directory", s->name);
		goto fail;
	}
	if (S_ISREG(st.st_mode) && !is_stdin)
		s->file_size = (uint64_t)st.st_size;
	s->archive = archive_read_new();
	if (!s->archive)
		die("out of memory");
	return s;
fail:
	stream_close(s);
	return NULL;
}

void stream_as_text(struct stream *s)
{
	s->as_text = true;
}

enum charset stream_charset(const struct stream *s)
{
	return s->charset.is;
}

struct stream *stream_open(const char *path, struct err *e)
{
	struct stream *s = open_file(path, e);

	if (s && open_archive(s, e))
		return s;
	stream_close(s);
	return NULL;
}

/* Fetch the next chunk into p, n; n == 0 at the end. */
static bool refill(struct stream *s, struct err *e)
{
	const void *p;
	la_int64_t at;
	int rc;

	s->n = 0;
	while (!s->n && !s->end) {
		rc = archive_read_data_block(s->archive, &p, &s->n, &at);
		if (rc == ARCHIVE_EOF) {
			s->end = true;
			s->n = 0;
		} else if (rc != ARCHIVE_OK && rc != ARCHIVE_WARN) {
			s->n = 0;
			return archive_err(s, e);
		}
		s->p = p;
		buf_reset(&s->decoded);
		if (s->as_text && !s->end &&
		    !charset_decode(&s->charset, &s->p, &s->n, &s->decoded))
			return err_set(e, ERR_DATA, "%s: too large a part to decode", s->name);
	}
	return true;
}

/* Move over k bytes of what is at p. */
static void consume(struct stream *s, size_t k)
{
	if (!k) /* p may be NULL */
		return;
	s->p += k;
	s->n -= k;
}

bool stream_read(struct stream *s, const char **p, size_t *n, struct err *e)
{
	if (!s->n && !refill(s, e))
		return false;
	*p = s->p ? s->p : "";
	*n = s->n;
	consume(s, s->n);
	return true;
}

bool stream_line(struct stream *s, size_t max, const char **p, size_t *n, bool *got, struct err *e)
{
	const char *text, *newline = NULL;
	bool spans = false, too_long = false;
	size_t len;

	buf_reset(&s->line);
	for (;;) {
		if (!s->n && !refill(s, e))
			return false;
		if (!s->n)
			break;
		newline = memchr(s->p, '\n', s->n);
		len = newline ? (size_t)(newline - s->p) : s->n;
		too_long = too_long || s->line.len + len > max;
		if (newline && !spans)
			break; /* the common case: hand out the chunk's own bytes */
		spans = true;
		if (!too_long && !buf_add(&s->line, s->p, len))
			too_long = true;
		consume(s, newline ? len + 1 : len);
		if (newline)
			break;
	}
	if (!spans && !newline) {
		*got = false;
		return true;
	}
	s->line_no++;
	if (spans) {
		text = buf_str(&s->line);
		len = s->line.len;
	} else {
		text = s->p;
		len = (size_t)(newline - s->p);
		consume(s, len + 1);
	}
	if (too_long)
		return err_set(e, ERR_DATA, "%s:%llu: a line over %zu bytes", s->name,
		    (unsigned long long)s->line_no, max);
	if (len > 0 && text[len - 1] == '\r')
		len--;
	*p = text;
	*n = len;
	*got = true;
	return true;
}

uint64_t stream_line_no(const struct stream *s)
{
	return s->line_no;
}

double stream_fraction(const struct stream *s)
{
	double f;

	if (!s->file_size)
		return -1;
	f = (double)archive_filter_bytes(s->archive, -1) / (double)s->file_size;
	return f < 1 ? f : 1;
}

const char *stream_name(const struct stream *s)
{
	return s->name;
}

bool stream_peek(struct stream *s, size_t n, const char **p, size_t *got, struct err *e)
{
	/* What was fetched so far goes to `held`, and `held` becomes what is not yet handed out. */
	while (s->n < n) {
		if (s->p != s->held.s)
			buf_add(&s->held, s->p, s->n);
		if (!refill(s, e))
			return false;
		if (s->n && !buf_add(&s->held, s->p, s->n))
			return err_set(e, ERR_DATA, "%s: too large to look at", s->name);
		s->p = s->held.s;
		s->n = s->held.len;
		if (s->end)
			break;
	}
	*p = s->n ? s->p : "";
	*got = s->n < n ? s->n : n;
	return true;
}

void stream_close(struct stream *s)
{
	if (!s)
		return;
	if (!s->member) {
		archive_read_free(s->archive);
		if (s->fd > STDIN_FILENO)
			close(s->fd);
	}
	buf_clear(&s->held);
	buf_clear(&s->line);
	buf_clear(&s->decoded);
	mem_free(s->name);
	mem_free(s);
}

bool stream_read_all(const char *path, struct buf *b, struct err *e)
{
	struct stream *s = stream_open(path, e);
	const char *p;
	size_t n = 1;
	bool ok = s != NULL;

	while (ok && n) {
		ok = stream_read(s, &p, &n, e);
		if (ok && !buf_add(b, p, n))
			ok = err_set(e, ERR_DATA, "%s: over %zu bytes", stream_name(s), b->max);
	}
	stream_close(s);
	return ok;
}

static bool take_member(struct stream *zip, struct archive_entry *entry, stream_member_fn *take,
    void *arg, struct err *e)
{
	const char *name = archive_entry_pathname_utf8(entry);
	struct stream *s;
	bool ok;

	if (!name)
		name = archive_entry_pathname(entry);
	if (!name)
		name = "";
	s = new_stream(mem_printf("%s:%s", zip->name, name));
	s->archive = zip->archive;
	s->member = true;
	s->file_size = zip->file_size;
	ok = take(arg, name, s, e);
	stream_close(s);
	return ok;
}

bool stream_members(const char *path, stream_member_fn *take, void *arg, struct err *e)
{
	struct stream *zip = open_file(path, e);
	struct archive_entry *entry;
	bool ok = zip != NULL;
	int rc = ARCHIVE_OK;

	if (!ok)
		return false;
	archive_read_support_format_zip(zip->archive);
	if (archive_read_open_fd(zip->archive, zip->fd, READ_SIZE) != ARCHIVE_OK)
		ok = archive_err(zip, e);
	while (ok && (rc = archive_read_next_header(zip->archive, &entry)) != ARCHIVE_EOF) {
		ok = rc == ARCHIVE_OK || rc == ARCHIVE_WARN ? take_member(zip, entry, take, arg, e)
							    : archive_err(zip, e);
	}
	stream_close(zip);
	return ok;
}
