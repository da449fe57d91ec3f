# The explorer in a real terminal: what only that shows. Every test starts a shell in tmux and runs
# the program in it.
. "$top_srcdir/tests/tap.sh"

command -v tmux >/dev/null || { echo "1..0 # SKIP tmux is not installed"; exit 0; }
gzip -dc "$top_srcdir/tests/golden/world.db.gz" >"$T/world.db" || exit 99
unset TMUX
n=0
mux() { tmux -S "$T/mux$n" -f /dev/null "$@"; }
trap 'mux kill-server 2>/dev/null; cd /; rm -rf "$T"' EXIT

# shell [WIDTH HEIGHT [TERM]]: a fresh shell, whose terminal settings are noted.
shell() {
	mux kill-server 2>/dev/null
	n=$((n + 1)) # a server of its own: the last one may still be going
	mux new-session -d -x "${1:-80}" -y "${2:-24}" "env TERM=${3:-xterm-256color} PS1='$ ' bash --norc --noprofile"
	mux set -g status off 2>/dev/null
	for _ in 1 2 3 4 5 6 7 8 9 10; do mux capture-pane -p | grep -q '^\$' && break; sleep .1; done
	line "stty -g >before"
}
keys() { mux send-keys "$@"; }
line() { mux send-keys -l "$1"; mux send-keys Enter; }
screen() { mux capture-pane -p "$@"; }
# wait_for REGEX: until the screen shows it, for ten seconds at most.
wait_for() {
	local i
	for ((i = 0; i < 100; i++)); do
		screen | grep -qE -e "$1" && return
		sleep .1
	done
	return 1
}
gone() { wait_for '^status [0-9]+'; }
# run_it [NAME=VALUE]: the explorer, its process noted.
run_it() { line "(echo \$BASHPID >pid; ${1-} exec \"$EMBEDLLM\" -d world.db explore --fresh); echo status \$?"; }
same_settings() {
	line "stty -g >after; echo compared"
	wait_for '^compared' && cmp -s "$T/before" "$T/after"
}

shell
run_it
ok "the first screen" wait_for '\[1 Models\]'
keys q
ok "q says what quits" wait_for 'Q quits'
keys 6 i
mux send-keys -l 'jkq how many'
ok "letters are text in a text field" wait_for 'jkq how many'
keys Enter
sleep .3
keys Q
ok "Q quits" gone
like "with status 0" "$(screen)" '^status 0'
ok "the terminal is as it was" same_settings

shell 80 24
run_it
wait_for 'sim/Aster-70B'
for i in $(seq 40); do
	mux resize-window -x $((20 + i * 37 % 180)) -y $((5 + i * 23 % 50))
	case $((i % 4)) in 0) keys 3 ;; 1) keys j ;; 2) keys 6 ;; 3) keys 1 ;; esac
done
mux resize-window -x 50 -y 12
ok "a terminal that is too small is told so" wait_for 'needs 60x15'
mux resize-window -x 90 -y 30
keys 1
ok "after a storm of sizes the screen is whole" wait_for '\[1 Models\].*7 Runs'
keys Q
gone
ok "and the terminal as it was" same_settings

shell
run_it
wait_for 'sim/Aster-70B'
keys j C-z
ok "^Z gives the shell back" wait_for 'Stopped'
line 'stty -g >during; echo suspended'
wait_for '^suspended'
ok "with its settings" cmp "$T/before" "$T/during"
line fg
ok "fg draws the screen again" wait_for '\[1 Models\]'
keys j
keys Q
gone
ok "and the terminal is as it was" same_settings

for signal in TERM HUP SEGV ABRT; do
	shell
	run_it
	wait_for 'sim/Aster-70B'
	kill -$signal "$(cat "$T/pid")"
	ok "SIG$signal ends it" gone
	ok "and the terminal is as it was after SIG$signal" same_settings
	is "and the database is sound" "$(sqlite3 "$T/world.db" 'PRAGMA integrity_check' 2>&1)" ok
done
like "a crash is said" "$(screen)" 'ended by SIGABRT'

