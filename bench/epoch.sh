# An epoch at the published scale (112 models x 29,673 questions, D 768, K 232) against its five bare
# matrix products, and against the published recipe in PyTorch.
out=$("$top_builddir/bench/epoch" 128 232) || exit 1
value() { awk -v k="$1" '$1 == k {print $2}' <<<"$out"; }
kernel=$(value kernel)
figure epoch "$(value epoch_seconds)" s "kernel $kernel, $(value threads) threads, batch 128"
figure epoch_products "$(value products_seconds)" s
figure epoch_ratio "$(value ratio)" x "at most 1.5"

python=$(for p in python3 /usr/bin/python3; do "$p" -c 'import torch, numpy' 2>/dev/null && echo "$p" && break; done)
if [ -z "$python" ]; then
	skip epoch_against_pytorch "needs PyTorch: apt-get install python3-torch python3-numpy"
	exit 0
fi
# The library's own choice of kernel for both.
unset OPENBLAS_CORETYPE
torch=$("$python" "$(dirname "$0")/reference_mf.py" time --batches 8 | sed -n 's/.* \([0-9.]*\) s\/epoch.*/\1/p')
out=$("$top_builddir/bench/epoch" 128 232) || exit 1
case $(value kernel) in
Prescott | Core2 | Nehalem | generic) limit=100 ;;
*) limit=300 ;;
esac
figure epoch_pytorch "$torch" s
figure epoch_against_pytorch "$(awk -v a="$torch" -v b="$(value epoch_seconds)" 'BEGIN {printf "%.0f", a / b}')" x \
	"at least $limit with kernel $(value kernel)"
