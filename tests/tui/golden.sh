# Golden screens: every walk in tests/golden/*.walk is played on the database of world.db.gz, and what
# its screens show is compared with what stands under their steps.
#
#   GOLDEN_RENEW=1 make check TESTS=tests/tui/golden.sh    writes what stands there anew, in the source tree
#
# A walk is a script of keys (explore --script FILE plays it as it is): a line that ends in <Screen>
# is followed by the screen, behind "#|", and the last key by what came on stderr, behind "#!".
# Comments set the rest:
#   # rows: 2-22        from here on these rows of a screen only, and so "1 23-24"
#   # size: 60x15       for the whole walk; 80x24 without
#   # glyphs: ascii     for the whole walk; braille without
#   # database: none    starts on an empty one
#   # files: PATH...    of the tests, copied to where it is played
. "$top_srcdir/tests/tap.sh"

golden=$top_srcdir/tests/golden
gzip -dc "$golden/world.db.gz" >"$T/world.db" || exit 99

header() { sed -n "s/^# $2: //p" "$1" | grep . || echo "$3"; }

play() { # WALK SIZE
	local dir=$T/play
	rm -rf "$dir" && mkdir "$dir" || exit 99
	[ "$(header "$1" database)" = none ] || cp "$T/world.db" "$dir/play.db"
	for file in $(header "$1" files ""); do
		cp -r "$top_srcdir/tests/$file" "$dir" || exit 99
	done
	# What was said just now has a time of its own.
	(cd "$dir" && "$EMBEDLLM" -d play.db explore --script "$1" --size "$2" \
		--glyphs "$(header "$1" glyphs braille)" 2>"$T/said" || echo "exit status $?" >>"$T/said") |
		sed -E 's/today [0-9]{2}:[0-9]{2}/today HH:MM/g; s/\b[0-9]{2}:[0-9]{2}:[0-9]{2} ([iE!] )/HH:MM:SS \1/'
}

# The walk with the screens that were shown under its steps.
walk_with() { # WALK SIZE
	awk -v shown="$T/shown" -v said="$T/said" -v size="$2" '
		function set_height(size) { sub(/.*x/, "", size); height = size + 0 }
		function is_asked(row,   i, ends) {
			for (i in ranges) {
				split(ranges[i] "-" ranges[i], ends, "-")
				if (row >= ends[1] + 0 && row <= ends[2] + 0)
					return 1
			}
			return 0
		}
		BEGIN { set_height(size); split("1-999", ranges, " ") }
		/^#[|!]/ { next }
		{ print }
		/^# rows: / { split(substr($0, 9), ranges, " ") }
		/^#/ { next }
		match($0, /:size [0-9]+x[0-9]+/) { set_height(substr($0, RSTART, RLENGTH)) }
		/<Screen>$/ {
			for (row = 1; row <= height; row++) {
				if ((getline line <shown) <= 0)
					line = "(no screen)"
				if (is_asked(row))
					print "#|" line
			}
		}
		END {
			while ((getline line <shown) > 0)
				print "#|(no step) " line
			while ((getline line <said) > 0)
				print "#!" line
		}
	' "$1"
}

for walk in "$golden"/*.walk; do
	name=$(basename "$walk" .walk)
	size=$(header "$walk" size 80x24)
	play "$walk" "$size" >"$T/shown"
	walk_with "$walk" "$size" >"$T/$name.walk"
	[ -z "${GOLDEN_RENEW-}" ] || cp "$T/$name.walk" "$walk"
	if ! grep -q '^#|.' "$walk"; then
		tap_result 'not ok' "$name"
		tap_note 'shows nothing'
	elif cmp -s "$T/$name.walk" "$walk"; then
		tap_result ok "$name"
	else
		tap_result 'not ok' "$name"
		tap_note "$(diff "$walk" "$T/$name.walk")"
	fi
done
finish
