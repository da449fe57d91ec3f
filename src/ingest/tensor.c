#include "ingest/tensor.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/stream.h"
#include "ingest/tensor_npy.h"
#include "ingest/tensor_pth.h"

#include <string.h>

#define MAX_FILE ((size_t)4 << 30)

bool tensor_read(const char *path, struct tensor *out, struct err *e)
{
	struct buf b;
	bool ok;

	buf_init(&b, MAX_FILE);
	ok = stream_read_all(path, &b, e);
	if (ok && b.len >= 4 && !memcmp(b.s, "PK\3\4", 4))
		ok = tensor_from_pth(b.s, b.len, path, out, e);
	else if (ok && b.len >= 6 && !memcmp(b.s, "\x93NUMPY", 6))
		ok = tensor_from_npy(b.s, b.len, path, out, e);
	else if (ok)
		ok = err_set(e, ERR_DATA,
		    "%s: neither a .npy file nor a tensor of PyTorch (a zip archive); a file of "
		    "PyTorch "
		    "before 1.6 has to be saved anew",
		    path);
	buf_clear(&b);
	return ok;
}
