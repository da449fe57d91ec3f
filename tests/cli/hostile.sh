# Hostile input ends in a clear error or a clean import, never in a crash, and never in a raw escape
# on the screen; a refused file changes nothing.
. "$top_srcdir/tests/tap.sh"

head='prompt_id,model_id,category_id,label,prompt,model_name,category'
long='model,benchmark,question,label'
evil=$'\033[31m\033]0;title\a'

good() { # a sound table in the format of the release
	echo "$head"
	for q in 1 2 3; do
		for m in 1 2; do
			echo "$q,$m,1,$(((q + m) % 2)),\"Is $q, \"\"really\"\", more than $m?\",org__m$m,mmlu_law"
		done
	done
}
good >good.csv
size=$(wc -c <good.csv)

# The status of an import into a database of its own, and whether the screen stayed clean.
try() { # NAME WANTED_STATUS FILE [OPTION...]
	local name=$1 wanted=$2 file=$3
	shift 3
	rm -f try.db*
	run timeout 60 "$EMBEDLLM" -d try.db import "$@" "$file"
	like "$name: status" "$status" "^($wanted)$"
	unlike "$name: no raw escape" "$out$err" $'[\001-\010\013-\037\177]'
	if [ "$status" != 0 ]; then
		like "$name: says where" "$err" "${file:0:3}"
		run "$EMBEDLLM" -d try.db status --tsv
		like "$name: nothing came in" "$out$err" 'models	0|no such database|empty'
	fi
}

# Cut anywhere: whole records before the cut may be a table too.
for cut in 10 70 100 $((size / 2)) $((size - 1)); do
	head -c "$cut" good.csv >cut.csv
	try "cut after $cut bytes" '0|3' cut.csv
done
gzip -c good.csv >good.csv.gz
for cut in 5 20 60; do
	head -c "$cut" good.csv.gz >cut.csv.gz
	try "gzip cut after $cut bytes" 3 cut.csv.gz
done

{ echo "$long"; printf 'm,b,a\0b,1\n'; } >nul.csv
try 'NUL in a question' 3 nul.csv
try 'NUL in a question, left out' 3 nul.csv --skip-bad # nothing else is in it
head -c 100000 /dev/zero >zeros.csv
try 'nothing but NUL' 3 zeros.csv
{ echo "$long"; printf 'm,b,caf\xe9,1\n'; } >latin1.csv
try 'Windows-1252' 0 latin1.csv
{ echo "$long"; printf 'm,b,caf\xc3,1\n'; } >broken.csv
try 'not UTF-8' 3 broken.csv
like "not UTF-8: names the byte" "$(timeout 60 "$EMBEDLLM" -d try.db import broken.csv 2>&1)" "broken.csv:2:question: byte 4"
{ echo "$long"; printf 'm,b,"'; head -c 10485760 /dev/zero | tr '\0' x; printf '",1\n'; } >ten.csv
try 'a field of 10 MB' 0 ten.csv
{ echo "$long"; printf 'm,b,"'; head -c 41943040 /dev/zero | tr '\0' x; } >forty.csv
try 'a field of 40 MB that never ends' 3 forty.csv
{ echo "$long"; echo "m$evil,b$evil,q$evil,1"; echo "m$evil,b$evil,r$evil,0"; } >evil.csv
try 'escape sequences in names and text' 0 evil.csv
for verb in status models benchmarks questions; do
	run "$EMBEDLLM" -d try.db "$verb"
	unlike "$verb shows them escaped" "$out$err" $'[\001-\010\013-\037\177]'
done
{ echo "$long$evil"; echo "m,b,q,1"; } >evilhead.csv
try 'escape sequences in the header' 3 evilhead.csv
for label in 2 -1 1.0001 nonsense 1e400 "$evil" 0x1p-1; do
	{ echo "$long"; echo "m,b,q,$label"; } >label.csv
	try "label $(printf %q "$label")" 3 label.csv
done
{ echo "$long"; for i in $(seq 5000); do echo "m$i,b$i,q$i,1"; done; } >wide.csv
try 'as many models as questions' 0 wide.csv
{ printf 'a,%.0s' $(seq 6000); echo; } >columns.csv
try 'six thousand columns' 3 columns.csv

{ printf '%s\n"' "$long"; head -c 10485760 /dev/zero | tr '\0' x; printf '",b,q,1\n'; } >tenname.csv
try 'a model name of 10 MB' 0 tenname.csv
{ printf '%s\nm,b,q,' "$long"; head -c 10485760 /dev/zero | tr '\0' 1; echo; } >tenlabel.csv
try 'a label of 10 MB' 3 tenlabel.csv
run "$EMBEDLLM" -d try.db import tenlabel.csv
ok 'a label of 10 MB: the message is short' [ "${#err}" -lt 1100 ]

