# Labels out and in again are the same labels; vectors and encodings in three formats.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

labels() { # what a database holds, whatever its ids
	sqlite3 "$1" "SELECT b.name, hex(q.text), m.name, l.score FROM label l
		JOIN question q ON q.id = l.question JOIN benchmark b ON b.id = q.benchmark
		JOIN model m ON m.id = l.model ORDER BY 1, 2, 3" | md5sum
}

printf 'model,benchmark,question,label,part\n' >a.csv
printf 'org__a,b1,"quotes "" and, commas",1,train\norg__a,b1,"two\nlines",0,test\n' >>a.csv
printf 'org__a,b1,"quotes "" and, commas",0,train\nz,b1,"two\nlines",,test\nz,b2,\xc3\xa9,0.25,val\n' >>a.csv
printf 'prompt_id,model_id,category_id,label,prompt,model_name,category\n' >b.csv
printf '7,9,3,1,sevens,org__a,b2\n7,9,3,0,sevens,org__a,b2\n8,9,3,1,eights,org__a,b2\n' >>b.csv
run "$embedllm" import --dup rows a.csv b.csv
run "$embedllm" export labels out.csv
is 'export labels: status' "$status" 0
is 'export labels: nothing on stdout' "$out" ''
is 'export labels: the columns' "$(head -n 1 out.csv)" \
	'prompt_id,model_id,category_id,label,prompt,model_name,category,part'
run "$embedllm" -d again.db import --dup rows out.csv
is 'export labels: comes in again' "$status" 0
is 'export labels: the same labels' "$(labels again.db)" "$(labels "$EMBEDLLM_DB")"
is 'export labels: the same parts' \
	"$("$embedllm" -d again.db split --list --tsv)" "$("$embedllm" split --list --tsv)"
run "$embedllm" -d again.db export labels again.csv
ok 'export labels: twice gives the same file' cmp out.csv again.csv
run "$embedllm" export labels --part test
is 'export labels --part' "$out" 'prompt_id,model_id,category_id,label,prompt,model_name,category
0,0,0,0,"two
lines",org/a,b1
0,1,0,,"two
lines",z,b1'
run "$embedllm" -d e.db import b.csv
run "$embedllm" -d e.db export labels
is 'export labels: ids of the file are kept' "$(cut -d, -f 1,2,4- <<<"$out")" "$(cut -d, -f 1,2,4- b.csv | sed s,__,/,)"
expect 'export labels: of no part' 3 '' \
	'embedllm: e.db: no labels to export of part val' "$embedllm" -d e.db export labels --part val
run "$embedllm" export labels /nonexistent/x.csv
is 'export labels: to nowhere' "$status" 1
run bash -c '"$0" export labels | head -n 1 >head; echo ${PIPESTATUS[0]}' "$embedllm"
is 'export labels: a closed pipe is no error' "$out" 0

expect 'export vectors: no run' 3 '' \
	"embedllm: $EMBEDLLM_DB: no run yet; train first: embedllm train" "$embedllm" export vectors

run "$embedllm" -d demo.db -q demo
is 'demo: status' "$status" 0
export EMBEDLLM_DB=demo.db
K=$(json_get "$("$embedllm" runs --json)" '$[0].dim')
run "$embedllm" export vectors
is 'export vectors: a line a model' "$(wc -l <<<"$out")" 61
is 'export vectors: the header' "$(head -n 1 <<<"$out" | cut -d , -f 1-3)" 'model,v1,v2'
columns=$(head -n 1 <<<"$out" | tr , '\n' | wc -l)
ok 'export vectors: at most K coordinates' [ "$columns" -le $((K + 1)) ]
is 'export vectors: as many in every line' "$(awk -F, '{ print NF }' <<<"$out" | uniq)" "$columns"
csv=$out
run "$embedllm" export vectors --format npy v.npy
is 'npy: status' "$status" 0
is 'npy: magic' "$(head -c 8 v.npy | od -An -tx1 | tr -d ' ')" 934e554d50590100
is 'npy: the data begin at a multiple of 64' "$(($(od -An -tu2 -j 8 -N 2 v.npy) + 10))" 128
like 'npy: shape' "$(head -n 1 v.npy | tr -d '\0')" "'descr': '<f4', 'fortran_order': False, 'shape': \(60, $((columns - 1))\), "
is 'npy: the same numbers, to the digits that od shows' "$(paste \
	<(od -An -v -tf4 -w4 -j 128 v.npy) \
	<(tail -n +2 <<<"$csv" | cut -d, -f 2- | tr , '\n') |
	awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > 1e-6) n++ } END { print NR, n + 0 }')" \
	"$((60 * (columns - 1))) 0"
is 'npy: names of the rows' "$(tail -n +2 v.npy.tsv | cut -f 1)" "$(tail -n +2 <<<"$csv" | cut -d, -f 1)"
is 'npy: what is known of them' "$(head -n 1 v.npy.tsv)" \
	'name	accuracy	labels	family	size	speciality'
run "$embedllm" export vectors --format tensorboard proj
is 'tensorboard: two files' "$(ls proj)" 'metadata.tsv
vectors.tsv'
is 'tensorboard: numbers without a header' "$(tr '\t' , <proj/vectors.tsv)" "$(tail -n +2 <<<"$csv" | cut -d, -f 2-)"
is 'tensorboard: a header and as many names' "$(wc -l <proj/metadata.tsv)" 61
expect 'npy: needs a file' 2 '' "embedllm: export vectors: name the file to write
embedllm: 'embedllm export vectors --help' explains it" "$embedllm" export vectors --format npy
run "$embedllm" export vectors --run 9
is 'no such run' "$status" 2

run "$embedllm" export encodings e.csv
is 'export encodings: a line a question' "$(wc -l <e.csv)" 4001
is 'export encodings: unit length' \
	"$(tail -n +2 e.csv | awk -F, '{ s = 0; for (i = 2; i <= NF; i++) s += $i * $i; if (s < .9999 || s > 1.0001) n++ } END { print n + 0 }')" 0
run "$embedllm" export encodings --format tensorboard enc
is 'encodings: names' "$(head -n 1 enc/metadata.tsv)" 'question	benchmark	part	right_share	text'
is 'encodings: as many names as rows' "$(wc -l <enc/metadata.tsv)" "$(($(wc -l <enc/vectors.tsv) + 1))"
is 'encodings: as many fields in every name' "$(awk -F '\t' '{ print NF }' enc/metadata.tsv | uniq)" 5

# A real table.
if [ -e "$EMBEDLLM_TEST_DATA/llmrouter9.csv.gz" ]; then
	run "$embedllm" -d r.db import "$EMBEDLLM_TEST_DATA/llmrouter9.csv.gz"
	run "$embedllm" -d r.db export labels r.csv
	ok 'a real table comes out as it went in' \
		cmp <(gzip -dc "$EMBEDLLM_TEST_DATA/llmrouter9.csv.gz" | cut -d, -f 1,2,4 | sort) \
		<(cut -d, -f 1,2,4 r.csv | sort)
	run "$embedllm" -d r2.db import r.csv
	is 'and gives the same labels' "$(labels r2.db)" "$(labels r.db)"
else
	skip 'a real table' 'EMBEDLLM_TEST_DATA has none'
fi

run bash -c '"$0" export labels >/dev/full' "$EMBEDLLM"
is 'export to a full disk: status 1' "$status" 1
like 'export to a full disk: where' "$err" '^embedllm: <stdout>: No space left'

finish
