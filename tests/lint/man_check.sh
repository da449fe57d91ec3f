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

# What a tag (Ic, Va) of a part of the page names: page_names PART TAG.
page_names() {
	awk -v part="$1" -v tag="$2" '
		/^\.S[hs]/ { on = substr($0, 5) == part }
		on && /^\.It/ {
			for (i = 2; i < NF; i++)
				if ($i == tag)
					print $(i + 1)
		}
	' "$page"
}
dump() { "$EMBEDLLM" help --dump | awk -F '\t' -v kind="$1" '$1 == kind { print $2 }'; }
same() { is "$1" "$(sort <<<"$2")" "$(sort <<<"$3")"; }

same 'every command of the explorer, and no other' "$(page_names Commands Ic)" "$(dump command)"
same 'every setting, and no other' "$(page_names Settings Va)" "$(dump setting)"
same 'every role of a theme, and no other' "$(page_names 'Theme files' Va)" "$(dump role)"
# The choices of a setting are the words after Cm in its item.
is 'every choice of a setting' "$("$EMBEDLLM" help --dump | awk -F '\t' '$1 == "setting" { print $2, $3 }' |
	while read -r name choices; do
		words=$(awk -v name="$name" '/^\.It/ { on = $2 == "Va" && $3 == name } on && /^\.Cm/' "$page" |
			tr -s ' ,:' '\n')
		for choice in ${choices//|/ }; do
			grep -qx -- "$choice" <<<"$words" || echo "$name: $choice"
		done
	done)" ''

# The keys stand between two comments.
keys=$("$EMBEDLLM" help --keys)
if [ -n "${GOLDEN_RENEW-}" ]; then
	awk -v keys="$keys" '
		/^\.\\" Keys end/ { skip = 0 }
		!skip
		/^\.\\" Keys: / { print keys; skip = 1 }
	' "$page" >"$T/page" && cp "$T/page" "$page"
fi
is 'every key' "$(awk '/^\.\\" Keys end/ { on = 0 } on; /^\.\\" Keys: / { on = 1 }' "$page")" "$keys"
ok 'mandoc finds no fault' sh -c "mandoc -T lint -W warning '$page'"

finish
