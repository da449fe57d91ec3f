# A new model from few answers, on the command line.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

# Twelve models of rising ability, a hundred questions of rising difficulty.
awk 'BEGIN {
	srand(3)
	print "model,benchmark,prompt,label"
	for (q = 0; q < 100; q++)
		for (m = 0; m < 12; m++)
			printf "fam%d/m%02d,b%d,question number %d,%d\n", m % 4, m, q % 2, q, \
				rand() < 1 / (1 + exp(q / 15 - m / 2))
}' >table.csv
run "$embedllm" simulate
is 'simulate: no database' "$status" 3
run "$embedllm" -q import table.csv
is 'import' "$status" 0
run "$embedllm" -q simulate --json
is 'simulate: status' "$status" 0
is 'simulate --json: keys' "$(json_keys "$out")" 'models questions hidden errors'
is 'simulate --json: keys of a row' "$(json_keys "$out" '$.errors[0]')" \
	'regime chooser estimator answers models mae bias coverage half_width'
is 'simulate: who takes part' "$(json_get "$out" '$.models') $(json_get "$out" '$.questions')" '12 100'
first=$out
run "$embedllm" -q simulate --json
is 'simulate: the same seed gives the same figures' "$out" "$first"
run "$embedllm" -q simulate --json --seed 2
ok 'simulate: another seed gives others' [ "$out" != "$first" ]
run "$embedllm" -q simulate --tsv --by-family
is 'simulate --tsv: header' "$(head -n 1 <<<"$out")" \
	$'regime\tchooser\testimator\tanswers\tmodels\tmae\tbias\tcoverage\thalf_width'
is 'simulate: no budget past four fifths of the questions' \
	"$(cut -f 4 <<<"$out" | sort -n | tail -n 1)" 64
# What to ask a model that is not there yet, its answers read back, and what to ask it then.
run "$embedllm" -q next -n 10 -o ask.jsonl --json
is 'next: status' "$status" 0
is 'next --json: keys' "$(json_keys "$out")" \
	'model benchmark questions answers random accuracy outside enough next estimates'
is 'next --json: keys of a row' "$(json_keys "$out" '$.next[0]')" \
	'place question_id benchmark random p text'
is 'next: how many, and how many of them random' \
	"$(wc -l <ask.jsonl) $(grep -c '"random": true' ask.jsonl)" '10 2'
is 'next: nothing is known yet' "$(json_get "$out" '$.answers')" 0
sed 's/^{/{"model": "lab\/new", "label": 1, /' ask.jsonl >answered.jsonl
run "$embedllm" -q import answered.jsonl
is 'next: the answered list is read' "$status" 0
run "$embedllm" -q next lab/new -n 10 --json
is 'next: goes on from there' "$(json_get "$out" '$.answers') $(json_get "$out" '$.random')" '10 2'
is 'next: one who is always right is outside the pool' "$(json_get "$out" '$.outside')" 1
ok 'next: asks nothing twice' [ -z "$(json_query "$out" \
	"SELECT value ->> 'text' FROM input, json_each(doc, '$.next')" | grep -Ff - ask.jsonl)" ]
run "$embedllm" -q next lab/new --json --benchmark b1
is 'next --benchmark: its questions alone' "$(json_get "$out" '$.questions')" 50
run "$embedllm" -q next lab/new --json --within 50
is 'next --within: enough' "$(json_get "$out" '$.enough') $(json_get "$out" '$.next')" '1 []'
run "$embedllm" -q next lab/new --benchmark none
is 'next: no such benchmark' "$status" 2

# A model that came after the run has a vector without training.
run "$embedllm" -q models delete lab/new
run "$embedllm" -q train --epochs 5 --threads 1 --seed 1
run "$embedllm" -q import answered.jsonl
run "$embedllm" -q model lab/new --json
is 'model: placed by its answers' "$(json_get "$out" '$.placed')" 10
ok 'model: forecasts where it has no answer' [ "$(json_query "$out" \
	"SELECT count(*) FROM input, json_each(doc, '$.benchmarks') WHERE value ->> 'forecast' > 0")" = 2 ]
first=$out
run "$embedllm" -q model lab/new --json
is 'model: the same bits each time' "$out" "$first"
run "$embedllm" -q neighbours lab/new --json
is 'neighbours: all the others' "$(json_query "$out" \
	"SELECT json_array_length(doc, '$.neighbours') FROM input")" 10
run "$embedllm" -q route 'question number 5' --top 0 --json
is 'route: takes part' "$(json_query "$out" \
	"SELECT count(*) FROM input, json_each(doc, '$.candidates') WHERE value ->> 'name' = 'lab/new'")" 1
run "$embedllm" -q evaluate --bootstrap 10 --json
is 'evaluate: the run is judged without it' "$status" 0

run "$embedllm" -q simulate --folds 1
is 'simulate: one fold is none' "$status" 2
head -n 400 table.csv | grep -v 'm0[3-9]' >less.csv
run "$embedllm" -q -d less.db import less.csv
run "$embedllm" -q -d less.db simulate
is 'simulate: too few models' "$status" 3
like 'simulate: says how many it takes' "$err" 'hiding some takes 10'
finish
