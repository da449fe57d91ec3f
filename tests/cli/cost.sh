# Accuracy against dollars in a world where the saving is known, and the policy that follows.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

# Two kinds of questions that the words tell. `dear` knows both, `cheap`, at a tenth of the price, only
# the easy half, `bad` at half the price neither; `free` has no price. Sending the easy half to `cheap`
# costs (1 + .1) / 2 of always `dear`: 45 % are saved and nothing is lost.
awk 'BEGIN {
	srand(3)
	print "model,benchmark,question,label"
	for (q = 0; q < 800; q++) {
		hard = q % 2
		text = sprintf("%s %s item %04d", hard ? "theorem lemma" : "colour animal", hard ? "proof" : "name", q)
		miss = rand() < .05
		printf "dear,mixed,%s,%d\n", text, !miss
		printf "cheap,mixed,%s,%d\n", text, !hard && !miss
		printf "bad,mixed,%s,%d\n", text, rand() < .1
		printf "free,mixed,%s,%d\n", text, !hard && !miss
	}
}' </dev/null >world.csv
run "$embedllm" -q import world.csv
is 'import: status' "$status" 0
expect 'cost: no run' 3 '' \
	"embedllm: $EMBEDLLM_DB: no run yet; train first: embedllm train" "$embedllm" cost
run "$embedllm" -q train --method logistic
is 'train: status' "$status" 0
run "$embedllm" cost
is 'cost without prices: status' "$status" 3
like 'cost without prices: says which are missing' "$err" 'none of 4 models has a price.*models import'
for price in dear=10 cheap=1 bad=5; do
	"$embedllm" -q models set ${price%=*} --price-in ${price#*=} --price-out ${price#*=}
done

run "$embedllm" cost --json --bootstrap 200
is 'cost: status' "$status" 0
is 'cost --json: keys' "$(json_keys "$out")" \
	'run part questions priced unpriced best_single aiq aiq_mix aiq_gain aiq_oracle area advised_weight saved advice points'
is 'cost --json: a point' "$(json_keys "$out" '$.points[0]')" \
	'strategy weight model accuracy cost saved gain over_mix questions'
is 'cost: the best single model, the unpriced one' \
	"$(json_get "$out" '$.best_single') $(json_get "$out" '$.priced') $(json_get "$out" '$.unpriced')" 'dear 3 1'
ok 'cost: the planted saving' awk -v s="$(json_get "$out" '$.saved')" 'BEGIN { exit !(s > .42 && s < .48) }'
like 'cost: said in words' "$(json_get "$out" '$.advice')" '(as right as|within 2 points of) the best .*: save 4[2-8] %; chosen on validation'
# Lots between `cheap` and `dear` for that money get three quarters of `dear`.
ok 'cost: what looking at the question is worth' [ "$(json_query "$out" "SELECT
	json_extract(r.value, '\$.over_mix.value') BETWEEN .15 AND .3 FROM input, json_each(doc, '\$.points') r
	WHERE json_extract(r.value, '\$.weight') = json_extract(doc, '\$.advised_weight')")" = 1 ]
# The hull: .475 at 1 to .95 at 5.5, then flat to 10; the lots: the straight line.
ok 'cost: AIQ of the router, of lots' awk -v a="$(json_get "$out" '$.aiq.value')" -v m="$(json_get "$out" '$.aiq_mix.value')" \
	'BEGIN { exit !(a > .79 && a < .87 && m > .67 && m < .76) }'
is 'cost --tsv: a line a point' "$("$embedllm" cost --tsv --bootstrap 0 | wc -l)" \
	"$(($(json_query "$out" "SELECT json_array_length(doc, '$.points') FROM input") + 1))"

# An unpriced model is no candidate where cost weighs, and is one where it does not.
run "$embedllm" route --json --cost-weight 0.5 'colour animal name'
is 'route: unpriced is said, not weighed' \
	"$(json_get "$out" '$.unpriced') $(json_get "$out" '$.candidates[3].name') $(json_get "$out" '$.candidates[3].utility')" '1 free '
run "$embedllm" route --json 'colour animal name'
is 'route: without a weight all are ranked' "$(json_get "$out" '$.unpriced')" 0

# The policy, there and back.
run "$embedllm" cost --bootstrap 0 --policy policy.json --without bad
is 'cost --policy: status' "$status" 0
like 'cost --policy: says what it wrote' "$err" '^policy.json: routes by run 1 at cost weight 0[.]'
weight=$(json_get "$(cat policy.json)" '$.cost_weight')
is 'policy: keys' "$(json_keys "$(cat policy.json)")" \
	'format version run data cost_weight tokens_in tokens_out fallback pool'
for text in 'colour animal name' 'theorem lemma proof'; do
	is "route --policy: as the options say: $text" \
		"$("$embedllm" route --json --policy policy.json "$text" | sed 's/"fallback[^,]*,//')" \
		"$("$embedllm" route --json --cost-weight "$weight" --without bad "$text")"
done
printf '%s\n' 'colour animal name' 'theorem lemma proof' >lines
is 'route --policy: lines of a file' \
	"$("$embedllm" route --tsv --policy policy.json --file lines | cut -f 2 | tr '\n' ' ')" 'model cheap dear '
# The prices are the policy's, whatever became of the database's.
"$embedllm" -q models set cheap --price-in 1000 --price-out 1000
is 'route --policy: its own prices' \
	"$(json_get "$("$embedllm" route --json --policy policy.json 'colour animal name')" '$.model')" cheap
run "$embedllm" route --policy policy.json --json ''
is 'route --policy: nothing to go by, the fallback' "$(json_get "$out" '$.model')" dear
like 'route --policy: says so' "$(json_get "$out" '$.warning')" 'goes to the fallback, dear'
run "$embedllm" route --policy policy.json --cost-weight 0.5 x
is 'route --policy beside a weight: status' "$status" 2
like 'route --policy beside a weight' "$err" 'give it alone'

# Policies that are none.
bad() { # NAME SED MESSAGE
	sed "$2" policy.json >bad.json
	run "$embedllm" route --policy bad.json x
	is "policy with $1: status" "$status" 3
	like "policy with $1" "$err" "bad.json.*$3"
}
bad 'another format' 's/embedllm-routing-policy/other/' 'no routing policy'
bad 'a later version' 's/"version": 1/"version": 2/' '"version" must be 1'
bad 'a weight of 2' 's/"cost_weight": [0-9.]*/"cost_weight": 2/' '"cost_weight" must be a number from 0 to 1'
bad 'a weight in words' 's/"cost_weight": [0-9.]*/"cost_weight": "low"/' '"cost_weight" must be'
bad 'a misspelt member' 's/"fallback"/"fallbak"/' 'no member "fallbak"'
bad 'a fallback that is not in the pool' 's/"fallback": "dear"/"fallback": "bad"/' '"fallback" must be a model of the pool'
bad 'a model that is not there' 's/"model": "cheap"/"model": "chaep"/' 'chaep'
bad 'a negative price' 's/"price_in": 1.0/"price_in": -1/' 'pool\[0\].*prices are dollars'
bad 'other data' 's/"data": "[0-9a-f]*/&0/' 'of another run'
bad 'half a file' '5,$d' 'byte'
bad 'a pool that is none' '/"pool"/,$d' 'byte'
run "$embedllm" route --policy nowhere.json x
like 'policy: no such file' "$err" 'nowhere.json'
run "$embedllm" cost --cost-weight 0.5
is 'cost --cost-weight without a policy: status' "$status" 2
finish
