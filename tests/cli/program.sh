# What all verbs share: help, options, statuses, formats, completion; and status, doctor, backup.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM
verbs=$("$embedllm" help --dump | awk -F '\t' '$1 == "verb" { print $2 }')

run "$embedllm" --version
is '--version: status, and nothing on stderr' "$status$err" 0
is '-V is --version' "$("$embedllm" -V)" "$("$embedllm" --version)"
like '--version: text' "$("$embedllm" --version)" '^embedllm [0-9]+\.[0-9]+'
run "$embedllm" help
is 'help: status' "$status" 0
is '--help is help' "$("$embedllm" --help)" "$out"
is 'help: lines of at most 80 cells' "$(awk 'length > 80' <<<"$out")" ''
all=$out
while read -r verb; do
	like "help names $verb" "$all" "^  $verb"
	run "$embedllm" $verb --help
	is "$verb --help: status, and nothing on stderr" "$status$err" 0
	like "$verb --help: usage" "$out" "^usage: embedllm $verb"
	is "$verb --help is help $verb" "$("$embedllm" help $verb)" "$out"
	is "$verb --help: lines of at most 80 cells" "$(awk 'length > 80' <<<"$out")" ''
	run "$embedllm" $verb --no-such-option
	is "$verb: an unknown option is wrong usage" "$status" 2
	is "$verb: an unknown option prints no data" "$out" ''
done <<<"$verbs"

expect 'an unknown verb' 2 '' "embedllm: unknown verb 'trian'; did you mean 'train'?" "$embedllm" trian
expect 'a family alone' 2 '' 'embedllm: export: say what: labels, vectors, encodings' "$embedllm" export
run "$embedllm" help export
is 'help of a family' "$(awk '$1 == "export" {print $2}' <<<"$out" | tr '\n' ' ')" 'labels vectors encodings '
is 'a family --help is its help' "$("$embedllm" export --help)" "$out"
run "$embedllm" help nonsense
is 'help of nothing' "$status" 2
expect 'both formats' 2 '' "embedllm: --json and --tsv: choose one
embedllm: 'embedllm models --help' explains it" "$embedllm" models --json --tsv
run "$embedllm" status
is 'no database: status' "$status" 3

# The database: -d, else the environment, else the data folder.
printf 'model,benchmark,question,label\nm,b,q,1\nn,b,q,0\n' >a.csv
run "$embedllm" import a.csv -d given.db
ok '-d' [ -e given.db ]
ok '-d: not the one of the environment' [ ! -e "$EMBEDLLM_DB" ]
run "$embedllm" import a.csv
ok 'EMBEDLLM_DB' [ -e "$EMBEDLLM_DB" ]
run env -u EMBEDLLM_DB "$embedllm" import a.csv
ok 'neither: default.db in the data folder' [ -e "$XDG_DATA_HOME/embedllm/default.db" ]
run env -u EMBEDLLM_DB -u XDG_DATA_HOME "$embedllm" import a.csv
ok 'no data folder: the one in the home' [ -e "$HOME/.local/share/embedllm/default.db" ]

