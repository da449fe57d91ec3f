#!/usr/bin/env bash
# Makes the pictures of README.md from the program itself, on the demo world.
#
#   doc/screenshots.sh [PROGRAM]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=$(realpath "${1:-$here/../build/embedllm}")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export XDG_DATA_HOME=$tmp XDG_CONFIG_HOME=$tmp XDG_STATE_HOME=$tmp
"$program" -q demo >/dev/null

# shot NAME SIZE KEYS
shot() {
	printf '%s<Wait>:screen %s<Enter>' "$3" "$tmp/$1.ansi" >"$tmp/keys"
	"$program" -d "$tmp/embedllm/demo.db" explore --script "$tmp/keys" --size "$2" --glyphs braille
	perl "$here/ansi2svg.pl" <"$tmp/$1.ansi" >"$here/$1.svg"
}

shot models 100x28 jj
shot near 110x30 '3m<Wait>CC'
shot probe 110x30 5
shot train 110x30 4
shot route 110x34 '6iA train leaves at 9:40 and arrives at 13:05. How many minutes is the trip?<Enter>>>>>>>'
