# Importing the demo's paper-scale train.csv against the sqlite3 shell's .import of the same file into
# a plain table on disk: three rounds, alternating; the median of each; both end in an fsync.
if ! command -v sqlite3 >/dev/null; then
	skip import_ratio "needs the sqlite3 shell: apt-get install sqlite3"
	exit 0
fi
seconds() {
	local start=$EPOCHREALTIME
	"$@" >/dev/null || exit 1
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN {print b - a}'
}
plain() {
	rm -f "$BENCH_TMP/plain.db"
	sqlite3 "$BENCH_TMP/plain.db" ".mode csv" ".import $1 response" && sync -f "$BENCH_TMP/plain.db"
}
ours() {
	rm -f "$BENCH_TMP"/ours.db*
	/usr/bin/time -f '%M' -o "$BENCH_TMP/peak" "$EMBEDLLM" -q -d "$BENCH_TMP/ours.db" import "$1" --part train &&
		sync -f "$BENCH_TMP/ours.db"
}
median() { sort -g | sed -n 2p; }

for prompts in short long; do
	option= limit="at most 1.5"
	[ $prompts = long ] && option=--long-prompts limit="at most 1"
	"$EMBEDLLM" -q demo --scale paper $option --csv "$BENCH_TMP/$prompts" >/dev/null || exit 1
	file=$BENCH_TMP/$prompts/train.csv
	cat "$file" >/dev/null
	for _ in 1 2 3; do
		seconds plain "$file" >>"$BENCH_TMP/plain.$prompts"
		seconds ours "$file" >>"$BENCH_TMP/ours.$prompts"
	done
	a=$(median <"$BENCH_TMP/ours.$prompts") b=$(median <"$BENCH_TMP/plain.$prompts")
	figure "import_${prompts}" "$a" s "$(stat -c %s "$file") bytes, $(($(wc -l <"$BENCH_TMP/ours.$prompts"))) rounds"
	figure "import_${prompts}_sqlite3" "$b" s
	figure "import_${prompts}_ratio" "$(awk -v a="$a" -v b="$b" 'BEGIN {printf "%.2f", a / b}')" x "$limit"
	figure "import_${prompts}_peak" "$(awk '{printf "%.0f", $1 / 1024}' "$BENCH_TMP/peak")" MiB "under 1024"
	rm -rf "${BENCH_TMP:?}/$prompts" "$BENCH_TMP"/plain.db*
done
