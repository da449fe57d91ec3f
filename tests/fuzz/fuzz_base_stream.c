/* Any bytes read as a stream end in an end or in an error, and lines add up to the text. */
#include "fuzz.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/stream.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A small file may unpack to a very large one. */
#define ENOUGH ((uint64_t)8 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	struct err e = ERR_INIT;
	const char *p;
	bool got = true;
	size_t n;

	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	char *path = mem_printf("/proc/self/fd/%d", fd);
	struct stream *s = stream_open(path, &e);
	if (s && stream_peek(s, 512, &p, &n, &e)) {
		uint64_t line = 0;

		assert(n <= 512);
		for (size_t seen = 0; got && seen < ENOUGH; seen += n + 1) {
			e.kind = ERR_NONE;
			if (!stream_line(s, 1000, &p, &n, &got, &e)) {
				assert(e.kind == ERR_DATA && e.msg[0]);
				/* A long line can be passed over; trouble with the file ends it. */
				if (!strstr(e.msg, "a line over"))
					break;
				line++;
				continue;
			}
			if (!got)
				break;
			assert(n <= 1000 && !memchr(p, '\n', n));
			assert(stream_line_no(s) == ++line);
		}
	}
	stream_close(s);
	mem_free(path);
	close(fd);
	return 0;
}
