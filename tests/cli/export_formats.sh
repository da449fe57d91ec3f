# Labels out in the formats of other programs, and in again: the same database.
. "$top_srcdir/tests/tap.sh"

cat >a.csv <<'CSV'
prompt_id,model_id,category_id,label,prompt,model_name,category,part
1,0,0,1,"It's ""two""
lines, \n and a tab	",org/a,mmlu_law,train
1,1,0,0,"It's ""two""
lines, \n and a tab	",b,mmlu_law,train
2,0,1,,é — 名,org/a,mmlu-pro,test
2,1,1,0.25,é — 名,b,mmlu-pro,test
3,0,2,1,three,org/a,a.b,test
CSV
cat >k.jsonl <<'JSON'
{"subject_id": "org/a", "responses": {"fix-git": {"successes": 4, "trials": 5}}}
JSON
cases=$top_srcdir/tests/cases/formats

rows() { # DATABASE [COLUMNS]: every raw row, whatever its ids
	sqlite3 "$1" "SELECT b.name, hex(q.text), m.name, r.score, i.category ${2-} FROM response AS r
		JOIN item AS i ON i.id = r.item JOIN question AS q ON q.id = i.question
		JOIN benchmark AS b ON b.id = q.benchmark JOIN model AS m ON m.id = r.model
		LEFT JOIN usage AS u ON u.item = r.item AND u.model = r.model AND u.n = r.n
		ORDER BY 1, 2, 3, 4"
}

# py-irt: texts, parts, missing labels and tries.
run "$EMBEDLLM" -d p.db import a.csv k.jsonl
is 'import: status' "$status" 0
run "$EMBEDLLM" -d p.db export labels --format pyirt out.jsonl
is 'pyirt: status' "$status" 0
is 'pyirt: a line a model' "$(wc -l <out.jsonl)" 2
ok 'pyirt: a line is JSON' json_valid "$(head -n 1 out.jsonl)"
is 'pyirt: a line a question beside it' "$(wc -l <out.items.jsonl)" 4
run "$EMBEDLLM" -d p2.db import out.jsonl
is 'pyirt: comes in again' "$status" 0
is 'pyirt: the same rows' "$(rows p2.db ', i.part, u.trials')" "$(rows p.db ', i.part, u.trials')"
run "$EMBEDLLM" -d p2.db export labels --format pyirt again.jsonl
ok 'pyirt: twice gives the same file' cmp out.jsonl again.jsonl
run "$EMBEDLLM" -d p.db export labels --format pyirt --part train
is 'pyirt: not to standard output: status 2' "$status" 2
like 'pyirt: and why' "$err" 'pyirt is two files: name the one to write'
run "$EMBEDLLM" -d p.db export labels --format pyirt --part train train.jsonl
is 'pyirt --part: its questions alone' "$(wc -l <train.items.jsonl)" 1

# Repeats become k of n.
printf 'model,benchmark,question,label\nm,b,q,1\nm,b,q,0\nm,b,q,1\n' >repeats.csv
run "$EMBEDLLM" -d r.db import repeats.csv
run "$EMBEDLLM" -d r.db export labels --format pyirt r.jsonl
like 'pyirt: repeats are k of n' "$(cat r.jsonl)" '\{"successes": 2(\.0)?, "trials": 3\}'

