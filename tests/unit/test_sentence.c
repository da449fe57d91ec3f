/* Sentence transformers: tokens and vectors against other implementations, every layer against
 * NumPy, and files that lie. */
#include "config.h"

#include "test.h"

#include "help.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stream.h"
#include "num/blas.h"
#include "num/layer.h"
#include "num/packed.h"
#include "num/parallel.h"
#include "text/checkpoint.h"
#include "text/installed.h"
#include "text/safetensors.h"
#include "text/sentence.h"
#include "text/transformer.h"
#include "text/wordpiece.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The bound that vectors are held to: single precision stays far within it. */
#define TOLERANCE 1e-5

/* Calls fn for every line of a JSON Lines file; false where there is no such file. */
static bool each_line(const char *path, void (*fn)(void *arg, const json_t *o), void *arg)
{
	struct err e = ERR_INIT;
	struct stream *s;
	bool got = true;
	const char *p;
	size_t n;

	if (!file_exists(path))
		return false;
	s = stream_open(path, &e);
	assert_non_null(s);
	while (true) {
		json_t *o;

		assert_true(stream_line(s, 1 << 22, &p, &n, &got, &e));
		if (!got)
			break;
		o = json_read(p, n, path, &e);
		assert_non_null(o);
		fn(arg, o);
		json_decref(o);
	}
	stream_close(s);
	return true;
}

static void assert_floats(const json_t *want, const float *got, const char *what)
{
	for (size_t i = 0; i < json_array_size(want); i++) {
		double w = json_number_value(json_array_get(want, i));

		if (!(fabs((double)got[i] - w) < TOLERANCE))
			fail_msg("%.60s: number %zu is %.8f, not %.8f", what, i, (double)got[i], w);
	}
}

/* Products with packed weights */

static float value_at(size_t i)
{
	return (float)((i * 2654435761u >> 7) % 2001) / 1000 - 1;
}

static void check_product(size_t n, size_t k, size_t m, bool half)
{
	struct packed w = packed_new(n, k, half);
	size_t ld = packed_panels(&w) * PACKED_COLS;
	float *full = mem_floats(n * k), *x = mem_floats(m * k), *y = mem_floats(m * ld);
	float *bias = mem_floats(ld);
	uint16_t *bits = mem_array(n * k, sizeof(*bits));

	/* Every finite half-precision number turns up, subnormal ones too. */
	for (size_t i = 0; i < n * k; i++) {
		bits[i] = (uint16_t)(i * 40503u & 0xbfff);
		full[i] = value_at(i);
	}
	for (size_t i = 0; i < ld; i++)
		bias[i] = value_at(i + 7);
	if (half)
		packed_from_half(n * k, bits, full);
	if (half)
		packed_set_half(&w, 0, n, bits);
	else
		packed_set(&w, 0, n, full);
	for (size_t i = 0; i < m * k; i++)
		x[i] = value_at(i + 3);
	packed_product(&w, 0, packed_panels(&w), m, x, k, bias, y, ld);
	for (size_t i = 0; i < m; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = (double)bias[j], size = 1;

			for (size_t p = 0; p < k; p++) {
				double t = (double)x[i * k + p] * (double)full[j * k + p];

				sum += t;
				size += fabs(t);
			}
			/* k roundings of partial sums, at most of this size */
			assert_true(fabs((double)y[i * ld + j] - sum) <=
				    6e-8 * size * sqrt((double)k) + 1e-6);
		}
	mem_free(full);
	mem_free(x);
	mem_free(y);
	mem_free(bias);
	mem_free(bits);
	packed_free(&w);
}

TEST(packed_products_are_those_of_the_definition)
{
	static const size_t sizes[][3] = {{1, 1, 1}, {5, 3, 2}, {32, 192, 12}, {33, 193, 13},
	    {70, 400, 37}, {64, 385, 25}, {96, 31, 50}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (int half = 0; half < 2; half++)
			check_product(sizes[i][0], sizes[i][1], sizes[i][2], half);
}

TEST(half_precision_is_read_exactly)
{
	uint16_t in[65536];
	float *out = mem_floats(65536);

	for (size_t i = 0; i < 65536; i++)
		in[i] = (uint16_t)i;
	packed_from_half(65536, in, out);
	for (size_t i = 0; i < 65536; i++) {
		int exponent = (int)(i >> 10 & 31), fraction = (int)(i & 1023);
		double want =
		    exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);

		if (exponent == 31) {
			assert_true(fraction ? isnan(out[i]) : isinf(out[i]));
			continue;
		}
		assert_true((double)out[i] == (i & 0x8000 ? -want : want));
	}
	mem_free(out);
}

