/* Whatever json_read accepts can be written, and reads back as the same value. */
#include "fuzz.h"

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err e = ERR_INIT;
	json_t *v = json_read((const char *)data, size, "fuzz", &e);
	char *text = NULL;
	size_t n = 0;

	if (!v) {
		assert(e.kind == ERR_DATA && !strncmp(e.msg, "fuzz: byte ", 11));
		assert(utf8_check(e.msg, strlen(e.msg)) == strlen(e.msg));
		return 0;
	}
	FILE *f = open_memstream(&text, &n);
	assert(json_write_line(f, v, &e));
	fclose(f);
	/* Reals keep nine digits, so compare what is written the second time. */
	json_t *again = json_read(text, n, "again", &e);
	assert(again);
	char *text2 = NULL;
	size_t n2 = 0;
	f = open_memstream(&text2, &n2);
	assert(json_write_line(f, again, &e));
	fclose(f);
	assert(n == n2 && !memcmp(text, text2, n));
	json_decref(v);
	json_decref(again);
	mem_free(text);
	mem_free(text2);
	return 0;
}
