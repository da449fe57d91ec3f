# run.sh TARGET...: each target with libFuzzer, one after the other, for FUZZ_SECONDS (240); `make fuzz`
# calls it. What it finds is kept in crashes/ and ends it with 1; what it learned is in corpus/TARGET,
# and goes into the seeds by hand: `TARGET -merge=1 SEEDS CORPUS` keeps only what reaches new code.
set -u
found=0
mkdir -p crashes
for target; do
	name=${target##*/fuzz_}
	mkdir -p "corpus/$name"
	seeds=$top_srcdir/tests/fuzz/seeds/$name
	[ -d "$seeds" ] || seeds=
	echo "$name: ${FUZZ_SECONDS:=240} seconds"
	if ! "./$target" -max_total_time="$FUZZ_SECONDS" -timeout=25 -rss_limit_mb=3000 -print_final_stats=1 \
		-artifact_prefix="crashes/$name-" "corpus/$name" $seeds >"crashes/$name.log" 2>&1; then
		grep -E 'ERROR|SUMMARY|Test unit' "crashes/$name.log"
		found=1
	fi
	grep -E 'number_of_executed_units|peak_rss' "crashes/$name.log"
done
exit $found
