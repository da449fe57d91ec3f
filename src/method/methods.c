/* The table of methods. A new one is a file, a line here and one in method.h. */
#include "method/method.h"

#include <string.h>

const struct method *const methods[] = {
    &method_mf,
    &method_mf_paper,
    &method_stack,
    &method_posterior_kernel,
    &method_posterior_knn,
    &method_kernel,
    &method_ridge,
    &method_logistic,
    &method_knn,
    &method_guarded,
    &method_posterior,
    &method_clusters,
    &method_hiershrink,
    &method_bullpen,
    &method_mlp,
    &method_2pl,
    &method_je_irt,
    &method_irtnet,
    &method_noise,
    &method_shuffled,
    &method_rates,
};
const size_t n_methods = sizeof(methods) / sizeof(*methods);

const struct method *method_find(const char *name)
{
	for (size_t i = 0; i < n_methods; i++)
		if (!strcmp(methods[i]->name, name))
			return methods[i];
	return NULL;
}
