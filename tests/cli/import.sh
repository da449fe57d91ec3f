# Import, undo, resolve and split from the shell: reports, errors with their place, statuses.
. "$top_srcdir/tests/tap.sh"

cat >a.csv <<'END'
model,benchmark,question,label
m__one,sums,What is 1 + 1?,1
m__two,sums,What is 1 + 1?,0
m__one,sums,"What is
2 + 2?",1
m__two,sums,"What is
2 + 2?",
END

run "$EMBEDLLM" status
is 'no database: status 3' "$status" 3
like 'no database: says how to make one' "$err" 'embedllm import FILE'

run "$EMBEDLLM" import a.csv
is 'import: status' "$status" 0
is 'import: nothing on stderr' "$err" ''
like 'import: rows and missing labels' "$out" 'rows +4, of which 1 without a label'
like 'import: new models' "$out" 'models +2, of which 2 new'

run "$EMBEDLLM" --json import a.csv
ok 'import --json is JSON' json_valid "$out"
like 'import --json: repeats counted' "$out" '"repeats": 4'
like 'import --json: nothing new' "$out" '"questions_new": 0'

run "$EMBEDLLM" import --tsv a.csv
is 'import --tsv: a header and a line' "$(wc -l <<<"$out")" 2
is 'import --tsv: as many fields in both' "$(awk -F '\t' '{ print NF }' <<<"$out" | uniq | wc -l)" 1

run "$EMBEDLLM" import --undo 3
is 'undo: status' "$status" 0
run "$EMBEDLLM" import --undo 3
is 'undo twice: status' "$status" 2
run "$EMBEDLLM" import --undo 2

# A bad line: its place, nothing changed, or left out where that is asked for.
printf 'model,benchmark,question,label\nm__one,sums,new?,1\nm__one,sums,bad?,7\n' >bad.csv
before=$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(*) FROM response')
run "$EMBEDLLM" import bad.csv
is 'bad line: status 3' "$status" 3
like 'bad line: file, line, column, value' "$err" '^embedllm: bad\.csv:3:label: "7"'
like 'bad line: remedy' "$err" 'skip-bad'
is 'bad line: nothing changed' "$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(*) FROM response')" "$before"
run "$EMBEDLLM" import a.csv bad.csv
is 'a bad second file: status 3' "$status" 3
like 'a bad second file: the first is reported' "$out" '^a\.csv: import'
run "$EMBEDLLM" import --skip-bad bad.csv
is 'skip-bad: status' "$status" 0
like 'skip-bad: counted' "$out" 'skipped +1 bad line'
like 'skip-bad: listed' "$out" 'bad\.csv:3:label'

{
	echo model,benchmark,question,label
	for i in $(seq 60); do echo "m,b,q$i,$((i % 2 ? 1 : 7))"; done
} >half.csv
echo '{"doc_id":0,"doc":{"question":"q"},"acc":1}' >half.jsonl
run "$EMBEDLLM" -d half.db import --skip-bad half.csv
is 'skip-bad: every one is listed' "$(grep -c 'half\.csv:[0-9]*:label' <<<"$out")" 30
run bash -c '"$0" -d half.db import - <half.jsonl' "$EMBEDLLM"
like 'lm-eval from standard input: named so' "$err" '^embedllm: <stdin>: the task is not'

# A folder is called something also from within.
mkdir acme__alpha-7b
echo '{"doc_id":0,"doc":{"question":"q"},"resps":[["a"]],"acc":1}' >acme__alpha-7b/samples_t_2026-03-01T09-00-00.1.jsonl
cd acme__alpha-7b || exit 99
run "$EMBEDLLM" -d ../here.db import samples_t_2026-03-01T09-00-00.1.jsonl
cd .. || exit 99
like 'lm-eval from within its folder: the model' "$(sqlite3 here.db 'SELECT name FROM model')" '^acme/alpha-7b$'

# Only looking makes no database; what would stop an import is told after the report.
run "$EMBEDLLM" -d none.db import --check a.csv
is 'check: status' "$status" 0
like 'check: says so' "$out" 'only looked at, nothing was changed'
is 'check: no database' "$(ls none.db 2>/dev/null)" ''
before=$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(*) FROM response')
run "$EMBEDLLM" import --check --json a.csv
like 'check: as many rows as would come' "$out" '"rows": 4'
is 'check: nothing came in' "$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(*) FROM response')" "$before"
run "$EMBEDLLM" import --list --json
ok 'list --json is JSON' json_valid "$out"
like 'list: imports with their files' "$out" '"file": "a\.csv"'
is 'list: its columns' "$(json_keys "$out" '$[0]')" 'import when file format part models questions labels rows missing repeats conflicts skipped remarks check report'
run "$EMBEDLLM" import --show 1 --json
ok 'show --json is JSON' json_valid "$out"
is 'show: keys' "$(json_keys "$out")" 'import when file format part models questions labels rows missing repeats conflicts skipped remarks claims'
is 'show: labels' "$(json_get "$out" '$.labels')" 3
run "$EMBEDLLM" import --show 77
is 'show: no such import' "$status" 2
run "$EMBEDLLM" import --show 1 a.csv
is 'show takes no file: status 2' "$status" 2

