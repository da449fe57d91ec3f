# Every plot as a file: SVG, PDF and PNG, written whole or not at all.
. "$top_srcdir/tests/tap.sh"
embedllm=$EMBEDLLM

run "$embedllm" -q demo -d "$EMBEDLLM_DB"
run "$embedllm" map --plot x.svg
if grep -q 'built without cairo' <<<"$err"; then
	is 'without cairo: status' "$status" 1
	is 'without cairo: no file' "$(ls ./*.svg 2>/dev/null)" ''
	finish
	exit 0
fi

kind() { head -c 8 "$1" | tr -d '\0\r\n'; }
while IFS='|' read -r name arguments; do
	for suffix in svg pdf png; do
		eval "run \"\$embedllm\" $arguments --plot '$name.$suffix' --json"
		is "$name.$suffix: status" "$status" 0
		like "$name.$suffix: said" "$err" "wrote $name.$suffix"
		ok "$name.$suffix: JSON beside it" json_valid "$out"
		case $suffix in
		svg) like "$name.svg: is one" "$(head -c 100 "$name.svg")" '<svg ' ;;
		pdf) like "$name.pdf: is one" "$(kind "$name.pdf")" '^%PDF-' ;;
		png) is "$name.png: is one" "$(head -c 8 "$name.png" | od -An -tx1 | tr -d ' ')" 89504e470d0a1a0a ;;
		esac
	done
done <<'END'
map|map
families|map --method tsne --iterations 50 --color-by family
benchmark|map --color-by sim_sums
curve|runs show 1
errors|probe --seen
forecasts|probe --seen --benchmark sim_sums
costs|route 'What is 2 + 3?'
END
# A dot a model: each is filled, then outlined.
is 'a map has a dot for each model' "$(grep -c 'stroke-width:0\.4' map.svg)" 60

expect 'another suffix' 2 '' "embedllm: map.gif: a plot's name ends in .svg, .pdf or .png
embedllm: 'embedllm map --help' explains it" "$embedllm" map --plot map.gif
run "$embedllm" map --plot none/x.svg
is 'a folder that is not there: status' "$status" 1
is 'a folder that is not there: nothing printed' "$out" ''
run "$embedllm" map --color-by nonsense --plot x.svg
is 'nothing to colour by: status' "$status" 2
like 'nothing to colour by: what there is' "$err" 'accuracy, family, size, sim_atlas'
run "$embedllm" probe --seen --benchmark nonsense --plot y.svg
is 'no such benchmark: status' "$status" 2
is 'no file is left behind' "$(ls -a | grep -E 'y\.svg|tmp')" ''

# In the explorer, by E.
printf '3E<C-u>near.svg<Enter><Wait>4E<C-u>train.svg<Enter><Wait>1E:messages<Enter>:screen end.txt<Enter>' >keys
run "$embedllm" explore --script keys --size 80x24
# cairo numbers the surfaces of a process.
drawn() { sed 's/"surface[0-9]*"/"surface"/' "$1"; }
ok 'E on Near draws what map does' cmp <(drawn near.svg) <(drawn map.svg)
ok 'E on Train draws what runs show does' cmp <(drawn train.svg) <(drawn curve.svg)
like 'E where there is no plot' "$(cat end.txt)" 'there is no plot here'

finish
