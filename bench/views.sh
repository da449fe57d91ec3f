# Key to repaint on every screen, with training in the background, at the published scale and on a
# table of many models; and a filter that is typed over many rows. ms, the 99th percentile of keys
# sent through a pty.
screen=$top_builddir/bench/screen
value() { awk -v k="$1" '$1 == k {print $2}'; }
export XDG_CONFIG_HOME=$BENCH_TMP/config XDG_STATE_HOME=$BENCH_TMP/state TERM=xterm-256color LC_ALL=C.UTF-8

db=$BENCH_TMP/paper.db
[ -f "$db" ] || "$EMBEDLLM" -q -d "$db" demo --scale paper >/dev/null || exit 1

# 5,000 models, 40 questions.
many=$BENCH_TMP/many.db
awk 'BEGIN {
	print "model,benchmark,question,label"
	for (q = 0; q < 40; q++)
		for (m = 0; m < 5000; m++)
			printf "org%d/model-%d-%dB,bench%d,question number %d,%d\n", m % 97, m, m % 70, q % 4, q,
				(m * 7919 + q * 104729) % 101 < 30 + m % 40
}' | "$EMBEDLLM" -q -d "$many" import - >/dev/null && "$EMBEDLLM" -q -d "$many" train >/dev/null || exit 1

# keys DB START CYCLE N: p99 of N keys after START.
keys() {
	"$screen" -s 120x40 -p "$2" -w 2 -n "$4" -g 60 -k "$3" -- "$EMBEDLLM" -d "$1" explore --fresh | value key_p99
}
train=$'4t\t\t\t\x15100000\t\x150\r'
# A key that changes each screen: rows up and down, the log axis, the evidence, the order.
cycle=([1]=jjjjkkkk [2]=jjjjkkkk [3]=jjjjkkkk [4]=L [5]=jjjjkkkk [6]=w [7]=s)
for view in 1 2 3 4 5 6 7; do
	start=$view
	[ $view != 6 ] || start=$'6ihow many trains leave before noon\r'
	figure "view_${view}_paper_training_p99" "$(keys "$db" "$train$start" "${cycle[view]}" 100)" ms "under 16"
	figure "view_${view}_many_p99" "$(keys "$many" "$start" "${cycle[view]}" 100)" ms "under 16"
done
figure filter_35673_questions_p99 "$(keys "$db" $'2\tf' 'how many trains ' 60)" ms "under 50"
figure filter_5000_models_p99 "$(keys "$many" 1f 'org1 model ' 60)" ms "under 50"
