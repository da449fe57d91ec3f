/* By libarchive's reader for what one can seek in: it goes by the central directory, whose sizes are
 * right even where those before the data are not, and which a file that was cut short has lost. */
#include "base/zip.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

static bool zip_error(struct archive *z, const char *where, struct err *e)
{
	const char *why = archive_error_string(z);

	return err_set(e, ERR_DATA, "%s: %s", where, why ? why : "no zip archive");
}

static bool ends_in(const char *name, const char *tail)
{
	size_t n = name ? strlen(name) : 0, k = strlen(tail);

	return n >= k && !strcmp(name + n - k, tail);
}

/* Appends the data of the member that the reader stands at. */
static bool add_data(struct archive *z, const char *where, struct buf *out, struct err *e)
{
	const void *p;
	la_int64_t at;
	size_t n;
	int rc;

	while ((rc = archive_read_data_block(z, &p, &n, &at)) == ARCHIVE_OK || rc == ARCHIVE_WARN)
		if (!buf_add(out, p, n))
			return err_set(
			    e, ERR_DATA, "%s: a member of over %zu bytes", where, out->max);
	return rc == ARCHIVE_EOF || zip_error(z, where, e);
}

bool zip_member(const char *p, size_t n, const char *tail, const char *where, struct buf *out,
    bool *found, struct err *e)
{
	struct archive *z = archive_read_new();
	struct archive_entry *entry;
	int rc;
	bool ok;

	if (!z)
		die("out of memory");
	*found = false;
	archive_read_support_format_zip_seekable(z);
	ok = archive_read_open_memory(z, p, n) == ARCHIVE_OK || zip_error(z, where, e);
	while (ok && !*found && (rc = archive_read_next_header(z, &entry)) != ARCHIVE_EOF) {
		ok = rc == ARCHIVE_OK || rc == ARCHIVE_WARN || zip_error(z, where, e);
		*found = ok && ends_in(archive_entry_pathname(entry), tail);
	}
	ok = ok && (!*found || add_data(z, where, out, e));
	archive_read_free(z);
	return ok;
}
