# Faults from outside: copies that are in use or cut short, signals, limits, damaged rows.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM
e() { "$embedllm" -q "$@"; }
e -d x.db demo --no-train && e -d x.db train --epochs 3
cp x.db sound.db

# A backup can be made again once it was looked at, and not while another process holds it.
e -d x.db backup b.db
for verb in doctor models status 'runs --tsv' 'train --epochs 1'; do
	e -d b.db $verb >/dev/null
	run e -d x.db backup b.db
	is "a backup after $verb: status" "$status|$err" '0|'
done
is 'a backup that was read: nothing beside it' "$(e -d b.db models >/dev/null && ls b.db*)" b.db
e -d b.db train --epochs 1 && e -d b.db models >/dev/null
run sqlite3 b.db 'UPDATE meta SET value = value' 'SELECT count(*) FROM run' \
	".shell '$embedllm' -q -d x.db backup b.db 2>said; echo \$?"
is 'a backup in use: status' "$out" $'2\n2'
like 'a backup in use: says so' "$(cat said)" 'b.db: a database in use'
chmod 600 b.db && e -d x.db backup b.db
is 'a backup keeps the mode of what it replaces' "$(stat -c %a b.db)" 600
is 'a backup is the same' "$(sqlite3 b.db .dump | md5sum)" "$(sqlite3 x.db .dump | md5sum)"
run e -d x.db backup /dev/null
is 'a backup onto a device: status' "$status" 2
ok 'a backup onto a device: it stays one' [ -c /dev/null ]

# Signals: HUP, INT and TERM leave nothing, and what KILL left goes with the next of that name.
mkdir out
for s in TERM HUP INT KILL; do
	left=
	for wait in .02 .04 .06 .08 .1 .12; do
		for verb in 'backup out/b.db' 'export labels out/l.csv' 'export vectors --format npy out/v.npy'; do
			# a job in the background of a script ignores INT
			env --default-signal=INT "$embedllm" -d x.db $verb 2>/dev/null &
			child=$!
			sleep $wait
			kill -$s $child 2>/dev/null
			wait $child 2>/dev/null
			[ $s = KILL ] || left+=$(ls out | grep tmp)
		done
	done
	is "files that $s left" "$left" ''
done 2>/dev/null
touch out/l.csv.7.tmp out/l.csv.7.8.9.tmp out/l.csv.7.8.tmp out/other.csv.7.8.tmp
e -d x.db backup out/b.db && e -d x.db export labels out/l.csv && e -d x.db export vectors --format npy out/v.npy
is 'what KILL left goes, other files stay' "$(ls out | grep tmp | tr '\n' ' ')" \
	'l.csv.7.8.9.tmp l.csv.7.tmp other.csv.7.8.tmp '

# Who has closed the database leaves no log that is replayed onto a copy put back by name.
cp sound.db x.db
printf '4t<Enter><Wait>3<Wait>Q\n' >keys
run "$embedllm" -d x.db explore --script keys
is 'the explorer has trained and is left: no log with frames' "$(find . -name 'x.db-wal' -size +0)" ''
cp sound.db x.db
run e -d x.db doctor
is 'a copy put back is sound' "$status" 0
is 'a copy put back has the runs it had' "$(sqlite3 x.db 'SELECT count(*) FROM run')" 1

# What a run says of itself is damaged: doctor names it, the others are listed and judged.
damage() { # NAME COLUMN VALUE
	cp sound.db d.db && e -d d.db train --epochs 2
	sqlite3 d.db "PRAGMA ignore_check_constraints = 1; UPDATE run SET $2 = $3 WHERE id = 1"
	run e -d d.db doctor
	is "$1: doctor's status" "$status" 3
	like "$1: doctor names the run" "$out" 'run 1 is damaged: .*: embedllm runs delete 1'
	run e -d d.db runs --tsv
	is "$1: runs lists both" "$status $(wc -l <<<"$out")" '0 3'
	run e -d d.db evaluate
	is "$1: the other is judged" "$status" 0
	run e -d d.db runs delete 1
	run e -d d.db doctor
	is "$1: without it all is sound" "$status" 0
}
damage 'settings cut short' settings 'substr(settings, 1, 40)'
damage 'a figure in the settings' settings "replace(settings, '0.003', '0.0h3')"
damage 'no settings' settings "''"
damage 'a calibration' calibration "'['"

# A run that is deleted while it is trained: both sides say so, and nothing of it stays.
cp sound.db t.db
"$embedllm" -d t.db train --epochs 100000 --patience 0 >said 2>&1 &
child=$!
for _ in $(seq 300); do
	[ "$(sqlite3 t.db "SELECT count(*) FROM checkpoint" 2>/dev/null)" = 0 ] || break
	sleep .1
done
run "$embedllm" -d t.db runs delete 2
is 'a run in training is deleted: status' "$status" 0
like 'a run in training is deleted: says so' "$err" 'run 2 was not finished; a training at work on it ends'
wait $child
is 'its training: status' "$?" 1
like 'its training: says so' "$(cat said)" 'run 2 was deleted while it was trained'
is 'a run in training is deleted: it is gone' "$(sqlite3 t.db 'SELECT group_concat(id) FROM run; PRAGMA integrity_check')" $'1\nok'

# Names of 1 MB, narrow and wide: plots are there within seconds.
{
	echo model,benchmark,question,label
	a=$(head -c 1000000 /dev/zero | tr '\0' a) w=$(printf '漢%.0s' $(seq 300000))
	for q in $(seq 40); do
		echo "$a,b$((q % 2)),question $q,$((q % 3 > 0))"
		echo "$w,b$((q % 2)),question $q,$((q % 2))"
		for m in 1 2 3 4; do echo "m$m,b$((q % 2)),question $q,$(((q + m) % 2))"; done
	done
} | gzip -1 >long.csv.gz
e -d n.db import long.csv.gz && e -d n.db train --epochs 2
for verb in map probe; do
	run timeout 20 "$embedllm" -d n.db $verb --plot $verb.svg
	is "$verb of names of 1 MB: status" "$status" 0
	ok "$verb of names of 1 MB: a plot" grep -q '</svg>' $verb.svg
done

# Characters without ink tell names apart.
printf 'model,benchmark,question,label\n' >ink.csv
for name in alpha $'al\u00adpha' $'alpha\u3164' $'al\u200dpha' $'alpha\ufe0f' $'alpha\u2060'; do
	printf '%s,b,q1,1\n%s,b,q2,0\n' "$name" "$name" >>ink.csv
done
e -d i.db import ink.csv
run e -d i.db models
is 'names that differ without ink: all are shown apart' \
	"$(sed -n '2,$p' <<<"$out" | cut -d ' ' -f 1 | sort -u | wc -l)" 6
unlike 'names that differ without ink: none comes raw' "$out" $'[\u00ad\u3164\u200d\ufe0f\u2060]'
run e -d i.db models --tsv
like 'names as TSV are as they are' "$out" $'al\u00adpha'

finish
