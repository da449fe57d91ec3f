# all-MiniLM-L6-v2 against ONNX Runtime on the same weights: one text of 16, 64 and 128 tokens, and
# batches of 32 of 16, on one thread and on two. Both are measured in turns, the least of all counts:
# other work on the machine only adds. ONNX Runtime is the npm package onnxruntime-node; NODE_PATH
# says where it is installed.
dir=${EMBEDLLM_ENCODERS:-$top_builddir/encoders}/minilm
if [ ! -d "$dir" ]; then
	skip encoder "the weights are not there: ./bootstrap encoder"
	exit 0
fi
texts="16:1 64:1 128:1" batches="16:32 64:32" # LENGTH:BATCH
turns=${ENCODER_TURNS:-3}
export OMP_WAIT_POLICY=ACTIVE

# best FILE SIZE: the least milliseconds of a size.
best() { awk -v s="$2" '$1 == s && (!n++ || $2 < m) { m = $2 } END { print m }' "$1"; }

with_onnx=
if ! command -v node >/dev/null || ! node -e 'require("onnxruntime-node")' 2>/dev/null; then
	skip encoder_onnx "npm i onnxruntime-node, and NODE_PATH to it"
else
	with_onnx=1
fi
"$EMBEDLLM" encode --encoder "path:$dir" --json \
	--text 'Which of these numbers is prime: 91, 97 or 119?' >"$BENCH_TMP/checked" || exit 1
for threads in 1 2; do
	ours=$BENCH_TMP/encoder.$threads theirs=$BENCH_TMP/onnx.$threads
	: >"$ours" >"$theirs"
	for ((i = 0; i < turns; i++)); do
		for what in "30 $texts" "3 $batches"; do
			"$top_builddir/bench/encoder" "$dir" $threads $what >>"$ours" || exit 1
			[ -z "$with_onnx" ] || node "$here/encoder_onnx.js" "$dir" $threads $what \
				<"$BENCH_TMP/checked" >>"$theirs" || exit 1
		done
	done
	for size in $texts $batches; do
		o=$(best "$ours" "$size")
		name=${size%:*}_tokens
		[ "${size#*:}" = 1 ] || name=${name}_batch_${size#*:}
		figure "encoder_${name}_threads_$threads" "$(awk -v o="$o" 'BEGIN { printf "%.2f", o }')" ms
		[ -n "$with_onnx" ] || continue
		case $size in 16:1) limit=2 ;; 64:1) limit=1.3 ;; 128:1) limit=1.1 ;; *) limit=1 ;; esac
		figure "  of ONNX Runtime's time" \
			"$(awk -v o="$o" -v t="$(best "$theirs" "$size")" 'BEGIN { printf "%.2f", o / t }')" \
			times "at most $limit"
	done
done
figure encoder_load "$(best "$BENCH_TMP/encoder.1" load)" ms 'under 150'
[ -z "$with_onnx" ] || figure encoder_difference "$(awk '$1 == "check" { print $2; exit }' "$BENCH_TMP/onnx.1")" '' 'under 1e-5'
