# Rival methods through every verb: trained, judged, looked at, with a model gone since.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

# Twelve models, three topics that the words tell; a model is good at some of them.
awk 'BEGIN {
	srand(7)
	split("river mountain lake|integral matrix prime|verb noun clause", topic, "|")
	print "model,benchmark,question,label"
	for (q = 0; q < 240; q++) {
		t = q % 3 + 1
		split(topic[t], word, " ")
		text = sprintf("%s %s of the %s number %d", word[q % 2 + 1], word[q % 3 + 1], word[3], q)
		for (m = 0; m < 12; m++)
			printf "m%02d,b%d,%s,%d\n", m, t, text, rand() < ((m + t) % 3 ? .85 : .25)
	}
}' </dev/null >small.csv
run "$embedllm" -q import small.csv
is 'import: status' "$status" 0
run "$embedllm" methods --json
is 'methods --json: keys' "$(json_keys "$out" '$[0]')" \
	'method run val_log_loss val_accuracy seconds control about source'
is 'methods: no run yet' "$(json_query "$out" \
	"SELECT count(*) FROM input, json_each(doc) r WHERE json_extract(r.value, '$.run') IS NOT NULL")" 0
expect 'train --method: unknown' 2 '' "$(printf "embedllm: there is no method 'nope'; there are: %s\nembedllm: 'embedllm train --help' explains it" \
	"$(json_query "$out" "SELECT group_concat(json_extract(r.value, '$.method'), ', ') FROM input, json_each(doc) r")")" \
	"$embedllm" train --method nope

run "$embedllm" train --method all --json --threads 1
is 'train --method all: status' "$status" 0
is 'train --method all: a run each' "$(json_query "$out" \
	"SELECT count(*) = count(json_extract(r.value, '$.val_log_loss')) FROM input, json_each(doc) r")" 1
best=$(json_query "$out" "SELECT json_extract(r.value, '$.run') FROM input, json_each(doc) r
	WHERE json_extract(r.value, '$.control') = 0 ORDER BY json_extract(r.value, '$.val_log_loss') LIMIT 1")
runs=$("$embedllm" runs --json)
is 'train --method all: the best on validation is in use' "$(json_query "$runs" \
	"SELECT json_extract(r.value, '$.run') FROM input, json_each(doc) r WHERE json_extract(r.value, '$.in_use')")" "$best"
stack=$(json_query "$out" "SELECT json_extract(r.value, '$.run') FROM input, json_each(doc) r
	WHERE json_extract(r.value, '$.method') = 'stack'")
like 'what a search tried is kept' "$(sqlite3 "$EMBEDLLM_DB" \
	"SELECT group_concat(json_extract(s.value, '$.method') || ' ' || json_extract(s.value, '$.setting'))
	 FROM run, json_each(summary, '$.search') s WHERE run.id = $stack")" 'posterior penalty=.*posterior-knn k=.*'

ok 'a run without epochs has its own figures of training' [ "$(json_query "$("$embedllm" runs show "$stack" --json)" \
	"SELECT json_extract(doc, '\$[0].train_loss') BETWEEN 0.1 AND 0.7 AND json_extract(doc, '\$[0].train_accuracy') > 0.6 FROM input")" = 1 ]

# Another method's run answers like any other, and its figures are those it reached in training.
model=$(sqlite3 "$EMBEDLLM_DB" 'SELECT name FROM model ORDER BY id LIMIT 1')
run "$embedllm" evaluate --run "$stack" --part val --json --bootstrap 20
raw=$(json_get "$out" '$.metrics.log_loss.value')
said=$(json_query "$("$embedllm" methods --json)" "SELECT json_extract(r.value, '$.val_log_loss') FROM input, json_each(doc) r
	WHERE json_extract(r.value, '$.method') = 'stack'")
ok 'evaluate: the validation log-loss of training, but for calibration' \
	awk -v a="$raw" -v b="$said" 'BEGIN { exit !(a <= b + 0.002 && a > b - 0.05) }'
# Its validation questions are learned from in the end: what it is judged on there is held.
is 'a stack holds its forecasts of the validation part' "$(sqlite3 "$EMBEDLLM_DB" \
	"SELECT count(*) FROM vector WHERE run = $stack AND kind = 'held' AND length(data) = 4 * 12")" 24
for verb in "neighbours --run $stack $model" "map --run $stack" "probe --run $stack" \
	"route --run $stack what" "runs compare $stack $best --bootstrap 20" \
	"export vectors --run $stack"; do
	run "$embedllm" $verb
	is "${verb%% *} of a stack: status" "$status" 0
	ok "${verb%% *} of a stack: says something" [ -n "$out" ]
done

is 'neighbours of a stack: those good at the same topics' "$(json_query "$("$embedllm" neighbours --run "$stack" --json -k 3 "$model")" \
	"SELECT group_concat(name) FROM (SELECT json_extract(r.value, '$.name') AS name
	 FROM input, json_each(doc, '$.neighbours') r ORDER BY name)")" m03,m06,m09

mf=$(sqlite3 "$EMBEDLLM_DB" "SELECT id FROM run WHERE method = 'mf'")
like 'runs compare: methods that differ' "$("$embedllm" runs compare "$mf" "$stack" --bootstrap 20)" 'method mf/stack'

# Forecasts follow the models, not their places, when one is deleted.
p() {
	json_query "$("$embedllm" route --run "$stack" --json what)" \
		"SELECT json_extract(r.value, '$.p') FROM input, json_each(doc, '$.candidates') r
		 WHERE json_extract(r.value, '$.name') = '$1'"
}
last=$(sqlite3 "$EMBEDLLM_DB" 'SELECT name FROM model ORDER BY id DESC LIMIT 1')
before=$(p "$last")
unlike 'route: a probability' "$before" '^$'
run "$embedllm" models delete "$model"
is 'models delete: the others keep their forecast' "$(p "$last")" "$before"
sqlite3 "$EMBEDLLM_DB" "UPDATE vector SET data = substr(data, 1, length(data) - 8) WHERE run = $stack AND kind = 'method'"
run "$embedllm" evaluate --run "$stack"
is 'a damaged method: status' "$status" 3
like 'a damaged method: says so' "$err" 'damaged: train again'

finish
