#include "ui/guide.h"

#include "base/buf.h"
#include "screen/screens.h"
#include "view/host.h"

void guide_loaded(struct host *h)
{
	if (h->guide == GUIDE_UNDECIDED)
		h->guide = !data_catalog(h->data)->run && h->settings.v[SETTING_GUIDE] == 0
			       ? GUIDE_SHOWN
			       : GUIDE_HIDDEN;
}

bool guide_hide(struct host *h)
{
	bool shown = h->guide == GUIDE_SHOWN;

	if (shown)
		h->guide = GUIDE_HIDDEN;
	return shown;
}

void guide_toggle(struct host *h)
{
	h->guide = h->guide == GUIDE_SHOWN ? GUIDE_HIDDEN : GUIDE_SHOWN;
}

/* The key of an action, as it is bound now. */
static void add_key(const struct host *h, enum action action, struct buf *out)
{
	buf_addc(out, ' ');
	keymap_labels(&h->keymap, action, 1, out);
	buf_addc(out, ' ');
}

bool guide_line(struct host *h, struct buf *out)
{
	const struct catalog *r = data_catalog(h->data);

	if (h->guide != GUIDE_SHOWN || !r->n_models)
		return false;
	if (r->run) {
		buf_adds(out, "Ready:");
		add_key(h, ACTION_VIEW_NEAR, out);
		buf_adds(out, "who is like whom ·");
		add_key(h, ACTION_VIEW_PROBE, out);
		buf_adds(out, "what is foretold ·");
		add_key(h, ACTION_VIEW_ROUTE, out);
		buf_adds(out, "who gets a question");
	} else if (jobs_status(&h->jobs, QUEUE_LONG).ops == &train_ops) {
		buf_adds(out, "Next: training goes on while you look around; then come");
		add_key(h, ACTION_VIEW_NEAR, out);
		add_key(h, ACTION_VIEW_PROBE, out);
		add_key(h, ACTION_VIEW_ROUTE, out);
	} else {
		buf_adds(out, "Next:");
		add_key(h, ACTION_VIEW_TRAIN, out);
		buf_adds(out, "then");
		add_key(h, ACTION_TRAIN_NEW, out);
		buf_adds(out, "train a first run");
	}
	buf_adds(out, "  (Esc hides this)");
	return true;
}
