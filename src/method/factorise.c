/* Identity factors reproduce the logits; the canonical form sorts their axes by what they carry, and
 * those past the first FACTORISE_DIM are dropped. */
#include "method/factorise.h"

#include <string.h>

/* The first `dim` axes. */
static struct mf shorten(const struct mf *m, size_t dim)
{
	struct mf s = mf_new(m->models, dim, m->features);

	for (size_t i = 0; i < m->models; i++)
		memcpy(s.p + i * dim, m->p + i * m->dim, dim * sizeof(float));
	memcpy(s.a, m->a, dim * m->features * sizeof(float));
	memcpy(s.a0, m->a0, dim * sizeof(float));
	memcpy(s.w, m->w, dim * sizeof(float));
	s.b[0] = m->b[0];
	return s;
}

struct mf factorise(const float *logits, size_t n, size_t M)
{
	struct mf m = mf_new(M, M, M), s;

	for (size_t i = 0; i < M; i++)
		m.p[i * M + i] = m.a[i * M + i] = m.w[i] = 1;
	mf_canonical(&m, logits, n);
	if (m.dim <= FACTORISE_DIM)
		return m;
	s = shorten(&m, FACTORISE_DIM);
	mf_free(&m);
	return s;
}
