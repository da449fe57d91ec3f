/* Vectors of models and encodings of questions: rows of floats, and the names of the rows. */
#include "task/export.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/quote.h"
#include "task/atlas.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct rows {
	const struct atlas *a;
	size_t n, cols;
	size_t *index;          /* (n) model in the catalog, or question in the atlas */
	const float **v;        /* (n) rows of `cols` */
	const char *key, *axis; /* the CSV's first column; what a coordinate's begins with */
	void (*put_name)(FILE *f, const struct rows *r, size_t i);
	void (*put_meta)(FILE *f, const struct rows *r); /* with a header line */
};

static void rows_init(struct rows *r, size_t n)
{
	r->index = mem_array(n + 1, sizeof(*r->index));
	r->v = mem_array(n + 1, sizeof(*r->v));
}

static void rows_clear(struct rows *r)
{
	mem_free(r->index);
	mem_free(r->v);
}

/* Names of the rows */

static void put_model(FILE *f, const struct rows *r, size_t i)
{
	const char *name = r->a->catalog.models[r->index[i]].name;

	quote_csv_put(f, name, strlen(name));
}

static void put_question(FILE *f, const struct rows *r, size_t i)
{
	fprintf(f, "%lld", (long long)r->a->questions[r->index[i]].id);
}

static void put_cell(FILE *f, const char *s, size_t n)
{
	struct arena a = ARENA_INIT;

	fputs(utf8_printable(&a, s, n), f);
	arena_clear(&a);
}

/* The keys of all models' tags, in the order in which they come. */
static const char **tag_keys(const struct rows *r, size_t *n)
{
	const char **key = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct catalog_model *m = &r->a->catalog.models[r->index[i]];

		for (size_t t = 0; t < m->n_tags; t++) {
			size_t k = 0;

			while (k < *n && strcmp(key[k], m->tags[t].key) != 0)
				k++;
			if (k < *n)
				continue;
			key = mem_grow(key, &cap, *n + 1, sizeof(*key));
			key[(*n)++] = m->tags[t].key;
		}
	}
	return key;
}

static void put_models_meta(FILE *f, const struct rows *r)
{
	size_t n_keys;
	const char **key = tag_keys(r, &n_keys);

	fputs("name\taccuracy\tlabels", f);
	for (size_t k = 0; k < n_keys; k++) {
		putc('\t', f);
		put_cell(f, key[k], strlen(key[k]));
	}
	putc('\n', f);
	for (size_t i = 0; i < r->n; i++) {
		const struct catalog_model *m = &r->a->catalog.models[r->index[i]];

		put_cell(f, m->name, strlen(m->name));
		putc('\t', f);
		if (m->seen > 0)
			fprintf(f, "%.6g", catalog_model_accuracy(m));
		fprintf(f, "\t%.0f", m->seen);
		for (size_t k = 0; k < n_keys; k++) {
			const char *tag = catalog_model_tag(m, key[k]);

			putc('\t', f);
			if (tag)
				put_cell(f, tag, strlen(tag));
		}
		putc('\n', f);
	}
	mem_free(key);
}

/* The mean label of a question, NaN without one. */
static double right_share(const struct dataset *d, size_t q)
{
	double right = 0, seen = 0;

	for (size_t m = 0; m < d->n_models; m++) {
		float y = d->score[q * d->n_models + m];

		if (!isnan(y)) {
			right += (double)y;
			seen++;
		}
	}
	return right / seen;
}

static void put_questions_meta(FILE *f, const struct rows *r)
{
	fputs("question\tbenchmark\tpart\tright_share\ttext\n", f);
	for (size_t i = 0; i < r->n; i++) {
		const struct catalog_question *q = &r->a->questions[r->index[i]];
		const char *benchmark = r->a->catalog.benchmarks[q->benchmark].name;
		enum part part = (enum part)r->a->data.part[r->index[i]];
		double right = right_share(&r->a->data, r->index[i]);

		fprintf(f, "%lld\t", (long long)q->id);
		put_cell(f, benchmark, strlen(benchmark));
		fprintf(f, "\t%s\t", part ? part_name(part) : "");
		if (!isnan(right))
			fprintf(f, "%.6g", right);
		putc('\t', f);
		put_cell(f, q->text, q->len);
		putc('\n', f);
	}
}

/* The rows; 9 digits give the very float back. */

static void put_separated(FILE *f, const struct rows *r, bool names, char separator)
{
	for (size_t i = 0; i < r->n; i++) {
		if (names)
			r->put_name(f, r, i);
		for (size_t k = 0; k < r->cols; k++) {
			if (names || k > 0)
				putc(separator, f);
			fprintf(f, "%.9g", (double)r->v[i][k]);
		}
		putc('\n', f);
	}
}

