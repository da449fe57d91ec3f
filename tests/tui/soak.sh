# A careless user in a terminal: random keys, pastes and sizes (tests/tui/soak.c).
#
#   TEST_LONG      a minute on a build with the address and undefined-behaviour sanitizers, which is
#                  made beside this one and kept; without it ten seconds on this one
#   SOAK_SECONDS   so many seconds; `make soak` takes an hour
#   SOAK_SEED      what is sent is a function of it
#   SOAK_EVENTS    so many events instead of a time: what replays a finding
. "$top_srcdir/tests/tap.sh"

gzip -dc "$top_srcdir/tests/golden/world.db.gz" >"$T/world.db" || exit 99
built=$top_builddir/sanitized
log=$T/build.log
build() {
	mkdir -p "$built" && cd "$built" || return 1
	[ -e Makefile ] || "$top_srcdir/configure" --quiet --enable-sanitize CC="$CC" >"$log" 2>&1 || return 1
	env -u MAKEFLAGS -u MAKELEVEL -u TESTS make -s -j2 embedllm >>"$log" 2>&1
}
program=$EMBEDLLM seconds=10
[ -z "$TEST_LONG" ] || program=$built/embedllm seconds=60
if [ -n "$TEST_LONG" ] && ! (build); then
	skip 'the explorer survives a careless user' "no sanitized build: $(tail -n 1 "$log")"
	finish
	exit 0
fi
export TERM=xterm-256color LSAN_OPTIONS=print_suppressions=0:suppressions=$top_srcdir/tests/tui/lsan.supp
export ASAN_OPTIONS=quarantine_size_mb=16:log_path=$T/sanitizer UBSAN_OPTIONS=log_path=$T/sanitizer
ok 'the explorer survives a careless user' \
	"$top_builddir/tests/tui/soak" -s "${SOAK_SEED:-1}" -t "${SOAK_SECONDS:-$seconds}" -n "${SOAK_EVENTS:-0}" -- \
	"$program" -d "$T/world.db"
tap_note "$(cat "$T/.log")"
is 'and the sanitizers find nothing' "$(cat "$T"/sanitizer* 2>/dev/null | head -n 30)" ''
is 'and the database is sound' "$(sqlite3 "$T/world.db" 'PRAGMA integrity_check; PRAGMA foreign_key_check')" ok
finish