TEST(layers_are_those_of_the_definition)
{
	float x[37], y[37], gain[37], offset[37], bias[37];
	double mean = 0, variance = 0, sum = 0;

	for (int i = -100000; i <= 100000; i++) {
		float v = (float)i / 10000, g = v;

		layer_gelu(1, &g);
		/* half a unit of 10 in single precision */
		assert_true(
		    fabs((double)g - 0.5 * (double)v * (1 + erf((double)v / sqrt(2)))) < 2e-6);
	}
	for (size_t i = 0; i < 37; i++) {
		x[i] = 3 * value_at(i);
		y[i] = value_at(i + 50);
		gain[i] = value_at(i + 100);
		offset[i] = value_at(i + 150);
		bias[i] = value_at(i + 200);
		mean += ((double)x[i] + (double)y[i]) / 37;
	}
	for (size_t i = 0; i < 37; i++) {
		double d = (double)x[i] + (double)y[i] - mean;

		variance += d * d / 37;
	}
	for (size_t i = 0; i < 37; i++)
		sum += exp(0.5 * (double)x[i] + (double)bias[i]);
	for (int pass = 0; pass < 2; pass++) {
		float out[37];

		memcpy(out, x, sizeof(x));
		if (pass)
			layer_softmax(37, out, 0.5f, bias);
		else
			layer_add_norm(37, out, y, gain, offset, 1e-5f);
		for (size_t i = 0; i < 37; i++) {
			double want = pass ? exp(0.5 * (double)x[i] + (double)bias[i]) / sum
					   : ((double)x[i] + (double)y[i] - mean) /
						     sqrt(variance + 1e-5) * (double)gain[i] +
						 (double)offset[i];

			assert_true(fabs((double)out[i] - want) < 2e-6);
		}
	}
}

static void count_in(void *arg, size_t worker, struct parallel_team *team)
{
	size_t *seen = arg;

	for (size_t round = 0; round < 2000; round++) {
		seen[worker] = round + 1;
		parallel_wait(team);
		for (size_t i = 0; i < parallel_team_size(team); i++)
			assert_true(seen[i] == round + 1);
		parallel_wait(team);
	}
}

TEST(a_team_waits_for_all)
{
	size_t seen[PARALLEL_MAX] = {0};

	parallel_together(4, count_in, seen);
	assert_int_equal(seen[0], 2000);
}

/* Small random checkpoints: every layer against tests/ref/transformer.py */

struct layers {
	const json_t *want; /* [layer][row][number] */
	const json_t *rows;
	size_t seen;
};

static void compare_layer(void *arg, size_t layer, const float *x, size_t rows, size_t width)
{
	struct layers *l = arg;

	for (size_t i = 0; i < json_array_size(l->rows); i++) {
		size_t row = (size_t)json_integer_value(json_array_get(l->rows, i));

		assert_true(row < rows);
		assert_floats(
		    json_array_get(json_array_get(l->want, layer), i), x + row * width, "a layer");
	}
	l->seen++;
}

struct tiny {
	struct transformer *t;
	size_t lines;
};

static void compare_tiny(void *arg, const json_t *o)
{
	struct tiny *tiny = arg;
	const json_t *ids = json_object_get(o, "ids");
	size_t start[] = {0, json_array_size(ids)};
	uint32_t *id = mem_array(start[1], sizeof(*id));
	float *x = mem_floats(start[1] * transformer_width(tiny->t));

	for (size_t i = 0; i < start[1]; i++)
		id[i] = (uint32_t)json_integer_value(json_array_get(ids, i));
	for (size_t threads = 1; threads <= 3; threads++) {
		struct layers l = {json_object_get(o, "layers"), json_object_get(o, "rows"), 0};

		transformer_watch(tiny->t, compare_layer, &l);
		transformer_run(tiny->t, id, start, 1, threads, x);
		assert_int_equal(l.seen, json_array_size(l.want));
	}
	tiny->lines++;
	mem_free(x);
	mem_free(id);
}