# Other input than labels: tags and prices, names, questions to route.
run "$EMBEDLLM" -d evil.db import evil.csv
printf 'model,price_in\nm,1\n"m\0x",2\n' >prices.csv
run "$EMBEDLLM" -d evil.db models import prices.csv
is 'prices with a NUL byte: status' "$status" 3
like 'prices with a NUL byte: place' "$err" '^embedllm: prices\.csv:3:model: '
run "$EMBEDLLM" -d evil.db models set "m$evil" --tag "k$evil=v$evil"
is 'tags with escape sequences: status' "$status" 0
run "$EMBEDLLM" -d evil.db models
unlike 'tags with escape sequences: escaped' "$out$err" $'[\001-\010\013-\037\177]'
run "$EMBEDLLM" -d evil.db models --json
unlike 'tags with escape sequences: escaped in JSON' "$out$err" $'[\001-\010\013-\037\177]'
run "$EMBEDLLM" -d evil.db models --tsv
unlike 'tags with escape sequences: escaped in TSV' "$out$err" $'[\001-\010\013-\037\177]'
run "$EMBEDLLM" -d evil.db split --name "s$evil"
is 'a split with escape sequences: status' "$status" 0
unlike 'a split with escape sequences: escaped' "$out$err" $'[\001-\010\013-\037\177]'
run "$EMBEDLLM" -d evil.db split --name $'s\xff'
is 'a split whose name is not UTF-8: status' "$status" 2
unlike 'a split whose name is not UTF-8: escaped' "$out$err" $'\xff'
run "$EMBEDLLM" -d "$T" import good.csv
is 'a folder as database: status' "$status" 3
run "$EMBEDLLM" -d good.csv --no-such$'\033[31m'
unlike 'an option with escape sequences: escaped' "$err" $'\033'
run "$EMBEDLLM" $'verb\033[31m'
unlike 'a verb with escape sequences: escaped' "$err" $'\033'

# JSON lines.
printf '{"doc_id":0,"doc":{"question":"%s"},"acc":1}\n' "q" >samples_t_1.jsonl
printf '{"doc_id":1,"doc":{"question":"\\u001b[31m"},"acc":1}\n' >>samples_t_1.jsonl
try 'samples with an escape sequence' 0 samples_t_1.jsonl --model "m$evil"
printf '{"doc_id":2,"doc":{"question":"cu' >>samples_t_1.jsonl
try 'samples cut off' 3 samples_t_1.jsonl
like 'samples cut off: names the byte' "$(timeout 60 "$EMBEDLLM" -d try.db import --model m samples_t_1.jsonl 2>&1)" \
	'samples_t_1.jsonl:3: byte [0-9]+'
{ printf '{"doc_id":0,"a":'; head -c 200000 /dev/zero | tr '\0' '['; } >samples_t_1.jsonl
try 'deep JSON' 3 samples_t_1.jsonl

# What is no database.
for verb in 'import good.csv' status; do
	run "$EMBEDLLM" -d good.csv $verb
	is "a CSV as database, $verb: status" "$status" 3
	like "a CSV as database, $verb: says so" "$err" 'good.csv: not a database'
done
is 'a CSV as database: untouched' "$(wc -c <good.csv)" "$size"
run "$EMBEDLLM" -d new.db import good.csv
head -c 50000 new.db >half.db
run "$EMBEDLLM" -d half.db status
like 'half a database: status' "$status" '^[013]$'
run "$EMBEDLLM" -d other.db import new.db
is 'a database as input: status' "$status" 3
like 'a database as input: says so' "$err" 'new.db: a SQLite database'

# No output is ever the open database or a part of it, by whatever name; another file keeps its mode.
"$EMBEDLLM" -d sound.db -q demo --no-train && "$EMBEDLLM" -d sound.db -q train --epochs 2
printf "<Wait>:quit<Enter>" >warm && "$EMBEDLLM" -d sound.db explore --script warm >/dev/null 2>&1 # what it keeps with the run
onto() { # OUTPUT VERB...: the words of the verb, with OUTPUT last
	rm -f x.db* soft.svg hard.csv wal
	cp sound.db x.db && ln -s x.db soft.svg && ln x.db hard.csv && ln -s "$T" here && ln -s x.db-wal wal
	run "$EMBEDLLM" -d "$database" -q "${@:2}" "$1"
	is "$2 onto $1: status" "$status" 2
	like "$2 onto $1: says so" "$err" 'that is .*the database'
	ok "$2 onto $1: untouched" cmp x.db sound.db
	rm -f here
}
database=x.db
for name in x.db ./x.db "$T/x.db" here/x.db soft.svg hard.csv x.db-wal x.db-shm x.db-journal; do
	onto "$name" export labels
done
onto x.db export vectors
onto x.db export vectors --format npy
onto x.db export encodings
onto soft.svg map --plot
onto x.db backup
onto hard.csv backup
onto x.db-wal backup
database=soft.svg
onto x.db export labels
onto x.db-wal export labels
rm -f x.db* && cp sound.db x.db
printf ':screen x.db<Enter>y:screen x.db-wal<Enter>y:screen ./x.db-shm<Enter>y1e<C-u>x.csv<Enter>y' >keys
ln x.db x.csv
run "$EMBEDLLM" -d x.db explore --script keys
ok 'screens and tables onto the database: untouched' cmp x.db sound.db
echo old >screen.txt && chmod 640 screen.txt
printf ':screen screen.txt<Enter>n' >keys && run "$EMBEDLLM" -d x.db explore --script keys
is 'a screen onto a file: asks' "$(cat screen.txt)" old
printf ':screen screen.txt<Enter>y' >keys && run "$EMBEDLLM" -d x.db explore --script keys
like 'a screen onto a file: y writes it' "$(cat screen.txt)" Models
is 'a screen onto a file: keeps its mode' "$(stat -c %a screen.txt)" 640

finish
