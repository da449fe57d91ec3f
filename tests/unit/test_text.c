/* Text: n-grams, sparse products, truncated SVD, the built-in encoder. */
#include "config.h"

#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/rng.h"
#include "num/blas.h"
#include "num/parallel.h"
#include "num/sparse.h"
#include "num/tsvd.h"
#include "text/lsa.h"
#include "text/lsa_blob.h"
#include "text/ngram.h"
#include "text/vocabulary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* N-grams */

struct grams {
	size_t n, words;
	uint32_t v[4096];
};

static void collect(void *arg, uint32_t bucket)
{
	struct grams *g = arg;

	assert_true(g->n < 4096 && bucket < NGRAM_BUCKETS);
	g->v[g->n++] = bucket;
	g->words += ngram_kind(bucket) == NGRAM_WORD;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static struct grams grams_of(const char *text)
{
	struct grams g = {.n = 0};

	ngram_each(text, strlen(text), collect, &g);
	qsort(g.v, g.n, sizeof(*g.v), by_value);
	return g;
}

enum { SHAPE = 12 }; /* features of the shape: two classes of six counts */

TEST(ngrams_are_counted_as_the_header_says)
{
	/* " hello, " gives 6 + 5 + 4, " world " 5 + 4 + 3; tokens hello , world and two pairs. */
	struct grams g = grams_of("Hello, world");

	assert_int_equal(g.words, 5 + SHAPE);
	assert_int_equal(g.n - g.words, 27);
	g = grams_of("a");
	assert_int_equal(g.words, 1 + SHAPE);
	assert_int_equal(g.n - g.words, 1);
	g = grams_of("ab");
	assert_int_equal(g.n - g.words, 3);
	g = grams_of("x_1=y2");
	assert_int_equal(g.words, 5 + SHAPE);
	assert_int_equal(grams_of("").n, 0);
	assert_int_equal(grams_of(" \t\n\xc2\xa0").n, 0);
}

static size_t common(const struct grams *a, const struct grams *b)
{
	size_t n = 0;

	for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
		n += a->v[i] == b->v[j];
		if (a->v[i] == b->v[j])
			i++, j++;
		else if (a->v[i] < b->v[j])
			i++;
		else
			j++;
	}
	return n;
}

/* Capitals and line breaks are seen by the shape alone. */
TEST(ngrams_ignore_case_and_the_kind_of_space)
{
	static const char *const pairs[][2] = {
	    {"Two Words", "tWO\twordS"},
	    {"\xc3\x84PFEL \xce\xa9", "\xc3\x84pFEL \xce\xa9"},
	    {"\xff", "\xef\xbf\xbd"},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		struct grams a = grams_of(pairs[i][0]), b = grams_of(pairs[i][1]);

		assert_int_equal(a.n, b.n);
		assert_true(common(&a, &b) >= a.n - 2);
	}
}

TEST(similar_counts_share_classes)
{
	char text[2000];
	struct grams g[5];

	/* 1, 2, 8, 9 and 500 tokens of one character */
	static const size_t n[] = {1, 2, 8, 9, 500};

	for (size_t k = 0; k < 5; k++) {
		for (size_t i = 0; i < n[k]; i++)
			memcpy(text + 2 * i, "a ", 2);
		text[2 * n[k]] = '\0';
		g[k] = grams_of(text);
	}
	/* 8 and 9 are alike in all six counts, 1 and 500 in those that are 0. */
	assert_int_equal(common(&g[2], &g[3]), g[2].n);
	assert_true(common(&g[0], &g[4]) < SHAPE);
}

TEST(ngrams_know_the_order_of_words_only_by_pairs)
{
	struct grams a = grams_of("left right"), b = grams_of("right left");

	assert_int_equal(a.n, b.n);
	assert_int_equal(common(&a, &b), a.n - 1);
}

TEST(long_pieces_are_cut)
{
	char text[3 * NGRAM_PIECE + 1];
	struct grams g;

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	g = grams_of(text);
	assert_int_equal(g.words, 3 + 2 + SHAPE);
	assert_int_equal(g.n - g.words, 3 * (3 * (NGRAM_PIECE + 2) - 2 - 3 - 4));
}

