/* Streams, compressed or not, and writing files whole. */
#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct buf text; /* lines "N: xxx...\n", some 3 MB */

enum format { PLAIN, GZ, XZ, ZST, FORMAT_COUNT };

static void write_as(const char *path, enum format format, const void *p, size_t n)
{
	struct archive *a = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	if (format == GZ)
		assert_int_equal(archive_write_add_filter_gzip(a), ARCHIVE_OK);
	else if (format == XZ)
		assert_int_equal(archive_write_add_filter_xz(a), ARCHIVE_OK);
	else if (format == ZST)
		assert_int_equal(archive_write_add_filter_zstd(a), ARCHIVE_OK);
	archive_write_set_bytes_in_last_block(a, 1);
	archive_write_set_format_raw(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	archive_entry_set_filetype(entry, AE_IFREG);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, p, n), n);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(a);
}

static int setup(void **state)
{
	buf_init(&text, BUF_DEFAULT_MAX);
	for (int i = 0; i < 50000; i++)
		buf_printf(&text, "%d: %.*s\n", i, i * 7919 % 113,
		    "the quick brown fox jumps over the lazy dog and runs away from the very slow "
		    "cat "
		    "that it met on the road to the town");
	return help_enter_folder(state);
}

static int teardown(void **state)
{
	buf_clear(&text);
	return help_leave_folder(state);
}

TEST(reads_every_format)
{
	for (int format = PLAIN; format < FORMAT_COUNT; format++) {
		const char *path = "data.csv"; /* the name tells nothing */
		struct err e = ERR_INIT;
		struct buf b = BUF_INIT;
		struct stream *s;
		const char *p;
		size_t n, chunks = 0, at = 0;

		write_as(path, (enum format)format, text.s, text.len);
		assert_true(stream_read_all(path, &b, &e));
		assert_int_equal(b.len, text.len);
		assert_memory_equal(b.s, text.s, text.len);

		s = stream_open(path, &e);
		assert_non_null(s);
		for (;; chunks++) {
			assert_true(stream_read(s, &p, &n, &e));
			if (!n)
				break;
			assert_memory_equal(p, text.s + at, n);
			at += n;
			assert_true(stream_fraction(s) >= 0 && stream_fraction(s) <= 1);
		}
		assert_int_equal(at, text.len);
		assert_true(chunks > 5); /* in pieces, not in one */
		assert_true(stream_fraction(s) > .99);
		stream_close(s);

		b.max = b.len - 1;
		buf_reset(&b);
		assert_false(stream_read_all(path, &b, &e));
		buf_clear(&b);
	}
}

TEST(reads_lines)
{
	for (int format = PLAIN; format < FORMAT_COUNT; format++) {
		const char *path = "lines";
		struct err e = ERR_INIT;
		struct stream *s;
		const char *p, *want = text.s;
		size_t n, got_n;
		bool got;

		write_as(path, (enum format)format, text.s, text.len);
		s = stream_open(path, &e);
		/* A look ahead changes nothing. */
		assert_true(stream_peek(s, 300000, &p, &got_n, &e));
		assert_int_equal(got_n, 300000);
		assert_memory_equal(p, text.s, got_n);
		assert_true(stream_peek(s, 3, &p, &got_n, &e));
		assert_int_equal(got_n, 3);
		for (size_t line = 1; *want; line++) {
			size_t len = strcspn(want, "\n");

			assert_true(stream_line(s, 1000, &p, &n, &got, &e));
			assert_true(got);
			assert_int_equal(n, len);
			assert_memory_equal(p, want, len);
			assert_int_equal(stream_line_no(s), line);
			want += len + 1;
		}
		assert_true(stream_line(s, 1000, &p, &n, &got, &e));
		assert_false(got);
		stream_close(s);
	}
}

