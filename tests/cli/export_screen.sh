# Tables of the explorer as files: what is shown or everything, quoted so that it reads back; undo and
# the mouse on the same tables.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

run "$embedllm" -q demo -d "$EMBEDLLM_DB" --no-train
play() { printf '%s' "$1" >keys && run "$embedllm" explore --script keys --size 120x40; }

play 'fcobalt<Enter>e<C-u>some.csv<Enter>s'
is 'csv: the rows shown, and a header' "$(wc -l <some.csv)" "$(($("$embedllm" models Cobalt --tsv | wc -l)))"
like 'csv: the header' "$(head -1 some.csv)" '^#,Name,Size,Acc\.,'
play 'fcobalt<Enter>e<C-u>all.json<Enter>a'
is 'json: everything' "$(json_query "$(cat all.json)" 'SELECT json_array_length(doc) FROM input')" 60
is 'json: numbers are numbers' "$(json_get "$(cat all.json)" '$[0].Labels')" 4000
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

play ':screen a<Enter><Click-2,40>:screen a<Enter>'
like 'a click on a title sorts' "$(sed -n 2p a)" 'sort: '
play ':screen a<Enter><Click-8,9>:screen a<Enter>'
like 'a click on a row goes to it' "$(sed -n 9p a)" '^>'
play '<Click-0,16>:screen a<Enter>'
like 'a click on a tab goes there' "$(sed -n 1p a)" '\[2 Questions\]'
play '2:screen a<Enter><Click-5,6>:screen a<Enter>'
like 'a click in another pane chooses there' "$(sed -n 2p a)" '400 of 4000'
play '<WheelDown><WheelDown><WheelUp>:screen a<Enter>'
like 'the wheel goes three rows' "$(sed -n 7p a)" '^>'

finish