# Every reading verb: what it prints in JSON is one value, in TSV a table, and a full disk or a
# closed pipe is noticed, or forgiven.
run "$embedllm" -q demo -d demo.db
export EMBEDLLM_DB=demo.db
printf 'a question\n' >q.txt
while read -r verb; do
	run "$embedllm" $verb --json
	is "$verb --json: status" "$status" 0
	ok "$verb --json: is JSON" json_valid "$out"
	is "$verb --json: keys in snake_case" "$(json_query "$out" "SELECT DISTINCT key FROM input, json_tree(doc)
		WHERE typeof(key) = 'text' AND key GLOB '*[^a-z0-9_]*'
		AND path NOT LIKE '%.tags'")" ''
	json=$out
	run "$embedllm" $verb --tsv
	is "$verb --tsv: status" "$status" 0
	is "$verb --tsv: as many fields in every line" "$(awk -F '\t' '{ print NF }' <<<"$out" | uniq | wc -l)" 1
	like "$verb --tsv: a header of keys, and rows" "$(head -n 1 <<<"$out")$(($(wc -l <<<"$out") > 1))" $'^[a-z0-9_]+(\t[a-z0-9_]+)*1$'
	run bash -c '"$0" "$@" >/dev/full' "$embedllm" $verb --json
	is "$verb: a full disk" "$status" 1
	run bash -c '"$0" "$@" | true; exit ${PIPESTATUS[0]}' "$embedllm" $verb
	is "$verb: a closed pipe" "$status$(grep -v -- --limit <<<"$err")" 0
	# What is printed is documented: every key stands in the verb's part of the man page.
	name=${verb%% *}
	grep -qx "$verb" <<<"$verbs" && name=$verb
	case $verb in "runs show"*) name='runs show' ;; "runs compare"*) name='runs compare' ;; esac
	page=$(awk -v verb="$name" '/^\.S[sh]/ { on = ($0 == ".Ss " verb) } on' "$top_srcdir/man/embedllm.1")
	for key in $(json_query "$json" "SELECT DISTINCT key FROM input, json_tree(doc)
		WHERE typeof(key) = 'text' AND path NOT LIKE '%.tags' AND path NOT LIKE '%.value'
		AND key NOT IN ('value', 'low', 'high') AND path NOT IN ('$.baselines', '$.benchmarks')"); do
		grep -qw -e "${key/accuracy_sim_*/accuracy_BENCHMARK}" <<<"$page" || echo "$key"
	done >undocumented
	is "$verb: every key is in the man page" "$(cat undocumented)" ''
done <<'END'
status
models
model sim/Aster-7B
benchmarks
questions
question 3
neighbours sim/Aster-7B
map
map --method tsne --iterations 60
probe --seen --bootstrap 20
route hello
route --file q.txt
evaluate --bootstrap 20
runs
runs show 1
runs compare 1 1 --bootstrap 20
encode
encoders
split --list
doctor
END

# Colours only where they are asked for; ASCII where the locale is.
run "$embedllm" models --color always
like '--color always' "$out" $'\033\\[1m'
run "$embedllm" models
unlike 'no colours into a pipe' "$out" $'\033'
run env LC_ALL=C "$embedllm" evaluate --bootstrap 20
is 'ASCII in an ASCII locale' "$(LC_ALL=C grep -c '[^ -~]' <<<"$out")" 0

run "$embedllm" doctor
is 'doctor: status' "$status" 0
like 'doctor: the database' "$out" 'integrity, foreign keys, labels and summaries are sound'
cp demo.db bad.db
sqlite3 bad.db 'UPDATE accuracy SET correct = correct - 1 WHERE model = 1 AND benchmark = 1'
run "$embedllm" -d bad.db doctor
is 'doctor: a wrong summary: status' "$status" 3
like 'doctor: a wrong summary: the remedy' "$out" "embedllm resolve"
run "$embedllm" -d nowhere.db doctor
is 'doctor: no such database' "$status" 3
EMBEDLLM_DB=nowhere.db run "$embedllm" doctor
is 'doctor: the machine alone' "$status" 0

run "$embedllm" backup copy.db
is 'backup: status' "$status" 0
is 'backup: the same labels' "$("$embedllm" -d copy.db -q export labels | md5sum)" "$("$embedllm" -q export labels | md5sum)"
expect 'backup: onto itself' 2 '' "embedllm: demo.db: that is the database itself; name another file
embedllm: 'embedllm backup --help' explains it" "$embedllm" backup demo.db
run "$embedllm" backup -
is 'backup: to standard output' "$status" 2
run "$embedllm" status
unlike 'status: nothing to do next' "$out" '^next'
run "$embedllm" -d given.db status
like 'status: what next' "$out" '^next +embedllm train'

# Completion in both shells.
cat >complete.sh <<'END'
t() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _embedllm; echo "${COMPREPLY[*]}"; }
t embedllm exp
t embedllm export ''
t embedllm -d x runs c
t embedllm help ev
t embedllm import --dup m
t embedllm runs compare --p
t embedllm route --file q.t
t embedllm evaluate --part = te
t embedllm train --encoder mi
t embedllm train --dim ''
t embedllm neighbours -k ''
END
run bash -c 'source <("$0" completion bash); source ./complete.sh; complete -p embedllm' "$embedllm"
is 'completion in bash' "$out" 'export explore
labels vectors encodings
compare
evaluate
majority max mean
--part
q.txt
test
minilm minilm+builtin


complete -o filenames -F _embedllm embedllm'
run "$embedllm" completion fish
is 'completion: another shell' "$status" 2
run "$embedllm" completion zsh
like 'completion for zsh: its first line' "$out" '^#compdef embedllm'
if command -v zsh >/dev/null; then
	run zsh -f -c 'autoload -U compinit; compinit -D -u; source <("$0" completion zsh) && print ${_comps[embedllm]}' "$embedllm"
	like 'completion in zsh: it is registered' "$out" '_embedllm'
	# The first Tab of a session loads it from $fpath, and must answer too.
	mkdir -p zsh
	"$embedllm" completion zsh >zsh/_embedllm
	cat >tab.zsh <<'END'
zmodload zsh/zpty
zpty z 'TERM=dumb zsh -f -i'
zpty -w z "PS1='ready''> '; fpath=(zsh \$fpath); autoload -U compinit; compinit -D -u"
zpty -r -m z seen '*ready> *'
zpty -w -n z $'embedllm evaluate --bo\t'
zpty -r -m z seen '*--bootstrap*' && print answered
END
	run timeout 20 zsh -f tab.zsh
	is 'completion in zsh: the first Tab completes' "$out" 'answered'
else
	skip 'completion in zsh' 'there is no zsh'
fi

finish