TEST(vocabulary_finds_its_buckets_only)
{
	static const uint32_t bucket[] = {7, 0, NGRAM_BUCKETS - 1, 8, 4711};
	static const uint32_t twice[] = {1, 2, 1}, outside[] = {1, NGRAM_BUCKETS};
	struct vocabulary v;

	assert_true(vocabulary_init(&v, bucket, 5));
	for (uint32_t i = 0; i < 5; i++)
		assert_int_equal(vocabulary_find(&v, bucket[i]), i);
	assert_int_equal(vocabulary_find(&v, 9), VOCABULARY_NONE);
	vocabulary_clear(&v);
	assert_false(vocabulary_init(&v, twice, 3));
	assert_false(vocabulary_init(&v, outside, 2));
}

/* Sparse products and the truncated SVD */

static void mark(void *arg, size_t begin, size_t end, size_t worker)
{
	unsigned char *seen = arg;

	assert_true(worker < parallel_threads());
	for (size_t i = begin; i < end; i++)
		seen[i]++;
}

TEST(parallel_for_does_every_item_once)
{
	static const size_t counts[] = {0, 1, 7, 64, 1000};
	unsigned char seen[1000];

	for (size_t c = 0; c < 5; c++) {
		memset(seen, 0, sizeof(seen));
		parallel_for(counts[c], 7, mark, seen);
		for (size_t i = 0; i < sizeof(seen); i++)
			assert_int_equal(seen[i], i < counts[c]);
	}
}

enum { ROWS = 83, COLS = 57, WIDE = 19 };

static struct sparse random_sparse(struct rng *r, unsigned counts[ROWS][COLS])
{
	struct sparse a = {ROWS, COLS, mem_array(ROWS + 1, sizeof(size_t)),
	    mem_array(ROWS * COLS, sizeof(uint32_t))};
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++) {
		a.start[i] = n;
		for (size_t j = 0; j < COLS; j++) {
			counts[i][j] = rng_below(r, 4) ? 0 : (unsigned)rng_below(r, 256);
			if (counts[i][j])
				a.entry[n++] = sparse_entry(j, counts[i][j]);
		}
	}
	a.start[ROWS] = n;
	return a;
}

TEST(sparse_products)
{
	static unsigned counts[ROWS][COLS];
	float weight[SPARSE_MAX_COUNT + 1];
	struct mat b = mat_new(COLS, WIDE), c = mat_new(ROWS, WIDE), d = mat_new(COLS, WIDE);
	struct sparse a, t;
	struct rng r;

	rng_init(&r, 3, 0);
	a = random_sparse(&r, counts);
	t = sparse_transpose(&a);
	lsa_weights(weight);
	for (size_t i = 0; i < COLS * WIDE; i++)
		b.v[i] = (float)rng_normal(&r);
	sparse_multiply(&a, weight, &b, &c);
	sparse_multiply(&t, weight, &c, &d);
	for (size_t j = 0; j < WIDE; j++) {
		double ct[COLS] = {0};

		for (size_t i = 0; i < ROWS; i++) {
			double sum = 0;

			for (size_t k = 0; k < COLS; k++) {
				sum += (double)weight[counts[i][k]] * (double)mat_row(&b, k)[j];
				ct[k] += (double)weight[counts[i][k]] * (double)mat_row(&c, i)[j];
			}
			assert_near(mat_row(&c, i)[j], sum, 1e-3);
		}
		for (size_t k = 0; k < COLS; k++)
			assert_near(mat_row(&d, k)[j], ct[k], 1e-3 * (1 + fabs(ct[k])));
	}
	sparse_free(&a);
	sparse_free(&t);
	mat_free(&b);
	mat_free(&c);
	mat_free(&d);
}

struct dense {
	float v[ROWS * COLS];
};