static void check_lines(const char *bytes, size_t size, size_t max, const char *const *want)
{
	const char *path = "few";
	struct err e = ERR_INIT;
	struct stream *s;
	const char *p;
	size_t n;
	bool got = true;

	help_write(path, bytes, size);
	s = stream_open(path, &e);
	assert_non_null(s);
	for (; *want; want++) {
		bool ok = stream_line(s, max, &p, &n, &got, &e);

		if (!strcmp(*want, "TOO LONG")) {
			assert_false(ok);
			assert_int_equal(e.kind, ERR_DATA);
			continue;
		}
		assert_true(ok && got);
		assert_int_equal(n, strlen(*want));
		assert_memory_equal(p, *want, n);
	}
	assert_true(stream_line(s, max, &p, &n, &got, &e));
	assert_false(got);
	stream_close(s);
}

/* Text in the encodings that programs write comes out as UTF-8, cut into chunks anywhere. */
TEST(other_encodings)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum charset is;
		const char *text;
	} cases[] = {
	    {"plain\n", 6, CHARSET_ASCII, "plain\n"},
	    {"\xef\xbb\xbfmark\n", 8, CHARSET_UTF8, "mark\n"},
	    {"caf\xc3\xa9\n", 6, CHARSET_UTF8, "caf\xc3\xa9\n"},
	    {"caf\xe9 \x93x\x94 \x80\n", 12, CHARSET_WINDOWS1252,
		"caf\xc3\xa9 \xe2\x80\x9cx\xe2\x80\x9d \xe2\x82\xac\n"},
	    {"caf\xe9 \xc3\xa9\n", 8, CHARSET_UTF8, "caf\xe9 \xc3\xa9\n"}, /* damaged */
	    {"caf\xe9 \x01\n", 7, CHARSET_UTF8, "caf\xe9 \x01\n"},         /* no text */
	    {"caf\x81\n", 5, CHARSET_UTF8, "caf\x81\n"},                   /* undefined */
	    {"\xff\xfe"
	     "a\0\xe9\0\x3d\xd8\x00\xde\n\0",
		12, CHARSET_UTF16LE, "a\xc3\xa9\xf0\x9f\x98\x80\n"},
	    {"\xfe\xff\0a\xd8\x3d\xde\x00\0\n", 10, CHARSET_UTF16BE, "a\xf0\x9f\x98\x80\n"},
	    {"m\0o\0d\0e\0l\0\n\0", 12, CHARSET_UTF16LE, "model\n"},
	    {"\0m\0o\0d\0e\0l\0\n", 12, CHARSET_UTF16BE, "model\n"},
	    {"\xff\xfe\x3d\xd8\n\0", 6, CHARSET_UTF16LE, "\xef\xbf\xbd\n"}, /* half a pair */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t cut = 1; cut <= cases[i].n; cut++) {
			struct charset_reader r = {0};
			struct buf out = BUF_INIT, decoded = BUF_INIT;

			/* Guesses need the start whole; what follows may be cut anywhere. */
			for (size_t at = 0; at < cases[i].n;) {
				size_t n = at ? cut : 8;
				const char *p = cases[i].bytes + at;

				n = n < cases[i].n - at ? n : cases[i].n - at;
				at += n;
				buf_reset(&decoded);
				assert_true(charset_decode(&r, &p, &n, &decoded));
				assert_true(buf_add(&out, p, n));
			}
			assert_int_equal(r.is, cases[i].is);
			assert_string_equal(buf_str(&out), cases[i].text);
			buf_clear(&out);
			buf_clear(&decoded);
		}
	}
}

TEST(line_ends)
{
	static const char nul[] = "a\0b\nc";

	check_lines("", 0, 10, (const char *[]){NULL});
	check_lines("\n", 1, 10, (const char *[]){"", NULL});
	check_lines("a\r\nb\n\nlast", 10, 10, (const char *[]){"a", "b", "", "last", NULL});
	check_lines("last\r", 5, 10, (const char *[]){"last", NULL});
	/* Too long a line is one error; the next line is whole. */
	check_lines("12345\n123456\n1\n", 15, 5, (const char *[]){"12345", "TOO LONG", "1", NULL});
	check_lines("123456", 6, 5, (const char *[]){"TOO LONG", NULL});
	/* NUL is a byte like others here. */
	const char *path = "nul";
	struct err e = ERR_INIT;
	const char *p;
	size_t n;
	bool got;
	help_write(path, nul, sizeof(nul) - 1);
	struct stream *s = stream_open(path, &e);
	assert_true(stream_line(s, 10, &p, &n, &got, &e) && got);
	assert_int_equal(n, 3);
	assert_memory_equal(p, nul, 3);
	stream_close(s);
}

