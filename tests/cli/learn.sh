# From a table to a judged run: encode, train, runs, evaluate, as documents and statuses.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

expect 'train: no database' 3 '' \
	"embedllm: $EMBEDLLM_DB: there is no database yet; make one with 'embedllm import FILE' or 'embedllm demo'" \
	"$embedllm" train
run "$embedllm" -q demo -d "$EMBEDLLM_DB" --no-train
expect 'evaluate: no run' 3 '' \
	"embedllm: $EMBEDLLM_DB: no run yet; train first: embedllm train" "$embedllm" evaluate
expect 'runs: none' 0 '[]' '' "$embedllm" runs --json

run "$embedllm" encode --json
is 'encode --json: keys' "$(json_keys "$out")" 'encoder dims fitted fitted_on encoded known seconds'
is 'encode: all questions' "$(json_get "$out" '$.fitted') $(json_get "$out" '$.encoded') $(json_get "$out" '$.dims')" '1 4000 256'
run "$embedllm" encode --json
is 'encode: again does nothing' "$(json_get "$out" '$.fitted') $(json_get "$out" '$.encoded')" '0 0'

run "$embedllm" train --json --epochs 6 --seed 3 --threads 1
is 'train: status' "$status" 0
is 'train --json: keys' "$(json_keys "$out")" \
	'run stopped epochs best_epoch seconds val_accuracy base_val_accuracy val_log_loss base_val_log_loss'
like 'train: tells the epochs on stderr' "$err" '^epoch 6 '
ok 'train: beats the model rates' [ "$(json_query "$out" \
	"SELECT json_extract(doc, '$.val_log_loss') < json_extract(doc, '$.base_val_log_loss') FROM input")" = 1 ]
run "$embedllm" train -q --epochs 6 --seed 3 --threads 1
is 'train -q: nothing on stderr' "$err" ''
vectors() { "$embedllm" export vectors --run "$1" | md5sum; }
is 'train: the same seed gives the same bits' "$(vectors 2)" "$(vectors 1)"
run "$embedllm" train -q --epochs 6 --seed 4 --threads 1
ok 'train: another seed gives others' [ "$(vectors 3)" != "$(vectors 1)" ]
run "$embedllm" train -q --preset paper --epochs 2 --dim 32
is 'train --preset paper: status' "$status" 0
settings=$(json_get "$("$embedllm" runs --json)" '$[0].settings')
is 'train --preset paper: what was asked over it, and the rest of it' \
	"$(json_get "$settings" '$.dim') $(json_get "$settings" '$.start_at_rates') $(json_get "$settings" '$.shuffle')" '32 0 0'
for bad in '--dim 0' '--epochs 0' '--lr 0' '--split none' '--resume 99' '--threads -1' '--seed x'; do
	run "$embedllm" train $bad
	is "train $bad: status" "$status" 2
	unlike "train $bad: says why" "$err" '^$'
done

# ^C keeps the last epoch; --resume goes on to the very vectors.
how='--epochs 60 --patience 0 --keep-last --seed 5 --threads 1'
run "$embedllm" train -q $how
whole=$(sqlite3 "$EMBEDLLM_DB" 'SELECT max(id) FROM run')
run bash -c '"$0" train --json '"$how"' >stopped.json 2>stopped.err &
	while ! grep -q "^epoch 5 " stopped.err; do sleep .005; done
	kill -INT $!; wait $!' "$embedllm"
is '^C: status' "$status" 130
is '^C: the document is there all the same' "$(json_get "$(cat stopped.json)" '$.stopped')" 1
like '^C: how to go on' "$(tail -n 1 stopped.err)" 'go on with: embedllm train --resume [0-9]+'
run "$embedllm" runs --json
is 'runs --json: keys' "$(json_keys "$out" '$[0]')" 'run created method dim encoder seed split epochs best_epoch val_accuracy val_log_loss test_accuracy test_auc test_accuracy_gain test_auc_gain seconds threads kernel data_digest settings in_use state'
is 'runs: the stopped one' "$(json_get "$out" '$[0].state')" stopped
ok 'runs: its epochs' [ "$(json_get "$out" '$[0].epochs')" -ge 5 ]
stopped=$(json_get "$out" '$[0].run')
run "$embedllm" runs use "$stopped"
is 'runs use: not a stopped one' "$status" 2
run "$embedllm" train -q --resume "$stopped"
is 'resume: status' "$status" 0
is 'resume: the vectors of a run that was never stopped' "$(vectors "$stopped")" "$(vectors "$whole")"
run "$embedllm" train -q --resume "$stopped"
is 'resume: what is done' "$status" 2

# What the figures depend on stands above them.
run "$embedllm" evaluate --bootstrap 10
like 'evaluate: the part, the labels and the rule for repeats' "$(head -n 1 <<<"$out")" \
	'on part test: .* questions, .* labels, repeats by majority'

# evaluate --json is the documented object.
run "$embedllm" runs use 1
is 'runs use: status' "$status" 0
run "$embedllm" evaluate --json --bootstrap 200
is 'evaluate: status' "$status" 0
is 'evaluate --json: keys' "$(json_keys "$out")" \
	'run part rows metrics baselines benchmarks routing headroom'