static void dense_times(void *arg, const struct mat *x, struct mat *y)
{
	const struct dense *a = arg;

	blas_sgemm(
	    false, false, ROWS, x->cols, COLS, 1, a->v, COLS, x->v, x->cols, 0, y->v, x->cols);
}

static void dense_transposed(void *arg, const struct mat *x, struct mat *y)
{
	const struct dense *a = arg;

	blas_sgemm(
	    true, false, COLS, x->cols, ROWS, 1, a->v, COLS, x->v, x->cols, 0, y->v, x->cols);
}

/* A random matrix with singular values falling by .99, of the given rank; its leading subspace by
 * the randomised method against LAPACK's full decomposition. */
static void check_tsvd(size_t rank, size_t k, size_t want)
{
	enum { R = COLS };
	static double left[ROWS * R], right[R * COLS], a[ROWS * COLS], u[ROWS * R], s[R],
	    vt[R * COLS];
	static struct dense d;
	struct tsvd_operator op = {ROWS, COLS, dense_times, dense_transposed, &d};
	struct tsvd_options o = {k, 8, 4, 5};
	float sigma[R];
	struct mat v;
	struct rng r;
	struct err e = ERR_INIT;

	rng_init(&r, rank, 1);
	for (size_t i = 0; i < ROWS * R; i++)
		left[i] = rng_normal(&r);
	for (size_t i = 0; i < R * COLS; i++)
		right[i] = i / COLS < rank ? rng_normal(&r) * pow(.99, (double)(i / COLS)) : 0;
	blas_dgemm(false, false, ROWS, COLS, R, 1, left, R, right, COLS, 0, a, COLS);
	for (size_t i = 0; i < ROWS * COLS; i++)
		d.v[i] = (float)a[i];
	assert_true(blas_svd(ROWS, COLS, a, u, s, vt));
	assert_true(tsvd(&op, &o, NULL, &v, sigma, &e));
	assert_int_equal(v.rows, COLS);
	assert_int_equal(v.cols, want);
	for (size_t j = 0; j < want; j++) {
		double dot = 0, length = 0;

		assert_near(sigma[j], s[j], 1e-3 * s[0]);
		for (size_t i = 0; i < COLS; i++) {
			dot += vt[j * COLS + i] * (double)mat_row(&v, i)[j];
			length += (double)mat_row(&v, i)[j] * (double)mat_row(&v, i)[j];
		}
		assert_near(length, 1, 1e-4);
		if (j < 3)
			assert_near(fabs(dot), 1, 1e-3);
	}
	mat_free(&v);
}

TEST(truncated_svd_agrees_with_lapack)
{
	check_tsvd(COLS, 12, 12);
	check_tsvd(5, 12, 5);         /* directions that are not there are left out */
	check_tsvd(COLS, COLS, COLS); /* as many as there are */
}

/* The encoder */

static const char *const corpus[] = {
    "How many apples are left when Anna eats 3 of 12 apples?",
    "Tom has 12 apples and buys 7 more. How many apples has Tom?",
    "A train travels 60 km in 2 hours. How fast is the train?",
    "A car travels 90 km in 3 hours. How fast is the car?",
    "Which planet is closest to the sun?\nA. Mars\nB. Mercury\nC. Venus",
    "Which planet has rings?\nA. Mars\nB. Saturn\nC. Venus",
    "What does print(len('abc')) write?",
    "What does print(sum([1, 2, 3])) write?",
    "Translate to French: the cat sleeps on the chair.",
    "Translate to German: the dog sleeps on the chair.",
};
enum { TEXTS = sizeof(corpus) / sizeof(*corpus), DIMS = 4 };

static struct encoder *fit(const char *const *text, size_t n, size_t dims)
{
	struct lsa_options o;
	struct err e = ERR_INIT;
	struct encoder *enc;

	lsa_options_default(&o);
	o.dims = dims;
	enc = lsa_fit(text, n, &o, NULL, &e);
	if (!enc)
		fail_msg("%s", e.msg);
	return enc;
}

