# A database that may only be read, on a medium that may only be read.
. "$top_srcdir/tests/tap.sh"

mkdir "$T/ro"
cp "$EMBEDLLM" "$T/embedllm"
printf 'model,benchmark,question,label\nm,b,q,1\nn,b,q,0\n' >"$T/a.csv"
"$EMBEDLLM" -q -d "$T/ro/world.db" import "$T/a.csv" >/dev/null
rm -f "$T/ro"/*-wal "$T/ro"/*-shm
chmod 444 "$T/ro/world.db"
chmod 555 "$T/ro"
chmod 755 "$T" "$T/embedllm"
# Root may write whatever the mode says.
as=
if [ "$(id -u)" = 0 ]; then
	if ! setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$T/embedllm" 2>/dev/null; then
		skip 'a read-only database' 'cannot become another user here'
		finish
		exit 0
	fi
	as='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
export HOME=/nonexistent XDG_DATA_HOME=/nonexistent XDG_CACHE_HOME=/nonexistent XDG_CONFIG_HOME=/nonexistent

run $as "$T/embedllm" -d "$T/ro/world.db" models --tsv
is 'models: read' "$status $(cut -f2 <<<"$out" | tail -n +2 | tr '\n' ' ')" '0 m n '
run $as "$T/embedllm" -d "$T/ro/world.db" status
like 'status: says so' "$out" 'read-only here'
printf '<Screen>:messages<Enter><Screen>' >"$T/keys"
run $as "$T/embedllm" -d "$T/ro/world.db" explore --script "$T/keys"
like 'the explorer opens it' "$out" 'Models  2 '
like 'and says so' "$out" '! the database is read-only here'
run $as "$T/embedllm" -d "$T/ro/world.db" train
is 'train: fails' "$status" 1
like 'train: why' "$err" 'may not be written'
chmod 755 "$T/ro"
finish
