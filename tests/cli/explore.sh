# What a run knows, as commands: neighbours, map, probe, route, model, questions.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

run "$embedllm" -q demo -d "$EMBEDLLM_DB" --no-train
for verb in 'neighbours Aster-7B' map probe 'route hello'; do
	run "$embedllm" $verb
	is "$verb without a run: status" "$status" 3
	like "$verb without a run: remedy" "$err" 'train first: embedllm train'
done
run "$embedllm" train -q --epochs 8

run "$embedllm" neighbours sim/Aster-7B --json -k 3
is 'neighbours: status' "$status" 0
is 'neighbours --json: keys' "$(json_keys "$out")" 'model run metric neighbours'
is 'neighbours --json: of one' "$(json_keys "$out" '$.neighbours[0]')" 'rank name cosine distance agreement half_width chance at_chance stays common accuracy'
is 'neighbours -k' "$(json_query "$out" "SELECT json_array_length(doc, '$.neighbours') FROM input")" 3
run "$embedllm" neighbours sim/Aster-7B --tsv --count 0
is 'neighbours: all others' "$(wc -l <<<"$out")" 60
is 'neighbours: nearest first' "$(tail -n +2 <<<"$out" | cut -f 3)" \
	"$(tail -n +2 <<<"$out" | cut -f 3 | sort -gr)"
is 'neighbours: itself left out' "$(cut -f 2 <<<"$out" | grep -cx 'sim/Aster-7B')" 0
first=$(sed -n 2p <<<"$out" | cut -f 2)
is 'neighbours: the share of equal answers' "$(sed -n 2p <<<"$out" | cut -f 5)" \
	"$(sqlite3 "$EMBEDLLM_DB" "SELECT printf('%.9g', avg(a.score = b.score)) FROM label a
		JOIN label b USING (question) JOIN model m ON m.id = a.model JOIN model n ON n.id = b.model
		WHERE m.name = 'sim/Aster-7B' AND n.name = '$first'")"
run "$embedllm" neighbors sim/Aster-7B --json --metric l2
is 'neighbours by L2: nearest first' "$(json_query "$out" "SELECT group_concat(value ->> 'distance', x'0a')
	FROM input, json_each(doc, '$.neighbours')")" "$(json_query "$out" "SELECT group_concat(d, x'0a') FROM
	(SELECT value ->> 'distance' AS d FROM input, json_each(doc, '$.neighbours') ORDER BY d)")"
run "$embedllm" neighbours Aster
is 'neighbours: an ambiguous name' "$status" 2
run "$embedllm" neighbours sim/Astre-7B
like 'neighbours: a name misspelt' "$err" 'did you mean sim/Aster-7B\?'

run "$embedllm" map --json
is 'map --json: keys' "$(json_keys "$out")" 'run method explained_x explained_y points'
is 'map: a point a model' "$(json_query "$out" "SELECT json_array_length(doc, '$.points') FROM input")" 60
run "$embedllm" map --method tsne --seed 4 --iterations 250 --json
is 'map by t-SNE: keys' "$(json_keys "$out")" 'run method seed perplexity kl points'
is 'map by t-SNE: the same seed gives the same map' \
	"$("$embedllm" map --method tsne --seed 4 --iterations 250 --json)" "$out"
run "$embedllm" map --method umap
is 'map: no such method' "$status" 2

run "$embedllm" probe --json --bootstrap 100
is 'probe: status' "$status" 0
is 'probe --json: keys' "$(json_keys "$out")" 'run seen vectors folds benchmarks forecasts'
is 'probe --json: of a benchmark' "$(json_keys "$out" '$.benchmarks[0]')" \
	'name models r2 mae base_mae tau lambda why_not'
is 'probe --json: a forecast' "$(json_keys "$out" '$.forecasts[0]')" 'benchmark model accuracy forecast'
is 'probe: every benchmark, every model' "$(json_query "$out" "SELECT json_array_length(doc, '$.benchmarks'),
	json_array_length(doc, '$.forecasts') FROM input")" '10|600'
