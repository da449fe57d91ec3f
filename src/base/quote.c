#include "base/quote.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <string.h>

static bool needs_quotes(const char *s, size_t n)
{
	if (n && (s[0] == ' ' || s[n - 1] == ' '))
		return true;
	for (size_t i = 0; i < n; i++)
		if (s[i] == '"' || s[i] == ',' || s[i] == '\n' || s[i] == '\r')
			return true;
	return false;
}

void quote_csv(struct buf *b, const char *s, size_t n)
{
	if (!needs_quotes(s, n)) {
		buf_add(b, s, n);
		return;
	}
	buf_addc(b, '"');
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"')
			buf_addc(b, '"');
		buf_addc(b, s[i]);
	}
	buf_addc(b, '"');
}

void quote_csv_put(FILE *f, const char *s, size_t n)
{
	struct buf b = BUF_INIT;

	if (!needs_quotes(s, n)) {
		fwrite(s, 1, n, f);
		return;
	}
	quote_csv(&b, s, n);
	fwrite(b.s, 1, b.len, f);
	buf_clear(&b);
}

void quote_tsv(struct buf *b, const char *s, size_t n)
{
	static const char plain[] = "\t\n\r\\", escaped[] = "tnr\\";

	for (size_t i = 0, used; i < n; i += used) {
		uint32_t cp;
		const char *special;

		used = utf8_decode(s + i, n - i, &cp);
		special = cp && cp < 0x80 ? strchr(plain, (int)cp) : NULL;
		if (special)
			buf_printf(b, "\\%c", escaped[special - plain]);
		else if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
			buf_printf(b, "\\x%02x", (unsigned)cp);
		else
			buf_add(b, s + i, used);
	}
}
