#!/bin/sh
# nights.sh EVSCAN FAULTS.so - a year of nights with each of five seeds, and 1,000 runs killed at random moments.
# Takes some minutes.  FAULTS.so is tests/state/faults.so of a build.
set -eu
cd "$(dirname "$0")/.."
for seed in 1 2 3 4 5; do
    /usr/bin/python3 state/year.py "$1" 365 "$seed"
done
/usr/bin/python3 state/faults.py "$1" "$2" --times 1000