is 'probe: left out by default' "$(json_get "$out" '$.seen')" 0
is 'probe: kept' "$("$embedllm" probe --json --bootstrap 100)" "$out"
run "$embedllm" probe --seen --json --bootstrap 100
is 'probe --seen: says so' "$(json_get "$out" '$.seen')" 1
ok 'probe --seen: better than the mean' [ "$(json_query "$out" "SELECT min(json_extract(value, '$.r2.value')) > 0
	FROM input, json_each(doc, '$.benchmarks')")" = 1 ]

q='There are 12 crates with 7 bricks in each. How many bricks are there?'
run "$embedllm" route "$q" --json --evidence 4
is 'route: status' "$status" 0
is 'route --json: keys' "$(json_keys "$out")" \
	'text run model best_single best_single_p novelty warning cost_weight unpriced candidates evidence'
is 'route --json: of a candidate' "$(json_keys "$out" '$.candidates[0]')" \
	'rank name p low high cost utility near_right near_seen'
is 'route --json: of the evidence' "$(json_keys "$out" '$.evidence[0]')" \
	'similarity benchmark right_share pick question_id text'
is 'route: every model, 4 as evidence' "$(json_query "$out" "SELECT json_array_length(doc, '$.candidates'),
	json_array_length(doc, '$.evidence') FROM input")" '60|4'
is 'route: goes to the first' "$(json_get "$out" '$.candidates[0].name')" "$(json_get "$out" '$.model')"
is 'route: best first, each within its interval' "$(json_query "$out" "SELECT count(*) FROM
	(SELECT json_extract(value, '$.p') AS p, json_extract(value, '$.low') AS low, json_extract(value, '$.high') AS high,
		lag(json_extract(value, '$.p'), 1, 2) OVER () AS before FROM input, json_each(doc, '$.candidates'))
	WHERE NOT (p <= before AND low <= p AND p <= high AND low < high)")" 0
best=$(json_get "$out" '$.model')
run "$embedllm" route "$q" --json --without "$best"
ok 'route --without: another' [ "$(json_get "$out" '$.model')" != "$best" ]
is 'route --without: one fewer' "$(json_query "$out" "SELECT json_array_length(doc, '$.candidates') FROM input")" 59
run "$embedllm" route "$q" --tsv --pool sim/Aster-7B,sim/Aster-70B --pool sim/Aster-1B
is 'route --pool: these alone' "$(tail -n +2 <<<"$out" | cut -f 2 | sort)" 'sim/Aster-1B
sim/Aster-70B
sim/Aster-7B'
run "$embedllm" route "$q" --pool sim/Aster-7B --without sim/Aster-7B
is 'route: nobody left' "$status" 2
run "$embedllm" route "$q" --pool nobody
is 'route: no such model' "$status" 2
run "$embedllm" route "$q" --json --cost-weight 1
is 'route --cost-weight: utility is what it costs' "$(json_query "$out" "SELECT count(*) FROM (
	SELECT json_extract(value, '$.p') AS p, json_extract(value, '$.cost') AS c, json_extract(value, '$.utility') AS u,
		max(json_extract(value, '$.cost')) OVER () AS dearest FROM input, json_each(doc, '$.candidates'))
	WHERE abs(p - c / dearest - u) > 1e-6")" 0
run "$embedllm" route "$q" --cost-weight 2
is 'route: a weight over 1' "$status" 2

printf '%s\n\nIs the moon made of cheese?\n' "$q" >q.txt
run "$embedllm" route --file q.txt --json
is 'route --file --json: keys' "$(json_keys "$out" '$[0]')" \
	'line model p low high cost second second_p novelty text'
is 'route --file: an empty line is none' \
	"$(json_get "$out" '$[0].line') $(json_get "$out" '$[1].line') $(json_query "$out" 'SELECT json_array_length(doc) FROM input')" '1 3 2'
is 'route --file: as one by one' "$(json_get "$out" '$[0].model')" "$best"
file=$out
run bash -c '"$0" route --file - --json <q.txt' "$embedllm"
is 'route --file -: the same' "$out" "$file"
run bash -c '"$0" route - --json <<<"$1"' "$embedllm" "$q"
is 'route -: the question from standard input' "$(json_get "$out" '$.model')" "$best"
printf 'fine\nbro\0ken\n' >nul.txt
expect 'route --file: a NUL byte' 3 '' 'embedllm: nul.txt:2: a NUL byte in the question' \
	"$embedllm" route --file nul.txt
