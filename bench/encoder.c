/* encoder.c - how long a text takes through all-MiniLM-L6-v2: `encoder DIR THREADS ROUNDS
 * LENGTH:BATCH...` prints for each the least and the median milliseconds of a call over ROUNDS. */
#include "base/err.h"
#include "base/clock.h"
#include "base/mem.h"
#include "num/blas.h"
#include "num/mat.h"
#include "text/sentence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* A text of so many tokens: [CLS], words of one piece, [SEP]. */
static char *text_of(size_t length)
{
	char *s = mem_zero_array(length, 5);

	for (size_t i = 2; i < length; i++)
		memcpy(s + (i - 2) * 5, "word ", 5);
	return s;
}

static bool measure(
    const struct encoder *enc, size_t length, size_t batch, size_t rounds, struct err *e)
{
	const char **text = mem_array(batch, sizeof(*text));
	double *ms = mem_array(rounds, sizeof(*ms));
	struct mat rows = mat_new(batch, enc->dims);
	char *one = text_of(length);
	bool ok = true;

	for (size_t i = 0; i < batch; i++)
		text[i] = one;
	for (size_t i = 0; i < rounds + 3 && ok; i++) {
		double start = clock_now();

		ok = encoder_encode(enc, text, batch, &rows, NULL, e);
		if (i >= 3)
			ms[i - 3] = clock_now() - start;
	}
	if (ok) {
		qsort(ms, rounds, sizeof(*ms), by_value);
		printf("%zu:%zu %.3f %.3f\n", length, batch, ms[0], ms[rounds / 2]);
	}
	mem_free(one);
	mat_free(&rows);
	mem_free(ms);
	mem_free(text);
	return ok;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	double start = clock_now();
	struct encoder *enc;
	bool ok = true;

	if (argc < 4) {
		fputs("usage: encoder DIR THREADS ROUNDS LENGTH:BATCH...\n", stderr);
		return 2;
	}
	blas_set_threads((int)strtol(argv[2], NULL, 10));
	enc = sentence_open(argv[1], "minilm", &e);
	if (enc)
		printf("load %.1f\n", clock_now() - start);
	for (int i = 4; i < argc && enc && ok; i++) {
		char *end;
		size_t length = strtoul(argv[i], &end, 10), batch = strtoul(end + 1, NULL, 10);

		ok = measure(enc, length, batch, strtoul(argv[3], NULL, 10), &e);
	}
	encoder_free(enc);
	if (!enc || !ok) {
		fprintf(stderr, "encoder: %s\n", e.msg);
		return 1;
	}
	return 0;
}
