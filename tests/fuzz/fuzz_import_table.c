/* A table in one to three files: an error, or a database that is sound, and whose labels come back from
 * the long table that they are exported as. The input is a line of options (columns, right, scale and
 * format, parted by tabs; empty ones are not given), then the files, parted by lines of one "=". */
#include "fuzz.h"

#include "fuzz_import.h"

#include "store/label.h"
#include "task/export.h"

#include <stdlib.h>

enum { FILES = 3, FIELDS = 4 };

struct input {
	char *field[FIELDS]; /* "" = not given */
	int fd[FILES];
	char *path[FILES];
	size_t n;
};

static void read_options(struct input *in, const char **data, size_t *size)
{
	const char *end = memchr(*data, '\n', *size);
	size_t n = end ? (size_t)(end - *data) : *size;

	for (size_t i = 0; i < FIELDS; i++) {
		const char *tab = memchr(*data, '\t', n);
		size_t k = tab ? (size_t)(tab - *data) : n;

		in->field[i] = mem_strndup(*data, k);
		*data += tab ? k + 1 : k;
		*size -= tab ? k + 1 : k;
		n -= tab ? k + 1 : k;
	}
	*data += n;
	*size -= n;
	if (*size) {
		++*data;
		--*size;
	}
}

static void put_files(struct input *in, const char *data, size_t size)
{
	for (in->n = 0; in->n < FILES && (size || !in->n); in->n++) {
		const char *end = in->n + 1 < FILES && size ? memmem(data, size, "\n=\n", 3) : NULL;
		size_t n = end ? (size_t)(end - data) + 1 : size, skip = end ? n + 2 : n;

		in->fd[in->n] = fuzz_file(data, n, &in->path[in->n]);
		data += skip;
		size -= skip;
	}
}

static void check_round_trip(struct db *db)
{
	char *out = mem_printf("/tmp/fuzz_import_table.%ld", (long)getpid()), one[65], two[65];
	struct db *back = db_open(":memory:", DB_CREATE, NULL);
	const char *path = out;
	struct export_labels_report r;
	struct import_options o;
	struct err e = ERR_INIT;

	import_options_default(&o);
	o.format = "long";
	assert(back && task_export_long(db, out, PART_NONE, NULL, &r, &e));
	assert(task_import(back, &path, 1, &o, NULL, &e));
	assert(label_digest(db, one, &e) && label_digest(back, two, &e));
	assert(!strcmp(one, two));
	unlink(out);
	mem_free(out);
	db_close(back);
}

static void import(const struct input *in, bool skip_bad)
{
	const char *paths[FILES] = {in->path[0], in->path[1], in->path[2]};
	struct db *db = db_open(":memory:", DB_CREATE, NULL);
	struct import_options o;

	assert(db);
	import_options_default(&o);
	o.columns = *in->field[0] ? in->field[0] : NULL;
	o.right = *in->field[1] ? in->field[1] : NULL;
	if (*in->field[2] && atof(in->field[2]) > 0 && atof(in->field[2]) < 1e6)
		o.scale = atof(in->field[2]);
	o.format = *in->field[3] ? in->field[3] : NULL;
	o.skip_bad = skip_bad;
	/* Of several files the questions are in another order then, which the digest sees. */
	if (fuzz_import(db, paths, in->n, &o) && in->n == 1)
		check_round_trip(db);
	db_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	struct input in = {0};

	read_options(&in, &p, &size);
	put_files(&in, p, size);
	import(&in, false);
	import(&in, true);
	for (size_t i = 0; i < FIELDS; i++)
		mem_free(in.field[i]);
	for (size_t i = 0; i < in.n; i++) {
		close(in.fd[i]);
		mem_free(in.path[i]);
	}
	return 0;
}