TEST(every_layer_is_that_of_numpy)
{
	static const char *const names[] = {"mpnet", "bert", "half"};

	for (size_t i = 0; i < 3; i++) {
		struct err e = ERR_INIT;
		struct tiny tiny = {.lines = 0};
		struct checkpoint c;
		char *root = help_source("tests/golden/tiny"), *dir = file_join(root, names[i]);
		char *golden = mem_printf("%s.jsonl", dir), *weights;

		assert_true(checkpoint_read(dir, &c, &e));
		assert_int_equal(c.kind, i ? CHECKPOINT_BERT : CHECKPOINT_MPNET);
		assert_int_equal(c.pooling, i == 1 ? CHECKPOINT_CLS : CHECKPOINT_MEAN);
		assert_int_equal(c.normalise, i == 0);
		weights = checkpoint_weights(dir, &e);
		tiny.t = transformer_open(weights, &c, &e);
		assert_non_null(tiny.t);
		assert_true(each_line(golden, compare_tiny, &tiny));
		assert_int_equal(tiny.lines, 5);
		transformer_free(tiny.t);
		mem_free(weights);
		mem_free(golden);
		mem_free(dir);
		mem_free(root);
	}
}

/* all-MiniLM-L6-v2, where it is installed */

struct compare {
	const struct encoder *enc;
	size_t lines;
};

static void compare_text(void *arg, const json_t *o)
{
	struct compare *c = arg;
	const char *text = json_get_string(o, "text");
	const json_t *ids = json_object_get(o, "ids");
	struct mat row = mat_new(1, c->enc->dims);
	uint32_t id[256];
	size_t n = c->enc->ops->tokens(c->enc, text, id, 256);
	struct err e = ERR_INIT;

	assert_int_equal(n, json_array_size(ids));
	for (size_t i = 0; i < n; i++)
		if (id[i] != (uint32_t)json_integer_value(json_array_get(ids, i)))
			fail_msg("%.60s: token %zu is %u", text, i, id[i]);
	assert_true(encoder_encode(c->enc, &text, 1, &row, NULL, &e));
	assert_floats(json_object_get(o, "embedding"), row.v, text);
	mat_free(&row);
	c->lines++;
}

static struct encoder *minilm(void)
{
	const char *where = getenv("EMBEDLLM_TEST_ENCODERS");
	struct err e = ERR_INIT;
	struct encoder *enc;

	if (where)
		setenv("EMBEDLLM_ENCODERS", where, 1);
	if (!installed_is_there("minilm")) {
		print_message(
		    "the weights of all-MiniLM-L6-v2 are not there: ./bootstrap check fetches "
		    "them\n");
		skip();
	}
	enc = installed_open("minilm", &e);
	if (!enc)
		fail_msg("%s", e.msg);
	return enc;
}

TEST(pooling_and_length_are_those_of_the_files)
{
	static const char *const names[] = {"mpnet", "bert", "half"};

	for (size_t i = 0; i < 3; i++) {
		struct err e = ERR_INIT;
		char *root = help_source("tests/golden/tiny"), *dir = file_join(root, names[i]);
		char *golden = mem_printf("%s.texts.jsonl", dir);
		struct encoder *enc = sentence_open(dir, "path", &e);
		struct compare c = {enc, 0};

		assert_non_null(enc);
		assert_true(each_line(golden, compare_text, &c));
		assert_int_equal(c.lines, 4);
		encoder_free(enc);
		mem_free(golden);
		mem_free(dir);
		mem_free(root);
	}
}

TEST(minilm_gives_the_golden_tokens_and_vectors)
{
	struct compare c = {minilm(), 0};
	char *golden = help_source("tests/golden/minilm.jsonl");
	const char *data = getenv("EMBEDLLM_TEST_DATA");
	char *more = mem_printf("%s/../encoder/golden.jsonl", data ? data : ".");

	assert_true(each_line(golden, compare_text, &c));
	assert_int_equal(c.lines, 28);
	each_line(more, compare_text, &c);
	encoder_free((struct encoder *)(uintptr_t)c.enc);
	mem_free(golden);
	mem_free(more);
}

TEST(a_text_gives_the_same_bits_in_any_company)
{
	struct encoder *enc = minilm();
	char *texts[90];
	const char *text[90];
	struct mat together = mat_new(90, enc->dims), alone = mat_new(1, enc->dims);
	struct err e = ERR_INIT;

	for (size_t i = 0; i < 90; i++) {
		char word[2] = {(char)('a' + i % 26), '\0'};
		struct buf b = BUF_INIT;

		for (size_t j = 0; j < i * i % 61; j++)
			buf_printf(&b, "%s%zu ", word, j * i);
		text[i] = texts[i] = mem_strdup(buf_str(&b));
		buf_clear(&b);
	}
	assert_true(encoder_encode(enc, text, 90, &together, NULL, &e));
	for (size_t i = 0; i < 90; i += 7) {
		assert_true(encoder_encode(enc, &text[i], 1, &alone, NULL, &e));
		assert_memory_equal(alone.v, mat_row(&together, i), enc->dims * sizeof(float));
	}
	for (size_t i = 0; i < 90; i++)
		mem_free(texts[i]);
	mat_free(&together);
	mat_free(&alone);
	encoder_free(enc);
}

