/* adam.h - Adam (Kingma and Ba 2015, algorithm 1) over one block of parameters. */
#ifndef LEARN_ADAM_H
#define LEARN_ADAM_H

#include <stddef.h>

struct adam {
	size_t n;     /* parameters */
	size_t step;  /* steps taken */
	float *m, *v; /* (n) first and second moments, owned */
	double lr;
	/* added to the gradient as weight_decay * parameter, as torch.optim.Adam */
	double weight_decay;
};

struct adam adam_new(size_t n, double lr, double weight_decay);
void adam_free(struct adam *a);
/* One step on param (n) with gradient grad (n). beta 0.9 and 0.999, epsilon 1e-8. */
void adam_step(struct adam *a, float *param, const float *grad);

#endif
