# Tables of the explorer as files: what is shown or everything, quoted so that it reads back; undo and
# the mouse on the same tables.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

run "$embedllm" -q demo -d "$EMBEDLLM_DB" --no-train
run "$embedllm" -q models set sim/Aster-7B --tag size=8x7B --tag 'note=a, "b"' --price-in 0.0375
run "$embedllm" -q train --epochs 3
run "$embedllm" -q train --epochs 2 --seed 2
run "$embedllm" -q runs test
play() { rm -f a b c && printf '%s' "$1" >keys && run "$embedllm" explore --script keys --size 120x40; }

# A table on screen, reached by KEYS, as TSV, JSON and CSV, is what its verb prints, value by value: the
# verb's first table, which in JSON is at PATH.
same() { # NAME KEYS PATH VERB...
	local name=$1 keys=$2 path=$3
	shift 3
	rm -f same.*
	play "${keys}e<C-u>same.tsv<Enter>e<C-u>same.json<Enter>e<C-u>same.csv<Enter>"
	run "$embedllm" "$@" --tsv
	is "$name: TSV as the verb's" "$(cat same.tsv)" "$out"
	is "$name: CSV says the same" "$(fields same.csv ',' '\r\n')" "$(fields same.tsv '\t' '\n')"
	run "$embedllm" "$@" --json
	is "$name: JSON as the verb's" "$(json_get "$(cat same.json)" '$')" "$(json_get "$out" "$path")"
}
fields() { # FILE SEPARATOR LINE-END
	local mode=ascii
	[ "$2" = , ] && mode=csv
	sqlite3 :memory: ".mode $mode" ".separator $2 $3" ".import $1 t" '.headers on' '.mode json' 'SELECT * FROM t'
}
best=$("$embedllm" models --tsv --top 1 | sed -n 2p | cut -f 2)
# What the screen says under KEYS is the table at PATH of the verb's JSON, where it is not the first.
part() { # NAME KEYS PATH VERB...
	rm -f same.*
	play "${2}e<C-u>same.json<Enter>s" # s: what the filter shows
	run "$embedllm" "${@:4}" --json
	is "$1: JSON as the verb's" "$(json_get "$(cat same.json)" '$')" "$(json_get "$out" "$3")"
}
same models '' '$' models
same neighbours '3' '$.neighbours' neighbours "$best" --count 0

same benchmarks '2<Tab>' '$' benchmarks
same questions '2' '$' questions --limit 0
same answers '2<Enter>' '$.answers' question 1
same runs '7' '$' runs
part 'runs compared' '7<Space><Space>c<Wait><Tab>' '$.rows' runs compare 2 1
same route '6iHow many crates?<Enter><Wait>' '$.candidates' route 'How many crates?'
part evidence '6iHow many crates?<Enter><Wait><Tab>' '$.evidence' route 'How many crates?'
printf 'How many crates?\nWho sings?\n' >lines.txt
same 'route of a file' '6blines.txt<Enter><Wait>' '$' route --file lines.txt
# By name, since the screen begins with the best foretold.
rm same.*
play '5<Wait>e<C-u>same.json<Enter>'
by_name() { json_query "$1" "SELECT json_group_array(value) FROM (SELECT value FROM input, json_each(doc, '$2') ORDER BY value ->> 'name')"; }
is "probe: JSON as the verb's" "$(by_name "$(cat same.json)" '$')" \
	"$(by_name "$("$embedllm" -q probe --seen --json)" '$.benchmarks')"
# The two best, in the order of the models' names.
two=$("$embedllm" models --tsv --top 2 | tail -n +2 | cut -f 2 | LC_ALL=C sort)
part versus '<Space><Space>c<Wait>' '$.benchmarks' versus $two
part pairs '<Space><Space>c<Wait><Tab>' '$.pairs' versus $two
same flips '<Space><Space>c<Wait><Enter><Wait>' '$' versus $two --flips
query='select * from model_overall order by name'
same sql ":sql $query<Enter><Wait>" '$' sql "$query"
part 'questions alike' '2<Enter><Tab>' '$.alike' question 1 --alike 50
same profile '<Enter>' '$.benchmarks' model "$best"
part 'nearest models' '<Enter><Tab>' '$.nearest' model "$best" --nearest 0
part 'answers against the forecast' '<Enter><Tab><Tab>fwrong<Enter>' '$.unexpectedly_wrong' \
	model "$best" --surprises 20

# `?` explains every column and figure of every view.
for view in 1 '<Enter>' '<Space><Space>c' '<Space><Space>c<Enter>' 2 '2<Enter>' 3 4 5 '5<Enter>' 6 7 '7<Space><Space>c'; do
	rm -f help.json
	play "$view<Wait>?e<C-u>help.json<Enter>"
	is "help of $view: nothing is left unsaid" "$(json_query "$(cat help.json)" "SELECT count(*) FROM input,
		json_each(doc) WHERE value ->> 'about' IS NULL")" 0
	ok "help of $view: rows" [ "$(json_query "$(cat help.json)" 'SELECT json_array_length(doc) FROM input')" -gt 40 ]
done

play 'fcobalt<Enter>e<C-u>some.csv<Enter>s'
is 'csv: the rows shown, and a header' "$(wc -l <some.csv)" "$(($("$embedllm" models Cobalt --tsv | wc -l)))"
like 'csv: the header' "$(head -1 some.csv)" '^rank,name,size,accuracy,'
play 'fcobalt<Enter>e<C-u>all.json<Enter>a'
is 'json: everything' "$(json_query "$(cat all.json)" 'SELECT json_array_length(doc) FROM input')" 60
is 'json: numbers are numbers' "$(json_get "$(cat all.json)" '$[0].questions')" 4000
play '2e<C-u>q.tsv<Enter>'
is 'tsv: every question a line' "$(wc -l <q.tsv)" 4001
before=$(cat some.csv)
play 'e<C-u>some.csv<Enter>n'
is 'a file that is there stays without a y' "$(cat some.csv)" "$before"
play 'e<C-u>some.txt<Enter>:messages<Enter><Screen>'
like 'an unknown suffix' "$out" 'some.txt: end the name in .csv, .tsv or .json'
ok 'and no file' [ ! -e some.txt ]

play 'j  fdune<Enter>s:screen a<Enter>zzzz:screen b<Enter>k:screen c<Enter>'
like 'marked, filtered and sorted' "$(sed -n 2p a)" 'filter: dune'
unlike 'undone' "$(sed -n '2p;39p' b)" 'filter|marked'
play 'fdu<Esc>:screen a<Enter>'
unlike 'Esc takes a filter back' "$(sed -n 2p a)" 'filter'

play ':screen a<Enter><Click-2,40>:screen a<Enter>y'
like 'a click on a title sorts' "$(sed -n 2p a)" 'sort: '
play ':screen a<Enter><Click-8,9>:screen a<Enter>y'
like 'a click on a row goes to it' "$(sed -n 9p a)" '^>'
play '<Click-0,16>:screen a<Enter>'
like 'a click on a tab goes there' "$(sed -n 1p a)" '\[2 Questions\]'
play '2:screen a<Enter><Click-5,6>:screen a<Enter>y'
like 'a click in another pane chooses there' "$(sed -n 2p a)" '400 of 4000'
play '<WheelDown><WheelDown><WheelUp>:screen a<Enter>'
like 'the wheel goes three rows' "$(sed -n 7p a)" '^>'

finish
