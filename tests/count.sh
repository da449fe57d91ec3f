# count.sh STATUS FILE.trs... - the end of `make check`: names what failed or was skipped, prints
# the counts as the last line, and exits with make's STATUS.
status=$1
shift
for f; do
	shift
	[ -f "$f" ] && set -- "$@" "$f"
done

# The .trs beside a .log holds the verdicts only; the .log has them with their names.
for f; do
	grep -E '^(SKIP|FAIL|XPASS|ERROR): ' "${f%.trs}.log"
done
awk -v status="$status" '
	/^:test-result: / { n[$2]++ }
	END {
		failed = n["FAIL"] + n["XPASS"] + n["ERROR"]
		if (status != 0 && failed == 0) {
			print "FAIL: make check ended with status " status
			failed = 1
		}
		printf "%d passed, %d failed, %d skipped\n", n["PASS"] + n["XFAIL"], failed, n["SKIP"]
	}
' /dev/null "$@"
exit "$status"