static struct mat encode(const struct encoder *enc, const char *const *text, size_t n)
{
	struct mat rows = mat_new(n, enc->dims);
	struct err e = ERR_INIT;

	assert_true(encoder_encode(enc, text, n, &rows, NULL, &e));
	return rows;
}

static void assert_unit(const struct mat *rows, size_t i)
{
	double sum = 0;

	for (size_t j = 0; j < rows->cols; j++)
		sum += (double)mat_row(rows, i)[j] * (double)mat_row(rows, i)[j];
	assert_near(sum, 1, 1e-5);
}

/* Dense tf-idf of the corpus by the formula, its SVD by LAPACK; cosines between the texts must be
 * those of the encoder, up to the 8 bits of its numbers. */
TEST(encodings_are_those_of_the_formula)
{
	static unsigned count[NGRAM_BUCKETS], df[NGRAM_BUCKETS];
	static double x[TEXTS * 4096], copy[TEXTS * 4096];
	double u[TEXTS * TEXTS], s[TEXTS], *vt, z[TEXTS][DIMS];
	struct lsa_options o;
	struct encoder *enc = fit(corpus, TEXTS, DIMS);
	struct mat rows = encode(enc, corpus, TEXTS);
	size_t n = 0;

	lsa_options_default(&o);
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < TEXTS; i++) {
			struct grams g = grams_of(corpus[i]);
			double length = 0;

			memset(count, 0, sizeof(count));
			for (size_t k = 0; k < g.n; k++)
				if (!count[g.v[k]]++ && pass == 0)
					df[g.v[k]]++;
			n = 0;
			for (uint32_t b = 0; pass == 1 && b < NGRAM_BUCKETS; b++) {
				if (df[b] < 2)
					continue;
				assert_true(n < 4096);
				x[i * 4096 + n] =
				    count[b]
					? (1 + log(count[b])) *
					      (log((1. + TEXTS) / (1. + df[b])) + 1) *
					      (ngram_kind(b) == NGRAM_WORD ? (double)o.word_weight
									   : 1)
					: 0;
				length += x[i * 4096 + n] * x[i * 4096 + n];
				n++;
			}
			for (size_t k = 0; pass == 1 && k < n; k++)
				x[i * 4096 + k] /= sqrt(length);
		}
	}
	vt = mem_array(TEXTS * 4096, sizeof(*vt));
	memcpy(copy, x, sizeof(x));
	assert_true(blas_svd(TEXTS, 4096, copy, u, s, vt));
	for (size_t i = 0; i < TEXTS; i++) {
		double length = 0;

		for (size_t j = 0; j < DIMS; j++) {
			z[i][j] = u[i * TEXTS + j] * s[j];
			length += z[i][j] * z[i][j];
		}
		for (size_t j = 0; j < DIMS; j++)
			z[i][j] /= sqrt(length);
		assert_unit(&rows, i);
	}
	for (size_t i = 0; i < TEXTS; i++)
		for (size_t k = 0; k < i; k++) {
			double got = 0, want = 0;

			for (size_t j = 0; j < DIMS; j++) {
				got += (double)mat_row(&rows, i)[j] * (double)mat_row(&rows, k)[j];
				want += z[i][j] * z[k][j];
			}
			assert_near(got, want, .01);
		}
	mem_free(vt);
	mat_free(&rows);
	encoder_free(enc);
}

TEST(a_text_gives_the_same_bits_alone_in_company_and_after_loading)
{
	struct encoder *enc = fit(corpus, TEXTS, 8), *again = fit(corpus, TEXTS, 8), *loaded;
	struct mat rows = encode(enc, corpus, TEXTS);
	struct buf a = BUF_INIT, b = BUF_INIT;
	struct err e = ERR_INIT;

	assert_true(lsa_save(enc, &a) && lsa_save(again, &b));
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.s, b.s, a.len);
	assert_string_equal(enc->identity, again->identity);
	/* From an odd address, as a database may hand it over. */
	assert_true(buf_addc(&b, 'x'));
	memmove(b.s + 1, b.s, a.len);
	loaded = lsa_load(b.s + 1, a.len, &e);
	assert_non_null(loaded);
	assert_string_equal(enc->identity, loaded->identity);
	for (size_t i = 0; i < TEXTS; i++) {
		struct mat one = encode(loaded, corpus + i, 1);

		assert_memory_equal(one.v, mat_row(&rows, i), enc->dims * sizeof(float));
		mat_free(&one);
	}
	mat_free(&rows);
	buf_clear(&a);
	buf_clear(&b);
	encoder_free(enc);
	encoder_free(again);
	encoder_free(loaded);
}

