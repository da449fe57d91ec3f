/* Kinds of files that are not read, by their first bytes or their ending, and the way out of each. */
#include "ingest/columns.h"
#include "ingest/csv.h"
#include "ingest/importer.h"
#include "ingest/kind_json.h"

#include "base/file.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* `at`: where the bytes stand. */
struct magic {
	size_t at, n;
	const char *bytes;
	const char *kind;
};

#define R_DATA                                                                                     \
	"data of R (.rds, .rda): write it as CSV from R: write.csv(readRDS('FILE'), "              \
	"'labels.csv', "                                                                           \
	"row.names = FALSE)"

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
    {257, 5, "ustar",
	"a tar archive: unpack it into a folder of its own and import that: mkdir DIR; tar xf FILE "
	"-C "
	"DIR; embedllm import DIR"},
    {0, 4, "\177ELF", "a program (ELF), not a file of labels"},
    {0, 4, "MZ\x90\0", "a program (Windows), not a file of labels"},
    {0, 4, "\xcf\xfa\xed\xfe", "a program (macOS), not a file of labels"},
    {0, 4, "\xca\xfe\xba\xbe", "a compiled program (Java or macOS), not a file of labels"},
    {0, 2, "#!", "a script, not a file of labels: run it, and import what it writes"},
    {0, 5, "RDX2\n", R_DATA},
    {0, 5, "RDX3\n", R_DATA},
    {0, 5, "RDA3\n", R_DATA},
    {0, 5, "X\n\0\0\0", R_DATA},
    {0, 4, "A\n3\n", R_DATA},
    {0, 4, "A\n2\n", R_DATA},
    {0, 4, "$FL2", "an SPSS file: write it as CSV, e.g. with pandas (read_spss, to_csv)"},
    {0, 11, "<stata_dta>", "a Stata file: write it as CSV, e.g. with pandas (read_stata, to_csv)"},
    {0, 10, "MATLAB 5.0", "a MATLAB file: write its table as CSV (writetable)"},
    {8, 4, "DUCK", "a DuckDB database: write the table as CSV (COPY ... TO 'labels.csv')"},
    {0, 4, "GIF8", "an image (GIF): import the table it was made from, as CSV"},
    {8, 4, "WEBP", "an image (WebP): import the table it was made from, as CSV"},
    {0, 4, "II*\0", "an image (TIFF): import the table it was made from, as CSV"},
    {0, 4, "MM\0*", "an image (TIFF): import the table it was made from, as CSV"},
    {0, 2, "\x1f\x9d", "a file packed by compress (.Z): unpack it (uncompress)"},
    {0, 5, "]\0\0\x80\0", "an LZMA file: unpack it (unlzma) and import what is in it"},
    {0, 5, "{\\rtf", "a text document (RTF): import the table in it as CSV"},
    {0, 4, "PK\5\6", "an empty zip archive"},
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
	if (ingest_head_has(h, "opendocument."))
		return "an OpenDocument text or drawing: import the table in it as CSV";
	if (ingest_head_has(h, "ppt/"))
		return "a PowerPoint presentation: import the table in it as CSV";
	if (ingest_head_has(h, "data.pkl"))
		return "tensors of PyTorch (a zip of a pickle): vectors come in with 'embedllm "
		       "encode', "
		       "labels as CSV";
	if (ingest_head_has(h, ".npy"))
		return "arrays of NumPy (npz): write them as CSV with the names of models and "
		       "questions";
	return "a zip archive: unpack it into a folder of its own and import that: unzip FILE -d "
	       "DIR; "
	       "embedllm import DIR";
}

/* The length of its header, eight bytes, and the header itself. */
static bool is_safetensors(const struct ingest_head *h)
{
	return ingest_ends(h->path, ".safetensors") ||
	       (h->n > 10 && !memcmp(h->p + 4, "\0\0\0\0{\"", 6) &&
		   ingest_head_has(h, "data_offsets"));
}

/* Is one of the first lines the dashes under a table's heading? */
static bool is_markdown_table(const struct ingest_head *h, size_t lines)
{
	static const char marks[] = "|:- \t";
	const char *end = h->p + h->n, *p = h->p;

	while (p < end && lines--) {
		const char *line = p, *stop = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((stop ? stop : end) - line), dashes = 0, bars = 0, k = 0;

		n -= n && line[n - 1] == '\r';
		for (; k < n && strchr(marks, line[k]) && line[k]; k++) {
			dashes += line[k] == '-';
			bars += line[k] == '|';
		}
		if (n && k == n && dashes >= 3 && bars >= 1)
			return true;
		p = stop ? stop + 1 : end;
	}
	return false;
}

