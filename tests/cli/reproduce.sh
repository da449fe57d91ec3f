# The paper's experiments: on a small world with repeats, shaped and named as the paper's data.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

# 104 models, ten benchmarks of 40 questions. A model is good at every third benchmark, and all the
# better the higher its number; one question in four is listed twice, with answers that may differ.
make_world() { # BENCHMARK...
	awk -v names="$*" 'BEGIN {
		srand(3)
		n = split(names, name, " ")
		print "prompt_id,model_id,category_id,label,prompt,model_name,category"
		for (b = 1; b <= n; b++)
			for (q = 0; q < 40; q++)
				for (again = 0; again < (q % 4 ? 1 : 2); again++)
					for (m = 0; m < 104; m++) {
						p = (b + m) % 3 ? .3 : .8
						p = p + m / 600
						printf "%d,%d,%d,%d,%s word%d of %s number %d,lab/%s-%d-%s,%s\n", b * 100 + q + 50 * again,
							m, b, rand() < p, name[b], q % 5, name[b], q,
							m % 2 ? "coder" : "chat", m, m % 3 ? "7b" : "13b", name[b]
					}
	}' </dev/null
}
make_world asdiv gpqa gsm8k logiqa mathqa medmcqa mmlu piqa social_iqa truthfulqa >release.csv
run "$embedllm" -q import release.csv
is 'import: status' "$status" 0
run "$embedllm" reproduce
is 'without a run: status' "$status" 3
like 'without a run: says what to do' "$err" 'embedllm train'
run "$embedllm" -q train --method ridge
is 'train: status' "$status" 0

run "$embedllm" reproduce forecasts
is 'an unknown experiment: status' "$status" 2
like 'an unknown experiment: what there is' "$err" "no experiment 'forecasts'; did you mean forecast\?"
run "$embedllm" reproduce routing --methods mf,nope
is 'an unknown method: status' "$status" 2
like 'an unknown method: what there is' "$err" "no method 'nope'; there are: mf, "

# figure EXPERIMENT OF MEASURE [MEMBER]: of the JSON in $out; the first of the rows that fit.
figure() {
	json_query "$out" "SELECT json_extract(r.value, '\$.${4:-figure.value}') FROM input,
		json_each(doc, '\$.figures') r WHERE json_extract(r.value, '\$.experiment') = '$1'
		AND json_extract(r.value, '\$.subject') = '$2' AND json_extract(r.value, '\$.measure') = '$3'
		ORDER BY json_extract(r.value, '\$.questions') DESC LIMIT 1"
}
sum() {
	awk "BEGIN { exit !($1) }" </dev/null
}

run "$embedllm" reproduce --methods ridge,knn --splits 20 --bootstrap 100 --json --html report.html
is 'reproduce: status' "$status" 0
ok 'reproduce: JSON' json_valid "$out"
is 'the data is known by its benchmarks' "$(json_get "$out" '$.release')" 1
first=$out
is 'repeats: judged by both rules' "$(json_query "$out" "SELECT group_concat(DISTINCT json_extract(r.value, '\$.labels'))
	FROM input, json_each(doc, '\$.figures') r")" 'rows,majority, ties right'
is 'published figures stand beside ours' "$(figure contribution 'gsm8k to mathqa' 'squared error' published)" 0.271
ok 'forecast: more than the rates of the models know' \
	sum "$(figure forecast ridge accuracy) > $(figure forecast ridge accuracy base) + .05"
ok 'routing: random < best single < routed <= oracle' sum "$(figure routing random 'routed accuracy') \
	< $(figure routing 'best single model' 'routed accuracy') && $(figure routing ridge 'routed accuracy') \
	> $(figure routing ridge 'routed accuracy' base) && $(figure routing ridge 'routed accuracy') \
	<= $(figure routing oracle 'routed accuracy')"
ok 'latency: some time' sum "$(figure latency ridge 'seconds for 3,000 questions') > 0"
ok 'benchmarks: others foretell one that is like them' sum "$(figure benchmarks gsm8k tau) > .3 \
	&& $(figure benchmarks gsm8k RMSE) < $(figure benchmarks gsm8k RMSE base)"
# asdiv and logiqa are good for the same third of the models, asdiv and gpqa are not.
spared() {
	echo "(1 - $(figure contribution "$1" 'squared error') / $(figure contribution "$1" 'squared error' base))"
}
ok 'contribution: a benchmark tells more of one like it' sum "$(spared 'asdiv to logiqa') > .5"
is 'communities: by words of the names' "$(figure communities 13B models)" 35.0
ok 'communities: models of a kind lie together' sum "$(figure communities 13B 'distance within') \
	< $(figure communities 13B 'distance within' base) && $(figure communities 13B p) < .01"

like 'report: one file, with its plots' "$(cat report.html)" 'data:image/svg'
unlike 'report: nothing from elsewhere' "$(cat report.html)" '(src|href)="(http|/)|<script'
run "$embedllm" reproduce forecast --methods ridge,knn --splits 20 --bootstrap 100 --json
is 'what is kept is found again' "$(figure forecast ridge accuracy) $(figure forecast knn accuracy)" "$(
	out=$first
	echo "$(figure forecast ridge accuracy) $(figure forecast knn accuracy)"
)"
run "$embedllm" reproduce forecast --methods ridge --splits 20 --bootstrap 100 --refresh --json
is 'and computed anew it is the same' "$(figure forecast ridge accuracy)" "$(
	out=$first
	figure forecast ridge accuracy
)"

# Stopped, it goes on where it was.
sqlite3 "$EMBEDLLM_DB" "DELETE FROM cache WHERE key LIKE 'reproduce %'"
timeout -s INT 1 "$embedllm" reproduce --methods mf-paper,mlp,stack >/dev/null 2>stopped
is 'stopped: status' "$?" 124
run "$embedllm" reproduce benchmarks --splits 20 --bootstrap 100 --tsv
like 'TSV: a header and the figures' "$out" '^experiment	subject	questions	measure	labels	figure	figure_low'

# Other data: no published figures, and no rows for what its models are not called.
make_world one two three >other.csv
export EMBEDLLM_DB=$T/other.db
run "$embedllm" -q import other.csv
run "$embedllm" -q train --method ridge
run "$embedllm" reproduce routing communities --methods ridge --json
is 'other data: nothing published' "$(json_query "$out" "SELECT count(json_extract(r.value, '\$.published')) FROM input,
	json_each(doc, '\$.figures') r")$(json_get "$out" '$.release')" 00
run "$embedllm" reproduce routing
like 'plain: a table an experiment' "$out" '^routing: What the model'
unlike 'plain: no column without a figure' "$out" 'knows nothing +published'
finish
