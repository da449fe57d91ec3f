# The database asked in SQL: what it gives, what it refuses, and what it says is there.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

run "$embedllm" -q demo -d "$EMBEDLLM_DB" --no-train
sql() { run "$embedllm" sql "$@"; }

sql "SELECT name, price_in, NULL AS none, x'00ff' AS bytes FROM model ORDER BY name LIMIT 2" --json
is 'status' "$status" 0
is 'JSON: the keys are the columns' "$(json_keys "$out" '$[0]')" 'name price_in none bytes'
is 'JSON: a number is one' "$(json_query "$out" "SELECT json_type(doc, '\$[0].price_in') FROM input")" real
is 'JSON: NULL is null' "$(json_query "$out" "SELECT json_type(doc, '\$[0].none') FROM input")" null
is 'a BLOB is its size' "$(json_get "$out" '$[0].bytes')" '<2 bytes>'
expect 'TSV' 0 $'a\ta_2\tb\n1\t2.5\tx\\ty' '' "$embedllm" sql "SELECT 1 a, 2.5 a, 'x' || char(9) || 'y' b" --tsv
expect 'plain: decimals are aligned, missing is a dash' 0 $'   n\n0.50\n1.25\n   –' '' \
	"$embedllm" sql "SELECT column1 n FROM (VALUES (0.5), (1.25), (NULL))"
expect 'a NUL byte is shown' 0 $'t\nx\\x00y' '' "$embedllm" sql "SELECT 'x' || char(0) || 'y' t"
expect 'a name is escaped' 0 $'a\\x1b[31mb\n1' '' "$embedllm" sql $'SELECT 1 "a\x1b[31mb"' --tsv
expect 'no rows' 0 'name' '' "$embedllm" sql 'SELECT name FROM model WHERE 0'
expect 'comments and blanks may follow' 0 $'1\n1' '' "$embedllm" sql $'SELECT 1; -- one\n /* and */ ;' --tsv
expect 'table-valued functions work' 0 $'name\nkey\nvalue' '' \
	"$embedllm" sql "SELECT name FROM pragma_table_info('meta')" --tsv

sql 'SELECT id FROM question' --limit 3 --tsv
is 'limit: rows' "$(wc -l <<<"$out")" 4
like 'limit: said' "$err" 'there are more than these 3 rows'
sql 'SELECT id FROM question LIMIT 3' --limit 3 --tsv
is 'limit: not said where all are there' "$err" ''
sql 'WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT x, randomblob(9) FROM t' --tsv
is 'an endless result is cut' "$(wc -l <<<"$out")" 100001

# What is refused, and where the fault is.
while IFS='|' read -r statement wanted; do
	sql "$statement"
	is "refused: $statement: status" "$status" 2
	like "refused: $statement: why" "$err" "$wanted"
done <<'END'
ATTACH 'x.made' AS y|ATTACH is not that
DELETE FROM model|DELETE is not that
UPDATE model SET name = 'x'|UPDATE is not that
INSERT INTO meta VALUES ('x', 'y')|INSERT is not that
DROP TABLE model|creating or dropping anything is not that
CREATE TEMP TABLE t (x)|creating or dropping anything is not that
UPDATE sqlite_master SET sql = ''|may not be modified
SELECT load_extension('x')|this function is not that
PRAGMA user_version = 7|this PRAGMA is not that
PRAGMA writable_schema = 1|this PRAGMA is not that
PRAGMA query_only = 0|this PRAGMA is not that
VACUUM INTO 'x.made'|only reading is allowed here
BEGIN|a transaction is not that
SELECT 1; DELETE FROM model|
SELECT 1; SELECT 2|line 1, column 11: one statement at a time
SELECT ?|write the value itself
SELECT nope FROM model|line 1, column 8: no such column: nope
SELEC 1|line 1, column 1: near "SELEC": syntax error
SELECT hex(zeroblob(200000000))|too big
END
sql $'SELECT name\nFROM model\nWHERE nöpe = 1 AND nope'
like 'the place is a line and a column of it' "$err" 'line 3, column 7: '
expect 'nothing was changed' 0 $'n\n60' '' "$embedllm" sql 'SELECT count(*) n FROM model WHERE name <> "x"' --tsv
ok 'no file was made' test ! -e x.made

# ^C ends what would not end.
timeout -s INT 1 "$embedllm" sql \
	'WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT sum(x) FROM t' >/dev/null 2>"$T/err" &
wait $!
is '^C: told' "$(grep -c stopped "$T/err")" 1

sql --schema --tsv
is 'schema: tables and views' "$(tail -n +2 <<<"$out" | cut -f 1,2 | sort)" "$(sqlite3 "$EMBEDLLM_DB" "
	SELECT name || char(9) || type FROM sqlite_schema
	WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'" | sort)"
is 'schema: every one is explained' "$(awk -F '\t' '$4 == ""' <<<"$out")" ''
is 'schema: every one is in embedllm-data(5)' "$(tail -n +2 <<<"$out" | cut -f 1 | while read -r name; do
	grep -qE "^\.It Sy (.*[ ,])?$name( |\$)" "$top_srcdir/man/embedllm-data.5" || echo "$name"
done)" ''
sql
is 'no statement: status' "$status" 2
run "$embedllm" -d "$T/none.db" sql 'SELECT 1'
is 'no database: status' "$status" 3

finish
