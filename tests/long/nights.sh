#!/bin/sh
# nights.sh EVSCAN FAULTS.so - a year of nights with each of five seeds, every point of a night at which something can go
# wrong, and 1,000 runs killed at random moments.  Takes some minutes.  FAULTS.so is tests/state/faults.so of a build.
set -eu
evscan=$(realpath "$1")
faults=$(realpath "$2")
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0

run() {
    /usr/bin/python3 "$@" >"$log" || failed=1
    grep -v '^ok: ' "$log" || true
}

for seed in 1 2 3 4 5; do
    run state/year.py "$evscan" 365 "$seed"
done
run state/faults.py "$evscan" "$faults"
run state/faults.py "$evscan" "$faults" --times 1000
exit "$failed"
