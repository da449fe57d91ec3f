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
run "$embedllm" -q simulate --folds 1
is 'simulate: one fold is none' "$status" 2
head -n 400 table.csv | grep -v 'm0[3-9]' >less.csv
run "$embedllm" -q -d less.db import less.csv
run "$embedllm" -q -d less.db simulate
is 'simulate: too few models' "$status" 3
like 'simulate: says how many it takes' "$err" 'hiding some takes 10'
finish
