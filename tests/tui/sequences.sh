# Escape sequences as terminals of many kinds send them, whatever the terminal is said to be
# (tests/tui/sequences.c).
. "$top_srcdir/tests/tap.sh"

gzip -dc "$top_srcdir/tests/golden/world.db.gz" >"$T/world.db" || exit 99
export LC_ALL=C.UTF-8
for term in xterm xterm-256color screen tmux-256color putty linux rxvt-unicode rxvt vt220; do
	if ! infocmp "$term" >/dev/null 2>&1; then
		skip "sequences in TERM=$term" "no description of it is installed"
		continue
	fi
	ok "sequences in TERM=$term" env TERM=$term "$top_builddir/tests/tui/sequences" \
		"$EMBEDLLM" -d "$T/world.db" explore --fresh --glyphs ascii
	grep -A 1 '^not ok' "$T/.log" | sed 's/^/# /'
done
finish
