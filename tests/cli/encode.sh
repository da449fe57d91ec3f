# Encoders: texts to vectors, stored questions by installed encoders, pairs, vectors made elsewhere.
. "$top_srcdir/tests/tap.sh"
tiny=$top_srcdir/tests/golden/tiny
export EMBEDLLM_ENCODERS=$T/encoders
mkdir "$EMBEDLLM_ENCODERS"

# Two folders that the program takes for minilm and mpnet.
install_tiny() {
	rm -rf "$EMBEDLLM_ENCODERS/$2"
	cp -r "$tiny/$1" "$EMBEDLLM_ENCODERS/$2"
}

# The numbers of a line of JSON to four decimals.
numbers() {
	grep -oE -- '-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?' <<<"$1" | awk '{ v = sprintf("%.4f", $1); print v + 0 }'
}

run "$EMBEDLLM" encode --text 'to be' --json
is 'an encoder that is not there fails' "$status" 3
like 'and says how to get it' "$err" 'bootstrap encoder'
run "$EMBEDLLM" encode --encoder nonsense --text x
is 'a name that is none is wrong usage' "$status" 2
like 'and lists those there are' "$err" 'builtin, minilm, mpnet, path:DIR'

install_tiny half minilm
run "$EMBEDLLM" encode --text 'the qu' --text '' --json
is 'texts are encoded without a database' "$status" 0
is 'an object a text' "$(wc -l <<<"$out")" 2
like 'with its token ids' "$out" '"ids": \[2, [0-9, ]*3\]'
like 'and its vector' "$out" '"embedding": \[-?[0-9]'
ok 'no database was made' test ! -e "$EMBEDLLM_DB"
one=$(head -n 1 <<<"$out")
for kernel in generic avx2; do # other instruction sets: the same but for the last digits
	EMBEDLLM_PACKED=$kernel run "$EMBEDLLM" encode --text 'the qu' --json
	is "on the $kernel kernel too" "$(numbers "$out")" "$(numbers "$one")"
done
printf 'the qu\n\n' >lines
run "$EMBEDLLM" encode --file lines --json
is 'a file gives the same, a text a line' "$(head -n 1 <<<"$out")" "$one"
printf 'the\0 q\0u\n' >lines
run "$EMBEDLLM" encode --file lines --json
is 'NULs are left out, not all that follows them' "$out" "$one"
run "$EMBEDLLM" encode --encoder "path:$tiny/half" --text 'the qu' --json
is 'a folder gives the same' "$out" "$one"
run "$EMBEDLLM" encode --text x --encoder minilm+path:"$tiny"/mpnet --tsv
is 'a pair has the dimensions of both' "$(awk -F '\t' 'NR == 2 { print $3 }' <<<"$out")" 64
is 'and unit length' "$(awk -F '\t' 'NR == 2 {
	n = split($5, v, " "); for (i = 1; i <= n; i++) s += v[i] * v[i]; printf "%.4f", s }' <<<"$out")" 1.0000

# Checkpoints that do not hold together.
# broken NAME FILE SED-COMMAND REGEX
broken() {
	rm -rf broken
	cp -r "$tiny/half" broken
	sed -i "$3" "broken/$2"
	run "$EMBEDLLM" encode --encoder path:broken --text x
	is "$1: refused" "$status" 3
	like "$1: says why" "$err" "$4"
}
broken 'a vocabulary that does not fit' tokenizer.json 's/"\[PAD\]": 0/"[PAD]": 5000/' 'ids up to 5000, the model embeds'
broken 'a layer too many' config.json 's/"num_hidden_layers": 3/"num_hidden_layers": 4/' 'no tensor .encoder.layer.3'
broken 'another width' config.json 's/"hidden_size": 40/"hidden_size": 44/' 'not the shape'
broken 'a huge width' config.json 's/"hidden_size": 40/"hidden_size": 4000000000/' 'no whole number'
broken 'another kind of model' config.json 's/"bert"/"gpt2"/' 'model_type is "gpt2"'
broken 'another activation' config.json 's/"gelu"/"relu"/' 'hidden_act'
broken 'another pooling' 1_Pooling/config.json 's/true/false/' 'mean of the tokens'
broken 'a further module' modules.json 's/models.Pooling/models.Dense/' 'module "Dense"'
broken 'more tokens than positions' sentence_bert_config.json 's/64/65/' 'max_seq_length'
broken 'broken JSON' tokenizer.json 's/"model": {/"model": {{/' 'tokenizer.json: byte'
broken 'damaged weights' model.safetensors '1s/data_offsets":\[0,/data_offsets":[2,/' 'tensor'
cp -r "$tiny/half" cut
head -c 5000 "$tiny/half/model.safetensors" >cut/model.safetensors
run "$EMBEDLLM" encode --encoder path:cut --text x
like 'weights that are cut short' "$err" 'model.safetensors'
run "$EMBEDLLM" encode --encoder path:nowhere --text x
like 'a folder that is not there' "$err" 'nowhere: no such folder'

# A table of three models and forty questions.
{
	echo prompt_id,model_id,category_id,label,prompt,model_name,category
	for ((i = 0; i < 40; i++)); do
		for m in 1 2 3; do
			echo "$i,$m,$((i % 2)),$(((i * m / 3) % 2)),\"question $i, is it so?\",model$m,bench$((i % 2))"
		done
	done
} >table.csv
run "$EMBEDLLM" -q import table.csv
is 'the table is imported' "$status" 0
"$EMBEDLLM" -q split --seed 1 >/dev/null

