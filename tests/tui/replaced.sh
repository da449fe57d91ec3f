# The database's file is replaced, removed or put back to an earlier state while the explorer has it open:
# it is said, no job writes into another file, and none is made in its place.
. "$top_srcdir/tests/tap.sh"

gzip -dc "$top_srcdir/tests/golden/world.db.gz" >"$T/world.db" || exit 99
printf 'model,benchmark,question,label\nonly/one,b,q1,1\nonly/one,b,q2,0\nonly/two,b,q1,0\n' >"$T/other.csv"
ok 'another database' "$EMBEDLLM" -q -d "$T/other.db" import "$T/other.csv"

"$EMBEDLLM" -q -d world.db runs use 2 >"$T/.log" 2>&1 # whoever writes to it first gives it its identity
# A session of the explorer on w.db, whose keys are written as the test goes on.
begin() {
	rm -f w.db w.db-* keys
	cp world.db w.db
	mkfifo keys
	"$EMBEDLLM" -d w.db explore --fresh --size 80x24 --script keys >screens 2>said &
	explorer=$!
	exec 3>keys
	press '<Wait><Screen>'
	shown 24
}
press() { printf '%s\n' "$1" >&3; }
# shown LINES: until so many were printed, for 30 seconds at most.
shown() {
	local i
	for ((i = 0; i < 300; i++)); do
		[ "$(wc -l <screens)" -ge "$1" ] && return
		sleep .1
	done
	return 1
}
end() {
	exec 3>&-
	wait "$explorer"
	text=$(tail -n +25 screens)
}
sound() { sqlite3 "$1" 'PRAGMA integrity_check; SELECT count(*) FROM run'; }

begin
rm w.db w.db-* 2>/dev/null
press 'R<Wait><Screen>4t<Enter><Wait><Screen>:messages<Enter><Screen>'
end
like 'a removed file is said' "$text" 'w\.db: was removed or moved away since it was opened; R looks'
like 'and what was read is still shown' "$text" 'Models +24 '
is 'and nothing is made in its place' "$(ls w.db* 2>/dev/null)" ''

begin
cp other.db o.db
mv o.db w.db
press '4t<Enter><Wait><Screen>R<Wait><Screen>1<Screen>7<Wait><Screen>'
end
like 'a training does not begin in a file that was put there' "$text" 'was replaced by another file since'
like 'R reads it' "$text" ' Models +2 '
like 'and says so' "$text" 'this is another database'
like 'and its runs are shown, not those before' "$text" 'Runs +0$'
is 'and it is as it was' "$(sound w.db)" $'ok\n0'

begin
mv w.db away.db
press '4t<Enter><Wait><Screen>'
shown 48
mv away.db w.db
press '4t<Enter><Wait><Screen>7<Wait><Screen>'
end
like 'a file that was moved away is missed' "$text" 'was removed or moved away'
is 'and written to again once it is back' "$(sound w.db)" $'ok\n3'

begin
cat other.db >w.db
press 'R<Wait><Screen>'
end
like 'another database in the same file is read' "$text" ' Models +2 '
like 'and that is said' "$text" 'this is another database'
is 'and it is as it was' "$(sound w.db)" $'ok\n0'

begin
press '4t<Enter><Wait><Screen>'
shown 48
is 'a training' "$(sound w.db)" $'ok\n3'
cat world.db >w.db
press '7<Wait><Screen>t<Enter><Wait><Screen>R<Wait>7<Wait><Screen>'
end
like 'an earlier state in the same file is said' "$text" 'was replaced by an earlier state of it'
like 'and read' "$text" 'Runs +2$'
is 'and it is as it was' "$(sound w.db)" $'ok\n2'

begin
press '4t<Down><Down><Down><Down><C-u>100000<Down><C-u>0<Enter><Screen>'
shown 48
sleep 1
mv w.db away.db
cp other.db w.db
press '<Wait><Screen>:messages<Enter><Screen>'
end
like 'a training whose file is replaced ends' "$text" 'nothing was written: w\.db: was (replaced|removed)'
is 'and has written nothing into the other' "$(sound w.db)" $'ok\n0'
is 'nor harmed its own' "$(sqlite3 away.db 'PRAGMA integrity_check')" ok
finish
