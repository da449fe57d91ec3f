/* naive.h - the formulas of src/num written out, for tests: no speed, no tricks. */
#ifndef REF_NAIVE_H
#define REF_NAIVE_H

#include <math.h>
#include <stddef.h>

/* Kendall's tau-b over all pairs. */
static inline double naive_kendall(size_t n, const double *x, const double *y)
{
	double agree = 0, tied_x = 0, tied_y = 0, pairs = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < i; j++) {
			double dx = x[i] - x[j], dy = y[i] - y[j];

			pairs++;
			tied_x += dx == 0;
			tied_y += dy == 0;
			agree += (double)((dx * dy > 0) - (dx * dy < 0));
		}
	return agree / sqrt((pairs - tied_x) * (pairs - tied_y));
}

/* Weighted chance that a positive scores above a negative, ties half. */
static inline double naive_auc(size_t n, const float *score, const float *label,
    const float *weight)
{
	double win = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double w;

			if (isnan(label[i]) || isnan(label[j]))
				continue;
			w = (double)weight[i] * (double)label[i] * (double)weight[j] *
			    (1 - (double)label[j]);
			all += w;
			win += w * (score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0);
		}
	return win / all;
}

/* Kullback-Leibler divergence of a map y (n, 2) from joint probabilities p (n, n): equations 2
 * and 4 of van der Maaten and Hinton 2008. */
static inline double naive_kl(size_t n, const double *p, const double *y)
{
	double z = 0, kl = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; j < n; j++) {
				double dx = y[2 * i] - y[2 * j], dy = y[2 * i + 1] - y[2 * j + 1];
				double q = 1 / (1 + dx * dx + dy * dy);

				if (i == j)
					continue;
				if (pass == 0)
					z += q;
				else if (p[i * n + j] > 0)
					kl += p[i * n + j] * log(p[i * n + j] * z / q);
			}
	return kl;
}

/* Joint probabilities (n, n) of x (n, d): equation 1, each row's bandwidth found by trying ever
 * finer steps until 2^entropy is the perplexity. */
static inline void naive_affinities(size_t n, size_t d, const float *x, double perplexity, double *p)
{
	for (size_t i = 0; i < n * n; i++)
		p[i] = 0;
	for (size_t i = 0; i < n; i++) {
		double log_beta = 0, step = 8, sum = 0;

		for (int t = 0; t < 200; t++) {
			double entropy = 0;

			sum = 0;
			for (int pass = 0; pass < 2; pass++)
				for (size_t j = 0; j < n; j++) {
					double d2 = 0, g;

					for (size_t k = 0; k < d; k++)
						d2 += pow((double)x[i * d + k] - (double)x[j * d + k], 2);
					g = i == j ? 0 : exp(-exp(log_beta) * d2);
					if (pass == 0)
						sum += g;
					else if (g > 0)
						entropy -= g / sum * log(g / sum);
				}
			log_beta += entropy > log(perplexity) ? step : -step;
			step *= 0.85;
		}
		for (size_t j = 0; j < n; j++) {
			double d2 = 0, g;

			for (size_t k = 0; k < d; k++)
				d2 += pow((double)x[i * d + k] - (double)x[j * d + k], 2);
			g = i == j ? 0 : exp(-exp(log_beta) * d2) / sum;
			p[i * n + j] += g / (2 * (double)n);
			p[j * n + i] += g / (2 * (double)n);
		}
	}
}

#endif