TEST(identity_depends_on_texts_and_options)
{
	struct lsa_options o;
	char a[LSA_KEY_SIZE], b[LSA_KEY_SIZE];

	lsa_options_default(&o);
	lsa_key(corpus, TEXTS, &o, a);
	lsa_key(corpus, TEXTS - 1, &o, b);
	assert_string_not_equal(a, b);
	o.seed++;
	lsa_key(corpus, TEXTS, &o, b);
	assert_string_not_equal(a, b);
}

TEST(unusual_corpora)
{
	static const char *const one[] = {"The only question there is"};
	static const char *const twins[] = {"same text", "same text", "same text"};
	static const char *const nothing[] = {"", " \n"};
	static const char *const blank_among[] = {"", "some words here", "words, more words", "\t"};
	struct encoder *enc = fit(one, 1, 256);
	struct mat rows = encode(enc, one, 1);
	struct lsa_options o;
	struct err e = ERR_INIT;

	assert_int_equal(enc->dims, 1);
	assert_near(fabsf(rows.v[0]), 1, 1e-6);
	mat_free(&rows);
	encoder_free(enc);

	enc = fit(twins, 3, 256);
	assert_int_equal(enc->dims, 1);
	encoder_free(enc);

	enc = fit(blank_among, 4, 256);
	assert_int_equal(enc->dims, 2);
	rows = encode(enc, blank_among, 4);
	assert_true(rows.v[0] == 0 && rows.v[1] == 0);
	assert_unit(&rows, 1);
	mat_free(&rows);
	encoder_free(enc);

	lsa_options_default(&o);
	assert_null(lsa_fit(nothing, 2, &o, NULL, &e));
	assert_int_equal(e.kind, ERR_DATA);
	assert_null(lsa_fit(NULL, 0, &o, NULL, &e));
}

TEST(more_texts_than_max_texts)
{
	struct lsa_options o;
	struct err e = ERR_INIT;
	struct encoder *enc;

	lsa_options_default(&o);
	o.dims = 4;
	o.max_texts = 5;
	o.max_features = 40;
	enc = lsa_fit(corpus, TEXTS, &o, NULL, &e);
	assert_non_null(enc);
	assert_int_equal(enc->dims, 4);
	encoder_free(enc);
}

TEST(hostile_texts_are_encoded)
{
	struct encoder *enc = fit(corpus, TEXTS, DIMS);
	size_t n = 10 << 20;
	char *big = mem_alloc(n + 1), bytes[256];
	const char *texts[3] = {big, bytes, ""};
	struct mat rows;

	for (size_t i = 0; i < n; i++)
		big[i] = "apples planet \xff\xf0\x9f train? "[i % 25];
	big[n] = '\0';
	for (size_t i = 0; i < 255; i++)
		bytes[i] = (char)(255 - i);
	bytes[255] = '\0';
	rows = encode(enc, texts, 3);
	assert_unit(&rows, 0);
	for (size_t i = 0; i < 3 * DIMS; i++)
		assert_true(isfinite(rows.v[i]));
	for (size_t j = 0; j < DIMS; j++)
		assert_true(mat_row(&rows, 2)[j] == 0);
	mat_free(&rows);
	mem_free(big);
	encoder_free(enc);
}

static bool stop_after(void *arg, const struct tick *t)
{
	int *left = arg;

	(void)t;
	return --*left >= 0;
}