# What a source claims is kept with the import, and shown as it was judged.
run "$EMBEDLLM" -d claim.db import --accept "$top_srcdir/tests/cases/formats/lm_eval/mismatch"
run "$EMBEDLLM" -d claim.db import "$top_srcdir/tests/cases/formats/lm_eval/two-settings-one-model"
run "$EMBEDLLM" -d claim.db import --list --json
is 'list: self-checks' "$(json_get "$out" '$[0].check'), $(json_get "$out" '$[1].check')" '1 of 1 mismatch, 2 match'
run "$EMBEDLLM" -d claim.db import --show 1 --json
is 'show: a figure' "$(json_query "$out" "SELECT c ->> 'task', c ->> 'model', c ->> 'metric', c ->> 'rows', c ->> 'claimed_rows',
	c ->> 'mean', c ->> 'claimed_mean', c ->> 'verdict' FROM (SELECT doc -> '\$.claims[0]' AS c FROM input)")" \
	'sums|acme/alpha-7b|exact_match|4|4|0.5|0.75|mismatch'
run "$EMBEDLLM" -d claim.db import --show 2 --json
is 'show: figures of runs kept apart' "$(json_query "$out" "SELECT group_concat(value ->> 'model', ' ')
	FROM input, json_each(doc, '\$.claims')")" 'acme/alpha-7b:0-shot acme/alpha-7b:5-shot'
run "$EMBEDLLM" import --list a.csv
is 'list takes no file: status 2' "$status" 2

# The rule belongs to the database.
run "$EMBEDLLM" import --dup max a.csv
is 'another rule: status 2' "$status" 2
like 'another rule: remedy' "$err" 'embedllm resolve --dup'
run "$EMBEDLLM" resolve --dup max --json
is 'resolve: status' "$status" 0
ok 'resolve --json is JSON' json_valid "$out"
like 'resolve: both rules' "$out" '"rule_before": "majority"'
run "$EMBEDLLM" resolve
is 'resolve without a rule: status 2' "$status" 2
run "$EMBEDLLM" import --dup mxa a.csv
like 'a rule misspelt: suggestion' "$err" 'did you mean max\?'

# What cannot be imported.
run "$EMBEDLLM" import
is 'no file: status 2' "$status" 2
run "$EMBEDLLM" import missing.csv
is 'missing file: status 3' "$status" 3
like 'missing file: named' "$err" 'missing\.csv'
run "$EMBEDLLM" import --format nonsense a.csv
is 'unknown format: status 2' "$status" 2
like 'unknown format: lists them' "$err" 'embedllm.*long'
run "$EMBEDLLM" -d a.csv status
is 'a CSV as database: status 3' "$status" 3
like 'a CSV as database: says so' "$err" 'not a database'
run "$EMBEDLLM" import --list-formats --tsv
like 'the formats are listed' "$out" '^lm_eval	'

# Hostile names reach the screen escaped and the machine formats whole.
printf 'model,benchmark,question,label\n"evil\033[2J\nname",b,"q\033]0;x\007",1\n' >evil.csv
run "$EMBEDLLM" -d evil.db import "evil.csv"
is 'hostile names: status' "$status" 0
run "$EMBEDLLM" -d evil.db import $'no\033[31mfile'
unlike 'hostile file name: no raw escape' "$err" $'\033'
cp evil.csv $'e\033[31m.csv'
run "$EMBEDLLM" -d evil.db import $'e\033[31m.csv'
unlike 'hostile file name in the report: no raw escape' "$out" $'\033'
like 'hostile file name in the report: escaped' "$out" 'e\\x1b\[31m\.csv'
run "$EMBEDLLM" -d evil.db status
unlike 'hostile file name in status: no raw escape' "$out" $'\033'

