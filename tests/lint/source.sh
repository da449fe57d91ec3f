# What the rules of the house say about source files and a text search can decide.
. "$top_srcdir/tests/tap.sh"
lint=$top_srcdir/tests/lint
cd "$top_srcdir" || exit 99
sources=$(find src -name '*.[ch]' | LC_ALL=C sort)
code=$(find src bench tests -name '*.[ch]' 2>/dev/null | LC_ALL=C sort)

# verdict NAME LINES: passes where there are no lines of complaint.
verdict() {
	is "$1" "$2" ''
}

# Every #include "..." of ours names a header from src/, of a layer the including one may use.
verdict 'includes go one way' "$(
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' $sources |
		awk '
			FILENAME != "-" {
				if ($1 !~ /^#/)
					for (i = 2; i <= NF; i++)
						may[$1, $i] = 1
				next
			}
			{
				split($0, part, ":")
				file = part[1]
				header = $0
				sub(/^[^"]*"/, "", header)
				sub(/".*/, "", header)
				layer = file
				sub(/^src\//, "", layer)
				sub(/[\/.].*/, "", layer)
				folder = header
				sub(/\/.*/, "", folder)
				if (header == "config.h" && file ~ /\.c$/)
					next
				if (!((layer, folder) in may) && !((layer, header) in may))
					print file ":" part[2] ": may not include \"" header "\""
			}
		' "$lint/layers" -
)"

# A .c and its .h are one node. tsort names the files of each circle it meets.
verdict 'no circle of files' "$(
	grep -HE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' $sources |
		sed -E 's|^src/(.*)\.[ch]:[^"]*"(.*)\.[a-z]+".*|\1 \2|' |
		awk '$1 != $2' | tsort 2>&1 >/dev/null |
		sed 's/^tsort: -: input contains a loop:$/a circle:/; s/^tsort: /	/'
)"

verdict 'libraries have one door' "$(
	grep -v '^#' "$lint/doors" | while read -r header door; do
		grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]${header//./\\.}[>\"]" $sources |
			grep -v "^$door" | sed "s|\$|  (the door is $door)|"
	done
)"

# Comments and string literals out, lines kept, so that a search sees code only.
stripped=$(awk '
	FNR == 1 { comment = 0 }
	{
		line = $0
		out = ""
		while (line != "") {
			if (comment) {
				if (!(i = index(line, "*/")))
					break
				line = substr(line, i + 2)
				comment = 0
			} else if (match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\*|\/\//)) {
				token = substr(line, RSTART, 2)
				out = out substr(line, 1, RSTART - 1)
				if (token == "//")
					break
				if (token == "/*")
					comment = 1
				else
					out = out "\"\""
				line = substr(line, RSTART + RLENGTH)
			} else {
				out = out line
				break
			}
		}
		print FILENAME ":" FNR ": " out
	}
' $sources)

verdict 'no call that overruns a buffer or hides its state' "$(
	grep -E '[^_[:alnum:]](strcpy|strcat|sprintf|vsprintf|strncpy|strncat|gets|strtok|rand|srand|random|srandom|drand48|atoi|atol|atof|tmpnam|mktemp|system)[[:space:]]*\(' \
		<<<"$stripped"
)"

verdict 'memory comes from base/mem' "$(
	grep -E '[^_[:alnum:]>.](malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf|posix_memalign|aligned_alloc|alloca)[[:space:]]*\(' \
		<<<"$stripped" | grep -v '^src/base/'
)"

wanted=14
if ! command -v clang-format >/dev/null; then
	skip 'the sources are as clang-format wants them' "clang-format is not installed"
elif ! clang-format --version | grep -q "version $wanted\\."; then
	skip 'the sources are as clang-format wants them' "this is not clang-format $wanted"
else
	verdict 'the sources are as clang-format wants them' "$(
		printf '%s\n' $code | xargs -n 32 -P "$(nproc)" clang-format --dry-run 2>&1 | grep 'warning:'
	)"
fi

verdict 'no file over 700 lines, a test over 800' "$(
	wc -l $code | awk '$2 != "total" && $1 > ($2 ~ /^tests/ ? 800 : 700) { print $2 ": " $1 " lines" }'
)"

verdict 'no function over 80 lines' "$(
	awk 'FNR == 1 { start = 0 } /^\{$/ { start = FNR }
		/^\}/ && start {
			if (FNR - start > 80)
				print FILENAME ":" start ": " FNR - start " lines"
			start = 0
		}' $sources
)"

verdict 'headers are guarded by their path' "$(
	for f in $(grep '\.h$' <<<"$sources"); do
		guard=$(tr 'a-z/.' 'A-Z__' <<<"${f#src/}")
		grep -q "^#ifndef $guard\$" "$f" && grep -q "^#define $guard\$" "$f" || echo "$f: wants $guard"
	done
)"

# Makefile.am lists every source, or a tarball would lack it.
verdict 'every source is in Makefile.am' "$(
	for f in $(find src tests -name '*.[chl]' -o -path 'src/*' -name '*.sql' -o -path 'src/*' -name '*.def' -o -path 'tests/*/*.sh'); do
		grep -qE "(^|[[:space:]])${f%.c}(\.c)?([[:space:]]|\$)" Makefile.am || echo "$f"
	done
)"

finish
