# `embedllm route` as a whole process on the demo world at the published scale: start, open, encode,
# rank, print; and the ranking alone, as the rate of `route --file`.
db=$BENCH_TMP/paper.db
[ -f "$db" ] || "$EMBEDLLM" -q -d "$db" demo --scale paper >/dev/null || exit 1
text="A train leaves at 9:40 and arrives at 13:05. How many minutes is the trip?"
"$EMBEDLLM" -q -d "$db" route "$text" >/dev/null || exit 1
seconds() {
	local start=$EPOCHREALTIME
	"$@" >/dev/null || exit 1
	awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN {print b - a}'
}
cold=$(for _ in 1 2 3 4 5; do seconds "$EMBEDLLM" -q -d "$db" route "$text"; done | sort -g | sed -n 3p)
figure route_process "$(awk -v s="$cold" 'BEGIN {printf "%.0f", 1e3 * s}')" ms
for ((i = 0; i < 200; i++)); do echo "$text Number $i."; done >"$BENCH_TMP/questions"
many=$(seconds "$EMBEDLLM" -q -d "$db" route --file "$BENCH_TMP/questions")
figure route_one "$(awk -v m="$many" -v c="$cold" 'BEGIN {printf "%.2f", 1e3 * (m - c) / 199}')" ms "under 30"