# Standard input, compression, splits.
gzip -k a.csv
run bash -c 'gzip -dc a.csv.gz | "$EMBEDLLM" -d in.db import -'
is 'standard input: status' "$status" 0
run "$EMBEDLLM" -d in2.db import a.csv.gz
run "$EMBEDLLM" -d in3.db import a.csv
is 'standard input: the same labels' "$("$EMBEDLLM" -d in.db export labels)" "$("$EMBEDLLM" -d in3.db export labels)"
is 'gzip: the same labels' "$("$EMBEDLLM" -d in2.db export labels)" "$("$EMBEDLLM" -d in3.db export labels)"
is 'and they are those of the file' "$(sqlite3 in3.db "SELECT m.name, replace(q.text, char(10), ' '), l.score FROM label l
	JOIN model m ON m.id = l.model JOIN question q ON q.id = l.question ORDER BY 1, 2")" \
	'm/one|What is 1 + 1?|1.0
m/one|What is 2 + 2?|1.0
m/two|What is 1 + 1?|0.0
m/two|What is 2 + 2?|'

for i in $(seq 40); do
	echo "m,b,\"question number $i\",$((i % 2))"
done | sed '1i model,benchmark,question,label' >many.csv
run "$EMBEDLLM" -d s.db import many.csv
run "$EMBEDLLM" -d s.db split --test 20 --val 10 --seed 4 --json
is 'split: status' "$status" 0
ok 'split --json is JSON' json_valid "$out"
like 'split: 20 %' "$out" '"test": 8'
like 'split: 10 % of all' "$out" '"val": 4'
run "$EMBEDLLM" -d s.db split --test 20 --val 10 --seed 5
run "$EMBEDLLM" -d s.db split --list --tsv
is 'split --list: both' "$(wc -l <<<"$out")" 3
run "$EMBEDLLM" -d s.db split --use test20-val10-seed4 --tsv
like 'split --use' "$out" '^test20-val10-seed4	true'
run "$EMBEDLLM" -d s.db split --use nothing
is 'split --use of an unknown one: status' "$status" 2
like 'split --use of an unknown one: says so' "$err" 'nothing'
run "$EMBEDLLM" -d s.db split --test 120
is 'split of 120 %: status 2' "$status" 2

# Files of a release, named together, have the parts that their names say, as in a directory.
mkdir -p release
for part in train test; do
	printf 'prompt_id,model_id,label,prompt,model_name,category\n%s,0,1,question of %s,m,b\n' \
		"${#part}" "$part" >"release/$part.csv"
done
run "$EMBEDLLM" -d r.db import release/train.csv release/test.csv
like 'train.csv and test.csv: a part each' "$out" 'parts +train 0, val 0, test 1'
run "$EMBEDLLM" -d r.db split --list --tsv
like 'train.csv and test.csv: the split of the release' "$out" '^imported	true	true		1	0	1	0$'
run "$EMBEDLLM" -d r1.db import release/train.csv
unlike 'train.csv alone: no part' "$out" 'parts '
like 'train.csv alone: the report says so' "$out" 'choice .*--part train'
run "$EMBEDLLM" -d r2.db import --part val release/train.csv release/test.csv
unlike '--part goes before the names' "$out" 'test 1'

run "$EMBEDLLM" -d s.db backup copy.db
is 'backup: status' "$status" 0
is 'backup: the same content' "$(sqlite3 copy.db .dump | md5sum)" "$(sqlite3 s.db .dump | md5sum)"
run "$EMBEDLLM" -d s.db backup /nonexistent/copy.db
is 'backup to nowhere: status 1' "$status" 1

# Real tables.
if [ -e "$EMBEDLLM_TEST_DATA/zeroeval.csv.gz" ]; then
	run "$EMBEDLLM" -d real.db import --json "$EMBEDLLM_TEST_DATA/zeroeval.csv.gz"
	like 'zeroeval: all rows' "$out" '"rows": 83556'
	run "$EMBEDLLM" -d real.db import --json --format triple "$EMBEDLLM_TEST_DATA/metabench_big.labels.csv.gz"
	like 'metabench_big: all rows of the triple' "$out" '"rows": 1580566'
	run "$EMBEDLLM" -d lm.db import "$EMBEDLLM_TEST_DATA/fixtures/lm_eval"
	is 'several filters: status 3' "$status" 3
	like 'several filters: listed' "$err" '#1, #2'
	run "$EMBEDLLM" -d lm.db import --filter '#1' "$EMBEDLLM_TEST_DATA/fixtures/lm_eval"
	is 'a chosen filter: status' "$status" 0
else
	skip 'real tables' 'EMBEDLLM_TEST_DATA has none'
fi

finish
