# Every header compiles alone, so that it includes what it uses.
. "$top_srcdir/tests/tap.sh"

# One file a header, a compiler for a few of them; the build's own -I flags are relative to it.
headers=$(cd "$top_srcdir" && find src -name '*.h' | LC_ALL=C sort)
for header in $headers; do
	name=${header#src/}
	printf '#include "%s"\n' "$name" >"${name//\//-}.c"
done
faults=$(printf '%s\n' "$T"/*.h.c |
	env -C "$top_builddir" xargs -n 16 -P "$(nproc)" $CC $LINT_CFLAGS -Werror -fsyntax-only 2>&1)
status=$?
like 'there are headers' "$headers" '^src/base/'
is 'every header compiles alone' "$status|$faults" '0|'

finish