# RouterBench: texts, missing labels and costs.
run "$EMBEDLLM" -d w.db import a.csv "$cases/routerbench/two_evals.csv"
run "$EMBEDLLM" -d w.db export labels --format routerbench w.csv
is 'routerbench: status' "$status" 0
is 'routerbench: the header' "$(head -n 1 w.csv)" ",sample_id,prompt,eval_name,org/a,b,acme/alpha-7b,gamma-5,org/a|total_cost,b|total_cost,acme/alpha-7b|total_cost,gamma-5|total_cost,oracle_model_to_route_to"
like 'routerbench: the oracle is the cheapest that is right' "$(cat w.csv)" 'grid\.dev\.v0,,,1,0,,,0\.00050000000000000001,0\.0040000000000000001,acme/alpha-7b$'
run "$EMBEDLLM" -d w2.db import w.csv
is 'routerbench: comes in again' "$status" 0
is 'routerbench: the same rows' "$(rows w2.db ', u.cost' | grep -v '||[^|]*|$')" "$(rows w.db ', u.cost' | grep -v '||[^|]*|$')"
run bash -c '"$0" -d w.db export labels --format routerbench | head -n 1 >head; echo ${PIPESTATUS[0]}' "$EMBEDLLM"
is 'routerbench: a closed pipe is no error' "$out" 0
printf 'model,benchmark,question,label\nm,x.dev.y,q,1\n' >cut.csv
run "$EMBEDLLM" -d c.db import cut.csv
run "$EMBEDLLM" -d c.db export labels --format routerbench c.csv
is 'routerbench: a name it would cut: status 3' "$status" 3
like 'routerbench: and which' "$err" 'the benchmark x\.dev\.y would be read as x'
ok 'routerbench: nothing is written' [ ! -e c.csv ]

# Every Eval Ever: all raw rows, with repeats, parts, missing labels, tries, dollars, tokens and seconds.
all=', i.part, i.key, u.trials, u.cost, u.tokens_in, u.tokens_out, round(u.seconds, 9)'
run "$EMBEDLLM" -d v.db import k.jsonl "$cases/opencompass/repeats" "$cases/inspect/errors.json" \
	"$cases/evalscope/repeats" "$cases/promptfoo/errors.json" "$cases/livebench/data"
is 'every_eval_ever: what is to go out: status' "$status" 0
run "$EMBEDLLM" -d v.db import a.csv a.csv
is 'every_eval_ever: and a table twice: status' "$status" 0
run "$EMBEDLLM" -d v.db export labels --format every_eval_ever store
is 'every_eval_ever: status' "$status" 0
models=$(sqlite3 v.db 'SELECT count(*) FROM model')
is 'every_eval_ever: two files a model' "$(find store -name '*.json' | wc -l) $(find store -name '*_samples.jsonl' | wc -l)" "$models $models"
figures=$(find store/data/embedllm/acme/alpha-7b -name '*.json')
ok 'every_eval_ever: the file of figures is JSON' json_valid "$(cat "$figures")"
is 'every_eval_ever: the checksum is that of the rows' \
	"$(sha256sum <"store/$(json_get "$(cat "$figures")" '$.detailed_evaluation_results.file_path')")" \
	"$(json_get "$(cat "$figures")" '$.detailed_evaluation_results.checksum')  -"
run "$EMBEDLLM" -d v2.db import store
is 'every_eval_ever: comes in again' "$status" 0
unlike 'every_eval_ever: its figures are the rows'"'" "$out" mismatch
no_key=${all/, i.key/}
is 'every_eval_ever: the same rows' "$(rows v2.db "$no_key" | sort)" "$(rows v.db "$no_key" | sort)"
run "$EMBEDLLM" -d v2.db export labels --format every_eval_ever store2
run "$EMBEDLLM" -d v3.db import store2
is 'every_eval_ever: and again' "$(rows v3.db "$all" | sort)" "$(rows v2.db "$all" | sort)"
run "$EMBEDLLM" -d u.db import a.csv
run "$EMBEDLLM" -d u.db export labels --format every_eval_ever --part train store4
is 'every_eval_ever --part: its rows alone' "$(cat $(find store4 -name '*_samples.jsonl') | wc -l)" 2
run "$EMBEDLLM" -d u.db export labels --format every_eval_ever
is 'every_eval_ever: not to standard output: status 2' "$status" 2
like 'every_eval_ever: and why' "$err" 'every_eval_ever is a folder: name the one to write'
# The schema's hash of a question is that of Python's json.dumps.
printf 'model,benchmark,question,label\nm,b,"Wie heißt ""das""?\n\t😀 \x7f",1\n' >hash.csv
run "$EMBEDLLM" -d h.db import hash.csv
run "$EMBEDLLM" -d h.db export labels --format every_eval_ever store5
is 'every_eval_ever: sample_hash' "$(json_get "$(cat $(find store5 -name '*_samples.jsonl'))" '$.sample_hash')" \
	13e5312d9695772ab671b76184f44465f105bf4c30959c7903d12d08b983f72f