run "$embedllm" route --file nowhere.txt
is 'route --file: no file' "$status" 3
run "$embedllm" route --file q.txt "$q"
is 'route: a question and a file' "$status" 2
run "$embedllm" route ''
is 'route: nothing asked' "$status" 0
like 'route: says that it is nothing' "$out" 'warning +an empty text says nothing'
run "$embedllm" route $'\033[31m\xff\n'
is 'route: hostile text: status' "$status" 0
unlike 'route: hostile text: escaped' "$out$err" $'[\001-\010\013-\037\177]'

run "$embedllm" questions bricks --json --limit 2
is 'questions --json: keys' "$(json_keys "$out" '$[0]')" \
	'question_id right predicted discrimination part benchmark models text'
is 'questions --limit' "$(json_query "$out" 'SELECT json_array_length(doc) FROM input')" 2
like 'questions: how many there are' "$err" '^2 of [0-9]+; --limit 0 lists all'
run "$embedllm" questions --benchmark sim_code --part test --limit 0 --tsv
is 'questions: of a benchmark and a part' "$(tail -n +2 <<<"$out" | cut -f 5,6 | sort -u)" 'test	sim_code'
is 'questions: all of them' "$(tail -n +2 <<<"$out" | wc -l)" 80
expect 'questions: no such benchmark' 2 '' "embedllm: there is no benchmark 'sim_cod'; did you mean 'sim_code'?
embedllm: 'embedllm questions --help' explains it" "$embedllm" questions --benchmark sim_cod
run "$embedllm" questions 'no such words anywhere' --json
is 'questions: none' "$out" '[]'
run "$embedllm" question 17 --json
is 'question --json: keys' "$(json_keys "$out")" 'question_id benchmark part models right predicted discrimination text answers alike'
is 'question --json: an answer' "$(json_keys "$out" '$.answers[0]')" 'name was score predicted accuracy'
is 'question --json: one like it' "$(json_keys "$out" '$.alike[0]')" 'similarity right same question_id benchmark text'
run "$embedllm" question 999999
is 'question: none of that id' "$status" 2
run "$embedllm" question x
is 'question: no id' "$status" 2
run "$embedllm" model sim/Aster-7B --json
is 'model --json: its nearest' "$(json_keys "$out" '$.nearest[0]')" 'rank name cosine distance agreement half_width chance at_chance stays common accuracy'

# Models against each other.
run "$embedllm" versus sim/Aster-7B sim/Cobalt-7B-math --json
is 'versus: status' "$status" 0
is 'versus --json: keys' "$(json_keys "$out")" 'questions rows pairs benchmarks'
is 'versus --json: of a row' "$(json_keys "$out" '$.rows[0]')" 'name questions model accuracy difference'
is 'versus --json: of a pair' "$(json_keys "$out" '$.pairs[0]')" \
	'pair a b agreement chance both only_a only_b neither difference'
is 'versus: every question has one outcome' "$(json_query "$out" "SELECT
	json_extract(doc, '$.pairs[0].both') + json_extract(doc, '$.pairs[0].only_a') +
	json_extract(doc, '$.pairs[0].only_b') + json_extract(doc, '$.pairs[0].neither') -
	json_extract(doc, '$.questions') FROM input")" 0
flips=$(json_query "$out" "SELECT json_extract(doc, '$.pairs[0].only_a') + json_extract(doc, '$.pairs[0].only_b') FROM input")
run "$embedllm" versus sim/Aster-7B sim/Cobalt-7B-math --flips --tsv
is 'versus --flips: as many as the pairs say' "$(($(wc -l <<<"$out") - 1))" "$flips"
run "$embedllm" versus sim/Aster-7B sim/Aster-7B
is 'versus: not with itself' "$status" 2
run "$embedllm" versus sim/Aster-7B sim/Cobalt-7B-math sim/Dune-7B --flips
is 'versus --flips: of two' "$status" 2

finish