TEST(empty_input)
{
	for (int format = PLAIN; format < FORMAT_COUNT; format++) {
		const char *path = "empty";
		struct err e = ERR_INIT;
		struct buf b = BUF_INIT;
		const char *p;
		size_t n = 1;

		if (format == PLAIN)
			help_write(path, "", 0);
		else
			write_as(path, (enum format)format, "", 0);
		assert_true(stream_read_all(path, &b, &e));
		assert_int_equal(b.len, 0);
		struct stream *s = stream_open(path, &e);
		assert_true(stream_peek(s, 10, &p, &n, &e));
		assert_int_equal(n, 0);
		stream_close(s);
		buf_clear(&b);
	}
}

/* What `cat a.gz b.gz` makes is both texts. */
TEST(reads_all_members)
{
	for (int format = GZ; format < FORMAT_COUNT; format++) {
		const char *path = "member";
		struct err e = ERR_INIT;
		struct buf file = BUF_INIT, b = BUF_INIT;

		for (int member = 0; member < 2; member++) {
			char block[4096];
			size_t n;

			write_as(path, (enum format)format, text.s, 1000);
			FILE *f = fopen(path, "rb");
			while ((n = fread(block, 1, sizeof(block), f)))
				buf_add(&file, block, n);
			fclose(f);
		}
		help_write(path, file.s, file.len);
		assert_true(stream_read_all(path, &b, &e));
		assert_int_equal(b.len, 2000);
		assert_memory_equal(b.s + 1000, text.s, 1000);
		buf_clear(&file);
		buf_clear(&b);
	}
}

/* However a compressed file was cut, it never reads as a shorter whole. */
TEST(truncated_is_an_error)
{
	for (int format = GZ; format < FORMAT_COUNT; format++) {
		const char *path = "cut";
		struct err e = ERR_INIT;
		struct stat st;

		write_as(path, (enum format)format, text.s, 200000);
		assert_int_equal(stat(path, &st), 0);
		for (off_t cut = 1; cut < 9; cut++) {
			off_t size = st.st_size - cut * cut * cut;
			struct buf b = BUF_INIT;

			assert_int_equal(truncate(path, size), 0);
			err_clear(&e);
			if (stream_read_all(path, &b, &e))
				fail_msg("format %d less %d bytes was read", format,
				    (int)(cut * cut * cut));
			assert_int_equal(e.kind, ERR_DATA);
			assert_ptr_equal(strstr(e.msg, path), e.msg);
			buf_clear(&b);
		}
	}
}

/* gzip has a checksum too, but libarchive does not look at it. */
TEST(corrupt_is_an_error)
{
	for (int format = XZ; format < FORMAT_COUNT; format++) {
		const char *path = "corrupt";
		struct err e = ERR_INIT;
		struct buf b = BUF_INIT;
		int fd;

		write_as(path, (enum format)format, text.s, 200000);
		fd = open(path, O_WRONLY);
		assert_int_equal(pwrite(fd, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, 2000), 8);
		close(fd);
		assert_false(stream_read_all(path, &b, &e));
		buf_clear(&b);
	}
}

TEST(no_such_input)
{
	struct err e = ERR_INIT;

	assert_null(stream_open("/nonexistent/\x1b[2J", &e));
	assert_string_equal(e.msg, "/nonexistent/\\x1b[2J: No such file or directory");
	assert_null(stream_open(".", &e));
	assert_non_null(strstr(e.msg, "is a directory"));
	assert_int_equal(e.kind, ERR_DATA);
}