TEST(a_fit_can_be_stopped_at_every_step)
{
	struct lsa_options o;
	struct encoder *enc = NULL;
	int steps = 0;

	lsa_options_default(&o);
	while (!enc && steps < 100) {
		int left = steps++;
		struct progress p = {stop_after, &left};
		struct err e = ERR_INIT;

		enc = lsa_fit(corpus, TEXTS, &o, &p, &e);
		assert_true(enc || e.kind == ERR_CANCELLED);
	}
	assert_in_range(steps, 5, 20);
	encoder_free(enc);
}

/* With the right checksum, so that the other checks are reached. */
static bool loads(struct buf *b)
{
	struct err e = ERR_INIT;
	struct encoder *enc;
	uint64_t sum = b->len >= sizeof(struct lsa_head)
			   ? lsa_blob_checksum((unsigned char *)b->s, b->len)
			   : 0;

	if (b->len >= sizeof(struct lsa_head))
		memcpy(b->s + offsetof(struct lsa_head, checksum), &sum, sizeof(sum));
	enc = lsa_load(b->s, b->len, &e);
	if (!enc)
		assert_int_equal(e.kind, ERR_DATA);
	encoder_free(enc);
	return enc != NULL;
}

TEST(damaged_blobs_are_refused)
{
	struct encoder *enc = fit(corpus, TEXTS, DIMS);
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct lsa_head head, lie;
	struct lsa_parts p;
	size_t len;
	static const uint32_t lies[][2] = {
	    {0, 1}, {1, 0}, {1u << 31, 2}, {2, 1u << 31}, {UINT32_MAX, UINT32_MAX}};
	float scale;

	assert_true(lsa_save(enc, &b));
	encoder_free(enc);
	len = b.len;
	assert_true(loads(&b));
	for (size_t n = 0; n < len; n += n < 100 ? 1 : 97)
		assert_null(lsa_load(b.s, n, &e));
	for (size_t i = 0; i < len; i += i < 100 ? 1 : 97) {
		b.s[i] ^= 4;
		assert_null(lsa_load(b.s, len, &e));
		b.s[i] ^= 4;
	}
	memcpy(&head, b.s, sizeof(head));
	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		lie = head;
		lie.dims = lies[i][0];
		lie.features = lies[i][1];
		memcpy(b.s, &lie, sizeof(lie));
		assert_false(loads(&b));
	}
	memcpy(b.s, &head, sizeof(head));
	assert_true(loads(&b));
	p = lsa_blob_parts((unsigned char *)b.s);
	scale = p.scale[3];
	p.scale[3] = NAN;
	assert_false(loads(&b));
	p.scale[3] = -1;
	assert_false(loads(&b));
	p.scale[3] = scale;
	assert_true(loads(&b));
	p.bucket[1] = p.bucket[0];
	assert_false(loads(&b));
	p.bucket[1] = NGRAM_BUCKETS;
	assert_false(loads(&b));
	buf_clear(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ngrams_are_counted_as_the_header_says),
	    cmocka_unit_test(ngrams_ignore_case_and_the_kind_of_space),
	    cmocka_unit_test(similar_counts_share_classes),
	    cmocka_unit_test(ngrams_know_the_order_of_words_only_by_pairs),
	    cmocka_unit_test(long_pieces_are_cut),
	    cmocka_unit_test(vocabulary_finds_its_buckets_only),
	    cmocka_unit_test(parallel_for_does_every_item_once),
	    cmocka_unit_test(sparse_products),
	    cmocka_unit_test(truncated_svd_agrees_with_lapack),
	    cmocka_unit_test(encodings_are_those_of_the_formula),
	    cmocka_unit_test(a_text_gives_the_same_bits_alone_in_company_and_after_loading),
	    cmocka_unit_test(identity_depends_on_texts_and_options),
	    cmocka_unit_test(unusual_corpora),
	    cmocka_unit_test(more_texts_than_max_texts),
	    cmocka_unit_test(hostile_texts_are_encoded),
	    cmocka_unit_test(a_fit_can_be_stopped_at_every_step),
	    cmocka_unit_test(damaged_blobs_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
