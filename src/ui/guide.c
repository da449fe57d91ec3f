/* guide.c - see guide.h */
#include "ui/guide.h"

#include "base/buf.h"
#include "view/host.h"

void guide_loaded(struct app *a)
{
	if (a->guide == GUIDE_UNDECIDED)
		a->guide = !data_catalog(a->data)->run && a->settings.v[SETTING_GUIDE] == 0
			       ? GUIDE_SHOWN
			       : GUIDE_HIDDEN;
}

bool guide_hide(struct app *a)
{
	bool shown = a->guide == GUIDE_SHOWN;

	if (shown)
		a->guide = GUIDE_HIDDEN;
	return shown;
}

void guide_toggle(struct app *a)
{
	a->guide = a->guide == GUIDE_SHOWN ? GUIDE_HIDDEN : GUIDE_SHOWN;
}

/* The key of an action, as it is bound now. */
static void add_key(const struct app *a, enum action action, struct buf *out)
{
	buf_addc(out, ' ');
	keymap_labels(&a->keymap, action, 1, out);
	buf_addc(out, ' ');
}

bool guide_line(struct app *a, struct buf *out)
{
	const struct catalog *r = data_catalog(a->data);
	struct worker_status s;

	if (a->guide != GUIDE_SHOWN || !r->n_models)
		return false;
	worker_status(a->worker[LANE_LONG], &s);
	if (r->run) {
		buf_adds(out, "Ready:");
		add_key(a, ACTION_VIEW_NEAR, out);
		buf_adds(out, "who is like whom ·");
		add_key(a, ACTION_VIEW_PROBE, out);
		buf_adds(out, "what is foretold ·");
		add_key(a, ACTION_VIEW_ROUTE, out);
		buf_adds(out, "who gets a question");
	} else if (s.ops == &train_ops) {
		buf_adds(out, "Next: training goes on while you look around; then come");
		add_key(a, ACTION_VIEW_NEAR, out);
		add_key(a, ACTION_VIEW_PROBE, out);
		add_key(a, ACTION_VIEW_ROUTE, out);
	} else {
		buf_adds(out, "Next:");
		add_key(a, ACTION_VIEW_TRAIN, out);
		buf_adds(out, "then");
		add_key(a, ACTION_TRAIN_NEW, out);
		buf_adds(out, "train a first run");
	}
	buf_adds(out, "  (Esc hides this)");
	return true;
}
