#!/usr/bin/env bash
# Makes world.db.gz, the database that the golden screens show: 24 simulated models of the demo world
# and 160 of its questions, with prices, a split and two small runs. It is made once and kept, since
# training ends in other last digits on other processors; a new one changes every golden screen.
#
#   tests/golden/make-world.sh PROGRAM
set -eu
program=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export XDG_DATA_HOME=$tmp EMBEDLLM_DB=$tmp/world.db
"$program" -q demo >/dev/null
sqlite3 embedllm/demo.db <<'SQL'
CREATE TEMP TABLE kept AS SELECT id FROM (
	SELECT q.id, row_number() OVER (PARTITION BY q.benchmark ORDER BY length(q.text), q.id) AS n
	FROM question q JOIN benchmark b ON b.id = q.benchmark
	WHERE b.name IN ('sim_atlas', 'sim_sums', 'sim_units', 'sim_words'))
WHERE n % 3 = 0 AND n <= 120;
.mode csv
.headers on
.output labels.csv
SELECT m.name AS model, b.name AS benchmark, q.text AS question, l.score AS label
FROM label l JOIN model m ON m.id = l.model JOIN question q ON q.id = l.question
JOIN benchmark b ON b.id = q.benchmark
WHERE q.id IN kept AND m.id % 5 < 2 ORDER BY q.id, m.id;
.output models.csv
SELECT m.name AS model, m.price_in, m.price_out,
	max(CASE t.key WHEN 'family' THEN t.value END) AS family,
	max(CASE t.key WHEN 'size' THEN t.value END) AS size
FROM model m JOIN model_tag t ON t.model = m.id WHERE m.id % 5 < 2 GROUP BY m.id;
SQL
"$program" -q import labels.csv
"$program" -q models import models.csv
"$program" -q split --test 50 --val 15
"$program" -q train --dim 8
"$program" -q train --dim 4 --seed 2
"$program" -q runs use 1
sqlite3 world.db "UPDATE run SET created = '2026-01-0' || (id + 1) || 'T03:04:05Z', kernel = 'SkylakeX', seconds = 1.5;
	UPDATE import SET created = '2026-01-02T03:04:05Z'; PRAGMA journal_mode = DELETE; VACUUM"
gzip -9n <world.db >"$here/world.db.gz"
