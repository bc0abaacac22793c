#!/bin/sh
# Runs every fuzz target for some minutes: tests/long/fuzz.sh [MINUTES [NAME..]]
#
# New inputs that reach new code are kept in build/fuzz/corpus/NAME (not in the tree); a crash leaves its input in
# build/fuzz/crash-NAME-*.  Mend the cause, then put the input into tests/fuzz/corpus/NAME under a name that says
# what it broke.
set -eu
cd "$(dirname "$0")/../.."
minutes=${1:-1}
[ $# -eq 0 ] || shift
[ "$minutes" -ge 1 ] || { echo "MINUTES must be 1 or more: libFuzzer takes 0 as for ever"; exit 64; }

if [ ! -f build/fuzz/build.ninja ]; then
    CC=clang meson setup build/fuzz -Dfuzz=true -Db_sanitize=address,undefined -Db_lundef=false \
        --buildtype=debugoptimized
fi
ninja -C build/fuzz fuzzers

failed=0
for target in build/fuzz/tests/fuzz/fuzz_*; do
    [ -f "$target" ] && [ -x "$target" ] || continue
    name=${target##*/fuzz_}
    case " ${*:-$name} " in *" $name "*) ;; *) continue ;; esac
    mkdir -p "build/fuzz/corpus/$name"
    words=tests/fuzz/dictionaries/$name.dict
    [ -f "$words" ] && words="-dict=$words" || words=
    echo "== $name, $minutes min"
    "$target" -max_total_time=$((minutes * 60)) -timeout=10 -rss_limit_mb=1024 -max_len=262144 \
        $words -artifact_prefix="build/fuzz/crash-$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" \
        >"build/fuzz/$name.log" 2>&1 || { failed=$((failed + 1)); tail -n 40 "build/fuzz/$name.log"; }
    tail -n 1 "build/fuzz/$name.log"
done
echo "$failed targets failed"
[ "$failed" -eq 0 ]
