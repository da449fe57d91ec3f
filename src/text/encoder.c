#include "text/encoder.h"

#include <assert.h>

bool encoder_encode(const struct encoder *enc, const char *const *text, size_t n, struct mat *rows,
    const struct progress *p, struct err *e)
{
	assert(rows->rows == n && rows->cols == enc->dims);
	return enc->ops->encode(enc, text, n, rows, p, e);
}

bool encoder_prepare(const struct encoder *enc, struct err *e)
{
	return !enc->ops->prepare || enc->ops->prepare(enc, e);
}

void encoder_free(struct encoder *enc)
{
	if (enc)
		enc->ops->free(enc);
}
