/* Where the rest of a table is: by the names of a triple, else whichever file of the folder holds it. */
#include "ingest/table_beside.h"

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/stream.h"
#include "ingest/importer.h"

#include <dirent.h>
#include <string.h>

#define FILES_MAX 1000 /* of a folder, that are looked into */

static const char *const endings[] = {".csv", ".tsv", ".jsonl", ".json", ".txt"};

static bool is_table_name(const char *path)
{
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ingest_ends(path, endings[i]))
			return true;
	return false;
}

enum table_part table_part_of(const char *path)
{
	struct ingest_head h = {.path = path};
	struct stream *s = stream_open(path, NULL);
	enum table_part part = TABLE_ALONE;

	if (!s)
		return part;
	stream_as_text(s);
	if (stream_peek(s, INGEST_HEAD_SIZE, &h.p, &h.n, NULL))
		part = table_part(&h);
	if (part == TABLE_ALONE && ingest_ends(path, ".txt"))
		part = TABLE_NAMES; /* a name a line, commas and all */
	stream_close(s);
	return part;
}

/* STEM + "questions.csv" and the like, with any ending. */
static const char *with_ending(
    struct arena *a, const char *stem, size_t n, const char *dot, enum table_part part)
{
	static const char *const packed[] = {"", ".gz", ".zst", ".xz"};

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		for (size_t k = 0; k < sizeof(packed) / sizeof(packed[0]); k++) {
			const char *path = arena_printf(a, "%.*s%s%s%s%s", (int)n, stem, dot,
			    table_part_name(part), endings[i], packed[k]);

			if (file_exists(path) && !file_is_dir(path))
				return path;
		}
	return NULL;
}

const char *table_named(struct arena *a, const char *stem, enum table_part part)
{
	return with_ending(a, stem, strlen(stem), ".", part);
}

/* x.questions.csv for x.labels.csv.gz, and so on. */
static const char *sibling(
    struct arena *a, const char *path, enum table_part is, enum table_part wanted)
{
	const char *word = strstr(file_base(path), table_part_name(is));

	return word ? with_ending(a, path, (size_t)(word - path), "", wanted) : NULL;
}

bool table_beside(struct arena *a, const char *path, enum table_part is, enum table_part wanted,
    const char **found, struct err *e)
{
	char *dir;
	struct dirent *entry;
	size_t looked = 0;
	DIR *d;
	bool ok = true;

	*found = sibling(a, path, is, wanted);
	if (*found || !file_exists(path))
		return true;
	dir = file_dir(path);
	d = opendir(dir);
	while (ok && d && looked < FILES_MAX && (entry = readdir(d))) {
		const char *other = !strcmp(dir, ".") && strchr(path, '/') == NULL
					? arena_strdup(a, entry->d_name)
					: arena_printf(a, "%s/%s", dir, entry->d_name);

		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, file_base(path)) ||
		    !is_table_name(other) || file_is_dir(other))
			continue;
		looked++;
		if (table_part_of(other) != wanted)
			continue;
		if (*found)
			ok = err_set(e, ERR_DATA,
			    "%s: its %s may be those of %s or of %s: name the right file after it",
			    path, table_part_name(wanted), *found, other);
		*found = other;
	}
	if (d)
		closedir(d);
	mem_free(dir);
	return ok;
}
