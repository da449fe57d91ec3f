# A database of the first schema, made by 0.1.0 before it was released: every verb that reads opens
# it, and what it holds is said as it was then (older.said, from the program that made it).
. "$top_srcdir/tests/tap.sh"

gzip -dc "$top_srcdir/tests/golden/older.db.gz" >"$T/older.db" || exit 99

# What is read without being computed, a line each with the verb before it.
kept() { # PROGRAM DATABASE
	local verb
	for verb in models benchmarks runs 'runs show 1' 'runs show 2' probe 'probe --seen' \
		'question 1'; do
		"$1" -q -d "$2" $verb --json | sed -E "s/^ *//; s/,\$//; s|^|$verb: |"
	done | grep -vE '"(dir|seconds|distance|file|questions|directory)"' | LC_ALL=C sort -u
	"$1" -q -d "$2" export vectors - | LC_ALL=C sort
}
cp "$T/older.db" "$T/reading.db"
is 'what it holds is still said' "$(LC_ALL=C comm -23 "$top_srcdir/tests/golden/older.said" \
	<(kept "$EMBEDLLM" "$T/reading.db" | LC_ALL=C sort))" ''

while read -r verb; do
	cp "$T/older.db" "$T/each.db"
	eval "ok '$verb' \"\$EMBEDLLM\" -q -d \"\$T/each.db\" $verb"
done <<'END'
status
models
model model-0b
benchmarks
questions
question 1
versus model-0b model-3b
neighbours model-0b
map
probe
route "what is 3 plus 4"
evaluate
runs
runs show 1
runs compare 1 2
encoders
export labels -
export vectors -
export encodings -
sql "SELECT count(*) FROM imported_row"
doctor
END

# Where it may not be written, it is read through a copy in memory. Root may write whatever the mode
# says.
mkdir "$T/ro" && cp "$T/older.db" "$T/ro" && cp "$EMBEDLLM" "$T/embedllm"
chmod 444 "$T/ro/older.db" && chmod 555 "$T/ro" && chmod 755 "$T" "$T/embedllm"
as=
[ "$(id -u)" != 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'
if [ -n "$as" ] && ! $as test -x "$T/embedllm" 2>/dev/null; then
	skip 'where it may not be written' 'cannot become another user here'
else
	is 'where it may not be written' "$(HOME=/nonexistent $as "$T/embedllm" -q -d "$T/ro/older.db" models --tsv |
		wc -l)" 25
	ok 'there it stays as it is' cmp "$T/older.db" "$T/ro/older.db"
fi
chmod 755 "$T/ro"
finish
