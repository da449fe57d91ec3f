# Every fuzz target on its seeds. A target tests/fuzz/fuzz_NAME has them in tests/fuzz/seeds/NAME/.
. "$top_srcdir/tests/tap.sh"

for target in $FUZZ_TARGETS; do
	name=${target##*/fuzz_}
	seeds=("$top_srcdir/tests/fuzz/seeds/$name"/*)
	ok "$name: ${#seeds[@]} seeds" "$top_builddir/$target" "${seeds[@]}"
done

finish
