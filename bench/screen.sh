# The explorer on the demo world at the published scale, from outside through a pty: first screen, key
# to repaint while training runs, typed question to ranking; and its peak memory.
db=$BENCH_TMP/paper.db
screen=$top_builddir/bench/screen
value() { awk -v k="$1" '$1 == k {print $2}'; }
"$EMBEDLLM" -q -d "$db" demo --scale paper >/dev/null || exit 1
"$EMBEDLLM" -q -d "$db" doctor >/dev/null # so that the choice of kernel is made and the file is cached

export XDG_CONFIG_HOME=$BENCH_TMP/config XDG_STATE_HOME=$BENCH_TMP/state TERM=xterm-256color LC_ALL=C.UTF-8
open() { "$screen" "$@" -- "$EMBEDLLM" -d "$db" explore --fresh; }

figure first_screen "$(for _ in 1 2 3 4 5; do open | value first_screen; done | sort -g | sed -n 3p)" ms "under 200"

# Train (screen 4): t opens the form, in which epochs and patience are set so that training outlasts
# the measurement; then 500 keys up and down the Models list.
train=$'4t\t\t\t\x15100000\t\x150\r1'
out=$(open -p "$train" -w 2 -n 500 -g 100 -k jjjjjkkkkk)
figure key_training_p50 "$(value key_p50 <<<"$out")" ms
figure key_training_p99 "$(value key_p99 <<<"$out")" ms "under 20"

# Route (screen 6): every letter re-ranks all models.
out=$(open -p '6i' -w 3 -n 60 -g 150 -k 'how many trains leave before noon ')
figure route_typed_p50 "$(value key_p50 <<<"$out")" ms
figure route_typed_p99 "$(value key_p99 <<<"$out")" ms "under 30"

figure explorer_peak "$(open -p "$train" -w 5 | value peak)" MiB "under 1024"
