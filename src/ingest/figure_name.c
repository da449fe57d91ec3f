#include "ingest/figure_name.h"

#include "base/utf8.h"

#include <stddef.h>

static bool is_any(const char *const *globs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (utf8_glob(globs[i], name))
			return true;
	return false;
}
#define IS_ANY(globs, name) is_any(globs, sizeof(globs) / sizeof(globs[0]), name)

bool figure_is_of_wrong(const char *name)
{
	static const char *const globs[] = {"*perplexity*", "ppl", "*_ppl", "ppl_*", "bits_per_*",
	    "*_bits_per_*", "bpb", "loss", "loss_*", "*_loss", "*_loss_*", "nll", "*_nll",
	    "*likelihood*", "*brier*", "ter", "*_ter", "wer", "*_wer", "cer", "*_cer", "mer",
	    "*error*", "mse", "*_mse", "rmse", "*_rmse", "mae", "*_mae", "ece", "*_ece",
	    "*distance*", "*stereotype*", "*toxic*", "*bias*", "*hallucinat*", "*violation*",
	    "*fail*", "*wrong*", "*incorrect*", "attack_success*", "asr", "*harmful*", "*leakage*",
	    "*mistake*"};

	return IS_ANY(globs, name);
}

bool figure_is_of_wrong_in(const char *task, const char *name)
{
	static const char *const tasks[] = {"*toxic*", "*bias*", "*stereotype*", "*crows_pairs*"};
	static const char *const unsaid[] = {"score", "mean", "value", "result"};

	return IS_ANY(unsaid, name) && IS_ANY(tasks, task);
}
