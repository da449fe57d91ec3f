# Golden screens: every walk in tests/golden/*.keys is played on the database of world.db.gz at each
# size and glyph set, and what its <Screen> commands show is compared with NAME.txt.
#
#   GOLDEN_RENEW=1 make check TESTS=tests/tui/golden.sh    writes the files anew, in the source tree
#
# A walk's first line may narrow the sizes: "# sizes: 80x24 120x40"; "# database: none" starts on an
# empty one.
. "$top_srcdir/tests/tap.sh"

golden=$top_srcdir/tests/golden
gzip -dc "$golden/world.db.gz" >"$T/world.db" || exit 99
: >"$T/none"

header() { sed -n "s/^# $2: //p" "$1" | head -n 1; }

play() { # WALK SIZE GLYPHS
	local dir=$T/play
	rm -rf "$dir" && mkdir "$dir" || exit 99
	[ "$(header "$1" database)" = none ] || cp "$T/world.db" "$dir/play.db"
	# What was said just now has a time of its own.
	(cd "$dir" && "$EMBEDLLM" -d play.db explore --script "$1" --size "$2" --glyphs "$3" 2>&1) |
		sed -E 's/today [0-9]{2}:[0-9]{2}/today HH:MM/g; s/\b[0-9]{2}:[0-9]{2}:[0-9]{2} ([iE!] )/HH:MM:SS \1/'
}

for walk in "$golden"/*.keys; do
	name=$(basename "$walk" .keys)
	sizes=$(header "$walk" sizes)
	for size in ${sizes:-60x15 80x24 120x40 200x50}; do
		for glyphs in braille ascii; do
			echo "=== $size $glyphs"
			play "$walk" "$size" "$glyphs"
		done
	done >"$T/$name.txt"
	if [ -n "${GOLDEN_RENEW-}" ]; then
		cp "$T/$name.txt" "$golden/$name.txt"
	fi
	if cmp -s "$T/$name.txt" "$golden/$name.txt"; then
		tap_result ok "$name"
	else
		tap_result 'not ok' "$name"
		tap_note "$(diff "$golden/$name.txt" "$T/$name.txt")"
	fi
done
finish
