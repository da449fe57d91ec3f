# tap.sh - helpers for the shell tests (bash). A test starts with
#     . "$top_srcdir/tests/tap.sh"
# and ends with `finish`. It runs in an empty folder of its own, $T, with its own XDG folders and
# database; $EMBEDLLM is the program, $EMBEDLLM_TEST_DATA the folder of real tables.
#
#   run CMD...                 run it; sets $out, $err and $status
#   ok NAME CMD...             passes where CMD succeeds
#   is NAME GOT WANTED         passes where both texts are equal
#   like NAME TEXT REGEX       passes where the (extended) regular expression matches
#   unlike NAME TEXT REGEX     passes where it does not
#   skip NAME WHY              counts a test that cannot run here
#   need_data FILE...          skips the whole test where a real table is missing
#   json_valid TEXT            whether TEXT is one JSON value
#   json_keys TEXT [PATH]      the keys of the object there, in order, parted by blanks
#   json_get TEXT PATH         the value there, e.g. '$.routing.oracle.value', '$[0].name'
#   expect NAME STATUS OUT ERR CMD...   runs CMD; passes where all three are as wanted
#   finish                     prints the plan

set -u
T=$(mktemp -d "${TMPDIR:-/tmp}/embedllm-test.XXXXXX") || exit 99
trap 'cd /; rm -rf "$T"' EXIT
trap 'exit 130' INT TERM
cd "$T" || exit 99
export HOME=$T/home XDG_DATA_HOME=$T/data XDG_CACHE_HOME=$T/cache XDG_CONFIG_HOME=$T/config
export EMBEDLLM_DB=$T/test.db
mkdir -p "$HOME"
tap_count=0

tap_result() { # VERDICT NAME
	tap_count=$((tap_count + 1))
	echo "$1 $tap_count - $2"
}

tap_note() {
	printf '%s\n' "$@" | head -n 40 | sed 's/^/# /'
}

run() {
	"$@" >"$T/.out" 2>"$T/.err" </dev/null
	status=$?
	out=$(tr -d '\0' <"$T/.out")
	err=$(tr -d '\0' <"$T/.err")
	return 0
}

ok() {
	local name=$1
	shift
	if "$@" >"$T/.log" 2>&1; then
		tap_result ok "$name"
	else
		tap_result 'not ok' "$name"
		tap_note "status $? of: $*" "$(cat "$T/.log")"
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		tap_result ok "$1"
	else
		tap_result 'not ok' "$1"
		tap_note "got:" "$2" "wanted:" "$3"
	fi
}

like() {
	if grep -qE -e "$3" <<<"$2"; then
		tap_result ok "$1"
	else
		tap_result 'not ok' "$1"
		tap_note "does not match $3:" "$2"
	fi
}

unlike() {
	if [ -z "$2" ]; then
		tap_result 'not ok' "$1"
		tap_note "there is no text"
	elif grep -qE -e "$3" <<<"$2"; then
		tap_result 'not ok' "$1"
		tap_note "matches $3:" "$2"
	else
		tap_result ok "$1"
	fi
}

skip() {
	tap_result ok "$1 # SKIP $2"
}

need_data() {
	local file
	for file; do
		if [ ! -e "$EMBEDLLM_TEST_DATA/$file" ]; then
			echo "1..0 # SKIP no $file in EMBEDLLM_TEST_DATA"
			exit 0
		fi
	done
}

json_query() { # TEXT SQL, in which `doc` is the text
	printf '%s' "$1" >"$T/.json"
	sqlite3 :memory: "WITH input(doc) AS (SELECT CAST(readfile('$T/.json') AS TEXT)) $2"
}

json_valid() {
	[ "$(json_query "$1" 'SELECT json_valid(doc) FROM input')" = 1 ]
}

json_keys() {
	json_query "$1" "SELECT group_concat(key, ' ') FROM input, json_each(doc, '${2:-$}')"
}

json_get() {
	json_query "$1" "SELECT json_extract(doc, '$2') FROM input"
}

expect() {
	local name=$1 wanted="$2|$3|$4"
	shift 4
	run "$@"
	is "$name" "$status|$out|$err" "$wanted"
}

finish() {
	echo "1..$tap_count"
}