run "$EMBEDLLM" encode --encoder minilm --json
like 'all questions are encoded' "$out" '"encoded": 40'
run "$EMBEDLLM" encode --encoder minilm --json
like 'once' "$out" '"encoded": 0'
sqlite3 "$EMBEDLLM_DB" 'DELETE FROM encoding WHERE question % 4 = 0'
run "$EMBEDLLM" encode --encoder minilm --json
like 'and only those that are missing' "$out" '"encoded": 10'

run "$EMBEDLLM" -q train --encoder minilm+builtin --epochs 3 --no-heads
is 'a run trains on a pair' "$status" 0
is 'whose halves are stored once' "$(sqlite3 "$EMBEDLLM_DB" 'SELECT count(DISTINCT encoder) FROM encoding')" 2
run "$EMBEDLLM" route 'is it so?'
is 'a typed question goes through both' "$status" 0
run "$EMBEDLLM" encoders --json
joined=$(tr -d '\n' <<<"$out")
like 'the list says what is installed' "$joined" '"name": "minilm", *"installed": true'
like 'with its checksum' "$out" "$(sha256sum "$tiny"/half/model.safetensors | cut -d ' ' -f 1)"
like 'and which run uses what' "$joined" '"in_use": true, *"runs": "1"'
run "$EMBEDLLM" -d nowhere.db encoders
is 'a database that is not there is an error' "$status" 3
EMBEDLLM_DB=nowhere.db run "$EMBEDLLM" encoders
is 'unless none was asked for' "$status" 0

is 'without a name it is the pair, where minilm is installed' \
	"$("$EMBEDLLM" encode --tsv | awk -F '\t' '$1 == "encoder" { print $2 }' | sed 's/:[0-9a-f-]*//g')" minilm+builtin
is 'and else the built-in one' \
	"$(EMBEDLLM_ENCODERS=$T/none "$EMBEDLLM" encode --tsv | awk -F '\t' '$1 == "encoder" { print $2 }' | sed 's/:[0-9a-f-]*//g')" builtin

# Other weights under the same name.
install_tiny bert minilm
run "$EMBEDLLM" route 'is it so?'
is 'a text through other weights is refused' "$status" 3
like 'naming both, and the remedy' "$err" 'minilm:[0-9a-f]*, but .* minilm:[0-9a-f]*.*train'
run "$EMBEDLLM" models
is 'what needs no text still works' "$status" 0
run "$EMBEDLLM" -q train --encoder minilm --epochs 2 --no-heads
is 'training anew mends it' "$status" 0
run "$EMBEDLLM" route 'is it so?'
is 'and texts go through the new ones' "$status" 0
rm -rf "$EMBEDLLM_ENCODERS/minilm"
run "$EMBEDLLM" route 'is it so?'
like 'a missing encoder is named' "$err" 'minilm.*not installed'
run "$EMBEDLLM" doctor
is 'the database is sound without it' "$status" 0
like 'which is told' "$out" 'no text can go through it'
install_tiny bert minilm

# Vectors made elsewhere: what was exported comes back.
run "$EMBEDLLM" -q export encodings --format npy vectors.npy
is 'encodings are exported' "$status" 0
run "$EMBEDLLM" encode --from vectors.npy --encoder minilm --json
like 'and imported by order of id' "$out" '"matched": 40'
run "$EMBEDLLM" -q train --encoder imported --epochs 2 --no-heads
is 'a run trains on them' "$status" 0
run "$EMBEDLLM" route 'is it so?'
is 'a typed question goes through the encoder that made them' "$status" 0
install_tiny half minilm
run "$EMBEDLLM" route 'is it so?'
is 'but not through another' "$status" 3
like 'which is said' "$err" 'dims|other vectors'
install_tiny bert minilm
run "$EMBEDLLM" encode --from vectors.npy
like 'without --order: it says which row is which' "$err" 'by id, as .export encodings'
run "$EMBEDLLM" -q train --encoder imported --epochs 2 --no-heads
run "$EMBEDLLM" route 'is it so?'
is 'nor where it is not known which made them' "$status" 3
like 'with the remedy' "$err" '--from FILE --encoder NAME'

# An order of its own, in which one question is missing and one is of no one.
{
	echo prompt_id,prompt
	for ((i = 39; i > 0; i--)); do echo "$i,\"question $i, is it so?\""; done
	echo '99,"who asked this?"'
} >order.csv
run "$EMBEDLLM" encode --from vectors.npy --order order.csv --json
like 'an order file says what is what' "$(tr -d '\n' <<<"$out")" '"matched": 39, *"missing": 1, *"unknown": 1'
sed -i '$d' order.csv
run "$EMBEDLLM" encode --from vectors.npy --order order.csv
is 'as many rows as vectors' "$status" 3
like 'or it says so' "$err" '40 rows, but .* names 39'
head -c 100 vectors.npy >short.npy
run "$EMBEDLLM" encode --from short.npy
is 'a file cut short is refused' "$status" 3
echo nothing >nothing.pth
run "$EMBEDLLM" encode --from nothing.pth
like 'and one of another kind' "$err" 'neither a .npy file nor'

finish
