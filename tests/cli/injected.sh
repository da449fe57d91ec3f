# Every n-th call of the system fails, in every verb that writes (tests/faults/fault.c): the disk is full,
# its quota used, it may only be read, it is broken, a call is interrupted or does half; no memory; and the
# power goes after every write, with what was not synced lost, all of it or some. Each time the database is
# whole, its rows are those of before or of after, no file is half or left behind, and a failure is told.
# TEST_LONG: up to twenty of each kind of call, not one of half the kinds.
. "$top_srcdir/tests/tap.sh"
fault=$top_builddir/tests/faults/fault.so
[ -e "$fault" ] || exit 99
if ! LD_PRELOAD=$fault "$EMBEDLLM" --version >/dev/null 2>&1; then
	echo '1..0 # SKIP nothing can be loaded before this build'
	exit 0
fi
most=${TEST_LONG:+20}
: "${most:=1}"
# No other process and no thread takes calls away.
export OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell FAULT_PATH=$T/w/

awk 'BEGIN { print "model,benchmark,question,label"
	for (q = 0; q < 120; q++) for (m = 0; m < 8; m++)
		printf "m%d,b%d,question %d of the %d kind,%d\n", m, q % 4, q, q % 7, ((q * m + q % 3) % 3 > 0) }' >a.csv
sed 's/question [0-9]/other &/' a.csv >more.csv
printf 'model,price_in,price_out\nm1,1,2\nm2,2,3\n' >prices.csv
printf ':set theme light<Enter>' >keys
e() { "$EMBEDLLM" -q -d "$@" >/dev/null; }
e empty.db import a.csv && cp empty.db sound.db && e sound.db train --epochs 2 && e sound.db split --name s2 &&
	e sound.db train --epochs 2 || exit 99
mkdir w

# A training draws a split and fits an encoder first, which may stay; what is done is done whole.
content='SELECT (SELECT count(*) FROM response), (SELECT group_concat(rows) FROM import),
	(SELECT count(*) FROM split WHERE name = '"'s3'"'),
	(SELECT count(*) FROM split WHERE 0 < (SELECT count(*) FROM question WHERE id NOT IN
		(SELECT question FROM split_part WHERE split = split.id))),
	(SELECT count(*) FROM run WHERE state = '"'done'"'),
	(SELECT count(*) FROM vector JOIN run ON id = run WHERE state = '"'done'"'),
	(SELECT sum(price_in) FROM model), (SELECT count(*) FROM model_tag)'

state() { # what there is, in a line
	sqlite3 w/x.db "$content"
	(cd w && cat out settings embedllm/settings 2>/dev/null | cksum)
}

begin() { # DATABASE
	rm -rf w/* && cp "$1" w/x.db && mkdir w/embedllm && echo 'theme = dark' >w/embedllm/settings
}

# act: runs $verb on a copy of $base with a fault; sets status and err. A child of ours would count its calls too.
act() { # NAME=VALUE...
	begin "$base"
	XDG_CONFIG_HOME=$T/w run timeout 60 env "$@" LD_PRELOAD="$fault" "$EMBEDLLM" -q -d w/x.db $verb
}

broken=
wrong() {
	broken+="$verb, call $n of $call ($error): $*"$'\n'
}

look() { # after one fault: what is wrong
	local now left
	left=$(ls w/*.tmp w/*/*.tmp 2>/dev/null)
	[ "$(sqlite3 w/x.db 'PRAGMA integrity_check; PRAGMA foreign_key_check' 2>&1)" = ok ] || wrong damaged
	now=$(state)
	[ "$now" = "$before" ] || [ "$now" = "$after" ] || wrong "half: $now, before $before, after $after"
	case $status in
	0) [ "$now" = "$after" ] || wrong 'status 0, and it was not done' ;;
	[123]) [[ $err = *embedllm:* ]] || wrong "says nothing: $err" ;;
	77) [ "$call" = cut ] || wrong 'status 77' ;;
	*) wrong "status $status: $err" ;;
	esac
	case $error in
	4 | short) [ "$status" = 0 ] || wrong "is no failure: $err" ;;
	esac
	[ -z "$left" ] || [ "$call" = cut ] || [ "$call" = unlink ] || wrong "left $left"
}

# each CALL ERROR[,ERROR...] [NAME=VALUE...]: $verb with the calls failing one by one, by one of the errors
each() {
	local total step errors
	call=$1
	IFS=, read -ra errors <<<"$2"
	shift 2
	[ "$most" -gt 1 ] || ((RANDOM % 2)) || return
	act "$@" FAULT_CALL="$call" FAULT_AT=0 FAULT_COUNT="$T/count"
	total=$(cat count)
	step=$(((total + most - 1) / most))
	[ "$step" -gt 0 ] || return
	for ((n = 1 + RANDOM % step; n <= total; n += step)); do
		error=${errors[RANDOM % ${#errors[@]}]}
		act "$@" FAULT_CALL="$call" FAULT_AT="$n" FAULT_ERRNO="$error"
		look
		times=$((times + 1))
	done
}

while IFS='|' read -r base verb; do
	broken= times=0
	begin "$base"
	before=$(state)
	act FAULT_AT=0
	is "$verb: is done without a fault" "$status" 0
	after=$(state)
	each open 24
	each write 28 FAULT_STAY=1
	each write 122,5,4,short
	each read 5,4,short
	each sync 5
	each truncate 5
	each rename 30
	each unlink 5
	each lock 37
	each flush 28
	each map 12
	each memory 12
	for lose in 0 1 $((2 + RANDOM)); do
		each cut - FAULT_LOSE=$lose
	done
	is "$verb: $times faults" "$broken" ''
	ok "$verb: there were some" [ "$times" -ge 2 ]
done <<'END'
empty.db|import more.csv
empty.db|train --epochs 2
empty.db|encode
sound.db|export labels w/out
sound.db|export vectors --format npy w/out
sound.db|backup w/out
sound.db|split --name s3 --seed 7
sound.db|models import prices.csv
sound.db|models set m1 --tag a=b
sound.db|runs delete 1
sound.db|explore --script keys
END

finish
