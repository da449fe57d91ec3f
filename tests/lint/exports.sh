# What is global in an object is used by another one, or it would be static or gone. What only tests
# reach for, beside the file itself, stands in tests/lint/exports with a reason.
. "$top_srcdir/tests/tap.sh"

# The archives of the program, not those that only tests link.
archives=$(printf '%s\n' "$top_builddir"/lib*.a | grep -vE '/lib(help|replay)\.a$')
# "symbol object" of all that is defined, and used, in the objects of the program.
symbols() {
	nm -A "$1" $archives "$top_builddir"/src/main.o | awk -v kinds="$2" '
		NF > 1 && index(kinds, $(NF - 1)) { sub(/:[^:]*$/, "", $1); print $NF, $1 }'
}
symbols -g TDRBC | sort >"$T/defined"
symbols -u U | sort >"$T/used"
awk '!/^#/ && NF { print $1 }' "$top_srcdir/tests/lint/exports" | sort >"$T/known"

join -v 1 "$T/defined" "$T/used" | awk '$1 != "main" && !/^__/ { print $1 }' | sort >"$T/alone"
is 'every global symbol has a user in another file' "$(comm -23 "$T/alone" "$T/known")" ''
is 'no exception is out of date' "$(comm -13 "$T/alone" "$T/known" |
	grep -vxF "$(awk '/being built$/ { print $1 }' "$top_srcdir/tests/lint/exports")")" ''
is 'every exception has a reason' "$(awk '!/^#/ && NF == 1' "$top_srcdir/tests/lint/exports")" ''
ok 'symbols were read' test -s "$T/defined" -a -s "$T/used"

finish
