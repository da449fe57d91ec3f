#include "cli/verb.h"

#include "base/err.h"
#include "chart/chart_file.h"

bool verb_plot(struct cli *c, const struct chart *f, const char *path, struct err *e)
{
	if (!plot_export(f, path, e))
		return false;
	verb_note(c, "wrote %s", path);
	return true;
}