/* The tokenizer on a vocabulary of its own */

static const char pieces[] =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhe\nhello\n##llo\n##l\n##o\nworld\n!\n"
    "\xe6\x97\xa5\ne\ni\n##\xcc\x87\n";

static void assert_tokens(const struct wordpiece *w, const char *text, size_t n, ...)
{
	uint32_t ids[64];
	size_t got = wordpiece_encode(w, text, strlen(text), ids, 64);
	va_list ap;

	if (got != n)
		fail_msg("%s: %zu tokens, not %zu", text, got, n);
	va_start(ap, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ids[i], va_arg(ap, unsigned));
	va_end(ap);
}

TEST(words_become_their_longest_pieces)
{
	struct err e = ERR_INIT;
	struct wordpiece *w = wordpiece_from_list(pieces, sizeof(pieces) - 1, "vocab.txt", &e);
	uint32_t ids[3];

	assert_non_null(w);
	assert_int_equal(wordpiece_ids(w), 16);
	assert_tokens(w, "", 2, 2u, 3u);
	assert_tokens(w, "HELLO", 3, 2u, 6u, 3u);
	assert_tokens(w, "hello!hello", 5, 2u, 6u, 11u, 6u, 3u);
	assert_tokens(w, "hellollo", 4, 2u, 6u, 7u, 3u);
	assert_tokens(w, "hellx world", 4, 2u, 1u, 10u, 3u); /* one part unknown: all of it */
	assert_tokens(w, "\xc3\xa9\xe6\x97\xa5\xe6\x97\xa5", 5, 2u, 13u, 12u, 12u, 3u);
	assert_tokens(w, "he[MASK]he", 5, 2u, 5u, 4u, 5u, 3u);
	assert_tokens(w, "\xff\xfe he\xff\x01", 3, 2u, 5u, 3u); /* no UTF-8, control characters */
	assert_int_equal(wordpiece_encode(w, "he he he", 8, ids, 3), 3);
	assert_int_equal(ids[2], 3); /* cut, but ended */
	wordpiece_free(w);
}

/* Files that lie */

static void assert_refused(const char *header, size_t data, const char *why)
{
	struct buf b = BUF_INIT;
	struct err e = ERR_INIT;
	struct safetensors *s;
	uint64_t n = strlen(header);

	for (int i = 0; i < 8; i++)
		buf_addc(&b, (char)(n >> (8 * i)));
	buf_adds(&b, header);
	for (size_t i = 0; i < data; i++)
		buf_addc(&b, '\0');
	help_write("x.safetensors", b.s, b.len);
	s = safetensors_open("x.safetensors", &e);
	if (why) {
		if (s || !strstr(e.msg, why))
			fail_msg("%s: \"%s\" does not say \"%s\"", header, e.msg, why);
	} else if (!s) {
		fail_msg("%s: %s", header, e.msg);
	}
	safetensors_close(s);
	buf_clear(&b);
}

TEST(a_safetensors_header_that_lies_is_refused)
{
	struct err e = ERR_INIT;

	assert_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, NULL);
	assert_refused(
	    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7, "outside");
	assert_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 9,
	    "after the last");
	assert_refused(
	    "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "does not fit");
	assert_refused(
	    "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "shape");
	assert_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,4294967296],"
		       "\"data_offsets\":[0,8]}}",
	    8, "shape");
	assert_refused(
	    "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387906],\"data_offsets\":[0,8]}}", 8,
	    "does not fit");
	assert_refused(
	    "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "outside");
	assert_refused(
	    "{\"a\":{\"dtype\":\"F77\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "type");
	assert_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		       "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
	    6, "overlaps");
	assert_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		       "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[6,10]}}",
	    10, "between");
	assert_refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
		       "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
	    8, "duplicate");
	assert_refused("{\"a\":7}", 8, "type");
	assert_refused("[]", 8, "no tensor");
	assert_refused("{}", 0, "no tensor");
	assert_refused("{\"a\":", 8, "byte");
	help_write("x.safetensors", "\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10);
	assert_null(safetensors_open("x.safetensors", &e));
	assert_non_null(strstr(e.msg, "header"));
	help_write("x.safetensors", "\x08", 1);
	assert_null(safetensors_open("x.safetensors", &e));
	assert_non_null(strstr(e.msg, "too short"));
}