# The long table: everything, repeats and costs and tries among them.
printf 'model,benchmark,question,label,part\norg/a,b1,"quotes "" and, commas",1,train\n' >x.csv
printf 'org/a,b1,"quotes "" and, commas",0,train\nz,b1,"two\nlines",,test\nz,b1,"two\nlines",1,test\n' >>x.csv
printf ' z ,b2, \xc3\xa9 ,0.25,val\n' >>x.csv
run "$EMBEDLLM" -d l.db import --dup rows a.csv x.csv k.jsonl "$cases/routerbench/two_evals.csv"
is 'long: import: status' "$status" 0
all=', i.part, u.trials, u.cost, u.tokens_in, u.tokens_out, u.seconds'
run "$EMBEDLLM" -d l.db export labels --format long l.csv
is 'long: status' "$status" 0
is 'long: the header' "$(head -n 1 l.csv)" \
	'model,benchmark,question,label,part,trials,cost,tokens_in,tokens_out,latency'
run "$EMBEDLLM" -d l2.db import --dup rows l.csv
is 'long: comes in again' "$status" 0
drop_category() { sed -E 's/^(([^|]*\|){4})[^|]*/\1/'; }
is 'long: the same rows' "$(rows l2.db "$all" | drop_category)" "$(rows l.db "$all" | drop_category)"
run "$EMBEDLLM" -d l2.db export labels --format long l2.csv
ok 'long: twice gives the same file' cmp <(sort l.csv) <(sort l2.csv)
run "$EMBEDLLM" -d l3.db import a.csv
run "$EMBEDLLM" -d l3.db export labels --format long
is 'long: ids where they can be used, no columns of nothing' "$(head -n 1 <<<"$out")" \
	'model,benchmark,question,label,question_id,model_id,part'
run "$EMBEDLLM" -d l3.db export labels --format long --part train
is 'long --part' "$(tail -n +2 <<<"$out" | grep -c ,)" 4

# The wide table: one answer a question and model.
run "$EMBEDLLM" -d l3.db export labels --format wide wide.csv
is 'wide: status' "$status" 0
is 'wide: the header' "$(head -n 1 wide.csv)" 'benchmark,question,question_id,part,org/a,b'
run "$EMBEDLLM" -d w3.db import wide.csv
is 'wide: comes in again' "$status" 0
is 'wide: the same rows' "$(rows w3.db ', i.part' | grep -v '||[^|]*|[^|]*$')" \
	"$(rows l3.db ', i.part' | grep -v '||[^|]*|[^|]*$')"
run "$EMBEDLLM" -d w3.db export labels --format wide wide2.csv
ok 'wide: twice gives the same file' cmp wide.csv wide2.csv
run "$EMBEDLLM" -d r.db export labels --format wide
is 'wide: repeats are their share' "$out" 'benchmark,question,m
b,q,0.66666666666666663'
printf 'model,benchmark,question,label\nsystem,b,q,1\n' >odd.csv
run "$EMBEDLLM" -d odd.db import odd.csv
run "$EMBEDLLM" -d odd.db export labels --format wide odd-wide.csv
is 'wide: a name that is no model in a header: status 3' "$status" 3
ok 'wide: nothing is written then' [ ! -e odd-wide.csv ]
run bash -c '"$0" -d l3.db export labels --format wide | head -n 1 >head; echo ${PIPESTATUS[0]}' "$EMBEDLLM"
is 'wide: a closed pipe is no error' "$out" 0

finish