TEST(standard_input)
{
	const char *path = "stdin.gz";
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;
	int saved = dup(STDIN_FILENO);

	write_as(path, GZ, text.s, text.len);
	int fd = open(path, O_RDONLY);
	dup2(fd, STDIN_FILENO);
	close(fd);
	assert_true(stream_read_all("-", &b, &e));
	assert_int_equal(b.len, text.len);
	assert_memory_equal(b.s, text.s, text.len);
	buf_clear(&b);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static char *read_back(const char *path)
{
	struct err e = ERR_INIT;
	struct buf b = BUF_INIT;

	assert_true(stream_read_all(path, &b, &e));
	return buf_take(&b);
}

/* What is in the folder besides "." and ".." */
static size_t count_files(const char *path)
{
	char *command = mem_printf("ls -A %s | wc -l", path);
	FILE *f = popen(command, "r");
	size_t n = 999;

	assert_int_equal(fscanf(f, "%zu", &n), 1);
	pclose(f);
	mem_free(command);
	return n;
}

TEST(writes_whole_files)
{
	const char *sub = "a/b/c", *path = "a/b/c/out", *link = "a/b/c/link";
	struct err e = ERR_INIT;
	struct file_out o;
	struct stat st;
	mode_t mask = umask(027);
	char *s;

	assert_true(file_mkdirs(sub, &e));
	assert_true(file_mkdirs(sub, &e));
	assert_true(file_create(&o, path, &e));
	fputs("first", o.f);
	assert_false(file_exists(path)); /* not before it is whole */
	assert_true(file_commit(&o, &e));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);

	assert_true(file_create(&o, path, &e));
	fputs("second", o.f);
	file_abandon(&o);
	s = read_back(path);
	assert_string_equal(s, "first");
	mem_free(s);

	assert_int_equal(symlink("out", link), 0);
	assert_true(file_create(&o, link, &e));
	fputs("third", o.f);
	assert_true(file_commit(&o, &e));
	s = read_back(path);
	assert_string_equal(s, "third");
	mem_free(s);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(count_files(sub), 2); /* no temporaries left */

	assert_false(file_create(&o, "/nonexistent/x", &e));
	assert_false(file_mkdirs(path, &e));
	umask(mask);
}

TEST(full_disk_is_an_error)
{
	struct err e = ERR_INIT;
	struct file_out o;

	if (!file_exists("/dev/full"))
		skip();
	assert_true(file_create(&o, "/dev/full", &e));
	fputs("lost", o.f);
	assert_false(file_commit(&o, &e));
	assert_string_equal(e.msg, "/dev/full: No space left on device");
	assert_true(file_exists("/dev/full"));
}

TEST(paths)
{
	char *s;

	assert_string_equal(s = file_join("a", "b"), "a/b");
	mem_free(s);
	assert_string_equal(s = file_join("/", "b"), "/b");
	mem_free(s);
	assert_string_equal(s = file_dir("/x"), "/");
	mem_free(s);
	assert_string_equal(s = file_dir("a/b/c"), "a/b");
	mem_free(s);
	assert_string_equal(s = file_dir("c"), ".");
	mem_free(s);
	assert_string_equal(file_base("a/b"), "b");
	assert_string_equal(file_base("b"), "b");

	setenv("HOME", "/home/u", 1);
	setenv("XDG_DATA_HOME", "relative", 1); /* the specification: ignore it */
	assert_string_equal(s = file_data_dir(), "/home/u/.local/share/embedllm");
	mem_free(s);
	setenv("XDG_DATA_HOME", "/data", 1);
	assert_string_equal(s = file_data_dir(), "/data/embedllm");
	mem_free(s);
	unsetenv("XDG_DATA_HOME");
	unsetenv("HOME");
	assert_null(file_data_dir());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_every_format),
	    cmocka_unit_test(reads_lines),
	    cmocka_unit_test(other_encodings),
	    cmocka_unit_test(line_ends),
	    cmocka_unit_test(empty_input),
	    cmocka_unit_test(reads_all_members),
	    cmocka_unit_test(truncated_is_an_error),
	    cmocka_unit_test(corrupt_is_an_error),
	    cmocka_unit_test(no_such_input),
	    cmocka_unit_test(standard_input),
	    cmocka_unit_test(writes_whole_files),
	    cmocka_unit_test(full_disk_is_an_error),
	    cmocka_unit_test(paths),
	};

	return cmocka_run_group_tests_name("base io", tests, setup, teardown);
}