/* Bytes of all ones are not numbers; the file is otherwise in order. */
TEST(weights_that_are_no_numbers_are_noticed)
{
	char *from = help_source("tests/golden/tiny/bert"), *dir = mem_strdup("nan");
	char *weights = file_join(dir, "model.safetensors");
	char *command = mem_printf("cp -r '%s' '%s' && chmod -R u+w '%s'", from, dir, dir);
	struct err e = ERR_INIT;
	struct encoder *enc;
	struct mat rows;
	uint64_t header;
	FILE *f;
	long end;

	assert_int_equal(system(command), 0);
	f = fopen(weights, "r+b");
	assert_non_null(f);
	assert_int_equal(fread(&header, sizeof(header), 1, f), 1);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	end = ftell(f);
	assert_int_equal(fseek(f, (long)(sizeof(header) + header), SEEK_SET), 0);
	while (ftell(f) < end)
		fputc(0xff, f);
	assert_int_equal(fclose(f), 0);

	enc = sentence_open(dir, "path", &e);
	assert_non_null(enc);
	rows = mat_new(1, enc->dims);
	assert_false(encoder_encode(enc, (const char *const[]){"hello"}, 1, &rows, NULL, &e));
	assert_int_equal(e.kind, ERR_DATA);
	assert_non_null(strstr(e.msg, "no finite number"));
	mat_free(&rows);
	encoder_free(enc);
	mem_free(command);
	mem_free(weights);
	mem_free(dir);
	mem_free(from);
}

static void assert_no_tokenizer(const char *json, const char *why)
{
	struct err e = ERR_INIT;
	struct wordpiece *w = wordpiece_from_json(json, strlen(json), "tokenizer.json", &e);

	if (w || !strstr(e.msg, why))
		fail_msg("%s: \"%s\" does not say \"%s\"", json, e.msg, why);
}

TEST(a_tokenizer_of_another_kind_is_refused)
{
#define BERT                                                                                       \
	"\"normalizer\":{\"type\":\"BertNormalizer\"},\"pre_tokenizer\":{\"type\":"                \
	"\"BertPreTokenizer\"}"
	assert_no_tokenizer("{", "byte");
	assert_no_tokenizer("{\"model\":{\"type\":\"BPE\",\"vocab\":{}}}", "WordPiece");
	assert_no_tokenizer(
	    "{\"model\":{\"vocab\":{\"a\":0},\"unk_token\":\"b\"}}", "unknown token");
	assert_no_tokenizer("{\"model\":{\"vocab\":{\"a\":-1},\"unk_token\":\"a\"}}", "no id");
	assert_no_tokenizer(
	    "{\"model\":{\"vocab\":{\"a\":99999999},\"unk_token\":\"a\"}}", "no id");
	assert_no_tokenizer("{\"model\":{\"vocab\":{\"a\":0},\"unk_token\":\"a\","
			    "\"max_input_chars_per_word\":1e9}}",
	    "limit");
	assert_no_tokenizer("{\"model\":{\"vocab\":{\"a\":0},\"unk_token\":\"a\"}}", "normalizer");
	assert_no_tokenizer("{\"model\":{\"vocab\":{\"a\":0},\"unk_token\":\"a\"}," BERT
			    ",\"added_tokens\":[{\"content\":\"\",\"id\":0}]}",
	    "added token");
	assert_no_tokenizer("{\"model\":{\"vocab\":{\"a\":0},\"unk_token\":\"a\"}," BERT
			    ",\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"a\"]}}",
	    "post-processor");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(packed_products_are_those_of_the_definition),
	    cmocka_unit_test(half_precision_is_read_exactly),
	    cmocka_unit_test(layers_are_those_of_the_definition),
	    cmocka_unit_test(a_team_waits_for_all),
	    cmocka_unit_test(every_layer_is_that_of_numpy),
	    cmocka_unit_test(pooling_and_length_are_those_of_the_files),
	    cmocka_unit_test(minilm_gives_the_golden_tokens_and_vectors),
	    cmocka_unit_test(a_text_gives_the_same_bits_in_any_company),
	    cmocka_unit_test(words_become_their_longest_pieces),
	    cmocka_unit_test(a_safetensors_header_that_lies_is_refused),
	    cmocka_unit_test(weights_that_are_no_numbers_are_noticed),
	    cmocka_unit_test(a_tokenizer_of_another_kind_is_refused),
	};
	blas_set_threads(4);
	return cmocka_run_group_tests(tests, help_enter_folder, help_leave_folder);
}
