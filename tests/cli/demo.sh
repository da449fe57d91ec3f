# The demo world: what it holds, what a run recovers of its planted truth, and its files in the
# layout of the release.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM
export EMBEDLLM_DB=

run "$embedllm" demo -q --json
is 'demo: status' "$status" 0
is 'demo --json: keys' "$(json_keys "$out")" 'database models questions labels run stopped epochs best_epoch seconds val_accuracy base_val_accuracy val_log_loss base_val_log_loss recovered'
is 'demo --json: recovered' "$(json_keys "$out" '$.recovered')" 'neighbours auc auc_planted routing'
is 'demo: beside the default database' "$(json_get "$out" '$.database')" "$XDG_DATA_HOME/embedllm/demo.db"
is 'demo: its size' "$(json_get "$out" '$.models') $(json_get "$out" '$.questions')" '60 4000'
run "$embedllm" demo -q
is 'demo: again does not train again' "$("$embedllm" -d "$XDG_DATA_HOME/embedllm/demo.db" runs --tsv | wc -l)" 2
run "$embedllm" -d "$XDG_DATA_HOME/embedllm/demo.db" models --tsv
is 'demo: all names say what they are' "$(tail -n +2 <<<"$out" | cut -f 2 | cut -d / -f 1 | sort | uniq -c | tr -s ' ')" ' 60 sim'
is 'demo: benchmarks' "$("$embedllm" -d "$XDG_DATA_HOME/embedllm/demo.db" benchmarks --tsv | tail -n +2 | cut -f 1,2 | tr '\t\n' ' ')" \
	"$(for name in atlas clinic code dates lab logic manners sums units words; do echo "sim_$name 400"; done | tr '\n' ' ')"

# What a run recovers, in two worlds, or in five in the long suite: the five nearest models by .8, AUC
# within .02 of the planted probabilities' own, routing .8 of what the planted best gains.
for seed in 0 1 ${TEST_LONG:+2 3 4}; do
	run "$embedllm" -d "seed$seed.db" demo -q --json --seed "$seed"
	for what in neighbours routing; do
		ok "seed $seed: $what $(json_get "$out" "$.recovered.$what")" [ \
			"$(json_query "$out" "SELECT json_extract(doc, '$.recovered.$what') >= 0.8 FROM input")" = 1 ]
	done
	ok "seed $seed: AUC $(json_get "$out" '$.recovered.auc')" [ \
		"$(json_query "$out" "SELECT abs(json_extract(doc, '$.recovered.auc') - json_extract(doc, '$.recovered.auc_planted')) <= 0.02 FROM input")" = 1 ]
done
is 'another seed is another world' \
	"$(cmp -s <("$embedllm" -d seed0.db export labels) <("$embedllm" -d seed1.db export labels) && echo same)" ''
expect 'demo: into something else' 2 '' \
	"embedllm: seed1.db holds something else; name another file with -d, or delete this one
embedllm: 'embedllm demo --help' explains it" "$embedllm" -d seed1.db demo --seed 2

run "$embedllm" -d untrained.db demo -q --no-train
is 'demo --no-train: no run' "$("$embedllm" -d untrained.db runs --json)" '[]'
run "$embedllm" demo -q --json --csv files
is 'demo --csv --json: keys' "$(json_keys "$out")" 'folder train_rows val_rows test_rows other_rows bytes'
is 'demo --csv: files' "$(ls files)" 'all.csv
model_order.csv
question_order.csv'
run "$embedllm" -d files.db import files/all.csv
is 'demo --csv: comes in' "$status" 0
is 'demo --csv: with the labels of the database' \
	"$(sqlite3 files.db 'SELECT count(*), sum(score) FROM label')" \
	"$(sqlite3 untrained.db 'SELECT count(*), sum(score) FROM label')"

# What ./bootstrap demo prints without a terminal, on a world that is there.
run "$EMBEDLLM" -q demo -d tour.db
run bash -euc "$(sed -n '/^tour()/,/^}/p;/^show()/,/^}/p' "$top_srcdir/bootstrap")
	embedllm=\$1 db=\$2; tour" tour "$EMBEDLLM" tour.db
is 'bootstrap: the tour: status' "$status" 0
is 'bootstrap: the tour: nothing went wrong' "$err" ''
is 'bootstrap: the tour: its five commands' "$(grep -c '^\$ embedllm ' <<<"$out")" 5
like 'bootstrap: the tour: of the best model' "$out" '^\$ embedllm neighbours sim/'

finish
