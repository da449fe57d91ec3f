# The program starts, says its version, and refuses what it does not know.
. "$top_srcdir/tests/tap.sh"

run "$EMBEDLLM" --version
is 'version: status' "$status" 0
like 'version: text' "$out" '^embedllm [0-9]+\.[0-9]+'
is 'version: nothing on stderr' "$err" ''

run "$EMBEDLLM" no-such-verb
is 'unknown verb: usage status' "$status" 2
is 'unknown verb: nothing on stdout' "$out" ''
unlike 'unknown verb: says something' "$err" '^$'

finish
