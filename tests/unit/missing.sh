# Stands in for the unit tests where cmocka is not installed: each is skipped by name.
set -- $UNIT_TESTS
echo "1..$#"
for test; do
	echo "ok - $test # SKIP cmocka is missing (Debian package libcmocka-dev)"
done
