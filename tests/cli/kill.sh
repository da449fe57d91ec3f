# kill -9 at random moments of import, encode and train: the database opens and is sound; each file is
# in whole or not at all; the encoder is whole or absent; the last finished epoch's checkpoint and the
# best one are there, and --resume ends in the vectors of a run that nobody killed.
# TEST_LONG: twenty kills of each, not three.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM
KILLS=${TEST_LONG:+20}
: "${KILLS:=3}"
export OPENBLAS_NUM_THREADS=1

now() { # milliseconds
	echo $(($(date +%s%N) / 1000000))
}

# killed I MS CMD...: run CMD and kill it at a random time within the Ith of KILLS parts of MS, or let
# it end.
killed() {
	local wait=$((($1 * 32768 + RANDOM) * $2 / (KILLS * 32768)))
	shift 2
	"$@" >"$T/.out" 2>"$T/.err" </dev/null &
	local child=$!
	sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
	kill -KILL $child 2>/dev/null
	wait $child 2>/dev/null
	killed=$?
}

sound() { # says what is wrong with the database
	sqlite3 "$1" 'PRAGMA integrity_check; PRAGMA foreign_key_check' | grep -vx ok
	"$embedllm" -d "$1" doctor >"$T/.doctor" 2>&1 || cat "$T/.doctor"
}

# Import: two files in one call.
for file in one two; do
	echo 'prompt_id,model_id,label,prompt,model_name,category'
	awk -v file=$file 'BEGIN {
		for (q = 0; q < 1500; q++)
			for (m = 0; m < 40; m++)
				printf "%d,%d,%d,%s question %d of some length,model %d,bench %d\n",
					q, m, (q * m) % 3 == 0, file, q, m, q % 10 }'
done | awk '/^prompt_id/ { file = "f" ++n ".csv" } { print >file }'
start=$(now)
"$embedllm" -d timed.db import f1.csv f2.csv >/dev/null
whole=$(($(now) - start))
broken= seen=
for ((i = 0; i < KILLS; i++)); do
	rm -f k.db*
	killed $i $whole "$embedllm" -d k.db import f1.csv f2.csv
	if [ "$(sqlite3 k.db 'SELECT count(*) FROM sqlite_master')" = 0 ]; then # before the tables
		seen+=' -'
		"$embedllm" -d k.db import f1.csv f2.csv >/dev/null 2>"$T/.err" || broken+=$(cat "$T/.err")
	fi
	broken+=$(sound k.db)
	rows=$(sqlite3 k.db 'SELECT count(*) FROM response; SELECT group_concat(rows) FROM import' | tr '\n' ' ')
	case $rows in
	'0  ') seen+=' 0' ;;
	'60000 60000 ') seen+=' 1' ;;
	'120000 60000,60000 ') seen+=' 2' ;;
	*) broken+="rows $rows" ;;
	esac
done
is "import: each file whole or not at all, $KILLS times (files in:$seen)" "$broken" ''

# Encode.
"$embedllm" -d e.db -q demo --no-train >/dev/null
cp e.db clean.db
start=$(now)
"$embedllm" -d e.db -q encode >/dev/null
whole=$(($(now) - start))
encodings() {
	sqlite3 "$1" 'SELECT identity FROM encoder; SELECT count(*), sum(length(data)) FROM encoding;
		SELECT hex(data) FROM encoding ORDER BY question LIMIT 1 OFFSET 3999' | md5sum
}
wanted=$(encodings e.db)
broken= seen=
for ((i = 0; i < KILLS; i++)); do
	rm -f k.db*
	cp clean.db k.db
	killed $i $whole "$embedllm" -d k.db -q encode
	broken+=$(sound k.db)
	n=$(sqlite3 k.db 'SELECT count(*) FROM encoding')
	seen+=" $n"
	[ "$n" = 0 ] || [ "$(sqlite3 k.db 'SELECT count(*) FROM encoder')" = 1 ] || broken+='encodings of no encoder '
	"$embedllm" -d k.db -q encode >/dev/null 2>"$T/.err" || broken+=$(cat "$T/.err")
	[ "$(encodings k.db)" = "$wanted" ] || broken+='other encodings '
done
is "encode: goes on to the same encodings, $KILLS times (encoded:$seen)" "$broken" ''

# Train. The whole run is stored as run 1 of the database that the killed runs come into.
train="$embedllm -d e.db train --epochs 50 --patience 0 --seed 5 --threads 1"
start=$(now)
$train >/dev/null 2>&1
whole=$(($(now) - start))
vectors() {
	sqlite3 e.db "SELECT kind, owner, hex(data) FROM vector WHERE run = $1 ORDER BY 1, 2" | md5sum
}
wanted=$(vectors 1)
curve=$(sqlite3 e.db 'SELECT epoch, train_loss, val_loss FROM curve WHERE run = 1')
broken= seen= killed_runs=0 resumed=0
for ((i = 0; i < KILLS; i++)); do
	sqlite3 e.db 'PRAGMA foreign_keys = ON; DELETE FROM run WHERE id > 1'
	killed $i $whole $train
	said=$(sed -n 's/^epoch \([0-9]*\) .*/\1/p' "$T/.err" | tail -n 1)
	broken+=$(sound e.db)
	state=$(sqlite3 e.db 'SELECT state FROM run WHERE id > 1')
	seen+=" ${said:--}"
	[ "$state" = running ] || [ "$killed" != 137 ] || [ -z "$said" ] || [ "$state" = done ] ||
		broken+="state $state "
	[ "$state" = running ] || continue
	run=$(sqlite3 e.db 'SELECT id FROM run WHERE id > 1')
	last=$(sqlite3 e.db "SELECT coalesce(max(epoch), 0) FROM curve WHERE run = $run")
	[ "$last" -ge "${said:-0}" ] || broken+="epoch $said was said to be finished, $last is kept "
	if [ "$last" -gt 0 ]; then
		killed_runs=$((killed_runs + 1))
		[ "$(sqlite3 e.db "SELECT epoch FROM checkpoint WHERE run = $run AND kind = 'last'")" = "$last" ] ||
			broken+='the last checkpoint is of another epoch '
		[ "$(sqlite3 e.db "SELECT epoch FROM checkpoint WHERE run = $run AND kind = 'best'")" = \
			"$(sqlite3 e.db "SELECT epoch FROM curve WHERE run = $run ORDER BY val_loss, epoch LIMIT 1")" ] ||
			broken+='the best checkpoint is not of the best epoch '
	fi
	"$embedllm" -d e.db -q train --resume "$run" >/dev/null 2>"$T/.err" || broken+=$(cat "$T/.err")
	resumed=$((resumed + 1))
	[ "$(vectors "$run")" = "$wanted" ] || broken+="other vectors after $last epochs "
	[ "$(sqlite3 e.db "SELECT epoch, train_loss, val_loss FROM curve WHERE run = $run")" = "$curve" ] ||
		broken+="another curve after $last epochs "
done
is "train: checkpoints and the same vectors, $KILLS times (epochs said:$seen)" "$broken" ''
ok "train: some were killed with epochs finished ($killed_runs), and resumed ($resumed)" \
	[ "$killed_runs" -gt 0 ]

finish
