# models and its sub-verbs, model, benchmarks: tags, prices, names, and what happens to the labels.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

cat >a.csv <<'END'
model,benchmark,question,label
org__one,sums,1 + 1?,1
org__one,sums,2 + 2?,1
org__one,words,a noun?,0
two,sums,1 + 1?,0
two,sums,2 + 2?,1
two,words,a noun?,1
three,words,a noun?,0
END
run "$embedllm" import a.csv

expect 'models' 0 'model    accuracy      ±  adjusted  of 2 benchmarks  questions  $/M in  $/M out  tags
org/one     66.7%  36.5%         –                2          3       –        –  –
two         66.7%  36.5%         –                2          3       –        –  –
three        0.0%  39.7%         –                1          1       –        –  –' '' "$embedllm" models
expect 'models: part of a name' 0 'rank	name	size	accuracy	half_width	adjusted	adjusted_low	adjusted_high	rank_low	rank_high	benchmarks	questions	price_in	price_out	tokens_in	tokens_out	tags	accuracy_sums	accuracy_words
3	three		0	0.396725344						1	1							0' '' "$embedllm" models --tsv hre
expect 'models: pattern, order' 0 'rank	name	size	accuracy	half_width	adjusted	adjusted_low	adjusted_high	rank_low	rank_high	benchmarks	questions	price_in	price_out	tokens_in	tokens_out	tags	accuracy_sums	accuracy_words
3	three		0	0.396725344						1	1							0
1	two		0.666666667	0.365424229						2	3						0.5	1' '' "$embedllm" models --tsv --sort name 't*'
expect 'models: an order that is none' 2 '' \
	"embedllm: models: --sort: 'nam' is none of accuracy, name, questions, adjusted; did you mean name?
embedllm: 'embedllm models --help' explains it" "$embedllm" models --sort nam

printf 'model,price_in,price_out\ntwo,0.0375,0.15\n' >prices.csv
expect 'import names the verb that reads prices' 2 '' \
	"embedllm: prices.csv: prices of models, not their answers: 'embedllm models import prices.csv' reads them
embedllm: 'embedllm import --help' explains it" \
	"$embedllm" import prices.csv

expect 'models set' 0 '' '' "$embedllm" models set org__one --tag size=7B --tag family=o \
	--price-in 0.5 --price-out 2
run "$embedllm" models --json one
is 'models --json: keys' "$(json_keys "$out" '$[0]')" \
	'rank name size accuracy half_width adjusted rank_low rank_high benchmarks questions price_in price_out tokens_in tokens_out tags accuracy_sums accuracy_words'
is 'models --json: tags' "$(json_get "$out" '$[0].tags')" '{"family":"o","size":"7B"}'
is 'models --json: prices' "$(json_get "$out" '$[0].price_in') $(json_get "$out" '$[0].price_out')" '0.5 2.0'
cp "$EMBEDLLM_DB" other.db
run "$embedllm" -d other.db models set two --tag size=8x7B --price-in 0.0375
is 'models: a size that is a product' "$("$embedllm" -d other.db models --tsv two | sed -n 2p | cut -f 3)" 56
like 'models: a price is not rounded away' "$("$embedllm" -d other.db models two)" ' 0\.0375 '
expect 'models set: a tag removed' 0 '' '' "$embedllm" models set org/one --tag size=
is 'models set: the other stays' "$(json_get "$("$embedllm" models --json one)" '$[0].tags')" '{"family":"o"}'
expect 'models set: nothing to set' 2 '' \
	"embedllm: models set: give --tag, --price-in or --price-out
embedllm: 'embedllm models set --help' explains it" "$embedllm" models set two
expect 'models set: no such model' 2 '' \
	"embedllm: there is no model thre; did you mean three?
embedllm: 'embedllm models set --help' explains it" "$embedllm" models set thre --tag a=b
expect 'models set: no tag' 2 '' "embedllm: --tag: 'a' is not KEY=VALUE
embedllm: 'embedllm models set --help' explains it" "$embedllm" models set two --tag a
run "$embedllm" models set two --price-in -1
is 'models set: a price below 0' "$status" 2