shell
run_it NO_COLOR=1
wait_for 'sim/Aster-70B'
unlike "NO_COLOR: no colour is sent" "$(screen -e)" $'\033\\[([0-9;]*;)?(3[0-8]|4[0-8])[;m]'
keys Q
gone
ok "and no theme is kept" bash -c '! grep -sq mono "$XDG_CONFIG_HOME/embedllm/settings"'

shell
run_it
wait_for 'sim/Aster-70B'
keys 6 i
head -c 10000 /dev/zero | tr '\0' 'a' | sed 's/aaaaaaa/eggs in\n/g' >"$T/paste"
mux load-buffer "$T/paste"
mux paste-buffer -p
ok "a paste of 10 kB is one line of text" wait_for 'eggs in eggs in'
keys Enter
ok "and is ranked" wait_for '→ sim/'
keys Q
ok "and the explorer lives" gone

for term in xterm xterm-256color screen tmux-256color linux vt100; do
	shell 80 24 "$term"
	run_it
	ok "TERM=$term" wait_for '1 Models\]'
	keys Q
	gone || keys C-c C-c
done
shell 80 24 dumb
run_it
gone
like "TERM=dumb is refused" "$(screen)" 'TERM=dumb cannot show the explorer'
like "as wrong usage" "$(screen)" '^status 2'

# Names and prompts that try to drive the terminal.
printf 'model,benchmark,question,label\n' >"$T/hostile.csv"
for i in 1 2 3; do
	printf '"evil\033]0;owned\007\033[31m%s","b\033[2J%s","q\033[H\342\200\256%s",1\n' $i $i $i
done >>"$T/hostile.csv"
ok "hostile names are imported" "$EMBEDLLM" -q -d "$T/hostile.db" import "$T/hostile.csv"
shell
line "\"$EMBEDLLM\" -d hostile.db explore --fresh; echo status \$?"
ok "and shown escaped" wait_for 'evil\\x1b\]0;owned\\x07'
keys 2
wait_for '2 Questions\]'
unlike "and none of it reaches the terminal" "$(screen -e)" $'owned\007|\033\\[31m[0-9]'
keys Q
gone

# Emoji that terminals join: what stood there before must not stay beside them.
printf 'model,benchmark,question,label\n👩‍👩‍👧 family,b,q,1\n👍🏽 ok,b,q,1\n' >"$T/emoji.csv"
"$EMBEDLLM" -q -d "$T/emoji.db" import "$T/emoji.csv"
shell
line "\"$EMBEDLLM\" -d emoji.db explore --fresh; echo status \$?"
wait_for 'family'
keys 2
wait_for '2 Questions\]'
keys 1
wait_for '1 Models\]'
ok "emoji leave nothing behind" wait_for '👩👩👧 family +100\.0'
like "with skin or without" "$(screen)" '👍 ok +100\.0'
printf 'model,benchmark,question,label\nnew,b,q,1\n' >"$T/new.csv"
"$EMBEDLLM" -q -d "$T/emoji.db" import "$T/new.csv"
mux set -s set-clipboard on
keys y
ok "a copy says its size" wait_for 'copied .* [0-9]+ bytes'
sleep .2
ok "and comes to the clipboard within tmux" test -n "$(mux show-buffer 2>/dev/null)"
ok "an import elsewhere is noticed" wait_for 'changed, R reads it'
keys R
ok "and read when asked" wait_for ' new  '
keys Q
gone

# Leaving while a run trains.
shell
run_it
wait_for 'sim/Aster-70B'
keys 4 t
wait_for 'New run'
keys Down Down Down Down C-u
mux send-keys -l 100000
keys Down C-u
mux send-keys -l 0
keys Enter
ok "training starts from the form" wait_for '▶ training'
keys 1
ok "and goes on while other screens are used" wait_for '\[1 Models\]'
sleep 1
keys Q
ok "leaving asks" wait_for 'Quit\?  k keep'
keys k
ok "and keeps the checkpoint" gone
like "of a run that can be resumed" "$("$EMBEDLLM" -d "$T/world.db" runs --tsv)" 'stopped'
finish