six='accuracy auc auc_within_model log_loss brier ece'
is 'evaluate --json: metrics' "$(json_keys "$out" '$.metrics')" "$six"
is 'evaluate --json: a figure' "$(json_keys "$out" '$.metrics.auc')" 'value low high'
is 'evaluate --json: baselines' "$(json_keys "$out" '$.baselines')" 'global model benchmark model_x_benchmark'
is 'evaluate --json: of a baseline' "$(json_keys "$out" '$.baselines.model')" "$six"
is 'evaluate --json: benchmarks' "$(json_keys "$out" '$.benchmarks' | wc -w)" 10
is 'evaluate --json: of a benchmark' "$(json_keys "$out" '$.benchmarks.sim_code')" "$six"
is 'evaluate --json: routing' "$(json_keys "$out" '$.routing')" \
	'routed best_single best_single_hindsight best_per_benchmark random oracle gap_recovered attainable all_wrong'
like 'evaluate --json: whether routing is worth it' "$(json_get "$out" '$.headroom')" '^Routing .*no model is right[.]$'
is 'evaluate: run, part, rows' \
	"$(json_get "$out" '$.run') $(json_get "$out" '$.part') $(json_get "$out" '$.rows')" '1 test 48000'
is 'evaluate: every figure within its interval' \
	"$(json_query "$out" "SELECT count(*), sum(value NOT BETWEEN low AND high) FROM (
		SELECT v.value AS value,
			json_extract(doc, v.path || '.low') AS low, json_extract(doc, v.path || '.high') AS high
		FROM input, json_tree(doc) v WHERE v.key = 'value')")" '99|0'
