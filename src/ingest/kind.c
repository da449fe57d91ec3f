/* Kinds of files that are not read, by their first bytes or their ending, and the way out of each. */
#include "ingest/columns.h"
#include "ingest/csv.h"
#include "ingest/importer.h"

#include "base/file.h"

#include <string.h>
#include <strings.h>

/* `at`: where the bytes stand. */
struct magic {
	size_t at, n;
	const char *bytes;
	const char *kind;
};

static const struct magic magics[] = {
    {0, 43, "version https://git-lfs.github.com/spec/v1\n",
	"a Git LFS pointer, not the data: fetch it with 'git lfs pull'"},
    {0, 14, "version https:", "a Git LFS pointer, not the data: fetch it with 'git lfs pull'"},
    {0, 16, "SQLite format 3\0",
	"a SQLite database, not a file of labels: if it is one of embedllm's, open it with -d; "
	"else "
	"select what you want into a CSV (sqlite3 -csv)"},
    {0, 4, "PAR1",
	"a Parquet file: convert it to CSV, e.g. with pandas (read_parquet, to_csv) or duckdb"},
    {0, 4, "PARE", "an encrypted Parquet file: convert it to CSV with the program that made it"},
    {0, 6, "ARROW1",
	"an Arrow (Feather) file: convert it to CSV, e.g. with pandas (read_feather, to_csv)"},
    {0, 4, "FEA1", "a Feather file: convert it to CSV, e.g. with pandas (read_feather, to_csv)"},
    {0, 4, "\xff\xff\xff\xff",
	"an Arrow stream, as the data sets library writes it: convert it to CSV (Dataset.to_csv)"},
    {0, 3, "ORC", "an ORC file: convert it to CSV, e.g. with pandas (read_orc, to_csv)"},
    {0, 4, "Obj\x01", "an Avro file: convert it to CSV"},
    {0, 8, "\x89HDF\r\n\x1a\n",
	"an HDF5 file: convert it to CSV, e.g. with pandas (read_hdf, to_csv)"},
    {0, 6, "\x93NUMPY",
	"a NumPy array: write it as CSV (numpy.savetxt) with the names of models and questions"},
    {0, 8, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	"an old Excel (or Word) file: save the sheet as CSV"},
    {0, 5, "%PDF-",
	"a PDF document: import the table or the logs it was made from, as CSV or JSON"},
    {0, 4, "\x89PNG", "an image (PNG): import the table it was made from, as CSV"},
    {0, 3, "\xff\xd8\xff", "an image (JPEG): import the table it was made from, as CSV"},
    {0, 6, "7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it and import the folder"},
    {0, 4, "Rar!", "a RAR archive: unpack it and import the folder"},
    {0, 3, "BZh", "a bzip2 file: unpack it (bunzip2) and import what is in it"},
    {0, 4, "\x04\x22\x4d\x18", "an LZ4 file: unpack it (lz4 -d) and import what is in it"},
    {0, 4, "GGUF", "a model's weights (GGUF), not its answers: import its evaluation logs"},
    {257, 5, "ustar", "a tar archive: unpack it (tar xf) and import the folder"},
    {0, 4,
	"\x7f"
	"ELF",
	"a program (ELF), not a file of labels"},
};

static bool begins(const struct ingest_head *h, const struct magic *m)
{
	return h->n >= m->at + m->n && !memcmp(h->p + m->at, m->bytes, m->n);
}

/* Protocol 2 and later say so; 0 and 1 are known by name. */
static bool is_pickle(const struct ingest_head *h)
{
	return (h->n > 2 && (unsigned char)h->p[0] == 0x80 && h->p[1] >= 2 && h->p[1] <= 5) ||
	       ingest_ends(h->path, ".pkl") || ingest_ends(h->path, ".pickle") ||
	       ingest_ends(h->path, ".jbl") || ingest_ends(h->path, ".joblib");
}

/* What the members of a zip archive tell: the first member's name stands at byte 30. */
static const char *zip_kind(const struct ingest_head *h)
{
	if (ingest_head_has(h, "xl/") || ingest_ends(h->path, ".xlsx"))
		return "an Excel workbook (xlsx): save the sheet as CSV";
	if (ingest_head_has(h, "opendocument.spreadsheet"))
		return "an OpenDocument spreadsheet: save the sheet as CSV";
	if (ingest_head_has(h, "word/"))
		return "a Word document: import the table in it as CSV";
	if (ingest_head_has(h, "data.pkl"))
		return "tensors of PyTorch (a zip of a pickle): vectors come in with 'embedllm "
		       "encode', "
		       "labels as CSV";
	if (ingest_head_has(h, ".npy"))
		return "arrays of NumPy (npz): write them as CSV with the names of models and "
		       "questions";
	return "a zip archive: unpack it and import the folder";
}

static bool begins_word(const struct ingest_head *h, const char *word)
{
	const char *p = h->p, *end = h->p + h->n;

	if (h->n >= 3 && !memcmp(p, "\xef\xbb\xbf", 3))
		p += 3;
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	return (size_t)(end - p) >= strlen(word) && !strncasecmp(p, word, strlen(word));
}

static const char *text_kind(const struct ingest_head *h)
{
	if (begins_word(h, "<!doctype html") || begins_word(h, "<html"))
		return "an HTML page, perhaps an error or a log-in page saved in place of the "
		       "data: "
		       "fetch the file itself";
	if (begins_word(h, "/annex/objects/") || begins_word(h, "../.git/annex/") ||
	    begins_word(h, ".git/annex/"))
		return "a git-annex pointer, not the data: fetch it with 'git annex get'";
	if (begins_word(h, "entry not found") || begins_word(h, "invalid username or password"))
		return "what a server says in place of the data: fetch the file itself";
	if (begins_word(h, "<?xml") || begins_word(h, "<"))
		return "an XML file: convert it to CSV";
	if (begins_word(h, "{") || begins_word(h, "["))
		return "JSON whose members are of no format that is known; 'embedllm import "
		       "--list-formats' lists those";
	if (ingest_ends(h->path, ".yaml") || ingest_ends(h->path, ".yml"))
		return "a YAML file: labels come as CSV or JSON";
	if (memchr(h->p, '\0', h->n))
		return "a binary file of no kind that is known: labels come as CSV or JSON";
	return NULL;
}

/* A table whose columns tell nothing: they are listed beside those that are wanted. */
static const char *table_kind(const struct ingest_head *h, struct arena *a)
{
	struct csv_row rows[2];
	size_t n = csv_head(h->p, h->n, a, rows, 2);

	if (n < 2 || rows[0].n < 2 || rows[1].n != rows[0].n)
		return "a text without the columns of a table of labels: wanted is a CSV with the "
		       "columns model, benchmark, question and label (or those of EmbedLLM), or "
		       "JSON; --columns names columns, --format a format";
	return arena_printf(a,
	    "a table with the columns %s, none of which is known to hold labels: wanted are model, "
	    "benchmark, question and label; --columns model=NAME,question=NAME,label=NAME says "
	    "which they are",
	    columns_list(&rows[0], a));
}

const char *ingest_kind(const struct ingest_head *h, struct arena *a)
{
	if (!h->n)
		return "empty";
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (begins(h, &magics[i]))
			return magics[i].kind;
	if (h->n > 4 && !memcmp(h->p, "PK\x03\x04", 4))
		return zip_kind(h);
	if (is_pickle(h))
		return "a Python pickle: it runs code when it is opened, so that nothing here "
		       "opens it; write it as CSV from Python (to_csv)";
	return text_kind(h) ? text_kind(h) : table_kind(h, a);
}