static void put_csv(FILE *f, const struct rows *r)
{
	fputs(r->key, f);
	for (size_t k = 0; k < r->cols; k++)
		fprintf(f, ",%s%zu", r->axis, k + 1);
	putc('\n', f);
	put_separated(f, r, true, ',');
}

static void put_vectors_tsv(FILE *f, const struct rows *r)
{
	put_separated(f, r, false, '\t');
}

/* NPY format 1.0: the magic, the version, the length of the header (little-endian), the header: a
 * Python dictionary padded with spaces so that the data begin at a multiple of 64; the data. */
static void put_npy(FILE *f, const struct rows *r)
{
	enum { PREFIX = 10, ALIGN = 64 };
	char dict[128];
	const char order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '<' : '>';
	size_t n = (size_t)snprintf(dict, sizeof(dict),
	    "{'descr': '%cf4', 'fortran_order': False, 'shape': (%zu, %zu), }", order, r->n,
	    r->cols);
	size_t total = (PREFIX + n + 1 + ALIGN - 1) / ALIGN * ALIGN, header = total - PREFIX;

	fwrite("\x93NUMPY\x01\x00", 1, 8, f);
	putc((int)(header & 0xff), f);
	putc((int)(header >> 8), f);
	fputs(dict, f);
	for (size_t i = n + 1; i < header; i++)
		putc(' ', f);
	putc('\n', f);
	for (size_t i = 0; i < r->n; i++)
		fwrite(r->v[i], sizeof(float), r->cols, f);
}

typedef void put_fn(FILE *, const struct rows *);

static bool write_one(const char *path, const struct rows *r, put_fn *put, struct err *e)
{
	struct file_out file;

	if (!file_create(&file, path, e))
		return false;
	put(file.f, r);
	return file_commit(&file, e);
}

/* The numbers and the names of their rows, which belong together: neither without the other. */
static bool write_two(
    const char *numbers, put_fn *put, const char *names, const struct rows *r, struct err *e)
{
	struct file_out a, b;

	if (!file_create(&a, numbers, e))
		return false;
	if (!file_create(&b, names, e)) {
		file_abandon(&a);
		return false;
	}
	put(a.f, r);
	r->put_meta(b.f, r);
	if (!file_commit(&b, e)) {
		file_abandon(&a);
		return false;
	}
	return file_commit(&a, e);
}

static bool write_folder(const char *dir, const struct rows *r, struct err *e)
{
	char *numbers = file_join(dir, "vectors.tsv"), *names = file_join(dir, "metadata.tsv");
	bool ok = file_mkdirs(dir, e) && write_two(numbers, put_vectors_tsv, names, r, e);

	mem_free(numbers);
	mem_free(names);
	return ok;
}

static bool write_rows(
    enum export_format format, const char *path, const struct rows *r, struct err *e)
{
	char *names;
	bool ok = false;

	switch (format) {
	case EXPORT_CSV:
		ok = write_one(path, r, put_csv, e);
		break;
	case EXPORT_NPY:
		names = mem_printf("%s.tsv", path);
		ok = write_two(path, put_npy, names, r, e);
		mem_free(names);
		break;
	case EXPORT_TENSORBOARD:
		ok = write_folder(path, r, e);
		break;
	}
	return ok;
}

bool task_export_vectors(
    const struct atlas *a, enum export_format format, const char *path, struct err *e)
{
	struct rows r = {
	    .a = a,
	    .cols = a->trained.mf.dim,
	    .key = "model",
	    .axis = "v",
	    .put_name = put_model,
	    .put_meta = put_models_meta,
	};
	bool ok;

	rows_init(&r, a->catalog.n_models);
	for (size_t m = 0; m < a->catalog.n_models; m++)
		if (a->trained.in_run[m]) {
			r.index[r.n] = m;
			r.v[r.n++] = a->trained.mf.p + m * a->trained.mf.dim;
		}
	ok = write_rows(format, path, &r, e);
	rows_clear(&r);
	return ok;
}

bool task_export_encodings(
    const struct atlas *a, enum export_format format, const char *path, struct err *e)
{
	size_t Q = a->data.n_questions, D = a->data.dims;
	struct rows r = {
	    .a = a,
	    .cols = D,
	    .key = "question",
	    .axis = "e",
	    .put_name = put_question,
	    .put_meta = put_questions_meta,
	};
	bool ok;

	rows_init(&r, Q);
	for (size_t q = 0; q < Q; q++)
		if (a->encoded[q]) {
			r.index[r.n] = q;
			r.v[r.n++] = a->data.enc + q * D;
		}
	ok = write_rows(format, path, &r, e);
	rows_clear(&r);
	return ok;
}
