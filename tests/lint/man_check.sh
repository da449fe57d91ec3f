# The man page and the tables of the program say the same: every verb and option, both ways.
. "$top_srcdir/tests/tap.sh"
page=$top_srcdir/man/embedllm.1

# "verb --option" a line: of the program, and of the man page, where a verb is a .Ss under one of
# the headings that hold verbs and an option an .It Fl.
program_options() {
	"$EMBEDLLM" help --dump | awk -F '\t' '$1 == "option" { print $2 " " $3 }'
}
page_options() {
	awk '
		/^\.Sh/ { verb = "none" }
		/^\.Ss Options of every verb/ { verb = ""; next }
		/^\.Ss/ { verb = substr($0, 5) }
		/^\.It Fl/ && verb != "none" {
			for (i = 1; i < NF; i++)
				if ($i == "Fl" && $(i + 1) ~ /^-/)
					print verb " -" $(i + 1)
		}
	' "$page"
}
program_verbs() {
	"$EMBEDLLM" help --dump | awk -F '\t' '$1 == "verb" { print $2 }'
}
page_verbs() {
	awk '
		/^\.Sh/ { verbs = 0 }
		/^\.Sh (DATA|LEARNING|EXPLORING|OTHER VERBS)/ { verbs = 1 }
		/^\.Ss/ && verbs { print substr($0, 5) }
	' "$page"
}

# only NAME MINE OTHER: passes where no line of MINE is missing in OTHER.
only() {
	is "$1" "$(comm -23 <(sort <<<"$2") <(sort <<<"$3"))" ''
}

only 'every verb is in the man page' "$(program_verbs)" "$(page_verbs)"
only 'the man page has no other verb' "$(page_verbs)" "$(program_verbs)"
only 'every option is in the man page' "$(program_options)" "$(page_options)"
only 'the man page has no other option' "$(page_options)" "$(program_options)"

finish
