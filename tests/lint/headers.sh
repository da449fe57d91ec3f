# Every header compiles alone, so that it includes what it uses.
. "$top_srcdir/tests/tap.sh"

for header in $(cd "$top_srcdir" && find src -name '*.h' | LC_ALL=C sort); do
	name=${header#src/}
	printf '#include "%s"\n' "$name" >one.c
	# The build's own -I flags are relative to it.
	ok "$name" env -C "$top_builddir" $CC $LINT_CFLAGS -Werror -fsyntax-only "$T/one.c"
done

finish
