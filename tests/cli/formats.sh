# Every format: what comes in of small made-up inputs, and what is said where nothing does.
#
# tests/cases/formats/NAME/ holds the inputs of a format and `expect`, which tells what becomes of
# them. Each `$ ARGUMENTS` line there runs embedllm on a new database, in that folder; the lines
# after it are checks:
#   models N, questions N, rows N, labels N     how many there are; labels are not missing
#   model NAME LABELS MEAN                      of one model, raw rows
#   benchmark NAME QUESTIONS
#   usage NAME COLUMN SUM                       of one model: cost, tokens_in, tokens_out, seconds
#   trials NAME N                               rows of a model that are k of n, by the sum of n
#   text REGEX                                  some question's text
#   says REGEX                                  the report or standard error
#   absent REGEX                                neither in what is said nor in the database
#   fails REGEX                                 status 2 or 3, the error, and nothing came in
. "$top_srcdir/tests/tap.sh"

db=$T/format.db
value() { sqlite3 "$db" "$1" 2>&1; }
quote() { printf '%s' "${1//\'/\'\'}"; }

check_usage() { # LABEL NAME COLUMN SUM
	is "$1: $2 $3" "$(value "SELECT printf('%.6g', sum($3)) FROM usage AS u JOIN model AS m
		ON m.id = u.model WHERE m.name = '$(quote "$2")'")" "$4"
}

check() { # LABEL WORD ARGUMENTS...
	local label=$1 word=$2 name
	shift 2
	name=$(quote "${1-}")
	case $word in
	models) is "$label: models" "$(value 'SELECT count(*) FROM model')" "$1" ;;
	questions) is "$label: questions" "$(value 'SELECT count(*) FROM question')" "$1" ;;
	rows) is "$label: rows" "$(value 'SELECT count(*) FROM response')" "$1" ;;
	labels) is "$label: labels" "$(value 'SELECT count(score) FROM response')" "$1" ;;
	model)
		is "$label: model $1" "$(value "SELECT count(score) || ' ' || printf('%.4g', avg(score))
			FROM response AS r JOIN model AS m ON m.id = r.model WHERE m.name = '$name'")" \
			"$2 $3"
		;;
	benchmark)
		is "$label: benchmark $1" "$(value "SELECT count(*) FROM question AS q JOIN benchmark AS b
			ON b.id = q.benchmark WHERE b.name = '$name'")" "$2"
		;;
	usage) check_usage "$label" "$@" ;;
	trials) check_usage "$label" "$1" trials "$2" ;;
	text) like "$label: text $*" "$(value 'SELECT text FROM question')" "$*" ;;
	says) like "$label: says $*" "$out$err" "$*" ;;
	absent) unlike "$label: no $*" "$out$err$(value .dump)" "$*" ;;
	fails)
		ok "$label: status $status is 2 or 3" [ "$status" = 2 -o "$status" = 3 ]
		like "$label: fails with $*" "$err" "$*"
		is "$label: nothing came in" \
			"$([ -e "$db" ] && value 'SELECT count(*) FROM response' || echo 0)" 0
		;;
	*) tap_result 'not ok' "$label: no check called $word" ;;
	esac
}

for file in "$top_srcdir"/tests/cases/formats/*/expect; do
	folder=$(dirname "$file")
	format=$(basename "$folder")
	label=
	while IFS= read -r line; do
		case $line in
		'' | '#'*) ;;
		'$ '*)
			label="$format: ${line#\$ }"
			rm -f "$db"*
			eval "set -- ${line#\$ }"
			cd "$folder" || exit 99
			run "$EMBEDLLM" -d "$db" "$@"
			cd "$T" || exit 99
			failed=1
			;;
		*)
			[ "${line%% *}" = fails ] && failed=0
			if [ "$failed" = 1 ] && [ "$status" != 0 ]; then
				tap_result 'not ok' "$label: status $status"
				tap_note "$err"
				failed=0
			fi
			# shellcheck disable=SC2086
			set -f && check "$label" $line && set +f
			;;
		esac
	done <"$file"
done

# Real files, where they are: figures counted by another program.
real() { # WHAT FILES... and checks on standard input
	local what=$1 line
	shift
	if [ ! -d "$EMBEDLLM_TEST_DATA/fixtures" ]; then
		skip "$what" 'no real files here'
		return
	fi
	rm -f "$db"*
	run "$EMBEDLLM" -d "$db" import "$@"
	while IFS= read -r line; do
		# shellcheck disable=SC2086
		set -f && check "$what" $line && set +f
	done
}
fixtures=$EMBEDLLM_TEST_DATA/fixtures
real 'real RouterBench' "$fixtures/routerbench" <<'END'
models 11
questions 36
labels 396
benchmark arc-challenge 12
model gpt-4-1106-preview 36 0.8333
usage gpt-4-1106-preview cost 0.21161
text ^George wants to warm his hands quickly by rubbing them
END
real 'real RouteLLM' "$fixtures/routellm" <<'END'
models 2
questions 40
labels 80
benchmark mmlu 30
model gpt-4-1106-preview 40 0.6
model mistralai/Mixtral-8x7B-Instruct-v0.1 40 0.45
END
real 'real RouterDC' "$fixtures/llmrouter/dcrouter_test_20.json" <<'END'
models 9
labels 180
model gemma-2-9b-it 20 0.659
END
real 'real AlpacaEval' "$fixtures/alpaca_eval" <<'END'
models 1
questions 6
model claude-2 6 0
says preference, not correctness
END
real 'real questions of LLMRouter' "$fixtures/llmrouter/default_query_test_20.jsonl" <<'END'
fails these are questions alone
END
finish
