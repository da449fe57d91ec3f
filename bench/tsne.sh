# Exact t-SNE of 2,000 points, perplexity 30, 1,000 iterations, against a naive reference.
out=$("$top_builddir/bench/tsne") || exit 1
value() { awk -v k="$1" '$1 == k {print $2}' <<<"$out"; }
figure tsne "$(value seconds)" s "$(value threads) threads; under 10"
figure tsne_naive "$(value naive_seconds)" s
figure tsne_against_naive "$(awk -v a="$(value naive_seconds)" -v b="$(value seconds)" 'BEGIN {printf "%.1f", a / b}')" x
figure tsne_divergence "$(value kl_ratio)" x "of the naive one's; at most 1.05"