/* Lines "key: value" and "- item", and nothing else but comments. */
static bool is_yaml(const struct ingest_head *h)
{
	const char *end = h->p + h->n, *p = h->p;
	size_t keys = 0;

	if (ingest_ends(h->path, ".yaml") || ingest_ends(h->path, ".yml"))
		return true;
	while (p < end) {
		size_t left = (size_t)(end - p), n, indent = 0, k;
		const char *stop = memchr(p, '\n', left);

		n = stop ? (size_t)(stop - p) : left;
		while (indent < n && strchr(" -\r", p[indent]))
			indent++;
		for (k = indent; k < n && p[k] != ':' && p[k] != ',';)
			k++;
		if (k > indent && k < n && p[k] == ':' && (k + 1 == n || strchr(" \r", p[k + 1])))
			keys++;
		else if (n && !indent && *p != '#')
			return false;
		p += stop ? n + 1 : left;
	}
	return keys >= 2;
}

#define SERVER                                                                                     \
	"what a server says in place of the data (an error, or that one must log in): fetch the "  \
	"file "                                                                                    \
	"itself"

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
	if (begins_word(h, "entry not found") || begins_word(h, "invalid username or password") ||
	    begins_word(h, "404") || begins_word(h, "403 forbidden") ||
	    begins_word(h, "not found") || begins_word(h, "access denied") ||
	    begins_word(h, "access to ") || begins_word(h, "bad gateway") ||
	    begins_word(h, "unauthorized") || begins_word(h, "too many requests") ||
	    ingest_head_has(h, "<Error><Code>"))
		return SERVER;
	if (begins_word(h, "<?xml") || (begins_word(h, "<") && ingest_ends(h->path, ".xml")))
		return "an XML file: convert it to CSV, a row an answer";
	if (begins_word(h, "<"))
		return "a piece of HTML or XML: save the table in it as CSV";
	if (memchr(h->p, '\0', h->n))
		return "a binary file of no kind that is known: labels come as CSV or JSON";
	if (ingest_ends(h->path, ".toml") || ingest_ends(h->path, ".ini"))
		return "a file of settings (TOML, INI): labels come as CSV or JSON";
	if (begins_word(h, "\\documentclass") || ingest_head_has(h, "\\begin{tabular"))
		return "LaTeX: import the table in it as CSV, with a row an answer";
	if (begins_word(h, "create table") || begins_word(h, "insert into") ||
	    begins_word(h, "-- mysql dump") || begins_word(h, "pragma foreign_keys"))
		return "a dump in SQL: load it and select the labels into a CSV";
	if (is_markdown_table(h, SIZE_MAX))
		return "a Markdown table: save it as CSV (commas in place of the bars, no line of "
		       "dashes), with a row an answer";
	if (is_yaml(h))
		return "a YAML file: labels come as CSV or JSON; e.g. with Python: "
		       "json.dump(yaml.safe_load(...))";
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

/* Is there anything but blanks? */
static bool is_blank(const struct ingest_head *h)
{
	for (size_t i = 0; i < h->n; i++)
		if (!strchr(" \t\r\n", h->p[i]) || !h->p[i])
			return false;
	return true;
}

static const char *magic_kind(const struct ingest_head *h)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (begins(h, &magics[i]))
			return magics[i].kind;
	if (h->n > 4 && !memcmp(h->p, "PK\x03\x04", 4))
		return zip_kind(h);
	if (is_pickle(h))
		return "a Python pickle: it runs code when it is opened, so that nothing here "
		       "opens it; write it as CSV from Python (to_csv)";
	if (is_safetensors(h))
		return "tensors (safetensors), a model's weights or vectors: vectors come in with "
		       "'embedllm encode', labels as CSV";
	return NULL;
}

bool ingest_is_no_text(const struct ingest_head *h)
{
	return h->n &&
	       (magic_kind(h) || is_markdown_table(h, 2)); /* questions may have tables in them */
}

const char *ingest_kind(const struct ingest_head *h, struct arena *a)
{
	const char *kind;

	if (!h->n)
		return "an empty file";
	if (is_blank(h))
		return "nothing but empty lines";
	kind = magic_kind(h);
	kind = kind ? kind : text_kind(h);
	if (!kind && (begins_word(h, "{") || begins_word(h, "[")))
		kind = kind_json(h, a);
	return kind ? kind : table_kind(h, a);
}
