# Runs a unit test. cmocka writes a skipped test as "not ok N # SKIP NAME", which TAP takes for a
# failure: it becomes "ok N - NAME # SKIP".
set -o pipefail
timeout 900 "$@" | sed -E 's/^not ok ([0-9]+) # SKIP (.*)/ok \1 - \2 # SKIP/'
