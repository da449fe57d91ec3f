# Settings, keys and themes: files of the user's, read at the start of the explorer.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM
config=$XDG_CONFIG_HOME/embedllm
mkdir -p "$config/themes"
run "$embedllm" -q demo -d "$EMBEDLLM_DB" --no-train

# explore KEYS: plays them and shows what they put on screen.
explore() {
	printf '%s' "$1" >keys
	run "$embedllm" explore --script keys --size 100x24
	[ "$status" = 0 ] || ok "the keys $1 are played" false
}

explore ':set<Enter><Screen>'
for setting in theme glyphs mouse guide session; do
	like ":set lists $setting" "$out" "^[> ] +$setting "
done
explore ':set<Enter>j<Enter><Screen>'
like 'Enter takes the next choice' "$out" '^> +glyphs +braille '

printf 'theme = dark\n\nmouse = maybe\n' >"$config/settings"
explore ':messages<Enter><Screen>'
like 'a mistake in the settings has its line' "$out" "settings:3: mouse is one of off\|on, not 'maybe'"
explore ':set theme<Enter>:messages<Enter><Screen>'
like 'and nothing of the file is used' "$out" 'theme is auto'
printf '# mine\ntheme = dark # at night\n' >"$config/settings"
explore ':set theme<Enter>:messages<Enter><Screen>'
like 'a setting is read' "$out" 'theme is dark'

printf 'columns.models = name:12 price_out gone size\nmouse = on\n' >"$config/settings"
explore '<Screen>'
like "columns are the user's" "$(sed -n 3p <<<"$out")" '^ +Name +\$/M out +Size *$'
explore '|<Screen>jjj<Space>q<Screen>'
like 'the panel says which are shown' "$(sed -n 4,7p <<<"$out" | tr -d '\n')" 'yes +Name +12.*yes +\$/M out.*yes +Size.* # '
like 'and shows one more' "$(sed -n 27p <<<"$out")" '^ +Name +\$/M out +Size +#$'
explore '|K+++jj<Space>q<Screen>'
like 'wider, and one hidden' "$(sed -n 3p <<<"$out")" '^ +Name +\$/M out *$'
explore '|0q<Screen>'
like 'as they were at first' "$(sed -n 3p <<<"$out")" '^ +# Name .* Acc\.'
printf 'glyphs = ascii\n' >"$config/settings"
explore ':screen -<Enter>'
unlike 'glyphs are read' "$out" '▾'
run "$embedllm" explore --glyphs braille --script keys --size 100x24
like 'the option goes before the file' "$out" '▾'

printf 'bind models A alike\nbind models B nonsense\n' >"$config/keys"
explore ':messages<Enter><Screen>'
like 'a mistake in the keys has its line' "$out" "keys:2: no action 'nonsense' in 'models'"
printf '# mine\nbind global A help\n' >"$config/keys"
explore 'A<Screen>'
like 'a key is bound' "$out" 'Help'
rm "$config/keys"

# Themes
printf 'base = dark\nheader = 201 default bold\n' >"$config/themes/mine.theme"
printf 'theme = mine\n' >"$config/settings"
explore ':screen shot.ansi<Enter>'
like "the user's theme is used" "$(cat shot.ansi)" '38;5;201'
printf 'header = 7 7 blink\n' >"$config/themes/mine.theme"
explore ':messages<Enter><Screen>'
like 'a mistake in a theme has its line' "$out" "mine.theme:1: 'blink' is no flag"
printf 'theme = gone\n' >"$config/settings"
explore ':messages<Enter><Screen>'
like 'a theme that is gone is told' "$out" 'auto\|light\|dark\|highcontrast\|colorblind\|mono\|mine\|amber.*not .gone'
rm "$config/settings"
rm -f shot.ansi # :screen asks before it writes over a file
explore ':set theme amber<Enter>:screen shot.ansi<Enter>'
like 'a theme of the program is there' "$(cat shot.ansi)" '38;5;214'
rm -f shot.ansi
NO_COLOR=1 explore ':set theme amber<Enter>:screen shot.ansi<Enter>'
unlike 'NO_COLOR: no colours, whatever is set' "$(cat shot.ansi)" '[34]8;5'
explore ':set theme amber<Enter>'
ok 'a script changes no setting' test ! -e "$config/settings"

# The way from an empty database
run "$embedllm" -d "$T/none.db" explore --script <(printf '<Screen>') --size 80x24
like 'empty: what to do first' "$out" ':demo '
explore '<Screen>'
like 'without a run: what comes next' "$out" 'Next: 4 then t train a first run'
explore ':guide<Enter><Screen>'
unlike ':guide hides it' "$out" 'train a first run'
explore '<Esc><Screen>'
unlike 'so does Esc' "$out" 'train a first run'
explore ':guide<Enter>:guide<Enter><Screen>'
like ':guide shows it again' "$out" 'train a first run'
explore '4t<Enter><Wait>1<Screen>'
like 'after training: what is ready' "$out" 'Ready: 3 who is like whom'
explore '<Screen>'
unlike 'a session that begins with a run has no guide' "$out" 'who is like whom'
printf 'guide = off\n' >"$config/settings"
run "$embedllm" -q demo -d "$T/two.db" --no-train
run "$embedllm" -d "$T/two.db" explore --script <(printf '<Screen>') --size 80x24
unlike 'guide = off' "$out" 'train a first run'

finish
