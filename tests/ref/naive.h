/* naive.h - the formulas of src/num written out, for tests: no speed, no tricks. */
#ifndef REF_NAIVE_H
#define REF_NAIVE_H

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

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
static inline double naive_auc(
    size_t n, const float *score, const float *label, const float *weight)
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
static inline void naive_affinities(
    size_t n, size_t d, const float *x, double perplexity, double *p)
{
	double *d2 = calloc(n, sizeof(*d2));

	for (size_t i = 0; i < n * n; i++)
		p[i] = 0;
	for (size_t i = 0; i < n; i++) {
		double log_beta = 0, step = 8, sum = 0;

		for (size_t j = 0; j < n; j++) {
			d2[j] = 0;
			for (size_t k = 0; k < d; k++)
				d2[j] += pow((double)x[i * d + k] - (double)x[j * d + k], 2);
		}
		for (int t = 0; t < 120; t++) {
			double entropy = 0;

			sum = 0;
			for (int pass = 0; pass < 2; pass++)
				for (size_t j = 0; j < n; j++) {
					double g = i == j ? 0 : exp(-exp(log_beta) * d2[j]);

					if (pass == 0)
						sum += g;
					else if (g > 0)
						entropy -= g / sum * log(g / sum);
				}
			log_beta += entropy > log(perplexity) ? step : -step;
			step *= 0.85;
		}
		for (size_t j = 0; j < n; j++) {
			double g = i == j ? 0 : exp(-exp(log_beta) * d2[j]) / sum;

			p[i * n + j] += g / (2 * (double)n);
			p[j * n + i] += g / (2 * (double)n);
		}
	}
	free(d2);
}

/* The map that gradient descent (equation 5) reaches from y (n, 2), with the schedule of the
 * authors' program: attraction times `exaggeration` in the first 250 steps, momentum 0.5 in them
 * and 0.8 after, gains per coordinate. */
static inline void naive_tsne(
    size_t n, const double *p, size_t iterations, double exaggeration, double rate, double *y)
{
	double *gain = calloc(2 * n, sizeof(*gain)), *step = calloc(2 * n, sizeof(*step));
	double *gradient = calloc(2 * n, sizeof(*gradient));

	for (size_t i = 0; i < 2 * n; i++)
		gain[i] = 1;
	for (size_t t = 0; t < iterations; t++) {
		double z = 0, mean[2] = {0, 0};

		for (int pass = 0; pass < 2; pass++)
			for (size_t i = 0; i < n; i++) {
				double gx = 0, gy = 0;

				for (size_t j = 0; j < n; j++) {
					double dx = y[2 * i] - y[2 * j];
					double dy = y[2 * i + 1] - y[2 * j + 1];
					double q = 1 / (1 + dx * dx + dy * dy), pull;

					if (i == j)
						continue;
					if (pass == 0) {
						z += q;
						continue;
					}
					pull = (t < 250 ? exaggeration : 1) * p[i * n + j];
					gx += 4 * (pull - q / z) * q * dx;
					gy += 4 * (pull - q / z) * q * dy;
				}
				gradient[2 * i] = gx;
				gradient[2 * i + 1] = gy;
			}
		for (size_t i = 0; i < 2 * n; i++) {
			gain[i] =
			    (gradient[i] > 0) != (step[i] > 0) ? gain[i] + 0.2 : gain[i] * 0.8;
			gain[i] = gain[i] < 0.01 ? 0.01 : gain[i];
			step[i] = (t < 250 ? 0.5 : 0.8) * step[i] - rate * gain[i] * gradient[i];
			y[i] += step[i];
			mean[i % 2] += y[i] / (double)n;
		}
		for (size_t i = 0; i < 2 * n; i++)
			y[i] -= mean[i % 2];
	}
	free(gain);
	free(step);
	free(gradient);
}

#endif
