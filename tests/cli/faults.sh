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

finish