sorted=$(json_query "$out" "SELECT json_extract(doc, '$.routing.random.value') <= json_extract(doc, '$.routing.best_single.value')
	AND json_extract(doc, '$.routing.best_single.value') <= json_extract(doc, '$.routing.best_single_hindsight.value')
	AND json_extract(doc, '$.routing.routed.value') <= json_extract(doc, '$.routing.oracle.value') FROM input")
is 'evaluate: random, single, oracle in their order' "$sorted" 1
is 'evaluate: the same in TSV' "$(json_get "$out" '$.metrics.accuracy.value')" \
	"$("$embedllm" evaluate --tsv --bootstrap 0 | awk -F '\t' '$1 == "metrics" && $3 == "accuracy" { print $4 }')"
# The second baseline by hand: each model's rate on the training part, at one half.
is 'evaluate: a baseline as the labels have it' "$(json_get "$out" '$.baselines.model.accuracy.value')" \
	"$(sqlite3 "$EMBEDLLM_DB" "SELECT printf('%.9g', avg((l.score >= .5) = (t.rate >= .5)))
		FROM label l JOIN split_part p ON p.question = l.question AND p.part = 'test'
		JOIN (SELECT model, avg(score) AS rate FROM label JOIN split_part USING (question)
			WHERE part = 'train' GROUP BY model) t ON t.model = l.model")"
run "$embedllm" evaluate --tsv --bootstrap 50
is 'evaluate --tsv: columns' "$(head -n 1 <<<"$out")" 'section	name	figure	value	value_low	value_high'
is 'evaluate --tsv: gains over the model rate' \
	"$(awk -F '\t' '$1 == "gains" { print $2, $3 }' <<<"$out" | tr '\n' ' ')" 'model accuracy model auc model log_loss model brier '
is 'evaluate --tsv: as many fields in every line' "$(awk -F '\t' '{ print NF }' <<<"$out" | uniq)" 6
run "$embedllm" evaluate --json --bootstrap 0
is 'evaluate: no interval without resamples' "$(json_get "$out" '$.metrics.auc.low')" ''
run "$embedllm" evaluate --part val --json --bootstrap 20
is 'evaluate --part' "$(json_get "$out" '$.part') $(json_get "$out" '$.rows')" 'val 24000'
run "$embedllm" evaluate --run 77
is 'evaluate: no such run' "$status" 2
like 'evaluate: lists the runs' "$err" 'there is no run 77; there are: 1, 2, 3'

# Two runs side by side.
run "$embedllm" runs compare 1 3 --json --bootstrap 200
is 'runs compare: status' "$status" 0
is 'runs compare --json: keys' "$(json_keys "$out")" \
	'run_a run_b part questions models differ overlap auc auc_within_model log_loss brier ece routed agreement only_a only_b p_mcnemar rows'
is 'runs compare: what differs' "$(json_get "$out" '$.differ')" 'seed 3/4'
is 'runs compare: of a row' "$(json_keys "$out" '$.rows[0]')" 'name questions a b difference p p_holm better'
is 'runs compare: all, and every benchmark' "$(json_query "$out" \
	"SELECT json_extract(doc, '$.rows[0].name'), json_array_length(doc, '$.rows') FROM input")" 'all|11'
a=$(json_get "$("$embedllm" evaluate --run 1 --json --bootstrap 0)" '$.metrics.accuracy.value')
is 'runs compare: the accuracy that evaluate gives' "$(json_get "$out" '$.rows[0].a')" "$a"
run "$embedllm" runs compare 2 1 --tsv --bootstrap 50
is 'runs compare: equal runs differ by nothing' \
	"$(tail -n +2 <<<"$out" | cut -f 5-7 | sort -u)" '0	0	0'
run "$embedllm" runs compare 2 1 --json --fail-on-regression
is 'runs compare: equal runs route alike, nothing is worse' \
	"$status $(json_get "$out" '$.agreement') $(json_get "$out" '$.p_mcnemar')" '0 1.0 1.0'
run "$embedllm" train -q --method shuffled
noise=$(sqlite3 "$EMBEDLLM_DB" 'SELECT max(id) FROM run')
run "$embedllm" runs use 1
run "$embedllm" runs compare "$noise" 1 --json --fail-on-regression
is 'runs compare --fail-on-regression: labels dealt anew: status' "$status" 1
like 'runs compare --fail-on-regression: says what is worse' "$err" \
	"^embedllm: run $noise is worse than run 1: accuracy -0[.].* p 0[.]0[0-9]* by Holm"
is 'runs compare --fail-on-regression: the comparison all the same' "$(json_get "$out" '$.rows[0].better')" second
ok "runs compare: Holm's p is none less than its own" [ "$(json_query "$out" "SELECT
	min(json_extract(r.value, '\$.p_holm') >= json_extract(r.value, '\$.p')) FROM input, json_each(doc, '\$.rows') r")" = 1 ]
run "$embedllm" runs compare "$noise" 1 --fail-on-regression --metric log_loss
is 'runs compare --metric: where less is better' "$status" 1
like 'runs compare --metric: more of it' "$err" 'log_loss [+]0[.]'
run "$embedllm" runs compare 1 "$noise" --fail-on-regression --metric log_loss
is 'runs compare --fail-on-regression: what is better is no regression' "$status" 0
run "$embedllm" runs compare "$noise" 1 --bootstrap 200 --fail-on-regression
is 'runs compare --fail-on-regression: too few resamples to tell: status' "$status" 2
like 'runs compare --fail-on-regression: how many it takes' "$err" '200 resamples .* --bootstrap 440 or more'
run "$embedllm" runs delete "$noise"
run "$embedllm" split --test 20 --val 10 --seed 9
run "$embedllm" train -q --epochs 2
last=$(sqlite3 "$EMBEDLLM_DB" 'SELECT max(id) FROM run')
run "$embedllm" runs compare 1 "$last" --json --bootstrap 20
is 'runs compare: across splits only what both held out' "$(json_get "$out" '$.questions')" \
	"$(sqlite3 "$EMBEDLLM_DB" "SELECT count(*) FROM (SELECT question FROM split_part WHERE part = 'test'
		GROUP BY question HAVING count(*) = 2)")"
run "$embedllm" runs compare 1 x
is 'runs compare: no run' "$status" 2

# Test figures: those of evaluate, kept with the run until the labels change.
is 'runs: no test figure before it is asked for' "$(json_query "$("$embedllm" runs --json)" \
	"SELECT count(*) FROM input, json_each(doc) r WHERE json_extract(r.value, '$.test_accuracy.value') IS NOT NULL")" 0
run "$embedllm" runs test 1 --json
is 'runs test --json: keys' "$(json_keys "$out" '$[0]')" 'run accuracy accuracy_gain auc auc_gain'
is 'runs test: what evaluate says' "$(json_get "$out" '$[0].auc.low')" \
	"$(json_get "$("$embedllm" evaluate --run 1 --json)" '$.metrics.auc.low')"
is 'runs: the test figure is kept' "$(json_query "$("$embedllm" runs --json)" \
	"SELECT json_extract(r.value, '$.test_auc.low') FROM input, json_each(doc) r WHERE json_extract(r.value, '$.run') = 1")" \
	"$(json_get "$out" '$[0].auc.low')"
run "$embedllm" runs test 77
is 'runs test: no run' "$status" 2

run "$embedllm" runs show 1 --json
is 'runs show --json: keys' "$(json_keys "$out" '$[0]')" \
	'epoch train_loss train_accuracy val_loss val_accuracy seconds'
is 'runs show: an epoch a line' "$(json_query "$out" 'SELECT json_array_length(doc) FROM input')" 6
name=$("$embedllm" split --list --tsv | sed -n 2p | cut -f 1)
run "$embedllm" split --delete "$name"
is 'a split that runs need: not deleted' "$status" 2
like 'a split that runs need: names them' "$err" "'embedllm runs delete': 1, 2"
run "$embedllm" evaluate -q
is 'a split that runs need: they are still judged' "$status" 0
expect 'runs delete' 0 '' '' "$embedllm" runs delete 2
run "$embedllm" runs delete 2
is 'runs delete: again' "$status" 2
is 'runs delete: its vectors are gone' \
	"$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(*) FROM vector WHERE run = 2')" 0
expect 'runs nope' 2 '' "embedllm: there is no verb 'runs nope'; of runs there are: show, test, compare, use, delete
embedllm: 'embedllm runs --help' explains it" "$embedllm" runs nope

finish