printf 'model_name,price_out,licence\norg__one,3,mit\nfour,1,gpl\n' >p.csv
expect 'models import' 0 'rows            2
models changed  1

not in the database
four' '' "$embedllm" models import p.csv
run "$embedllm" models import --json p.csv
is 'models import --json: keys' "$(json_keys "$out")" 'rows changed unknown'
is 'models import --json: unknown' "$(json_get "$out" '$.unknown')" '[{"name":"four"}]'
is 'models import: prices, tags' "$("$embedllm" models --tsv one | tail -n 1)" \
	'1	org/one		0.666666667	0.365424229						2	3	0.5	3			family=o licence=mit	1	0'
printf 'model,price_in\ntwo,9\nthree,cheap\n' >bad.csv
expect 'models import: a bad line' 3 '' \
	'embedllm: bad.csv:3:price_in: "cheap" is no price: wanted are dollars per million tokens' \
	"$embedllm" models import bad.csv
is 'models import: changes nothing then' "$(json_get "$("$embedllm" models --json two)" '$[0].price_in')" ''
run "$embedllm" models import nowhere.csv
is 'models import: no file' "$status" 3

run "$embedllm" model one
is 'model: status' "$status" 0
like 'model: its benchmarks' "$out" 'sums +100\.0%'
run "$embedllm" model --json org__one
is 'model --json: keys' "$(json_keys "$out")" \
	'name accuracy rank questions held_out ece price_in price_out tokens_in tokens_out tags benchmarks nearest calibration unexpectedly_wrong unexpectedly_right'
is 'model --json: of a benchmark' "$(json_keys "$out" '$.benchmarks[0]')" \
	'name accuracy half_width rank models median forecast questions'
is 'model --json: accuracy' "$(json_get "$out" '$.benchmarks[1].accuracy')" 0.0
run "$embedllm" model o
is 'model: an ambiguous name' "$status" 2
like 'model: the candidates' "$err" 'o may be any of 2 models: org/one, two'

run "$embedllm" benchmarks --json
is 'benchmarks --json: keys' "$(json_keys "$out" '$[0]')" 'name questions models right accuracy best best_model'
expect 'benchmarks' 0 'name	questions	models	right	accuracy	best	best_model
sums	2	2	0.75	0.75	1	org/one
words	1	3	0.333333333	0.333333333	1	two' '' "$embedllm" benchmarks --tsv

expect 'models rename: a name that is there' 2 '' \
	"embedllm: there is a model two already; 'embedllm models merge' joins the two
embedllm: 'embedllm models rename --help' explains it" "$embedllm" models rename three two
expect 'models rename: to nothing' 2 '' "embedllm: the new name is empty
embedllm: 'embedllm models rename --help' explains it" "$embedllm" models rename three ''
expect 'models rename' 0 '' '' "$embedllm" models rename three org__three
like 'models rename: as of an import' "$("$embedllm" models --tsv)" '	org/three	'
expect 'models merge' 0 '' '' "$embedllm" models merge org__three two
is 'models merge: repeats resolved' "$("$embedllm" models --tsv two | tail -n 1 | cut -f 2,4,12)" 'two	0.5	2'
expect 'models merge: with itself' 2 '' "embedllm: two cannot be merged into itself
embedllm: 'embedllm models merge --help' explains it" "$embedllm" models merge two two
expect 'models delete' 0 '' '' "$embedllm" models delete two
expect 'models delete: again' 2 '' "embedllm: there is no model two; 'embedllm models' lists them
embedllm: 'embedllm models delete --help' explains it" "$embedllm" models delete two
is 'models delete: its answers are gone' \
	"$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(*) FROM response')" 3
run "$embedllm" doctor --json
is 'doctor: sound after all that' "$status" 0

finish
