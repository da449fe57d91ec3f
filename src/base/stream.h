/* stream.h - read a file that may be compressed (gz, zst, xz; by content, not by name), or the
 * members of a zip archive; the only door to libarchive. "-" is standard input. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/charset.h"

struct err;
struct buf;
struct stream;

struct stream *stream_open(const char *path, struct err *e);
/* Before any read or peek: what is handed out is UTF-8 without a byte order mark, whatever the file's
 * encoding (base/charset.h). */
void stream_as_text(struct stream *s);
enum charset stream_charset(const struct stream *s); /* as far as read */
/* The next chunk, borrowed until the next call: *p, *n; *n == 0 at the end. A truncated
 * compressed file is an error, not an end, and so is a corrupt one wherever libarchive notices:
 * by checksum for xz and most zst, for gz only where the damage breaks the decoding. */
bool stream_read(struct stream *s, const char **p, size_t *n, struct err *e);
/* The next line without its \n (and \r), borrowed until the next call; *got false at the end.
 * A line over `max` bytes is an error; it is passed over, and the next call gives the one after
 * it. `line_no` counts from 1. */
bool stream_line(struct stream *s, size_t max, const char **p, size_t *n, bool *got, struct err *e);
uint64_t stream_line_no(const struct stream *s);
/* Fraction of the file read so far, 0..1, or -1 where unknown (stdin). */
double stream_fraction(const struct stream *s);
const char *stream_name(const struct stream *s); /* path, or "<stdin>" */
/* Look at up to n bytes from the start without consuming; before any read. Not NULL; a NUL stands
 * behind them, or behind more of the text. */
bool stream_peek(struct stream *s, size_t n, const char **p, size_t *got, struct err *e);
void stream_close(struct stream *s);

/* The members of a zip archive (stored, deflate, zstd, bzip2, xz) in its order: `take` gets the name
 * of each and a stream of its content, called "PATH:NAME", which lives for the call and need not be
 * read. take returns false, with e set, to stop. */
typedef bool stream_member_fn(void *arg, const char *name, struct stream *s, struct err *e);
bool stream_members(const char *path, stream_member_fn *take, void *arg, struct err *e);

/* Whole file into `b` (decompressed), at most b->max bytes. */
bool stream_read_all(const char *path, struct buf *b, struct err *e);

#endif
